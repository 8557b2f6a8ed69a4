"""Given a wish for a device, then it is granted or refused; memory running out there moves the work to the CPU."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from mtaf_core.content import backbones
from mtaf_core.content.backbones import resolve_device
from mtaf_core.content.devices import Placed
from mtaf_core.content.extract import Extractor
from mtaf_core.content.visual import LiteVisual
from mtaf_core.errors import BadInput
from mtaf_core.schema import Modality


@pytest.mark.parametrize(
    ("cuda", "mps", "chosen"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_takes_the_fastest_device_there_is(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, chosen: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert resolve_device("auto") == chosen


def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert resolve_device("cpu") == "cpu"
    with pytest.raises(BadInput, match="no 'cuda' device"):
        resolve_device("cuda")
    with pytest.raises(BadInput, match="choose one of auto, cpu, cuda, mps"):
        resolve_device("tpu")
    with pytest.raises(BadInput, match="choose one of auto, cpu, cuda, mps"):
        Extractor(device="tpu")


class FullOnce(nn.Module):
    """Runs out of memory the first time, as a busy GPU does."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        if self.calls == 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return self.inner(x)


def test_a_full_device_hands_over_to_the_cpu_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    placed = Placed(FullOnce(nn.Identity()), "cpu", "net")
    # There is no second device on a test machine: name one, and let tensors stay where they are.
    placed.device = "mps"
    monkeypatch.setattr(Placed, "_put", lambda self, value: value)
    answer = placed(torch.ones(2))
    assert answer.tolist() == [1.0, 1.0]
    assert placed.device == "cpu"
    assert placed.take_warnings() == ("The mps device ran out of memory; net was run on the CPU.",)
    assert placed.take_warnings() == ()


class TooLarge(nn.Identity):
    """Does not fit on any device but the CPU."""

    def to(self, device: str) -> "TooLarge":  # type: ignore[override]
        if device != "cpu":
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return self


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_network_that_does_not_fit_on_the_device_is_put_on_the_cpu_and_says_so(device: str) -> None:
    placed = Placed(TooLarge(), device, "net")
    assert placed.device == "cpu"
    assert placed(torch.ones(2)).tolist() == [1.0, 1.0]
    assert placed.take_warnings() == (f"The {device} device ran out of memory; net was run on the CPU.",)


def test_a_cpu_that_is_full_is_not_hidden() -> None:
    with pytest.raises(torch.OutOfMemoryError):
        Placed(FullOnce(nn.Identity()), "cpu", "net")(torch.ones(1))


def test_a_clip_embeds_all_the_same_when_the_device_is_full(clip_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Extractor(device="cpu").embed_clip(clip_path).vectors[Modality.VISUAL]
    extractor = Extractor(device="cpu")
    visual = backbones.load("compact", Modality.VISUAL)
    assert isinstance(visual, LiteVisual)
    placed = visual._network
    placed._module = FullOnce(placed._module)
    placed.device = "mps"
    monkeypatch.setattr(Placed, "_put", lambda self, value: value)
    extractor._loaded[Modality.VISUAL] = visual
    content = extractor.embed_clip(clip_path)
    assert any("ran out of memory" in said for said in content.warnings)
    got = content.vectors[Modality.VISUAL]
    assert got is not None
    assert expected is not None
    np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_cuda_agrees_with_the_cpu(clip_path: Path) -> None:
    here, there = (Extractor(device=device).embed_clip(clip_path, "red dress") for device in ("cpu", "cuda"))
    for modality, vector in here.vectors.items():
        other = there.vectors[modality]
        assert vector is not None
        assert other is not None
        assert np.linalg.norm(vector - other) < 0.02 * np.linalg.norm(vector)
