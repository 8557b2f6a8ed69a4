"""Real footage through every section of Check a video: what a page says is what the model, asked again, answers."""

import base64
import io
import json
import math
import re
import wave
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mtaf_core.charts.numbers import compact
from mtaf_core.content import media
from mtaf_core.content.extract import Content
from mtaf_core.content.take import Take
from mtaf_core.insight import kin, recent, scenarios
from mtaf_core.insight.forecast import Forecast, Forecaster
from mtaf_core.insight.goals import Field, Found, Rule, search
from mtaf_core.schema import Modality
from mtaf_core.study import kol_lists
from mtaf_core.workspace import Workspace
from pages.components import brief_text, check_goal, check_levers, clip_picker, uploads
from pages.components.candidate_form import Brief

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
CLIP, OTHER = "torchcodec_nasa_13013.mp4", "moviepy_chaplin.mp4"
ASKED = Brief(
    description="限时7折，口红好用吗？ Half price, today only",
    tags=("lipstick", "好物推荐"),
    uploader_id="kol0042",
    day=date(2026, 11, 11),
    hour=20,
    product_link=True,
)


@pytest.fixture(scope="module")
def kept(market: Path, real_clips: Path) -> Callable[[str], str]:
    """Keep a real clip as an upload; how a link names it."""

    def keep(name: str) -> str:
        with (real_clips / name).open("rb") as file:
            return uploads.receive(file, name, Workspace.open(market).upload_dir).content_hash[:16]

    return keep


@pytest.fixture
def asked(open_app: Open, market: Path, kept: Callable[[str], str]) -> Callable[..., AppTest]:
    """The page with the clip, and `ASKED` in the form, in one section."""

    def opened(see: str, **query: str) -> AppTest:
        app = open_app(market, clip=kept(CLIP), brief=brief_text.packed(ASKED), see=see, **query)
        app.default_timeout = 180
        return clean(app)

    return opened


def clean(app: AppTest) -> AppTest:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return app


def first(app: AppTest) -> Forecast:
    """What later changes are compared with: the forecast as the page was opened."""
    found: Forecast = app.session_state["baseline"].forecast
    return found


def headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if "Expected popularity score" in m.value)


def drawn(app: AppTest, key: str) -> dict[str, Any]:
    """The specification of a chart."""
    (chart,) = [one for one in app.get("plotly_chart") if one.proto.id.endswith(f"-{key}")]
    found: dict[str, Any] = json.loads(chart.proto.spec)
    return found


def trace(spec: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in spec["data"] if one.get("name") == name)


def numbers(told: Any) -> np.ndarray:
    """Numbers of a chart, which Plotly writes as a list or as bytes."""
    if isinstance(told, dict):
        return np.frombuffer(base64.b64decode(told["bdata"]), told["dtype"]).astype(float)
    return np.array(told, dtype=float)


def product(words: list[str]) -> float:
    """What factors as they are read multiply to."""
    return math.prod(float(word.strip().lstrip("×")) for word in words)


def test_reasons_are_all_there_and_add_up(asked: Callable[..., AppTest], said: Said) -> None:
    app = asked("why")
    forecast, text = first(app), said(app)
    share = {Modality(m): v for m, v in forecast.contribution.items() if v is not None}
    assert set(share) == set(Modality) - {Modality.TEMPORAL}

    modalities = drawn(app, "why-modalities")
    assert numbers(trace(modalities, "attention")["x"]).sum() == pytest.approx(1, abs=1e-5)
    told = numbers(trace(modalities, "contribution")["x"])
    assert told == pytest.approx(list(share.values()))
    assert told.sum() == pytest.approx(forecast.log_score - forecast.baseline, abs=1e-4)
    assert np.abs(numbers(trace(modalities, "removal")["x"])).min() > 0
    assert re.search(r"Attention (and contribution agree: \w+ comes first|looks most at \w+, but \w+ moves)", text)

    context = drawn(app, "why-context")
    bars, names = numbers(trace(context, "steps")["x"]), context["layout"]["yaxis"]["ticktext"]
    assert (names[0], names[-1], len(names)) == ("Typical release", "Context together", 13)
    assert names[-2].startswith("The other ")
    assert all(re.search(r"<br>.+ · usual .+", name) for name in names[1:11])
    assert np.all(np.diff(np.abs(bars[1:11])) <= 0)
    assert bars[:-1].sum() == pytest.approx(bars[-1])
    assert bars[-1] == pytest.approx(share[Modality.CONTENT_AGNOSTIC], abs=1e-4)

    tinted = next(h.proto.body for h in app.get("html") if "color-mix" in h.proto.body)
    assert re.sub(r"<[^>]+>", "", tinted) == "限时7折，口红好用吗？ Half price, today only #lipstick #好物推荐"
    words = re.findall(r'title="(×[\d.]+)"', tinted)
    assert len(words) > 8
    assert product(words) == pytest.approx(math.exp(share[Modality.TEXT]), rel=0.05)

    moments = drawn(app, "why-moments")
    frames = trace(moments, "shares")
    for name in ("shares", "frames", "sound"):
        assert numbers(trace(moments, name)["x"]).astype(int).tolist() == list(range(10))
    assert len(moments["layout"]["images"]) == 10
    assert numbers(frames["y"]).sum() == pytest.approx(share[Modality.VISUAL], abs=1e-4)
    seconds = next(one["text"] for one in moments["data"] if one["type"] == "scatter" and one["mode"] == "text")
    assert product(seconds) == pytest.approx(math.exp(share[Modality.AUDIO]), rel=0.05)
    assert len(numbers(trace(moments, "wave")["x"])) == 200
    assert any("限时7折" in note["text"] for note in moments["layout"]["annotations"])

    heat = numbers(trace(drawn(app, "why-heat"), "heat")["z"])
    assert np.abs(heat).max() > 0
    strongest = int(np.abs(numbers(frames["y"])).argmax())
    assert f"At 0:{strongest:02d}, what is" in text


