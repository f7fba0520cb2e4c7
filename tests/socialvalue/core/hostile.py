"""Files that mean harm, or carry more than they show: made here, none kept in the repository.

``REFUSED`` maps a name to the file, the bytes and a word of the sentence that helps. ``CLEANED`` maps a name to the
file, the bytes, and bytes that must not be in what is kept.
"""

from __future__ import annotations

import codecs
import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from PIL import Image, PngImagePlugin

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SCRIPT = b"<script>alert(1)</script>"
EICAR_LIKE = b"EVIL-MARK"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/x.main+xml"/></Types>'
)
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'


def archive(parts, kind=zipfile.ZIP_DEFLATED, comment=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as book:
        for name, content in parts:
            book.writestr(zipfile.ZipInfo(name) if isinstance(name, str) else name, content, kind)
        book.comment = comment
    return out.getvalue()


def docx(*more, types=TYPES, document="<w:document/>"):
    return archive([("[Content_Types].xml", types), ("word/document.xml", document), *more])


def xlsx(*more, types=TYPES):
    return archive([("[Content_Types].xml", types), ("xl/workbook.xml", "<workbook/>"), *more])


def link(kind, target, mode='TargetMode="External"'):
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    one = f'<Relationship Id="r1" Type="{base}/{kind}" Target="{target}" {mode}/>'
    return ("word/_rels/document.xml.rels", RELS % one)


def photo(kind="JPEG", size=(64, 48), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **options)
    return out.getvalue()


def with_gps():
    exif = Image.Exif()
    exif[0x010E] = "EVIL-MARK"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 24.0, 30.0), 3: "W", 4: (1.0, 30.0, 15.0)})
    return photo(exif=exif)


def segment(marker, payload):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(payload) + 2) + payload


def jpeg_with(*segments):
    plain = photo()
    return plain[:2] + b"".join(segments) + plain[2:]


def with_xmp_place():
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude='52,24N' photoshop:City='EVIL-MARK'/>"
    return jpeg_with(segment(0xE1, xmp))


def with_iptc_place():
    record = b"\x1c\x02\x5a" + struct.pack(">H", 9) + b"EVIL-MARK"
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record
    if len(record) % 2:
        resource += b"\0"
    return jpeg_with(segment(0xED, b"Photoshop 3.0\0" + resource))


def png_chunk(name, payload):
    return (
        struct.pack(">I", len(payload))
        + name
        + payload
        + struct.pack(">I", zlib.crc32(name + payload))
    )


def png(width=8, height=8, *, before=b"", rows=None, after=b""):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(rows if rows is not None else b"\0" * (width * 3 + 1) * height, 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + before
        + png_chunk(b"IDAT", data)
        + png_chunk(b"IEND", b"")
        + after
    )


def png_with_texts():
    info = PngImagePlugin.PngInfo()
    info.add_text("GPSLatitude", "52.4 EVIL-MARK")
    info.add_itxt("XML:com.adobe.xmp", "<x exif:GPSLatitude='1' EVIL-MARK='1'/>", zip=True)
    return photo("PNG", pnginfo=info)


