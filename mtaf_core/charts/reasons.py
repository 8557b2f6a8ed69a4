"""Charts of a forecast's reasons: modalities three ways, the facts around a video, and the words of its text."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.values import value_label
from mtaf_core.charts.words import Language, feature_label, modality_label, say
from mtaf_core.schema import FEATURE, MODALITIES, Kind, Modality

HISTORY = "uploader_history"
_NAMED = ("female", "male", "personal", "enterprise", "gov_media")
"""Categories whose words are ours; others are a platform's own."""
_LADDERS = ((0.9, 1, 1.1), (0.8, 1, 1.25), (0.5, 1, 2), (0.25, 1, 4), (0.1, 1, 10), (0.01, 1, 100))


class Reason(NamedTuple):
    """One fact around a video."""

    name: str  # a row of Table 1, or `HISTORY`
    share: float  # log units
    value: Any  # of this release; None unknown
    usual: Any  # of the market


def up(theme: Theme) -> str:
    """The colour of what raises a forecast."""
    return theme.accent


def down(theme: Theme) -> str:
    """The colour of what lowers a forecast; told apart from `up` by people of any colour vision."""
    return theme.modality[Modality.TEXT]


def said(share: float) -> str:
    """A share in log units as the factor it is."""
    return factor(float(np.exp(share)))


