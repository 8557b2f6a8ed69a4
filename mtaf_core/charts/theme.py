"""One palette for every chart and page, light and dark, told apart by people of any colour vision."""

from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from mtaf_core.schema import Group, Modality

Name = Literal["light", "dark"]

FONT = "'Source Sans', 'Source Sans 3', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif"


@dataclass(frozen=True)
class Theme:
    """Colours of one mode, as ``#RRGGBB``.

    Parameters
    ----------
    paper, card, ink, muted, line, grid : str
        Page, card, text, secondary text, borders, and grid lines.
    accent, accent_soft : str
        The one accent, and its quiet companion for areas.
    neutral : str
        Bars that are there for comparison only.
    modality : dict of Modality to str
    group : dict of Group to str
        Groups of Table 1. They never share a chart with modalities, so both draw on the same five hues.
    """

    name: Name
    paper: str
    card: str
    ink: str
    muted: str
    line: str
    grid: str
    accent: str
    accent_soft: str
    neutral: str
    modality: dict[Modality, str]
    group: dict[Group, str]


def _theme(name: Name, hues: tuple[str, str, str, str, str], **colours: str) -> Theme:
    blue, amber, green, purple, grey = hues
    return Theme(
        name=name,
        modality=dict(zip(Modality, hues, strict=True)),
        group={
            Group.UPLOADER: blue,
            Group.VIDEO: purple,
            Group.TAG: amber,
            Group.TIME: green,
            Group.LOCATION: grey,
        },
        **colours,
    )


LIGHT = _theme(
    "light",
    ("#2F52B5", "#C77A00", "#0B9268", "#6B1A78", "#8A86A3"),
    paper="#FAF9F5",
    card="#FFFFFF",
    ink="#1E2426",
    muted="#5F6B6D",
    line="#E3E0D7",
    grid="#EEEBE4",
    accent="#0E6B6B",
    accent_soft="#BFDBD8",
    neutral="#D9D6CD",
)
DARK = _theme(
    "dark",
    ("#6C8CF5", "#F5BE41", "#4FDC9C", "#B565AC", "#C3CFDA"),
    paper="#111516",
    card="#191F20",
    ink="#E9EDEB",
    muted="#9DA9A8",
    line="#2D3638",
    grid="#242C2E",
    accent="#5ED3C6",
    accent_soft="#24524F",
    neutral="#3A4446",
)
THEMES: dict[str, Theme] = {"light": LIGHT, "dark": DARK}


def theme(name: str | None) -> Theme:
    """The theme called ``name``; light where the name is unknown, as before a browser has told its mode."""
    return THEMES.get(name or "light", LIGHT)


def template(theme: Theme) -> go.layout.Template:
    """Plotly's layout defaults for a theme: no frame, a quiet grid, our fonts, room for labels."""
    axis = {
        "gridcolor": theme.grid,
        "linecolor": theme.line,
        "zerolinecolor": theme.line,
        "tickfont": {"color": theme.muted, "size": 12},
        "title": {"font": {"color": theme.muted, "size": 12}, "standoff": 8},
        "automargin": True,
        "ticks": "",
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": theme.ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(theme.modality.values()),
            "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "bargap": 0.12,
            "showlegend": False,
            "hoverlabel": {
                "bgcolor": theme.card,
                "bordercolor": theme.line,
                "font": {"family": FONT, "size": 13, "color": theme.ink},
                "align": "left",
            },
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": theme.muted, "activecolor": theme.accent},
            "annotationdefaults": {"font": {"color": theme.muted, "size": 12}, "showarrow": False},
        }
    )


def finish(figure: go.Figure, *, theme: Theme, finding: str, alt: str, height: int, **layout: Any) -> go.Figure:
    """Dress a figure, and note in it what it found and how to read it aloud.

    The finding is not drawn into the figure: pages and reports set it as a heading, which wraps on a narrow screen.
    """
    figure.update_layout(template=template(theme), height=height, meta={"finding": finding, "alt": alt}, **layout)
    return figure


def finding(figure: go.Figure) -> str:
    """The sentence that says what the figure shows."""
    return str(figure.layout.meta["finding"])


def alt(figure: go.Figure) -> str:
    """The figure in words, for people who do not see it."""
    return str(figure.layout.meta["alt"])
