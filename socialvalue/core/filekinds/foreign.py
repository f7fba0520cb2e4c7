"""Kinds that are not accepted, known by their first bytes, so that the refusal can say how to mend it."""

from __future__ import annotations

from socialvalue.core.errors import RuleBroken
from socialvalue.core.filekinds.recognised import refuse, refuse_kind

HEIC = (
    "This is a HEIC photo, as many phones take them. Choose it from the phone's photo library, which sends it as JPG, "
    "or take a screenshot of it. To take JPG photos on an iPhone: Settings, Camera, Formats, Most Compatible."
)
PICTURE = "Save the picture as JPG or PNG and choose that."
ARCHIVE = "This is an archive. Take the files out of it and choose them one by one."
OLD_OFFICE = (
    "This is an older Office file, or one with a password. Save it without a password as DOCX or XLSX, or as a PDF, "
    "and choose that."
)
PROGRAM = "it is a program"
VIDEO = (
    "Videos and sound cannot be kept. Choose a photo or a letter that shows the same, "
    "or say in words where it can be seen."
)

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevx", b"mif1", b"msf1", b"avif")
_STARTS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"GIF87a", b"GIF89a"), f"This is a GIF. {PICTURE}"),
    ((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"), f"This is a TIFF or camera file. {PICTURE}"),
    ((b"\x00\x00\x01\x00",), f"This is an icon. {PICTURE}"),
    ((b"8BPS",), f"This is a Photoshop file. {PICTURE}"),
    (
        (
            b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd",
            b"MSCF", b"\x1f\x9d", b"\x04\x22\x4d\x18", b"!<arch>",
        ),
        ARCHIVE,
    ),
    ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), OLD_OFFICE),
    ((b"\x1aE\xdf\xa3", b"OggS", b"ID3", b"fLaC", b"FLV\x01"), VIDEO),
)  # fmt: skip
_PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\x00asm", b"dex\n", b"L\x00\x00\x00\x01\x14\x02\x00", b"ITSF", b"CWS", b"FWS", b"ZWS",
)  # fmt: skip


def fault_of(content: bytes) -> RuleBroken | None:
    """The refusal of a kind that is known and not accepted; None when the first bytes say nothing."""
    for starts, sentence in _STARTS:
        if content.startswith(starts):
            return refuse(sentence)
    if content.startswith(_PROGRAMS):
        return refuse_kind(PROGRAM)
    if content[4:8] == b"ftyp":
        return refuse(HEIC if content[8:12] in _HEIF_BRANDS else VIDEO)
    if content.startswith(b"RIFF"):
        return refuse(f"This is a WebP picture. {PICTURE}" if content[8:12] == b"WEBP" else VIDEO)
    if content.startswith(b"BM") and content[6:10] == bytes(4):
        return refuse(f"This is a BMP picture. {PICTURE}")
    if content[257:262] == b"ustar":
        return refuse(ARCHIVE)
    if b"%PDF-" in content[:1024]:
        return refuse(
            "The PDF is damaged: something stands before its beginning. "
            "Print it to a new PDF and choose that."
        )
    return None
