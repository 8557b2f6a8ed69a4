"""The demo market as tables: who uploads what and when, and how popular it becomes. No clip is rendered here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from mtaf_core.data.demo import effects, growth
from mtaf_core.data.demo.design import ClipDesign, draw_design, factor_columns
from mtaf_core.data.demo.effects import CITY_EFFECT, Floats
from mtaf_core.data.demo.hashtags import Hashtags, hashtags
from mtaf_core.data.demo.people import CITIES, People, people
from mtaf_core.data.demo.products import CATEGORIES
from mtaf_core.data.demo.words import describe
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadInput

PLATFORM = "douyin"
TIMEZONE = "Asia/Shanghai"
SOURCE = "demo"
START = date(2026, 9, 1)
UPLOAD_DAYS = 60
TAGLESS = 0.08
"""Share of videos without any hashtag, as in life: a model must have met them."""
WEEKS = 11
"""Weekly totals start a week before the first upload and end a week after the last snapshot."""
_SIZES = ((1080, 1920), (720, 1280), (540, 960), (270, 480))
_HOUR_WEIGHTS = np.array(
    [2, 1, 0.5, 0.3, 0.3, 0.6, 1.5, 3, 4, 4.5, 5, 6, 8, 6, 4.5, 4.5, 5, 7, 9, 10, 10, 9, 6, 4], dtype=np.float64
)


@dataclass(frozen=True)
class Market:
    """A simulated market.

    Parameters
    ----------
    tables : dict of str to pyarrow.Table
        Every canonical table but ``embeddings``.
    designs : tuple of ClipDesign
        One a video, in the order of ``tables["videos"]``.
    tags : tuple of tuple of str
        The hashtags of each video, in order.
    truth : pyarrow.Table
        One row a video: ``effect_*`` true contributions in log units, ``factor_*`` content factors,
        ``expected_log_popularity``, ``noise``, ``log_popularity``, ``reveal_second``, ``jingle_second``.
    """

    tables: dict[str, pa.Table]
    designs: tuple[ClipDesign, ...]
    tags: tuple[tuple[str, ...], ...]
    truth: pa.Table


def simulate(*, seed: int = 7, uploaders: int = 260, videos: int = 1600) -> Market:
    """Draw the whole market but its clips.

    Parameters
    ----------
    seed : int
        The same seed and sizes give the same market.
    uploaders, videos : int
        At least 1 uploader, and at least as many videos as uploaders.

    Raises
    ------
    BadInput
        If the sizes do not make a market.
    """
    if uploaders < 1 or videos < uploaders:
        raise BadInput(f"A demo market needs at least one video an uploader, not {videos} videos for {uploaders}.")
    rng = np.random.default_rng(seed)
    posts = _posts(uploaders, videos, rng)
    first_week = START - timedelta(days=7)
    cast = people(uploaders, posts, first_week, WEEKS, rng)
    vocabulary = hashtags(first_week, WEEKS, rng)
    table, designs, tags = _videos(cast, vocabulary, seed, rng)
    values = _values(table, designs, tags, cast, vocabulary)
    parts = effects.contributions(values)
    expected = effects.BASE + np.sum(list(parts.values()), axis=0)
    noise = effects.NOISE_SD * rng.standard_normal(videos)
    grown = growth.grow(expected + noise, values["text_question"], values["video_product"], rng)
    tables = {
        "uploaders": _people_table(cast),
        "uploader_snapshots": _people_snapshots(cast),
        "videos": canonical("videos", table.assign(collected_at=table["created_at"] + pd.Timedelta(days=growth.DAYS))),
        "snapshots": _snapshots(table, grown, cast, rng),
        "tags": _tag_totals(vocabulary),
        "video_tags": _video_tags(table, tags, vocabulary),
    }
    truth = _truth(table, parts, values, expected, noise, designs)
    return Market(tables, tuple(designs), tuple(tuple(vocabulary.names[i] for i in t) for t in tags), truth)


def canonical(name: str, rows: pd.DataFrame) -> pa.Table:
    """Rows of the demo market as a canonical table; columns the demo does not know are null."""
    rows = rows.assign(platform=PLATFORM, source=SOURCE)
    schema = TABLES[name].arrow
    arrays = [
        pa.Array.from_pandas(rows[f.name], type=f.type) if f.name in rows else pa.nulls(len(rows), f.type)
        for f in schema
    ]
    return pa.table(arrays, schema=schema)


def _posts(uploaders: int, videos: int, rng: np.random.Generator) -> np.ndarray:
    """Videos of each uploader: most have a few, a handful fifteen or more."""
    weight = rng.gamma(3.0, 1.0, uploaders)
    busy = rng.permutation(uploaders)[: max(1, uploaders // 30)]
    weight[busy] = rng.uniform(11.0, 15.0, len(busy))
    return 1 + rng.multinomial(videos - uploaders, weight / weight.sum())


def _videos(
    cast: People, vocabulary: Hashtags, seed: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, list[ClipDesign], list[np.ndarray]]:
    owner = np.repeat(np.arange(len(cast.profile)), cast.profile["posts"])
    local = _upload_times(len(owner), rng)
    order = np.lexsort((owner, np.array([t.timestamp() for t in local])))  # ids in the order of upload
    owner, local = owner[order], [local[i] for i in order]
    rows, designs, tags = [], [], []
    profiles = [{str(k): v for k, v in row.items()} for row in cast.profile.to_dict("records")]
    for number, (who, when) in enumerate(zip(owner, local, strict=True)):
        row, design, chosen = _video(number, profiles[who], when, vocabulary, seed, rng)
        rows.append({**row, "owner": who})
        designs.append(design)
        tags.append(chosen)
    return pd.DataFrame(rows), designs, tags


def _upload_times(n: int, rng: np.random.Generator) -> list[datetime]:
    day = rng.integers(UPLOAD_DAYS, size=n)
    hour = rng.choice(24, size=n, p=_HOUR_WEIGHTS / _HOUR_WEIGHTS.sum())
    second = rng.integers(3600, size=n)
    midnight = datetime(START.year, START.month, START.day, tzinfo=ZoneInfo(TIMEZONE))
    return [
        midnight + timedelta(days=int(d), hours=int(h), seconds=int(s))
        for d, h, s in zip(day, hour, second, strict=True)
    ]


def _video(
    number: int, who: dict[str, Any], when: datetime, vocabulary: Hashtags, seed: int, rng: np.random.Generator
) -> tuple[dict[str, Any], ClipDesign, np.ndarray]:
    shelf = int(who["shelf"]) if rng.random() < 0.75 else int(rng.integers(len(CATEGORIES)))
    category = CATEGORIES[shelf]
    product = category.products[int(rng.integers(len(category.products)))]
    language = who["language"] if rng.random() < 0.95 else str(rng.choice(["en", "zh"], p=[0.6, 0.4]))
    offer, question, filler = (bool(rng.random() < p) for p in (0.38, 0.33, 0.27))
    wording = describe(category, product, language, offer=offer, question=question, filler=filler, rng=rng)
    design = draw_design(1_000_000 * seed + number, category.shape, category.hue, product.brand, offer, wording)
    chosen = vocabulary.draw(shelf, language, int(np.clip(rng.poisson(3.2), 1, 9)), rng)
    if np.random.default_rng([seed, number]).random() < TAGLESS:
        chosen = chosen[:0]
    linked = bool(rng.random() < 0.62)
    placed = bool(rng.random() < 0.18)
    city = who["city"] if rng.random() < 0.85 else str(rng.choice(CITIES))
    width, height = _SIZES[int(rng.choice(len(_SIZES), p=[0.5, 0.3, 0.1, 0.1]))]
    row = {
        "video_id": f"v{number + 1:06d}",
        "uploader_id": who["uploader_id"],
        "description": wording.description,
        "created_at": when.astimezone(UTC),
        "local": when,
        "timezone": TIMEZONE,
        "duration_s": round(float(np.clip(np.exp(3.1 + 0.5 * rng.standard_normal()), 10.0, 180.0)), 1),
        "width_px": width,
        "height_px": height,
        "is_downloadable": bool(rng.random() < 0.75),
        "is_shareable": bool(rng.random() < 0.98),
        "is_commentable": bool(rng.random() < 0.97),
        "is_in_mix": bool(rng.random() < 0.22),
        "has_product_link": linked,
        "product_id": f"p{shelf:02d}{category.products.index(product):02d}" if linked else None,
        "product_title": f"{product.brand} {product.title if language == 'en' else product.chinese}"
        if linked
        else None,
        "product_category": category.name,
        "product_price": product.price if linked else None,
        "product_currency": "CNY" if linked else None,
        "upload_city": city,
        "upload_region": "CN" if city else None,
        "poi_id": f"poi{int(rng.integers(1, 400)):04d}" if placed else None,
        "poi_name": f"{city or 'Shanghai'} {category.name} store" if placed else None,
        "music_title": "original sound" if design.sound == "voice" else None,
        "is_ad": bool(rng.random() < 0.08),
    }
    row |= {"text_offer": offer, "text_question": question, "text_filler": filler}
    return row, design, chosen


def _week_before(days: list[date], weeks: tuple[date, ...]) -> np.ndarray:
    """Index of the weekly count nearest at or before each day."""
    return np.array([(day - weeks[0]).days // 7 for day in days])


def _values(
    table: pd.DataFrame, designs: list[ClipDesign], tags: list[np.ndarray], cast: People, vocabulary: Hashtags
) -> dict[str, Floats]:
    """The value of every cause, as `effects.EFFECTS` states them; counts are those known at upload."""
    local = table["local"].tolist()
    week = _week_before([t.date() for t in local], cast.weeks)
    who = table["owner"].to_numpy()
    profile = cast.profile.iloc[who].reset_index(drop=True)

    def counted(column: str) -> Floats:
        return np.log1p(cast.counts[column][who, week].astype(np.float64))

    views = np.array([vocabulary.views[t, w].sum() for t, w in zip(tags, week, strict=True)], dtype=np.float64)
    hour = np.array([t.hour for t in local], dtype=np.float64)
    return {
        "uploader_follower": counted("follower_count"),
        "uploader_favorited": counted("favorited_count"),
        "uploader_video_count": counted("video_count"),
        "uploader_verification": profile["is_verified"].to_numpy(np.float64),
        "uploader_commerce": profile["commerce_level"].to_numpy(np.float64),
        "video_product": table["has_product_link"].to_numpy(np.float64),
        "video_duration": np.log1p(table["duration_s"].to_numpy(np.float64)),
        "tag_total_view_count": np.maximum(np.log1p(views), effects.TAG_REACH_FLOOR),
        "upload_dayofweek": np.array([effects.WEEKDAY_CURVE[t.weekday()] for t in local]),
        "upload_hour": effects.hour_curve(hour),
        "upload_city": np.array([CITY_EFFECT.get(c, 0.0) for c in table["upload_city"]]),
        **{name: table[name].to_numpy(np.float64) for name in ("text_offer", "text_question", "text_filler")},
        **factor_columns(designs),
    }


def _people_table(cast: People) -> pa.Table:
    return canonical("uploaders", cast.profile.assign(collected_at=_taken(cast.weeks[-1])))


def _people_snapshots(cast: People) -> pa.Table:
    n, weeks = cast.counts["follower_count"].shape
    rows = pd.DataFrame(
        {
            "uploader_id": np.repeat(cast.profile["uploader_id"].to_numpy(), weeks),
            "snapshot_date": list(cast.weeks) * n,
            "collected_at": [_taken(day) for day in cast.weeks] * n,
            **{column: counts.ravel() for column, counts in cast.counts.items()},
        }
    )
    return canonical("uploader_snapshots", rows)


def _snapshots(table: pd.DataFrame, grown: growth.Growth, cast: People, rng: np.random.Generator) -> pa.Table:
    n, days = grown.favorite.shape
    local = table["local"].tolist()
    dates = [t.date() + timedelta(days=d) for t in local for d in range(1, days + 1)]
    week = np.minimum(_week_before(dates, cast.weeks), len(cast.weeks) - 1)
    owner = np.repeat(table["owner"].to_numpy(), days)
    # The best fifth is sometimes pinned from the second day on.
    best = grown.favorite[:, -1] > np.quantile(grown.favorite[:, -1], 0.8)
    pinned = (best & (rng.random(n) < 0.3))[:, None] & (np.arange(days) >= 1)
    rows = pd.DataFrame(
        {
            "video_id": np.repeat(table["video_id"].to_numpy(), days),
            "snapshot_date": dates,
            "day_index": np.tile(np.arange(1, days + 1), n),
            "favorite_count": grown.favorite.ravel(),
            "comment_count": grown.comment.ravel(),
            "share_count": grown.share.ravel(),
            "save_count": grown.save.ravel(),
            "uploader_follower_count": cast.counts["follower_count"][owner, week],
            "is_topped": pinned.ravel(),
            "collected_at": [t.astimezone(UTC) + timedelta(days=d) for t in local for d in range(1, days + 1)],
        }
    )
    return canonical("snapshots", rows)


def _tag_totals(vocabulary: Hashtags) -> pa.Table:
    n, weeks = vocabulary.views.shape
    commerce = vocabulary.shelf >= 0
    rows = pd.DataFrame(
        {
            "tag_name": np.repeat(np.array(vocabulary.names, dtype=object), weeks),
            "snapshot_date": list(vocabulary.weeks) * n,
            "tag_id": np.repeat(np.array([f"t{i + 1:04d}" for i in range(n)], dtype=object), weeks),
            "total_view_count": vocabulary.views.ravel(),
            "total_user_count": vocabulary.users.ravel(),
            "total_video_count": vocabulary.videos.ravel(),
            "is_commerce": np.repeat(commerce, weeks),
            "collected_at": [_taken(day) for day in vocabulary.weeks] * n,
        }
    )
    return canonical("tags", rows)


def _video_tags(table: pd.DataFrame, tags: list[np.ndarray], vocabulary: Hashtags) -> pa.Table:
    rows = [
        {"video_id": video, "tag_name": vocabulary.names[t], "position": place, "collected_at": when}
        for video, when, chosen in zip(table["video_id"], table["created_at"], tags, strict=True)
        for place, t in enumerate(chosen)
    ]
    return canonical("video_tags", pd.DataFrame(rows))


def _truth(
    table: pd.DataFrame,
    parts: dict[str, Floats],
    values: dict[str, Floats],
    expected: Floats,
    noise: Floats,
    designs: list[ClipDesign],
) -> pa.Table:
    columns: dict[str, Any] = {"video_id": table["video_id"].to_numpy()}
    columns |= {f"effect_{name}": part for name, part in parts.items()}
    columns |= {f"factor_{name}": values[name] for name in effects.CONTENT_FACTORS}
    columns |= {"expected_log_popularity": expected, "noise": noise, "log_popularity": expected + noise}
    columns["reveal_second"] = pa.array([d.reveal_second for d in designs], pa.int64())
    columns["jingle_second"] = pa.array([d.jingle_second for d in designs], pa.int64())
    return pa.table(columns)


def _taken(day: date) -> datetime:
    """Totals are taken at midnight, market time, when their day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(TIMEZONE)).astimezone(UTC)
