"""Model: what was measured in words and tables, what to do where nothing was, and work that goes on."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from given_evaluation import evaluation
from streamlit.testing.v1 import AppTest

from mtaf_core.evaluation import results
from mtaf_core.jobs import Step
from mtaf_core.model import manifest as manifests
from mtaf_core.schema import definition, fingerprint
from mtaf_core.workspace import Workspace, WorkspaceInfo
from pages.components import tasks

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


def row(method: str, mse: float) -> dict:
    return {"method": method, "MAE": 0.7, "MSE": mse, "R2": 0.6, "SRCC": None, "NDCG@10": 0.4}


def bundle(space: Workspace, name: str, mse: float, seed: int = 0) -> None:
    """A bundle that says what it is; there is no network in it."""
    folder = space.bundle_dir / name
    (folder / manifests.PLUS).mkdir(parents=True)
    for file in manifests.FILES:
        (folder / file).write_bytes(b"-")
    interval = {"level": 0.9, "coverage": 0.912, "mean_width": 2.0}
    rows = [row("MTAF+", mse), row("Mean", 2.2)]
    manifests.write_manifest(
        folder,
        manifests.Manifest(
            created_at=f"2026-11-2{seed}T10:00:00+00:00",
            version="0.1.0",
            profile="compact",
            backbones={"text": {"name": "use-multilingual-v3", "dimension": 512}},
            horizon_day=6,
            training={"seed": seed},
            stack={},
            baseline=7.0,
            metrics={"0": {"n_test": 160, "rows": rows, "interval": interval}},
            calibration={"residuals": [160]},
            data={"videos": 1_600, "labelled": 1_600, "from": "2026-08-31", "to": "2026-10-30"},
            provenance={"market": "Autumn", "simulated": False},
            schema=fingerprint(),
            definition=definition(),
        ),
    )
    space.use_bundle(name)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace with a bundle, in which nothing was measured."""
    made = Workspace.create(tmp_path / "autumn", WorkspaceInfo("Autumn"))
    bundle(made, "first", 0.9)
    return made


@pytest.fixture
def measured(space: Workspace) -> Workspace:
    """The same with three evaluations."""
    for one in (evaluation(0), evaluation(2), evaluation(0, split="random", ablate=False, learning_curve=None)):
        results.save(space, one)
    return space


class TestNothingMeasured:
    def test_the_bundle_tells_what_it_knows_and_a_button_measures(self, open_app: Open, space: Workspace, said: Said):
        app = open_app(space.path, "model")
        assert not app.exception
        assert "Nothing has been measured here yet" in said(app)
        assert "on the latest 160 videos" in said(app)
        own = app.dataframe[0].value
        assert own["Method"].tolist() == ["MTAF+", "Mean"]
        assert own["MSE"].tolist() == [0.9, 2.2]
        assert app.button(key="go_measure")

    def test_without_a_bundle_it_says_how_to_get_one(self, open_app: Open, empty_market: Path, said: Said):
        for part in ("methods", "videos", "bundle"):
            app = open_app(empty_market, "model", part=part)
            assert not app.exception
            assert "python -m mtaf_core train" in said(app)


