"""Pictures, by Pillow: whether these bytes are one, how large it is, and a small one of it. Blocking; for threads.

What strangers send is decoded here, so it is bounded: only the formats we serve, and no more pixels than a large camera
has, which is looked at before anything is unpacked.
"""

from __future__ import annotations

import io
import warnings
from typing import Final, NamedTuple

from PIL import Image, ImageOps

MOST_PIXELS: Final = 50_000_000
SMALL: Final = 480  # pixels, the longer side
_FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
THUMBNAIL_TYPE: Final = "image/webp"


class Picture(NamedTuple):
    """What a picture is, in pixels as it is seen, and a small one of it as WebP without what cameras note beside it."""

    media_type: str
    width: int
    height: int
    small: bytes


class NotAPicture(Exception):
    """These bytes are none that we show: broken, of another format, or too large to unpack."""


_ORIENTATION: Final = 0x0112  # the Exif tag
_LYING: Final = range(5, 9)  # values of it that say: turned by a quarter


def look_at(data: bytes) -> Picture:
    """The picture in `data`. Raises `NotAPicture`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is below
            with Image.open(io.BytesIO(data), formats=list(_FORMATS)) as image:
                return _look_at(image)
    except NotAPicture:
        raise
    except (
        Exception
    ) as fault:  # Pillow's decoders raise what they meet: struct.error, EOFError, SyntaxError, zlib.error …
        raise NotAPicture(type(fault).__name__) from fault


def _look_at(image: Image.Image) -> Picture:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise NotAPicture("too many pixels")
    if image.getexif().get(_ORIENTATION) in _LYING:
        width, height = height, width
    return Picture(_FORMATS[image.format or ""], width, height, _small(image))


def _small(image: Image.Image) -> bytes:
    image.draft("RGB", (2 * SMALL, 2 * SMALL))  # a JPEG is unpacked no larger than is needed
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SMALL, SMALL))
    shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=80)
    return out.getvalue()