def pdf(*objects, packed=(), trailer=""):
    """A PDF with a true cross-reference; ``packed`` objects go into an object stream and an XRef stream."""
    bodies = list(objects) or [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
    out, places = b"%PDF-1.7\n", {}
    for number, body in enumerate(bodies, 1):
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + _bytes(body) + b"\nendobj\n"
    if not packed:
        start = len(out)
        lines = "".join(f"{places[n]:010} 00000 n \n" for n in sorted(places))
        return (
            out
            + (
                f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{lines}"
                f"trailer<</Size {len(places) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
            ).encode()
        )
    first = len(bodies) + 1
    heads, texts = [], b""
    for number, body in enumerate(packed, first):
        heads.append(f"{number} {len(texts)}")
        texts += _bytes(body) + b" "
    head = (" ".join(heads) + " ").encode()
    stream_number = first + len(packed)
    places[stream_number] = len(out)
    data = zlib.compress(head + texts)
    out += (
        f"{stream_number} 0 obj\n<</Type/ObjStm/N {len(packed)}/First {len(head)}"
        f"/Filter/FlateDecode/Length {len(data)}>>\nstream\n"
    ).encode()
    out += data + b"\nendstream\nendobj\n"
    table_number, start = stream_number + 1, len(out)
    places[table_number] = start
    rows = struct.pack(">BIH", 0, 0, 65535)
    for number in range(1, table_number + 1):
        if number in places:
            rows += struct.pack(">BIH", 1, places[number], 0)
        else:
            rows += struct.pack(">BIH", 2, stream_number, number - first)
    data = zlib.compress(rows)
    out += (
        f"{table_number} 0 obj\n<</Type/XRef/Size {table_number + 1}/Root 1 0 R/W[1 4 2]"
        f"/Filter/FlateDecode/Length {len(data)}{trailer}>>\nstream\n"
    ).encode()
    return out + data + f"\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n".encode()


def _bytes(body):
    return body if isinstance(body, bytes) else body.encode()


def catalog(extra):
    return (
        f"<</Type/Catalog/Pages 2 0 R{extra}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )


def gigabyte_pdf():
    packing = zlib.compressobj(9)
    data = b"".join(packing.compress(bytes(1024 * 1024)) for _ in range(250)) + packing.flush()
    body = b"<</Filter/FlateDecode/Length %d>>\nstream\n" % len(data) + data + b"\nendstream"
    return pdf(*catalog(""), body)


def encrypted_zip():
    plain = bytearray(docx())
    at = plain.find(b"PK\x01\x02")
    while at >= 0:
        plain[at + 8] |= 1
        at = plain.find(b"PK\x01\x02", at + 4)
    return bytes(plain)


def tarball():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo("../../etc/cron.d/x")
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    return out.getvalue()


def many_parts():
    return docx(*[(f"word/part{n}.xml", "") for n in range(5_001)])


def lying_zip():
    """It says that a part is ten bytes long, and it is not."""
    plain = bytearray(docx(document="0" * 2_000_000))
    at = plain.find(b"PK\x01\x02", plain.find(b"PK\x01\x02") + 4)
    plain[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(plain)


def cut(content, share=0.6):
    return content[: int(len(content) * share)]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
WITH_JS = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"

REFUSED = {
    # --- PDF
    "pdf with javascript": ("a.pdf", pdf(*catalog(WITH_JS)), "scripts"),
    "pdf with escaped name": ("a.pdf", pdf(*catalog("/Names<</J#61va#53cript 4 0 R>>")), "scripts"),
    "pdf that launches": ("a.pdf", pdf(*catalog("/X<</S/Launch/F(cmd.exe)>>")), "scripts"),
    "pdf with attached file": ("a.pdf", pdf(*catalog("/Names<</EmbeddedFiles 4 0 R>>")), "attached"),
    "pdf with rich media": ("a.pdf", pdf(*catalog("/X<</Subtype/RichMedia>>")), "scripts"),
    "pdf with xfa form": ("a.pdf", pdf(*catalog("/AcroForm<</XFA 4 0 R>>")), "scripts"),
    "pdf that sends a form": ("a.pdf", pdf(*catalog("/X<</S/SubmitForm/F(http://x)>>")), "scripts"),
    "pdf that opens a page": ("a.pdf", pdf(*catalog("/OpenAction<</S/URI/URI(http://x)>>")), "opens"),
    "pdf that opens by reference": (
        "a.pdf",
        pdf(*catalog("/OpenAction 4 0 R"), "<</S/URI/URI(http://x)>>"),
        "opens",
    ),
    "pdf with action on a page": (
        "a.pdf",
        pdf(*catalog("")[:2], "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/AA<</O<</S/URI/URI(x)>>>>>>"),
        "opens",
    ),
    "pdf with packed javascript": (
        "a.pdf",
        pdf(*catalog("/Names 4 0 R"), packed=["<</JavaScript<</Names[(a) 5 0 R]>>>>", "<</S/JavaScript/JS(x)>>"]),
        "scripts",
    ),
    "pdf with packed and escaped launch": (
        "a.pdf",
        pdf(*catalog("/X 4 0 R"), packed=["<</S/L#61unch/F(cmd)>>"]),
        "scripts",
    ),
    "pdf with packed object nobody names": (
        "a.pdf",
        pdf(*catalog(""), packed=["<</S/JavaScript/JS(x)>>"]),
        "scripts",
    ),
    "pdf whose table is broken": (
        "a.pdf",
        pdf(*catalog(""), packed=["<<>>"]).replace(b"/W[1 4 2]", b"/W[9 9 9]"),
        "damaged",
    ),
    "pdf with password": ("a.pdf", pdf(trailer="/Encrypt<</Filter/Standard>>"), "password"),
    "pdf without end": ("a.pdf", cut(pdf()), "end is missing"),
    "pdf with program behind": ("a.pdf", PDF + b"MZ" + bytes(4096), "end is missing"),
    "pdf and zip": ("a.pdf", b"%PDF-1.7\n" + archive([("a.js", "x")], comment=b"\n%%EOF"), "another kind"),
    "pdf and page": ("a.pdf", b"%PDF-1.7\n<html>" + SCRIPT + PDF, "another kind"),
    "page before pdf": ("a.pdf", SCRIPT + b"\n" + PDF, "before its beginning"),
    "pdf that unpacks for ever": ("a.pdf", gigabyte_pdf(), "200 MB"),
    "pdf packed twice": (
        "a.pdf",
        pdf(*catalog(""), b"<</Filter[/FlateDecode/FlateDecode]>>\nstream\nx\nendstream"),
        "200 MB",
    ),
    # --- pictures
    "gif as jpeg": ("a.jpg", b"GIF89a" + bytes(40), "GIF"),
    "gif and script": ("a.jpg", b"GIF89a/*" + bytes(8) + b"*/=1;alert(1)", "GIF"),
    "svg": ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "web page"),
    "svg with declaration": ("a.png", b"<?xml version='1.0'?><!DOCTYPE svg><svg/>", "web page"),
    "page as jpeg": ("a.jpg", b"<!doctype html><title>x</title>" + SCRIPT, "web page"),
    "page with jpeg start": ("a.jpg", b"\xff\xd8\xff" + SCRIPT, "damaged"),
    "webp": ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30), "WebP"),
    "heic": ("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + bytes(60), "Most Compatible"),
    "heif of another brand": ("IMG_1.JPG", b"\0\0\0\x18ftypmif1" + bytes(60), "HEIC"),
    "tiff": ("a.tif", b"II*\0" + bytes(40), "TIFF"),
    "bmp": ("a.bmp", b"BM\x46\0\0\0\0\0\0\0" + bytes(60), "BMP"),
    "psd": ("a.psd", b"8BPS\0\x01" + bytes(40), "Photoshop"),
    "jpeg cut short": ("a.jpg", cut(photo(size=(640, 480))), "cut short"),
    "png cut short": ("a.png", cut(png(200, 200, rows=bytes(range(256)) * 472)), "cut short"),
    "png of a thousand million pixels": ("a.png", png(60_000, 60_000, rows=b"\0"), "pixels"),
    "png that says little and unpacks much": (
        "a.png",
        png(8, 8, before=png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(60_000_000), 9))),
        "damaged",
    ),
    "png with wrong sum": ("a.png", png().replace(b"IDAT", b"IDAU"), "damaged"),
    # --- archives and programs
    "zip": ("a.zip", archive([("a.txt", "x")]), "one by one"),
    "zip in zip": ("a.zip", archive([("b.zip", archive([("a.txt", "x")]))]), "one by one"),
    "zip with paths": ("a.zip", archive([("../../x", "x")]), "one by one"),
    "gzip": ("a.csv", gzip.compress(b"a,b\n"), "archive"),
    "rar": ("a.rar", b"Rar!\x1a\x07\0" + bytes(40), "archive"),
    "seven zip": ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "archive"),
    "tar": ("a.tar", tarball(), "archive"),
    "exe": ("report.pdf", b"MZ\x90\0" + bytes(80), "program"),
    "elf": ("report", b"\x7fELF\x02\x01" + bytes(80), "program"),
    "shortcut": ("a.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(80), "program"),
    "java": ("a.jpg", b"\xca\xfe\xba\xbe" + bytes(80), "program"),
    "video": ("a.mp4", b"\0\0\0\x18ftypisom" + bytes(60), "Videos"),
    # --- office
    "docx with macros": ("a.docx", docx(("word/vbaProject.bin", OLE)), "macros"),
    "xlsm": ("a.xlsx", xlsx(("xl/vbaProject.bin", OLE)), "macros"),
    "xlsx with old macro sheet": ("a.xlsx", xlsx(("xl/macrosheets/sheet1.xml", "<x/>")), "macros"),
    "docx whose types say macros": (
        "a.docx",
        docx(types=TYPES.replace("x.main", "vnd.ms-word.document.macroEnabled.main")),
        "macros",
    ),
    "docx with control": ("a.docx", docx(("word/activeX/activeX1.xml", "<x/>")), "macros"),
    "docx with object": ("a.docx", docx(("word/embeddings/oleObject1.bin", OLE)), "another file"),
    "docx with program named as picture": ("a.docx", docx(("word/media/a.png", b"MZ" + bytes(9))), "another file"),
    "docx with zip inside": ("a.docx", docx(("word/a.zip", archive([("x", "x")]))), "another file"),
    "docx with page inside": ("a.docx", docx(("word/afchunk.html", SCRIPT)), "another file"),
    "docx with template elsewhere": ("a.docx", docx(link("attachedTemplate", "http://x/t.dotm")), "fetches"),
    "docx with picture elsewhere": ("a.docx", docx(link("image", "http://x/pixel.png")), "fetches"),
    "docx with link to a share": ("a.docx", docx(link("hyperlink", "file://server/share")), "fetches"),
    "docx with link that runs": ("a.docx", docx(link("hyperlink", "javascript:alert(1)")), "fetches"),
    "docx with object elsewhere": ("a.docx", docx(link("oleObject", "mhtml:http://x!x-usc:x")), "another file"),
    "docx with dde field": (
        "a.docx",
        docx(document="<w:p><w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\x</w:instrText></w:p>"),
        "fetches",
    ),
    "docx with entities": (
        "a.docx",
        docx(document='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document>&a;</w:document>'),
        "damaged",
    ),
    "docx with hidden entities": (
        "a.docx",
        docx(document=codecs.BOM_UTF16_LE + '<!DOCTYPE x [<!ENTITY a "b">]><w:d/>'.encode("utf-16-le")),
        "damaged",
    ),
    "xlsx with other workbook": ("a.xlsx", xlsx(("xl/externalLinks/externalLink1.xml", "<x/>")), "fetches"),
    "docx with path out": ("a.docx", docx(("word/../../x.xml", "<x/>")), "damaged"),
    "docx with absolute path": ("a.docx", docx(("/etc/x.xml", "<x/>")), "damaged"),
    "docx with part twice": ("a.docx", docx(("word/Document.xml", "<x/>")), "damaged"),
    "docx and xlsx at once": ("a.docx", docx(("xl/workbook.xml", "<x/>")), "damaged"),
    "docx with password": ("a.docx", encrypted_zip(), "password"),
    "office file with password": ("a.docx", OLE, "password"),
    "docx that unpacks for ever": ("a.docx", docx(document="0" * (101 * 1024 * 1024)), "100 MB"),
    "docx of many parts": ("a.docx", many_parts(), "100 MB"),
    "docx that lies of its size": ("a.docx", lying_zip(), "damaged"),
    "docx behind a page": ("a.docx", SCRIPT + docx(), "kind of file"),
    "docx before a page": ("a.docx", docx() + SCRIPT, "damaged"),
    "docx cut short": ("a.docx", cut(docx(document="<w:document/>" * 99)), "damaged"),
    "presentation": ("a.pptx", archive([("[Content_Types].xml", TYPES), ("ppt/presentation.xml", "<x/>")]), "as a PDF"),
    # --- text
    "page as text": ("a.txt", b"Dear council\n" + SCRIPT, "web page"),
    "page as csv": ("a.csv", b"a,b\n1,<img src=x onerror=alert(1)>\n", "web page"),
    "page in utf-16": ("a.txt", codecs.BOM_UTF16_LE + SCRIPT.decode().encode("utf-16-le"), "web page"),
    "page in utf-16, other way": ("a.txt", codecs.BOM_UTF16_BE + SCRIPT.decode().encode("utf-16-be"), "web page"),
    "page in utf-16 without mark": ("a.txt", SCRIPT.decode().encode("utf-16-le"), "kind of file"),
    "page in utf-7": ("a.txt", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "web page"),
    "page late in the text": ("a.txt", b"a" * 200_000 + SCRIPT, "web page"),
    "shell script": ("a.txt", b"#!/bin/sh\nrm -rf /\n", "program"),
    "batch file": ("a.txt", b"@echo off\r\ndel *\r\n", "program"),
    "php": ("a.txt", b"<?php system($_GET['c']); ?>", "web page"),
    "mail with a page": ("a.txt", b"MIME-Version: 1.0\nContent-Type: text/html\n\nhi", "program"),
    "web shortcut": ("a.txt", b"[InternetShortcut]\nURL=file://server/x", "program"),
    "rtf": ("a.txt", b"{\\rtf1 {\\object\\objupdate}}", "source"),
    "postscript": ("a.pdf", b"%!PS-Adobe-3.0\n(x) show", "source"),
    "text with null bytes": ("a.txt", b"hello\0world", "kind of file"),
    "text with escape codes": ("a.txt", b"ok \x1b]0;owned\x07", "kind of file"),
    "bytes of nothing": ("a.pdf", bytes(range(256)) * 9, "kind of file"),
    "nothing": ("a.pdf", b"", "empty"),
}  # fmt: skip

