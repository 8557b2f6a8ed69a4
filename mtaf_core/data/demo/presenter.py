"""The presenter of the demo clips: head, hair and shoulders, with a mouth that speaks and eyes that blink."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from mtaf_core.data.demo.shapes import RGB, rgb, shade

_SKINS: tuple[RGB, ...] = ((255, 224, 196), (244, 204, 170), (226, 178, 140), (186, 132, 96), (132, 88, 62))
_HAIRS: tuple[RGB, ...] = ((32, 26, 28), (54, 36, 28), (92, 58, 36), (28, 30, 44), (140, 88, 50))
_LIP: RGB = (196, 78, 84)


@dataclass(frozen=True)
class Face:
    """What one presenter looks like."""

    skin: RGB
    hair: RGB
    shirt: RGB
    long_hair: bool
    glasses: bool


def draw_face(rng: np.random.Generator, hue: float) -> Face:
    """Draw a presenter; the shirt is set off against the product's hue."""
    return Face(
        _SKINS[int(rng.integers(len(_SKINS)))],
        _HAIRS[int(rng.integers(len(_HAIRS)))],
        rgb(hue + 0.45 + rng.uniform(-0.08, 0.08), 0.45, 0.85),
        bool(rng.random() < 0.6),
        bool(rng.random() < 0.25),
    )


def portraits(face: Face, height: int) -> dict[tuple[bool, bool], Image.Image]:
    """Head and shoulders in every state, RGBA, by (mouth open, eyes shut)."""
    states = [(mouth, shut) for mouth in (False, True) for shut in (False, True)]
    size = (height * 540 // 800, height)
    return {state: _portrait(face, *state).resize(size, Image.Resampling.LANCZOS) for state in states}


def _portrait(face: Face, speaking: bool, shut: bool) -> Image.Image:
    image = Image.new("RGBA", (540, 800), (0, 0, 0, 0))
    d = ImageDraw.Draw(image)
    _hair_behind(d, face)
    _shoulders(d, face)
    _head(d, face)
    _eyes(d, face, shut)
    _mouth(d, speaking)
    _fringe(d, face)
    return image


def _hair_behind(d: ImageDraw.ImageDraw, face: Face) -> None:
    if face.long_hair:
        d.rounded_rectangle((136, 60, 404, 470), 120, fill=face.hair)
    else:
        d.ellipse((142, 34, 398, 320), fill=face.hair)


def _shoulders(d: ImageDraw.ImageDraw, face: Face) -> None:
    d.rounded_rectangle((40, 440, 500, 920), 120, fill=face.shirt)
    d.rounded_rectangle((60, 470, 110, 840), 25, fill=shade(face.shirt, 1.2))
    d.rounded_rectangle((220, 360, 320, 500), 40, fill=shade(face.skin, 0.86))
    d.polygon([(200, 442), (340, 442), (270, 530)], fill=shade(face.skin, 0.92))
    d.line([(196, 442), (270, 536), (344, 442)], fill=shade(face.shirt, 0.7), width=10)


def _head(d: ImageDraw.ImageDraw, face: Face) -> None:
    for x in (150, 354):
        d.ellipse((x, 220, x + 36, 290), fill=shade(face.skin, 0.9))
    d.ellipse((165, 80, 375, 360), fill=face.skin)
    d.ellipse((180, 190, 360, 405), fill=face.skin)
    for x in (196, 306):
        d.ellipse(
            (x, 288, x + 40, 314), fill=tuple(int(0.75 * s + 0.25 * c) for s, c in zip(face.skin, _LIP, strict=True))
        )
    d.line([(272, 240), (262, 300), (280, 302)], fill=shade(face.skin, 0.76), width=6, joint="curve")


def _eyes(d: ImageDraw.ImageDraw, face: Face, shut: bool) -> None:
    for x in (224, 316):
        d.arc((x - 30, 192, x + 30, 232), 200, 340, fill=shade(face.hair, 0.9), width=8)
        if shut:
            d.arc((x - 22, 232, x + 22, 262), 20, 160, fill=(50, 36, 34), width=6)
        else:
            d.ellipse((x - 24, 228, x + 24, 266), fill=(255, 255, 255))
            d.ellipse((x - 14, 229, x + 14, 265), fill=(64, 42, 30))
            d.ellipse((x - 2, 234, x + 8, 244), fill=(255, 255, 255))
            d.arc((x - 26, 224, x + 26, 270), 190, 350, fill=(40, 28, 28), width=6)
        if face.glasses:
            d.rounded_rectangle((x - 40, 216, x + 40, 280), 20, outline=(40, 40, 48), width=7)
    if face.glasses:
        d.line((262, 240, 278, 240), fill=(40, 40, 48), width=7)


def _mouth(d: ImageDraw.ImageDraw, speaking: bool) -> None:
    if speaking:
        d.ellipse((240, 322, 300, 372), fill=(120, 36, 44))
        d.chord((246, 324, 294, 348), 180, 360, fill=(255, 255, 255))
        d.arc((238, 320, 302, 374), 0, 360, fill=_LIP, width=7)
    else:
        d.chord((234, 306, 306, 366), 15, 165, fill=_LIP)
        d.line((246, 341, 294, 341), fill=(255, 240, 236), width=5)


def _fringe(d: ImageDraw.ImageDraw, face: Face) -> None:
    d.pieslice((156, 50, 384, 300), 180, 360, fill=face.hair)
    d.polygon([(172, 172), (372, 172), (368, 196), (270, 158), (220, 196), (186, 214)], fill=face.hair)
    # The forehead shows through the parting.
    d.polygon([(225, 196), (300, 150), (352, 196)], fill=face.skin)
    d.arc((200, 64, 330, 190), 200, 280, fill=shade(face.hair, 1.35), width=9)
