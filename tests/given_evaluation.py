"""A kept evaluation of made-up numbers, as `mtaf_core.evaluation.results` stores one."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

MEASURES = ("MAE", "MSE", "R2", "SRCC", "NDCG@10")


def evaluation(observed_days: int = 0, split: str = "temporal", videos: int = 240, **changes: Any) -> SimpleNamespace:
    """An evaluation whose best row is MTAF+ and whose range holds nine in ten; ``changes`` replace its fields."""
    table = forecasts(videos)
    mse = {"LR": 0.95, "XGBR": 0.9, "CatBoost": 0.85, "MTAF": 0.88, "MTAF+": 0.8}
    if observed_days:
        mse = {name: value / 2**observed_days for name, value in mse.items()} | {"Persistence": 2.0}
    document: dict[str, Any] = {
        "split": split, "observed_days": observed_days, "horizon_day": 6, "n_train": 560, "n_test": videos,
        "train_from": "2026-08-31T16:39:22+00:00", "test_to": "2026-10-30T14:53:35+00:00", "known_later": 7,
        "seed": 0, "ablate": True, "created_at": "2026-11-24T21:00:00+00:00",
        "rows": [row(name, value) for name, value in mse.items()] + [
            ablated("N", 2.2, 2.3), ablated("T", 0.9, 0.92), ablated("A", 0.87, 0.84), ablated("V", 0.89, 0.885),
        ],
        "interval": {"level": 0.9, "coverage": 0.896, "mean_width": 2.9, "of": "MTAF+"},
        "skipped": [{"method": "SVR", "why": "it was not asked for."}],
        "comparison": {
            "method": "MTAF+", "best_other": "CatBoost",
            "MSE": {"difference": -0.05, "low": -0.085, "high": -0.0085, "share_below": 0.99},
        },
        "learning_curve": [
            {"share": share, "n_train": round(560 * share), "methods": {
                name: values(value / share**0.1) for name, value in (("MTAF+", 0.8), ("CatBoost", 0.85))
            }}
            for share in (0.2, 0.6, 1.0)
        ],
        "data": {"market": "Made up", "simulated": False, "version": 0},
    }  # fmt: skip
    return SimpleNamespace(document=document | changes, videos=table)


def values(mse: float) -> dict[str, float]:
    """All five measures that go with a squared error."""
    return {"MAE": 0.9 * mse**0.5, "MSE": mse, "R2": 1 - mse / 2.4, "SRCC": 0.9 - mse / 8, "NDCG@10": 0.7 - mse / 4}


def row(method: str, mse: float, family: str = "") -> dict[str, Any]:
    """One method; networks have seeds."""
    family = family or {"MTAF+": "stack", "MTAF": "network", "LR": "classic", "Persistence": "trend"}.get(
        method, "tree"
    )
    told = values(mse)
    found: dict[str, Any] = {
        "method": method, "family": family, **told, "seconds": 2.0, "fit_s": 1.9, "predict_s": 0.0004,
        "ci95": {name: [value - 0.1 * abs(value), value + 0.1 * abs(value)] for name, value in told.items()},
    }  # fmt: skip
    if family == "network":
        found["seeds"] = {"count": 3, "sd": dict.fromkeys(MEASURES, 0.02)}
    return found


def ablated(letter: str, masked: float, retrained: float) -> dict[str, Any]:
    """MTAF without one modality."""
    again = row("", retrained)
    return row(f"MTAF-{letter}", masked, "ablation") | {
        "retrained": {name: again[name] for name in (*MEASURES, "ci95")}
    }


def forecasts(videos: int = 240) -> pd.DataFrame:
    """The forecasts of single videos: MTAF+ errs least, and its range holds nine in ten."""
    random = np.random.default_rng(0)
    truth = random.normal(7, 1.5, videos)
    best = truth + random.normal(0, 0.6, videos)
    return pd.DataFrame(
        {
            "platform": "douyin",
            "video_id": [f"v{i}" for i in range(videos)],
            "created_at": pd.Timestamp("2026-10-01", tz="UTC") + pd.to_timedelta(np.arange(videos), unit="h"),
            "tier": random.choice(["head", "waist", "tail", "nano", "unknown"], videos),
            "uploader_seen": random.random(videos) < 0.7,
            "truth": truth,
            "MTAF": truth + random.normal(0.1, 0.9, videos),
            "MTAF+": best,
            "low": np.expm1(best - 1.0),
            "high": np.expm1(best + 1.0),
        }
    )
