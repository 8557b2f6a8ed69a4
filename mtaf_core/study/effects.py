"""Effects of hashtags, or of time slots, with the uploader's own strength taken out, and of uploaders net of those.

The model is y = mean + uploader + columns + error. Every video has one uploader and any number of columns: its
hashtags, or the one slot of the week it came out in. All effects are random, each family with a variance of its own,
so that whatever has few videos is shrunk. They solve Henderson's mixed-model equations (1975; Robinson 1991). The
uploaders' block of these is diagonal and is eliminated, which leaves one dense system of the size of the columns. The
variances are REML with the prior of `mtaf_core.study.shrinkage`. docs/STUDY.md has the formulas.

The equations need counts and sums alone (`Crossing`): a million videos cost what a thousand do.
"""

from functools import cached_property

import numpy as np
from scipy import optimize, sparse
from scipy.linalg import lapack

from mtaf_core.study.crossing import Crossing, Layout
from mtaf_core.study.shrinkage import Components, Effects, judged, prior_on

UPLOADER = "uploader"
_PAIRS = 2_000_000


def crossed(
    crossing: Crossing, layout: Layout | None = None, components: Components | None = None
) -> tuple[Effects, Effects, Components]:
    """Effects of columns and of uploaders, each with the other taken out.

    Parameters
    ----------
    crossing : Crossing
    layout : Layout, optional
        `WEEK` for slots; when left out, the columns are hashtags, each on its own.
    components : Components, optional
        From `crossed_components` of the whole market with the same layout, for a cohort of it. Estimated when left out.

    Returns
    -------
    columns : Effects, (P,)
        A hashtag's effect is against the same video without it; a slot's is against the average video. `uploaders` is
        known.
    uploaders : Effects, (U,)
        Against the average video of the data.
    components : Components
        Of ``("uploader", *layout.names)``: those given, or those estimated.

    Raises
    ------
    ValueError
        Where the components are of other families than the layout.
    """
    model = _Model(crossing, layout or Layout.apart("tag", len(crossing.column_total)))
    found = components or model.components()
    if found.names != model.names:
        raise ValueError(f"these variances are of {', '.join(found.names)}, not of {', '.join(model.names)}")
    if crossing.videos == 0 or not np.isfinite(found.within):
        return model.nothing_learned(found)
    solved = model.at(found.log_ratios)
    return solved.column_effects(found), solved.uploader_effects(found), found


def crossed_columns(crossing: Crossing, components: Components, layout: Layout | None = None) -> Effects:
    """The first part of `crossed` alone, with variances that are known: what a page asks again for every cohort.

    On a million videos it takes a good half of the time of `crossed`, whose uploaders' intervals cost the rest.
    """
    model = _Model(crossing, layout or Layout.apart("tag", len(crossing.column_total)))
    if components.names != model.names:
        raise ValueError(f"these variances are of {', '.join(components.names)}, not of {', '.join(model.names)}")
    if crossing.videos == 0 or not np.isfinite(components.within):
        return model.nothing_learned(components)[0]
    return model.at(components.log_ratios).column_effects(components)


def crossed_components(crossing: Crossing, layout: Layout | None = None) -> Components:
    """Variances of uploaders, columns and errors, by REML; parameters as those of `crossed`.

    Takes a few solutions of the equations, so seconds on a large market: once a market, not once a cohort.

    Returns
    -------
    Components
        NaN in ``within`` when there are fewer than two videos.
    """
    return _Model(crossing, layout or Layout.apart("tag", len(crossing.column_total))).components()


