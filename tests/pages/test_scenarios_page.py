"""Scenarios on Check a video: saved, compared, opened, shared by address; edits undone and redone; guard rails."""

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.charts.table_file import csv_file
from mtaf_core.errors import BadInput
from mtaf_core.insight import scenarios
from mtaf_core.workspace import Workspace
from pages.components import brief_text, check_contents
from pages.components.candidate_form import Brief

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
SAMPLE = "03-sneaker-reveal"


@pytest.fixture
def folder(market: Path) -> Path:
    """The market without scenarios."""
    for file in market.glob("*scenarios.json*"):
        file.unlink()
    return market


@pytest.fixture
def app(open_app: Open, folder: Path) -> AppTest:
    opened = open_app(folder, sample=SAMPLE)
    assert not opened.exception
    return opened


def link(app: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def save(app: AppTest, name: str | None = None) -> AppTest:
    app.session_state["scenario-save"] = True
    app.run()
    if name is not None:
        next(one for one in app.text_input if str(one.key).startswith("scenario_name_")).set_value(name)
    return clean(app.button(key="scenario-save-go").click().run())


def clean(app: AppTest) -> AppTest:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return app


def headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if "Expected popularity score" in m.value)


def table(app: AppTest) -> pd.DataFrame:
    return next(one.value for one in app.dataframe if "Field" in one.value.columns)


def test_two_scenarios_are_saved_compared_and_shared(open_app: Open, folder: Path, app: AppTest, said: Said) -> None:
    first = headline(app)
    save(app)
    app.selectbox(key="form_hour").set_value(3).run()
    save(app)
    assert [one.name for one in scenarios.scenarios(Workspace.open(folder))] == ["Sunday 03:00", "As it is"]
    app = clean(app.segmented_control(key="see").set_value("scenarios").run())
    shown = table(app)
    assert list(shown.columns) == ["Field", "As it is", "Sunday 03:00"]
    assert list(shown["Field"]) == ["Forecast", "90% range", "Factor", "Difference", "≠ Hour"]
    assert shown["Sunday 03:00"].iloc[-1] == "03:00"
    assert f"[**{shown['As it is'].iloc[0]}**]" in first
    assert "but their ranges overlap so much that the difference is not clear" in said(app)
    assert any(chart.proto.alt.startswith("Dots with 90% ranges of 2 scenarios") for chart in app.get("plotly_chart"))
    everything = clean(app.toggle(key="scenario_all").set_value(True).run())
    assert "Description" in list(table(everything)["Field"])

    fresh = clean(open_app(folder, see="scenarios", compare=link(app)["compare"]))
    assert list(table(fresh).columns) == list(shown.columns)
    assert list(table(fresh)["As it is"]) == list(shown["As it is"])


def test_a_scenario_opens_by_its_address_with_its_clip(open_app: Open, folder: Path, app: AppTest) -> None:
    app.selectbox(key="form_hour").set_value(3).run()
    app.text_area(key="form_description").set_value("Half price, today only!").run()
    there = headline(save(app, "Night"))
    assert set(link(app)) == {"scenario", "kol", "was"}
    fresh = clean(open_app(folder, scenario=link(app)["scenario"]))
    assert headline(fresh) == there
    assert fresh.selectbox(key="form_hour").value == 3
    assert fresh.text_area(key="form_description").value == "Half price, today only!"
    changed = clean(fresh.selectbox(key="form_hour").set_value(9).run())
    assert "scenario" not in link(changed)
    assert link(changed)["sample"] == SAMPLE
    back = clean(changed.button(key="edit-undo").click().run())
    assert headline(back) == there
    assert "scenario" in link(back)


def test_open_puts_it_into_the_form_and_is_undone_in_one_step(app: AppTest) -> None:
    save(app, "Start")
    hour = app.selectbox(key="form_hour").value
    app.selectbox(key="form_hour").set_value((hour + 5) % 24).run()
    app.segmented_control(key="form_product_link").set_value("no").run()
    app.segmented_control(key="see").set_value("scenarios").run()
    saved = next(b for b in app.button if str(b.key).startswith("scenario-open-"))
    opened = clean(saved.click().run())
    assert opened.selectbox(key="form_hour").value == hour
    back = clean(opened.button(key="edit-undo").click().run())
    assert back.selectbox(key="form_hour").value == (hour + 5) % 24
    assert back.segmented_control(key="form_product_link").value == "no"


