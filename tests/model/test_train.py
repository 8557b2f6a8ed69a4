from dataclasses import replace

import numpy as np
import pytest
import torch
from given_market import BACKBONES, make_market

from mtaf_core.errors import BadBundle, BadInput, Cancelled
from mtaf_core.jobs import stoppable
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.fitting import Material
from mtaf_core.model.train import reference, train
from mtaf_core.schema import Modality


def rows(bundle, k):
    return {row["method"]: row for row in bundle.manifest.metrics[str(k)]["rows"]}


def short(quick, **changes):
    return replace(quick, epochs=2, **changes)


def test_a_planted_signal_is_learnt_before_release(bundle):
    measured = rows(bundle, 0)
    assert measured["MTAF"]["R2"] > 0.5
    assert measured["MTAF"]["MSE"] < measured["Mean"]["MSE"] / 2


def test_early_days_beat_persistence(bundle):
    for k in (1, 3, 5):
        measured = rows(bundle, k)
        assert measured["MTAF"]["MSE"] < measured["Persistence"]["MSE"]
        assert measured["MTAF"]["R2"] > 0.9


def test_measures_are_of_the_latest_videos_alone(bundle, market):
    assert bundle.manifest.metrics["0"]["n_test"] == len(market[0]) // 10
    assert set(rows(bundle, 0)) == {"MTAF+", "MTAF", "XGBR", "LGBM", "Mean"}
    assert set(rows(bundle, 2)) == {"MTAF+", "MTAF", "Persistence", "Persistence + growth"}
    assert 0.7 <= bundle.manifest.metrics["0"]["interval"]["coverage"] <= 1


def test_taking_the_planted_text_away_costs_more_than_the_noise_beside_it(bundle, market):
    frame, embeddings = market
    latest = np.argsort(frame.facts["created_at"].to_numpy())[-80:]
    truth = np.log1p(frame.score[latest])

    def error(without):
        vectors = {m: None if m is without else x[latest] for m, x in embeddings.items()}
        return np.mean((bundle.predict(frame.take(latest), vectors, 0).log_score - truth) ** 2)

    assert error(Modality.TEXT) > 1.3 * error(Modality.VISUAL)


def test_a_seed_decides_everything(market, quick, tmp_path):
    frame, embeddings = market
    one, two, other = (
        train(frame, embeddings, BACKBONES, "compact", tmp_path / name, short(quick, seed=seed))
        for name, seed in (("one", 1), ("two", 1), ("other", 2))
    )
    predicted = [b.predict(frame, embeddings).log_score for b in (one, two, other)]
    np.testing.assert_array_equal(predicted[0], predicted[1])
    assert not np.array_equal(predicted[0], predicted[2])
    assert one.manifest.files == two.manifest.files


def test_stopping_leaves_the_bundle_in_use_and_nothing_else(market, quick, tmp_path):
    frame, embeddings = market
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "old").touch()
    seen = []
    progress = stoppable(seen.append, lambda: any(step.stage == "stack" for step in seen))
    with pytest.raises(Cancelled, match="Stopped during .stack."):
        train(frame, embeddings, BACKBONES, "compact", tmp_path / "bundle", short(quick), progress)
    assert [p.name for p in tmp_path.rglob("*")] == ["bundle", "old"]


class Killed(BaseException):
    """Ends a training as a signal would: nothing of ours is asked first."""


@pytest.mark.parametrize("stage", ["networks", "stack"])
def test_a_training_that_was_interrupted_goes_on_and_ends_as_if_it_had_not_been(
    market, quick, tmp_path, monkeypatch, stage
):
    monkeypatch.setattr("mtaf_core.model.descent._KEPT_EVERY_S", 0.0)
    config = replace(quick, epochs=6, refit=True)
    whole = train(*market, BACKBONES, "compact", tmp_path / "whole", config)
    met: list[str] = []

    def killed(step):
        met.append(step.stage)
        if met.count(stage) == 5:
            raise Killed

    shelf = tmp_path / "shelf"
    with pytest.raises(Killed):
        train(*market, BACKBONES, "compact", tmp_path / "bundle", config, killed, shelf_dir=shelf)
    assert not (tmp_path / "bundle").exists()
    again: list[str] = []
    made = train(
        *market, BACKBONES, "compact", tmp_path / "bundle", config, lambda s: again.append(s.note), shelf_dir=shelf
    )
    assert not any("network 1 of 4, epoch 1 " in note for note in again)
    assert not shelf.exists()
    np.testing.assert_array_equal(made.predict(*market).log_score, whole.predict(*market).log_score)
    assert made.manifest.files == whole.manifest.files


