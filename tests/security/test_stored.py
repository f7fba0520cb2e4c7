"""What was stored is shown as text: on pages, in tables, documents, calendars and answers to programs.

The world is the demonstration, in which every column that holds somebody's words was overwritten. Each route is asked
once, as the first of the viewers of the matrix who may.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import NoReverseMatch, reverse
from docx import Document as read_docx
from lxml import html
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.permissions.matrix import asking
from tests.permissions.matrix.declared import Answer, declared
from tests.permissions.matrix.objects import things
from tests.permissions.matrix.viewers import VIEWERS, client_of
from tests.permissions.matrix.world import demonstration
from tests.security import stored

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="Every page of the demonstration takes a minute: read on PostgreSQL, where make test runs it.",
)
FEWEST_COLUMNS = 100
FEWEST_SEEN = 90
FEWEST = {"html": 120, "csv": 20, "xlsx": 20, "docx": 4, "pdf": 2, "ics": 1, "json": 2}
MOST_PDFS = 4
"""Each takes a second or two to print; all of them are printed by one press."""
MARK = re.compile(r"svevil(\d+)")
ACTIVE = re.compile(r"\s*(?:javascript|vbscript|data:text/html)", re.I)
LINKS = ("href", "src", "action", "formaction", "{http://www.w3.org/1999/xlink}href")
READ_BACK = frozenset(
    {
        "toms:imports:export_xlsx",
        "procurement:bids:download",
        "procurement:bids:submitted",
        "procurement:bids:blank_workbook",
        "procurement:deliveries:claims_book",
        "procurement:deliveries:contract_claims_book",
    }
)
"""Workbooks that come back filled in: their texts stand as they are, and a text in a workbook is never worked out."""
ROWS = declared()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The demonstration with everybody who looks, overwritten, and taken back after this file: things and columns."""
    with demonstration(django_db_blocker):
        found = things({row.kind for row in ROWS.values()})
        planted = stored.plant()
        cache.clear()
        yield found, planted


def requests(world):
    """Route, viewer and address; a route with a form in its address once for each form."""
    buttons, printed = asking.buttons(), 0
    for route, kinds in asking.routes().items():
        row = ROWS[route]
        if row.page == "allauth" or route in buttons:
            continue
        thing = world[row.kind]
        viewer = next((v for v in VIEWERS if row.answer(v, thing) is Answer.SHOWN), None)
        if viewer is None:
            continue
        for address in addresses(row, kinds[0], thing):
            if address.endswith((".pdf", "/pdf/")):
                printed += 1
                if printed > MOST_PDFS:
                    continue
            yield route, viewer, address


def addresses(row, arguments, thing):
    values = {name: thing.values[name] for name in arguments}
    name = next((one for one in ("form", "kind") if one in values), "")
    found = []
    for form in ("csv", "xlsx", "docx", "pdf", "json", "ics") if name else ():
        try:
            found.append(reverse(row.route, kwargs=values | {name: form}))
        except NoReverseMatch:
            continue
    return found or [asking.address_of(row, arguments, thing)]


def read(client, address):
    """What an address gives: status, kind and content."""
    response = asking.opened(client, address)
    content = b"".join(response) if response.streaming else response.content
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    return response.status_code, kind_of(media_type, content), content


def kind_of(media_type, content):
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
        kinds = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
        return next((kind for name, kind in kinds.items() if name in names), "zip")
    known = {
        "text/html": "html",
        "text/csv": "csv",
        "application/pdf": "pdf",
        "text/calendar": "ics",
    }
    return known.get(media_type, "json" if media_type.endswith("json") else "other")


def parts(kind, content):
    """Each file of a pack; of anything else the thing itself."""
    if kind != "zip":
        yield "", kind, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield f" {name}", name.rpartition(".")[2], archive.read(name)


# --- what is wrong with an answer, and the text that it shows ----------------------------------------