def test_a_scenario_is_renamed_pinned_deleted_and_brought_back(folder: Path, app: AppTest, said: Said) -> None:
    save(app, "A")
    app.selectbox(key="form_hour").set_value(3).run()
    save(app, "B")
    app.segmented_control(key="see").set_value("scenarios").run()
    b, a = scenarios.scenarios(Workspace.open(folder))
    app = clean(app.button(key=f"scenario-pin-{b.id}").click().run())
    assert list(table(app).columns)[1:] == ["B", "A"]
    app.session_state[f"scenario-more-{a.id}"] = True
    app.run()
    app.text_input(key=f"scenario_rename_{a.id}").set_value("  ").run()
    app = app.button(key=f"scenario-rename-{a.id}").click().run()
    assert [one.value for one in app.warning] == ["Give the scenario a name."]
    app.text_input(key=f"scenario_rename_{a.id}").set_value("As planned").run()
    app = clean(app.button(key=f"scenario-rename-{a.id}").click().run())
    assert list(table(app).columns)[1:] == ["B", "As planned"]
    app = clean(app.button(key=f"scenario-delete-{a.id}").click().run())
    assert list(table(app).columns)[1:] == ["B"]
    assert "'As planned' was deleted." in said(app)
    app = clean(app.button(key="scenario-undo").click().run())
    assert list(table(app).columns)[1:] == ["B", "As planned"]


def test_at_most_six_are_compared(folder: Path, app: AppTest) -> None:
    for hour in range(7):
        app.selectbox(key="form_hour").set_value(hour).run()
        save(app, f"At {hour}")
    app = clean(app.segmented_control(key="see").set_value("scenarios").run())
    assert len(table(app).columns) == 7
    left = scenarios.scenarios(Workspace.open(folder))[0]
    refused = app.checkbox(key=f"scenario_box_{left.id}").check().run()
    assert "6 are compared already" in refused.warning[0].value
    assert len(table(refused).columns) == 7
    assert len(link(app)["compare"].split(",")) == 6


def test_what_a_link_names_and_is_not_there_is_said(open_app: Open, folder: Path) -> None:
    for name, value, words in (
        ("scenario", "nobody", "no scenario 'nobody'"),
        ("clip", "0123456789abcdef", "not kept here any more"),
        ("sample", "99-nothing", "not kept here any more"),
        ("brief", "1.nothing", "cannot be read"),
    ):
        app = clean(open_app(folder, **{name: value}))
        assert [words in one.value for one in app.warning] == [True]
        assert name not in link(app)


def test_a_comparison_of_which_one_was_deleted_shows_the_others(open_app: Open, folder: Path, app: AppTest) -> None:
    save(app, "A")
    there = link(app)["scenario"]
    fresh = clean(open_app(folder, see="scenarios", compare=f"{there},deadbeef"))
    assert "1 of the scenarios in this link are not here any more" in fresh.warning[0].value
    assert list(table(fresh).columns) == ["Field", "A"]


def test_a_comparison_of_which_all_were_deleted_says_so(open_app: Open, folder: Path) -> None:
    fresh = clean(open_app(folder, sample=SAMPLE, see="scenarios", compare="deadbeef,cafe"))
    assert [one.value for one in fresh.warning] == [
        "2 of the scenarios in this link are not here any more; the others are shown."
    ]


def test_names_are_no_markup(open_app: Open, folder: Path, make_clip: Callable[..., Path], said: Said) -> None:
    name = "![spy](https://x.y/z.png)"
    app = open_app(folder)
    app.file_uploader[0].set_value((f"{name}.mp4", make_clip("a.mp4", seconds=1.0).read_bytes(), "video/mp4")).run()
    clean(save(app, name))
    app = clean(app.segmented_control(key="see").set_value("scenarios").run())
    assert name in table(app).columns
    assert name not in said(app)
    assert r"\!\[spy\]\(https\://x.y/z.png\)" in said(app)


def test_a_scenario_whose_clip_is_gone_keeps_its_figures(
    open_app: Open, folder: Path, make_clip: Callable[..., Path], said: Said
) -> None:
    app = open_app(folder)
    app.file_uploader[0].set_value(("tea.mp4", make_clip("tea.mp4", seconds=1.5).read_bytes(), "video/mp4")).run()
    clean(save(app, "Tea"))
    saved = scenarios.scenarios(Workspace.open(folder))[0]
    assert saved.clip == "tea.mp4"
    shutil.rmtree(Workspace.open(folder).upload_dir)
    fresh = clean(open_app(folder, see="scenarios", compare=saved.id))
    assert "clip no longer kept" in said(fresh)
    assert "Tea" in table(fresh).columns
    opened = open_app(folder, scenario=saved.id)
    assert "not kept here any more" in opened.warning[0].value


