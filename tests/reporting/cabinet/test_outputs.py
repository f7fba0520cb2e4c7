"""Every output of one content: the same figures, the same bytes, and a hash that anybody can work out again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from reporting.cabinet import renderers
from reporting.cabinet.services import freeze_report
from reporting.cabinet.vocabulary import OutputKind
from socialvalue.core import clock
from tests.factories import pdfs
from tests.factories.accounts import AuthorityFactory
from tests.factories.cabinet import NOW, draft, reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def frozen():
    world = reported(AuthorityFactory(is_demonstration=True))
    return freeze_report(actor=world.author, report_id=draft(world.author).pk)


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_all_outputs_of_one_content_are_the_same_bytes_each_time(frozen):
    first = renderers.outputs(frozen.figures, frozen.figures_hash)
    again = renderers.outputs(json.loads(json.dumps(frozen.figures)), frozen.figures_hash)
    assert first == again
    assert set(first.files) == set(OutputKind)
    assert first.problem == ""
    for file in first.files.values():
        assert file.sha256 == hashlib.sha256(file.content).hexdigest()
    pages = len(pdfs.read(first.files[OutputKind.PDF].content).pages)
    assert {kind: file.pages for kind, file in first.files.items() if file.pages} == {
        OutputKind.PDF: pages
    }
    with zipfile.ZipFile(io.BytesIO(first.files[OutputKind.ZIP].content)) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(packed.values()) == sorted(
        file.content for kind, file in first.files.items() if kind != OutputKind.ZIP
    )


def test_the_json_is_the_text_whose_hash_the_report_prints(frozen):
    found = renderers.outputs(frozen.figures, frozen.figures_hash).files
    assert found[OutputKind.JSON].sha256 == frozen.figures_hash
    text = " ".join(pdfs.pages(pdfs.read(found[OutputKind.PDF].content)))
    assert frozen.figures_hash in text.replace(" ", "")
    assert frozen.figures_hash in found[OutputKind.HTML].content.decode()


def test_the_sums_of_the_annex_are_the_figures(frozen):
    found = renderers.outputs(frozen.figures, frozen.figures_hash).files
    annex = sheets(found[OutputKind.XLSX].content)
    figures = {row["name"]: row for row in frozen.figures["figures"]}
    for sheet, name in (
        ("Committed entries", "committed_total"),
        ("Claimed entries", "claimed_total"),
        ("Evidenced entries", "evidenced_total"),
        ("Verified entries", "verified_total"),
    ):
        heads, *rows = annex[sheet]
        value = heads.index("Value (£)")
        entries = [row for row in rows if isinstance(row[0], float)]
        total = next(row for row in rows if str(row[0]).startswith("Total, "))
        assert round(sum(row[value] or 0 for row in entries), 2) == float(figures[name]["value"])
        assert total[value] == float(figures[name]["value"])
        assert len(entries) == figures[name]["rows"]["count"]


def test_the_csv_has_every_figure(frozen):
    found = renderers.outputs(frozen.figures, frozen.figures_hash).files
    rows = list(csv.DictReader(io.StringIO(found[OutputKind.CSV].content.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == [row["name"] for row in frozen.figures["figures"]]
    shown = {row["name"]: row["shown"] for row in frozen.figures["figures"]}
    assert {row["Name"]: row["As shown"] for row in rows} == shown


def test_counts_only_shows_no_pounds_in_any_output(frozen):
    found = renderers.outputs(frozen.figures, frozen.figures_hash, counts_only=True).files
    html = found[OutputKind.HTML].content.decode()
    for text in (
        html[html.index("<body") :],
        " ".join(pdfs.pages(pdfs.read(found[OutputKind.PDF].content))),
        found[OutputKind.CSV].content.decode("utf-8-sig"),
    ):
        for amount in ("£11,000", "11000", "£750", "£1,350"):
            assert amount not in text
    assert "11000" not in found[OutputKind.JSON].content.decode()
    assert json.loads(found[OutputKind.JSON].content)["counts_only"] is True


def test_without_pango_everything_else_comes_and_it_says_why(frozen, tmp_path, monkeypatch):
    no_pango = tmp_path / "python"
    no_pango.write_text("#!/bin/sh\ncat > /dev/null\nexit 3\n")
    no_pango.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(no_pango))
    found = renderers.outputs(frozen.figures, frozen.figures_hash)
    assert set(found.files) == set(OutputKind) - {OutputKind.PDF}
    assert "Pango is missing" in found.problem
    with zipfile.ZipFile(io.BytesIO(found.files[OutputKind.ZIP].content)) as archive:
        assert "report.pdf" not in archive.namelist()
        assert "report.html" in archive.namelist()
