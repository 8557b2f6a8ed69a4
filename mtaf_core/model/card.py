"""A bundle's model card: what it is for, what it was made from, how well it does and where it ends, in plain words.

After Mitchell et al. 2019, *Model Cards for Model Reporting*. Everything is read from the manifest, so that a card
never says more than the bundle knows; what a manifest does not say is called unknown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mtaf_core.content.specs import PROFILES, BackboneSpec
from mtaf_core.model.manifest import Manifest
from mtaf_core.schema import MODALITY_LABELS, Modality, Release, Transform, definition

CARD = "MODEL_CARD.md"
"""The file's name in a bundle."""
MEASURES = ("MAE", "MSE", "R2", "SRCC", "NDCG@10")
_METHODS = {
    "MTAF": "the mean of the paper's networks in it",
    "MTAF+": "the stack of networks, trees, a linear model and a Gaussian process",
    "XGBR": "XGBoost on the facts before release",
    "LGBM": "LightGBM on the facts before release",
    "Mean": "the mean of the videos fitted on",
    "Persistence": "the last known score",
    "Persistence + growth": "the last known score and the mean growth from that day on",
}
_SETTINGS = {
    "epochs": "most epochs",
    "patience": "epochs without improvement that end the training",
    "batch_size": "videos a step",
    "learning_rate": "learning rate of Adam at the start",
    "weight_decay": "L2 term (weight decay)",
    "width": "width of the hidden vectors",
    "fusion": "how weighted modalities are joined",
    "uniform_attention": "equal attention instead of a learned one",
    "residual": "starts from the last observed day",
    "dropout": "dropout",
    "content_dropout": "dropout of content vectors",
    "averaging": "running mean of the weights",
    "networks": "networks in the stack",
    "boosters": "seeds of the boosted trees in the stack",
    "before_release_share": "share of videos shown as before release",
    "coalition_share": "share of videos shown with some modalities taken away",
    "max_videos": "latest videos that the stack's table is of, at most",
}
_TOLD_APART = {
    Transform.LOG1P: "on the log scale",
    Transform.EMBEDDING: "as learned embeddings",
    Transform.CYCLIC: "as points on a cycle",
}


def card(manifest: Manifest) -> str:
    """Write the model card of the bundle that ``manifest`` describes.

    Parameters
    ----------
    manifest : Manifest
        Fields it has beside those known here are left alone.

    Returns
    -------
    str
        Markdown.
    """
    sections = (_head, _use, _data, _inputs, _backbones, _training, _measured, _limits, _ethics, _again)
    return "\n\n".join(section(manifest) for section in sections) + "\n"


def _head(manifest: Manifest) -> str:
    market = _cell(manifest.provenance.get("market") or "a market without a name")
    found = [
        f"# Model card: popularity on day {manifest.horizon_day}, {market}",
        f"For a short video that shows a product, this model foretells the **popularity score on day "
        f"{manifest.horizon_day}** after its upload: {_score_words(manifest)} The answer comes with a range and with "
        "what the model looked at. It answers before release, and again once daily counts are known.",
    ]
    if manifest.simulated:
        found.append(
            "> **Made from a simulated market.** Its numbers say how the software behaves. They say nothing about any "
            "real platform, product or person, and no decision about money should rest on them."
        )
    return "\n\n".join(found)


def _score_words(manifest: Manifest) -> str:
    weights = (manifest.definition or definition())["score_weights"]
    parts = [f"{weight:g} × {channel.removesuffix('_count')}s" for channel, weight in weights.items()]
    return f"{' + '.join(parts)} (equation 1 of the paper). The network works with its logarithm, log(1 + score)."


def _use(manifest: Manifest) -> str:
    return """## What it is for
**For** people who plan shopping-guide videos: advertisers who choose among KOLs and drafts, and KOLs who prepare a
post. It helps to compare candidates of the same market, to see where a forecast comes from, and to watch a post's first
days.

**Not for**
- deciding about a person: pay, contracts, rating or ranking of KOLs as people;
- another platform, language, country or time than the data below, without training again;
- sales, reach or profit: the score counts likes, comments and shares only;
- promising a result: read the range, not only its middle;
- finding ways to look popular by bought or automated likes."""


