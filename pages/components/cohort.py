"""The cohort in the sidebar, in the link, and as chips over a page."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from mtaf_core.charts.numbers import compact
from mtaf_core.charts.values import value_label
from mtaf_core.charts.words import feature_label
from mtaf_core.schema import FEATURES
from mtaf_core.study.cohort import CATEGORICAL, PARAMETERS, WHOLE, Cohort, Range
from mtaf_core.study.market import Study
from pages.components import shell
from pages.components.words import WORDS, language, t

_KEPT = "cohort"
_LISTS = {"platforms": "platform", "tiers": "tier", "categories": "category", "cities": "upload_city", "tags": ""}
_FLAGS = ("product", "verified")
_FEATURE_OF = {column: feature.name for feature in FEATURES for column in feature.columns}


@st.cache_data(max_entries=8, show_spinner=False)
def _choices(path: str, key: str) -> tuple[dict[str, list[tuple[str, int]]], tuple[date, date]]:
    study = _study()
    assert study is not None
    found = {name: study.values(column) if column else study.tags() for name, column in _LISTS.items()}
    return found, study.period()


@st.cache_data(max_entries=32, show_spinner=False)
def _count(path: str, key: str, cohort: Cohort) -> tuple[int, int]:
    study = _study()
    assert study is not None
    return study.count(cohort)


@st.cache_data(max_entries=8, show_spinner=False)
def _scores(path: str, key: str, cohort: Cohort) -> NDArray[np.float64]:
    study = _study()
    assert study is not None
    found = study.query("SELECT score FROM panel WHERE score IS NOT NULL", cohort=cohort)["score"].to_numpy()
    return np.asarray(found, dtype=np.float64)


def _study() -> Study | None:
    from mtaf_core.study import market

    return market.find(shell.workspace())


def current() -> Cohort:
    """The cohort of this session; from the link on its first run."""
    if _KEPT not in st.session_state:
        said = {name: st.query_params.get(name, "") for name in PARAMETERS}
        st.session_state[_KEPT] = Cohort.from_query(said)
    found: Cohort = st.session_state[_KEPT]
    return found


def choose(cohort: Cohort) -> None:
    """Make another cohort the session's; from a callback, or before the page runs again."""
    st.session_state[_KEPT] = cohort


def publish() -> None:
    """Keep the link in step with the cohort."""
    said = current().to_query()
    for name in PARAMETERS:
        if name not in said:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != said[name]:
            st.query_params[name] = said[name]


def sidebar() -> None:
    """The filter, where there is a study to filter; and the link."""
    publish()
    with shell.guarded():
        study = _study()
        if study is None:
            return
        choices, (first, last) = _choices(str(study.path), study.key)
        held = current()
        head = t("cohort_head") if held.is_whole else t("cohort_head_set", n=f"{len(_chips(held))}")
        with st.sidebar.expander(head, icon=":material/filter_alt:", key="cohort-filter"):
            _period(held, first, last)
            for name in _LISTS:
                _pick(name, held, choices[name])
            for name in _FLAGS:
                st.session_state[f"cohort_{name}"] = {None: "any", True: "yes", False: "no"}[getattr(held, name)]
                st.segmented_control(
                    t(f"cohort_{name}"), ("any", "yes", "no"), key=f"cohort_{name}", on_change=_take, required=True,
                    format_func=lambda v: t(f"cohort_{v}") if v == "any" else t(v),
                )  # fmt: skip
            st.button(
                t("cohort_clear"), icon=":material/filter_alt_off:", on_click=choose, args=[WHOLE],
                disabled=held.is_whole, key="cohort-clear", width="stretch",
            )  # fmt: skip


def chips(study: Study) -> Cohort:
    """Say over a page which videos it is about, each part with a way to drop it; and give the cohort."""
    cohort = current()
    videos, scored = _count(str(study.path), study.key, cohort)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="chips"):
        if cohort.is_whole:
            said = t("cohort_whole", n=f"{videos:,}")
        else:
            said = t("cohort_part", n=f"{videos:,}", of=f"{study.about.videos:,}")
        if scored < videos:
            said += t("cohort_scored", n=f"{scored:,}")
        st.markdown(f":gray[{said}]", width="content")
        for place, (label, part, value) in enumerate(_chips(cohort)):
            st.button(
                label, icon=":material/close:", key=f"chip-{place}", on_click=choose,
                args=[cohort.without(part, value)], help=t("cohort_drop"),
            )  # fmt: skip
    if study.about.basis == "latest":
        st.caption(t("basis_latest", day=study.about.horizon_day))
    return cohort


