"""Table 1 of the paper as data: every content-agnostic feature, once.

Frames, encoders, trees, pages, what-if keys and docs are generated from `FEATURES`. A feature is named as in the
table; ``columns`` are what it becomes in a frame (only "Video quality", width and height, becomes two).

Table 1 prints 31 rows; all 31 are here. Four of them exist only after release (`Release.AFTER`): they never enter
``content_agnostic`` (N), and reach the network only as the observed days of ``temporal`` (S).
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Modality(StrEnum):
    """The five sources of evidence; the letters are the paper's (section 3.2)."""

    CONTENT_AGNOSTIC = "content_agnostic"  # N
    TEXT = "text"  # T
    AUDIO = "audio"  # A
    VISUAL = "visual"  # V
    TEMPORAL = "temporal"  # S

    @property
    def letter(self) -> str:
        return {"content_agnostic": "N", "text": "T", "audio": "A", "visual": "V", "temporal": "S"}[self.value]


MODALITIES: tuple[Modality, ...] = tuple(Modality)
CONTENT_MODALITIES: tuple[Modality, ...] = (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)

MODALITY_LABELS: dict[Modality, str] = {
    Modality.CONTENT_AGNOSTIC: "Context (KOL, tags, time)",
    Modality.TEXT: "Text",
    Modality.AUDIO: "Sound",
    Modality.VISUAL: "Picture",
    Modality.TEMPORAL: "Early trend",
}


class Group(StrEnum):
    UPLOADER = "uploader"
    VIDEO = "video"
    TAG = "tag"
    TIME = "time"
    LOCATION = "location"


GROUP_LABELS: dict[Group, str] = {
    Group.UPLOADER: "KOL",
    Group.VIDEO: "Video",
    Group.TAG: "Hashtags",
    Group.TIME: "Time",
    Group.LOCATION: "Place",
}


class Kind(StrEnum):
    """What the values are: whole counts, measures, categories (strings), flags (0/1), or a point on a cycle."""

    COUNT = "count"
    MEASURE = "measure"
    CATEGORY = "category"
    FLAG = "flag"
    CYCLE = "cycle"


class Transform(StrEnum):
    """How a value enters the network (section 2.3): log scale, learned embedding, or sine and cosine of a cycle."""

    LOG1P = "log1p"
    EMBEDDING = "embedding"
    CYCLIC = "cyclic"


class Release(StrEnum):
    BEFORE = "before_release"
    AFTER = "after_release"


@dataclass(frozen=True)
class Feature:
    """One row of Table 1.

    Parameters
    ----------
    name : str
        The row's name in snake case; the key of what-if and of every chart.
    label, label_zh : str
        What the interface calls it, in English and Chinese.
    help : str
        One line on what it means and its unit.
    columns : tuple of str
        Frame columns. Numbers and flags are float64 with NaN for unknown; categories are str with None for unknown.
    period : int
        Length of the cycle for `Kind.CYCLE`, else 0.
    """

    name: str
    label: str
    label_zh: str
    help: str
    group: Group
    kind: Kind
    transform: Transform
    release: Release = Release.BEFORE
    columns: tuple[str, ...] = ()
    unit: str = ""
    period: int = 0

    def __post_init__(self) -> None:
        if not self.columns:
            object.__setattr__(self, "columns", (self.name,))

    @property
    def is_numeric(self) -> bool:
        """Whether a log histogram makes sense: counts and measures."""
        return self.transform is Transform.LOG1P


def _count(name: str, label: str, zh: str, help: str, group: Group, **more: object) -> Feature:
    return Feature(name, label, zh, help, group, Kind.COUNT, Transform.LOG1P, **more)  # type: ignore[arg-type]


def _category(name: str, label: str, zh: str, help: str, group: Group) -> Feature:
    return Feature(name, label, zh, help, group, Kind.CATEGORY, Transform.EMBEDDING)


def _flag(name: str, label: str, zh: str, help: str, group: Group, **more: object) -> Feature:
    return Feature(name, label, zh, help, group, Kind.FLAG, Transform.EMBEDDING, **more)  # type: ignore[arg-type]


_U, _V, _T, _H, _L = Group.UPLOADER, Group.VIDEO, Group.TAG, Group.TIME, Group.LOCATION
_AFTER = Release.AFTER

