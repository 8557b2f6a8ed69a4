"""Rank many clips: files and a table become a ranking that is found again, taken along, and deleted."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mtaf_core.data.candidate import Candidate
from mtaf_core.insight import batch as core
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.jobs import Progress, Step
from mtaf_core.workspace import Workspace
from pages.components import batch_job, tasks

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
PLAN = """clip,description,uploader,upload_time,video_duration,likes
one.mp4,Half price today,{kol},2026-11-11 20:00,,5
poster.png,New in,{kol},2026-11-12 09:00,,
,只有文案,{kol},2026-11-12 09:00,30,
one.mp4,Half price,{kol},whenever,,
"""


@pytest.fixture(autouse=True)
def ended(own_demo: Workspace):
    """No job of a test is left working on what the next one finds."""
    yield
    job = tasks.jobs().current(batch_job.KIND)
    if job is not None:
        job.stop()
        job.wait(60)


@pytest.fixture
def kol(own_demo: Workspace) -> str:
    return own_demo.store.query("SELECT uploader_id FROM uploaders ORDER BY 1 LIMIT 1")["uploader_id"][0].as_py()


@pytest.fixture
def given(open_app: Open, own_demo: Workspace, kol: str, make_clip: Callable[..., Path], tmp_path: Path) -> AppTest:
    """The page with two clips and a table of four rows, one of them bad."""
    Image.linear_gradient("L").resize((300, 400)).convert("RGB").save(tmp_path / "poster.png")
    app = open_app(own_demo.path, "batch")
    clips = [
        ("one.mp4", make_clip("one.mp4", seconds=1.0).read_bytes(), "video/mp4"),
        ("poster.png", (tmp_path / "poster.png").read_bytes(), "image/png"),
    ]
    app = app.file_uploader(key="batch_clips_0").set_value(clips).run()
    plan = ("plan.csv", PLAN.format(kol=kol).encode(), "text/csv")
    return app.file_uploader(key="batch_table_1").set_value(plan).run()


def ranked(app: AppTest) -> AppTest:
    """The page once its batch has ended."""
    app = app.button(key="batch-go").click().run()
    tasks.jobs().current(batch_job.KIND).wait(120)
    return app.run()


def batch_id(app: AppTest) -> str:
    asked = app.query_params["batch"]
    return asked[0] if isinstance(asked, list) else asked


def test_a_newcomer_sees_what_to_do(open_app: Open, own_demo: Workspace, said: Said) -> None:
    app = open_app(own_demo.path, "batch")
    assert not app.exception
    assert app.title[0].value == "Rank many clips"
    assert app.button(key="batch-go").disabled
    assert "Without a table every clip is scored" in said(app)
    assert "Earlier batches" not in said(app)


def test_what_was_given_is_told_before_it_begins(given: AppTest, said: Said) -> None:
    text = said(given)
    assert "2 clips chosen" in text
    assert r"**plan.csv**: reads clip, description, uploader, upload\_time, video\_duration." in text
    assert "Nothing is read from likes." in text
    assert not given.button(key="batch-go").disabled


def test_a_batch_is_ranked_with_its_bad_row_told(given: AppTest, said: Said) -> None:
    app = ranked(given)
    assert not app.exception
    assert not app.error
    assert "3 of 4 rows" in said(app)
    assert re.search(r"cannot be told apart|can be told apart|comes first", said(app))
    table = app.dataframe(key="batch-table").value
    assert table["Rank"].tolist() == [1, 2, 3]
    assert set(table["Clip or words"]) == {"one.mp4", "poster.png", "“只有文案”"}
    assert table["Forecast"].is_monotonic_decreasing
    assert all(
        low <= score <= high for low, score, high in zip(table["Low"], table["Forecast"], table["High"], strict=True)
    )
    assert all(re.fullmatch(r".+ ×[\d.]+", why) for why in table["Why"])
    assert table["Picture"].notna().sum() == 2
    errors = app.dataframe[-1].value
    assert errors.values.tolist() == [[5, "one.mp4", "upload_time", "whenever", "This is not a time."]]
    assert "One row could not be scored" in said(app)


def test_it_is_found_again_by_its_address_and_among_the_earlier_ones(
    given: AppTest, open_app: Open, own_demo: Workspace, said: Said
) -> None:
    kept = batch_id(ranked(given))
    again = open_app(own_demo.path, "batch", batch=kept)
    again.query_params["batch"] = kept
    again = again.run()
    assert again.dataframe(key="batch-table").value["Rank"].tolist() == [1, 2, 3]
    fresh = again.button(key="batch-new").click().run()
    assert "Earlier batches" in said(fresh)
    assert "**plan**" in said(fresh)
    seen = fresh.button(key=f"batch-see-{kept}").click().run()
    assert len(seen.dataframe(key="batch-table").value) == 3


def test_a_batch_is_deleted(given: AppTest, own_demo: Workspace, said: Said) -> None:
    app = ranked(given)
    kept = batch_id(app)
    gone = app.button(key=f"batch-drop-sure-{kept}").click().run()
    assert core.batches(own_demo) == []
    assert "Earlier batches" not in said(gone)
    assert len(gone.file_uploader) == 2


def test_an_address_of_no_batch_says_so_and_offers_a_new_one(open_app: Open, own_demo: Workspace) -> None:
    app = open_app(own_demo.path, "batch")
    app.query_params["batch"] = "20260101-000000-abcdef"
    app = app.run()
    assert [w.value for w in app.warning] == ["There is no such batch; it may have been deleted."]
    assert len(app.file_uploader) == 2


def test_a_row_is_opened_with_its_clip_and_what_it_says(
    given: AppTest, kol: str, own_demo: Workspace, said: Said
) -> None:
    app = ranked(given)
    rows = core.ranking(own_demo, core.batches(own_demo)[0]).scored
    place = next(n for n, one in enumerate(rows) if one.name == "one.mp4")
    app.session_state["batch-table"] = {"selection": {"rows": [place], "columns": [], "cells": []}}
    app = app.run()
    app = app.button(key="batch-open").click().run()
    assert not app.exception
    assert app.title[0].value == "Check a video"
    assert app.text_area(key="form_description").value == "Half price today"
    assert app.selectbox(key="form_uploader_id").value == kol
    assert (str(app.date_input(key="form_day").value), app.selectbox(key="form_hour").value) == ("2026-11-11", 20)
    assert "one.mp4" in said(app)
    assert "Compared with" not in said(app)


def test_clips_alone_are_ranked_with_the_common_settings(
    open_app: Open, own_demo: Workspace, make_clip: Callable[..., Path], said: Said
) -> None:
    app = open_app(own_demo.path, "batch")
    clips = [(f"{n}.mp4", make_clip(f"{n}.mp4", seconds=0.6 + n / 10).read_bytes(), "video/mp4") for n in range(2)]
    app = app.file_uploader(key="batch_clips_0").set_value(clips).run()
    app = app.text_area(key="form_description").set_value("Half price today").run()
    app = ranked(app)
    assert set(app.dataframe(key="batch-table").value["Clip or words"]) == {"0.mp4", "1.mp4"}
    asked = core.question(own_demo, batch_id(app), 0)
    assert asked.candidate.description == "Half price today"


def test_a_stopped_batch_says_how_far_it_is_and_goes_on(
    given: AppTest, own_demo: Workspace, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse = Forecaster.analyse

    def stopping(self: Forecaster, path: Path | None, *rest: object) -> object:
        if path is not None and path.suffix == ".png":
            tasks.jobs().current(batch_job.KIND).stop()
        return analyse(self, path, *rest)

    monkeypatch.setattr(Forecaster, "analyse", stopping)
    app = ranked(given)
    assert "1 of 4 are done" in said(app)
    assert len(app.dataframe(key="batch-table").value) == 1
    monkeypatch.setattr(Forecaster, "analyse", analyse)
    app.button(key="batch-go-on").click().run()
    tasks.jobs().current(batch_job.KIND).wait(120)
    assert len(app.run().dataframe(key="batch-table").value) == 3


def test_a_batch_stopped_before_its_rows_were_read_says_that_nothing_is_kept(
    given: AppTest, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopping(*_: object, progress: Progress, **__: object) -> Iterator[None]:
        tasks.jobs().current(batch_job.KIND).stop()  # type: ignore[union-attr]
        progress(Step("read", 0, 0))
        yield None

    # The package's `run` is the function, not the module.
    monkeypatch.setattr(sys.modules["mtaf_core.insight.batch.run"], "ask", stopping)
    app = given.button(key="batch-go").click().run()
    if not app.info:  # it had not ended yet
        tasks.jobs().current(batch_job.KIND).wait(120)  # type: ignore[union-attr]
        app = app.run()
    assert [one.value for one in app.info] == [
        "Stopped before its rows were read, so nothing of it was kept; choose the clips again."
    ]
    assert "Clips and table" in said(app)


def test_a_batch_whose_server_went_away_can_go_on(
    open_app: Open, own_demo: Workspace, tmp_path: Path, said: Said
) -> None:
    (tmp_path / "plan.csv").write_text("description\nOne\nTwo\n")
    kept = core.begin(own_demo, "plan", [], tmp_path / "plan.csv", Candidate())
    app = open_app(own_demo.path, "batch")
    app.query_params["batch"] = kept.id
    app = app.run()
    assert "0 of 2 are done" in said(app)
    app.button(key="batch-go-on").click().run()
    tasks.jobs().current(batch_job.KIND).wait(120)
    assert len(app.run().dataframe(key="batch-table").value) == 2


def test_a_table_that_says_nothing_is_one_sentence(open_app: Open, own_demo: Workspace) -> None:
    app = open_app(own_demo.path, "batch")
    app = app.file_uploader(key="batch_table_0").set_value(("likes.csv", b"likes\n5\n", "text/csv")).run()
    assert len(app.error) == 1
    assert app.error[0].value.startswith("likes.csv has no column that a batch reads")
    assert app.button(key="batch-go").disabled


def test_common_settings_that_cannot_be_are_told_once(
    open_app: Open, own_demo: Workspace, make_clip: Callable[..., Path]
) -> None:
    app = open_app(own_demo.path, "batch")
    clip = ("a.mp4", make_clip("a.mp4", seconds=0.6).read_bytes(), "video/mp4")
    app = app.file_uploader(key="batch_clips_0").set_value([clip]).run()
    app = app.segmented_control(key="form_kol_mode").set_value("type").run()
    app = app.number_input(key="form_age").set_value(400).run()
    app = app.button(key="batch-go").click().run()
    assert [e.value for e in app.error] == ["Age cannot be 400; give a number from 0 to 120."]
    assert core.batches(own_demo) == []
    app = ranked(app.number_input(key="form_age").set_value(40).run())  # the clip is still there
    assert [one.name for one in core.ranking(own_demo, core.batches(own_demo)[0]).scored] == ["a.mp4"]


def test_chinese_speaks_chinese(given: AppTest, said: Said) -> None:
    app = given.segmented_control(key="lang").set_value("zh").run()
    assert app.title[0].value == "批量评估"
    app = ranked(app)
    assert app.dataframe[-1].value["原因"].tolist() == ["不是时间。"]
    assert "4 行中的 3 行" in said(app)
