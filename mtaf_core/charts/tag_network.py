"""Hashtags that go together, as a network."""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

from mtaf_core.charts.numbers import factor
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

_WIDTHS = ((0.0, 1.0), (0.2, 2.0), (0.4, 3.5))
"""From which closeness (NPMI) on a link is how wide, px."""


class Association(Protocol):
    """Of E pairs; `mtaf_core.study.tag_pairs.Association` is one."""

    @property
    def videos(self) -> np.ndarray: ...
    @property
    def lift(self) -> np.ndarray: ...
    @property
    def npmi(self) -> np.ndarray: ...


class Network(Protocol):
    """Nodes placed within -1 to 1, and links; `mtaf_core.study.tag_pairs.Network` is one."""

    @property
    def nodes(self) -> np.ndarray: ...
    @property
    def place(self) -> np.ndarray: ...
    @property
    def one(self) -> np.ndarray: ...
    @property
    def other(self) -> np.ndarray: ...
    @property
    def association(self) -> Association: ...


def network_chart(
    network: Network,
    names: Sequence[str],
    videos: np.ndarray,
    effect: np.ndarray,
    clear: np.ndarray,
    *,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Hashtags as dots, as large as they have videos, coloured where their effect is clear; links as they go together.

    Parameters
    ----------
    network : Network
        Of N nodes and E links, the closest first.
    names : sequence of str, (N,)
    videos, effect, clear : ndarray, (N,)
        Videos, effect (natural log) and whether it is clear.

    Returns
    -------
    Figure
        Nodes carry their number as ``customdata``.
    """
    figure = go.Figure()
    x, y = network.place[:, 0], network.place[:, 1]
    npmi = network.association.npmi
    for number, (least, width) in enumerate(_WIDTHS):
        most = _WIDTHS[number + 1][0] if number + 1 < len(_WIDTHS) else math.inf
        these = np.flatnonzero((npmi >= least) & (npmi < most))
        lines = np.full((3 * len(these), 2), np.nan)
        lines[0::3], lines[1::3] = network.place[network.one[these]], network.place[network.other[these]]
        figure.add_scatter(
            x=lines[:, 0], y=lines[:, 1], mode="lines", hoverinfo="skip", line={"width": width, "color": theme.line},
            name=f"links {least}",
        )  # fmt: skip
    colours = np.where(~clear, theme.muted, np.where(effect > 0, theme.accent, theme.modality[Modality.TEXT]))
    size = 9 + 30 * np.sqrt(videos / max(float(videos.max(initial=1)), 1.0))
    figure.add_scatter(
        x=x, y=y, mode="markers+text", text=[f"#{name}" for name in names], textposition="top center", cliponaxis=False,
        textfont={"size": 11, "color": theme.ink}, customdata=np.arange(len(names)), name="tags",
        marker={"size": size, "color": colours, "opacity": 1.0, "line": {"width": 1, "color": theme.card}},
        hovertext=[_hover(network, names, videos, effect, i, lang) for i in range(len(names))], hoverinfo="text",
    )  # fmt: skip
    pairs = [(names[a], names[b]) for a, b in zip(network.one, network.other, strict=True)]
    return finish(
        figure, theme=theme, height=560, finding=_finding(network, pairs, lang),
        alt=say(
            lang, "net_alt", n=len(names), links=len(pairs),
            pairs=say(lang, "comma").join(say(lang, "net_pair", one=a, other=b) for a, b in pairs[:5]) or "–",
        ),
        xaxis={"visible": False, "range": [-1.15, 1.15], "fixedrange": True},
        yaxis={"visible": False, "range": [-1.12, 1.16], "fixedrange": True},
    )  # fmt: skip


def _finding(network: Network, pairs: Sequence[tuple[str, str]], lang: Language) -> str:
    if not pairs:
        return say(lang, "net_none")
    found = network.association
    return say(
        lang, "net_finding", one=pairs[0][0], other=pairs[0][1], n=f"{int(found.videos[0]):,}",
        lift=factor(float(found.lift[0])),
    )  # fmt: skip


def _hover(
    network: Network, names: Sequence[str], videos: np.ndarray, effect: np.ndarray, node: int, lang: Language
) -> str:
    others = [*network.other[network.one == node], *network.one[network.other == node]]
    said = {"tag": names[node], "n": f"{int(videos[node]):,}", "factor": factor(math.exp(effect[node]))}
    if not others:
        return say(lang, "net_hover_alone", **said)
    return say(lang, "net_hover", others=say(lang, "comma").join(f"#{names[i]}" for i in others[:6]), **said)
