"""A licensed workbook is read whole, in every kind of file, and a hostile one is refused."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest

from socialvalue.core.errors import RuleBroken
from tests.factories.imports import imported, owner, ready, small_file
from tests.factories.workbooks import HEADINGS, csv_bytes, measure_rows, messy_workbook, ods, xlsx
from toms.frameworks import queries as frameworks
from toms.frameworks.models import Edition
from toms.imports import queries
from toms.imports import services as imports
from toms.imports.models import FrameworkImport
from toms.proxies.queries.exporting import value_rows

pytestmark = pytest.mark.django_db


def test_a_workbook_of_300_measures_is_imported_whole():
    actor = owner()
    kept = imported(actor, messy_workbook(300))
    assert kept.status == "applied"
    edition = frameworks.edition_info(actor, kept.edition_slug)
    assert frameworks.measure_count(edition.id) == 300
    values = value_rows(edition.id)
    for row in measure_rows(300):
        if row[6] is None:
            assert row[0] not in values
        else:
            assert Decimal(values[row[0]][0]["amount"]) == row[6]
    assert edition.name == "Lantern Framework, 2026"
    assert Edition.objects.get(pk=edition.id).checksum == queries.content_checksum(edition)


def far_cell() -> bytes:
    """A small file that names a cell at the far corner of its sheet."""
    plain = small_file(2)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", row)
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 nothing %%EOF", "not a spreadsheet"),
        (b"PK\x03\x04 nothing", "not a spreadsheet"),
        (b"\x00\x01\x02", "not a spreadsheet"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_other_files_are_refused(content, words):
    with pytest.raises(RuleBroken, match=words):
        imports.upload_framework(actor=owner(), file_name="a.xlsx", content=content)
    assert FrameworkImport.objects.count() == 0


def test_a_file_made_to_take_all_memory_is_refused_outside_this_process():
    with pytest.raises(RuleBroken, match=r"cannot be read|too many cells"):
        imports.upload_framework(actor=owner(), file_name="a.xlsx", content=far_cell())


@pytest.mark.parametrize(
    "make", [ods, lambda sheets: csv_bytes(sheets["M"], ";"), lambda sheets: csv_bytes(sheets["M"])]
)
def test_the_same_rows_make_the_same_edition_in_every_kind_of_file(make):
    actor = owner()
    rows = {"M": [list(HEADINGS), *measure_rows(30)]}
    expected = queries.preview(actor, ready(actor, xlsx(rows))).checksum
    found = queries.preview(actor, ready(actor, make(rows)))
    assert found.errors == ()
    assert found.checksum == expected
