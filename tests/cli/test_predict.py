"""`predict` and `whatif` as a shell script meets them: one JSON document, one sentence, or a reference id."""

import json
import math
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mtaf_core.cli import main
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.schema import MODALITIES
from mtaf_core.workspace import Workspace

DOCUMENTED = [
    "score", "log_score", "horizon_day", "observed_days", "interval", "percentile", "attention", "contribution",
    "missing", "warnings", "backbones", "bundle", "device", "timings_s",
]  # fmt: skip


@pytest.fixture
def ask(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run a verb on the demo market; the JSON it prints, which must be all that stands on stdout."""

    def run(*arguments: object) -> Any:
        status = main([*map(str, arguments), "--workspace", str(demo_folder), "--json"])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        return json.loads(captured.out)

    return run


@pytest.fixture
def refused(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a verb that must be refused with status 2 and one line; that line."""

    def run(*arguments: object) -> str:
        try:
            status = main([*map(str, arguments), "--workspace", str(demo_folder), "--json"])
        except SystemExit as exit:
            status = int(exit.code or 0)
        captured = capsys.readouterr()
        assert status == 2, captured
        assert captured.out == ""
        lines = [line for line in captured.err.splitlines() if line.startswith("mtaf: ")]
        assert len(lines) == 1
        return lines[0]

    return run


@pytest.fixture(scope="session")
def kol(demo: Workspace) -> str:
    rows = demo.store.query("SELECT uploader_id, count(*) AS n FROM videos GROUP BY ALL ORDER BY n DESC, 1 LIMIT 1")
    return str(rows.to_pylist()[0]["uploader_id"])


def check_document(document: dict[str, Any]) -> None:
    assert [key for key in document if key != "baseline"] == DOCUMENTED
    assert document["score"] == pytest.approx(max(math.expm1(document["log_score"]), 0.0))
    assert document["interval"]["low"] <= document["score"] <= document["interval"]["high"]
    present = [m.value for m in MODALITIES if m.value not in document["missing"]]
    assert sum(document["attention"][m] for m in present) == pytest.approx(1, abs=1e-5)
    contributed = sum(document["contribution"][m] for m in present)
    assert contributed == pytest.approx(document["log_score"] - document["baseline"], abs=1e-4)
    for missing in document["missing"]:
        assert document["attention"][missing] is None
        assert document["contribution"][missing] is None


def test_every_real_clip_is_predicted_with_the_documented_document(real_clips, ask):
    for clip in sorted(real_clips.glob("*.mp4")):
        document = ask("predict", clip, "--description", "A new serum", "--tags", "skincare,glow")
        check_document(document)
        assert ("audio" in document["missing"]) == (clip.name == "moviepy_doc_long_example.mp4")


def test_a_full_question_uses_all_that_is_known(make_clip, ask, kol, tmp_path):
    days = tmp_path / "days.json"
    days.write_text(json.dumps([{"day_index": 1, "favorite_count": 900, "comment_count": 40, "share_count": 12}]))
    document = ask(
        "predict", make_clip(), "--description", "限时优惠 serum", "--tags", "护肤", "--uploader", kol,
        "--upload-time", "2026-11-11T20:00", "--product-link", "--snapshots", days,
    )  # fmt: skip
    check_document(document)
    assert document["observed_days"] == 1
    assert document["missing"] == []
    assert all(0 <= document["percentile"][part] <= 1 for part in ("market", "tier", "uploader"))


def test_days_given_as_csv_mean_the_same_as_json(make_clip, ask, kol, tmp_path):
    clip = make_clip()
    (tmp_path / "days.csv").write_text(
        "day_index,favorite_count,comment_count,share_count\n1,900,40,12\n2,1500,60,20\n"
    )
    (tmp_path / "days.json").write_text(
        json.dumps(
            [
                {"day_index": 1, "favorite_count": 900, "comment_count": 40, "share_count": 12},
                {"day_index": 2, "favorite_count": 1500, "comment_count": 60, "share_count": 20},
            ]
        )
    )
    ask_with = [
        ask(
            "predict",
            clip,
            "--uploader",
            kol,
            "--upload-time",
            "2026-11-11T20:00",
            "--snapshots",
            tmp_path / f"days.{kind}",
        )
        for kind in ("csv", "json")
    ]
    assert ask_with[0]["score"] == ask_with[1]["score"]


def test_days_without_an_upload_time_end_today(make_clip, ask, kol, tmp_path):
    days = [{"day_index": d, "favorite_count": 900 * d, "comment_count": 4 * d, "share_count": d} for d in (1, 2, 3)]
    (tmp_path / "days.json").write_text(json.dumps(days))
    document = ask("predict", make_clip(), "--uploader", kol, "--snapshots", tmp_path / "days.json")
    assert document["observed_days"] == 3


def test_a_kol_typed_as_numbers_counts(make_clip, ask, tmp_path):
    clip, small, large = make_clip(), tmp_path / "small.json", tmp_path / "large.json"
    small.write_text(json.dumps({"follower_count": 2_000, "favorited_count": 9_000, "video_count": 30}))
    large.write_text(json.dumps({"follower_count": 3_000_000, "favorited_count": 40_000_000, "video_count": 400}))
    scores = [ask("predict", clip, "--uploader-json", file)["score"] for file in (small, large)]
    assert scores[1] > 2 * scores[0]


def test_whatif_answers_both_forecasts_and_the_factor(make_clip, ask, kol):
    clip = make_clip()
    answer = ask("whatif", clip, "--uploader", kol, "--set", "upload_hour=4", "--set", "video_product=false")
    alone = ask("predict", clip, "--uploader", kol)
    assert answer["before"]["score"] == pytest.approx(alone["score"], rel=1e-6)
    assert answer["factor"] == pytest.approx((answer["after"]["score"] + 1) / (answer["before"]["score"] + 1))
    assert answer["after"]["score"] != answer["before"]["score"]


def test_a_take_is_asked_about_in_both_verbs_alike(make_clip, ask, kol):
    clip = make_clip("takes.mp4", seconds=8.0)
    who = ("--uploader", kol, "--upload-time", "2026-11-11T20:00")
    part = ask("predict", clip, *who, "--start", "2", "--end", "7", "--mute")
    edited = ask("whatif", clip, *who, "--end", "4", "--set", "start=2", "--set", "end=7", "--set", "mute=true")
    assert part["missing"] == ["text", "audio", "temporal"]
    assert "The sound is muted; the forecast is made without it." in part["warnings"]
    assert edited["after"]["score"] == part["score"]
    assert edited["before"]["score"] != part["score"]
    heard = ask("whatif", clip, *who, "--mute", "--set", "mute=", "--set", "description=Half price")
    whole = ask("predict", clip, *who, "--description", "Half price")
    assert heard["after"]["score"] == whole["score"]
    assert "audio" in heard["before"]["missing"]


def test_what_is_unlike_the_market_is_among_the_warnings(make_clip, ask, kol, tmp_path):
    clip, giant = make_clip(), tmp_path / "giant.json"
    giant.write_text(json.dumps({"follower_count": 250_000_000}))
    warnings = ask("predict", clip, "--uploader-json", giant)["warnings"]
    assert "Followers 250M: the market's largest is 4.9M." in warnings
    answer = ask("whatif", clip, "--uploader", kol, "--set", "upload_city=Atlantis", "--set", "uploader_age=99")
    told = [one for one in answer["after"]["warnings"] if one not in answer["before"]["warnings"]]
    assert told == [
        "'Atlantis' is no city this market knows, so the city counts as unknown.",
        "Age 99: the market's largest is 44.",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--start", "-1"], ["begin at second -1"]),
        (["--start", "30"], ["lasts", "nothing is left"]),
        (["--start", "2", "--end", "1"], ["end at second 1"]),
        (["--uploader", "nobody"], ["nobody"]),
        (["--uploader", ""], ["--uploader", "empty"]),
        (["--upload-time", "yesterday"], ["upload time", "yesterday"]),
        (["--upload-time", "1999-01-01T00:00"], ["1999"]),
        (["--tags", ",".join(f"t{i}" for i in range(200))], ["hashtags"]),
        (["--description", "x" * 10_000], ["description"]),
    ],
)
def test_a_bad_option_is_refused_in_one_sentence(make_clip, refused, arguments, words):
    sentence = refused("predict", make_clip(), *arguments)
    assert all(word in sentence for word in words)