FEATURES: tuple[Feature, ...] = (
    _flag("uploader_verification", "Verified", "是否认证", "Is the KOL authenticated by the platform?", _U),
    _category(
        "uploader_type", "KOL type", "账号类型", "Type of account: personal, enterprise, government or media.", _U
    ),
    _category("uploader_rating", "KOL rating", "用户评级", "The platform's rating of the KOL.", _U),
    _category("uploader_commerce", "Commerce level", "带货等级", "The platform's e-commerce level of the KOL.", _U),
    _count("uploader_video_count", "Videos published", "作品数", "Videos the KOL had published before this one.", _U),
    _count("uploader_follower", "Followers", "粉丝数", "Followers of the KOL at upload time.", _U),
    _count("uploader_following", "Following", "关注数", "Accounts the KOL follows.", _U),
    _count("uploader_favorited", "Likes received", "获赞数", "Likes received by all of the KOL's videos.", _U),
    _count("uploader_favoriting", "Likes given", "喜欢数", "Other people's videos the KOL has liked.", _U),
    _flag("uploader_searchable", "Searchable", "可被搜索", "Can others find the KOL by search?", _U),
    _flag("uploader_visible", "Visible nearby", "附近可见", "Is the KOL shown to people nearby?", _U),
    _category("uploader_gender", "Gender", "性别", "Gender of the KOL, as the profile says.", _U),
    _count("uploader_age", "Age", "年龄", "Age of the KOL in years.", _U, unit="years"),
    Feature(
        "video_duration",
        "Duration",
        "时长",
        "Length of the video in seconds.",
        _V,
        Kind.MEASURE,
        Transform.LOG1P,
        unit="s",
    ),
    _count("video_favorite_count", "Likes", "点赞数", "Likes of this video so far.", _V, release=_AFTER),
    _count("video_comment_count", "Comments", "评论数", "Comments on this video so far.", _V, release=_AFTER),
    _count("video_share_count", "Shares", "分享数", "Shares of this video so far.", _V, release=_AFTER),
    Feature(
        "video_quality",
        "Picture size",
        "画面尺寸",
        "Width and height of the video in pixels.",
        _V,
        Kind.MEASURE,
        Transform.LOG1P,
        columns=("video_width", "video_height"),
        unit="px",
    ),
    _flag(
        "video_topped", "Pinned", "是否置顶", "Is the video pinned to the top of the KOL's list?", _V, release=_AFTER
    ),
    _flag("video_downloadable", "Downloads allowed", "允许下载", "May viewers download the video?", _V),
    _flag("video_shareable", "Sharing allowed", "允许分享", "May viewers share the video?", _V),
    _flag("video_commentable", "Comments allowed", "允许评论", "May viewers comment?", _V),
    _flag("video_mix", "In a collection", "属于合集", "Is the video part of a collection?", _V),
    _flag("video_product", "Product link", "商品链接", "Is a product link attached?", _V),
    _count("video_tag_count", "Hashtags", "话题数", "Number of hashtags on the video.", _V),
    _count("tag_total_view_count", "Hashtag views", "话题播放量", "Views of the video's hashtags, added up.", _T),
    _count(
        "tag_total_user_count", "Hashtag users", "话题参与人数", "KOLs who used the video's hashtags, added up.", _T
    ),
    Feature(
        "upload_dayofweek",
        "Weekday",
        "星期",
        "Day of the week in the market's time zone; 0 is Monday.",
        _H,
        Kind.CYCLE,
        Transform.CYCLIC,
        period=7,
    ),
    Feature(
        "upload_hour",
        "Hour",
        "时段",
        "Hour of the day, 0-23, in the market's time zone.",
        _H,
        Kind.CYCLE,
        Transform.CYCLIC,
        period=24,
    ),
    _category("upload_city", "City", "城市", "City the video was uploaded from.", _L),
    _flag("upload_poi", "Point of interest", "兴趣点", "Is a point of interest attached to the place?", _L),
)

FEATURE: dict[str, Feature] = {feature.name: feature for feature in FEATURES}
BEFORE_RELEASE: tuple[Feature, ...] = tuple(f for f in FEATURES if f.release is Release.BEFORE)
AFTER_RELEASE: tuple[Feature, ...] = tuple(f for f in FEATURES if f.release is Release.AFTER)

SERIES_CHANNELS: tuple[str, ...] = (
    "favorite_count",
    "comment_count",
    "share_count",
    "view_count",
    "is_topped",
)
"""What is known of a released video each day, as `snapshots` columns; the inputs of ``temporal`` (S)."""

SCORE_WEIGHTS: dict[str, float] = {"favorite_count": 0.2, "comment_count": 0.3, "share_count": 0.5}
"""Weights of equation 1."""

HORIZON_DAY = 6
"""The day predicted unless set otherwise (section 2.4)."""


def definition() -> dict[str, Any]:
    """All that a bundle depends on: the rows of `FEATURES`, the channels of a day and the weights of equation 1."""
    rows = [[f.name, f.kind, f.transform, f.release, list(f.columns), f.period] for f in FEATURES]
    return {"features": rows, "series_channels": list(SERIES_CHANNELS), "score_weights": dict(SCORE_WEIGHTS)}


def fingerprint() -> str:
    """A short hash of `definition`; bundles are checked against it."""
    text = json.dumps(list(definition().values()), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def difference(made_for: dict[str, Any]) -> str | None:
    """Say in words which part of another version's `definition` is the first to differ from this one's.

    None where none does.
    """
    now = definition()
    names = ("name", "kind", "transform", "release", "columns", "period")
    then, here = ({row[0]: row for row in made["features"]} for made in (made_for, now))
    for name in (*then, *here):
        if name not in here:
            return f"the feature '{name}' is not known to this version"
        if name not in then:
            return f"the feature '{name}' is new in this version"
        for part, old, new in zip(names, then[name], here[name], strict=True):
            if old != new:
                return f"the {part} of the feature '{name}' was {_words(old)} and is {_words(new)} in this version"
    if list(then) != list(here):
        name = next(old for old, new in zip(then, here, strict=True) if old != new)
        return f"the feature '{name}' stands elsewhere in this version"
    for part in ("series_channels", "score_weights"):
        if made_for[part] != now[part]:
            return f"the field '{part}' was {_words(made_for[part])} and is {_words(now[part])} in this version"
    return None


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else f"'{value}'"
