"""One palette, light and dark: readable on its card, and told apart by people of any colour vision."""

from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import pytest

from mtaf_core.charts import theme as themes
from mtaf_core.charts.theme import DARK, LIGHT, Theme
from mtaf_core.schema import Group, Modality

# Machado, Oliveira and Fernandes 2009, severity 1.0.
VISION = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = matrix @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


both = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)


@both
def test_text_is_readable_on_page_and_card(theme: Theme) -> None:
    for ground in (theme.paper, theme.card):
        assert contrast(theme.ink, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5
        assert contrast(theme.accent, ground) >= 4.5


@both
def test_every_modality_and_group_stands_out_from_its_card(theme: Theme) -> None:
    assert set(theme.modality) == set(Modality)
    assert set(theme.group) == set(Group)
    for colour in (*theme.modality.values(), *theme.group.values()):
        assert contrast(colour, theme.card) >= 3


@both
@pytest.mark.parametrize("vision", VISION)
def test_modalities_are_told_apart_by_every_colour_vision(theme: Theme, vision: str) -> None:
    seen = {m: lab(np.array(VISION[vision]) @ linear(c)) for m, c in theme.modality.items()}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= 15, (one, other)


def test_a_browser_that_has_not_told_its_mode_gets_light() -> None:
    assert themes.theme(None) is LIGHT
    assert themes.theme("dark") is DARK


def test_a_finished_figure_keeps_its_finding_and_its_words() -> None:
    figure = themes.finish(go.Figure(), theme=DARK, finding="It rose", alt="A line that rises.", height=200)
    assert (themes.finding(figure), themes.alt(figure)) == ("It rose", "A line that rises.")
    assert figure.layout.template.layout.font.color == DARK.ink
