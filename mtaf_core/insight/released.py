"""What the bundle in use says of a video that is out already, with the days observed so far."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from mtaf_core.data.frame import embedding_matrix, video_frame
from mtaf_core.errors import BadInput
from mtaf_core.insight.forecast import LEVEL, Forecaster


@dataclass(frozen=True)
class Released:
    """A forecast of a released video's popularity on the day that the bundle predicts, on the natural scale.

    Parameters
    ----------
    score, low, high : float
        And the conformal 90% range.
    learnt : bool
        Whether how this video ended is among what the bundle learnt from, so that the forecast is no test of it.
    bundle : str
    """

    score: float
    low: float
    high: float
    learnt: bool
    bundle: str


def forecast_released(forecaster: Forecaster, platform: str, video_id: str, observed_days: int) -> Released:
    """Ask the bundle in use about a video of the workspace, with its first ``observed_days`` days alone in sight.

    Raises
    ------
    BadInput
        If there is no such video.
    BadBundle
        If there is no bundle, or it does not fit this version.
    """
    bundle, space = forecaster.bundle, forecaster.workspace
    frame = video_frame(space.store, platform, video_id, bundle.manifest.horizon_day, space.info.timezone)
    if not len(frame):
        raise BadInput(f"There is no video '{video_id}' of {platform} in this workspace; choose one that is.")
    vectors = {
        modality: embedding_matrix(space.store, frame.facts, modality, name)
        for modality, name in bundle.manifest.backbone_names.items()
    }
    log_score = float(bundle.predict(frame, vectors, observed_days).log_score[0])
    low, high = bundle.interval(log_score, observed_days, LEVEL)
    newest = datetime.fromisoformat(str(bundle.manifest.data["to"]))
    learnt = bool(np.isfinite(frame.score[0])) and frame.facts["created_at"].iloc[0] <= newest
    return Released(float(np.expm1(max(log_score, 0.0))), float(low[0]), float(high[0]), learnt, bundle.path.name)