def test_neighbours_and_trust_are_told_of_the_clip(
    asked: Callable[..., AppTest], market: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: dict[str, kin.Kin] = {}
    search = kin.kin

    def watched(case: Any, space: Workspace, by: kin.By = "both", most: int = 6) -> kin.Kin | None:
        answer = search(case, space, by, most)
        assert answer is not None
        found[by] = answer
        return answer

    monkeypatch.setattr(kin, "kin", watched)
    app = asked("why", moment="3")
    for by in ("content", "context"):
        app = clean(app.segmented_control(key="alike").set_value(by).run())
        assert f"**{round(20 * found[by].beat)} of the 20** most similar beat the market's median" in said(app)
        assert app.dataframe[0].value["Score"].tolist() == [compact(n.score, "en") for n in found[by].videos]
    assert [n.video_id for n in found["content"].videos] != [n.video_id for n in found["context"].videos]
    store = Workspace.open(market).store
    for one in found["both"].videos:
        counts = store.query(
            "SELECT (0.2 * favorite_count + 0.3 * comment_count + 0.5 * share_count)::DOUBLE AS score FROM snapshots"
            f" WHERE video_id = '{one.video_id}' AND day_index = 6"
        )
        assert counts["score"][0].as_py() == pytest.approx(one.score)

    text = said(app)
    for name in ("Text", "Sound", "Picture"):
        assert re.search(rf"{name}: (like what the model has seen|unusual|unlike)", text)
    assert re.search(r"The 90% range goes from the forecast down and up by a factor of about [\d.]+", text)
    assert re.search(r"This KOL's \d+ past videos were missed by a factor of [\d.]+", text)
    assert "At 0:03, what is" in text
    assert app.get("video")[0].proto.start_time == 3


def test_an_edit_reads_only_what_it_is_about_and_gets_its_share(
    asked: Callable[..., AppTest], kept: Callable[[str], str], said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = asked("overview")
    before, ran = first(app), []
    analyse, retext = Forecaster.analyse, Forecaster.retext

    def read(self: Forecaster, path: Path, words: str, tags: Any, progress: Any, take: Take) -> Content:
        ran.append((path.stem[:16], take.start_s, take.end_s, take.muted))
        return analyse(self, path, words, tags, progress, take)

    def reworded(self: Forecaster, content: Content, words: str, tags: Any) -> Content:
        ran.append((words, *tags))
        return retext(self, content, words, tags)

    monkeypatch.setattr(Forecaster, "analyse", read)
    monkeypatch.setattr(Forecaster, "retext", reworded)
    app.date_input(key="form_day").set_value(date(2026, 11, 14))
    app.selectbox(key="form_city").select_index(0)
    app.text_input(key="form_poi").set_value("Oriental Plaza")
    app.button_group(key="form_product_link").set_value("no")
    app.selectbox(key="form_is_shareable").set_value(False)
    app = clean(app.selectbox(key="form_hour").set_value(9).run())
    app = clean(app.segmented_control(key="form_kol_mode").set_value("type").run())
    app = clean(app.number_input(key="form_follower_count").set_value(120_000).run())
    app = clean(app.toggle(key="clip_muted").set_value(True).run())
    assert ran == []
    app = clean(app.multiselect(key="form_tags").set_value(["lipstick"]).run())
    assert ran == [(ASKED.description, "lipstick")]
    ran.clear()
    app = clean(app.slider(key="clip_part").set_value((1.0, 6.0)).run())
    assert ran == [(kept(CLIP), 1.0, 6.0, False)]
    changed = ["Hashtags", "KOL", "Date", "Hour", "Product link", "City", "Point of interest", "More"]
    assert " · ".join(["Changed: " + changed[0], *changed[1:], "Clip: seconds 1–6, no sound"]) in said(app)

    app = clean(app.segmented_control(key="see").set_value("change").run())
    edits, names = drawn(app, "edits"), drawn(app, "edits")["layout"]["yaxis"]["ticktext"]
    assert len(names) == 11
    assert {"Hour: 20:00 → 09:00", "Clip: seconds 1–6, no sound", "Hashtags: −好物推荐"} <= set(names)
    after = first(clean(app.button(key="rebase").click().run()))
    shares = numbers(edits["data"][0]["x"])
    assert shares.sum() == pytest.approx(after.log_score - before.log_score, abs=1e-4)


def test_another_real_clip_takes_its_place(open_app: Open, market: Path, kept: Callable[[str], str]) -> None:
    """The form stays, and the change is that of the clip alone."""
    app = clean(open_app(market, clip=kept(CLIP), brief=brief_text.packed(ASKED), see="change"))
    before = first(app)
    kept(OTHER)
    app.session_state[clip_picker.CHANGING] = True
    app.run()
    names = [one.name for one in recent.recents(Workspace.open(market))]
    app = clean(app.button(key=f"recent_{names.index(OTHER)}").click().run())
    assert app.text_area(key="form_description").value == ASKED.description
    edits = drawn(app, "edits")
    assert edits["layout"]["yaxis"]["ticktext"][1:-1] == ["Clip: another one"]
    after = first(clean(app.button(key="rebase").click().run()))
    assert after.log_score - before.log_score == pytest.approx(numbers(edits["data"][0]["x"])[1], abs=1e-4)


def test_sweeps_and_a_ranking_say_what_the_form_gives(asked: Callable[..., AppTest], market: Path, said: Said) -> None:
    space = Workspace.open(market)
    kol_lists.save(space, "For the clip", [f"{space.info.platform}:kol{n:04d}" for n in (42, 81, 7)])
    app = clean(
        asked("change", along="city", down="product", across="mute")
        .selectbox(key="change_list")
        .set_value("For the clip")
        .run()
    )
    assert len(drawn(app, "sweep")["data"][1]["x"]) > 3
    ranking = app.dataframe(key="ranking").value
    assert len(ranking) == 3
    assert ranking["Forecast"].is_monotonic_decreasing
    assert np.all((ranking["From"] <= ranking["Forecast"]) & (ranking["Forecast"] <= ranking["To"]))
    slots, grid = drawn(app, "slots")["data"][0], drawn(app, "grid")["data"][0]
    assert np.array(slots["hovertext"]).shape == (7, 24)
    assert np.array(grid["hovertext"]).shape == (2, 2)
    muted_without = next(cell for row in grid["hovertext"] for cell in row if cell.startswith("<b>No · Yes"))
    app = clean(app.button_group(key="form_product_link").set_value("no").run())
    app = clean(app.toggle(key="clip_muted").set_value(True).run())
    assert f"Forecast {headline(app).split('**')[1]} " in muted_without
    app = clean(app.button(key="reset").click().run())
    app = clean(app.selectbox(key="form_hour").set_value(3).run())
    wednesday = slots["hovertext"][2][3]
    assert f"orecast {headline(app).split('**')[1]} " in wednesday


def test_what_is_unlike_the_market_is_marked_and_veiled(asked: Callable[..., AppTest], said: Said) -> None:
    app = asked("change", down="duration", across="hour")
    (held,) = [m for m in app.caption if "Picture size 270 px: the market's smallest is 480 px." in m.value]
    assert ":orange" in held.value
    grid = drawn(app, "grid")
    short = [n for n, name in enumerate(grid["layout"]["yaxis"]["ticktext"]) if float(name.split()[0]) < 10]
    veiled = [one for one in grid["layout"]["shapes"] if one.get("name") == "outside"]
    assert [one["y0"] for one in veiled] == [n - 0.5 for n in short]
    assert re.search(r"Veiled rows and columns are unlike.*the market's smallest is 10 s", said(app))
    app.segmented_control(key="form_kol_mode").set_value("type").run()
    app = app.number_input(key="form_age").set_value(400).run()
    assert any("Age cannot be 400; give a number from 0 to 120." in one.value for one in app.caption)


def test_seven_versions_are_kept_one_is_pinned_and_six_compared(asked: Callable[..., AppTest], market: Path) -> None:
    space, app, told = Workspace.open(market), asked("scenarios"), {}
    for hour in range(20, 13, -1):
        app = clean(app.selectbox(key="form_hour").set_value(hour).run())
        told[f"At {hour}"] = headline(app).split("**")[1]
        app.session_state["scenario-save"] = True
        app.run()
        next(one for one in app.text_input if str(one.key).startswith("scenario_name_")).set_value(f"At {hour}")
        app = clean(app.button(key="scenario-save-go").click().run())
    saved = {one.name: one for one in scenarios.scenarios(space)}
    app = clean(app.button(key=f"scenario-pin-{saved['At 20'].id}").click().run())
    compared = next(one.value for one in app.dataframe if "Field" in one.value.columns)
    assert list(compared.columns) == ["Field", *(f"At {hour}" for hour in range(20, 14, -1))]
    scores = compared.set_index("Field").loc["Forecast"]
    assert [told[name] in scores[name] for name in scores.index] == [True] * 6
    assert [one["text"] for one in drawn(app, "scenarios")["layout"]["annotations"]] == list(scores.index)
    for one in saved.values():
        scenarios.remove(space, one.id)


def test_goals_are_reached_as_told_or_honestly_not(asked: Callable[..., AppTest], said: Said) -> None:
    app = asked("change")
    assert app.segmented_control(key="goal_kind").value == "top"
    assert re.search(r"The top tenth of .+ begins at [\d.]+[kM]?", said(app))
    app = app.segmented_control(key="goal_kind").set_value("score").run()
    app = app.number_input(key="goal_reach").set_value(int(1.1 * first(app).score)).run()
    app = app.button_group(key="goal_levers").set_value(["hour", "weekday", "kol", "start", "mute"]).run()
    app = app.slider(key="rule_hours").set_value((8, 18)).run()
    app = app.slider(key="rule_least").set_value(9.0).run()
    app = clean(app.button(key="goal-go").click().run())
    question, found = app.session_state["goal_found"]
    assert found.reached
    assert len(found.answers) > 1
    sizes = [len(answer.edits) for answer in found.answers]
    assert sizes == sorted(sizes)
    assert max(sizes) <= question.most
    for answer in found.answers:
        made = check_levers.edited(question.brief, answer.edits)
        assert 8 <= made.hour < 18
        assert made.take.start_s <= 3.1  # the market's shortest video lasts 10 s, this one 13.1
        assert answer.score >= question.target
    app = clean(app.button(key="goal-apply-0").click().run())
    assert headline(app).split("**")[1] == compact(found.answers[0].score, "en")

    app = clean(app.number_input(key="goal_reach").set_value(10**9).run())
    app = clean(app.button(key="goal-go").click().run())
    best = app.session_state["goal_found"][1].answers[0]
    assert any(re.match(r"Not reach(ed|able): ", one.value) for one in app.warning)
    assert compact(best.score, "en") in said(app)


def test_no_goal_is_sought_in_what_the_market_never_had(
    asked: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its shortest video lasts 10 s; the clip, 13.1 s."""
    seen: list[Any] = []

    def spied(predict: Any, fields: list[Field], target: float, most: int, rules: list[Rule], **rest: Any) -> Found:
        seen.append((fields, rules))
        return search(predict, fields, target, most, rules, **rest)

    monkeypatch.setattr(check_goal, "search", spied)
    app = asked("change")
    app = app.button_group(key="goal_levers").set_value(["start", "duration"]).run()
    clean(app.button(key="goal-go").click().run())
    ((fields, rules),) = seen
    assert {field.key: field.values for field in fields} == {
        "start": (0.0, 1.0, 2.0, 3.0), "duration": (10.0, 12.0, 13.1),
    }  # fmt: skip
    assert all(rule({"start": 3.0}) for rule in rules)
    assert not all(rule({"start": 3.0, "duration": 9.0}) for rule in rules)


@pytest.mark.parametrize(
    ("form", "missing"), [("picture", {"audio"}), ("song", {"visual"}), ("words", {"audio", "visual"})]
)
def test_a_part_of_it_alone_is_judged_without_the_rest(
    open_app: Open, market: Path, real_clips: Path, form: str, missing: set[str]
) -> None:
    """Its first frame as a picture, its sound as a song, its words without it."""
    app = open_app(market, brief=brief_text.packed(ASKED))
    if form == "words":
        app = app.button(key="score-words").click().run()
    else:
        clip = media.decode(real_clips / CLIP)
        named, content = (
            ("still.jpg", _jpeg(clip.frames[0])) if form == "picture" else ("song.wav", _wav(clip.sound[16_000]))
        )
        app = app.file_uploader[0].set_value((named, content, "")).run()
    forecast = first(clean(app))
    assert set(forecast.missing) == {*missing, "temporal"}
    told = {name for name, value in forecast.contribution.items() if value is not None}
    assert told == set(Modality) - set(forecast.missing)
    assert "Expected popularity score" in headline(app)


def _jpeg(frame: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(frame).save(file, "JPEG")
    return file.getvalue()


def _wav(sound: np.ndarray) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as song:
        song.setparams((1, 2, 16_000, 0, "NONE", ""))
        song.writeframes((32767 * np.clip(sound, -1, 1)).astype("<i2").tobytes())
    return file.getvalue()
