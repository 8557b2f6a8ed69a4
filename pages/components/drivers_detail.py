"""The lower half of the page of drivers: one feature, its effect in words, how it goes, and the videos behind it."""

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.axes import ValueAxis, column_label, value_axis
from mtaf_core.charts.by_value import by_value_chart, value_name
from mtaf_core.charts.dependence import dependence_chart
from mtaf_core.charts.importance import LIBRARY
from mtaf_core.charts.numbers import factor, ordinal, percent
from mtaf_core.charts.partial import LINES, partial_chart
from mtaf_core.charts.words import feature_label, say
from mtaf_core.schema import FEATURE
from mtaf_core.study import partial
from mtaf_core.study.by_value import ByValue
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.dependence import FEW_IN_BIN, dependence
from mtaf_core.study.disagreement import Disagreement, marked
from mtaf_core.study.drivers import Effect, effect
from mtaf_core.study.market import Study
from mtaf_core.study.panel import CATEGORIES
from mtaf_core.study.partial import Partial
from mtaf_core.study.sample import Models, Sample
from pages.components import drivers_study as asked
from pages.components import drivers_videos, figures, shell
from pages.components.drivers_importance import why
from pages.components.words import language, t

MODELS: tuple[Models, ...] = ("both", "xgboost", "lightgbm")
_CHOSEN, _PUBLISHED, _PAINTING = "driver", "driver_published", "driver_painting"
_WAKING_S = 0.4


def chosen(names: list[str], clicked: str) -> str:
    """The feature looked closer at: the one clicked, that of the link, the one chosen before, or the first."""
    linked = st.query_params.get("feature", "")
    if clicked in names:
        st.session_state[_CHOSEN] = clicked
    elif linked in names and linked != st.session_state.get(_PUBLISHED):
        st.session_state[_CHOSEN] = linked
    if st.session_state.get(_CHOSEN) not in names:
        st.session_state[_CHOSEN] = names[0]
    found = str(st.session_state[_CHOSEN])
    _publish(found)
    return found


def _publish(feature: str) -> None:
    st.session_state[_PUBLISHED] = feature
    if st.query_params.get("feature") != feature:
        st.query_params["feature"] = feature


def show(study: Study, cohort: Cohort, names: list[str], apart: dict[str, Disagreement]) -> None:
    """Lay out the details of the feature chosen; ``names`` are those to choose from."""
    with st.container(border=True, key="card-driver"):
        st.markdown(f"##### {t('driver_detail_head')}", anchors=False)
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            feature = st.selectbox(
                t("driver_detail_pick"),
                names,
                key=_CHOSEN,
                format_func=lambda name: feature_label(name, language()),
                width=280,
            )
            _publish(feature)
            column = _part(feature)
            shell.linked("models", MODELS, "both")
            models = st.segmented_control(
                t("driver_detail_models"), MODELS, key="models", required=True, persist_state="session",
                format_func=lambda m: t(f"driver_models_{m}"),
            )  # fmt: skip
            shell.publish("models", "both")
        sample = asked.explained(study, cohort)
        axis = value_axis(column, sample.words.get(column, ()), *asked.ends(sample.values(column)), language())
        st.markdown(_effect(effect(sample, column, models or "both"), column, axis))
        if (one := apart.get(feature)) is not None:
            st.caption(_ranks(one, len(apart)))
        st.session_state[_PAINTING] = True
        _look(study, cohort, column, models or "both", axis)


def _part(feature: str) -> str:
    """The column of a feature; one of two where it has two."""
    columns = FEATURE[feature].columns
    if len(columns) == 1:
        return columns[0]
    shell.linked("part", columns, columns[0])
    if st.session_state["part"] not in columns:
        st.session_state["part"] = columns[0]
    picked = st.segmented_control(
        t("driver_detail_part"), columns, key="part", required=True,
        format_func=lambda column: say(language(), f"part_{column.removeprefix('video_')}"),
    )  # fmt: skip
    shell.publish("part", columns[0])
    return picked or columns[0]


def _effect(found: Effect | None, column: str, axis: ValueAxis) -> str:
    label = column_label(column, language())
    if found is None:
        return t("driver_effect_none", label=label)
    libraries = say(language(), "comma").join(
        f"{LIBRARY[name]} {factor(np.exp(value))}" for name, value in found.by_library.items()
    )
    return t(
        f"driver_effect_{found.between}", label=label, start=axis.said(found.start), end=axis.said(found.end),
        factor=factor(np.exp(found.log_effect)), low=factor(np.exp(found.low)), high=factor(np.exp(found.high)),
        libraries=libraries, n=f"{found.n_start + found.n_end:,}",
    )  # fmt: skip


def _ranks(one: Disagreement, features: int) -> str:
    if marked(one, features):
        return why(one)
    best, worst = (ordinal(one.ranks[measure], language()) for measure in (one.best, one.worst))
    if one.spread == 0:
        return t("driver_agree_all", rank=best, n=features)
    return t("driver_agree_line", best=best, worst=worst, n=features)


