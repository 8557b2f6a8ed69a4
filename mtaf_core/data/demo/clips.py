"""The clips of the demo market, rendered: ten seconds, 270x480, twelve frames a second, H.264 and AAC."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from mtaf_core.data.demo import sound, stage
from mtaf_core.data.demo.design import SILENT, VOICE, ClipDesign
from mtaf_core.data.demo.presenter import draw_face, portraits
from mtaf_core.data.demo.shapes import draw, rgb, shadow
from mtaf_core.data.demo.stage import HEIGHT, MARGIN, WIDTH

FPS = 12
SECONDS = 10
FRAMES = FPS * SECONDS
_POSES = 16
_SEAT = 80
"""Where the presenter sits; the product is held beside, at `_HELD`."""
_HELD = WIDTH - 82

Sprite = Image.Image


@dataclass(frozen=True)
class Layers:
    """Everything drawn once for a clip; frames only paste."""

    backdrop: Image.Image
    product: tuple[Sprite, ...]  # one a pose
    shadow: Sprite
    portraits: dict[tuple[bool, bool], Sprite]
    captions: tuple[Sprite, ...]
    stickers: tuple[Sprite, ...]
    sparkles: tuple[tuple[int, int, int, Sprite], ...]  # x, y, phase
    burst: tuple[Image.Image, ...]
    hero: Sprite
    dimming: list[int]


def render(design: ClipDesign, path: Path) -> None:
    """Render and encode one clip.

    Parameters
    ----------
    design : ClipDesign
        The same design gives the same bytes on one machine.
    path : Path
        An ``.mp4`` file to be written.
    """
    import av

    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        picture = container.add_stream("libx264", rate=FPS)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        # With several threads, or with its macroblock tree, x264 codes the same frames differently from run to run.
        picture.options = {"preset": "veryfast", "crf": "30", "threads": "1", "x264-params": "mbtree=0"}
        audio = container.add_stream("aac", rate=sound.RATE, layout="mono") if design.sound != SILENT else None
        if audio is not None:
            audio.bit_rate = 64_000
        for image in frames(design):
            frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if audio is not None:
            wave = av.AudioFrame.from_ndarray(sound.synthesise(design)[None, :], format="fltp", layout="mono")
            wave.sample_rate, wave.pts, wave.time_base = sound.RATE, 0, Fraction(1, sound.RATE)
            container.mux(audio.encode(wave))
            container.mux(audio.encode(None))


def frames(design: ClipDesign) -> Iterator[Image.Image]:
    """The `FRAMES` frames of a clip, RGB, `WIDTH` x `HEIGHT`."""
    rng = np.random.default_rng([design.seed, 2])
    layers = _layers(design, rng)
    drift = rng.uniform(0, 2 * np.pi, 2)
    speaking = _syllables(design, rng)
    blinks = set(rng.integers(0, FRAMES, 4).tolist())
    for number in range(FRAMES):
        if design.reveal_second is not None and number // FPS == design.reveal_second:
            yield _reveal(layers, number % FPS)
            continue
        yield _frame(design, layers, number, drift, bool(speaking[number]), number in blinks)


def _frame(design: ClipDesign, layers: Layers, number: int, drift: np.ndarray, mouth: bool, blink: bool) -> Image.Image:
    turn = 2 * np.pi * number / FRAMES
    pan_x = round(MARGIN + 0.9 * MARGIN * float(np.sin(turn + drift[0])))
    pan_y = round(MARGIN + 0.9 * MARGIN * float(np.sin(turn + drift[1])))
    image = layers.backdrop.crop((pan_x, pan_y, pan_x + WIDTH, pan_y + HEIGHT))
    if design.presenter:
        portrait = layers.portraits[mouth, blink]
        lift = round(3 * float(np.sin(3 * turn)))
        image.paste(portrait, (_SEAT - portrait.width // 2, HEIGHT - portrait.height + 4 + lift), portrait)
    _paste_product(design, layers, image, number)
    for x, y, phase, star in layers.sparkles:
        if (number + phase) % 18 < 7:
            image.paste(star, (x, y), star)
    if layers.stickers:
        badge = layers.stickers[(0, 1, 2, 1)[number // 2 % 4]]
        image.paste(badge, (WIDTH - 58 - badge.width // 2, 66 - badge.height // 2), badge)
    text = layers.captions[0 if number < FRAMES // 2 else 1]
    rise = max(0, 4 - number % (FRAMES // 2)) * 8
    image.paste(text, ((WIDTH - text.width) // 2, HEIGHT - 62 + rise), text)
    return image.point(layers.dimming) if design.dark > 0 else image


def _paste_product(design: ClipDesign, layers: Layers, image: Image.Image, number: int) -> None:
    pose = number % (2 * _POSES - 2)
    product = layers.product[pose if pose < _POSES else 2 * _POSES - 2 - pose]
    # Beside the presenter when there is one, else in the middle, standing on the floor.
    center = _HELD if design.presenter else WIDTH // 2
    floor = 336 + round(44 * design.closeup) + (20 if design.presenter else 0)
    if not design.presenter:
        foot = (center - layers.shadow.width // 2, floor - layers.shadow.height // 2 - 4)
        image.paste(layers.shadow, foot, layers.shadow)
    bob = round(4 * float(np.sin(2 * np.pi * number / 24)))
    image.paste(product, (center - product.width // 2, floor - product.height + bob), product)


def _reveal(layers: Layers, number: int) -> Image.Image:
    """One frame of the second in which the product fills a honeycomb; it opens with a white flash."""
    if number == 0:
        return Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255))
    image = layers.burst[number // 3 % len(layers.burst)].copy()
    hero = layers.hero
    image.paste(hero, ((WIDTH - hero.width) // 2, int(HEIGHT * 0.46) - hero.height // 2), hero)
    return image


def _layers(design: ClipDesign, rng: np.random.Generator) -> Layers:
    backdrop = stage.background(design.background, design.hue, design.saturation, rng)
    stage.clutter(backdrop, design.clutter, rng)
    vivid = 0.10 + 0.85 * design.saturation
    product = draw(design.shape, rgb(design.hue, vivid, 0.86), rgb(design.hue + 0.42, 0.8 * vivid, 0.9), design.brand)
    side = round(86 + 190 * design.closeup) * (0.70 if design.presenter else 1.0)
    poses = tuple(_posed(product, side, pose / (_POSES - 1)) for pose in range(_POSES))
    hero = draw(design.shape, rgb(design.hue, 0.95, 0.9), rgb(design.hue + 0.42, 0.8, 0.95), design.brand)
    badge = stage.sticker(design.sticker) if design.sticker else None
    return Layers(
        backdrop=backdrop,
        product=poses,
        shadow=shadow(int(side * 0.8)),
        portraits=portraits(draw_face(rng, design.hue), 400) if design.presenter else {},
        captions=tuple(stage.caption(text, rgb(design.hue, 0.7, 1.0)) for text in design.captions),
        stickers=tuple(badge.resize((s, s), Image.Resampling.BILINEAR) for s in (88, 94, 100)) if badge else (),
        sparkles=_sparkles(design, side, rng),
        burst=tuple(stage.honeycomb()) if design.reveal_second is not None else (),
        hero=_fit(hero, 236),
        dimming=_dimming(design.dark),
    )


def _posed(product: Sprite, side: float, turn: float) -> Sprite:
    """The product at one point of its sway: a little larger and turned as it goes."""
    grown = _fit(product, side * (1.0 + 0.10 * turn))
    return grown.rotate(8 * (turn - 0.5), resample=Image.Resampling.BICUBIC, expand=True)


def _fit(product: Sprite, side: float) -> Sprite:
    scale = side / max(product.size)
    size = (max(1, round(product.width * scale)), max(1, round(product.height * scale)))
    return product.resize(size, Image.Resampling.LANCZOS)


def _sparkles(design: ClipDesign, side: float, rng: np.random.Generator) -> tuple[tuple[int, int, int, Sprite], ...]:
    stars = [stage.sparkle(size) for size in (22, 30, 40)]
    center = _HELD if design.presenter else WIDTH // 2
    found = []
    for _ in range(round(1 + 5 * design.saturation)):
        x = int(center + side * rng.uniform(-0.6, 0.6)) - 15
        y = int(340 - side * rng.uniform(0.1, 1.0)) - 15
        found.append((x, y, int(rng.integers(18)), stars[int(rng.integers(3))]))
    return tuple(found)


def _dimming(dark: float) -> list[int]:
    """A table for `Image.point` that darkens and slightly flattens, blue staying longest as at night."""
    level = np.arange(256)
    keep = [1 - 0.84 * dark, 1 - 0.82 * dark, 1 - 0.76 * dark]
    return [int(v) for k in keep for v in np.clip(level * k, 0, 255)]


def _syllables(design: ClipDesign, rng: np.random.Generator) -> np.ndarray:
    """Frames in which the mouth is open: in time with the voice where there is one."""
    if design.sound == VOICE:
        loud = sound.loudness(design, FPS)
        return np.asarray(loud > 0.4 * loud.max())
    return np.asarray(rng.random(FRAMES) < 0.15)