CLEANED = {
    "photo with a place": ("a.jpg", with_gps(), b"EVIL-MARK"),
    "photo with a place in xmp": ("a.jpg", with_xmp_place(), b"EVIL-MARK"),
    "photo with a place in iptc": ("a.jpg", with_iptc_place(), b"EVIL-MARK"),
    "photo with a comment": ("a.jpg", jpeg_with(segment(0xFE, SCRIPT)), b"script"),
    "photo with a page behind": ("a.jpg", photo() + SCRIPT, b"script"),
    "photo with an archive behind": ("a.jpg", photo() + archive([("x.js", EICAR_LIKE)]), b"PK\x03\x04"),
    "png with texts": ("a.png", png_with_texts(), b"EVIL-MARK"),
    "png with a program behind": ("a.png", png(after=b"MZ" + EICAR_LIKE), b"EVIL-MARK"),
    "png with a page in a chunk": ("a.png", png(before=png_chunk(b"prIv", SCRIPT)), b"script"),
    "docx with a photo with a place": ("a.docx", docx(("word/media/image1.jpeg", with_gps())), b"EVIL-MARK"),
    "csv with formulas": ("a.csv", b"name,hours\n=cmd|' /C calc'!A0,4\n", b"\n=cmd"),
    "csv with a hidden formula": ("a.csv", b'name,hours\n" =HYPERLINK(""http://x"")",4\n', b'" =HYP'),
    "text that turns around": ("a.txt", "pay \u202e000,1".encode(), "\u202e".encode()),
    "pdf with a few bytes behind": ("a.pdf", PDF + b"EVIL-MARK", b"EVIL-MARK"),
}  # fmt: skip

NAMES = [
    "../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "C:\\fakepath\\photo.jpg",
    "photo\u202egpj.exe",
    "photo.jpg\0.html",
    "a\r\nSet-Cookie: x=1.jpg",
    '"; filename="x.html',
    "<img src=x onerror=alert(1)>.jpg",
    "x" * 5000 + ".jpg",
    ".htaccess",
    "CON.jpg",
    "photo.jpg.html",
    "photo.html",
    "  .  .jpg",
    "\uff0e\uff0e\uff0fphoto.jpg",
    "",
]
