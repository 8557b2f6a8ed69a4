"""The uploaders of the demo market: log-normal audiences, profiles, and their growth week by week."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from mtaf_core.data.demo.effects import CITY_EFFECT, Floats
from mtaf_core.data.demo.products import CATEGORIES

CITIES: tuple[str, ...] = tuple(CITY_EFFECT)
_NAMES_ENGLISH = (
    "Mia",
    "Leo",
    "Nora",
    "Kiki",
    "Sunny",
    "Coco",
    "Ray",
    "Luna",
    "Max",
    "Yuki",
    "Ivy",
    "Tom",
    "Elle",
    "Jo",
)
_STYLES_ENGLISH = ("Picks", "Daily", "Reviews", "Studio", "Finds", "Closet", "at Home", "Lab", "Tries It", "Notes")
_NAMES_CHINESE = (
    "小鹿",
    "阿橘",
    "大雄",
    "甜甜",
    "老王",
    "糖糖",
    "初夏",
    "安安",
    "北北",
    "可乐",
    "林一",
    "圆圆",
    "子墨",
    "麦子",
)
_STYLES_CHINESE = ("好物铺", "测评", "爱分享", "的日常", "严选", "种草机", "生活家", "开箱", "买手", "不踩雷")


@dataclass(frozen=True)
class People:
    """The uploaders and their weekly counts.

    Parameters
    ----------
    profile : pandas.DataFrame
        One row an uploader: canonical columns, and ``language``, ``shelf`` (its main category) and ``posts``.
    weeks : tuple of datetime.date
        Days on which counts were taken.
    counts : dict of str to (uploaders, weeks) int64
        ``follower_count``, ``favorited_count``, ``video_count``, ``following_count``.
    """

    profile: pd.DataFrame
    weeks: tuple[date, ...]
    counts: dict[str, np.ndarray]


def people(n: int, posts: np.ndarray, start: date, weeks: int, rng: np.random.Generator) -> People:
    """Draw ``n`` uploaders who will publish ``posts`` videos each, and count them weekly from ``start``."""
    size = rng.standard_normal(n)
    habit = 0.45 * size + np.sqrt(1 - 0.45**2) * rng.standard_normal(n)
    log_followers = 11.7 + 1.4 * size
    log_videos = 5.8 + 0.9 * habit
    log_favorited = 13.6 + (log_followers - 11.7) + 0.25 * (log_videos - 5.8) + 0.7 * rng.standard_normal(n)
    first = {
        "follower_count": np.exp(log_followers),
        "favorited_count": np.exp(log_favorited),
        "video_count": np.exp(log_videos),
        "following_count": np.exp(5.2 + 1.0 * rng.standard_normal(n)),
    }
    profile = _profile(n, size, rng)
    profile["posts"] = posts
    counts = _grow(first, posts, weeks, rng)
    for column, by_week in counts.items():
        profile[column] = by_week[:, -1]
    days = tuple(start + timedelta(days=7 * w) for w in range(weeks))
    return People(profile, days, counts)


def _grow(first: dict[str, Floats], posts: np.ndarray, weeks: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    n = len(posts)
    week = np.arange(weeks)
    pace = np.clip(rng.normal(0.012, 0.014, n), -0.008, 0.06)[:, None]
    wobble = np.cumsum(rng.normal(0, 0.003, (n, weeks)), axis=1)
    followers = first["follower_count"][:, None] * np.exp(pace * week + wobble)
    # Likes received never shrink; they come in faster for those whose audience grows.
    gain = np.maximum(pace, 0.002) * rng.uniform(0.6, 1.4, (n, weeks))
    favorited = first["favorited_count"][:, None] * np.exp(np.cumsum(gain, axis=1) - gain[:, :1])
    others = rng.poisson(np.maximum(posts, 1)[:, None] / weeks * 1.5, (n, weeks))
    videos = first["video_count"][:, None] + np.cumsum(others, axis=1)
    following = first["following_count"][:, None] + np.cumsum(rng.poisson(0.4, (n, weeks)), axis=1)
    grown = {
        "follower_count": followers,
        "favorited_count": favorited,
        "video_count": videos,
        "following_count": following,
    }
    return {column: np.rint(value).astype(np.int64) for column, value in grown.items()}


def _profile(n: int, size: Floats, rng: np.random.Generator) -> pd.DataFrame:
    chinese = rng.random(n) < 0.40
    shelf = rng.integers(len(CATEGORIES), size=n)
    # Larger accounts are verified more often and hold higher commerce levels, as on the real platform.
    verified = rng.random(n) < 1 / (1 + np.exp(-(-0.7 + 0.9 * size)))
    commerce = np.clip(np.rint(2.5 + 1.0 * size + 1.3 * rng.standard_normal(n)), 0, 6).astype(np.int64)
    kind = rng.choice(["personal", "enterprise", "gov_media"], size=n, p=[0.80, 0.17, 0.03])
    age = np.clip(np.rint(rng.normal(28, 6, n)), 18, 58)
    city = _unknown(rng.choice(CITIES, size=n, p=_city_weights()), 0.08, rng)
    names = [_name(bool(zh), rng) for zh in chinese]
    return pd.DataFrame(
        {
            "uploader_id": [f"kol{i + 1:04d}" for i in range(n)],
            "handle": [f"demo_kol_{i + 1:04d}" for i in range(n)],
            "nickname": names,
            "verification_type": np.where(verified, np.where(kind == "enterprise", 2, 1), 0),
            "is_verified": verified,
            "verify_reason": [
                f"{CATEGORIES[s].name} creator" if v else None for s, v in zip(shelf, verified, strict=True)
            ],
            "account_type": kind,
            "user_rating": rng.integers(1, 6, n),
            "commerce_level": commerce,
            "has_shop": commerce >= 2,
            "favoriting_count": np.rint(np.exp(6.8 + 1.3 * rng.standard_normal(n))).astype(np.int64),
            "is_searchable": rng.random(n) < 0.95,
            "is_nearby_visible": rng.random(n) < 0.70,
            "gender": rng.choice(["female", "male", "unknown"], size=n, p=[0.58, 0.34, 0.08]),
            "age": pd.array(np.where(rng.random(n) < 0.22, -1, age), dtype="Int64"),
            "city": city,
            "region": [None if c is None else "CN" for c in city],
            "category": [CATEGORIES[s].name for s in shelf],
            "language": np.where(chinese, "zh", "en"),
            "shelf": shelf,
        }
    ).assign(age=lambda table: table["age"].mask(table["age"] < 0))


def _city_weights() -> Floats:
    weights = 1.0 / np.arange(1, len(CITIES) + 1) ** 0.6
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _name(chinese: bool, rng: np.random.Generator) -> str:
    names, styles = (_NAMES_CHINESE, _STYLES_CHINESE) if chinese else (_NAMES_ENGLISH, _STYLES_ENGLISH)
    joint = "" if chinese else " "
    return f"{rng.choice(names)}{joint}{rng.choice(styles)}"


def _unknown(values: np.ndarray, share: float, rng: np.random.Generator) -> list[str | None]:
    """The values as strings, a ``share`` of them unknown."""
    return [None if hidden else str(v) for v, hidden in zip(values, rng.random(len(values)) < share, strict=True)]
