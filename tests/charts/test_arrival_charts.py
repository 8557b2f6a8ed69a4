"""Coverage and freshness say what they show, to eyes and to ears."""

from dataclasses import dataclass
from datetime import date, timedelta

from mtaf_core.charts.arrivals import coverage_chart, coverage_finding, freshness_chart
from mtaf_core.charts.theme import alt, finding
from mtaf_core.schema import FEATURE, Feature, Group


@dataclass(frozen=True)
class Known:
    feature: Feature
    known: int
    videos: int = 200
    constant: bool = False

    @property
    def share(self) -> float:
        return self.known / self.videos

    @property
    def missing(self) -> int:
        return self.videos - self.known


@dataclass(frozen=True)
class ByDay:
    bucket: str = "day"
    starts: tuple[date, ...] = (date(2026, 11, 1), date(2026, 11, 3))
    snapshots: tuple[int, ...] = (10, 1200)
    first: date | None = date(2026, 11, 1)
    last: date | None = date(2026, 11, 3)


FOUND = [
    Known(FEATURE["uploader_age"], 0),
    Known(FEATURE["uploader_follower"], 150),
    Known(FEATURE["uploader_gender"], 200, constant=True),
    Known(FEATURE["video_share_count"], 20),
]


def test_a_group_has_a_bar_a_feature_and_says_each_share() -> None:
    figure = coverage_chart(FOUND, Group.UPLOADER)
    assert list(figure.data[1].x) == [0, 0.75, 1.0]
    assert [a.text for a in figure.layout.annotations] == ["none", "75%", "one value"]
    assert figure.data[1].marker.opacity[2] < figure.data[1].marker.opacity[1]
    assert "Gender: 100%, one value" in alt(figure)
    assert "200 videos" in alt(figure)


def test_what_is_known_only_after_release_has_a_star() -> None:
    assert list(coverage_chart(FOUND, Group.VIDEO).data[1].y) == ["Shares *"]


def test_the_finding_counts_features() -> None:
    assert coverage_finding(FOUND) == "2 of 4 features are known for at least half of the videos"
    assert "4" in coverage_finding(FOUND, "zh")


def test_bars_by_day_say_the_newest() -> None:
    figure = freshness_chart(ByDay())
    assert list(figure.data[0].y) == [10, 1200]
    assert finding(figure) == "Newest counts are of 2026-11-03: 1,200 that day"
    assert "the highest is 1,200" in alt(figure)


def test_without_a_snapshot_there_is_no_bar() -> None:
    assert not freshness_chart(ByDay(starts=(), snapshots=(), first=None, last=None)).data


def test_a_single_day_is_a_bar_among_the_days_around_it() -> None:
    day = date(2026, 11, 25)
    low, high = freshness_chart(ByDay(starts=(day,), snapshots=(3,), first=day, last=day)).layout.xaxis.range
    assert (high - low).days == 7
    month = tuple(day + timedelta(days=n) for n in range(30))
    whole = freshness_chart(ByDay(starts=month, snapshots=(3,) * 30, first=month[0], last=month[-1]))
    assert whole.layout.xaxis.range is None