class _Model:
    """The equations, but for the variances. Members are the random effects behind the columns; M of all families."""

    def __init__(self, crossing: Crossing, layout: Layout) -> None:
        self.crossing, self.layout = crossing, layout
        self.names = (UPLOADER, *layout.names)
        self.n, self.count = crossing.n, np.diag(crossing.together)
        self.grand = float(crossing.total.sum()) / max(crossing.videos, 1.0)
        self.total = crossing.total - self.n * self.grand
        sizes = [int(family.max(initial=-1)) + 1 for family in layout.member]
        self.family = np.repeat(np.arange(len(sizes)), sizes)  # (M,)
        self.alone = len(sizes) == 1 and np.array_equal(layout.member[0], np.arange(sizes[0]))
        belongs = [] if self.alone else [np.eye(size)[of] for size, of in zip(sizes, layout.member, strict=True)]
        self.members = np.hstack(belongs) if belongs else np.zeros((0, 0))  # (P, M)
        self.column_total = crossing.column_total - self.count * self.grand
        # y squared about the mean; a floor that is nothing beside the data keeps variances above 0 without any spread
        self.least = 1e-14 * crossing.squares + 1e-200
        self.squares = max(crossing.squares - crossing.videos * self.grand**2, self.least)

    def to_members(self, by_column: np.ndarray) -> np.ndarray:
        return by_column if self.alone else self.members.T @ by_column

    def to_columns(self, by_member: np.ndarray) -> np.ndarray:
        return by_member if self.alone else self.members @ by_member

    def at(self, log_ratios: np.ndarray) -> "_Solved":
        return _Solved(self, np.asarray(log_ratios, dtype=np.float64))

    def components(self) -> Components:
        if self.crossing.videos < 2:
            nan, known = float("nan"), tuple((0.0,) * len(self.names) for _ in self.names)
            return Components(self.names, (nan,) * len(self.names), nan, self.grand, known)
        latest = self.at(np.log([0.5] + [0.05] * len(self.layout.names)))

        def solved(log_ratios: np.ndarray) -> _Solved:
            nonlocal latest
            if not np.array_equal(latest.log_ratios, log_ratios):
                latest = self.at(log_ratios)
            return latest

        best = optimize.minimize(
            lambda x: solved(x).loss,
            latest.log_ratios,
            jac=lambda x: solved(x).slope,
            hess=lambda x: solved(x).curve,
            method="trust-exact",
            options={"gtol": 1e-4, "maxiter": 60, "initial_trust_radius": 2.0, "max_trust_radius": 4.0},
        )
        found = solved(best.x)
        doubt = np.linalg.inv(found.curve)
        return Components(
            self.names,
            tuple((np.exp(found.log_ratios) * found.within).tolist()),
            found.within,
            self.grand + found.mean,
            tuple(tuple(row) for row in doubt.tolist()),
            max(self.crossing.videos - 1 - float(found.used.sum()), 1.0),
        )

    def raw(self, count: np.ndarray, total: np.ndarray) -> np.ndarray:
        return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)

    def nothing_learned(self, components: Components) -> tuple[Effects, Effects, Components]:
        columns, uploaders = (np.full(size, 0.0) for size in (len(self.count), len(self.n)))
        return (
            judged(
                self.count,
                self.raw(self.count, self.column_total),
                columns,
                columns + sum(components.between[1:]),
                components.degrees,
                np.zeros(len(columns), dtype=np.int64),
            ),
            judged(
                self.n, self.raw(self.n, self.total), uploaders, uploaders + components.between[0], components.degrees
            ),
            components,
        )


