"""Every method beside the others: the paper's Tables 2, 3 and 4, and the learning curve."""

from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts.ablation import LETTERS, ablation_chart
from mtaf_core.charts.scores import measure_name, scores_chart, signed, written
from mtaf_core.charts.trends import curve_chart, days_chart
from mtaf_core.charts.words import modality_label
from mtaf_core.evaluation import tables
from mtaf_core.evaluation.bootstrap import MEASURES
from mtaf_core.evaluation.tables import Headline
from pages.components import shell
from pages.components.measured import Found, observed
from pages.components.words import language, t

_ROW_PX, _HEAD_PX = 35, 38
_LETTER_PX = 7.2


def show(found: Found, document: dict[str, Any], told: Headline) -> None:
    """Lay out the section."""
    measure = _measure()
    _methods(document, measure)
    split, days = document["split"], document["observed_days"]
    ablated = found.newest(split, days, "ablate")
    if ablated is not None:
        _ablation(ablated, document, measure)
    every = found.of_each_day(split)
    if len(every) > 1:
        _by_days(every, told, measure)
    curved = found.newest(split, days, "learning_curve")
    if curved is not None:
        _curve(curved, told, measure)
    with st.expander(t("measures_what"), icon=":material/help:"):
        st.markdown(t("measures_what_help"))


def _measure() -> str:
    shell.linked("measure", MEASURES, "MSE")
    measure = st.segmented_control(
        t("measure"), MEASURES, format_func=measure_name, key="measure", required=True, persist_state="session"
    )
    shell.publish("measure", "MSE")
    return measure or "MSE"


def _methods(document: dict[str, Any], measure: str) -> None:
    days = document["observed_days"]
    table = tables.scores(document)
    with st.container(border=True, key="card-methods"):
        _heading(t("table_2") if days == 0 else t("table_4_one", days=observed(days)))
        shell.chart(scores_chart(table, measure, theme=shell.theme(), lang=language()), "chart-scores")
        everything = st.toggle(t("all_intervals"), key="intervals", bind="query-params", persist_state="session")
        _show_scores(table, measure, everything)
        st.caption(" ".join([t("best_note", measure=measure_name(measure)), *_paper_note(table, measure)]))
        for one in document.get("skipped") or []:
            st.caption(t("skipped", method=one["method"], why=one["why"]))
        _download(table, f"methods-{document['split']}-day{days}.csv")


def _paper_note(table: pd.DataFrame, measure: str) -> list[str]:
    return [t("paper_note")] if table[f"{measure}_paper"].notna().any() else []


def _show_scores(table: pd.DataFrame, measure: str, everything: bool) -> None:
    """The table, best first by the measure looked at; the best of every measure has a tint."""
    smaller = measure in tables.SMALLER_IS_BETTER
    table = table.sort_values(measure, ascending=smaller, kind="stable").reset_index(drop=True)
    first = tables.best(table[measure], measure)
    names = [f"{name} ★" if place == first else name for place, name in enumerate(table["method"])]
    columns: dict[str, Any] = {t("col_method"): names}
    formats: dict[str, Any] = {}
    best: dict[str, int | None] = {}
    for one in MEASURES:
        name = measure_name(one)
        columns[name], formats[name], best[name] = table[one], written, tables.best(table[one], one)
        if everything or one == measure:
            columns[t("col_interval", measure=name)] = _intervals(table, one)
    name = measure_name(measure)
    extra: dict[str, tuple[str, Any]] = {
        t("col_paper", measure=name): (f"{measure}_paper", written),
        t("col_spread", measure=name): (f"{measure}_sd", written),
        t("col_seeds"): ("seeds", "{:.0f}"),
        t("col_fit"): ("fit_s", _seconds),
        t("col_predict"): ("predict_s", _seconds),
    }
    for head, (column, how) in extra.items():
        if table[column].notna().any():
            columns[head], formats[head] = table[column], how
    _show(pd.DataFrame(columns), formats, best)


def _ablation(ablated: dict[str, Any], document: dict[str, Any], measure: str) -> None:
    table = tables.ablation(ablated, measure)
    if table.empty:
        return
    with st.container(border=True, key="card-ablation"):
        other = "" if ablated["id"] == document["id"] else t("table_3_from", date=ablated["created_at"][:10])
        _heading(t("table_3") + other)
        st.markdown(t("table_3_help"))
        shell.chart(ablation_chart(table, measure, theme=shell.theme(), lang=language()), "chart-ablation")
        _show_ablation(ablated, table, measure)
        _download(table, f"ablation-{ablated['split']}-day{ablated['observed_days']}-{measure}.csv")