def test_another_training_does_not_take_up_what_was_kept(market, quick, tmp_path, monkeypatch):
    monkeypatch.setattr("mtaf_core.model.descent._KEPT_EVERY_S", 0.0)
    shelf, steps = tmp_path / "shelf", []

    def killed(step):
        if step.stage == "stack":
            raise Killed

    with pytest.raises(Killed):
        train(*market, BACKBONES, "compact", tmp_path / "b", short(quick), killed, shelf_dir=shelf)
    other = short(quick, seed=1)
    made = train(*market, BACKBONES, "compact", tmp_path / "b", other, lambda s: steps.append(s.note), shelf_dir=shelf)
    assert any("network 1 of 4, epoch 1 of 2" in note for note in steps)
    plain = train(*market, BACKBONES, "compact", tmp_path / "plain", other)
    assert made.manifest.files == plain.manifest.files


def test_stopping_at_the_very_end_leaves_nothing_half_written(market, quick, tmp_path):
    frame, embeddings = market

    def stop_while_writing(step):
        if "writing" in step.note:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        train(frame, embeddings, BACKBONES, "compact", tmp_path / "bundle", short(quick), stop_while_writing)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(market, quick, tmp_path):
    frame, embeddings = market
    (tmp_path / "file").touch()
    with pytest.raises(BadBundle, match="cannot be written to .*/file/bundle"):
        train(frame, embeddings, BACKBONES, "compact", tmp_path / "file" / "bundle", short(quick))


def test_each_epoch_is_told_in_words(market, quick, tmp_path):
    frame, embeddings = market
    steps = []
    train(frame, embeddings, BACKBONES, "compact", tmp_path / "bundle", short(quick), steps.append)
    notes = [step.note for step in steps if step.stage == "networks"]
    assert notes[0].startswith("network 1 of 4, epoch 1 of 2, validation MSE ")
    assert list(dict.fromkeys(step.stage for step in steps)) == ["encode", "networks", "stack", "trees", "measure"]


def full(*_, **__):
    raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def test_a_device_without_room_hands_the_training_to_the_cpu_and_says_so(market, quick, tmp_path, monkeypatch):
    expected = train(*market, BACKBONES, "compact", tmp_path / "cpu", short(quick))
    here = Material.to
    monkeypatch.setattr("mtaf_core.content.devices.resolve_device", lambda name: "cuda")  # there is none here
    monkeypatch.setattr(Material, "to", lambda material, device: (full if device == "cuda" else here)(material, device))
    steps = []
    made = train(*market, BACKBONES, "compact", tmp_path / "bundle", short(quick, device="auto"), steps.append)
    notes = [step.note for step in steps if step.stage == "networks" and "network 1 " in step.note]
    said = "the cuda device ran out of memory; the network is trained on the CPU, from the start"
    assert notes[0] == f"network 1 of 4, {said}"
    assert [note.split(", ")[1] for note in notes[1:]] == ["epoch 1 of 2", "epoch 2 of 2"]
    np.testing.assert_array_equal(made.predict(*market).log_score, expected.predict(*market).log_score)


def test_a_cpu_without_room_is_not_tried_twice(market, quick, tmp_path, monkeypatch):
    monkeypatch.setattr("mtaf_core.model.fitting.fit_network", full)
    with pytest.raises(torch.OutOfMemoryError):
        train(*market, BACKBONES, "compact", tmp_path / "bundle", short(quick))


def test_videos_without_early_days_train_a_network_without_a_trend(market, quick, tmp_path):
    frame, embeddings = market
    unseen = frame.truncate(0)
    made = train(unseen, {**embeddings, Modality.AUDIO: None}, BACKBONES, "compact", tmp_path / "b", short(quick))
    assert set(made.manifest.metrics) == {"0"}
    assert set(made.manifest.backbones) == {"text", "visual"}
    assert not made.predict(frame, embeddings).present[:, [2, 4]].any()
    assert np.isfinite(made.interval(3.0, 4)).all()


def test_unlabelled_videos_teach_nothing_and_break_nothing(quick, tmp_path):
    frame, embeddings = make_market(120)
    frame.score[::10] = np.nan
    made = train(frame, embeddings, BACKBONES, "compact", tmp_path / "b", short(quick))
    assert made.manifest.data["labelled"] == 108
    assert len(made.reference) == len(reference(frame)) == 108
    assert np.isfinite(made.predict(frame, embeddings).log_score).all()


def test_too_few_labelled_videos_are_refused_in_words(quick, tmp_path):
    frame, embeddings = make_market(59)
    with pytest.raises(BadInput, match="Only 59 videos"):
        train(frame, embeddings, BACKBONES, "compact", tmp_path / "b", quick)


def test_a_frame_for_another_day_is_refused_in_words(market, tmp_path):
    with pytest.raises(BadInput, match="for day 6 and the training for day 4"):
        train(*market, BACKBONES, "compact", tmp_path / "b", TrainConfig(horizon_day=4))


def test_a_training_without_networks_is_refused_in_words(market, quick, tmp_path):
    with pytest.raises(BadInput, match="asked for 0 networks; ask for at least 1"):
        train(*market, BACKBONES, "compact", tmp_path / "b", replace(quick, networks=0))
    assert not list(tmp_path.iterdir())
