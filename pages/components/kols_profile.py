"""The profile of one KOL: how they stand, how they grew, every video, what goes well, who is like them, and signals."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts.kols import growth_chart, patterns_chart, posts_chart
from mtaf_core.charts.numbers import factor, ordinal, percentile_rank
from mtaf_core.study import kol_patterns, kol_profile
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.kol_patterns import BLOCK_HOURS, FAMILIES, Family, Pattern
from mtaf_core.study.kol_profile import Standing
from mtaf_core.study.kol_ranges import Ranges
from mtaf_core.study.kols import Table
from mtaf_core.study.market import Study
from pages.components import cohort as cohorts
from pages.components import figures, kols_asked, kols_kin, kols_lists, kols_ranges, kols_signals, kols_state, shell
from pages.components.kols_state import as_count, as_date, as_factor, as_interval, as_share, known, money
from pages.components.words import language, t

_FACTS = ("account_type", "mcn", "city", "gender", "age", "gmv_30d", "completion_rate", "audience_credibility")
_LISTED_PATTERNS = 12


def show(study: Study, cohort: Cohort, key: str) -> None:
    """Lay out the view."""
    kols_asked.unpublish()
    st.button(t("kols_back"), icon=":material/arrow_back:", type="tertiary", on_click=kols_state.leave, key="kols-back")
    whole = kols_state.table(study)
    if (account := whole.row(key)) is None:
        st.info(t("kol_gone", id=key[:80]), icon=":material/person_off:")
        return
    table = kols_state.table(study, cohort)
    row = table.row(key)
    _head(study, account, key)
    if row is None:
        st.info(t("kol_not_in_cohort", name=account["name"]), icon=":material/filter_alt_off:")
        st.button(t("cohort_clear"), on_click=cohorts.choose, args=[cohorts.WHOLE], key="kol-cohort-clear")
        row = account
    posts = kol_profile.posts(study, account["kol"], cohort).to_pandas()
    with st.container(border=True, key="card-kol-head"):
        st.markdown(_headline(table, row, key))
        _numbers(row, account)
    growth, over_time = st.columns([1, 1.35], gap="small")
    with growth, st.container(border=True, key="card-kol-growth", height="stretch"):
        _growth(study, account, posts)
    with over_time, st.container(border=True, key="card-kol-posts", height="stretch"):
        _posts(posts)
    with st.container(border=True, key="card-kol-patterns"):
        _patterns(study, account, cohort)
    with st.container(border=True, key="card-kol-signals"):
        kols_signals.show(study, whole, account)
    with st.container(border=True, key="card-kol-similar"):
        kols_kin.show(study, whole, key)


def _head(study: Study, account: dict[str, Any], key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(account["name"], anchor=False)
        with st.container(horizontal=True, gap="small", width="content", vertical_alignment="center"):
            kols_lists.add_button([key], "profile")
            reachable = account["platform"] == shell.workspace().info.platform
            if st.button(
                t("kol_check"), icon=":material/movie:", type="primary", key="kol-check", disabled=not reachable,
                help=None if reachable else t("kol_check_other", platform=shell.workspace().info.platform),
            ):  # fmt: skip
                st.switch_page("pages/check_video.py", query_params={"kol": key})
    kols_lists.undo_row()
    st.markdown(_facts(study, account))


def _facts(study: Study, account: dict[str, Any]) -> str:
    """Tier, reach and what the profile says, in one quiet line."""
    record = kol_profile.record(study, account["platform"], account["uploader_id"])
    said = [
        f"**{kols_state.tier_word(account['tier'])}**", t("followers", n=as_count(account["followers"])),
        account["platform"], account["category"], t("kol_verified") if record.get("is_verified") else None,
    ]  # fmt: skip
    for name in _FACTS:
        value = record.get(name)
        if value is None or value == "unknown":
            continue
        words = as_share(value) if name in ("completion_rate", "audience_credibility") else str(value)
        if name == "gmv_30d":
            words = money(value, record.get("quote_currency"))
        said.append(f"{t(f'kol_fact_{name}')} {words}")
    return ":gray[" + " · ".join(part for part in said if part) + "]"


def _headline(table: Table, row: dict[str, Any], key: str) -> str:
    """The one sentence: lift with its interval and n, against the tier's median."""
    if not known(row["lift"]):
        return t("kol_headline_none", name=row["name"])
    place: Standing | None = kol_profile.standing(table, key) if table.place(key) is not None else None
    clear = {1.0: "above", -1.0: "below"}.get(row["lift_clear"], "open")
    sentence = t(
        f"kol_headline_{clear}", lift=as_factor(row["lift"]), interval=as_interval(row["lift_low"], row["lift_high"]),
        n=f"{row['n']:,}",
    )  # fmt: skip
    if place is None or not place.peers or math.isnan(place.share):
        return sentence
    return sentence + t(
        "kol_headline_tier", rank=ordinal(percentile_rank(place.share), language()), peers=f"{place.peers:,}",
        tier=kols_state.tier_word(row["tier"]), median=as_factor(place.tier_lift),
    )  # fmt: skip


