"""What each clip is made of: the content factors of `effects`, and the looks and sounds that carry them."""

from dataclasses import dataclass

import numpy as np

from mtaf_core.data.demo.effects import Floats
from mtaf_core.data.demo.words import Wording

VOICE, MUSIC, HUM, SILENT = "voice", "music", "hum", "none"
BACKGROUNDS = ("studio", "bokeh", "stripes", "room")


@dataclass(frozen=True)
class ClipDesign:
    """Everything that renders one clip; the same design and seed give the same bytes on one machine.

    Parameters
    ----------
    seed : int
        Seeds the details that carry no effect: colours, positions, melodies.
    shape : str
        Product drawn, see `shapes.draw`.
    hue, saturation : float
        Colour of the product and its stage, 0 to 1.
    closeup : float
        Size of the product, 0 (small on a stage) to 1 (fills the frame).
    presenter : bool
        Whether a presenter's head and shoulders are seen.
    dark, clutter : float
        0 to 1.
    background : {"studio", "bokeh", "stripes", "room"}
    brand : str
        Printed on the product.
    captions : tuple of str
        Latin captions of the first and the second half.
    sticker : str
        Text of the price sticker; empty for none.
    reveal_second, jingle_second : int or None
        The one second in which the product flashes, or the bells ring.
    sound : {"voice", "music", "hum", "none"}
        ``"none"`` gives a file without a sound track.
    energy : float
        Liveliness of the voice, 0 to 1.
    """

    seed: int
    shape: str
    hue: float
    saturation: float
    closeup: float
    presenter: bool
    dark: float
    clutter: float
    background: str
    brand: str
    captions: tuple[str, str]
    sticker: str
    reveal_second: int | None
    sound: str
    energy: float
    jingle_second: int | None

    @property
    def factors(self) -> dict[str, float]:
        """The picture and sound factors of `effects.EFFECTS`, in their units."""
        return {
            "audio_voice_energy": self.energy if self.sound == VOICE else 0.0,
            "audio_music": float(self.sound == MUSIC),
            "audio_dull": float(self.sound in (HUM, SILENT)),
            "audio_jingle": float(self.jingle_second is not None),
            "visual_product_focus": self.closeup * self.saturation,
            "visual_presenter": float(self.presenter),
            "visual_dark": self.dark,
            "visual_clutter": self.clutter,
            "visual_reveal": float(self.reveal_second is not None),
        }


def draw_design(seed: int, shape: str, hue: float, brand: str, offer: bool, wording: Wording) -> ClipDesign:
    """Draw the looks and sounds of one clip; content does not depend on who the uploader is."""
    rng = np.random.default_rng([seed, 1])
    sound = str(rng.choice([VOICE, MUSIC, HUM, SILENT], p=[0.48, 0.30, 0.20, 0.02]))
    # Stickers go with offers most of the time, so that the picture hints at the text without repeating it.
    sticker = rng.random() < (0.60 if offer else 0.10)
    jingle = rng.random() < 0.20 and sound != SILENT
    return ClipDesign(
        seed=seed,
        shape=shape,
        hue=float((hue + rng.normal(0, 0.07)) % 1.0),
        saturation=float(rng.beta(2.0, 1.5)),
        closeup=float(rng.beta(1.3, 1.5)),
        presenter=bool(rng.random() < 0.42),
        dark=_sometimes(0.22, 0.55, 1.0, rng),
        clutter=_sometimes(0.25, 0.50, 1.0, rng),
        background=str(rng.choice(BACKGROUNDS)),
        brand=brand,
        captions=wording.captions,
        sticker=wording.sticker if sticker else "",
        reveal_second=int(rng.integers(2, 9)) if rng.random() < 0.22 else None,
        sound=sound,
        energy=float(rng.random()) if sound == VOICE else 0.0,
        jingle_second=int(rng.integers(2, 9)) if jingle else None,
    )


def factor_columns(designs: list[ClipDesign]) -> dict[str, Floats]:
    """The picture and sound factors of many designs, as columns."""
    rows = [design.factors for design in designs]
    return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}


def _sometimes(chance: float, low: float, high: float, rng: np.random.Generator) -> float:
    return float(rng.uniform(low, high)) if rng.random() < chance else 0.0
