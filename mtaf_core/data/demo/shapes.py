"""The products of the demo clips, drawn: one figure a category, lit from the left, on a transparent ground."""

import colorsys
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

RGB = tuple[int, int, int]
SIDE = 480
"""Figures are drawn this large and shrunk when used, which smooths their edges."""


def rgb(hue: float, saturation: float, value: float) -> RGB:
    """A colour from hue, saturation and value, each 0 to 1."""
    r, g, b = colorsys.hsv_to_rgb(hue % 1.0, min(max(saturation, 0.0), 1.0), min(max(value, 0.0), 1.0))
    return round(255 * r), round(255 * g), round(255 * b)


def shade(color: RGB, factor: float) -> RGB:
    """The colour made darker (below 1) or lighter (above 1, towards white)."""
    if factor <= 1:
        return tuple(round(c * factor) for c in color)  # type: ignore[return-value]
    return tuple(round(c + (255 - c) * (factor - 1)) for c in color)  # type: ignore[return-value]


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's bundled typeface: the only one that is on every machine."""
    return ImageFont.load_default(size)


def draw(shape: str, color: RGB, accent: RGB, brand: str) -> Image.Image:
    """Draw a product.

    Parameters
    ----------
    shape : str
        One of `SHAPES`.
    color, accent : RGB
    brand : str
        Printed on the label.

    Returns
    -------
    PIL.Image.Image
        RGBA, cropped to the figure; its longer side is about 440 px.
    """
    image = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    SHAPES[shape](ImageDraw.Draw(image), color, accent, brand)
    return _lit(image.crop(image.getbbox()))


