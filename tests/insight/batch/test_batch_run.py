"""A batch ranks what it can, keeps it row by row, and goes on where it was stopped."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtaf_core.content.take import Take
from mtaf_core.data.candidate import Candidate
from mtaf_core.errors import BadInput, Cancelled, ProcessLost
from mtaf_core.insight.batch import Batch, Scored, apart, batches, begin, delete, find, kept, ranking, run
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.whatif import edited
from mtaf_core.jobs import Step
from mtaf_core.workspace import Workspace

WHEN = datetime(2026, 11, 11, 12, tzinfo=UTC)
COMMON = Candidate(description="A glow serum", tags=("skincare",), upload_time=WHEN)


@pytest.fixture
def forecaster(own_demo: Workspace) -> Forecaster:
    return Forecaster(own_demo, device="cpu")


@pytest.fixture
def clips(make_clip: Callable[..., Path], tmp_path: Path) -> list[tuple[str, Path]]:
    """A video, a picture, and a file that is neither."""
    picture, broken = tmp_path / "poster.png", tmp_path / "broken.mp4"
    Image.linear_gradient("L").resize((300, 400)).convert("RGB").save(picture)
    broken.write_bytes(b"not a video" * 99)
    return [("one.mp4", make_clip("one.mp4", seconds=1.0)), ("poster.png", picture), ("broken.mp4", broken)]


@pytest.fixture
def kols(own_demo: Workspace) -> list[dict[str, str]]:
    """Three KOLs whose nicknames are theirs alone."""
    return own_demo.store.query(
        "SELECT any_value(uploader_id) AS id, nickname FROM uploaders GROUP BY nickname HAVING count(*) = 1 "
        "ORDER BY 1 LIMIT 3"
    ).to_pylist()


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_clips_and_a_table_are_ranked_and_every_bad_row_is_told(
    forecaster: Forecaster, clips: list[tuple[str, Path]], kols: list[dict[str, str]], tmp_path: Path
) -> None:
    space = forecaster.workspace
    plan = table(
        tmp_path,
        "文件名,文案,达人,发布时间,粉丝数,点赞数",
        f"one.mp4,Half price today,{kols[0]['id']},2026-11-11 20:00,,5",
        f"ONE,Half price today,{kols[1]['nickname']},2026-11-11 20:00,,",
        ",只有文案,,2026-11-12,3.5万,",
        "one.mp4,Half price,nobody at all,,,",
        "gone.mp4,Half price,,,,",
        "one.mp4,Half price,,soon,,",
    )
    steps: list[Step] = []
    batch = begin(space, "plan", clips, plan, COMMON)
    done = run(forecaster, batch, steps.append)
    found = ranking(space, done)
    assert (done.state, done.total, done.unused) == ("done", 8, ("点赞数",))
    assert [one.rank for one in found.scored] == [1, 2, 3, 4]
    assert [one.score for one in found.scored] == sorted((one.score for one in found.scored), reverse=True)
    assert {(one.line, one.form) for one in found.scored} == {
        (2, "video"), (3, "video"), (4, "words"), (None, "picture"),
    }  # fmt: skip
    assert [(one.line, one.problem.column, one.problem.value) for one in found.unscored] == [
        (5, "达人", "nobody at all"), (6, "文件名", "gone.mp4"), (7, "发布时间", "soon"), (None, "", ""),
    ]  # fmt: skip
    assert [str(one.problem.reason) for one in found.unscored] == [
        "No KOL of the workspace has this id or nickname.",
        "None of the 3 clips given has this name.",
        "This is not a time.",
        "broken.mp4 is not a video that can be read; export it as MP4 and try again.",
    ]
    assert (steps[-1].stage, steps[-1].done, steps[-1].total) == ("score", 8, 8)


def test_a_row_is_scored_as_it_would_be_alone(
    forecaster: Forecaster, clips: list[tuple[str, Path]], kols: list[dict[str, str]], tmp_path: Path
) -> None:
    space = forecaster.workspace
    plan = table(
        tmp_path, "clip,description,uploader,upload_hour", f"one.mp4,Half price,{kols[0]['id']},9", ",Words alone,,"
    )
    found = ranking(space, run(forecaster, begin(space, "plan", clips[:2], plan, COMMON)))
    asked = {one.row: one for one in kept.questions(space, found.batch.id)}
    assert len(found.scored) == 3
    for one in found.scored:
        candidate = asked[one.row].candidate
        content = forecaster.analyse(asked[one.row].path, candidate.description, candidate.tags)
        alone = forecaster.forecast(content, candidate)
        assert one.score == pytest.approx(alone.score, rel=1e-5)
        assert (one.low, one.high) == pytest.approx((alone.interval.low, alone.interval.high), rel=1e-5)
        assert one.percentile == alone.percentile["market"]
        assert one.warnings == alone.warnings
        share = {name: value for name, value in alone.contribution.items() if value is not None}
        strongest = max(share, key=lambda name: abs(share[name]))
        assert (one.why, one.factor) == (strongest, pytest.approx(np.exp(share[strongest]), rel=1e-4))
        assert sum(one.contribution.values()) == pytest.approx(one.log_score - alone.baseline, abs=1e-4)


def test_without_a_table_every_clip_has_the_common_settings(
    forecaster: Forecaster, clips: list[tuple[str, Path]]
) -> None:
    space = forecaster.workspace
    found = ranking(space, run(forecaster, begin(space, "clips", clips[:2], None, COMMON)))
    assert {one.name for one in found.scored} == {"one.mp4", "poster.png"}
    assert all(one.candidate == COMMON for one in kept.questions(space, found.batch.id))


def test_a_value_that_only_the_core_refuses_stops_no_other_row(
    forecaster: Forecaster, clips: list[tuple[str, Path]], tmp_path: Path
) -> None:
    """Rows are scored together; what one of them is refused for is that row's own."""
    space = forecaster.workspace
    plan = table(tmp_path, "description", *(f"Words {n}" for n in range(9)))
    batch = begin(space, "plan", [], plan, COMMON)
    path = kept.folder(space, batch.id) / "asked.jsonl"
    asked = [json.loads(line) for line in path.read_text().splitlines()]
    asked[4]["candidate"]["features"] = {"video_duration": -1.0}
    path.write_text("".join(json.dumps(one) + "\n" for one in asked))
    found = ranking(space, run(forecaster, batch))
    assert [one.row for one in found.unscored] == [4]
    assert "Duration cannot be -1 s" in str(found.unscored[0].problem.reason)
    assert len(found.scored) == 8


