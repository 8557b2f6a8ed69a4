"""A row of a batch taken to Check a video: its clip, and what the row says in the form."""

from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from mtaf_core.charts.words import feature_label
from mtaf_core.content.take import Take
from mtaf_core.insight import batch as core
from mtaf_core.insight.batch import Batch, Question, Scored
from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.workspace import Workspace
from pages.components import check_link, clip_picker, uploads
from pages.components.candidate_form import FLAGS, TYPED, Brief
from pages.components.plain_text import plain
from pages.components.words import language, t

_LABELS = {column: feature.name for feature in BEFORE_RELEASE for column in feature.columns}


def go(space: Workspace, batch: Batch, row: Scored) -> None:
    """Open Check a video with a row, or say why that cannot be."""
    question = core.question(space, batch.id, row.row)
    if question is None or not _put_clip(space, question, row):
        st.error(t("clip_gone", name=plain(row.name)), icon=":material/error:")
        return
    brief, left = brief_of(question, row.content_hash, space.info.timezone)
    check_link.arrive(brief)
    st.session_state.pop(clip_picker.BASELINE, None)
    if left:
        names = t("sure_and").join(feature_label(_LABELS[column], language()) for column in left)
        st.toast(t("batch_opened_less", columns=names), icon=":material/info:")
    st.switch_page("pages/check_video.py")


def brief_of(question: Question, content_hash: str, timezone: str) -> tuple[Brief, list[str]]:
    """The form as a row would fill it in, and the columns of Table 1 that it has no field for."""
    asked, facts = question.candidate, dict(question.candidate.features)
    when = asked.upload_time.astimezone(ZoneInfo(timezone)) if asked.upload_time else None
    typed = {column: value for column, value in (asked.uploader or {}).items() if column in TYPED.values()}
    if asked.uploader_id is None:
        typed |= {TYPED[name]: _typed(name, facts.pop(name)) for name in TYPED if name in facts}
    flags = {column: value for column, value in asked.video.items() if column in FLAGS.values()}
    flags |= {FLAGS[name]: bool(facts.pop(name)) for name in FLAGS if facts.get(name) is not None}
    product = facts.pop("video_product", asked.video.get("has_product_link"))
    brief = Brief(
        description=asked.description,
        tags=asked.tags,
        uploader_id=asked.uploader_id,
        typed=tuple(sorted((column, value) for column, value in typed.items() if value is not None)),
        day=when.date() if when else None,
        hour=when.hour if when else 20,
        product_link=None if product is None else bool(product),
        city=facts.pop("upload_city", asked.video.get("upload_city")),
        poi=asked.video.get("poi_name") or "",
        flags=tuple((column, value) for column, value in flags.items() if value is not None),
        take=Take(content_hash, question.take.start_s, question.take.end_s, question.take.muted),
    )
    return brief, [column for column, value in facts.items() if value is not None]


def _typed(name: str, value: object) -> object:
    """A value of Table 1 as the form has it: flags, whole numbers, categories."""
    if name in ("uploader_verification", "uploader_searchable", "uploader_visible"):
        return None if value is None else bool(value)
    if name in ("uploader_rating", "uploader_commerce"):
        return int(value) if str(value).isdecimal() else None  # type: ignore[call-overload]
    return int(value) if isinstance(value, float) else value


def _put_clip(space: Workspace, question: Question, row: Scored) -> bool:
    """Put the clip of a row on the page; from where it lies, if it was never uploaded here."""
    if question.path is None:
        clip_picker.score_words()
        return True
    clip = clip_picker.find(space, row.content_hash)
    path: Path = clip.path if clip is not None else question.path
    if not path.is_file():
        return False
    if path.parent == space.upload_dir:
        stored = uploads.Stored(row.name, path, row.content_hash)
    else:
        with path.open("rb") as stream:
            stored = uploads.receive(stream, path.name, space.upload_dir)
    clip_picker.put(stored)
    return True