@pytest.mark.parametrize(
    ("option", "content", "words"),
    [
        ("--uploader-json", '{"follower_count": -5}', ["follower_count", "-5"]),
        ("--uploader-json", '{"followers": 5}', ["followers"]),
        ("--uploader-json", "[]", ["JSON object"]),
        ("--uploader-json", "{", ["not JSON"]),
        ("--snapshots", '[{"day_index": 1, "favorite_count": -3}]', ["favorite_count", "-3"]),
        ("--snapshots", '[{"day_index": 99, "favorite_count": 3}]', ["99"]),
        ("--snapshots", '[{"likes": 3}]', ["likes"]),
        ("--snapshots", '"days"', ["list of days"]),
        ("--snapshots", "[]", ["no days"]),
    ],
)
def test_a_bad_file_beside_the_clip_is_refused_in_one_sentence(make_clip, refused, tmp_path, option, content, words):
    file = tmp_path / "beside.json"
    file.write_text(content)
    sentence = refused("predict", make_clip(), option, file)
    assert all(word in sentence for word in words)


def test_what_is_no_video_is_refused_in_one_sentence(refused, tmp_path):
    empty, text = tmp_path / "empty.mp4", tmp_path / "text.mp4"
    empty.write_bytes(b"")
    text.write_text("not a video at all")
    assert "empty" in refused("predict", empty)
    assert "text.mp4" in refused("predict", text)
    assert "nowhere.mp4" in refused("predict", tmp_path / "nowhere.mp4")
    assert f"{tmp_path.name} is a folder" in refused("predict", tmp_path)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("upload_hour", ["key=value"]),
        ("likes=5", ["likes"]),
        ("video_favorite_count=5", ["after release"]),
        ("video_product=maybe", ["maybe"]),
        ("upload_hour=31", ["31"]),
        ("upload_hour=-1", ["-1", "from 0 to 23"]),
        ("start=soon", ["start", "soon", "number"]),
        ("mute=maybe", ["mute", "maybe"]),
        ("end=0", ["end at second 0"]),
        ("video_duration=-1", ["video_duration"]),
        ("video_topped=true", ["video_topped", "after release"]),
        ("video_duration=900", ["the clip lasts 3 s"]),
        ("tag_total_view_count=5", ["without hashtags"]),
    ],
)
def test_an_impossible_edit_is_refused_in_one_sentence(make_clip, refused, edit, words):
    sentence = refused("whatif", make_clip(), "--set", edit)
    assert all(word in sentence for word in words)


