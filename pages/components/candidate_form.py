"""The form: what is said about the video around its clip, as a person fills it in."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from mtaf_core import limits
from mtaf_core.charts.words import feature_label
from mtaf_core.content.take import Take
from mtaf_core.data.frame import Candidate
from mtaf_core.schema import FEATURE, Kind
from mtaf_core.study.cohort import from_link
from mtaf_core.workspace import Sample
from pages.components import market
from pages.components.words import language, t

_PREFIX = "form_"
LINKED = ("tags", "hour", "weekday")
"""Parameters of a link to this page that fill in the form."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LINK, _LINKED = "kol", "kol_linked"
_TAKE = _PREFIX + "take"

TYPED: dict[str, str] = {
    "uploader_follower": "follower_count",
    "uploader_favorited": "favorited_count",
    "uploader_video_count": "video_count",
    "uploader_following": "following_count",
    "uploader_favoriting": "favoriting_count",
    "uploader_age": "age",
    "uploader_verification": "is_verified",
    "uploader_searchable": "is_searchable",
    "uploader_visible": "is_nearby_visible",
    "uploader_type": "account_type",
    "uploader_gender": "gender",
    "uploader_rating": "user_rating",
    "uploader_commerce": "commerce_level",
}
"""Table 1's KOL features that can be typed, as columns of the canonical table `uploaders`."""

CHOICES: dict[str, tuple[Any, ...]] = {
    "uploader_type": ("personal", "enterprise", "gov_media"),
    "uploader_gender": ("female", "male"),
    "uploader_rating": tuple(range(6)),
    "uploader_commerce": tuple(range(11)),
}
FLAGS: dict[str, str] = {
    "video_downloadable": "is_downloadable",
    "video_shareable": "is_shareable",
    "video_commentable": "is_commentable",
    "video_mix": "is_in_mix",
}
_ANSWERS: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
"""What the form says of a flag; nobody is taken to have said yes or no who did not."""


@dataclass(frozen=True)
class Brief:
    """The form as filled in, and the clip it is about. Two briefs are equal when every field is.

    Parameters
    ----------
    typed : tuple of (column, value)
        Columns of `uploaders` that were typed; empty where a KOL is picked from the workspace.
    product_link : bool or None
        None: not said, so unknown.
    flags : tuple of (column, bool)
        Columns of `videos` that were said; the rest are unknown.
    take : Take
        What is released: which clip, which part of it. No part of the form's own widgets.
    """

    description: str = ""
    tags: tuple[str, ...] = ()
    uploader_id: str | None = None
    typed: tuple[tuple[str, Any], ...] = ()
    day: date | None = None
    hour: int = 20
    product_link: bool | None = None
    city: str | None = None
    poi: str = ""
    flags: tuple[tuple[str, bool], ...] = ()
    take: Take = field(default_factory=Take)

    def candidate(self, timezone: str) -> Candidate:
        """What the form says, as the core asks for it."""
        when = None if self.day is None else datetime.combine(self.day, time(self.hour), ZoneInfo(timezone))
        return Candidate(
            description=self.description,
            tags=self.tags,
            uploader_id=self.uploader_id,
            uploader=dict(self.typed) or None,
            upload_time=when,
            video={
                **dict(self.flags),
                "has_product_link": self.product_link,
                "upload_city": self.city,
                "poi_name": self.poi or None,
            },
        )

    def changes(self, other: "Brief") -> list[str]:
        """Keys of the words for the fields that differ from ``other``."""
        changed = [f.name for f in fields(self) if getattr(self, f.name) != getattr(other, f.name)]
        return list(dict.fromkeys(self.word(name) for name in changed))

    @staticmethod
    def word(name: str) -> str:
        """The key of the word for a field."""
        return {
            "uploader_id": "kol", "typed": "kol", "day": "date", "product_link": "product", "flags": "more",
            "take": "clip",
        }.get(name, name)  # fmt: skip


def fill(brief: Brief) -> None:
    """Put ``brief`` into the form; call from a callback, before its widgets are made."""
    put: dict[str, Any] = {
        "description": brief.description,
        "tags": list(brief.tags),
        "uploader_id": brief.uploader_id,
        "kol_mode": "type" if brief.typed else "pick",
        "day": brief.day,
        "hour": brief.hour,
        "product_link": next(word for word, said in _ANSWERS.items() if said is brief.product_link),
        "city": brief.city,
        "poi": brief.poi,
        "kol_named": "",
    }
    typed, flags = dict(brief.typed), dict(brief.flags)
    put |= {column: typed.get(column) for column in TYPED.values()}
    put |= {column: flags.get(column) for column in FLAGS.values()}
    for name, value in put.items():
        st.session_state[_PREFIX + name] = value
    put_take(brief.take)