def shadow(width: int) -> Image.Image:
    """A soft shadow to stand a figure of that width on."""
    height = max(8, width // 5)
    image = Image.new("RGBA", (width + 20, height + 20), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((10, 10, width + 10, height + 10), fill=(0, 0, 0, 120))
    return image.filter(ImageFilter.GaussianBlur(6))


def _lit(image: Image.Image) -> Image.Image:
    """Light from the left: a bright ridge at a third, falling off to the right edge."""
    pixels = np.asarray(image, dtype=np.float32).copy()
    across = np.linspace(0, 1, pixels.shape[1])
    light = 0.80 + 0.38 * np.exp(-(((across - 0.32) / 0.22) ** 2)) - 0.18 * across
    pixels[..., :3] = np.minimum(255, pixels[..., :3] * light[None, :, None])
    return Image.fromarray(pixels.astype(np.uint8), "RGBA")


def _label(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: float, fill: RGB) -> None:
    draw.text(at, text, font=font(size), fill=fill, anchor="mm")


def _bottle(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    d.rounded_rectangle((225, 62, 255, 130), 6, fill=shade(accent, 0.7))
    d.rounded_rectangle((180, 40, 300, 68), 12, fill=accent)
    d.rounded_rectangle((160, 48, 200, 64), 6, fill=accent)
    d.rounded_rectangle((195, 108, 285, 150), 8, fill=shade(accent, 0.85))
    d.rounded_rectangle((140, 140, 340, 460), 44, fill=color)
    d.rounded_rectangle((140, 230, 340, 390), 4, fill=shade(color, 1.75))
    d.rectangle((140, 238, 340, 244), fill=accent)
    _label(d, (240, 300), brand, 44, shade(color, 0.45))
    _label(d, (240, 345), "100 ml", 24, shade(color, 0.55))
    d.rounded_rectangle((162, 160, 176, 440), 7, fill=shade(color, 1.5))


def _lipstick(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    d.polygon([(190, 220), (190, 90), (215, 52), (290, 100), (290, 220)], fill=color)
    d.ellipse((188, 40, 296, 150), fill=color)
    d.polygon([(205, 60), (290, 108), (282, 140), (200, 95)], fill=shade(color, 1.35))
    d.rectangle((178, 205, 302, 290), fill=shade(accent, 1.3))
    d.rectangle((178, 225, 302, 235), fill=shade(accent, 0.8))
    d.rounded_rectangle((160, 280, 320, 462), 12, fill=(34, 30, 38))
    d.rectangle((160, 300, 320, 308), fill=accent)
    _label(d, (240, 380), brand, 38, shade(accent, 1.6))


def _sneaker(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    upper = [(40, 330), (50, 175), (90, 150), (150, 165), (190, 150), (300, 235), (400, 265), (448, 310), (448, 350)]
    d.polygon([*upper, (40, 350)], fill=color)
    d.ellipse((380, 262, 458, 370), fill=color)
    d.polygon([(40, 330), (50, 175), (90, 150), (110, 240), (100, 340)], fill=shade(color, 0.7))
    d.polygon([(130, 335), (200, 250), (250, 262), (190, 335)], fill=accent)
    d.polygon([(215, 335), (265, 268), (300, 280), (265, 335)], fill=shade(accent, 1.3))
    for i in range(5):
        x, y = 190 + 28 * i, 172 + 19 * i
        d.line((x, y, x - 30, y + 34), fill=(250, 250, 250), width=9)
    d.rounded_rectangle((28, 336, 462, 386), 24, fill=(248, 246, 240))
    d.rounded_rectangle((28, 366, 462, 392), 12, fill=shade(accent, 0.8))
    for x in range(50, 450, 26):
        d.line((x, 372, x + 10, 388), fill=shade(accent, 0.5), width=4)
    _label(d, (78, 200), brand[:1], 40, (255, 255, 255))


def _mug(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    d.ellipse((300, 170, 450, 350), outline=shade(color, 0.8), width=36)
    d.rounded_rectangle((70, 130, 350, 440), 40, fill=color)
    d.ellipse((70, 95, 350, 170), fill=shade(color, 1.4))
    d.ellipse((88, 105, 332, 160), fill=(84, 52, 34))
    d.ellipse((130, 114, 240, 142), fill=(196, 150, 108))
    d.rectangle((70, 320, 350, 345), fill=accent)
    d.rectangle((70, 355, 350, 362), fill=accent)
    _label(d, (210, 245), brand, 62, shade(color, 0.4))
    for x in (150, 210, 270):
        d.arc((x - 16, 20, x + 16, 62), 90, 270, fill=(255, 255, 255), width=7)
        d.arc((x - 16, 56, x + 16, 98), 270, 90, fill=(255, 255, 255), width=7)


def _pouch(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    left = [(100, 60 + 20 * i) for i in range(20)]
    d.polygon([(110, 60), (370, 60), (384, 250), (372, 440), (108, 440), (96, 250)], fill=color)
    for x in range(110, 370, 20):
        d.polygon([(x, 60), (x + 10, 40), (x + 20, 60)], fill=shade(color, 0.75))
        d.polygon([(x, 440), (x + 10, 458), (x + 20, 440)], fill=shade(color, 0.75))
    d.rectangle((108, 60, 372, 84), fill=shade(color, 0.75))
    d.rectangle((108, 418, 372, 440), fill=shade(color, 0.75))
    d.ellipse((130, 120, 350, 270), fill=(255, 250, 235))
    _label(d, (240, 178), brand, 54, shade(color, 0.5))
    _label(d, (240, 225), "CRISPY", 26, accent)
    for x, y in ((170, 330), (250, 345), (310, 315), (220, 385), (300, 385)):
        d.ellipse((x - 30, y - 20, x + 30, y + 20), fill=accent)
        d.ellipse((x - 20, y - 14, x + 10, y + 4), fill=shade(accent, 1.4))
    d.line(left[1:], fill=shade(color, 1.5), width=8)


def _headphones(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    d.arc((80, 40, 400, 420), 180, 360, fill=shade(color, 0.6), width=44)
    d.arc((88, 46, 392, 412), 190, 350, fill=shade(color, 1.3), width=16)
    for left, right in ((44, 164), (316, 436)):
        d.rounded_rectangle((left, 220, right, 440), 50, fill=color)
        d.rounded_rectangle((left + 16, 240, right - 16, 420), 38, fill=shade(color, 0.72))
        d.ellipse((left + 28, 290, right - 28, 372), fill=accent)
        d.ellipse((left + 42, 304, right - 42, 358), fill=shade(accent, 1.4))
    d.rounded_rectangle((150, 240, 176, 420), 12, fill=(40, 40, 46))
    d.rounded_rectangle((304, 240, 330, 420), 12, fill=(40, 40, 46))
    _label(d, (240, 66), brand, 26, (255, 255, 255))


def _handbag(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    d.arc((140, 30, 340, 330), 180, 360, fill=shade(color, 0.6), width=24)
    d.polygon([(80, 190), (400, 190), (440, 440), (40, 440)], fill=color)
    d.rounded_rectangle((38, 420, 442, 456), 16, fill=shade(color, 0.7))
    d.polygon([(80, 190), (400, 190), (375, 310), (240, 345), (105, 310)], fill=shade(color, 0.82))
    d.line([(90, 200), (112, 302), (240, 334), (368, 302), (390, 200)], fill=shade(color, 1.5), width=4)
    d.rounded_rectangle((205, 300, 275, 366), 14, fill=accent)
    d.ellipse((226, 318, 254, 346), fill=shade(accent, 0.5))
    _label(d, (240, 400), brand, 34, shade(accent, 1.5))
    for x in (150, 330):
        d.ellipse((x - 14, 178, x + 14, 206), fill=accent)


def _candle(d: ImageDraw.ImageDraw, color: RGB, accent: RGB, brand: str) -> None:
    d.ellipse((180, 10, 300, 190), fill=(255, 214, 110))
    d.polygon([(240, 30), (272, 110), (258, 150), (222, 150), (208, 110)], fill=(255, 168, 40))
    d.polygon([(240, 76), (256, 122), (240, 150), (224, 122)], fill=(255, 244, 200))
    d.line((240, 140, 240, 196), fill=(60, 50, 40), width=6)
    d.rounded_rectangle((90, 180, 390, 460), 36, fill=shade(color, 1.35))
    d.rounded_rectangle((104, 230, 376, 446), 28, fill=color)
    d.ellipse((96, 166, 384, 222), fill=shade(color, 1.6))
    d.ellipse((116, 176, 364, 214), fill=shade(color, 1.2))
    d.rounded_rectangle((150, 280, 330, 400), 8, fill=(252, 248, 238))
    _label(d, (240, 328), brand, 42, (70, 60, 52))
    _label(d, (240, 370), "soy wax", 24, accent)


SHAPES: dict[str, Callable[[ImageDraw.ImageDraw, RGB, RGB, str], None]] = {
    "bottle": _bottle,
    "lipstick": _lipstick,
    "sneaker": _sneaker,
    "mug": _mug,
    "pouch": _pouch,
    "headphones": _headphones,
    "handbag": _handbag,
    "candle": _candle,
}
