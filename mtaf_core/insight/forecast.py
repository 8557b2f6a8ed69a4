"""The asking journey: a clip and the facts around it go in, a forecast with its reasons comes out."""

import dataclasses
import gc
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mtaf_core.content.apart import ExtractorApart
from mtaf_core.content.backbones import PROFILES
from mtaf_core.content.extract import Content, Extractor
from mtaf_core.content.reader import Reader
from mtaf_core.content.take import Take
from mtaf_core.data.frame import Candidate, Frame, candidate_frame, day_scores, tiers
from mtaf_core.insight.attribution import shared
from mtaf_core.insight.case import Case
from mtaf_core.insight.cautions import context_warnings
from mtaf_core.jobs import Progress, Step, attended, silent
from mtaf_core.schema import CONTENT_MODALITIES, MODALITIES, MODALITY_LABELS, Modality
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from mtaf_core.model.bundle import Bundle

LEVEL = 0.9
UNKNOWN_TIER = "unknown"
WORDS_ALONE = "There are words alone, no clip; the forecast is made without picture, sound and length."
MIN_OWN_VIDEOS = 3
"""A KOL's own percentile needs this many of their videos with a known score."""


@dataclass(frozen=True)
class Interval:
    """A conformal range of the popularity score: ``low <= score <= high`` with probability ``level``."""

    level: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """What is expected of one video, and why; `to_json` is the document of ``predict --json``.

    Parameters
    ----------
    score, log_score : float
        Popularity score (equation 1) at ``horizon_day``, and ``log1p`` of it.
    interval : Interval
        On the natural scale.
    percentile : dict of str to float or None
        Share of known videos below ``score``: of the ``market``, the KOL's ``tier``, and the ``uploader``'s own.
    attention : dict of str to float or None
        Weight of each modality in the fusion; sums to 1 over those present, None where absent.
    contribution : dict of str to float or None
        Exact Shapley value of each modality in log units; they sum to ``log_score - baseline``.
    baseline : float
        The log score the bundle expects of a video it knows nothing about.
    tier : str or None
        Of the KOL's followers at upload; None where they are unknown. Not part of the document.
    """

    score: float
    log_score: float
    horizon_day: int
    observed_days: int
    interval: Interval
    percentile: dict[str, float | None]
    attention: dict[str, float | None]
    contribution: dict[str, float | None]
    baseline: float
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    backbones: dict[str, str] = field(default_factory=dict)
    bundle: str = ""
    device: str = "cpu"
    timings_s: dict[str, float] = field(default_factory=dict)
    tier: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The forecast as plain JSON values, in the documented order."""
        document = dataclasses.asdict(self)
        del document["tier"]
        document["timings_s"] = {stage: round(seconds, 4) for stage, seconds in self.timings_s.items()}
        return document


@dataclass(frozen=True)
class Scores:
    """Predictions of n releases on the natural scale, and the ends of their ranges; (n,) float64 each."""

    score: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Forecaster:
    """Everything needed to judge a clip, loaded once on first need and shared by every session.

    Parameters
    ----------
    workspace : Workspace
    device : {"auto", "cpu", "cuda", "mps"}, default "auto"
    weights_dir : Path, optional
        Where downloaded backbones are; the usual place where it is not given.
    reader : Reader, optional
        The process in which clips are read; they are read here where it is not given.
    """

    def __init__(
        self,
        workspace: Workspace,
        device: str = "auto",
        weights_dir: Path | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.workspace = workspace
        self._reader = reader
        self._device = device
        self._weights_dir = weights_dir
        self._lock = threading.RLock()
        self._bundle: Bundle | None = None
        self._extractor: Extractor | None = None

    @property
    def is_warm(self) -> bool:
        return self._bundle is not None

    @property
    def bundle(self) -> "Bundle":
        """The bundle in use; loaded on first need, and again after another was trained.

        Raises
        ------
        BadBundle
            If there is none, it is damaged, or it does not fit this version.
        """
        path = self.workspace.bundle_path()
        with self._lock:
            if self._bundle is None or self._bundle.path != path:
                from mtaf_core.model.bundle import Bundle

                self._bundle = Bundle.load(path, device=self.device)
                self._extractor = None
            return self._bundle

    @property
    def extractor(self) -> Extractor:
        """Backbones of the profile that the bundle was trained on, or of the one nearest to it."""
        with self._lock:
            names = self.bundle.manifest.backbone_names
            if self._extractor is None:
                self._extractor = self._made_extractor(names)
            return self._extractor

    def _made_extractor(self, names: Mapping[Modality, str]) -> Extractor:
        profile, cache, weights = _nearest_profile(names), self.workspace.cache_dir, self._weights_dir
        if self._reader is None:
            return Extractor(profile, self._device, cache, weights)
        return ExtractorApart(self._reader, profile, self._device, cache, weights)

    @property
    def device(self) -> str:
        from mtaf_core.content.backbones import resolve_device

        return resolve_device(self._device)

    def warm_up(self) -> None:
        """Load the bundle and every backbone now, so that the first question is answered at full speed."""
        if self._reader is not None:  # it loads its own at the same time
            self._reader.wake(self._made_extractor(self.workspace.manifest().backbone_names))
        self.extractor.warm_up()
        # Libraries and networks stay for good. A server collects garbage after everything a person does; looking
        # through these 350,000 objects each time took it 0.17 s.
        gc.collect()
        gc.freeze()

    def wake(self) -> None:
        """Have the process that reads clips ready, where it ended for want of questions; waits for nothing."""
        if self._reader is not None and self.is_warm:
            self._reader.wake(self.extractor)

    def analyse(
        self,
        path: str | Path | None,
        description: str = "",
        tags: Sequence[str] = (),
        progress: Progress = silent,
        take: Take | None = None,
    ) -> Content:
        """Read a video, song or picture, or the part that ``take`` says, and its text; None: the text alone.

        Raises
        ------
        BadMedia
            If the file is not a clip that can be read, or ends before the take begins.
        WeightsMissing
            If the bundle's backbones are not on this machine.
        ProcessLost
            If clips are read in a process of their own, and it ended by itself.
        """
        if path is not None and self._reader is not None and not self.is_warm:
            attended(self.warm_up, progress, "wake")
        return self.extractor.embed_clip(path, description, tags, progress, take)

    def retext(self, content: Content, description: str, tags: Sequence[str]) -> Content:
        """The same clip with another description and hashtags: only the text is embedded again."""
        started = time.perf_counter()
        vector = self.extractor.embed_text(description, tags)
        timings = {**content.timings_s, "text": time.perf_counter() - started}
        return dataclasses.replace(content, vectors={**content.vectors, Modality.TEXT: vector}, timings_s=timings)

    def forecast(self, content: Content, candidate: Candidate, progress: Progress = silent) -> Forecast:
        """Predict the popularity of ``content`` released as ``candidate`` says.

        What the clip itself tells (duration, picture size) is filled in from it unless the candidate sets it.

        Raises
        ------
        BadInput
            If a fact of the candidate is impossible; the sentence names it.
        """
        from mtaf_core.threads import one_thread

        progress(Step("predict", 0, 1))
        started = time.perf_counter()
        bundle = self.bundle  # read once: another may be put in use while this forecast is made
        frame, observed = self._release(bundle, content, candidate)
        vectors, unreadable = self._readable(bundle, content)
        with one_thread():  # once for both, since the first to enter asks a thread of its own what is usual
            attention, has = bundle.attention(frame, vectors, observed)
            present = np.asarray(has[0], dtype=bool)
            log_score, contributions = shared(
                present, lambda masks: bundle.coalitions(frame, vectors, masks, observed)[0]
            )
        score = float(np.expm1(max(log_score, 0.0)))
        low, high = bundle.interval(log_score, observed, LEVEL)
        tier = str(tiers(frame.facts["uploader_follower"].to_numpy(dtype=float))[0])
        forecast = Forecast(
            score=score,
            log_score=log_score,
            horizon_day=bundle.manifest.horizon_day,
            observed_days=observed,
            interval=Interval(LEVEL, float(low[0]), float(high[0])),
            percentile=self._percentiles(bundle, score, tier, frame),
            attention=_by_modality(attention[0], present),
            contribution=_by_modality(contributions, present),
            baseline=float(bundle.manifest.baseline),
            missing=tuple(m.value for m, here in zip(MODALITIES, present, strict=True) if not here),
            warnings=(
                *((WORDS_ALONE,) if content.clip is None else ()),
                *content.warnings,
                *unreadable,
                *context_warnings(candidate, frame, bundle.vocabulary),
            ),
            backbones={m.value: name for m, name in bundle.manifest.backbone_names.items()},
            bundle=bundle.path.name,
            device=self.device,
            timings_s={**content.timings_s, "predict": time.perf_counter() - started},
            tier=None if tier == UNKNOWN_TIER else tier,
        )
        progress(Step("predict", 1, 1))
        return forecast

    def score_many(self, contents: Sequence[Content], candidates: Sequence[Candidate]) -> Scores:
        """Predict many releases at once, without reasons: for sweeps, rankings and searches.

        Parameters
        ----------
        contents : sequence of Content
            One for all, or one for each candidate.
        candidates : sequence of Candidate
            Before release: snapshots are not used.

        Raises
        ------
        BadInput
            If a fact of a candidate is impossible; the sentence names it.
        ValueError
            If there are neither one content nor as many as candidates.
        """
        if len(contents) not in (1, len(candidates)):
            raise ValueError(f"{len(contents)} contents for {len(candidates)} candidates")
        if not candidates:
            return Scores(*(np.empty(0) for _ in range(3)))
        bundle = self.bundle
        frame, vectors, _ = self.prepared(contents, candidates)
        log_score = np.asarray(bundle.predict(frame, vectors, 0).log_score, dtype=np.float64)
        low, high = bundle.interval(log_score, 0, LEVEL)
        return Scores(np.expm1(np.maximum(log_score, 0.0)), np.asarray(low), np.asarray(high))

    def prepared(
        self, contents: Sequence[Content], candidates: Sequence[Candidate]
    ) -> tuple[Frame, dict[Modality, np.ndarray | None], list[str]]:
        """What `score_many` asks the bundle about: a row a release, its vectors, and a sentence for each left out."""
        bundle = self.bundle
        each = list(contents) * (len(candidates) if len(contents) == 1 else 1)
        frame = self._frame(bundle, [with_clip(one, content) for one, content in zip(candidates, each, strict=True)])
        read = [self._readable(bundle, content) for content in contents]
        vectors = {m: _stacked([found[m] for found, _ in read], len(candidates)) for m in CONTENT_MODALITIES}
        return frame, vectors, read[0][1]

    def case(self, content: Content, candidate: Candidate) -> Case:
        """The same release as `forecast` sees it, to be taken apart.

        Raises
        ------
        BadInput
            If a fact of the candidate is impossible; the sentence names it.
        """
        bundle = self.bundle
        frame, observed = self._release(bundle, content, candidate)
        vectors, _ = self._readable(bundle, content)
        present = bundle.attention(frame, vectors, observed)[1][0]
        return Case(bundle, frame, vectors, observed, np.asarray(present, dtype=bool))

    def score_at(self, share: float, tier: str | None = None) -> float | None:
        """The popularity score that ``share`` of the market's videos, or of one tier's, stay below; None unknown."""
        return self.bundle.score_at(share, tier)

    def candidates(self, candidates: Sequence[Candidate]) -> Frame:
        """The frame of videos that are not in the workspace, by the same rules as those that are."""
        return self._frame(self.bundle, candidates)

    def _release(self, bundle: "Bundle", content: Content, candidate: Candidate) -> tuple[Frame, int]:
        """The frame of one release, and how many of its days are known."""
        frame = self._frame(bundle, [with_clip(candidate, content)])
        return frame, int(frame.observed[0].nonzero()[0].max() + 1) if frame.observed[0].any() else 0

    def _frame(self, bundle: "Bundle", candidates: Sequence[Candidate]) -> Frame:
        info = self.workspace.info
        named = [c if c.platform else dataclasses.replace(c, platform=info.platform) for c in candidates]
        return candidate_frame(self.workspace.store, named, bundle.manifest.horizon_day, info.timezone)

    def _readable(self, bundle: "Bundle", content: Content) -> tuple[dict[Modality, np.ndarray | None], list[str]]:
        """Vectors that the bundle was trained on, (1, d) each, and a sentence for each modality that it was not."""
        vectors: dict[Modality, np.ndarray | None] = dict.fromkeys(CONTENT_MODALITIES)
        unreadable = []
        for modality, trained_on in bundle.manifest.backbone_names.items():
            if self.extractor.specs[modality].name == trained_on:
                vectors[modality] = _row(content.vectors.get(modality))
            else:
                unreadable.append(
                    f"The bundle learnt {MODALITY_LABELS[modality].lower()} from '{trained_on}', which cannot be "
                    "computed here, so it is left out."
                )
        return vectors, unreadable

    def _percentiles(self, bundle: "Bundle", score: float, tier: str, frame: Frame) -> dict[str, float | None]:
        facts = frame.facts.iloc[0]
        return {
            "market": bundle.percentile(score),
            "tier": None if tier == UNKNOWN_TIER else bundle.percentile(score, tier),
            "uploader": self._own_percentile(score, facts["platform"], facts["uploader_id"], frame.horizon_day),
        }

    def _own_percentile(self, score: float, platform: str, uploader_id: str | None, horizon: int) -> float | None:
        if not uploader_id:
            return None
        own = day_scores(self.workspace.store, horizon, self.workspace.info.timezone, (platform, uploader_id))
        return float((own < score).mean()) if len(own) >= MIN_OWN_VIDEOS else None


def _nearest_profile(names: Mapping[Modality, str]) -> str:
    """The profile that shares most backbones with ``names``; the first of equals."""
    return max(PROFILES, key=lambda profile: sum(PROFILES[profile][m].name == name for m, name in names.items()))


def with_clip(candidate: Candidate, content: Content) -> Candidate:
    """What the clip tells of itself, where the candidate does not say otherwise."""
    if content.clip is None:
        return candidate
    clip = content.clip
    known = {"duration_s": clip.duration_s, "width_px": clip.width_px, "height_px": clip.height_px}
    video = {k: v for k, v in known.items() if v} | dict(candidate.video)
    return dataclasses.replace(candidate, video=video)


def _row(vector: np.ndarray | None) -> np.ndarray | None:
    return None if vector is None else np.asarray(vector, dtype=np.float32)[None, :]


def _stacked(rows: Sequence[np.ndarray | None], n: int) -> np.ndarray | None:
    """Vectors row by row, (n, d), NaN where there is none; one is everybody's; None where nobody has any."""
    there = next((row for row in rows if row is not None), None)
    if there is None:
        return None
    found = np.concatenate([np.full_like(there, np.nan) if row is None else row for row in rows])
    return np.repeat(found, n, axis=0) if len(rows) == 1 else found


def _by_modality(values: np.ndarray, present: np.ndarray) -> dict[str, float | None]:
    return {m.value: float(value) if here else None for m, value, here in zip(MODALITIES, values, present, strict=True)}