def _numbers(row: dict[str, Any], account: dict[str, Any]) -> None:
    spread = t("kol_spread_short", factor=factor(row["spread"])[1:]) if known(row["spread"]) else None
    weekly = t("kol_weekly", share=f"{100 * account['growth']:+.1f}%") if known(account["growth"]) else None
    rate = "er" if known(account["er"]) else "er_posts"
    ranges = kols_ranges.current()
    er = account[rate] if known(account[rate]) else None
    usual_er = kols_ranges.beside(er, ranges.er, kols_ranges.between(ranges.er, 100, "%"))
    shown: list[tuple[str, str, str | None, str | None]] = [
        ("lift", as_factor(row["lift"]), as_interval(row["lift_low"], row["lift_high"]), t("kol_help_lift")),
        ("lift_raw", as_factor(row["lift_raw"]), None, t("kol_help_lift_raw")),
        ("median", as_count(row["median"]), spread, t("kol_help_median") + " " + t("kol_help_spread")),
        ("explosive", as_share(row["explosive"]), t("kol_of_n", n=row["explosive_n"]), t("kol_help_explosive")),
        ("pace", f"{row['pace']:.1f}" if known(row["pace"]) else "–", as_date(row["last_post"]), t("kol_help_pace")),
        ("followers", as_count(account["followers"]), weekly, t("kol_help_growth")),
        (rate, as_share(account[rate], 2), usual_er, t(f"kol_help_{rate}")),
    ]
    with st.container(horizontal=True, gap="medium", key="kol-metrics"):
        for name, value, below, help in shown:
            st.metric(
                t(f"kol_col_{name}"), value, below, delta_color="off", delta_arrow="off", help=help, width="content"
            )
    _price(row, account, ranges)


