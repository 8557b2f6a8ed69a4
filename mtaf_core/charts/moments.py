"""Charts of a clip in time and in place: frames, sound and text on one axis, and what one frame's places do."""

import base64
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtaf_core.charts.reasons import down, plain, said, up
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say

_ROWS = {"text": (40, 12), "sound": (108, 28), "picture": (88, 28), "frames": (96, 0)}
"""Rows of the timeline from the bottom: how tall, and the room over them, in pixels."""
_AXIS_PX = 60
_THUMB_PX = 120
_HEAT_PX = 330
"""How wide a heat map is on a narrow screen; nowhere is there more room for it."""


class Track(NamedTuple):
    """What the moments of picture or sound add, in log units."""

    times_s: Sequence[float]
    share: Sequence[float]
    without: Sequence[float]
    width_s: float

    @property
    def total(self) -> float:
        return float(np.sum(self.share))


def timeline(
    frames: NDArray[np.uint8] | None,
    picture: Track | None,
    envelope: NDArray[np.float32] | None,
    sound: Track | None,
    text: tuple[str, float] | None,
    *,
    at_s: float | None = None,
    points_a_second: int = 20,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Frames, sound and text of a clip on one axis of seconds.

    Parameters
    ----------
    frames : ndarray of uint8, (F, H, W, 3), optional
        Drawn at the times of ``picture``.
    picture, sound : Track, optional
        None where there is none, or the model does not see or hear it.
    envelope : ndarray, (n,), optional
        Loudness, 0 to 1, ``points_a_second`` a second.
    text : (str, float), optional
        The text and its contribution; it holds for the whole clip.
    at_s : float, optional
        A moment to mark.

    Returns
    -------
    Figure
        The traces ``frames``, ``picture`` and ``sound`` can be pointed at and selected; the x of a point is its moment.
    """
    end = _end(picture, sound, envelope, points_a_second)
    span = _span(picture)
    there = {"text": text, "sound": envelope, "picture": picture, "frames": picture}
    rows, height = _rows([name for name, row in there.items() if row is not None])
    figure = go.Figure()
    if picture is not None:
        _add_frames(figure, frames, picture, theme)
        _add_bars(figure, picture, span, theme, lang)
    if envelope is not None:
        _add_wave(figure, envelope, sound, points_a_second, theme, lang)
    if text is not None:
        _add_text(figure, text, end, theme)
    for name, track in (("picture", picture), ("sound", sound)):
        if track is not None and name in rows:
            figure.add_annotation(
                x=0, xref="paper", y=rows[name][1], yref="paper", xanchor="left", yanchor="bottom",
                text=say(lang, f"why_row_{name}", factor=said(track.total)),
            )  # fmt: skip
    if at_s is not None:
        figure.add_shape(
            type="line", x0=at_s, x1=at_s, y0=0, y1=1, xref="x", yref="paper", layer="above",
            line={"color": theme.ink, "width": 1.5, "dash": "dot"},
        )  # fmt: skip
    # A click chooses a moment; it does not make the others matter less.
    figure.update_traces(
        unselected={"marker": {"opacity": 1}, "textfont": {"color": theme.ink}}, selected={"marker": {"opacity": 1}},
        selector={"type": "bar"},
    )  # fmt: skip
    figure.update_traces(unselected={"textfont": {"color": theme.ink}}, selector={"type": "scatter"})
    spoken = {
        "picture": _spoken(picture, lang), "sound": _spoken(sound, lang),
        "text": said(text[1]) if text else say(lang, "why_nothing"),
    }  # fmt: skip
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True}
    return finish(
        figure, theme=theme, finding=_found(picture, sound, lang), alt=say(lang, "why_moments_alt", **spoken),
        height=height, bargap=0.0, barmode="overlay",
        xaxis={"range": [0, end], "dtick": 1, "title": {"text": say(lang, "why_seconds")}, "showgrid": False,
               "zeroline": False, "fixedrange": True, "anchor": "free", "position": 0},
        yaxis={**hidden, "domain": rows.get("frames"), "range": [0, 1]},
        yaxis2={**hidden, "domain": rows.get("picture"), "range": list(span), "anchor": "x"},
        yaxis3={**hidden, "domain": rows.get("sound"), "range": [-1.1, 1.35], "anchor": "x"},
        yaxis4={**hidden, "domain": rows.get("text"), "range": [0, 1], "anchor": "x"},
        clickmode="event+select",
    )  # fmt: skip


def heat_map(
    frame: NDArray[np.uint8],
    cells: NDArray[np.float64],
    window: tuple[int, int, int, int],
    time_s: float | None,
    *,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """One frame, tinted where it moves the forecast; what the network does not see is veiled.

    Parameters
    ----------
    frame : ndarray of uint8, (H, W, 3)
    cells : ndarray, (rows, columns), float64
        What the forecast loses, in log units, when that place is covered.
    window : tuple of int
        Top, left, bottom and right of the cells, in pixels.
    time_s : float or None
        When the frame is on screen; None of a picture that stands still.
    """
    height, width = frame.shape[:2]
    top, left, bottom, right = window
    n_rows, n_columns = cells.shape
    reach = float(np.abs(cells).max()) or 1.0
    figure = go.Figure()
    figure.add_layout_image(
        source=_data_uri(_grey(frame), 640), x=0, y=0, sizex=width, sizey=height, xref="x", yref="y", sizing="stretch",
        layer="below",
    )  # fmt: skip
    veil = {"fillcolor": theme.paper, "opacity": 0.62, "line": {"width": 0}, "layer": "above", "type": "rect"}
    for x0, y0, x1, y1 in (
        (0, 0, width, top), (0, bottom, width, height), (0, top, left, bottom), (right, top, width, bottom),
    ):  # fmt: skip
        if x1 > x0 and y1 > y0:
            figure.add_shape(x0=x0, y0=y0, x1=x1, y1=y1, **veil)
    figure.add_heatmap(
        name="heat",
        z=cells,
        x=left + (np.arange(n_columns) + 0.5) * (right - left) / n_columns,
        y=top + (np.arange(n_rows) + 0.5) * (bottom - top) / n_rows,
        zmin=-reach,
        zmax=reach,
        zsmooth="best",
        showscale=False,
        colorscale=[
            [0, _faded(down(theme), 0.85)],
            [0.5, _faded(down(theme), 0.0)],
            [0.5, _faded(up(theme), 0.0)],
            [1, _faded(up(theme), 0.85)],
        ],
        customdata=[[said(-value) for value in row] for row in cells],
        hovertemplate=say(lang, "why_heat_hover", factor="%{customdata}") + "<extra></extra>",
    )
    still = time_s is None
    time = "" if time_s is None else clock(time_s)
    place = say(lang, f"why_place_{_place(np.abs(cells))}")
    flat = not np.abs(cells).max() > 1e-9
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "why_still_flat" if still else "why_heat_flat")
        if flat
        else say(lang, "why_still_finding" if still else "why_heat_finding", time=time, place=place),
        alt=say(
            lang,
            "why_still_alt" if still else "why_heat_alt",
            time=time,
            place=place,
            factor=said(-float(cells.flat[np.abs(cells).argmax()])),
        ),
        height=min(360, round(_HEAT_PX * height / width)),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis={"visible": False, "range": [0, width], "fixedrange": True, "constrain": "domain"},
        yaxis={"visible": False, "range": [height, 0], "scaleanchor": "x", "fixedrange": True, "constrain": "domain"},
    )


def clock(seconds: float) -> str:
    """A moment of a clip: ``0:07``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _rows(names: Sequence[str]) -> tuple[dict[str, tuple[float, float]], int]:
    """Where the rows that there are stand, as shares from the bottom, and how tall the figure is in pixels."""
    ends, total = {}, 0
    for name, (tall, over) in _ROWS.items():
        if name in names:
            ends[name] = (total, total + tall)
            total += tall + over
    return {name: (low / total, high / total) for name, (low, high) in ends.items()}, total + _AXIS_PX


def _span(picture: Track | None) -> tuple[float, float]:
    """The ends of the bars' axis, with room for what is written above and below them."""
    low, high = (min(0.0, *picture.share), max(0.0, *picture.share)) if picture is not None else (0.0, 0.0)
    room = 0.42 * max(high - low, 0.05)
    return low - (room if low < 0 else 0.1 * room), high + (room if high > 0 else 0.1 * room)


def _end(picture: Track | None, sound: Track | None, envelope: NDArray[np.float32] | None, points: int) -> float:
    ends = [track.times_s[-1] + track.width_s / 2 for track in (picture, sound) if track is not None]
    if envelope is not None:
        ends.append(len(envelope) / points)
    return max(ends, default=1.0)


def _add_frames(figure: go.Figure, frames: NDArray[np.uint8] | None, picture: Track, theme: Theme) -> None:
    for place, time in enumerate(picture.times_s if frames is not None else ()):
        assert frames is not None
        figure.add_layout_image(
            source=_data_uri(frames[place], _THUMB_PX), x=time, y=0.5, sizex=0.94 * picture.width_s, sizey=1,
            xref="x", yref="y", xanchor="center", yanchor="middle", sizing="contain", layer="above",
        )  # fmt: skip


def _add_bars(figure: go.Figure, track: Track, span: tuple[float, float], theme: Theme, lang: Language) -> None:
    figure.add_bar(
        name="shares", x=list(track.times_s), y=list(track.share), yaxis="y2", width=0.78 * track.width_s,
        marker={"color": [up(theme) if v >= 0 else down(theme) for v in track.share], "cornerradius": 3},
        text=[said(v) for v in track.share], textposition="outside", textfont={"size": 11, "color": theme.ink},
        cliponaxis=False, hoverinfo="skip",
    )  # fmt: skip
    _add_moments(figure, "frames", track, ("why_frame_hover", "y", 1.0, 0.0), lang)
    _add_moments(figure, "picture", track, ("why_frame_hover", "y2", span[1] - span[0], span[0]), lang)


def _add_wave(
    figure: go.Figure, envelope: NDArray[np.float32], sound: Track | None, points: int, theme: Theme, lang: Language
) -> None:
    """The envelope as thin bars, tinted by what their second adds; and the seconds' factors over them."""
    times = (np.arange(len(envelope)) + 0.5) / points
    loud = np.maximum(envelope / (float(envelope.max()) or 1.0), 0.02)
    colours: list[str] = [theme.neutral] * len(envelope)
    if sound is not None:
        reach = float(np.abs(sound.share).max()) or 1.0
        block = np.minimum((times / sound.width_s).astype(int), len(sound.share) - 1)
        for place, share in enumerate(np.asarray(sound.share)[block]):
            colours[place] = _faded(up(theme) if share >= 0 else down(theme), 0.25 + 0.75 * abs(share) / reach)
    figure.add_bar(
        name="wave", x=times, y=2 * loud, base=-loud, yaxis="y3", width=0.8 / points, marker={"color": colours},
        hoverinfo="skip",
    )  # fmt: skip
    if sound is not None:
        _add_moments(figure, "sound", sound, ("why_block_hover", "y3", 2.0, -1.0), lang)
        figure.add_scatter(
            x=list(sound.times_s), y=[1.18] * len(sound.share), yaxis="y3", mode="text", hoverinfo="skip",
            text=[said(v) for v in sound.share], textfont={"size": 11, "color": theme.ink}, cliponaxis=False,
        )  # fmt: skip


def _add_moments(
    figure: go.Figure, name: str, track: Track, row: tuple[str, str, float, float], lang: Language
) -> None:
    """Every moment as a clear bar over all of its row, so that it can be pointed at wherever it is drawn."""
    hover, axis, height, base = row
    figure.add_bar(
        name=name, x=list(track.times_s), y=[height] * len(track.share), base=base, yaxis=axis, width=track.width_s,
        marker={"color": "rgba(0,0,0,0)"}, hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            say(lang, hover, time=clock(time), factor=said(share), without=said(-without))
            for time, share, without in zip(track.times_s, track.share, track.without, strict=True)
        ],
    )  # fmt: skip