@st.fragment
def _look(study: Study, cohort: Cohort, column: str, models: Models, axis: ValueAxis) -> None:
    """The charts and the videos; drawn again alone when a region is selected."""
    painting = st.session_state.pop(_PAINTING, False)
    with shell.guarded():
        sample = asked.explained(study, cohort)
        left, right = st.columns(2, gap="large")
        with left:
            rows = _dependence(sample, column, models, axis)
        with right:
            _observed(study, cohort, sample, column, models, axis)
        left, right = st.columns(2, gap="large")
        with left:
            _varied(study, cohort, column, axis, painting)
        with right:
            drivers_videos.show(study, cohort, sample, column, models, axis, rows)


def _dependence(sample: Sample, column: str, models: Models, axis: ValueAxis) -> list[int]:
    """Draw the dependence plot, and give the rows of the panel that are selected on it."""
    found = dependence(sample, column, models)
    other = None
    if found.other:
        words = sample.words.get(found.other, ())
        other = value_axis(found.other, words, *asked.ends(sample.values(found.other)), language())
    figure = dependence_chart(found, axis, other, theme=shell.theme(), lang=language())
    points = pd.DataFrame(
        {
            "row": found.row,
            t("driver_csv_value"): [axis.said(v) for v in found.values] if axis.names else found.values,
            t("driver_csv_factor"): np.exp(found.effect),
        }
    )
    selection = figures.show(figure, f"dependence-{column}", points, select=("box", "lasso"))
    if found.known:
        said = t("driver_drawn_points_words" if axis.names else "driver_drawn_points", n=f"{len(found.row):,}",
                 known=f"{found.known:,}")  # fmt: skip
        coloured = t("driver_interaction_none")
        if found.other:
            coloured = t(
                "driver_interaction", other=column_label(found.other, language()), share=percent(found.strength)
            )
        st.caption(f"{said} {coloured}")
    return drivers_videos.selected(selection)


def _observed(study: Study, cohort: Cohort, sample: Sample, column: str, models: Models, axis: ValueAxis) -> None:
    found = asked.observed(study, cohort, column)
    its = axis
    if column in CATEGORIES:
        its = value_axis(column, found.words, lang=language())
    credited = _credited(found, sample, column, models)
    figure = by_value_chart(found, its, credited, theme=shell.theme(), lang=language())
    numbers = pd.DataFrame(
        {
            t("driver_csv_value"): [
                value_name(a, b, its) for a, b in zip(found.low, found.high, strict=True)
            ],
            t("driver_csv_n"): found.n, t("driver_csv_scored"): found.scored,
            t("driver_csv_factor"): np.exp(found.mean),
            t("driver_csv_low"): np.exp(found.mean_low), t("driver_csv_high"): np.exp(found.mean_high),
            t("driver_col_credited"): np.exp(credited),
        }
    )  # fmt: skip
    figures.show(figure, f"observed-{column}", numbers)
    if found.known:
        said = t("driver_observed_note", known=f"{found.known:,}", videos=f"{found.videos:,}")
        if found.words and found.levels > len(found.words):
            said += t("driver_observed_top", shown=len(found.words), levels=f"{found.levels:,}")
        st.caption(said)


def _credited(found: ByValue, sample: Sample, column: str, models: Models) -> np.ndarray:
    """Mean SHAP value by the bins of what was observed, around the mean of all; NaN where few videos are explained."""
    values, shap = sample.values(column), sample.effect(column, models)
    known = ~np.isnan(values)
    centre = shap[known].mean() if known.any() else 0.0
    ends = list(zip(found.low, found.high, strict=True))
    if found.words:
        code = {word: number for number, word in enumerate(sample.words[column])}
        ends = [(code[word], code[word]) for word in found.words]
    inside = [known & (values >= low) & (values <= high) for low, high in ends]
    return np.array([shap[one].mean() - centre if one.sum() >= FEW_IN_BIN else np.nan for one in inside])


def _varied(study: Study, cohort: Cohort, column: str, axis: ValueAxis, painting: bool) -> None:
    """ICE and partial dependence; where the trees are not in memory yet, after everything else is painted."""
    if painting and not partial.awake(study):
        _later()
        return
    found = asked.varied(study, cohort, column)
    if found is None:
        st.caption(t("driver_partial_none", label=column_label(column, language())))
        return
    figure = partial_chart(found, axis, theme=shell.theme(), lang=language())
    figures.show(figure, f"partial-{column}", _grid(found, axis))
    key = "driver_partial_note_words" if axis.names else "driver_partial_note"
    n = len(found.own)
    st.caption(t(key, n=f"{n:,}", values=len(found.grid), lines=min(LINES, n)))


def _later() -> None:
    """Hold the place of a chart, and run the page again once this one is out."""

    @st.fragment(run_every=_WAKING_S)
    def wait() -> None:
        st.caption(f":material/hourglass_top: {t('driver_partial_waking')}")
        if st.session_state.get("driver_waiting"):
            st.session_state["driver_waiting"] = False
            partial.trees(_study())
            st.rerun()
        st.session_state["driver_waiting"] = True

    st.session_state["driver_waiting"] = False
    wait()


def _study() -> Study:
    from mtaf_core.study import market

    found = market.find(shell.workspace())
    assert found is not None
    return found


def _grid(found: Partial, axis: ValueAxis) -> pd.DataFrame:
    columns = {LIBRARY[library]: np.exp(found.mean(library)) for library in found.ice}
    values = [axis.said(v) for v in found.grid] if axis.names else found.grid
    return pd.DataFrame({t("driver_csv_value"): values, **columns})
