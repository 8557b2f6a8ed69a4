"""The verb that measures every method: ``evaluate``."""

import argparse
from datetime import datetime
from typing import Any

from mtaf_core.cli.verbs import Answer, Meter, open_workspace
from mtaf_core.errors import BadInput

MEASURES = ("MAE", "MSE", "R2", "SRCC", "NDCG@10")
SPLITS = ("temporal", "random", "uploader")


def evaluate(options: argparse.Namespace) -> Answer:
    from mtaf_core.evaluation.market import evaluate_market
    from mtaf_core.evaluation.protocol import Settings

    workspace = open_workspace(options)
    settings = Settings(
        split=options.split,
        train_fraction=options.train_fraction,
        split_at=_time(options.split_at, workspace.info.timezone) if options.split_at is not None else None,
        embargo=options.embargo,
        observed_days=options.observed_days,
        methods=options.methods,
        ablate=options.ablate,
        learning_curve=options.learning_curve,
        seed=options.seed,
    )
    meter = Meter()
    document = evaluate_market(workspace, settings, progress=meter)
    meter.close()
    return Answer(document, "\n".join(in_words(document)))


def in_words(document: dict[str, Any]) -> list[str]:
    """An evaluation as a table for a person."""
    k = document["observed_days"]
    seen = "before release" if k == 0 else f"with {k} observed day{'s' if k > 1 else ''}"
    cut = f" at {document['split_at'][:16]}" if document["split_at"] else ""
    lines = [
        f"Day {document['horizon_day']}, {seen}; {document['split']} split{cut}: {document['n_train']:,} videos to "
        f"learn from, {document['n_test']:,} to be measured on. Errors are of log(1 + score).",
        "",
    ]
    width = max(len(row["method"]) for row in document["rows"]) + len(" retrained")
    lines.append(f"{'':<{width}}" + "".join(f"{name:>9}" for name in MEASURES) + f"{'seconds':>9}   MSE, 95% interval")
    for row in document["rows"]:
        lines.append(_row(row["method"], row, width, row["seconds"]))
        if "retrained" in row:
            lines.append(_row(f"{row['method']} retrained", row["retrained"], width, None))
    interval = document["interval"]
    if interval["coverage"] is not None:
        lines += [
            "",
            f"The {interval['level']:.0%} range of {interval['of']} held {interval['coverage']:.1%} of the scores; "
            f"its mean width is {interval['mean_width']:.2f} log units.",
        ]
    if document["comparison"]:
        gap, best = document["comparison"]["MSE"], document["comparison"]["best_other"]
        lines.append(
            f"MTAF+ against {best}, the best other row: MSE {gap['difference']:+.4f} ({gap['low']:+.4f} to "
            f"{gap['high']:+.4f})."
        )
    if document["known_later"]:
        lines.append(
            f"{document['known_later']:,} training videos had no known outcome yet when the oldest test video was "
            "forecast; --embargo leaves them out."
        )
    lines += [f"{one['method']} was skipped: {one['why']}" for one in document["skipped"]]
    for point in document.get("learning_curve", []):
        told = ", ".join(f"{name} {values['MSE']:.3f}" for name, values in point["methods"].items())
        lines.append(f"learning from the latest {point['share']:.0%} ({point['n_train']:,} videos): MSE {told}")
    return [*lines, f"Kept as {document['id']}."]


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    """The options of ``evaluate``."""
    parser.add_argument(
        "--split", choices=SPLITS, default="temporal",
        help="the latest videos, random ones, or those of uploaders never learnt from (default %(default)s)",
    )  # fmt: skip
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--train-fraction", type=float, default=0.7, metavar="SHARE",
        help="share of the videos to learn from (default %(default)s)",
    )  # fmt: skip
    where.add_argument("--split-at", metavar="DATE", help="learn from videos uploaded before this time (ISO 8601)")
    parser.add_argument(
        "--embargo", action="store_true",
        help="leave out training videos whose outcome was not known when the first test video was forecast",
    )  # fmt: skip
    parser.add_argument(
        "--observed-days", type=int, default=0, metavar="K", help="days of counts that are seen; 0 is before release"
    )
    parser.add_argument("--methods", default="all", metavar="A,B", help="rows to measure (default: all that apply)")
    parser.add_argument("--ablate", action="store_true", help="also MTAF without each modality, masked and retrained")
    parser.add_argument(
        "--learning-curve",
        action="store_true",
        help="also MTAF+ and the best tree on 20 to 100%% of the training videos",
    )
    parser.add_argument("--seed", type=int, default=0)


def _row(name: str, values: dict[str, Any], width: int, seconds: float | None) -> str:
    told = "".join("        –" if values[m] is None else f"{values[m]:>9.4f}" for m in MEASURES)
    spent = f"{seconds:>9.1f}" if seconds is not None else " " * 9
    low_high = values["ci95"]["MSE"]
    return f"{name:<{width}}{told}{spent}   {low_high[0]:.4f} to {low_high[1]:.4f}"


def _time(text: str, timezone: str) -> datetime:
    from mtaf_core.insight.whatif import parse_time

    try:
        return parse_time(text, timezone)
    except BadInput:
        raise BadInput(
            f"--split-at is '{text[:40]}'; give a date or a time such as 2026-10-01 or 2026-10-01T20:00."
        ) from None