def put_take(take: Take) -> None:
    """Say what of its clip is released."""
    st.session_state[_TAKE] = take


def take_of(content_hash: str) -> Take:
    """What of this clip is released: what was said of it last, else all of it."""
    held: Take | None = st.session_state.get(_TAKE)
    return held if held is not None and held.content_hash == content_hash else Take(content_hash)


def take_linked(timezone: str) -> None:
    """Take what another page, or a link, says of the video: ``?kol=…``, ``?tags=a,b``, ``?hour=20``, ``?weekday=sat``.

    Hashtags are added to those of the form, a weekday is the next such day. The address forgets them then, so that
    what is changed in the form afterwards stays changed. Call before the form is shown.
    """
    _take_kol(timezone)
    said = {name: st.query_params.pop(name, None) for name in LINKED if name in st.query_params}
    if not said:
        return
    if _PREFIX + "day" not in st.session_state:
        now = _now(timezone)
        fill(Brief(day=now.date(), hour=now.hour))
    if names := [name.strip().lstrip("#")[: limits.MAX_TAG_CHARS] for name in from_link(said.get("tags") or "")]:
        held = st.session_state.get(_PREFIX + "tags", ())
        st.session_state[_PREFIX + "tags"] = [*dict.fromkeys(filter(None, [*held, *names]))][: limits.MAX_TAGS]
    hour = said.get("hour") or ""
    if hour.isdecimal() and int(hour) < 24:
        st.session_state[_PREFIX + "hour"] = int(hour)
    if said.get("weekday") in WEEKDAYS:
        now = _now(timezone)
        ahead = (WEEKDAYS.index(said["weekday"] or "") - now.weekday()) % 7
        if ahead == 0 and now.hour >= st.session_state[_PREFIX + "hour"]:
            ahead = 7  # that hour of today has begun
        st.session_state[_PREFIX + "day"] = now.date() + timedelta(days=ahead)
    st.toast(t("form_carried"), icon=":material/input:")


def of_sample(sample: Sample, timezone: str) -> Brief:
    """What comes with a sample, as the form would have it."""
    when = sample.upload_time.astimezone(ZoneInfo(timezone)) if sample.upload_time else _now(timezone)
    return Brief(
        description=sample.description,
        tags=sample.tags,
        uploader_id=sample.uploader_id,
        day=when.date(),
        hour=when.hour,
        product_link=sample.has_product_link,
    )


def _take_kol(timezone: str) -> None:
    """Pick the KOL that the link names (``?kol=platform:id``), before the form is made; one nobody knows is ignored."""
    asked = st.query_params.get(_LINK)
    if asked is None or asked == st.session_state.get(_LINKED):
        return
    platform, colon, uploader_id = asked.partition(":")
    if not colon:
        platform, uploader_id = market.platform(), asked
    if platform != market.platform() or not market.knows(uploader_id):
        return
    if _PREFIX + "day" not in st.session_state:
        now = _now(timezone)
        fill(Brief(day=now.date(), hour=now.hour))
    st.session_state[_PREFIX + "kol_mode"] = "pick"
    st.session_state[_PREFIX + "uploader_id"] = uploader_id


def publish(brief: Brief) -> None:
    """Keep the link in step with the KOL picked; call after the form."""
    said = None if brief.uploader_id is None else f"{market.platform()}:{brief.uploader_id}"
    held = st.session_state.get(_LINKED)
    st.session_state[_LINKED] = said
    if said is None:
        if held is not None:  # a link that names nobody is left as it was
            st.query_params.pop(_LINK, None)
    elif st.query_params.get(_LINK) != said:
        st.query_params[_LINK] = said


def _nothing(*_: str) -> None: ...


