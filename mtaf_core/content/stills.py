"""Pictures that do not move: JPEG, PNG and WebP as the one frame they are, and what only looks like one refused."""

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from mtaf_core.content.streams import LONG_SIDE_PX, SHORT_SIDE_PX
from mtaf_core.errors import BadMedia
from mtaf_core.limits import MAX_PICTURE_PX, MAX_SIDE_PX, MIN_SIDE_PX

if TYPE_CHECKING:
    from PIL import Image

Kind = Literal["picture", "pdf", "heif", "drawing"]

_HEAD_BYTES = 1024
_ORIENTATION = 0x0112
"""Of EXIF: how the camera was held."""
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
"""Brands of still pictures in the container that MP4 uses too."""
_FAULTS = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError, struct.error,
    OverflowError, ZeroDivisionError,
)  # fmt: skip
"""What Pillow stumbles over in damaged files."""


class Still(NamedTuple):
    """One picture: its frame, (1, H, W, 3) uint8 RGB, shorter side at most 256 px, and its size as displayed."""

    frames: np.ndarray
    width_px: int
    height_px: int


def kind(path: Path) -> Kind | None:
    """What a file is by its first bytes, whatever it is called; None where it is nothing that stands still."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "picture"
    if head.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return "heif"
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return "drawing" if text.startswith((b"<?xml", b"<!doctype svg", b"<svg")) and b"<svg" in text else None


def read(path: Path) -> Still:
    """Read a picture: turned as its camera noted, transparent parts on white, and of several the first.

    Raises
    ------
    BadMedia
        If it is none that can be read, is cut short or damaged, or past a limit; the size is known before anything is
        unpacked.
    """
    _refuse_others(path)
    from PIL import Image

    try:
        with path.open("rb") as file, Image.open(file, formats=("JPEG", "PNG", "WEBP")) as image:
            width, height = image.size
            _check(path, width, height)
            scale = min(1.0, SHORT_SIDE_PX / min(width, height), LONG_SIDE_PX / max(width, height))
            # A JPEG is unpacked hardly larger than it is needed.
            image.draft("RGB", (round(2 * scale * width), round(2 * scale * height)))
            fitting = max(1, round(scale * width)), max(1, round(scale * height))
            small = _colours(image).resize(fitting, Image.Resampling.BICUBIC, reducing_gap=3)
            turned = _turned(image, _on_white(small))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path) from error
    except _FAULTS as error:
        raise BadMedia(f"{path.name} is cut short or damaged; save or export the picture again.") from error
    if (small.width < small.height) != (turned.width < turned.height):
        width, height = height, width
    return Still(np.array(turned, dtype=np.uint8)[None], width, height)


def _refuse_others(path: Path) -> None:
    found = kind(path)
    if found == "pdf":
        raise BadMedia(f"{path.name} is a PDF document; export the page as JPEG or PNG and try again.")
    if found == "heif":
        raise BadMedia(f"{path.name} is a HEIC or AVIF picture, which cannot be read here; export it as JPEG or PNG.")
    if found == "drawing":
        raise BadMedia(f"{path.name} is an SVG drawing, which has no pixels to look at; export it as PNG.")


def _colours(image: "Image.Image") -> "Image.Image":
    """A picture as 8 bits of red, green, blue and, where it has any, transparency."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")


def _on_white(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    if image.mode == "RGB":
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def _turned(image: "Image.Image", small: "Image.Image") -> "Image.Image":
    """``small`` turned as the notes of the camera in ``image`` say; as it is where they cannot be read."""
    from PIL.Image import Transpose

    try:
        noted = image.getexif().get(_ORIENTATION, 1)
    except _FAULTS:
        noted = 1
    turns = {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
    }  # fmt: skip
    return small.transpose(turns[noted]) if noted in turns else small


def _check(path: Path, width: int, height: int) -> None:
    for side in (width, height):
        if not MIN_SIDE_PX <= side <= MAX_SIDE_PX:
            raise BadMedia(
                f"{path.name} is {width}×{height} pixels; each side must be {MIN_SIDE_PX} to {MAX_SIDE_PX}; resize it."
            )
    if width * height > MAX_PICTURE_PX:
        raise _too_large(path)


def _too_large(path: Path) -> BadMedia:
    return BadMedia(f"{path.name} has more than {MAX_PICTURE_PX // 10**6} million pixels; make it smaller.")