class _Solved:
    """The equations solved at given variance ratios. Everything is in units of the variance within."""

    def __init__(self, model: _Model, log_ratios: np.ndarray) -> None:
        self.model, self.log_ratios = model, log_ratios
        self.precision = np.exp(-log_ratios)  # (1 + K,)
        n, shared = model.n, model.crossing.shared
        self.d = 1 / (n + self.precision[0])  # (U,)
        half = shared * np.sqrt(self.d)[:, None]
        dense = model.crossing.together - (half.T @ half).toarray()
        if not model.alone:
            dense = model.members.T @ dense @ model.members
        self.s = float(self.precision[0] * (n @ self.d))
        self.c = model.to_members(model.count - shared.T @ (self.d * n))  # (M,)
        dense -= np.outer(self.c, self.c / self.s)
        spread = np.exp(0.5 * log_ratios[1:])[model.family]
        dense *= spread[:, None] * spread
        dense[np.diag_indices_from(dense)] += 1
        self.log_determinant, self.C = _inverse(dense)
        self.C *= spread[:, None] * spread  # (M, M), posterior covariance of the members
        self.mean, self.a, self.b = self.solve(
            float(model.total.sum()), model.total, model.to_members(model.column_total)
        )

    def solve(
        self, to_mean: float, to_uploaders: np.ndarray, to_members: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Mean, uploaders and members for a right-hand side of the equations."""
        n, shared, d = self.model.n, self.model.crossing.shared, self.d
        to_mean = to_mean - float(n @ (d * to_uploaders))
        to_members = to_members - self.model.to_members(shared.T @ (d * to_uploaders))
        b = self.C @ (to_members - self.c * (to_mean / self.s))
        mean = float(to_mean - self.c @ b) / self.s
        return mean, d * (to_uploaders - n * mean - shared @ self.model.to_columns(b)), b

    @cached_property
    def rest(self) -> float:
        """Sum of squares that nothing explains: y'y less the right-hand side times its solution."""
        model = self.model
        explained = float(model.total @ self.a) + float(model.column_total @ model.to_columns(self.b))
        return max(model.squares - explained - self.mean * float(model.total.sum()), model.least)

    @property
    def within(self) -> float:
        return self.rest / (self.model.crossing.videos - 1)

    @cached_property
    def uploader_variance(self) -> np.ndarray:
        """What the mean and the members leave unknown of each uploader, over ``d``, (U,)."""
        n, shared, model = self.model.n, self.model.crossing.shared, self.model
        C_mean = self.C @ self.c / self.s  # minus the covariance of members and mean
        mean_variance = 1 / self.s + float(self.c @ C_mean) / self.s
        C = self.C if model.alone else model.members @ self.C @ model.members.T
        unknown = n**2 * mean_variance - 2 * n * (shared @ model.to_columns(C_mean)) + _quadratic(shared, C)
        return self.d**2 * unknown

    @cached_property
    def used(self) -> np.ndarray:
        """Degrees of freedom that each family takes up, (1 + K,)."""
        family, precision = self.model.family, self.precision
        first = float(self.model.n @ self.d) - precision[0] * float(self.uploader_variance.sum())
        left = np.bincount(family, 1 - precision[1:][family] * np.diag(self.C), minlength=len(precision) - 1)
        return np.concatenate([[first], left])

    @cached_property
    def sizes(self) -> np.ndarray:
        """Sums of squared effects over their variance, (1 + K,), in units of the variance within."""
        squares = np.bincount(self.model.family, self.b**2, minlength=len(self.precision) - 1)
        return self.precision * np.concatenate([[self.a @ self.a], squares])

    @cached_property
    def changes(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Derivatives of uploaders and members by each log ratio."""
        nothing = np.zeros(len(self.a)), np.zeros(len(self.b))
        found = [self.solve(0.0, self.precision[0] * self.a, nothing[1])[1:]]
        for number, precision in enumerate(self.precision[1:]):
            found.append(
                self.solve(0.0, nothing[0], np.where(self.model.family == number, precision * self.b, 0.0))[1:]
            )
        return found

    @cached_property
    def loss(self) -> float:
        """Minus the log posterior of the log ratios, the variance within profiled out (REML)."""
        likelihood = (self.model.crossing.videos - 1) * np.log(self.rest) + np.log(self.s) + self.log_determinant
        likelihood += np.log1p(self.model.n / self.precision[0]).sum()
        return float(0.5 * likelihood + prior_on(self.log_ratios)[0])

    @cached_property
    def slope(self) -> np.ndarray:
        return 0.5 * (self.used - self.sizes / self.within) + prior_on(self.log_ratios)[1]

    @cached_property
    def curve(self) -> np.ndarray:
        """The average information (Gilmour, Thompson & Cullis 1995) as it follows from `changes`, with the prior's."""
        family, precision = self.model.family, self.precision
        moved = np.empty((len(precision), len(precision)))
        for column, (a, b) in enumerate(self.changes):
            by_family = np.bincount(family, self.b * b, minlength=len(precision) - 1)
            moved[:, column] = precision * np.concatenate([[self.a @ a], by_family])
        size = self.sizes / self.within
        curve = 0.5 * (np.diag(size) - (moved + moved.T) / (2 * self.within))
        curve -= 0.5 * np.outer(size, size) / (self.model.crossing.videos - 1)
        return curve + np.diag(0.5 * (self.used - size) + prior_on(self.log_ratios)[2])

    def column_effects(self, components: Components) -> Effects:
        model = self.model
        effect = model.to_columns(self.b)
        moved = np.array([model.to_columns(b) for _, b in self.changes])
        variance = np.diag(self.C) if model.alone else ((model.members @ self.C) * model.members).sum(axis=1)
        if model.layout.every_video_has_one:
            share = model.count / model.count.sum()
            with_average = model.to_columns(self.C @ model.to_members(share))
            variance = variance - 2 * with_average + share @ with_average
            effect, moved = effect - share @ effect, moved - (moved @ share)[:, None]
        variance = variance * components.within + _doubted(moved, components)
        behind = np.bincount(model.crossing.shared.indices, minlength=len(effect))
        raw = model.raw(model.count, model.column_total)
        return judged(model.count, raw, effect, variance, components.degrees, behind)

    def uploader_effects(self, components: Components) -> Effects:
        model = self.model
        share = model.n / model.n.sum()
        with_average = self.solve(0.0, share, np.zeros(len(self.b)))[1]
        variance = self.d + self.uploader_variance - 2 * with_average + share @ with_average
        moved = np.array([a - share @ a for a, _ in self.changes])
        variance = variance * components.within + _doubted(moved, components)
        raw = model.raw(model.n, model.total)
        return judged(model.n, raw, self.a - share @ self.a, variance, components.degrees)


def _doubted(moved: np.ndarray, components: Components) -> np.ndarray:
    """Variance that comes of not knowing the variances (Kackar & Harville 1984); ``moved`` is (1 + K, G)."""
    return np.einsum("kg,kl,lg->g", moved, np.array(components.doubt), moved)


def _inverse(matrix: np.ndarray) -> tuple[float, np.ndarray]:
    """Log determinant and inverse of a positive definite matrix, by Cholesky."""
    if not len(matrix):
        return 0.0, matrix
    # the transpose is the same matrix in the order that LAPACK works in place
    lower, failed = lapack.dpotrf(matrix.T, lower=1, overwrite_a=1)
    if failed:
        raise np.linalg.LinAlgError(
            "the mixed-model equations are not positive definite: these counts do not fit together"
        )
    log_determinant = 2 * float(np.log(np.diag(lower)).sum())
    inverse, _ = lapack.dpotri(lower, lower=1, overwrite_c=1)
    whole = inverse + inverse.T
    whole[np.diag_indices_from(whole)] *= 0.5
    return log_determinant, whole


def _quadratic(rows: sparse.csr_array, matrix: np.ndarray) -> np.ndarray:
    """``row @ matrix @ row`` of every sparse row, (U,): pairs of entries of a row, some millions at a time."""
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    later = rows.indptr[1:][row] - np.arange(len(row)) - 1  # entries of the row after each entry
    found = np.bincount(row, rows.data**2 * np.diag(matrix)[rows.indices], minlength=rows.shape[0])
    ends = np.cumsum(later)
    flat, start = matrix.ravel(), 0
    while start < len(row):
        stop = max(int(np.searchsorted(ends, (ends[start] - later[start]) + _PAIRS, side="right")), start + 1)
        many = later[start:stop]
        one = np.repeat(np.arange(start, stop), many)
        other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many)
        value = (
            rows.data[one]
            * rows.data[other]
            * flat[rows.indices[one].astype(np.int64) * len(matrix) + rows.indices[other]]
        )
        found += 2 * np.bincount(row[one], value, minlength=rows.shape[0])
        start = stop
    return found
