"""Sweeps say what a what-if on each value alone would say; shares of edits add up whatever their order."""

import itertools
from datetime import UTC, datetime

import numpy as np
import pytest

from mtaf_core.data.frame import Candidate
from mtaf_core.errors import BadInput, Cancelled
from mtaf_core.insight.edits import edit_shares
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.sweeps import grid, line
from mtaf_core.insight.whatif import edited, with_edit

WHEN = datetime(2026, 11, 11, 12, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def forecaster(demo) -> Forecaster:
    return Forecaster(demo, device="cpu")


@pytest.fixture(scope="module")
def content(forecaster, make_clip):
    return forecaster.analyse(make_clip(), "A glow serum", ("skincare",))


@pytest.fixture(scope="module")
def release(demo) -> Candidate:
    kol = demo.store.query("SELECT uploader_id FROM uploaders ORDER BY uploader_id LIMIT 1")["uploader_id"][0].as_py()
    return Candidate(description="A glow serum", tags=("skincare",), uploader_id=kol, upload_time=WHEN)


def _at(release: Candidate, **features: float) -> Candidate:
    for key, value in features.items():
        release = with_edit(release, key, value, ZONE)
    return release


def test_a_line_is_the_what_if_of_each_value(forecaster, content, release):
    found = line(forecaster, content, [_at(release, upload_hour=hour) for hour in range(24)])
    for hour in (0, 9, 20):
        alone = forecaster.forecast(content, edited(release, "upload_hour", str(hour), ZONE))
        assert found.score[hour] == pytest.approx(alone.score, rel=1e-6)
        assert found.low[hour] == pytest.approx(alone.interval.low, rel=1e-6)
    assert (found.low <= found.score).all()
    assert (found.score <= found.high).all()


def test_a_grid_of_a_week_has_a_cell_a_slot(forecaster, content, release):
    releases = [[_at(release, upload_dayofweek=day, upload_hour=hour) for hour in range(24)] for day in range(7)]
    week = grid(forecaster, content, releases)
    assert week.score.shape == (7, 24)
    alone = forecaster.forecast(content, releases[5][21])
    assert week.score[5, 21] == pytest.approx(alone.score, rel=1e-6)


def test_kols_are_ranked_for_a_clip(forecaster, content, release, demo):
    kols = demo.store.query("SELECT uploader_id FROM uploaders ORDER BY uploader_id LIMIT 40")["uploader_id"]
    found = line(forecaster, content, [with_edit(release, "uploader", kol, ZONE) for kol in kols.to_pylist()])
    assert len(set(np.round(found.score, 6))) > 20
    with pytest.raises(BadInput, match="No KOL 'nobody'"):
        line(forecaster, content, [with_edit(release, "uploader", "nobody", ZONE)])


def test_a_sweep_can_be_stopped_and_an_empty_one_is_empty(forecaster, content, release):
    def stop(step) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        line(forecaster, content, [release], progress=stop)
    assert line(forecaster, content, []).score.shape == (0,)
    assert grid(forecaster, content, []).score.shape == (0, 0)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [("upload_hour", 20, "20"), ("video_product", True, "true"), ("upload_city", None, ""), ("tags", ["a"], "a")],
)
def test_an_edit_of_its_own_type_is_the_edit_as_typed(release, key, value, text):
    assert with_edit(release, key, value, ZONE) == edited(release, key, text, ZONE)


def test_shares_of_edits_add_up_and_do_not_depend_on_their_order():
    worth = {"kol": 1.0, "hour": 0.2, "tags": -0.4}

    def predict(sets):
        # the hour matters only with the new KOL: what they do together is shared between them
        return np.array([sum(worth[k] for k in s) + (0.6 if {"kol", "hour"} <= set(s) else 0.0) for s in sets])

    for order in itertools.permutations(worth):
        shares = edit_shares(predict, dict.fromkeys(order, "new"))
        assert list(shares) == list(order)
        assert shares == pytest.approx({"kol": 1.3, "hour": 0.5, "tags": -0.4})
    assert edit_shares(predict, {}) == {}
    with pytest.raises(BadInput, match="13 edits"):
        edit_shares(predict, dict.fromkeys(map(str, range(13)), 1))
