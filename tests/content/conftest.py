"""Clips encoded on the spot, and paper backbones with seeded random weights in the published layout."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from mtaf_core.content import specs

Encode = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Threads that wait for each other in turns make small networks slow on a busy machine."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def encode(tmp_path_factory: pytest.TempPathFactory) -> Encode:
    """Encode a clip whose frame ``i`` is grey level ``10 + 5 * i`` with its top left quarter white, and a tone."""
    folder = tmp_path_factory.mktemp("encoded")

    def make(
        name: str,
        seconds: float = 2.0,
        size: tuple[int, int] = (320, 180),
        fps: int = 10,
        video: str | None = "libx264",
        audio: str | None = "aac",
        turn: int = 0,
        loudness: float = 0.3,
        hertz: float = 440.0,
    ) -> Path:
        path = folder / name
        with av.open(str(path), "w") as out:
            picture = out.add_stream(video, rate=fps) if video else None
            sound = out.add_stream(audio, rate=48_000, layout="stereo") if audio else None
            if picture is not None:
                picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
                if turn:
                    picture.set_display_rotation(turn)
                for i in range(round(seconds * fps)):
                    image = np.full((size[1], size[0], 3), min(10 + 5 * i, 200), np.uint8)
                    image[: size[1] // 2, : size[0] // 2] = 255
                    out.mux(picture.encode(av.VideoFrame.from_ndarray(image)))
                out.mux(picture.encode())
            if sound is not None:
                wave = loudness * np.sin(2 * np.pi * hertz * np.arange(round(seconds * 48_000)) / 48_000)
                for start in range(0, wave.size, 960):
                    part = np.tile(wave[start : start + 960].astype(np.float32), (2, 1))
                    layout = "flt" if audio == "libopus" else "fltp"
                    data = part if layout == "fltp" else part.T.reshape(1, -1)
                    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), layout, "stereo")
                    frame.sample_rate, frame.pts = 48_000, start
                    out.mux(sound.encode(frame))
                out.mux(sound.encode())
        return path

    return make


@pytest.fixture(scope="session")
def clip_path(encode: Encode) -> Path:
    """Two seconds of H.264 and AAC in MP4."""
    return encode("plain.mp4")


@pytest.fixture(scope="session")
def resnet_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights directory with a ResNet-152 of seeded random weights in torchvision's layout."""
    import torch
    from safetensors.torch import save_file
    from torchvision.models import resnet152

    folder = tmp_path_factory.mktemp("resnet")
    torch.manual_seed(0)
    (folder / specs.RESNET.name).mkdir()
    network = resnet152(weights=None)
    for name, weight in network.named_parameters():
        if name.endswith("bn3.weight"):
            # Untrained, fifty blocks that each add their full output reach 10^8; damped, values are like trained ones.
            torch.nn.init.constant_(weight, 0.1)
    save_file(network.state_dict(), folder / specs.RESNET.name / "resnet152.safetensors")
    return folder


@pytest.fixture(scope="session")
def vggish_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights directory with a VGGish of seeded random weights in the published layout, PCA parameters included."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("vggish")
    generator = torch.Generator().manual_seed(0)
    convolutions = {0: (1, 64), 3: (64, 128), 6: (128, 256), 8: (256, 256), 11: (256, 512), 13: (512, 512)}
    dense = {0: (12288, 4096), 2: (4096, 4096), 4: (4096, 128)}
    shapes = {f"features.{at}": (out, into, 3, 3) for at, (into, out) in convolutions.items()}
    shapes |= {f"embeddings.{at}": (out, into) for at, (into, out) in dense.items()}
    state = {}
    for name, shape in shapes.items():
        bound = (6.0 / np.prod(shape[1:])) ** 0.5
        state[f"{name}.weight"] = torch.empty(shape).uniform_(-bound, bound, generator=generator)
        state[f"{name}.bias"] = torch.empty(shape[0]).uniform_(-0.1, 0.1, generator=generator)
    (folder / specs.VGGISH.name).mkdir()
    save_file(state, folder / specs.VGGISH.name / "vggish.safetensors")
    pca = {
        "pca_eigen_vectors": torch.randn(128, 128, generator=generator) / 128,
        "pca_means": torch.randn(128, 1, generator=generator),
    }
    torch.save(pca, folder / specs.VGGISH.name / "vggish_pca_params.pth")
    return folder


@pytest.fixture(scope="session")
def bert_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer BERT of 32 numbers in the published layout, pretraining heads and all."""
    import torch
    from transformers import BertConfig, BertForPreTraining

    folder = tmp_path_factory.mktemp("bert")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "dress", "tea", "#", "裙", "子", "茶"]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", "utf-8")
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    torch.manual_seed(0)
    BertForPreTraining(config).save_pretrained(folder)
    return folder
