"""Two to five KOLs side by side: their measures, videos and audiences over each other, and who is really better."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts.kol_compare import audiences_chart, lifts_chart
from mtaf_core.charts.kols import patterns_chart
from mtaf_core.charts.table_file import csv_file, xlsx_file
from mtaf_core.study import kol_compare, kol_profile
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.kol_compare import FEWEST_COMPARED, MEASURES, MOST_COMPARED, Difference
from mtaf_core.study.kols import Table
from mtaf_core.study.market import Study
from pages.components import figures, kols_asked, kols_kin, kols_lists, kols_state, shell
from pages.components.kols_state import as_count, as_date, as_factor, as_interval, as_share, known, money
from pages.components.words import language, t

_OFFERED = 3_000
"""KOLs that can be picked to be compared as well: those with most followers."""


def show(study: Study, cohort: Cohort, keys: list[str]) -> None:
    """Lay out the view."""
    kols_asked.unpublish()
    st.button(t("kols_back"), icon=":material/arrow_back:", type="tertiary", on_click=kols_state.leave, key="kols-back")
    table, whole = kols_state.table(study, cohort), kols_state.table(study)
    rows = {key: row for key in keys if (row := table.row(key) or whole.row(key)) is not None}
    names = _named(rows)
    st.subheader(t("compare_head"), anchor=False)
    _who(study, whole, rows, names)
    for key in keys:
        if key not in rows:
            st.caption(t("kol_gone", id=key[:80]))
        elif table.place(key) is None:
            st.caption(t("kol_not_in_cohort", name=names[key]))
    if len(rows) < FEWEST_COMPARED:
        st.info(t("compare_few", most=MOST_COMPARED), icon=":material/group_add:")
        return
    with st.container(border=True, key="card-compare-who"):
        _pairs(table, rows, names)
    with st.container(border=True, key="card-compare-table"):
        _measures(rows, names)
    posts = [(names[key], kol_profile.posts(study, row["kol"], cohort).to_pandas()) for key, row in rows.items()]
    counts = [
        (names[key], kol_profile.growth(study, row["platform"], row["uploader_id"]).to_pandas())
        for key, row in rows.items()
    ]  # fmt: skip
    left, right = st.columns(2, gap="small")
    with left, st.container(border=True, key="card-compare-lifts", height="stretch"):
        st.markdown(f"##### {t('compare_videos')}", anchors=False)
        figures.show(lifts_chart(posts, theme=shell.theme(), lang=language()), "compare-videos", _joined(posts, "lift"))
    with right, st.container(border=True, key="card-compare-growth", height="stretch"):
        st.markdown(f"##### {t('compare_growth')}", anchors=False)
        if any(len(one) >= 2 for _, one in counts):
            figure = audiences_chart(counts, theme=shell.theme(), lang=language())
            figures.show(figure, "compare-growth", _joined(counts, ""))
        else:
            st.caption(t("kol_growth_none"))


def _named(rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    """A name for each; with the id where two have the same."""
    names = [row["name"] for row in rows.values()]
    return {
        key: row["name"] if names.count(row["name"]) == 1 else f"{row['name']} ({row['uploader_id']})"
        for key, row in rows.items()
    }


def _who(study: Study, whole: Table, rows: dict[str, dict[str, Any]], names: dict[str, str]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="chips-compare"):
        for place, key in enumerate(rows):
            st.button(
                names[key], icon=":material/close:", key=f"compare-drop-{place}", help=t("compare_drop"),
                on_click=kols_state.open_compare, args=[[other for other in rows if other != key]],
            )  # fmt: skip
        kols_lists.add_button(list(rows), "compare")
        if len(rows) < MOST_COMPARED:
            with st.popover(t("compare_add"), icon=":material/person_add:", key="compare-more"):
                _more(study, whole, rows)
    kols_lists.undo_row()


def _more(study: Study, whole: Table, rows: dict[str, dict[str, Any]]) -> None:
    found = study.query(
        f"""SELECT key, name, tier, followers FROM measured ORDER BY followers DESC NULLS LAST, key
            LIMIT {_OFFERED}""",
        measured=whole.rows.select(["key", "name", "tier", "followers"]),
    ).to_pylist()  # fmt: skip
    like = [one.key for one in kols_kin.nearest(study, whole, next(iter(rows)))] if rows else []
    offered = {one["key"]: one for one in found if one["key"] not in rows}
    for key in like:
        if key not in rows and (row := whole.row(key)) is not None:
            offered.setdefault(key, row)
    first = [key for key in like if key in offered]
    picked = st.selectbox(
        t("kol"), [*first, *(key for key in offered if key not in first)], index=None, placeholder=t("kol_hint"),
        format_func=lambda key: f"{offered[key]['name']} · {kols_state.tier_word(offered[key]['tier'])} · "
        + t("followers", n=as_count(offered[key]["followers"])),
        key=f"compare_pick_{len(rows)}",
    )  # fmt: skip
    st.button(
        t("compare_add"), icon=":material/check:", type="primary", disabled=picked is None, key="compare-add",
        on_click=kols_state.open_compare, args=[[*rows, *([picked] if picked else [])]],
    )  # fmt: skip


def _pairs(table: Table, rows: dict[str, dict[str, Any]], names: dict[str, str]) -> None:
    """Who is better by one measure: each KOL with their interval, and every pair with its probability."""
    shell.linked("kols_by", MEASURES, MEASURES[0])
    measure = st.segmented_control(
        t("compare_by"), MEASURES, format_func=lambda m: t(f"compare_by_{m}"), key="kols_by", required=True,
        persist_state="session",
    )  # fmt: skip
    shell.publish("kols_by", MEASURES[0])
    chosen = measure or MEASURES[0]
    found = kol_compare.differences(table, list(rows), chosen)
    if not found:
        st.caption(t("compare_unknown"))
        return
    st.markdown(_verdict(found[0], names))
    left, right = st.columns([1, 1.15], gap="medium")
    if chosen == "lift":
        with left:
            drawn = sorted((row for row in rows.values() if known(row["lift"])), key=lambda row: -row["lift"])
            shown = pd.DataFrame(
                {"name": [names[row["key"]] for row in drawn], "n": [row["n"] for row in drawn],
                 "effect": [row["lift"] for row in drawn], "low": [row["lift_low"] for row in drawn],
                 "high": [row["lift_high"] for row in drawn], "clear": [row["lift_clear"] != 0 for row in drawn]}
            )  # fmt: skip
            best = drawn[0]
            told = t("compare_lift_best", name=names[best["key"]], lift=as_factor(best["lift"]))
            taken = shown.assign(**{c: shown[c].map(math.exp) for c in ("effect", "low", "high")})
            figure = patterns_chart(shown, told, t("kol_col_lift"), theme=shell.theme(), lang=language())
            figures.show(figure, "compare-lift", taken.rename(columns={c: t(f"kol_row_{c}") for c in taken}))
    with right if chosen == "lift" else st.container():
        _table_of(found, names, chosen)


def _verdict(first: Difference, names: dict[str, str]) -> str:
    key = "compare_verdict_clear" if first.clear else "compare_verdict_open"
    return t(
        key, better=names[first.better], other=names[first.other], by=t(f"compare_in_{first.measure}"),
        value=_apart(first, first.value), low=_apart(first, first.low), high=_apart(first, first.high),
        probability=f"{first.probability:.0%}" if first.probability < 0.995 else ">99%",
    )  # fmt: skip


def _apart(one: Difference, value: float) -> str:
    return f"{100 * value:+.0f}" + t("compare_points") if one.measure == "explosive" else as_factor(value)


def _table_of(found: list[Difference], names: dict[str, str], measure: str) -> None:
    rows = pd.DataFrame(
        {
            t("pair_better"): [names[one.better] for one in found],
            t("pair_other"): [names[one.other] for one in found],
            t("pair_apart"): [_apart(one, one.value) for one in found],
            t("kol_col_interval"): [f"{_apart(one, one.low)} – {_apart(one, one.high)}" for one in found],
            t("pair_probability"): [100 * one.probability for one in found],
            t("kol_col_clear"): [t("yes") if one.clear else t("pair_open") for one in found],
        }
    )
    st.dataframe(
        rows, hide_index=True, height=38 + 35 * len(rows), alt=t("compare_by"),
        column_config={
            t("pair_probability"): st.column_config.ProgressColumn(
                min_value=50, max_value=100, format="%.0f%%", help=t("pair_probability_help")
            )
        },
    )  # fmt: skip
    st.download_button(
        "CSV", lambda: csv_file(rows), f"kols-compared-{measure}.csv", "text/csv", icon=":material/download:",
        type="tertiary", key="compare-pairs-csv", on_click="ignore", help=t("download_rows"),
    )  # fmt: skip


def _measures(rows: dict[str, dict[str, Any]], names: dict[str, str]) -> None:
    st.markdown(f"##### {t('compare_table')}", anchors=False)
    lines: dict[str, list[str]] = {}
    for row in rows.values():
        for label, value in _lines(row):
            lines.setdefault(label, []).append(value)
    kept = {label: values for label, values in lines.items() if any(value != "–" for value in values)}
    shown = pd.DataFrame(kept.values(), columns=[names[key] for key in rows], dtype=str)
    shown.insert(0, t("compare_measure"), list(kept))
    st.dataframe(
        shown, hide_index=True, height=38 + 35 * len(shown), alt=t("compare_table"),
        column_config={t("compare_measure"): st.column_config.TextColumn(pinned=True, width=230)},
    )  # fmt: skip
    import pyarrow as pa

    with st.container(horizontal=True, gap="small"):
        for kind, made, mime in (
            ("csv", csv_file, "text/csv"),
            ("xlsx", xlsx_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ):
            st.download_button(
                kind.upper(), _file(made, pa.Table.from_pylist(list(rows.values()))), f"kols-compared.{kind}", mime,
                key=f"compare-{kind}", icon=":material/download:", type="tertiary", on_click="ignore",
            )  # fmt: skip


def _file(made: Any, rows: Any) -> Any:
    return lambda: made(kols_state.as_file(rows))


def _lines(row: dict[str, Any]) -> list[tuple[str, str]]:
    """The measures of one KOL, in words, in the order of the table."""
    spread = f" (÷× {row['spread']:.1f})" if known(row["spread"]) else ""
    said = {
        "tier": kols_state.tier_word(row["tier"]),
        "category": row["category"] or "–",
        "followers": as_count(row["followers"]),
        "growth": f"{100 * row['growth']:+.1f}%" if known(row["growth"]) else "–",
        "lift": f"{as_factor(row['lift'])} ({as_interval(row['lift_low'], row['lift_high'])})"
        if known(row["lift"]) else "–",
        "lift_raw": as_factor(row["lift_raw"]),
        "n": f"{row['n']:,}",
        "median": f"{as_count(row['median'])}{spread}" if known(row["median"]) else "–",
        "explosive": f"{as_share(row['explosive'])} ({t('kol_of_n', n=row['explosive_n'])})"
        if known(row["explosive"]) else "–",
        "pace": f"{row['pace']:.1f}" if known(row["pace"]) else "–",
        "last_post": as_date(row["last_post"]),
        "er": as_share(row["er"], 2),
        "er_posts": as_share(row["er_posts"], 2),
        "duration": f"{row['duration']:.0f} s" if known(row["duration"]) else "–",
        "views": as_count(row["views"]),
        "engagements": as_count(row["engagements"]),
        "fee": money(row["fee"], row["currency"]),
        "cpm": money(row["cpm"], row["currency"]),
        "cpe": money(row["cpe"], row["currency"]),
    }  # fmt: skip
    return [(t(f"kol_col_{name}"), value) for name, value in said.items()]


def _joined(parts: list[tuple[str, pd.DataFrame]], log: str) -> pd.DataFrame:
    every = pd.concat([one.assign(name=name) for name, one in parts], ignore_index=True)
    if log and log in every:
        every[log] = every[log].map(lambda v: math.exp(v) if v == v else None)
    return every.rename(columns={c: t(f"kol_row_{c}") for c in every})
