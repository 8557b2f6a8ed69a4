"""Effects of groups of videos that hold up: shrunk, with intervals, with the risk that a sign is wrong.

The model is y = mean + group + error, groups and errors normal. A group of two videos says little, so its effect is
drawn towards zero as far as the market says that groups differ (Efron & Morris 1975). How far they differ is the mode
of the log variance ratio under REML with a flat prior on small spreads and a half-Cauchy tail on large ones. That is
the estimate of Chung et al. (2013): never zero, so that no interval collapses because a few groups happened to agree.
What is not known of the ratio widens the intervals (Morris 1983, Kackar & Harville 1984). docs/STUDY.md has the
formulas.

Everything is computed from counts, sums and sums of squares: a million videos cost what a thousand do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, stdtr, stdtrit

LEVEL = 0.90
FALSE_SIGNS = 0.05
_STEP = 1.25
_LOG_RATIOS = np.arange(-18.0, 12.0, _STEP)


@dataclass(frozen=True)
class Components:
    """How far videos and groups vary: estimated once on a market, used again for any cohort of it.

    Holds only numbers, text and tuples: it can be hashed, and written as JSON by `dataclasses.asdict`.

    Attributes
    ----------
    names : tuple of str, (K,)
        The families of groups, such as ``("uploader", "tag")``.
    between : tuple of float, (K,)
        Variance between the groups of each family, squared natural-log units.
    within : float
        Variance of one video around what its groups lead one to expect.
    mean : float
        The model's mean of y, all random effects at zero.
    doubt : tuple of tuples of float, (K, K)
        Posterior covariance of ``log(between / within)``; zeros where the variances count as known.
    degrees : float
        Degrees of freedom of ``within``; ``inf`` where it counts as known.
    """

    names: tuple[str, ...]
    between: tuple[float, ...]
    within: float
    mean: float
    doubt: tuple[tuple[float, ...], ...]
    degrees: float = float("inf")

    @property
    def log_ratios(self) -> np.ndarray:
        """``log(between / within)`` of each family, (K,)."""
        return np.log(np.asarray(self.between)) - np.log(self.within)


@dataclass(frozen=True)
class Effects:
    """Effects of G groups on the natural log of popularity; every field is an array of (G,), in the order given.

    Attributes
    ----------
    n : ndarray of float64
        Videos of the group.
    raw : ndarray of float64
        Mean of y in the group minus the mean of y over all videos; NaN where the group is empty.
    effect, sd : ndarray of float64
        Mean and standard deviation of what the effect may be, given the data (posterior). ``sd`` holds also what is not
        known of the variances. NaN in ``sd`` where nothing is known of them.
    low, high : ndarray of float64
        The 90% interval.
    sign_risk : ndarray of float64
        The chance that the effect has not the sign of ``effect`` (local false sign rate, Stephens 2017), 0 to 0.5.
    clear : ndarray of bool
        In the largest set of groups whose mean ``sign_risk`` is at most 5%: of those, at most one in twenty is expected
        to have the wrong sign, however many groups there are.
    uploaders : ndarray of int64, or None
        Different uploaders behind the group, where that is known.
    """

    n: np.ndarray
    raw: np.ndarray
    effect: np.ndarray
    sd: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sign_risk: np.ndarray
    clear: np.ndarray
    uploaders: np.ndarray | None = None


def multiplied(log_effect: np.ndarray) -> np.ndarray:
    """An effect (or the end of an interval) as what popularity is multiplied by: 0.59 is "about x1.8"."""
    return np.exp(log_effect)


def clear_signs(sign_risk: np.ndarray, allowed: float = FALSE_SIGNS) -> np.ndarray:
    """The largest set with a mean risk of at most ``allowed``: Bayesian control of false discoveries.

    Groups of equal risk are in it or out of it together, so that their order does not matter.

    Parameters
    ----------
    sign_risk : ndarray, (G,)
        NaN is never in the set.
    allowed : float, default 0.05

    Returns
    -------
    ndarray of bool, (G,)
    """
    risks = np.sort(sign_risk[~np.isnan(sign_risk)])
    within = int(np.searchsorted(np.cumsum(risks) / np.arange(1, len(risks) + 1), allowed + 1e-12, side="right"))
    return sign_risk < risks[within] if within < len(risks) else ~np.isnan(sign_risk)


def judged(
    n: np.ndarray,
    raw: np.ndarray,
    effect: np.ndarray,
    variance: np.ndarray,
    degrees: float,
    uploaders: np.ndarray | None = None,
) -> Effects:
    """Intervals, sign risks and the clear set of given posterior means and variances.

    Parameters
    ----------
    n, raw, effect, variance : ndarray, (G,)
        A group without videos (``n`` of 0) gets its prior, and is never clear.
    degrees : float
        Of Student's t, for variances that were estimated from few videos.
    uploaders : ndarray of int, (G,), optional

    Returns
    -------
    Effects
    """
    sd = np.sqrt(np.maximum(variance, 0.0))
    reach = stdtrit(degrees, (1 + LEVEL) / 2) * sd if np.isfinite(degrees) else 1.6448536269514722 * sd
    far = np.divide(np.abs(effect), sd, out=np.where(effect == 0, 0.0, np.inf), where=sd > 0)
    risk = np.where(np.isnan(sd), 0.5, stdtr(min(degrees, 1e9), -far))
    clear = clear_signs(np.where(n > 0, risk, np.nan))
    return Effects(n, raw, effect, sd, effect - reach, effect + reach, risk, clear, uploaders)


def one_way(
    n: np.ndarray | Sequence[int],
    total: np.ndarray | Sequence[float],
    squares: np.ndarray | Sequence[float],
    components: Components | None = None,
) -> Effects:
    """Shrunk effects of groups of which every video has exactly one, against the average video.

    Parameters
    ----------
    n : array_like, (G,)
        Videos of each group.
    total, squares : array_like, (G,)
        Sum of y, and of y squared, over each group's videos; y in natural-log units. Of an empty group they are ignored
        (a sum over nothing is NULL in SQL).
    components : Components, optional
        From `one_way_components` of the whole market, for a cohort of it. Estimated from this data when left out.

    Returns
    -------
    Effects
        ``effect`` is the group's level minus the mean level over all videos, as ``raw`` is.

    Raises
    ------
    ValueError
        Where a count is negative, or a group with videos has a sum that is not finite.
    """
    groups = _Groups.of(n, total, squares)
    found = components or groups.components()
    if not np.isfinite(found.within):
        nothing = np.full(len(groups.n), np.nan)
        return judged(groups.n, groups.raw, np.zeros(len(groups.n)), nothing, found.degrees)
    return groups.effects(found)


def one_way_components(
    n: np.ndarray | Sequence[int],
    total: np.ndarray | Sequence[float],
    squares: np.ndarray | Sequence[float],
    name: str = "group",
) -> Components:
    """Variances within and between groups, by REML; parameters as those of `one_way`.

    Returns
    -------
    Components
        Of one family, ``name``. NaN in ``within`` when there are fewer than two videos.
    """
    return _Groups.of(n, total, squares).components(name)


@dataclass(frozen=True)
class _At:
    """The model at one log ratio of variances, (G,) unless said otherwise; sums of squares are in units of `within`."""

    pull: np.ndarray  # how much of a group's deviation is kept, 0 to 1
    weight: np.ndarray  # of the group's mean in the mean of all
    mean: float  # over the grand mean
    effect: np.ndarray  # before centring
    change: np.ndarray  # derivative of `effect` by the log ratio
    rest: float  # sum of squares that nothing explains


@dataclass(frozen=True)
class _Groups:
    n: np.ndarray  # (G,)
    raw: np.ndarray  # (G,), NaN where empty
    grand: float
    inner: float  # sum of squares within groups
    least: float  # a sum of squares that is nothing beside the data's: variances stay above 0 without any spread

    @classmethod
    def of(cls, n: object, total: object, squares: object) -> "_Groups":
        counts, sums, powers = (np.asarray(what, dtype=np.float64) for what in (n, total, squares))
        there = counts > 0
        if (counts < 0).any() or np.isnan(counts).any() or not np.isfinite((sums + powers)[there]).all():
            raise ValueError("counts must be 0 or more, and the sums of every group with videos finite")
        sums, powers = np.where(there, sums, 0.0), np.where(there, powers, 0.0)
        mean = np.divide(sums, counts, out=np.full(len(counts), np.nan), where=there)
        grand = float(sums.sum() / counts.sum()) if there.any() else float("nan")
        inner = float(np.maximum(powers - np.where(there, mean, 0.0) * sums, 0.0).sum())
        return cls(counts, mean - grand, grand, inner, 1e-14 * float(powers.sum()) + 1e-200)

    def at(self, log_ratio: float) -> _At:
        ratio, deviation = float(np.exp(log_ratio)), np.where(self.n > 0, self.raw, 0.0)
        weight = self.n / (1 + self.n * ratio)
        pull, known = weight * ratio, float(weight.sum())
        mean = float(weight @ deviation) / known
        off = deviation - mean
        effect = pull * off
        change = effect * (1 - pull) + pull * float(weight @ effect) / known
        return _At(pull, weight, mean, effect, change, max(self.inner + float(weight @ off**2), self.least))

    def loss(self, log_ratio: float) -> float:
        """Minus the log posterior of the log ratio, the variance within profiled out."""
        found = self.at(log_ratio)
        likelihood = (self.n.sum() - 1) * np.log(found.rest) + np.log(found.weight.sum())
        likelihood += np.log1p(self.n * np.exp(log_ratio)).sum()
        return float(0.5 * likelihood + prior_on(np.array([log_ratio]))[0])

    def components(self, name: str = "group") -> Components:
        videos = float(self.n.sum())
        if videos < 2:
            return Components((name,), (float("nan"),), float("nan"), self.grand, ((0.0,),))
        best = _LOG_RATIOS[int(np.argmin([self.loss(log_ratio) for log_ratio in _LOG_RATIOS]))]
        near = best - _STEP, best + _STEP
        log_ratio = float(minimize_scalar(self.loss, bounds=near, method="bounded", options={"xatol": 1e-7}).x)
        found, ratio = self.at(log_ratio), float(np.exp(log_ratio))
        within = found.rest / (videos - 1)
        used = float(found.pull.sum() - found.pull @ found.pull / found.pull.sum())  # degrees the groups take up
        size = float(found.effect @ found.effect) / (ratio * within)
        shared = float(found.effect @ found.change) / (ratio * within)
        slope = 0.5 * (used - size)
        curve = 0.5 * (size - shared - size**2 / (videos - 1)) + slope + float(prior_on(np.array([log_ratio]))[2][0])
        doubt, degrees = 1 / max(curve, 0.25), max(videos - 1 - used, 1.0)
        return Components((name,), (ratio * within,), within, self.grand + found.mean, ((doubt,),), degrees)

    def effects(self, components: Components) -> Effects:
        between, nothing = components.between[0], np.zeros(len(self.n))
        if not self.n.any():
            return judged(self.n, self.raw, nothing, nothing + between, components.degrees)
        found = self.at(float(components.log_ratios[0]))
        share = self.n / self.n.sum()
        alone = between * (1 - found.pull)  # each group's variance, were the mean known
        variance = (
            alone * (1 - 2 * share)
            + share**2 @ alone
            + between / found.pull.sum() * (found.pull - share @ found.pull) ** 2
            + components.doubt[0][0] * (found.change - share @ found.change) ** 2
        )
        return judged(self.n, self.raw, found.effect - share @ found.effect, variance, components.degrees)


def prior_on(log_ratio: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Minus the log prior of log variance ratios, (K,), with its slope and curve, both (K,).

    Each spread is half-Cauchy with the scale of the spread within. Near zero that is the flat prior on a standard
    deviation (Gelman 2006, Chung et al. 2013).
    """
    part = expit(log_ratio)
    loss = float((np.logaddexp(0.0, log_ratio) - 0.5 * log_ratio).sum())
    return loss, part - 0.5, part * (1 - part)
