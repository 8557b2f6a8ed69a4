"""Each verb as one function from parsed options to an `Answer`."""

import argparse
import math
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from mtaf_core import pipeline
from mtaf_core.cli import asked
from mtaf_core.errors import BadInput
from mtaf_core.jobs import Step
from mtaf_core.schema import MODALITY_LABELS, Modality
from mtaf_core.workspace import Workspace, default_path, located


class Answer(NamedTuple):
    """What a verb answers: a JSON document, and the same in words."""

    document: dict[str, Any]
    text: str


class Meter:
    """Progress on stderr: a line a stage, redrawn in place on a terminal."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.stage = ""
        self.shown = 0.0

    def __call__(self, step: Step) -> None:
        now = time.monotonic()
        last = bool(step.total) and step.done >= step.total
        if step.stage == self.stage and not last and now - self.shown < (0.1 if self.terminal else 10.0):
            return
        counted = f" {step.done}/{step.total}" if step.total > 1 else ""
        line = f"{step.stage}{counted}{': ' + step.note if step.note else ''}"
        if self.terminal:
            new_line = "\n" if self.stage and step.stage != self.stage else ""
            sys.stderr.write(f"{new_line}\r\033[K{line}")
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()
        self.stage, self.shown = step.stage, now

    def close(self) -> None:
        if self.terminal and self.stage:
            sys.stderr.write("\n")
        self.stage = ""


def workspace_path(options: argparse.Namespace) -> Path:
    return located(options.workspace) if options.workspace else default_path()


def demo(options: argparse.Namespace) -> Answer:
    folder = workspace_path(options)
    if options.ship and not options.rebuild:
        raise BadInput("--ship replaces the demo market in assets/demo and needs --rebuild beside it.")
    from mtaf_core.study import market as study

    meter = Meter()
    workspace = pipeline.demo_market(folder, options.rebuild, meter)
    if options.ship:
        pipeline.ship_demo(workspace)
    study.make(workspace, progress=meter)
    meter.close()
    counts = workspace.store.counts()
    document = {"workspace": str(folder), "market": workspace.info.name, "rows": counts, "rebuilt": options.rebuild}
    return Answer(
        document,
        f"{workspace.info.name} is ready in {folder}: {counts['uploaders']:,} KOLs, {counts['videos']:,} videos.",
    )


def status(options: argparse.Namespace) -> Answer:
    from mtaf_core.insight.status import market_status

    document = market_status(open_workspace(options))
    rows = ", ".join(f"{n:,} {name}" for name, n in document["tables"].items() if n)
    bundle = document["bundle"]
    return Answer(
        document,
        f"{document['market']['name']} in {document['workspace']}\n"
        f"rows: {rows or 'none yet'}\n"
        f"newest day: {document['freshness']['snapshot_date'] or 'none yet'}\n"
        f"bundle: {bundle['name'] + ' (' + bundle['profile'] + ')' if bundle.get('name') else bundle['problem']}",
    )


def extract(options: argparse.Namespace) -> Answer:
    meter = Meter()
    done = pipeline.extract_market(open_workspace(options), options.backbones, options.device, meter)
    meter.close()
    text = (
        f"{done.embedded:,} videos embedded, {done.already:,} were done already, {done.without_media:,} have no clip."
    )
    refused = "".join(f"\n{video}: {why}" for video, why in done.refused.items())
    return Answer(done.to_json(), text + refused)


def train(options: argparse.Namespace) -> Answer:
    if not 0 <= options.seed < 2**32:
        raise BadInput("--seed is out of range; give a whole number from 0 to 4294967295.")
    meter = Meter()
    bundle = pipeline.train_market(
        open_workspace(options), options.horizon_day, options.seed, options.device, meter, options.max_videos
    )
    meter.close()
    manifest = bundle.manifest
    document = {
        "bundle": bundle.path.name,
        "path": str(bundle.path),
        "profile": manifest.profile,
        "backbones": {m.value: name for m, name in manifest.backbone_names.items()},
        "horizon_day": manifest.horizon_day,
        "metrics": manifest.metrics,
    }
    return Answer(document, f"Bundle {bundle.path.name} is trained and in use.")


def predict(options: argparse.Namespace) -> Answer:
    forecaster, candidate = asked.question(options, open_workspace(options))
    meter = Meter()
    take = asked.take(options)
    clip = asked.of_something(options, candidate, take)
    content = forecaster.analyse(clip, candidate.description, candidate.tags, meter, take)
    forecast = asked.guarded(forecaster, content, candidate, meter)
    meter.close()
    return Answer(forecast.to_json(), _in_words(forecast))


def whatif(options: argparse.Namespace) -> Answer:
    from mtaf_core.insight.whatif import TAKE_KEYS, edited, retaken

    forecaster, candidate = asked.question(options, open_workspace(options))
    take = asked.take(options)
    changed, edits = candidate, {}
    for edit in options.edits:
        key, equals, value = edit.partition("=")
        if not equals:
            raise BadInput(f"--set is '{edit}'; write it as key=value, for instance --set upload_hour=20.")
        key = key.strip()
        if key in edits:
            raise BadInput(f"--set gives '{key}' twice; give it once.")
        edits[key] = value
        if key not in TAKE_KEYS:
            changed = edited(changed, key, value, forecaster.workspace.info.timezone)
    other = retaken(take, edits)
    meter = Meter()
    clip = asked.of_something(options, candidate, take)
    asked.of_something(options, changed, other)
    content = forecaster.analyse(clip, candidate.description, candidate.tags, meter, take)
    before = asked.guarded(forecaster, content, candidate, meter)
    if other != take:
        content = forecaster.analyse(options.video, changed.description, changed.tags, meter, other)
    elif (changed.description, changed.tags) != (candidate.description, candidate.tags):
        content = forecaster.retext(content, changed.description, changed.tags)
    after = asked.guarded(forecaster, content, changed, meter)
    meter.close()
    factor = (after.score + 1) / (before.score + 1)
    document = {"edits": edits, "before": before.to_json(), "after": after.to_json(), "factor": factor}
    text = f"{before.score:,.0f} → {after.score:,.0f} (×{factor:.2f}) on day {after.horizon_day}"
    return Answer(document, text)


def backbones(options: argparse.Namespace) -> Answer:
    from mtaf_core.content import backbones as weights

    if options.weights is not None and options.weights.exists() and not options.weights.is_dir():
        raise BadInput(f"--weights is {options.weights}, which is no folder; give the folder where weights are kept.")
    meter = Meter()
    if options.download:
        weights.download(options.profile, options.weights, meter)
    elif options.folder:
        weights.install_from(options.profile, options.folder, options.weights)
    meter.close()
    rows = [asked.weights_row(found) for found in weights.status(options.profile, options.weights)]
    return Answer({"profile": options.profile, "backbones": rows}, "\n".join(asked.weights_line(row) for row in rows))


def open_workspace(options: argparse.Namespace) -> Workspace:
    """The workspace asked for; only the default one is made when it is not there."""
    if options.workspace:
        return Workspace.open(options.workspace)
    if not (default_path() / "workspace.json").exists():
        print(f"No workspace yet: making the demo market in {default_path()}", file=sys.stderr)
    return Workspace.default()


def _in_words(forecast: Any) -> str:
    interval = forecast.interval
    lines = [
        f"Expected popularity score {forecast.score:,.0f} on day {forecast.horizon_day} "
        f"({interval.low:,.0f} to {interval.high:,.0f}, {interval.level:.0%} range)"
    ]
    if forecast.percentile["market"] is not None:
        lines.append(f"Above {forecast.percentile['market']:.0%} of this market's videos")
    for name, weight in forecast.attention.items():
        if weight is not None:
            factor = math.exp(forecast.contribution[name] or 0.0)
            lines.append(f"  {MODALITY_LABELS[Modality(name)]:<26} attention {weight:.0%}, popularity ×{factor:.2f}")
    lines += [f"  not used: {MODALITY_LABELS[Modality(name)]}" for name in forecast.missing]
    lines += [f"Warning: {warning}" for warning in forecast.warnings]
    return "\n".join(lines)