def _data(manifest: Manifest) -> str:
    data = manifest.data
    kind = {True: "simulated", False: "not simulated"}.get(manifest.provenance.get("simulated"), "unknown")  # type: ignore[arg-type]
    rows = {
        "market": manifest.provenance.get("market"),
        "simulated or real": kind,
        "videos": data.get("videos"),
        f"videos with a known score on day {manifest.horizon_day}": data.get("labelled"),
        "first upload": _date(data.get("from")),
        "last upload": _date(data.get("to")),
        "fingerprint of the data": data.get("fingerprint"),
    }
    more = {
        key: value for key, value in manifest.provenance.items() if key not in {"market", "simulated"} and _plain(value)
    }
    return (
        "## What it learnt from\n"
        + _table(("", ""), [(name, _said(value)) for name, value in {**rows, **more}.items()])
        + "\n\nThe videos were cut by upload time: the oldest nine tenths were learnt from, and the latest tenth was "
        "measured once. Within those nine tenths, older videos foretold later ones; that decided what each part of the "
        "stack weighs, and how wide the ranges are." + _bounded(manifest)
    )


def _bounded(manifest: Manifest) -> str:
    """What learnt from the latest videos alone, where there were more than it may."""
    most, labelled = manifest.training.get("max_videos"), manifest.data.get("labelled", 0)
    if most is None or 0.9 * labelled <= most:
        return ""
    return (
        f"\n\nThe boosted trees, the linear model and the likeness to past posts learnt from the latest {most:,} of "
        "these videos alone (`--max-videos`); the networks, what is remembered of KOLs, and the trees that rank the "
        "factors from all. The measures below are of videos evenly spaced over the latest tenth."
    )


def _inputs(manifest: Manifest) -> str:
    told = manifest.definition or definition()
    before: dict[str, list[str]] = {}
    after = []
    for name, _, transform, release, *_ in told["features"]:
        if release == Release.AFTER:
            after.append(name)
        else:
            before.setdefault(str(transform), []).append(name)
    lines = [f"- {_TOLD_APART[t]}: {_codes(before[t])}" for t in _TOLD_APART if t in before]
    content = ", ".join(MODALITY_LABELS[m].lower() for m in manifest.backbone_names) or "none"
    return "\n".join(
        [
            "## What it looks at",
            "Before release, what is known when the video is posted, counts as of a day before the upload:",
            *lines,
            f"- content, as vectors of the networks below: {content}",
            "",
            f"After release only, as the series of the days observed so far: {_codes(told['series_channels'])}. "
            f"These facts never enter a forecast before release: {_codes(after)}.",
        ]
    )


def _backbones(manifest: Manifest) -> str:
    known = {spec.name: spec for profile in PROFILES.values() for spec in profile.values()}
    rows = []
    for modality, made in manifest.backbones.items():
        name = str(made.get("name", "unknown"))
        spec = known.get(name)
        rows.append((MODALITY_LABELS[Modality(modality)], name, str(made.get("dimension", "?")), *_licence(spec)))
    if not rows:
        return "## Networks that read the content\nNone: the videos had no text, sound or picture vectors."
    table = _table(("reads", "network", "numbers", "licence", "attribution"), rows)
    return f"## Networks that read the content\nProfile `{manifest.profile}`.\n\n{table}"


def _licence(spec: BackboneSpec | None) -> tuple[str, str]:
    if spec is None:
        return "unknown: ask who made the vectors", "unknown"
    return spec.licence, spec.attribution


def _training(manifest: Manifest) -> str:
    settings = manifest.training
    rows = [("seed", _said(settings.get("seed")))]
    rows += [(words, _said(settings[name])) for name, words in _SETTINGS.items() if settings.get(name) is not None]
    return (
        "## How it was trained\n"
        f"On {_date(manifest.created_at)}, by version {manifest.version}. **MTAF+ answers**: several of the paper's "
        "networks, boosted trees, a linear model and a Gaussian process, weighed by how well each foretold. A network "
        "minimises the squared error of the log score, in units of how far videos stray from what their last known day "
        "leads to expect.\n\n" + _weights(manifest) + _table(("setting", "value"), rows)
    )


def _weights(manifest: Manifest) -> str:
    """What each part of the stack weighs at each number of observed days."""
    stages: dict[str, Any] = manifest.stack.get("stages", {})
    if not stages:
        return ""
    parts = list(next(iter(stages.values()))["weights"])
    rows = [(day, *(f"{stage['weights'].get(part, 0.0):.0%}" for part in parts)) for day, stage in stages.items()]
    return _table(("days observed", *parts), rows) + "\n\n"


