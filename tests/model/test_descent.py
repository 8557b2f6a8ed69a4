"""A network's fitting goes on where it was stopped, bit for bit, and begins again where what was kept is of no use."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from mtaf_core.model import descent as descents
from mtaf_core.model.descent import Checkpoint, Descent
from mtaf_core.model.encoders import Preprocessor
from mtaf_core.model.fitting import Material, expectations, fit_network

FIT, STOP = torch.arange(64), torch.arange(64, 96)


class Killed(BaseException):
    """Ends a fitting as a signal would."""


@pytest.fixture(scope="module")
def learnt_from(market, quick):
    """What `fit_network` takes first, of 96 videos, and a schedule of six epochs and a second fitting."""
    frame, embeddings = market
    rows = np.arange(96)
    some, vectors = frame.take(rows), {m: v[rows] for m, v in embeddings.items()}
    preprocessor = Preprocessor.fit(some, vectors)
    config = replace(quick, epochs=6, refit=True, width=8)
    return config.network(preprocessor), Material.encode(preprocessor, some, vectors), config.schedule(len(FIT))


@pytest.fixture(autouse=True)
def every_epoch_is_kept(monkeypatch):
    monkeypatch.setattr(descents, "_KEPT_EVERY_S", 0.0)


def fitted(learnt_from, checkpoint=None, progress=lambda step: None):
    network, material, schedule = learnt_from
    return fit_network(network, material, FIT, STOP, schedule, progress, checkpoint)


def same(one, other):
    for (name, left), (_, right) in zip(one.state_dict().items(), other.state_dict().items(), strict=True):
        assert torch.equal(left, right), name


@pytest.fixture(scope="module")
def whole(learnt_from):
    return fitted(learnt_from)


def stopped(learnt_from, folder, stage, epoch):
    """Stop the fitting once ``epoch`` of ``stage`` is over; the epoch before it is the last that was kept."""

    def progress(step):
        if (step.stage, step.done) == (stage, epoch):
            raise Killed

    with pytest.raises(Killed):
        fitted(learnt_from, Checkpoint(folder, "cpu"), progress)


def epochs(learnt_from, checkpoint):
    met = []
    made = fitted(learnt_from, checkpoint, lambda step: met.append((step.stage, step.done)))
    return made, met


@pytest.mark.parametrize(("stage", "epoch"), [("train", 2), ("train", 5), ("refit", 2), ("refit", 3)])
def test_a_fitting_taken_up_again_is_as_if_it_had_not_been_stopped(learnt_from, whole, tmp_path, stage, epoch):
    stopped(learnt_from, tmp_path, stage, epoch)
    torch.manual_seed(12345)  # whatever else the process did meanwhile
    made, met = epochs(learnt_from, Checkpoint(tmp_path, "cpu"))
    assert (stage, epoch - 1) not in met
    assert (stage, epoch) in met
    assert stage == "train" or not [step for step in met if step[0] == "train"]
    same(made, whole)


def test_a_fitting_stopped_twice_is_as_if_it_had_not_been(learnt_from, whole, tmp_path):
    for stage, epoch in (("train", 3), ("train", 5), ("refit", 2)):
        stopped(learnt_from, tmp_path, stage, epoch)
    same(epochs(learnt_from, Checkpoint(tmp_path, "cpu"))[0], whole)


def test_a_finished_fitting_is_not_done_again(learnt_from, whole, tmp_path):
    fitted(learnt_from, Checkpoint(tmp_path, "cpu"))
    made, met = epochs(learnt_from, Checkpoint(tmp_path, "cpu"))
    assert met == []
    same(made, whole)


@pytest.mark.parametrize("stage", ["train", "refit"])
@pytest.mark.parametrize("how", ["cut off", "empty", "no checkpoint", "of another shape", "of no key"])
def test_a_damaged_state_is_begun_again(learnt_from, whole, tmp_path, stage, how):
    from safetensors.torch import load_file, save_file

    stopped(learnt_from, tmp_path, stage, 2)
    path = tmp_path / ("search.safetensors" if stage == "train" else "refit.safetensors")
    content = path.read_bytes()
    match how:
        case "cut off":
            path.write_bytes(content[: len(content) // 2])
        case "empty":
            path.write_bytes(b"")
        case "no checkpoint":
            path.write_bytes(b"\x08\0\0\0\0\0\0\0{}      more")
        case "of another shape":
            from safetensors import safe_open

            with safe_open(path, framework="pt") as opened:
                told = opened.metadata()
            tensors = load_file(path)
            del tensors["adam.0.exp_avg"], tensors["average.center"]
            save_file(tensors, path, metadata=told)
        case _:
            save_file(load_file(path), path, metadata={"told": "[]"})
    made, met = epochs(learnt_from, Checkpoint(tmp_path, "cpu"))
    assert (stage, 1) in met
    same(made, whole)


def test_the_state_of_another_device_is_not_taken_up(learnt_from, whole, tmp_path):
    stopped(learnt_from, tmp_path, "train", 4)
    made, met = epochs(learnt_from, Checkpoint(tmp_path, "another"))
    assert met[0] == ("train", 1)
    same(made, whole)


def test_a_state_half_written_is_not_looked_at(learnt_from, whole, tmp_path):
    stopped(learnt_from, tmp_path, "train", 4)
    shutil.copy(tmp_path / "search.safetensors", tmp_path / "search.part")
    (tmp_path / "search.part").write_bytes(b"half")
    made, met = epochs(learnt_from, Checkpoint(tmp_path, "cpu"))
    assert met[0] == ("train", 4)
    same(made, whole)


def test_what_is_kept_is_kept_at_most_every_five_seconds(learnt_from, tmp_path, monkeypatch):
    monkeypatch.undo()
    assert descents._KEPT_EVERY_S == 5.0
    clock = iter(np.arange(0, 100, 2.0))
    monkeypatch.setattr(descents.time, "monotonic", lambda: float(next(clock)))
    network, material, schedule = learnt_from
    begun = Descent.begin(network, expectations(material, FIT, network), schedule, torch.device("cpu"))
    kept, written = Checkpoint(tmp_path, "cpu"), []
    for _ in range(8):
        kept.keep("search", begun)
        written += [len(list(tmp_path.iterdir()))]
        for path in tmp_path.iterdir():
            path.unlink()
    assert sum(written) == 2
    assert written[:3] == [0, 0, 0]


def test_where_there_is_no_room_nothing_is_kept_and_the_fitting_goes_on(learnt_from, whole, tmp_path):
    (tmp_path / "file").touch()
    same(fitted(learnt_from, Checkpoint(tmp_path / "file" / "0", "cpu")), whole)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_is_kept_nowhere(learnt_from, whole, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    same(fitted(learnt_from, Checkpoint.nowhere()), whole)
    assert not list(tmp_path.iterdir())


def test_the_running_mean_follows_fast_at_first(learnt_from):
    network, material, schedule = learnt_from
    going = Descent.begin(network, expectations(material, FIT, network), schedule, torch.device("cpu"))
    before = [parameter.clone() for parameter in going.average.parameters()]
    going.step(sum((p**2).sum() for p in going.network.parameters()))
    for mean, now, then in zip(going.average.parameters(), going.network.parameters(), before, strict=True):
        torch.testing.assert_close(mean, then + (now - then) * (10 / 11))
    going.steps = 10_000
    held = [parameter.clone() for parameter in going.average.parameters()]
    going.step(sum((p**2).sum() for p in going.network.parameters()))
    for mean, now, then in zip(going.average.parameters(), going.network.parameters(), held, strict=True):
        torch.testing.assert_close(mean, then + (now - then) * (1 - schedule.averaging))
