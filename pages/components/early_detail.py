"""One video under way: its curve on the fan, what it is, its chances, and what the trained model says."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.early import ModelSays, course_chart
from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.errors import BadBundle, BadMedia
from mtaf_core.media_links import clip_path
from mtaf_core.study.early import Course, Look
from mtaf_core.study.market import Study
from pages.components import early_asked as asked
from pages.components import figures, shell
from pages.components.plain_text import plain
from pages.components.words import language, t, told

_CHARS = 160


def show(study: Study, seen: Look, place: int) -> None:
    """Lay out the video at a place of a look."""
    lang, of = language(), (str(study.path), study.key)
    (video,) = asked.details(*of, (int(seen.row[place]),))
    course = asked.course(study, seen, place)
    with st.container(border=True, key="card-course"):
        said = " ".join((video["description"] or "").split())
        text = said[:_CHARS] + ("…" if len(said) > _CHARS else "") if said else t("early_untitled")
        st.text(text)
        tags = asked.hashtags(*of, int(seen.row[place]))
        posted = t("early_posted", time=video["local_time"].strftime("%Y-%m-%d %H:%M"))
        st.caption(t("early_by", name=plain(video["name"] or "–"), tier=t(f"tier_{video['tier']}"),
                     followers=compact(video["followers"], lang)) + f" · {posted}")  # fmt: skip
        if tags:
            st.caption(plain(" ".join(f"#{tag}" for tag in tags[:12])))
        model = _model(study, seen, place, video)
        came = course.came if seen.as_of < study.as_of else None
        figure = course_chart(seen, place, course.bands, came=came, model=model, theme=shell.theme(), lang=lang)
        figures.show(figure, "course", _rows(seen, course))
        with st.container(horizontal=True, gap="medium"):
            for name, value in _numbers(seen, place):
                st.metric(name, value, width="content")
        _clip(video)


def _numbers(seen: Look, place: int) -> list[tuple[str, str]]:
    if not np.isfinite(seen.middle[place]):
        return []
    below, against = seen.behind[place], (seen.middle[place] + 1) / (seen.expected[place] + 1)
    found = [(t("early_chance_hit"), percent(float(seen.hit[place])))]
    if np.isfinite(below):
        found += [(t("early_chance_below"), percent(float(below))), (t("early_against"), factor(float(against)))]
    return found


def _rows(seen: Look, course: Course) -> pd.DataFrame:
    last = int(seen.observed[course.place])
    later = np.full((5, seen.horizon_day), np.nan)
    if course.bands.size:
        later[:, last:] = course.bands
    names = ("5%", "25%", "50%", "75%", "95%")
    return pd.DataFrame(
        {
            t("early_col_day"): np.arange(1, seen.horizon_day + 1),
            t("early_col_now"): seen.scores[course.place],
            **dict(zip(names, later, strict=True)),
        }
    )


def _model(study: Study, seen: Look, place: int, video: dict[str, Any]) -> ModelSays | None:
    """The forecast of the bundle in use where there is one and a person asks for it."""
    space, lang = shell.workspace(), language()
    try:
        bundle = space.manifest()
    except BadBundle:
        return None
    if bundle.horizon_day != seen.horizon_day:
        st.caption(t("early_model_day", bundle=bundle.horizon_day, day=seen.horizon_day))
        return None
    if not st.toggle(t("early_model"), key="early_model", persist_state="session"):
        return None
    with shell.guarded():
        found = asked.model_says(
            str(space.path), space.store.state, space.bundle_path().name, video["platform"], video["video_id"],
            int(seen.observed[place]),
        )  # fmt: skip
        said = {name: compact(getattr(found, name), lang) for name in ("score", "low", "high")}
        st.caption(t("early_model_says", **said) + (f" {t('early_model_learnt')}" if found.learnt else ""))
        return ModelSays(found.score, found.low, found.high)
    return None


def _clip(video: dict[str, Any]) -> None:
    if not video["media_path"]:
        return
    try:
        path = clip_path(shell.workspace().path, video["media_path"])
    except BadMedia as error:
        st.caption(told(error))
        return
    if not path.is_file():
        st.caption(t("early_no_clip"))
        return
    with st.expander(t("early_clip"), icon=":material/play_circle:", on_change="rerun", key="early_clip") as clip:
        if clip.open:
            st.video(str(path))