def modality_reasons(
    attention: Mapping[Modality, float],
    contribution: Mapping[Modality, float],
    removal: Mapping[Modality, float],
    rank: float | None,
    *,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Attention, contribution and change when removed, by modality, side by side.

    Parameters
    ----------
    attention : mapping of Modality to float
        Shares that sum to 1.
    contribution : mapping of Modality to float
        Shapley values in log units.
    removal : mapping of Modality to float
        What the forecast loses without the modality, in log units; drawn as what happens to the forecast.
    rank : float, optional
        Rank correlation of attention with the size of contributions; None of fewer than two modalities.
    """
    there = [m for m in MODALITIES if m in contribution]
    labels = [modality_label(m, lang, short=True) for m in there]
    columns: list[tuple[str, list[float], list[str]]] = [
        ("attention", [attention.get(m, 0.0) for m in there], [percent(attention.get(m, 0.0)) for m in there]),
        ("contribution", [contribution[m] for m in there], [said(contribution[m]) for m in there]),
        ("removal", [-removal[m] for m in there], [said(-removal[m]) for m in there]),
    ]
    figure = make_subplots(
        cols=3, shared_yaxes=True, horizontal_spacing=0.06,
        subplot_titles=[say(lang, f"why_{name}") for name, _, _ in columns],
    )  # fmt: skip
    reach = max([0.2, *(abs(v) for _, values, _ in columns[1:] for v in values)])
    for place, (name, values, words) in enumerate(columns, start=1):
        figure.add_bar(
            name=name, x=values, y=labels, orientation="h", width=0.6, customdata=words, row=1, col=place,
            marker={"color": [theme.modality[m] for m in there], "cornerradius": 3},
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[max(v, 0.0) for v in values], y=labels, mode="text", text=[f" {w}" for w in words], row=1, col=place,
            textposition="middle right", textfont={"color": theme.ink}, hoverinfo="skip", cliponaxis=False,
        )  # fmt: skip
    for place in (2, 3):
        figure.update_xaxes(_factor_axis(reach) | {"range": [-1.15 * reach, 1.9 * reach]}, row=1, col=place)
    widest = max(columns[0][1], default=1.0)
    figure.update_xaxes(range=[0, max(1.45 * widest, 0.1)], tickformat=".0%", nticks=4, row=1, col=1)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_annotations(font={"size": 12, "color": theme.muted})  # the headings, side by side on a phone too
    bars = "; ".join(
        say(lang, "why_modality_bar", modality=label, attention=a, contribution=c, removal=r)
        for label, a, c, r in zip(labels, *(words for _, _, words in columns), strict=True)
    )
    found = say(lang, "why_modality_one")
    if rank is not None:
        looks = max(there, key=lambda m: attention.get(m, 0.0))
        does = max(there, key=lambda m: abs(contribution[m]))
        found = say(
            lang, "why_modality_agree" if looks is does else "why_modality_differ", rank=f"{rank:+.2f}",
            looks=modality_label(looks, lang, short=True), does=modality_label(does, lang, short=True),
        )  # fmt: skip
    return finish(
        figure, theme=theme, finding=found, alt=say(lang, "why_modality_alt", bars=bars), height=70 + 42 * len(there),
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
    )  # fmt: skip


def context_reasons(
    reasons: Sequence[Reason], typical: float, *, most: int = 10, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Waterfall from what the facts of a typical release do to what this one's do, in multiplied popularity.

    Parameters
    ----------
    reasons : sequence of Reason
    typical : float
        What the facts of a typical release contribute, in log units.
    most : int, default 10
        Facts drawn, the largest first; the rest are one bar.
    """
    ranked = sorted(reasons, key=lambda r: -abs(r.share))
    shown = [r for r in ranked[:most] if r.share != 0.0]
    rest = [r for r in ranked if r not in shown]
    heads = [say(lang, "why_typical")]
    heads += [f"{reason_label(r.name, lang)}<br>{_valued(r, theme, lang)}" for r in shown]
    steps = [typical, *(r.share for r in shown)]
    if any(r.share != 0.0 for r in rest):
        heads.append(say(lang, "why_rest", n=len(rest)))
        steps.append(sum(r.share for r in rest))
    ends = np.cumsum(steps)
    starts = ends - steps
    heads.append(say(lang, "why_together"))
    base, size = [*starts, 0.0], [*steps, float(ends[-1])]
    colours = [theme.neutral, *(up(theme) if s >= 0 else down(theme) for s in steps[1:]), theme.modality[MODALITIES[0]]]
    words = [said(value) for value in size]
    figure = go.Figure()
    places = list(range(len(heads)))
    figure.add_bar(
        name="steps", x=size, y=places, base=base, orientation="h", width=0.62, customdata=words,
        marker={"color": colours, "cornerradius": 2}, text=heads, textposition="none",
        hovertemplate="%{text}: %{customdata}<extra></extra>",
    )  # fmt: skip
    tops = [
        max(b, b + s, 0.0 if n == len(size) - 1 else -np.inf) for n, (b, s) in enumerate(zip(base, size, strict=True))
    ]
    figure.add_scatter(
        name="words", x=tops, y=places, mode="text", text=[f" {w}" for w in words], textposition="middle right",
        textfont={"color": theme.ink}, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    low, high = min(0.0, *starts, *ends), max(0.0, *starts, *ends)
    span = max(high - low, 0.3)
    top = shown[0] if shown else None
    found = say(lang, "why_context_none")
    if top is not None:
        key = "why_context_up" if top.share >= 0 else "why_context_down"
        found = say(lang, key, name=reason_label(top.name, lang), factor=said(top.share))
    bars = say(lang, "comma").join(
        say(lang, "why_text_bar", name=head.split("<br>")[0], factor=word)
        for head, word in zip(heads, words, strict=True)
    )
    axis = _factor_axis(max(abs(low), abs(high), 0.1)) | {"range": [low - 0.05 * span, high + 0.22 * span]}
    return finish(
        figure, theme=theme, finding=found, alt=say(lang, "why_context_alt", bars=bars), height=70 + 41 * len(heads),
        xaxis={**axis, "title": {"text": say(lang, "why_context_axis")}},
        yaxis={"tickvals": places, "ticktext": heads, "autorange": "reversed", "showgrid": False, "zeroline": False},
    )  # fmt: skip


def word_reasons(
    words: Sequence[tuple[str, float, float]], *, most: int = 10, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Bars of the words that move the forecast most.

    Parameters
    ----------
    words : sequence of (word, share, without)
        In log units: what it adds, and what the forecast loses without it alone.
    most : int, default 10
    """
    ranked = sorted(enumerate(words), key=lambda item: -abs(item[1][1]))[:most]
    # A word may stand in a text twice: places keep bars apart, labels may be the same.
    names = [plain(word) for _, (word, _, _) in ranked]
    values = [share for _, (_, share, _) in ranked]
    labels = [said(v) for v in values]
    places = list(range(len(names)))
    hover = say(
        lang, "why_word_hover", **{k: f"%{{customdata[{n}]}}" for n, k in enumerate(("factor", "without", "word"))}
    )
    figure = go.Figure()
    figure.add_bar(
        name="words", x=values, y=places, orientation="h", width=0.62,
        marker={"color": [up(theme) if v >= 0 else down(theme) for v in values], "cornerradius": 3},
        customdata=[
            (said(share), said(-without), name) for name, (_, (_, share, without)) in zip(names, ranked, strict=True)
        ],
        hovertemplate=hover + "<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[max(v, 0.0) for v in values], y=places, mode="text", text=[f" {w}" for w in labels],
        textposition="middle right", textfont={"color": theme.ink}, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    reach = max([0.05, *(abs(v) for v in values)])
    top = values[0] if values else 0.0
    found = say(lang, "why_words_up" if top >= 0 else "why_words_down", word=names[0], factor=labels[0])
    bars = say(lang, "comma").join(f"{n} {w}" for n, w in zip(names, labels, strict=True))
    return finish(
        figure, theme=theme, finding=found, alt=say(lang, "why_words_alt", bars=bars), height=50 + 27 * len(names),
        xaxis=_factor_axis(reach) | {"range": [-1.15 * reach, 1.5 * reach]},
        yaxis={"tickvals": places, "ticktext": names, "autorange": "reversed", "showgrid": False, "zeroline": False},
    )  # fmt: skip


def plain(text: str) -> str:
    """Words that Plotly does not take for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def reason_label(name: str, lang: Language) -> str:
    """What a fact around a video is called."""
    return say(lang, "why_history") if name == HISTORY else feature_label(name, lang)


def reason_value(name: str, value: Any, lang: Language) -> str:
    """A fact's value as it is read."""
    if name == HISTORY:
        return say(lang, "why_history_none" if value is None else "why_history_known")
    if value is None:
        return say(lang, "value_unknown")
    if isinstance(value, tuple):
        return "×".join("–" if part is None else f"{part:.0f}" for part in value)
    feature = FEATURE[name]
    if feature.kind in (Kind.COUNT, Kind.MEASURE):
        return compact(float(value), lang) + (f" {feature.unit}" if feature.unit == "s" else "")
    return say(lang, f"why_{value}") if value in _NAMED else value_label(feature.columns[0], str(value), lang)


def _valued(reason: Reason, theme: Theme, lang: Language) -> str:
    value, usual = (reason_value(reason.name, v, lang) for v in (reason.value, reason.usual))
    return f"<span style='font-size:11px'>{say(lang, 'why_usual', value=value, usual=usual)}</span>"


def _factor_axis(reach: float) -> dict[str, Any]:
    ticks = next((t for t in _LADDERS if np.log(t[-1]) * 1.9 >= reach), _LADDERS[-1])
    return {
        "tickvals": [float(np.log(t)) for t in ticks],
        "ticktext": [f"×{t:g}" for t in ticks],
        "zeroline": True,
    }