def _price(row: dict[str, Any], account: dict[str, Any], ranges: Ranges) -> None:
    """What a post costs a view and an engagement, at the fee supplied or typed."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="kol-price"):
        fee = st.number_input(
            t("kol_fee", currency=account["currency"] or ""), 0.0, 1e9, key=f"kol_fee_{account['key']}",
            value=account["fee"] if known(account["fee"]) else None, step=100.0, placeholder=t("unknown"),
            width=190, help=t("kol_fee_help"),
        )  # fmt: skip
        currency = account["currency"]
        priced = (("cpm", "views", 1000, ranges.cpm), ("cpe", "engagements", 1, ranges.cpe))
        for name, of, each, usual in priced:
            if not (fee and known(row[of]) and row[of]):
                continue
            cost, here = fee / row[of] * each, usual.get(currency or "")
            beside = kols_ranges.beside(cost, here, f"{kols_ranges.between(here)} {currency or ''}")
            st.metric(t(f"kol_col_{name}"), money(cost, currency), beside, delta_color="off", delta_arrow="off",
                      help=t(f"kol_help_{name}"), width="content")  # fmt: skip
        if not fee:
            st.caption(t("kol_no_fee"), width="stretch")
        kols_ranges.edit_button(currency)


def _growth(study: Study, account: dict[str, Any], posts: pd.DataFrame) -> None:
    st.markdown(f"##### {t('kol_growth')}", anchors=False)
    counts = kol_profile.growth(study, account["platform"], account["uploader_id"]).to_pandas()
    if len(counts) < 2:
        st.caption(t("kol_growth_none"))
        return
    figure = growth_chart(counts, posts, theme=shell.theme(), lang=language())
    figures.show(figure, "kol-growth", counts.rename(columns={c: t(f"kol_row_{c}") for c in counts}))
    st.caption(t("kol_growth_note"))


def _posts(posts: pd.DataFrame) -> None:
    st.markdown(f"##### {t('kol_posts')}", anchors=False)
    if posts.empty:
        st.caption(t("kol_posts_none"))
        return
    shown = posts.assign(lift=posts["lift"].map(lambda v: math.exp(v) if v == v else None))
    rows = shown.rename(columns={c: t(f"kol_row_{c}") for c in shown})
    figures.show(posts_chart(posts, theme=shell.theme(), lang=language()), "kol-posts", rows)
    if len(posts) == kol_profile.MOST_POSTS:
        st.caption(t("kol_posts_latest", n=f"{len(posts):,}"))


def _patterns(study: Study, account: dict[str, Any], cohort: Cohort) -> None:
    st.markdown(f"##### {t('kol_patterns')}", anchors=False)
    st.caption(t("kol_patterns_lead", n=kol_patterns.FEWEST))
    for column, family in zip(st.columns(len(FAMILIES), gap="medium"), FAMILIES, strict=True):
        with column:
            st.markdown(f"**{t(f'kol_family_{family}')}**")
            found = _of_family(study, account["kol"], cohort, family)
            if not found:
                st.caption(t(f"kol_family_none_{family}", n=kol_patterns.FEWEST))
                continue
            _chart_of(family, found)


def _of_family(study: Study, kol: int, cohort: Cohort, family: Family) -> list[Pattern]:
    spread = kols_state.spread(study, family)
    return kol_patterns.patterns(study, kol, family, spread, cohort) if spread else []


def _chart_of(family: Family, found: list[Pattern]) -> None:
    names = [_pattern_name(family, one.name) for one in found]
    rows = pd.DataFrame(
        {"name": names, "n": [one.n for one in found], "effect": [one.effect for one in found],
         "low": [one.low for one in found], "high": [one.high for one in found], "clear": [one.clear for one in found]}
    )  # fmt: skip
    if len(rows) > _LISTED_PATTERNS:  # the best and the worst; the file has all
        half = _LISTED_PATTERNS // 2
        drawn = pd.concat([rows.head(half), rows.tail(half)])
    else:
        drawn = rows
    best, worst = found[0], found[-1]
    if best.clear and best.effect > 0:
        told = t("kol_pattern_best", name=names[0], factor=as_factor(best.effect), n=best.n)
    elif worst.clear and worst.effect < 0:
        told = t("kol_pattern_worst", name=names[-1], factor=as_factor(worst.effect), n=worst.n)
    else:
        told = t(f"kol_pattern_open_{family}")
    figure = patterns_chart(drawn, told, t("kol_pattern_axis"), theme=shell.theme(), lang=language())
    taken = rows.assign(**{c: rows[c].map(math.exp) for c in ("effect", "low", "high")})
    figures.show(figure, f"kol-{family}", taken.rename(columns={c: t(f"kol_row_{c}") for c in taken}))
    if len(drawn) < len(rows):
        st.caption(t("kol_patterns_shown", shown=len(drawn), n=len(rows)))


def _pattern_name(family: Family, name: str) -> str:
    if family == "tag":
        return f"#{name}"
    if family == "weekday":
        return t(f"kol_weekday_{name}")
    return f"{int(name):02d}:00–{(int(name) + BLOCK_HOURS) % 24:02d}:00"