def test_another_forecast_than_was_saved_is_said(open_app: Open, folder: Path, app: AppTest, said: Said) -> None:
    save(app, "Old")
    file = folder / scenarios.FILE
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["scenarios"][0] |= {"bundle": "an-older-one", "score": 77.0}
    file.write_text(json.dumps(kept), encoding="utf-8")
    fresh = clean(open_app(folder, see="scenarios", compare=kept["scenarios"][0]["id"]))
    assert "another model since: was 77" in said(fresh)
    assert table(fresh)["Old"].iloc[0] != "77"


def test_a_damaged_file_is_one_sentence(open_app: Open, folder: Path) -> None:
    (folder / scenarios.FILE).write_text("{")
    app = open_app(folder, sample=SAMPLE, see="scenarios")
    assert not app.exception
    assert [("cannot be read" in one.value) for one in app.error] == [True]


def test_the_comparison_is_exported_and_runs_nothing(app: AppTest) -> None:
    app.text_area(key="form_description").set_value('=HYPERLINK("https://x.y")').run()
    save(app, "=1+1")
    app = clean(app.segmented_control(key="see").set_value("scenarios").run())
    names = [str(one.proto.id) for one in app.get("download_button")]
    assert any("scenarios-csv" in name for name in names)
    assert any("scenarios-xlsx" in name for name in names)
    rows = pd.DataFrame({"Scenario": ["=1+1"], "Forecast": [1.5]})
    assert pd.read_csv(io.BytesIO(csv_file(rows)))["Scenario"].iloc[0] == "'=1+1"


def test_edits_are_undone_and_redone_and_a_new_one_ends_what_could_be_redone(app: AppTest) -> None:
    assert app.button(key="edit-undo").disabled
    assert app.button(key="edit-redo").disabled
    first, hour = headline(app), app.selectbox(key="form_hour").value
    second = headline(app.selectbox(key="form_hour").set_value(3).run())
    app.segmented_control(key="form_product_link").set_value("no").run()
    app = clean(app.button(key="edit-undo").click().run())
    assert headline(app) == second
    app = clean(app.button(key="edit-undo").click().run())
    assert (headline(app), app.selectbox(key="form_hour").value) == (first, hour)
    assert app.button(key="edit-undo").disabled
    app = clean(app.button(key="edit-redo").click().run())
    assert headline(app) == second
    app = clean(app.selectbox(key="form_hour").set_value(4).run())
    assert app.button(key="edit-redo").disabled


def test_a_refreshed_page_has_the_form_its_start_and_its_edits_again(open_app: Open, folder: Path, said: Said) -> None:
    app = open_app(folder, sample=SAMPLE)
    assert set(link(app)) == {"sample", "kol"}
    app.selectbox(key="form_hour").set_value(3).run()
    app.multiselect(key="form_tags").set_value(["sneakers", "护肤"]).run()
    app.segmented_control(key="form_kol_mode").set_value("type").run()
    app = clean(app.number_input(key="form_follower_count").set_value(120_000).run())
    again = clean(open_app(folder, **link(app)))
    assert headline(again) == headline(app)
    assert again.number_input(key="form_follower_count").value == 120_000
    assert again.multiselect(key="form_tags").value == ["sneakers", "护肤"]
    assert "Changed: Hashtags · KOL · Hour" in said(again)
    back = clean(again.button(key="edit-undo").click().run())
    assert back.segmented_control(key="form_kol_mode").value == "pick"
    reset = clean(back.button(key="reset").click().run())
    assert "brief" not in link(reset)
    assert "Compared with" not in said(reset)


def test_a_shared_form_is_compared_with_its_sample(open_app: Open, folder: Path, said: Said) -> None:
    app = clean(open_app(folder, sample=SAMPLE).selectbox(key="form_hour").set_value(3).run())
    shared = {name: value for name, value in link(app).items() if name != "was"}
    fresh = clean(open_app(folder, **shared))
    assert headline(fresh) == headline(app)
    assert "Changed: Hour" in said(fresh)


def test_a_form_without_a_clip_survives_a_refresh(open_app: Open, folder: Path) -> None:
    app = open_app(folder)
    assert "brief" not in link(app)
    app = clean(app.text_area(key="form_description").set_value("Half price").run())
    again = clean(open_app(folder, **link(app)))
    assert again.text_area(key="form_description").value == "Half price"
    assert "brief" in link(again)


def test_an_upload_is_found_again(open_app: Open, folder: Path, make_clip: Callable[..., Path]) -> None:
    app = open_app(folder)
    app.file_uploader[0].set_value(("again.mp4", make_clip("again.mp4", seconds=1.5).read_bytes(), "video/mp4")).run()
    assert re.fullmatch("[0-9a-f]{16}", link(app)["clip"])
    again = clean(open_app(folder, **link(app)))
    assert headline(again) == headline(app)
    assert "**again.mp4**" in " ".join(m.value for m in again.markdown)