def test_a_fault_of_ours_in_one_row_has_a_reference_and_stops_no_other(
    forecaster: Forecaster, clips: list[tuple[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse = Forecaster.analyse

    def broken(self: Forecaster, path: Path, *rest: object) -> object:
        if path.name == "poster.png":
            raise ZeroDivisionError("planted")
        return analyse(self, path, *rest)

    monkeypatch.setattr(Forecaster, "analyse", broken)
    space = forecaster.workspace
    found = ranking(space, run(forecaster, begin(space, "clips", clips[:2], None, COMMON)))
    assert [one.name for one in found.scored] == ["one.mp4"]
    reason = found.unscored[0].problem.reason
    assert reason.code == "batch_fault"
    assert reason.values["reference"] in (space.log_dir / "faults.log").read_text()


def test_a_row_that_cannot_be_is_told_and_stops_no_other(
    forecaster: Forecaster, clips: list[tuple[str, Path]], tmp_path: Path
) -> None:
    plan = table(tmp_path, "file,followers,duration", "one.mp4,5000,", "one.mp4,5000,600")
    done = run(forecaster, begin(forecaster.workspace, "plan", clips[:1], plan, COMMON))
    found = ranking(forecaster.workspace, done)
    assert [one.line for one in found.scored] == [2]
    ((line, sentence),) = [(one.line, str(one.problem.reason)) for one in found.unscored]
    assert line == 3
    assert "600" in sentence
    assert "the clip" in sentence.lower()


def test_a_process_lost_over_one_clip_stops_no_other(
    forecaster: Forecaster, clips: list[tuple[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse, lost = Forecaster.analyse, "The process that reads clips ended by itself (signal 9); try again."

    def fatal(self: Forecaster, path: Path, *rest: object) -> object:
        if path.name == "one.mp4":
            raise ProcessLost(lost)
        return analyse(self, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Forecaster, "analyse", fatal)
    done = run(forecaster, begin(forecaster.workspace, "two", clips[:2], None, COMMON))
    found = ranking(forecaster.workspace, done)
    assert [one.name for one in found.scored] == ["poster.png"]
    assert [(one.name, str(one.problem.reason)) for one in found.unscored] == [("one.mp4", lost)]


def test_what_was_stopped_within_a_clip_goes_on_behind_what_is_kept(
    forecaster: Forecaster, make_clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    space = forecaster.workspace
    clips = [(f"{n}.mp4", make_clip(f"{n}.mp4", seconds=0.5 + 0.1 * n)) for n in range(3)]
    batch = begin(space, "clips", clips, None, COMMON)
    told: list[str] = []

    def stop(step: Step) -> None:
        told.append(step.note)
        if told.count("1.mp4") == 4:  # in the middle of the second clip
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        run(forecaster, batch, stop)
    stopped = find(space, batch.id)
    assert stopped is not None
    assert (stopped.state, "2.mp4" in told) == ("stopped", False)
    assert [one.name for one in ranking(space, stopped).scored] == ["0.mp4"]

    read: list[str] = []
    analyse = Forecaster.analyse
    monkeypatch.setattr(
        Forecaster, "analyse", lambda self, path, *rest: read.append(path.name) or analyse(self, path, *rest)
    )
    done = run(forecaster, stopped)
    assert read == ["1.mp4", "2.mp4"]
    assert (done.state, len(ranking(space, done).scored)) == ("done", 3)


def test_a_record_that_a_crash_cut_off_is_asked_again(forecaster: Forecaster, tmp_path: Path) -> None:
    space = forecaster.workspace
    batch = run(forecaster, begin(space, "words", [], table(tmp_path, "description", "One", "Two"), COMMON))
    path = kept.folder(space, batch.id) / "rows.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"\n") + 40])
    assert len(ranking(space, batch).scored) == 1
    assert sorted(one.row for one in ranking(space, run(forecaster, batch)).scored) == [0, 1]


def test_batches_are_listed_the_newest_first_and_deleted(own_demo: Workspace, tmp_path: Path) -> None:
    plan = table(tmp_path, "description", "One")
    first, second = (begin(own_demo, name, [], plan, COMMON) for name in ("first", "second"))
    assert {one.name for one in batches(own_demo)} == {"first", "second"}
    assert [one.id for one in batches(own_demo)] == sorted((first.id, second.id), reverse=True)
    delete(own_demo, first.id)
    assert batches(own_demo) == [second]
    assert find(own_demo, first.id) is None


@pytest.mark.parametrize("name", ["", "..", "../../etc", "20260101-000000-abcdef"])
def test_what_is_no_batch_is_none(own_demo: Workspace, name: str) -> None:
    assert find(own_demo, name) is None


def test_nothing_to_score_is_refused_and_nothing_is_kept(own_demo: Workspace, tmp_path: Path) -> None:
    for plan in (None, table(tmp_path, "description")):
        with pytest.raises(BadInput, match="nothing to score"):
            begin(own_demo, "none", [], plan, COMMON)
    assert batches(own_demo) == []


def test_a_table_from_a_browser_reaches_no_file_of_the_server(own_demo: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").write_bytes(b"x")
    plan = table(tmp_path, "clip,description", "secret.mp4,Half price", f"{tmp_path}/secret.mp4,Half price")
    asked: Batch = begin(own_demo, "plan", [], plan, COMMON)
    assert [one.path for one in kept.questions(own_demo, asked.id)] == [None, None]
    beside = begin(own_demo, "plan", [], plan, COMMON, beside=True)
    assert next(kept.questions(own_demo, beside.id)).path == tmp_path / "secret.mp4"


def test_names_that_no_file_can_have_are_told_of_their_rows(own_demo: Workspace, tmp_path: Path) -> None:
    plan = table(tmp_path, "clip,description", f"{'x' * 300}.mp4,Half price", "..,Half price", "a.mp4,Half price")
    found = begin(own_demo, "plan", [], plan, COMMON, beside=True)
    asked = list(kept.questions(own_demo, found.id))
    assert {str(one.problem.reason) for one in asked if one.problem} == {
        "No clip was given under this name; give it beside the table."
    }
    assert [one.problem.column for one in asked if one.problem] == ["clip"] * 3


def test_a_row_may_release_a_part_of_its_clip_muted_and_as_an_edit_would(
    forecaster: Forecaster, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    space = forecaster.workspace
    plan = table(tmp_path, "clip,start,end,mute,upload_hour", "a.mp4,1,2.5,yes,9", "a.mp4,2,1,,", "a.mp4,,,,")
    clip = make_clip("a.mp4", seconds=4.0)
    found = ranking(space, run(forecaster, begin(space, "plan", [("a.mp4", clip)], plan, COMMON)))
    assert [(one.line, one.problem.column) for one in found.unscored] == [(3, "end")]
    part = next(one for one in found.scored if one.line == 2)
    content = forecaster.analyse(clip, COMMON.description, COMMON.tags, take=Take("", 1.0, 2.5, True))
    alone = forecaster.forecast(content, edited(COMMON, "upload_hour", "9", space.info.timezone))
    assert part.score == pytest.approx(alone.score, rel=1e-5)


def test_without_a_time_every_row_is_released_when_the_batch_began(own_demo: Workspace, tmp_path: Path) -> None:
    asked = begin(own_demo, "words", [], table(tmp_path, "description", "One"), Candidate())
    when = next(kept.questions(own_demo, asked.id)).candidate.upload_time
    assert when is not None
    assert abs((datetime.now(UTC) - when).total_seconds()) < 120


def test_what_sets_a_row_apart_is_the_source_farthest_from_the_batch() -> None:
    def one(row: int, **contribution: float) -> Scored:
        return Scored(row, None, "", "", "words", 1.0, 0.7, 0.0, 2.0, None, contribution)

    rows = (one(0, text=1.0, visual=0.1), one(1, text=1.1, visual=0.1), one(2, text=1.0, visual=-0.4))
    assert [one.why for one in rows] == ["text", "text", "text"]
    assert [name for name, _ in apart(rows)][1:] == ["text", "visual"]
    assert apart(rows)[2][1] == pytest.approx(np.exp(-0.5))
    assert apart(()) == []