def _add_text(figure: go.Figure, text: tuple[str, float], end: float, theme: Theme) -> None:
    words, share = text
    figure.add_shape(
        type="rect", x0=0, x1=end, y0=0.05, y1=0.95, xref="x", yref="y4", line={"width": 0}, layer="below",
        fillcolor=_faded(up(theme) if share >= 0 else down(theme), 0.22),
    )  # fmt: skip
    shown = _short(words)
    figure.add_annotation(
        x=end / 2, y=0.5, xref="x", yref="y4", text=f"{plain(shown)} <b>{said(share)}</b>",
        font={"size": 12, "color": theme.ink},
    )  # fmt: skip


def _short(words: str, most: int = 44) -> str:
    """The beginning of a text, as wide as ``most`` Latin letters: a Chinese character is as wide as two."""
    widths = np.cumsum([2 if letter > "⺀" else 1 for letter in words])
    return words if not len(words) or widths[-1] <= most else words[: int((widths < most).sum())] + "…"


def _spoken(track: Track | None, lang: Language) -> str:
    if track is None:
        return say(lang, "why_nothing")
    parts = zip(track.times_s, track.share, strict=True)
    return say(lang, "comma").join(
        say(lang, "why_moment", second=int(time), factor=said(share)) for time, share in parts
    )


def _found(picture: Track | None, sound: Track | None, lang: Language) -> str:
    tops = {
        name: clock(track.times_s[int(np.abs(track.share).argmax())])
        for name, track in (("picture", picture), ("sound", sound))
        if track is not None
    }
    which = "both" if len(tops) == 2 else next(iter(tops), "none")
    return say(lang, f"why_moments_{which}", **tops)


def _place(strength: NDArray[np.float64]) -> int:
    """Which of nine parts of the picture is the strongest, row by row."""
    thirds = [np.array_split(rows, 3, axis=1) for rows in np.array_split(strength, 3, axis=0)]
    return int(np.argmax([part.mean() for row in thirds for part in row]))


def _grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture without colours, so that a tint on it can be told from its own; a little paler than it was."""
    light = picture @ np.array([0.299, 0.587, 0.114])
    return np.repeat((40 + 0.84 * light).astype(np.uint8)[..., None], 3, axis=2)


def _faded(colour: str, share: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:.2f})"


def _data_uri(picture: NDArray[np.uint8], longest: int) -> str:
    from PIL import Image

    image = Image.fromarray(picture)
    image.thumbnail((longest, longest))
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.getvalue()).decode("ascii")