def test_what_is_unlike_the_market_is_marked_beside_its_field_and_its_scenario(app: AppTest, said: Said) -> None:
    app.segmented_control(key="form_kol_mode").set_value("type").run()
    assert "the market's largest is" not in said(app)
    app = clean(app.number_input(key="form_follower_count").set_value(250_000_000).run())
    marked = [one.value for one in app.caption if "Followers 250M: the market's largest is 4.9M." in one.value]
    assert len(marked) == 2  # under the field, and beside the edits
    save(app, "Giant")
    app = clean(app.segmented_control(key="see").set_value("scenarios").run())
    assert "**Giant**: Followers 250M: the market's largest is 4.9M." in said(app)


def test_points_of_a_sweep_that_are_unlike_the_market_are_said(open_app: Open, folder: Path, said: Said) -> None:
    app = clean(open_app(folder, sample=SAMPLE, see="change", along="duration"))
    assert re.search(r"Grey, open points \(\d\) are unlike.*Duration \d s: the market's smallest is 10 s", said(app))
    app = clean(open_app(folder, sample=SAMPLE, see="change", along="hour"))
    assert "Grey, open points" not in said(app)


def test_what_cannot_be_is_marked_beside_its_field(app: AppTest) -> None:
    app.segmented_control(key="form_kol_mode").set_value("type").run()
    app = app.number_input(key="form_age").set_value(400).run()
    assert any("Age cannot be 400" in one.value for one in app.caption)
    assert len(app.error) == 1
    assert not app.exception


def test_it_is_said_in_chinese(open_app: Open, folder: Path, app: AppTest, said: Said) -> None:
    none = clean(open_app(folder, sample=SAMPLE, see="scenarios", lang="zh"))
    assert "尚无方案" in said(none)
    save(app, "现状")
    app.segmented_control(key="form_kol_mode").set_value("type").run()
    app.number_input(key="form_follower_count").set_value(250_000_000).run()
    save(app, "周六")
    shown = clean(open_app(folder, sample=SAMPLE, see="scenarios", lang="zh"))
    assert "**周六**: 粉丝数 2.5亿：本市场最大为 485万。" in said(shown)
    compared = next(one.value for one in shown.dataframe if "项目" in one.value.columns)
    assert list(compared.columns) == ["项目", "周六", "现状"]
    assert "≠ 达人" in list(compared["项目"])


def test_a_brief_is_found_by_its_text_alone(open_app: Open, folder: Path) -> None:
    text = brief_text.packed(Brief(description="From afar", hour=7))
    app = clean(open_app(folder, brief=text))
    assert app.text_area(key="form_description").value == "From afar"
    assert app.selectbox(key="form_hour").value == 7


def test_names_with_prices_and_marks_are_shown_as_they_are(app: AppTest) -> None:
    save(app, "$5 off [now] *or* $10")
    app = clean(app.segmented_control(key="see").set_value("scenarios").run())
    lines = [one.value for one in app.markdown]
    assert r"**\$5 off \[now\] \*or\* \$10**" in lines
    assert not [one for one in lines if "$5" in one.replace(r"\$", "")]


def test_what_holds_of_several_scenarios_is_said_once(app: AppTest) -> None:
    app.multiselect(key="form_tags").set_value(["nobodyusedthis"]).run()
    save(app, "one")
    save(app, "two")
    app = clean(app.segmented_control(key="see").set_value("scenarios").run())
    (said,) = (one.value for one in app.markdown if "nobodyusedthis" in one.value)
    assert "**one**, **two**: No video of this market used #nobodyusedthis" in said


def test_why_a_scenario_cannot_be_forecast_is_said_in_chinese_too(
    open_app: Open, folder: Path, app: AppTest, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(app)

    def refused(*_: object) -> None:
        raise BadInput("There are 40 hashtags; give at most 30.")

    monkeypatch.setattr(check_contents, "content_of", refused)
    text = said(open_app(folder, see="scenarios", lang="zh"))
    assert "显示保存时的数值 (共 40 个话题，最多 30 个。)" in text


def test_a_link_to_a_comparison_shows_it_over_the_choice_of_a_clip(open_app: Open, folder: Path, app: AppTest) -> None:
    save(app)
    for link_to, first in (({"see": "scenarios"}, "Saved scenarios"), ({}, "Your clip")):
        shown = clean(open_app(folder, **link_to))
        heads = [one.value.lstrip("# ") for one in shown.main.markdown]
        assert min(("Saved scenarios", "Your clip"), key=heads.index) == first
