"""Finished parts of the stack are kept while a fitting goes on, and taken up again only as they were written."""

from dataclasses import replace

import numpy as np
import pytest

from mtaf_core.model import shelves
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.plus import Plus, PlusConfig, stacking, stored
from mtaf_core.schema import Modality

LEARNT = np.arange(300)
LEAN = PlusConfig(networks=0, boosters=1, rounds=20)


class Killed(BaseException):
    """Ends a fitting as a signal would."""


@pytest.fixture(scope="module")
def whole(market):
    return Plus.fit(*market, LEARNT, config=LEAN)


def killed_at(day):
    def progress(step):
        if step.note == f"the stack with {day} days observed":
            raise Killed

    return progress


def test_finished_stages_are_taken_up_again(market, whole, tmp_path, monkeypatch):
    with pytest.raises(Killed):
        Plus.fit(*market, LEARNT, config=LEAN, progress=killed_at(2), shelf=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day-0", "day-1"]
    days, fit = [], stacking.fit_stage
    monkeypatch.setattr("mtaf_core.model.plus.stack.fit_stage", lambda *given: days.append(given[4]) or fit(*given))
    made = Plus.fit(*market, LEARNT, config=LEAN, shelf=tmp_path)
    assert days == [2, 3, 4, 5]
    for day in range(6):
        np.testing.assert_array_equal(made.predict(*market, day), whole.predict(*market, day))
    assert made.to_dict() == whole.to_dict()


def damaged(path, how):
    content = path.read_bytes()
    match how:
        case "gone":
            path.unlink()
        case "cut off":
            path.write_bytes(content[: len(content) // 2])
        case "empty":
            path.write_bytes(b"")
        case _:
            path.write_bytes(content[:-2] + b"??")


FILES = ["boosted-0.lightgbm.txt", "linear.safetensors", "stage.json", "residuals.safetensors", "whole.sha256"]


@pytest.mark.parametrize("how", ["gone", "cut off", "empty", "other"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_stage_is_not_taken_up_and_makes_room_for_another(whole, tmp_path, name, how):
    stage, folder = whole.stages[1], tmp_path / "day-1"
    stored.keep_stage(stage, folder)
    assert stored.kept_stage(folder).weights == stage.weights
    damaged(folder / name, how)
    assert stored.kept_stage(folder) is None
    stored.keep_stage(stage, folder)
    assert stored.kept_stage(folder).weights == stage.weights
    assert [path.name for path in tmp_path.iterdir()] == ["day-1"]


def test_where_there_is_no_room_nothing_is_kept_and_the_fitting_goes_on(market, whole, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(stored, "_digest", full)
        stored.keep_stage(whole.stages[1], tmp_path / "day-1")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    made = Plus.fit(*market, LEARNT, 0, LEAN, shelf=tmp_path / "file")
    np.testing.assert_array_equal(made.predict(*market, 0), whole.predict(*market, 0))
    assert shelves.opened(tmp_path / "file", "one") is None


@pytest.mark.parametrize("row", [0, 1, 399])
def test_a_shelf_is_of_every_vector_and_number_of_its_training(market, row):
    frame, embeddings = market
    config = TrainConfig()
    key = shelves.key(frame, embeddings, config)
    assert key == shelves.key(frame.take(np.arange(400)), dict(embeddings), config)
    vectors = embeddings[Modality.AUDIO].copy()
    vectors[row, 3] = 7
    assert shelves.key(frame, {**embeddings, Modality.AUDIO: vectors}, config) != key
    assert shelves.key(frame, {**embeddings, Modality.AUDIO: None}, config) != key
    score = frame.score.copy()
    score[row] += 1
    assert shelves.key(replace(frame, score=score), embeddings, config) != key
    facts = frame.facts.copy()
    facts.loc[row, "upload_hour"] += 1
    assert shelves.key(replace(frame, facts=facts), embeddings, config) != key
    assert shelves.key(frame, embeddings, replace(config, seed=1)) != key


def test_every_vector_of_a_large_market_is_in_its_key(market):
    frame, _ = market
    vectors = np.zeros((20_000, 2), dtype=np.float32)
    one = shelves.key(frame, {Modality.TEXT: vectors}, TrainConfig())
    vectors[12_345, 1] = 1
    assert shelves.key(frame, {Modality.TEXT: vectors}, TrainConfig()) != one


def test_a_shelf_clears_those_of_other_trainings_away(tmp_path):
    (shelves.opened(tmp_path, "one") / "kept").touch()
    assert (shelves.opened(tmp_path, "one") / "kept").exists()
    shelves.opened(tmp_path, "two")
    assert [path.name for path in tmp_path.iterdir()] == ["two"]
    shelves.clear(tmp_path)
    assert not tmp_path.exists()
    shelves.clear(tmp_path)