def note(words: str) -> bool:
    """On a page that is about more than the cohort: say which part of it obeys, where a cohort is set.

    Parameters
    ----------
    words : str
        Key of the words that say what obeys.

    Returns
    -------
    bool
        Whether one is.
    """
    study = None if current().is_whole else _study()
    if study is None:
        return False
    chips(study)
    st.caption(t(words))
    return True


def scores() -> NDArray[np.float64] | None:
    """Known popularity scores of the cohort on the day predicted; None where none is set, or none is known."""
    study = None if current().is_whole else _study()
    if study is None or study.about.basis != "horizon":
        return None
    found = _scores(str(study.path), study.key, current())
    return found if len(found) else None


def among(videos: pd.DataFrame) -> pd.DataFrame:
    """Those of ``videos``, which have ``platform`` and ``video_id``, that are of the cohort."""
    study = None if current().is_whole else _study()
    if study is None or videos.empty:
        return videos
    keys = pa.Table.from_pandas(videos[["platform", "video_id"]].assign(place=range(len(videos))), preserve_index=False)
    kept = study.query("SELECT place FROM wanted JOIN panel USING (platform, video_id)", cohort=current(), wanted=keys)
    return videos.iloc[sorted(kept["place"].to_pylist())]


def nothing_left() -> None:
    """Say that a cohort holds no video with a known popularity, and offer the whole market."""
    st.info(t("cohort_none"), icon=":material/filter_alt_off:")
    st.button(t("cohort_clear"), on_click=choose, args=[WHOLE], key="cohort-clear-empty")


def _period(held: Cohort, first: date, last: date) -> None:
    span = (held.since or first, held.until or last)
    low, high = min(first, span[0]), max(last, span[1])
    st.session_state["cohort_period"] = (min(span), max(span))
    st.date_input(
        t("cohort_period"), min_value=low, max_value=high, key="cohort_period", on_change=_take_period,
        args=[first, last], format="YYYY-MM-DD",
    )  # fmt: skip


def _pick(name: str, held: Cohort, offered: list[tuple[str, int]]) -> None:
    """A list to pick from; none where there is nothing to choose between."""
    picked = getattr(held, name)
    counts = dict(offered) | {one: 0 for one in picked if one not in dict(offered)}
    if len(counts) < 2 and not picked:
        return
    st.session_state[f"cohort_{name}"] = list(picked)
    st.multiselect(
        t(f"cohort_{name}"), list(counts), key=f"cohort_{name}", on_change=_take,
        format_func=lambda one: f"{_word(name, one)} · {compact(counts.get(one, 0), language())}",
        placeholder=t("cohort_any"),
    )  # fmt: skip


def _take() -> None:
    """The cohort as the sidebar's widgets now say."""
    said, held = st.session_state, current()
    parts: dict[str, Any] = {name: tuple(said.get(f"cohort_{name}", getattr(held, name))) for name in _LISTS}
    for name in _FLAGS:
        parts[name] = {"yes": True, "no": False}.get(said.get(f"cohort_{name}", "any"))
    choose(Cohort(since=held.since, until=held.until, ranges=held.ranges, **parts))


def _take_period(first: date, last: date) -> None:
    span = st.session_state["cohort_period"]
    if not isinstance(span, tuple) or len(span) != 2:
        return  # the second date is still to come
    held = current().without("since").without("until")
    parts = {name: getattr(held, name) for name in held.__dataclass_fields__}
    parts |= {"since": None if span[0] == first else span[0], "until": None if span[1] == last else span[1]}
    choose(Cohort(**parts))


def _chips(cohort: Cohort) -> list[tuple[str, str, Any]]:
    """What each chip says, and the part and the value of the cohort that it drops."""
    found: list[tuple[str, str, Any]] = []
    for name in _LISTS:
        found += [(f"#{one}" if name == "tags" else _word(name, one), name, one) for one in getattr(cohort, name)]
    for name in ("since", "until"):
        if (day := getattr(cohort, name)) is not None:
            found.append((t(f"cohort_{name}", day=day.isoformat()), name, None))
    for name in _FLAGS:
        if (wanted := getattr(cohort, name)) is not None:
            found.append((t(f"cohort_{name}_{'yes' if wanted else 'no'}"), name, None))
    for one in cohort.ranges:
        label = t("score_word") if one.column == "score" else feature_label(_FEATURE_OF[one.column], language())
        found.append((f"{label} {_between(one)}", "ranges", one))
    return found


def _between(one: Range) -> str:
    """A range in few signs; one value of a flag, a weekday or an hour as it is called."""
    low, high = compact(one.low, language()), compact(one.high, language())
    if one.low != one.high:
        return f"{low}–{high}"
    return value_label(one.column, repr(one.low), language()) if one.column in CATEGORICAL else low


def _word(name: str, value: str) -> str:
    key = f"tier_{value}"
    return t(key) if name == "tiers" and key in WORDS else value