class TestMeasured:
    def test_the_headline_says_how_good_in_words(self, open_app: Open, measured: Workspace, said: Said):
        app = open_app(measured.path, "model")
        assert not app.exception
        text = said(app)
        assert "MTAF+ explains :primary[**67%**] of the differences between 240 later videos it never saw" in text
        assert "Its error (MSE) is 5.9% below that of CatBoost" in text
        assert "(95% interval 1.0% to 10%)" in text
        tiles = {metric.label: metric.value for metric in app.metric}
        assert tiles["Typical error"] == "×2.24"
        assert tiles["Ranking (SRCC)"] == "0.80"
        assert tiles["90% range held"] == "89.6%"

    def test_the_tables_of_the_paper_are_there_with_the_best_row_marked(
        self, open_app: Open, measured: Workspace, said: Said
    ):
        app = open_app(measured.path, "model")
        text = said(app)
        assert all(f"the paper's Table {n}" in text for n in (2, 3, 4))
        assert "MTAF+ has the lowest MSE" in text
        assert "SVR was not run: it was not asked for." in text
        scores, ablation, days = (app.dataframe[place].value for place in range(3))
        assert scores["Method"].tolist() == ["MTAF+ ★", "CatBoost", "MTAF", "XGBR", "LR"]
        assert scores["MSE, 95% interval"].iloc[0] == "0.720 – 0.880"
        assert scores["MSE, paper"].tolist()[2:] == [1.139, 1.275, 1.735]
        assert ablation["Without"].tolist() == ["nothing: the whole MTAF", "Context", "Text", "Sound", "Picture"]
        assert ablation["Trained without, change"].iloc[3] < 0
        assert days.columns[:3].tolist() == ["Method", "before release", "2 days"]

    def test_another_measure_puts_the_table_in_its_order(self, open_app: Open, measured: Workspace, said: Said):
        app = open_app(measured.path, "model", measure="NDCG@10")
        assert "MTAF+ has the highest NDCG@10" in said(app)
        assert "NDCG@10, 95% interval" in app.dataframe[0].value
        app.toggle(key="intervals").set_value(True).run()
        assert {"MSE, 95% interval", "R², 95% interval"} <= set(app.dataframe[0].value)

    def test_what_is_looked_at_stands_in_the_address(self, open_app: Open, measured: Workspace, said: Said):
        app = open_app(measured.path, "model")
        app.button_group(key="days").set_value("2").run()
        assert app.query_params["days"] == "2"
        assert "2 days observed, every method" in said(app)
        app = open_app(measured.path, "model", split="random")
        assert app.button_group(key="split").value == "random"
        assert "random videos it never saw" in said(app)
        assert "What each modality adds" not in said(app), "that evaluation had no ablation"
        odd = open_app(measured.path, "model", split="<b>", days="9", part="x", measure="y")
        assert not odd.exception
        assert odd.button_group(key="split").value == "temporal"

    def test_days_that_a_split_does_not_have_are_forgotten(self, open_app: Open, measured: Workspace):
        app = open_app(measured.path, "model", days="2")
        app.button_group(key="split").set_value("random").run()
        assert not app.exception
        assert app.button_group(key="days").value == "0"

    def test_the_newest_of_a_kind_is_shown(self, open_app: Open, measured: Workspace, said: Said):
        results.save(measured, evaluation(0, created_at="2026-12-24T00:00:00+00:00", n_test=999, ablate=False))
        text = said(open_app(measured.path, "model"))
        assert "999 later videos" in text
        assert "the paper's Table 3) · measured 2026-11-24" in text, "the newest with an ablation is an older one"

    def test_data_that_came_since_are_told(self, open_app: Open, measured: Workspace, said: Said):
        results.save(measured, evaluation(0, data={"version": 7}))
        assert "version 7, now 0" in said(open_app(measured.path, "model"))

    def test_in_chinese_too(self, open_app: Open, measured: Workspace, said: Said):
        for part, words in (("methods", "论文表 2"), ("videos", "预测与真实"), ("bundle", "本工作区的模型")):
            app = open_app(measured.path, "model", lang="zh", part=part)
            assert not app.exception
            assert words in said(app)


class TestCloserLook:
    def test_four_charts_each_say_what_they_found(self, open_app: Open, measured: Workspace, said: Said):
        app = open_app(measured.path, "model", part="videos")
        assert not app.exception
        text = said(app)
        assert "Half of the forecasts are within" in text
        assert "Typical error is largest in" in text
        assert "All 240 videos." in text
        assert len(app.get("plotly_chart")) == 4

    def test_groups_and_methods_can_be_changed(self, open_app: Open, measured: Workspace, said: Said):
        app = open_app(measured.path, "model", part="videos", by="uploader_seen", of="MTAF")
        assert not app.exception
        assert "Typical error is much the same in every group" in said(app)
        assert app.button_group(key="of").value == "MTAF"
        app.button_group(key="by").set_value("tier").run()
        assert app.query_params["by"] == "tier"

    def test_a_sample_is_said_to_be_one(self, open_app: Open, space: Workspace, said: Said):
        results.save(space, evaluation(videos=2_100))
        assert "2,000 of 2,100 videos are drawn, at random." in said(open_app(space.path, "model", part="videos"))


class TestDamaged:
    @pytest.mark.parametrize("text", ["{", "[]", '{"rows": [{}], "split": "temporal"}'])
    def test_a_damaged_evaluation_is_one_sentence_and_the_rest_is_shown(
        self, open_app: Open, measured: Workspace, said: Said, text: str
    ):
        newest = results.listed(measured)[0]
        (measured.path / "evaluations" / f"{newest}.json").write_text(text)
        app = open_app(measured.path, "model")
        assert not app.exception
        assert len(app.warning) == 1
        assert newest in app.warning[0].value
        assert "MTAF+ explains" in said(app)

    def test_one_damaged_evaluation_alone_leaves_the_way_to_measure(self, open_app: Open, space: Workspace, said: Said):
        name = results.save(space, evaluation())
        (space.path / "evaluations" / f"{name}.json").write_text(json.dumps({"rows": 3}))
        app = open_app(space.path, "model")
        assert "is no evaluation" in app.warning[0].value
        assert app.button(key="go_measure")

    def test_damaged_forecasts_are_one_sentence(self, open_app: Open, measured: Workspace):
        for file in (measured.path / "evaluations").glob("*.parquet"):
            file.write_bytes(b"no parquet")
        app = open_app(measured.path, "model", part="videos")
        assert not app.exception
        assert "cannot be read" in app.error[0].value