def _show_ablation(ablated: dict[str, Any], table: pd.DataFrame, measure: str) -> None:
    """The whole network first, then without each modality: masked, trained again, and as the paper reported it."""
    name = measure_name(measure)
    every = tables.scores(ablated)
    whole = every[every["method"] == tables.WHOLE].iloc[0]
    labels = [modality_label(LETTERS[letter], language(), short=True) for letter in table["letter"]]
    columns: dict[str, list[Any]] = {t("col_without"): [t("col_whole"), *labels]}
    for part in ("masked", "retrained", "paper"):
        values = table[f"{part}_value"]
        if values.isna().all():
            continue
        of_whole = whole[f"{measure}_paper"] if part == "paper" else whole[measure]
        columns[t("col_part", part=t(f"part_{part}"), measure=name)] = [of_whole, *values]
        columns[t("col_part_change", part=t(f"part_{part}"))] = [None, *table[f"{part}_change"]]
        if part != "paper":
            columns[t("col_part_interval", part=t(f"part_{part}"))] = [
                _interval(whole[f"{measure}_low"], whole[f"{measure}_high"]),
                *(_interval(low, high) for low, high in zip(table[f"{part}_low"], table[f"{part}_high"], strict=True)),
            ]
    changes = {t("col_part_change", part=t(f"part_{part}")): signed for part in ("masked", "retrained", "paper")}
    values_of = {
        t("col_part", part=t(f"part_{part}"), measure=name): written for part in ("masked", "retrained", "paper")
    }
    shown = pd.DataFrame(columns)
    _show(shown, {head: how for head, how in (changes | values_of).items() if head in shown}, {})


def _by_days(every: list[dict[str, Any]], told: Headline, measure: str) -> None:
    table = tables.by_days(every)
    with st.container(border=True, key="card-days"):
        _heading(t("table_4"))
        also = tuple(dict.fromkeys([m for m in (told.best_other, tables.WHOLE) if m]))
        shell.chart(
            days_chart(table, told.method, measure, also=also, theme=shell.theme(), lang=language()), "chart-days"
        )
        wide = table.pivot_table(index="method", columns="observed_days", values=measure, sort=False)
        wide = wide.reindex(sorted(wide.columns), axis=1)
        last = wide.columns[-1]
        wide = wide.sort_values(last, ascending=measure in tables.SMALLER_IS_BETTER, na_position="last")
        heads = {day: observed(int(day)) for day in wide.columns}
        best = {heads[day]: tables.best(wide[day], measure) for day in wide.columns}
        shown = wide.rename(columns=heads).rename_axis(None, axis=1).reset_index(names=t("col_method"))
        after = table[table["observed_days"] > 0]
        reported = after.drop_duplicates("method").set_index("method")[f"{measure}_paper"]
        if reported.notna().any():
            shown[t("col_paper", measure=measure_name(measure))] = [reported.get(m) for m in shown[t("col_method")]]
        _show(shown, dict.fromkeys(shown.columns[1:], written), best)
        _download(table, f"by-days-{every[0]['split']}.csv")


def _curve(curved: dict[str, Any], told: Headline, measure: str) -> None:
    table = tables.learning_curve(curved)
    with st.container(border=True, key="card-curve"):
        _heading(t("curve"))
        shell.chart(curve_chart(table, told.method, measure, theme=shell.theme(), lang=language()), "chart-curve")
        st.caption(t("curve_note"))
        _download(table, f"learning-curve-{curved['split']}-day{curved['observed_days']}.csv")


def _heading(words: str) -> None:
    st.markdown(f"##### {words}", anchors=False)


def _show(shown: pd.DataFrame, formats: dict[str, Any], best: dict[str, int | None]) -> None:
    """A sortable table, its first column in place; the best cell of each column has a tint."""
    tint = f"background-color: {shell.theme().accent_soft}; color: {shell.theme().ink}"

    def marked(column: pd.Series) -> list[str]:
        return [tint if place == best.get(str(column.name)) else "" for place in range(len(column))]

    styled = shown.style.apply(marked, axis=0).format(formats, na_rep="–")
    first = str(shown.columns[0])
    width = round(28 + _LETTER_PX * max(_letters(str(name)) for name in shown[first]))
    st.dataframe(
        styled, hide_index=True, height=_HEAD_PX + _ROW_PX * len(shown), placeholder="–",
        column_config={first: st.column_config.TextColumn(pinned=True, width=width)},
    )  # fmt: skip


def _letters(words: str) -> int:
    """How wide words are, in Latin letters: a Chinese character is as wide as two."""
    return sum(2 if letter > "⺀" else 1 for letter in words)


def _download(table: pd.DataFrame, name: str) -> None:
    st.download_button(
        t("download_csv"), bytes(table.to_csv(index=False), "utf-8"), name, "text/csv",
        icon=":material/download:", on_click="ignore", key=f"csv-{name}",
    )  # fmt: skip


def _intervals(table: pd.DataFrame, measure: str) -> list[str]:
    return [_interval(low, high) for low, high in zip(table[f"{measure}_low"], table[f"{measure}_high"], strict=True)]


def _interval(low: Any, high: Any) -> str:
    return "–" if pd.isna(low) or pd.isna(high) else f"{written(low)} – {written(high)}"


def _seconds(value: Any) -> str:
    if pd.isna(value):
        return "–"
    if value < 0.001:
        return "<0.001"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 else f"{value:.3f}"
