"""What stands around the product in the demo clips: backgrounds, clutter, captions, stickers, sparkles."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from mtaf_core.data.demo.shapes import RGB, SHAPES, draw, font, rgb, shade

WIDTH, HEIGHT = 270, 480
MARGIN = 24
"""Backgrounds are this much larger on every side, so that the camera can drift."""
_SIZE = (WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN)


def background(kind: str, hue: float, saturation: float, rng: np.random.Generator) -> Image.Image:
    """A backdrop, RGB, larger than the frame by `MARGIN` on every side.

    Parameters
    ----------
    kind : {"studio", "bokeh", "stripes", "room"}
    hue, saturation : float
        Of the product: the backdrop takes a quieter, neighbouring colour.
    """
    hue = hue + float(rng.choice([0.5, 0.42, 0.08, -0.08]))
    quiet = 0.08 + 0.42 * saturation
    top, bottom = rgb(hue, quiet * 0.7, 0.98), rgb(hue + 0.04, quiet * 1.2, 0.80)
    image = _gradient(top, bottom)
    return {"studio": _studio, "bokeh": _bokeh, "stripes": _stripes, "room": _room}[kind](image, hue, quiet, rng)


def _gradient(top: RGB, bottom: RGB) -> Image.Image:
    down = np.linspace(0, 1, _SIZE[1])[:, None, None] ** 1.2
    pixels = np.asarray(top) * (1 - down) + np.asarray(bottom) * down
    return Image.fromarray(np.broadcast_to(pixels, (_SIZE[1], _SIZE[0], 3)).astype(np.uint8), "RGB")


def _studio(image: Image.Image, hue: float, quiet: float, rng: np.random.Generator) -> Image.Image:
    w, h = image.size
    glow = Image.new("L", image.size, 0)
    ImageDraw.Draw(glow).ellipse((w * 0.05, h * 0.15, w * 0.95, h * 0.75), fill=150)
    image.paste((255, 255, 255), (0, 0), glow.filter(ImageFilter.GaussianBlur(40)))
    d = ImageDraw.Draw(image)
    floor = int(h * 0.66)
    d.rectangle((0, floor, w, h), fill=rgb(hue + 0.03, quiet * 1.1, 0.72))
    d.ellipse((w * 0.10, floor - 8, w * 0.90, floor + 84), fill=rgb(hue + 0.03, quiet * 0.8, 0.86))
    d.ellipse((w * 0.10, floor - 18, w * 0.90, floor + 68), fill=rgb(hue + 0.02, quiet * 0.6, 0.95))
    return image


def _bokeh(image: Image.Image, hue: float, quiet: float, rng: np.random.Generator) -> Image.Image:
    w, h = image.size
    lights = Image.new("RGBA", image.size, (0, 0, 0, 0))
    d = ImageDraw.Draw(lights)
    for _ in range(22):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(8, 42)
        color = rgb(hue + rng.uniform(-0.12, 0.12), quiet, 1.0)
        d.ellipse((x - r, y - r, x + r, y + r), fill=(*color, int(rng.integers(60, 150))))
    lights = lights.filter(ImageFilter.GaussianBlur(3))
    image.paste(lights, (0, 0), lights)
    return image


def _stripes(image: Image.Image, hue: float, quiet: float, rng: np.random.Generator) -> Image.Image:
    w, h = image.size
    bands = Image.new("L", image.size, 0)
    d = ImageDraw.Draw(bands)
    width = int(rng.integers(26, 54))
    for x in range(-h, w + h, 2 * width):
        d.polygon([(x, h), (x + width, h), (x + width + h // 2, 0), (x + h // 2, 0)], fill=110)
    image.paste(rgb(hue + 0.05, quiet * 0.5, 1.0), (0, 0), bands)
    d = ImageDraw.Draw(image)
    d.ellipse((w * 0.12, h * 0.28, w * 0.88, h * 0.28 + w * 0.76), fill=rgb(hue, quiet * 0.3, 1.0))
    return image


def _room(image: Image.Image, hue: float, quiet: float, rng: np.random.Generator) -> Image.Image:
    w, h = image.size
    d = ImageDraw.Draw(image)
    d.rectangle((w * 0.56, h * 0.10, w * 0.92, h * 0.38), fill=rgb(hue + 0.3, quiet * 0.3, 1.0))
    d.rectangle((w * 0.56, h * 0.10, w * 0.92, h * 0.38), outline=(255, 255, 255), width=7)
    d.line((w * 0.74, h * 0.10, w * 0.74, h * 0.38), fill=(255, 255, 255), width=5)
    d.rectangle((0, h * 0.30, w * 0.34, h * 0.315), fill=(150, 112, 82))
    for i in range(7):
        height = int(rng.integers(34, 62))
        x = 12 + 13 * i
        d.rectangle((x, h * 0.30 - height, x + 11, h * 0.30), fill=rgb(rng.random(), quiet + 0.2, 0.85))
    desk = int(h * 0.66)
    d.rectangle((0, desk, w, h), fill=(186, 146, 110))
    d.rectangle((0, desk, w, desk + 8), fill=(212, 176, 140))
    pot = int(w * 0.86)
    for angle in np.linspace(-1.0, 1.0, 7):
        tip = (pot + 44 * np.sin(angle), desk - 40 - 66 * np.cos(angle))
        d.line((pot, desk - 34, *tip), fill=(66, 130, 84), width=9)
    d.polygon([(pot - 24, desk - 40), (pot + 24, desk - 40), (pot + 17, desk), (pot - 17, desk)], fill=(222, 120, 84))
    return image


def clutter(image: Image.Image, amount: float, rng: np.random.Generator) -> None:
    """Strew odds and ends over a backdrop, in place: boxes, papers and other products, in any colour."""
    if amount <= 0:
        return
    shapes = list(SHAPES)
    for _ in range(int(14 + 26 * amount)):
        hue = float(rng.random())
        color = rgb(hue, rng.uniform(0.2, 0.6), rng.uniform(0.4, 0.9))
        if rng.random() < 0.4:
            thing = draw(str(rng.choice(shapes)), color, rgb(hue + 0.4, 0.4, 0.7), "SALE")
            thing.thumbnail((int(rng.integers(50, 100)),) * 2)
        else:
            thing = Image.new("RGBA", (int(rng.integers(24, 84)), int(rng.integers(18, 70))), (*color, 255))
            d = ImageDraw.Draw(thing)
            for y in range(6, thing.height - 4, 8):
                d.line((5, y, thing.width - 6, y), fill=shade(color, 0.6), width=2)
        thing = thing.rotate(float(rng.uniform(-40, 40)), expand=True, resample=Image.Resampling.BILINEAR)
        at = (int(rng.integers(-20, _SIZE[0] - 20)), int(rng.integers(_SIZE[1] // 6, _SIZE[1] - 40)))
        image.paste(thing, at, thing)


def honeycomb() -> list[Image.Image]:
    """The backdrop of a reveal: a golden honeycomb in two shifts, RGB, frame size.

    It is the same for every product, and unlike every other backdrop: one second must be told from ten.
    """
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    shifts = []
    for shift in (0, 13):
        across = np.abs((x + shift) % 26 - 13)
        rising = np.abs((0.5 * x + 0.87 * y) % 26 - 13)
        falling = np.abs((0.5 * x - 0.87 * y) % 26 - 13)
        edge = (np.minimum(across, rising) < 3) | (falling < 3)
        pixels = np.where(edge[..., None], (40, 25, 0), (255, 190, 20))
        shifts.append(Image.fromarray(pixels.astype(np.uint8), "RGB"))
    return shifts


def caption(text: str, color: RGB) -> Image.Image:
    """A caption bar: white letters on a rounded, dark plate with a coloured edge, RGBA."""
    size = 25.0
    while font(size).getlength(text) > WIDTH - 56 and size > 11:
        size -= 1
    width = int(font(size).getlength(text)) + 34
    plate = Image.new("RGBA", (2 * width, 92), (0, 0, 0, 0))
    d = ImageDraw.Draw(plate)
    d.rounded_rectangle((0, 0, 2 * width - 1, 91), 26, fill=(18, 18, 24, 205))
    d.rounded_rectangle((12, 16, 22, 76), 5, fill=(*color, 255))
    d.text((width + 6, 46), text, font=font(2 * size), fill=(255, 255, 255, 255), anchor="mm", stroke_width=1)
    return plate.resize((width, 46), Image.Resampling.LANCZOS)


def sticker(text: str) -> Image.Image:
    """A price burst: a star in red and yellow with the offer on it, RGBA, about 96 px."""
    side = 2 * 96
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    d = ImageDraw.Draw(image)
    for outer, inner, fill in ((95, 78, (255, 214, 40)), (84, 68, (230, 36, 48))):
        spikes = np.arange(32) * np.pi / 16
        radius = np.where(np.arange(32) % 2 == 0, outer, inner)
        star = np.stack([side / 2 + radius * np.cos(spikes), side / 2 + radius * np.sin(spikes)], axis=1)
        d.polygon([tuple(p) for p in star.tolist()], fill=fill)
    d.text(
        (side / 2, side / 2),
        text,
        font=font(46 if len(text) < 5 else 32),
        fill=(255, 255, 255),
        anchor="mm",
        stroke_width=1,
    )
    return image.rotate(12, resample=Image.Resampling.BICUBIC).resize((96, 96), Image.Resampling.LANCZOS)


def sparkle(size: int) -> Image.Image:
    """A four-pointed white star with a soft glow, RGBA."""
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    reach = np.exp(-9 * np.abs(x * y) ** 0.5) * np.clip(1 - np.hypot(x, y), 0, 1)
    alpha = np.clip(reach * 420, 0, 255)
    pixels = np.dstack([np.full((size, size, 3), 255.0), alpha])
    return Image.fromarray(pixels.astype(np.uint8), "RGBA")
