"""Photos and screenshots: only their pixels are kept, drawn anew, so that nothing else travels with them."""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from socialvalue.core.filekinds.recognised import Recognised, refuse

JPEG_START = b"\xff\xd8\xff"
PNG_START = b"\x89PNG\r\n\x1a\n"
MAX_PIXELS = 100_000_000
_TOO_MANY = (
    f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels. "
    "Save it smaller and choose that."
)
LONGEST_SIDE = 4096
"""More than that shows nothing more and fills the store: a larger photo is kept smaller."""
_GPS_IFD = 0x8825
_IPTC_PLACES = {(2, code) for code in (26, 27, 90, 92, 95, 100, 101)}
_XMP_PLACE = re.compile(
    rb"exif:GPS|photoshop:(City|State|Country)|Iptc4xmpCore:(Location|CountryCode)"
    rb"|Iptc4xmpExt:(Location|City|Sublocation)|geo:lat"
)


def is_picture(content: bytes) -> bool:
    return content.startswith((JPEG_START, PNG_START))


def picture(content: bytes) -> Recognised:
    """Pixels only. RuleBroken for what is damaged, cut short or too large to open."""
    is_jpeg = content.startswith(JPEG_START)
    try:
        with warnings.catch_warnings():
            # Pillow warns at a size we refuse by ourselves.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _drawn_anew(content, is_jpeg)
    except Image.DecompressionBombError as error:
        raise refuse(_TOO_MANY) from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        OverflowError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        MemoryError,
    ) as error:
        raise refuse(
            "The picture is damaged or cut short. Open it, save it again as JPG and choose that."
        ) from error


def _drawn_anew(content: bytes, is_jpeg: bool) -> Recognised:
    kind = "JPEG" if is_jpeg else "PNG"
    # WeasyPrint tells Pillow to let damaged pictures pass, for the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(io.BytesIO(content), formats=[kind]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise refuse(_TOO_MANY)
        if is_jpeg:
            # Decoded at half or a quarter of its size where that is enough.
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        had_location = _has_place(image, content)
        bare = _bare(image)
    clean = io.BytesIO()
    if is_jpeg:
        bare.convert("RGB").save(clean, "JPEG", quality=88)
        return Recognised("image/jpeg", ".jpg", clean.getvalue(), had_location)
    bare.save(clean, "PNG")
    return Recognised("image/png", ".png", clean.getvalue(), had_location)


def _bare(image: Image.Image) -> Image.Image:
    """The right way up, not too large, and without anything that is no pixel."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode == "P":
        turned = turned.convert("RGBA" if "transparency" in turned.info else "RGB")
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new(turned.mode, turned.size)
    bare.paste(turned)
    return bare


def _has_place(image: Image.Image, content: bytes) -> bool:
    """Whether the photo said where it was taken: EXIF, XMP, IPTC or a text of a PNG."""
    return bool(
        image.getexif().get_ifd(_GPS_IFD) or _XMP_PLACE.search(content) or _places_in_iptc(image)
    ) or any(
        _XMP_PLACE.search(str(words).encode()) or "gps" in str(name).lower()
        for name, words in image.info.items()
        if isinstance(words, str)
    )


def _places_in_iptc(image: Image.Image) -> bool:
    from PIL import IptcImagePlugin

    if not isinstance(image, ImageFile.ImageFile):
        return False
    found: dict[Any, Any] | None = IptcImagePlugin.getiptcinfo(image)
    return bool(found and _IPTC_PLACES & set(found))


def has_hidden_place(content: bytes) -> bool:
    """Whether a picture inside another file says where it was taken; False for what is no picture."""
    if not is_picture(content):
        return False
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            return _has_place(image, content)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