class TestBundle:
    def test_it_shows_its_card_and_what_it_measured(self, open_app: Open, space: Workspace, said: Said):
        app = open_app(space.path, "model", part="bundle")
        assert not app.exception
        text = said(app)
        assert "In use: first" in text
        assert "Model card: popularity on day 6, Autumn" in text
        assert {metric.label: metric.value for metric in app.metric}["Answers with"] == "MTAF+"

    def test_one_may_go_back_to_another_and_a_damaged_one_is_told(self, open_app: Open, space: Workspace, said: Said):
        bundle(space, "second", 0.7, seed=1)
        bundle(space, "third", 0.6, seed=2)
        (space.bundle_dir / "first" / "manifest.json").write_text("{")
        app = open_app(space.path, "model", part="bundle")
        kept = app.dataframe[-1].value
        assert kept["Model"].tolist() == ["third", "second", "first"]
        assert kept["State"].tolist() == ["in use", "kept", "cannot be read"]
        app.button(key="use_bundle").click().run()
        assert not app.exception
        assert space.bundle_path().name == "second"
        assert "In use: second" in said(app)


class TestWork:
    @pytest.fixture(autouse=True)
    def no_work_left(self):
        yield
        for kind in ("evaluate", "train"):
            job = tasks.jobs().current(kind)
            if job is not None:
                job.stop()
                job.wait(30)
                tasks.jobs().put_away(kind)

    def test_measuring_goes_on_is_found_again_and_is_cancelled(
        self, open_app: Open, space: Workspace, said: Said, monkeypatch: pytest.MonkeyPatch
    ):
        from mtaf_core.evaluation import market

        asked, go = [], threading.Event()

        def slow(workspace, settings, days, budget=None, progress=None):
            asked.append((settings.split, days, settings.ablate, settings.learning_curve))
            progress(Step("evaluate", 100, 1_000, "MTAF 1/3"))
            go.wait(30)
            progress(Step("evaluate", 200, 1_000, "MTAF 2/3"))

        monkeypatch.setattr(market, "evaluate_days", slow)
        app = open_app(space.path, "model")
        app.button_group(key="ask_days").set_value([0, 2]).run()
        app.button_group(key="ask_split").set_value("random").run()
        app.toggle(key="ask_ablate").set_value(False).run()
        app.toggle(key="ask_curve").set_value(True).run()
        app.button(key="go_measure").click().run()
        assert not app.exception
        again = open_app(space.path, "model")
        assert "Measuring every method" in said(again)
        assert [button.key for button in again.button if button.key == "go_measure"] == []
        again.button(key="stop-evaluate").click()
        tasks.jobs().current("evaluate").stop()
        go.set()
        tasks.jobs().current("evaluate").wait(30)
        assert asked == [("random", [0, 2], False, True)]
        assert "Cancelled" in said(open_app(space.path, "model"))

    def test_what_was_measured_is_shown_when_it_is_done(
        self, open_app: Open, space: Workspace, said: Said, monkeypatch: pytest.MonkeyPatch
    ):
        from mtaf_core.evaluation import market

        monkeypatch.setattr(market, "evaluate_days", lambda space, *_, **__: [results.save(space, evaluation())])
        app = open_app(space.path, "model")
        app.button(key="go_measure").click().run()
        tasks.jobs().current("evaluate").wait(30)
        app.run()
        assert not app.exception
        assert "MTAF+ explains" in said(app)
        assert any("Measured" in done.value for done in app.success)

    def test_a_market_that_is_too_small_says_so_in_one_sentence(self, open_app: Open, space: Workspace):
        app = open_app(space.path, "model")
        app.button(key="go_measure").click().run()
        tasks.jobs().current("evaluate").wait(60)
        app.run()
        assert not app.exception
        assert "fall on the training side" in app.error[0].value

    def test_no_day_picked_starts_nothing(self, open_app: Open, space: Workspace):
        app = open_app(space.path, "model")
        app.button_group(key="ask_days").set_value([]).run()
        assert app.button(key="go_measure").disabled

    def test_training_puts_the_new_bundle_in_use(
        self, open_app: Open, market: Path, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
    ):
        from types import SimpleNamespace

        from mtaf_core import pipeline

        shutil.copytree(market, tmp_path / "own")
        own = Workspace.open(tmp_path / "own")
        asked = []

        def quick(workspace, horizon_day, seed, device, progress):
            asked.append((horizon_day, seed))
            bundle(workspace, "fresh", 0.5, seed=3)
            return SimpleNamespace(path=workspace.bundle_dir / "fresh")

        monkeypatch.setattr(pipeline, "train_market", quick)
        app = open_app(own.path, "model", part="bundle")
        app.number_input(key="ask_seed").set_value(7).run()
        app.button(key="go_train").click().run()
        tasks.jobs().current("train").wait(30)
        app.run()
        assert not app.exception
        assert asked == [(6, 7)]
        assert any("fresh is trained and in use" in done.value for done in app.success)
        assert "In use: fresh" in said(app)