def show(timezone: str, under: Callable[..., None] = _nothing) -> Brief:
    """The form; what it says now.

    Parameters
    ----------
    under : callable, optional
        Called right under a widget with the rows of Table 1 that it is about, to draw there.
    """
    if _PREFIX + "day" not in st.session_state:
        now = _now(timezone)
        fill(Brief(day=now.date(), hour=now.hour))
    description = st.text_area(
        t("description"),
        key=_PREFIX + "description",
        height=92,
        max_chars=limits.MAX_DESCRIPTION_CHARS,
        placeholder=t("description_hint"),
        persist_state="session",
    )
    picked = tuple(st.session_state.get(_PREFIX + "tags", ()))
    tags = st.multiselect(
        t("tags"),
        list(dict.fromkeys([*picked, *market.tags()])),
        key=_PREFIX + "tags",
        accept_new_options=True,
        max_selections=limits.MAX_TAGS,
        placeholder=t("tags_hint"),
        persist_state="session",
    )
    under("tags", "video_tag_count", "tag_total_view_count", "tag_total_user_count")
    uploader_id, typed = _kol(under)
    left, right = st.columns([3, 2], wrap=False)
    zone = t("zone_help", zone=timezone)
    day = left.date_input(t("date"), key=_PREFIX + "day", help=zone, persist_state="session")
    hour = right.selectbox(
        t("hour"), range(24), format_func=lambda h: f"{h:02d}:00", key=_PREFIX + "hour", persist_state="session"
    )
    under("upload_time", "upload_dayofweek", "upload_hour")
    product_link = st.segmented_control(
        t("product"), list(_ANSWERS), format_func=t, key=_PREFIX + "product_link", required=True, width="stretch",
        persist_state="session",
    )  # fmt: skip
    under("video_product")
    city, poi, flags = _more()
    under("upload_city", "upload_poi", *FLAGS)
    return Brief(
        description=(description or "").strip(),
        tags=tuple(tag.strip().lstrip("#") for tag in tags if tag.strip().lstrip("#")),
        uploader_id=uploader_id,
        typed=typed,
        day=day,
        hour=hour,
        product_link=_ANSWERS[product_link or "unknown"],
        city=city,
        poi=poi,
        flags=flags,
    )


def _kol(under: Callable[..., None]) -> tuple[str | None, tuple[tuple[str, Any], ...]]:
    """The KOL: one of the workspace, or their numbers typed."""
    mode = st.segmented_control(
        t("kol"),
        ["pick", "type"],
        format_func=lambda m: t(f"kol_{m}"),
        key=_PREFIX + "kol_mode",
        required=True,
        width="stretch",
        persist_state="session",
    )
    if mode == "type":
        return None, _typed(under)
    every = market.kol_count()
    if every == 0:
        st.caption(t("kol_none"))
        return None, ()
    named = ""
    if every > market.LISTED:
        named = st.text_input(t("kol_find"), key=_PREFIX + "kol_named", persist_state="session") or ""
        st.caption(t("kol_many", n=f"{every:,}", shown=f"{market.LISTED:,}"))
    listed = market.kol_words(named)
    current = st.session_state.get(_PREFIX + "uploader_id")
    ids = list(listed) if current is None or current in listed else [current, *listed]
    uploader_id = st.selectbox(
        t("kol_pick"),
        ids,
        format_func=lambda i: listed.get(i, str(i)),
        key=_PREFIX + "uploader_id",
        placeholder=t("kol_hint"),
        label_visibility="collapsed",
        persist_state="session",
    )
    under(*TYPED)
    return uploader_id, ()


def _typed(under: Callable[..., None]) -> tuple[tuple[str, Any], ...]:
    said: list[tuple[str, Any]] = []
    columns = st.columns(2, wrap=False)
    for place, (name, column) in enumerate(TYPED.items()):
        feature = FEATURE[name]
        with columns[place % 2]:
            value: Any
            if feature.kind is Kind.COUNT:
                value = st.number_input(
                    feature_label(name, language()), min_value=0, max_value=limits.MAX_COUNT, value=None, step=1,
                    key=_PREFIX + column, help=feature.help, placeholder=t("unknown"), persist_state="session",
                )  # fmt: skip
            else:
                value = _choice(name, column, (True, False) if feature.kind is Kind.FLAG else CHOICES[name])
            under(name)
        if value is not None:
            said.append((column, value))
    return tuple(said)


def _choice(name: str, column: str, options: tuple[Any, ...]) -> Any:
    """One of ``options``; None, which is where it starts, where it is unknown."""
    return st.selectbox(
        feature_label(name, language()), options, index=None, key=_PREFIX + column, help=FEATURE[name].help,
        format_func=_choice_words, placeholder=t("unknown"), persist_state="session",
    )  # fmt: skip


def _choice_words(value: Any) -> str:
    return (t("yes") if value else t("no")) if isinstance(value, bool) else str(value)


def _more() -> tuple[str | None, str, tuple[tuple[str, bool], ...]]:
    with st.expander(t("more")):
        current = st.session_state.get(_PREFIX + "city")
        known = market.cities()
        city = st.selectbox(
            t("city"),
            known if current is None or current in known else [current, *known],
            index=None,
            key=_PREFIX + "city",
            placeholder=t("unknown"),
            accept_new_options=True,
            persist_state="session",
        )
        poi = st.text_input(
            t("poi"), key=_PREFIX + "poi", placeholder=t("poi_hint"), max_chars=200, persist_state="session"
        )
        said = [(column, _choice(name, column, (True, False))) for name, column in FLAGS.items()]
        flags = tuple((column, value) for column, value in said if value is not None)
    return city, (poi or "").strip(), flags


def _now(timezone: str) -> datetime:
    return datetime.now(ZoneInfo(timezone))