def in_html(content):
    page = html.fromstring(content.decode())
    wrong = []
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        made = [f"<{element.tag}>"] if "svevil" in element.tag else []
        made += [f"{element.tag} {name}" for name in element.attrib if "svevil" in name]
        made += [
            f"{element.tag} {name}={element.attrib[name][:40]}"
            for name in LINKS
            if ACTIVE.match(element.attrib.get(name, ""))
        ]
        wrong += made
    text = "".join(page.itertext())
    return wrong + (["ran as a template"] if "svevil=49" in text or '"49"' in text else []), text


def in_cells(cells):
    """Texts of cells; those that a spreadsheet would work out."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    wrong = [f"cell {text[:40]!r}" for text in texts if stored.starts_a_formula(text)]
    return wrong, "\n".join(texts)


def in_csv(content):
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return in_cells([cell for row in rows for cell in row])


def in_xlsx(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        runs = [name for name in sheets if re.search(rb"<f[ >]", archive.read(name))]
    if runs:
        return [f"formulas in {runs}"], ""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return in_cells([cell for rows in sheets for row in rows for cell in row])


def in_docx(content):
    file = read_docx(io.BytesIO(content))
    links = [
        part.target_ref
        for part in file.part.rels.values()
        if part.is_external and ACTIVE.match(part.target_ref)
    ]
    return links, "".join(file.element.body.itertext())


def in_pdf(content):
    book = PdfReader(io.BytesIO(content))
    wrong = []
    for page in book.pages:
        for one in page.get("/Annots") or ():
            action = one.get_object().get("/A") or {}
            if "/JS" in action or ACTIVE.match(str(action.get("/URI", ""))):
                wrong.append(f"link {action}")
    return wrong, "\n".join(page.extract_text() for page in book.pages)


def in_ics(content):
    lines = content.decode().split("\r\n")
    wrong = [
        f"line {line[:40]!r}"
        for line in lines
        if len(line.encode()) > 75 or not re.match(r"[A-Z][A-Z-]*[;:]| |$", line)
    ]
    return wrong, content.decode().replace("\r\n ", "")


def in_json(content):
    return [], json.dumps(json.loads(content), ensure_ascii=False)


READERS = {
    "html": in_html, "csv": in_csv, "xlsx": in_xlsx, "docx": in_docx, "pdf": in_pdf, "ics": in_ics, "json": in_json,
}  # fmt: skip


def looked_at(world, planted):
    """What is wrong, how many answers of each kind show what was planted, and the columns that were seen."""
    wrong, shown, seen, clients = [], Counter(), set(), {}
    names = list(stored.columns())
    for route, viewer, address in requests(world):
        if viewer.name not in clients:
            clients[viewer.name] = client_of(viewer)
        status, kind, content = read(clients[viewer.name], address)
        where = f"{route} {address} ({viewer.name})"
        if status >= 500:
            wrong.append(f"{where}: {status}")
        for name, part_kind, part in parts(kind, content):
            if part_kind not in READERS or not part:
                continue
            try:
                faults, text = READERS[part_kind](part)
            except Exception as error:  # whatever a reader of such files stumbles over
                faults, text = [f"cannot be read: {error!r}"], ""
            marks = {names[int(number)] for number in MARK.findall(text)}
            seen |= marks & set(planted)
            shown[part_kind] += bool(marks)
            if part_kind == "xlsx" and route in READ_BACK:
                faults = [fault for fault in faults if not fault.startswith("cell ")]
            wrong += [f"{where}{name}: {fault}" for fault in faults[:3]]
    return wrong, shown, seen


def test_nothing_that_was_stored_becomes_more_than_text(world, db, capsys):
    found, planted = world
    wrong, shown, seen = looked_at(found, planted)
    with capsys.disabled():
        print(f"\nstored: {len(planted)} columns overwritten, {len(seen)} seen in {dict(shown)}")
    assert wrong == []
    assert len(planted) >= FEWEST_COLUMNS
    assert len(seen) >= FEWEST_SEEN, sorted(set(planted) - seen)
    assert {kind: count for kind, count in FEWEST.items() if shown[kind] < count} == {}, shown