def test_a_missing_workspace_says_how_to_make_one(make_clip, tmp_path, capsys):
    assert main(["predict", str(make_clip()), "--workspace", str(tmp_path / "none")]) == 2
    assert "python -m mtaf_core demo" in capsys.readouterr().err


def test_a_wrong_option_is_one_line(refused):
    assert "--horizon-dya" in refused("train", "--horizon-dya", "6")


def test_a_fault_of_ours_gives_a_reference_and_keeps_the_trace(own_demo, make_clip, capsys, monkeypatch):
    from mtaf_core.insight.forecast import Forecaster

    def broken(*_: object) -> None:
        raise RuntimeError("the unexpected")

    monkeypatch.setattr(Forecaster, "analyse", broken)
    assert main(["predict", str(make_clip()), "--workspace", str(own_demo.path), "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    reference = captured.err.split("reference ")[1][:8]
    assert reference in (own_demo.log_dir / "faults.log").read_text()


def test_stdout_of_the_real_process_is_one_document(make_clip, demo_folder):
    done = subprocess.run(
        [sys.executable, "-m", "mtaf_core", "predict", str(make_clip()), "--workspace", str(demo_folder), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    check_document(json.loads(done.stdout))


@pytest.fixture
def picture(tmp_path) -> Path:
    Image.linear_gradient("L").resize((300, 400)).convert("RGB").save(tmp_path / "poster.jpg")
    return tmp_path / "poster.jpg"


@pytest.fixture
def song(tmp_path) -> Path:
    path = tmp_path / "jingle.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        tone = 9000 * np.sin(2 * np.pi * 440 * np.arange(44_100) / 22_050)
        file.writeframes(tone.astype("<i2").tobytes())
    return path


@pytest.mark.parametrize(
    ("kind", "missing", "words"),
    [
        ("picture", ["audio", "temporal"], "A picture has no sound and no length"),
        ("song", ["visual", "temporal"], "A song has no picture"),
        ("words", ["audio", "visual", "temporal"], "There are words alone"),
    ],
)
def test_what_is_no_video_is_judged_without_what_it_lacks(request, ask, kol, kind, missing, words):
    clip = [] if kind == "words" else [request.getfixturevalue(kind)]
    document = ask("predict", *clip, "--description", "A new serum", "--uploader", kol)
    check_document(document)
    assert document["missing"] == missing
    assert sum(words in said for said in document["warnings"]) == 1
    edited = ask("whatif", *clip, "--description", "A new serum", "--uploader", kol, "--set", "description=Half price")
    assert edited["before"]["score"] == pytest.approx(document["score"])
    assert edited["after"]["score"] != edited["before"]["score"]


def test_a_picture_has_no_length_rather_than_one_of_zero(demo, picture):
    forecaster = Forecaster(demo, device="cpu")
    case = forecaster.case(forecaster.analyse(picture, "A new serum"), Candidate(description="A new serum"))
    facts = case.frame.facts.iloc[0]
    assert math.isnan(facts["video_duration"])
    assert (facts["video_width"], facts["video_height"]) == (300, 400)


@pytest.mark.parametrize("verb", [["predict"], ["whatif", "--set", "upload_hour=20"]])
def test_neither_clip_nor_words_is_refused_in_one_sentence(refused, verb):
    assert "There is nothing to judge" in refused(*verb, "--tags", " , #")


@pytest.mark.parametrize("option", [["--start", "2"], ["--end", "4"], ["--mute"]])
def test_there_is_nothing_to_cut_or_mute_of_words_alone(refused, option):
    words = ("--description", "Half price today")
    assert "There is no clip to cut or to mute" in refused("predict", *words, *option)
    edit = f"{option[0].lstrip('-')}={(*option, 'true')[1]}"
    assert "There is no clip to cut or to mute" in refused("whatif", *words, "--set", edit)


def test_an_edit_that_leaves_nothing_or_is_made_twice_is_refused(refused):
    words = ("whatif", "--description", "Half price today")
    assert "There is nothing to judge" in refused(*words, "--set", "description=")
    assert "--set gives 'upload_hour' twice" in refused(*words, "--set", "upload_hour=3", "--set", "upload_hour =4")
