"""The videos behind a region of a dependence plot, and the way from there to a cohort."""

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.axes import ValueAxis, column_label
from mtaf_core.charts.numbers import factor
from mtaf_core.charts.words import say
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.panel import CATEGORIES
from mtaf_core.study.sample import Models, Sample
from pages.components import cohort as cohorts
from pages.components.words import language, t

MOST = 200
UNASKED = 50
"""Videos listed while no region is selected."""
_MOST_WORDS = 6


def selected(selection: dict) -> list[int]:
    """The rows of the panel of a selection on the dependence plot."""
    custom = (point.get("customdata") for point in selection.get("points", []))
    return [int(one[0]) for one in custom if isinstance(one, list | tuple) and one]


def show(
    study: Study, cohort: Cohort, sample: Sample, column: str, models: Models, axis: ValueAxis, rows: list[int]
) -> None:
    """List the selected videos, and offer their range as the cohort."""
    st.markdown(f"**{t('driver_videos_head')}**")
    every, effect = sample.values(column), sample.effect(column, models)
    picked = np.flatnonzero(np.isin(sample.row, rows))
    known = np.flatnonzero(~np.isnan(every))
    if not len(known):
        return
    values = every[picked]
    if len(picked):
        _said(study, cohort, column, axis, values)
    else:
        picked = known[np.argsort(-effect[known], kind="stable")[:UNASKED]]
        st.caption(t("driver_videos_hint", n=len(picked), label=column_label(column, language())))
    table = listed(study, sample.row[picked], effect[picked], column, axis)
    st.dataframe(
        table, hide_index=True, height=min(330, 38 + 35 * len(table)), key="driver-videos",
        column_config={
            t("driver_col_posted"): st.column_config.DateColumn(width=95),
            t("driver_col_score"): st.column_config.NumberColumn(format="compact", width=85),
            t("driver_col_expected"): st.column_config.NumberColumn(
                format="compact", width=85, help=t("driver_col_expected_help")
            ),
            t("driver_col_credited"): st.column_config.TextColumn(width=75, help=t("driver_col_credited_help")),
        },
    )  # fmt: skip
    narrowed = narrower(cohort, column, axis, values) if len(values) else None
    if narrowed is not None and st.button(
        t("driver_make_cohort"), icon=":material/filter_alt:", key="make-cohort", type="primary"
    ):
        cohorts.choose(narrowed)
        st.rerun()


def narrower(cohort: Cohort, column: str, axis: ValueAxis, values: np.ndarray) -> Cohort | None:
    """The cohort narrowed to the values of a region; None where a cohort cannot ask for them."""
    if column == "upload_city":
        return Cohort(**{**vars(cohort), "cities": tuple(axis.said(v) for v in np.unique(values))})
    if column in CATEGORIES:
        return None
    return cohort.within(column, float(values.min()), float(values.max()))


def listed(study: Study, rows: np.ndarray, credited: np.ndarray, column: str, axis: ValueAxis) -> pd.DataFrame:
    """The videos of some rows, those with most popularity first, at most `MOST`."""
    found = study.query(
        f"""SELECT m.row, coalesce(k.name, m.uploader_id) AS kol, m.local_time, m.{column} AS value, m.score,
                exp(m.expected) - 1 AS expected, m.video_id
            FROM market m LEFT JOIN kols k USING (kol) WHERE list_contains($rows, m.row)
            ORDER BY m.score DESC NULLS LAST, m.row LIMIT {MOST}""",
        {"rows": [int(row) for row in rows]},
    ).to_pydict()
    factors = dict(zip(rows.tolist(), np.exp(credited).tolist(), strict=True))
    said = found["value"] if column in CATEGORIES else [axis.said(v) if v is not None else "–" for v in found["value"]]
    return pd.DataFrame(
        {
            t("driver_col_kol"): found["kol"],
            t("driver_col_posted"): [moment.date() for moment in found["local_time"]],
            column_label(column, language()): said,
            t("driver_col_score"): found["score"],
            t("driver_col_expected"): found["expected"],
            t("driver_col_credited"): [factor(factors[row]) for row in found["row"]],
            t("driver_col_video"): found["video_id"],
        }
    )


def _said(study: Study, cohort: Cohort, column: str, axis: ValueAxis, values: np.ndarray) -> None:
    n = f"{len(values):,}"
    if axis.names:
        names = [axis.said(value) for value in np.unique(values)]
        shown = say(language(), "comma").join(names[:_MOST_WORDS]) + ("…" if len(names) > _MOST_WORDS else "")
        text = t("driver_videos_said_words", n=n, values=shown)
    else:
        low, high = float(values.min()), float(values.max())
        every = _count(str(study.path), study.key, cohort, column, low, high, study)
        text = t(
            "driver_videos_said", n=n, label=column_label(column, language()), low=axis.said(low), high=axis.said(high),
            all=f"{every:,}",
        )  # fmt: skip
    if len(values) > MOST:
        text += t("driver_videos_most", shown=MOST)
    st.caption(text)


@st.cache_data(max_entries=64, show_spinner=False)
def _count(path: str, key: str, cohort: Cohort, column: str, low: float, high: float, _study: Study) -> int:
    found = _study.query(
        f"SELECT count(*) AS n FROM panel WHERE {column} BETWEEN $low AND $high", {"low": low, "high": high}, cohort
    )
    return int(found["n"][0].as_py())
