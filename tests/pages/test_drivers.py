"""What drives popularity: every measure at once, in words that never say cause."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.errors import BadBundle
from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


def test_all_measures_stand_side_by_side_at_first(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers")
    assert not app.exception
    assert app.button_group(key="xgboost").value == ["weight", "gain", "cover", "shap"]
    assert app.button_group(key="lightgbm").value == ["split", "gain", "shap"]
    assert "By 7 measures together, the models rely most on" in said(app)
    assert "(simulated)" in said(app)


def test_importance_is_association_and_never_cause(open_app: Open, market: Path, said: Said) -> None:
    text = said(open_app(market, "drivers"))
    assert "association" in text
    assert "causes" not in text


def test_fewer_measures_may_be_picked_and_none_is_said(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers")
    one = app.button_group(key="xgboost").set_value(["gain"]).run()
    one = one.button_group(key="lightgbm").set_value([]).run()
    assert "By XGBoost gain, the models rely most on" in said(one)
    none = one.button_group(key="xgboost").set_value([]).run()
    assert "Pick at least one measure" in said(none)


def test_the_table_gives_shares_and_ranks(open_app: Open, market: Path) -> None:
    app = open_app(market, "drivers", view="table")
    table = app.dataframe[0].value
    assert list(table.columns[:3]) == ["Feature", "Group", "Mean share"]
    assert "XGBoost gain rank" in table.columns
    assert table["Mean share"].is_monotonic_decreasing
    assert len(table) == 12


def test_a_workspace_without_a_model_says_how_to_get_one(open_app: Open, empty_market: Path, said: Said) -> None:
    app = open_app(empty_market, "drivers")
    assert "python -m mtaf_core train" in said(app)
    assert not app.exception


def test_a_damaged_bundle_is_one_sentence(
    open_app: Open, market: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_: Workspace) -> None:
        raise BadBundle("importance.json is damaged; train again.")

    monkeypatch.setattr(Workspace, "importance", damaged)
    assert "importance.json is damaged; train again." in said(open_app(market, "drivers"))


def test_a_fault_of_ours_shows_a_reference(open_app: Open, market: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Workspace) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(Workspace, "importance", broken)
    app = open_app(market, "drivers")
    assert "Reference" in app.error[0].value
    assert not app.exception