def _measured(manifest: Manifest) -> str:
    if not manifest.metrics:
        return "## How well it does\nNothing was measured: no newer videos were left to measure on."
    parts = [
        "## How well it does",
        "On the latest block of videos, which nothing was learnt from. MAE, MSE and R² are of the log score, SRCC is "
        "the rank correlation, NDCG@10 says how much of the best possible list of ten is held by the model's.",
    ]
    methods: list[str] = []
    for key, measured in manifest.metrics.items():
        if not isinstance(measured, Mapping) or "rows" not in measured:
            continue
        parts.append(_block(key, measured))
        methods += [row["method"] for row in measured["rows"] if row["method"] not in methods]
    known = [f"{method}: {_METHODS[method]}" for method in methods if method in _METHODS]
    return "\n\n".join([*parts, "; ".join(known) + "."]) if known else "\n\n".join(parts)


def _block(key: str, measured: Mapping[str, Any]) -> str:
    day = {"0": "Before release", "1": "1 day observed"}.get(key, f"{key} days observed")
    rows = [(row["method"], *(_number(row.get(measure)) for measure in MEASURES)) for row in measured["rows"]]
    said = f"### {day} ({_said(measured.get('n_test'))} videos)\n" + _table(("method", *MEASURES), rows)
    interval = measured.get("interval")
    if not isinstance(interval, Mapping) or "coverage" not in interval:
        return said
    width = interval.get("mean_width")
    times = "" if width is None else f"; from its lower to its upper end is a factor of {_factor(width)} on average"
    return (
        f"{said}\n\nThe {interval.get('level', 0.9):.0%} range held the true score of {interval['coverage']:.1%} of "
        f"these videos{times}."
    )


def _limits(manifest: Manifest) -> str:
    counts = manifest.calibration.get("residuals") or []
    ranges = f"The ranges rest on {min(counts)} videos" if counts else "The ranges rest on few videos"
    return f"""## Where it ends
- It knows one market at one time. What is liked changes; train again as new videos come in.
- {ranges} and promise their share over many videos like the latest ones. They promise nothing for one video, for one
  KOL, or after a change of the platform.
- Rare outcomes are the hardest: hits are foretold too low and flops too high, as by any model that minimises squared
  error.
- A city, a KOL type or a rating that the data never had is read as unknown, and the answer leans on the rest.
- What was missing in the data is missing here: see which facts are known with `python -m mtaf_core status`.
- Where the counts of a KOL were collected only after the upload, the measures before release look better than they
  will be."""


def _ethics(manifest: Manifest) -> str:
    return """## What to keep in mind
- **Association, not cause.** Attention, importance and what-if say what the model relies on. Changing a fact of a
  video need not change its popularity.
- **Authenticity.** Likes, comments and shares can be bought. The model cannot tell, and learns whatever was counted.
- **People.** Facts about KOLs (gender, age, city) are in the data because the paper uses them. A difference between
  groups may only mirror how a platform has treated them; do not act on it.
- **Feedback.** Money that follows forecasts makes them come true. Keep some choices free of them, and measure on
  those."""


def _again(manifest: Manifest) -> str:
    seed, device = manifest.training.get("seed", 0), manifest.training.get("device", "auto")
    profile = manifest.profile if manifest.profile in PROFILES else None
    extract = f"python -m mtaf_core extract --backbones {profile}\n" if profile in {"compact", "paper"} else ""
    return f"""## How to make it again
```
{extract}python -m mtaf_core train --horizon-day {manifest.horizon_day} --seed {seed} --device {device}
```
On the CPU the same data and seed give the same network on the same kind of machine. It is the same data if its
fingerprint is `{manifest.data.get("fingerprint", "unknown")}`.
The features are those of schema `{manifest.schema}`, the product is version {manifest.version}."""


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: str) -> str:
    """Words that cannot end a cell early or begin markup of their own."""
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")


def _codes(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _said(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _date(value: Any) -> str:
    return str(value)[:10] if value else "unknown"


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) else "–"


def _factor(width: float) -> str:
    import math

    return f"{math.exp(min(float(width), 50.0)):,.1f}"
