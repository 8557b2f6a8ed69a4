"""When videos are more popular: the 168 slots of a week, its days and its hours, where the market is.

Two readings, as of hashtags (`mtaf_core.study.tags`), both on the natural log of popularity and both shrunk.
*Adjusted*: the difference to what is expected of a video by models that know no upload time, with the uploader's own
strength taken out; a slot is its weekday plus its hour plus something of its own, so that a slot of few videos leans on
its weekday and its hour. *Raw*: the mean popularity of its videos. Effects are against the cohort's average video.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from mtaf_core.study import variances
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.crossing import WEEK, Crossing, Layout
from mtaf_core.study.effects import crossed, crossed_components
from mtaf_core.study.shrinkage import Components, Effects, one_way, one_way_components
from mtaf_core.study.tags import LEARN_FROM, Reading, drawn_uploaders, is_clear, numbers, places

if TYPE_CHECKING:
    from mtaf_core.study.market import Study

THIN = 10
"""A slot of fewer videos than this says little of its own."""
DAYS, HOURS, SLOTS = 7, 24, 168

LAYOUTS: dict[str, Layout] = {
    variances.WEEK: WEEK,
    variances.WEEKDAY: Layout.apart("weekday", DAYS, every_video_has_one=True),
    variances.HOUR: Layout.apart("hour", HOURS, every_video_has_one=True),
}
"""Slots as weekday, hour and their own; days of the week; hours of the day."""
_RAW = {
    variances.WEEK: variances.WEEK_RAW,
    variances.WEEKDAY: variances.WEEKDAY_RAW,
    variances.HOUR: variances.HOUR_RAW,
}


@dataclass(frozen=True, eq=False)
class Gathered:
    """The videos of a cohort whose popularity is known, as slots are judged by; n of them.

    Attributes
    ----------
    kol : ndarray of int64, (n,)
        Places of uploaders, 0 to ``kols - 1``.
    kols : int
    slot : ndarray of int64, (n,)
        ``24 * weekday + hour``, Monday is 0.
    adjusted, raw : ndarray of float64, (n,)
        Log popularity over what is expected without the time, and log popularity.
    """

    kol: np.ndarray
    kols: int
    slot: np.ndarray
    adjusted: np.ndarray
    raw: np.ndarray


@dataclass(frozen=True, eq=False)
class Week:
    """The effects of one reading: of 168 slots (Monday 0 h first), 7 days (Monday first) and 24 hours.

    Attributes
    ----------
    videos : int
        Of known popularity.
    slots, days, hours : Effects
    """

    videos: int
    slots: Effects
    days: Effects
    hours: Effects

    def best(self) -> np.ndarray:
        """Slots that are clearly better than the average video and not thin, the best first."""
        fit = np.flatnonzero(is_clear(self.slots) & (self.slots.low > 0) & (self.slots.n >= THIN))
        order: np.ndarray = fit[np.argsort(-self.slots.effect[fit], kind="stable")]
        return order


def week(study: "Study", cohort: Cohort, reading: Reading) -> Week:
    """The effects of slots, days and hours on a cohort, shrunk by the variances of the whole market."""
    found, known = gather(study, cohort), variances.read(study.path)
    columns = _columns(found)
    if reading == "raw":
        effects = {
            name: one_way(*_sums(columns[name], found.raw, layout), known[_RAW[name]])
            for name, layout in LAYOUTS.items()
        }
    else:
        effects = {
            name: crossed(_crossing(found, columns[name], layout), layout, known[name])[0]
            for name, layout in LAYOUTS.items()
        }
    return Week(len(found.slot), *(effects[name] for name in LAYOUTS))


def gather(study: "Study", cohort: Cohort) -> Gathered:
    """Read a cohort's numbers."""
    rows = study.query(
        """SELECT kol, log_score, log_score - expected_untimed AS over,
               24 * (isodow(local_time) - 1) + hour(local_time) AS slot
           FROM panel WHERE log_score IS NOT NULL AND NOT isnan(log_score - expected_untimed)""",
        cohort=cohort,
    )
    kol, kols = places(rows)
    slot = rows.column("slot").to_numpy().astype(np.int64)
    return Gathered(kol, kols, slot, numbers(rows, "over"), numbers(rows, "log_score"))


def market_variances(found: Gathered) -> dict[str, Components]:
    """How far slots, days and hours differ on a whole market, for both readings."""
    if len(found.kol) > LEARN_FROM:
        drawn = drawn_uploaders(found.kol, found.kols)
        found = Gathered(found.kol[drawn], found.kols, found.slot[drawn], found.adjusted[drawn], found.raw[drawn])
    columns, said = _columns(found), {}
    for name, layout in LAYOUTS.items():
        said[name] = crossed_components(_crossing(found, columns[name], layout), layout)
        said[_RAW[name]] = one_way_components(*_sums(columns[name], found.raw, layout), name)
    return said


def _columns(found: Gathered) -> dict[str, np.ndarray]:
    return {
        variances.WEEK: found.slot,
        variances.WEEKDAY: found.slot // HOURS,
        variances.HOUR: found.slot % HOURS,
    }


def _sums(column: np.ndarray, y: np.ndarray, layout: Layout) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    size = layout.member.shape[1]
    return np.bincount(column, minlength=size), np.bincount(column, y, size), np.bincount(column, y**2, size)


def _crossing(found: Gathered, column: np.ndarray, layout: Layout) -> Crossing:
    n, total, _ = _sums(column, found.adjusted, layout)
    shared = sparse.csr_array((np.ones(len(column)), (found.kol, column)), shape=(found.kols, len(n)))
    shared.sum_duplicates()
    return Crossing(
        np.bincount(found.kol, minlength=found.kols).astype(np.float64),
        np.bincount(found.kol, found.adjusted, found.kols),
        float(found.adjusted @ found.adjusted),
        total,
        np.diag(n).astype(np.float64),
        shared,
    )
