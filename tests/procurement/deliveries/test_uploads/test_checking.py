"""A file of claims is checked: what it comes to, and each fault at its own cell."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.db import connection

from procurement.deliveries.models import Claim, ClaimUpload
from procurement.deliveries.rules.uploads import FAILED, NOT_OURS, NOTHING, QUANTITY
from procurement.deliveries.services import upload_jobs, uploads
from procurement.deliveries.vocabulary import UploadStatus
from procurement.ledger.models import LedgerEntry
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.workbooks import sheets_of
from tests.factories.deliveries import claim, world
from tests.factories.uploads import HEADINGS, book, line, text, uploaded
from tests.factories.workbooks import ods
from tests.procurement.deliveries.test_uploads.steps import NEXT

pytestmark = pytest.mark.django_db


def faults_of(upload) -> list[tuple[str, str]]:
    return [tuple(row) for row in upload.preview["problems"]]


def test_a_checked_file_claims_nothing_and_says_what_it_comes_to(w) -> None:
    found = uploaded(
        w.claimant,
        book(line(w.hours, 12.5, words="Library", district="cv1 2ab"), line(w.share, 46, 50)),
    )
    assert (found.status, found.rows, found.faults) == (UploadStatus.READY, 2, 0)
    assert (Claim.objects.count(), LedgerEntry.objects.filter(basis="claimed").count()) == (0, 0)
    (part,) = found.preview["contracts"]
    assert (part["rows"], part["pence"]) == (2, 15_625)
    by_label = {row["label"]: row for row in part["measures"]}
    assert by_label["M1 Measure M1"]["quantity"] == "12.5 hours"
    assert by_label["R1 Measure R1"]["quantity"] == "46 of 50 (92%)"
    assert found.preview["first"][0]["district"] == "CV1"
    assert found.preview["repeats"] == 0


def test_blank_rows_and_rows_without_anything_entered_are_left_out(w) -> None:
    blank = ("", "", "", "", "", "")
    found = uploaded(w.claimant, book(blank, line(w.hours), line(w.hours, 1), blank, line(w.share)))
    assert (found.status, found.rows) == (UploadStatus.READY, 1)
    assert found.preview["first"][0]["line"] == 4


def test_a_file_with_nothing_entered_is_said_to_be_empty(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours), line(w.share)))
    assert (found.status, found.problem) == (UploadStatus.FAILED, NOTHING)


def test_another_workbook_is_told(w) -> None:
    found = uploaded(w.claimant, text([]).replace(b"Key", b"Id"), name="a.csv")
    assert (found.status, found.problem) == (UploadStatus.FAILED, NOT_OURS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16", "cp850"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_pounds_and_commas_in_any_encoding(w, encoding, delimiter) -> None:
    rows = [
        ("",) * 6,
        line(w.hours, "£1,234.5", words="At Café “A”" if encoding != "cp850" else "A, b"),
    ]
    found = uploaded(w.claimant, text(rows, encoding=encoding, delimiter=delimiter), name="a.csv")
    assert (found.status, found.rows, found.problem) == (UploadStatus.READY, 1, "")
    assert found.preview["first"][0]["quantity"] == "1,234.5 hours"
    assert found.preview["first"][0]["line"] == 3


WRONG = [
    (("ten", ""), "This must be a number, like 12 or 12.5."),
    (("1e5", ""), "This must be a number, like 12 or 12.5."),
    (("12,5", ""), "This must be a number, like 12 or 12.5."),
    ((-3, ""), "The quantity must be 0 or more"),
    ((0, ""), "Enter more than 0. When nothing was delivered there is nothing to claim"),
    ((1.2345, ""), "This must have at most 3 decimal places."),
    ((1e15, ""), "This must be 99,999,999,999.999 or less."),
    ((99_999_999_999, ""), "This is worth £100 billion or more. Check the quantity."),
]  # fmt: skip


@pytest.mark.parametrize(("boxes", "message"), WRONG)
def test_a_wrong_quantity_is_said_beside_its_cell(w, boxes, message) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5), line(w.hours, *boxes)))
    assert (found.status, found.faults) == (UploadStatus.FAULTY, 1)
    assert faults_of(found) == [("C3", message)]


def test_every_kind_of_fault_stands_at_its_own_cell(w) -> None:
    found = uploaded(
        w.claimant,
        book(
            line(w.share, 46),
            line(w.share, 51, 50),
            line(w.hours, 5, 6),
            line(w.hours, 5, district="Leeds"),
            line(w.hours, 5, quarter=date(2027, 1, 1)),
            line(w.hours, 5, quarter=date(2025, 1, 1)),
            line(w.hours, "", words="Words alone"),
            line(w.yes, 2),
            line(w.hours, 5, words="x" * 4_001),
            ("C999999-202504", "", 5, "", "", ""),
            ("", "", 5, "", "", ""),
        ),
    )
    cells = [cell for cell, _ in faults_of(found)]
    assert cells == ["D2", "C3", "D4", "F5", "A6", "A7", "C8", "C9", "E10", "A11", "A12"]
    assert found.faults == 11


def test_a_row_copied_whole_is_refused_and_one_told_apart_is_taken(w) -> None:
    twice = uploaded(w.claimant, book(line(w.hours, 5), line(w.hours, 5)))
    assert [cell for cell, _ in faults_of(twice)] == ["C3"]
    told = uploaded(w.claimant, book(line(w.hours, 5, words="A"), line(w.hours, 5, words="B")))
    assert (told.status, told.rows) == (UploadStatus.READY, 2)


def test_a_figure_that_stands_alone_stands_once_a_quarter(w) -> None:
    claim(w.claimant, w.yes, quantity=Decimal(1))
    rows = [line(w.yes, 1), line(w.yes, 1, quarter=NEXT), line(w.yes, 0, quarter=NEXT)]
    found = uploaded(w.claimant, book(*rows))
    assert [cell for cell, _ in faults_of(found)] == ["C2", "C4"]


def test_the_marked_copy_is_the_suppliers_own_file_with_a_note_beside_the_cell(w) -> None:
    found = uploaded(
        w.claimant, book(line(w.hours, 5, words="=1+1"), line(w.hours, -1, words="Kept"))
    )
    with found.answer.open("rb") as stored:
        marked = sheets_of(stored.read(), otherwise="")
    assert [row[4] for row in marked.sheets[0].rows] == [
        "What was delivered, where and for whom",
        "=1+1",
        "Kept",
    ]
    assert marked.sheets[-1].rows[1] == ["Claims", "C3", "Wrong", "The quantity must be 0 or more"]


def test_a_marked_csv_says_it_in_its_row_and_can_be_sent_again(w) -> None:
    rows = [line(w.hours, "-1", words="=1+1"), line(w.hours, "£2,000", words="Paid")]
    found = uploaded(w.claimant, text(rows), name="a.csv")
    with found.answer.open("rb") as stored:
        marked = stored.read()
    lines = list(csv.reader(io.StringIO(marked.decode("utf-8-sig"))))
    assert [row[-1] for row in lines] == [
        "What to mend", f"{QUANTITY}: The quantity must be 0 or more", ""
    ]  # fmt: skip
    assert (lines[1][4], lines[2][2]) == ("'=1+1", "£2,000")
    mended = marked.replace(b",-1,", b",1,")
    again = uploaded(w.claimant, mended, name="a.csv")
    assert (again.status, again.rows) == (UploadStatus.READY, 2)
    assert again.preview["first"][0]["words"] == "=1+1"


def test_another_suppliers_commitment_is_as_if_it_were_not_there(w) -> None:
    other = world()
    found = uploaded(w.claimant, book(line(other.hours, 5)))
    assert [cell for cell, _ in faults_of(found)] == ["A2"]
    with pytest.raises(NotVisible):
        uploads.upload_claims(
            actor=w.claimant,
            name="a",
            content=book(line(w.hours, 1)),
            contract_id=other.contract.pk,
        )
    with pytest.raises(NotAllowed):
        uploads.upload_claims(actor=w.manager, name="a", content=book(line(w.hours, 1)))


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n\x00", b"PK\x03\x04nothing"]
)
def test_what_is_no_spreadsheet_is_not_kept(w, content) -> None:
    with pytest.raises(RuleBroken):
        uploads.upload_claims(actor=w.claimant, name="a.xlsx", content=content)
    assert ClaimUpload.objects.count() == 0


def test_checking_asks_as_often_for_many_rows_as_for_one(w, django_assert_num_queries) -> None:
    def queries(rows) -> int:
        upload = uploads.upload_claims(actor=w.claimant, name="a", content=book(*rows))
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            upload_jobs.check_upload(actor=SYSTEM, upload_id=upload.pk)
        return len(caught)

    few = queries([line(w.hours, 1)])
    assert queries([line(w.hours, n, words=f"Row {n}") for n in range(1, 500)]) == few


def test_an_ods_file_is_read_as_well(w) -> None:
    rows = [list(HEADINGS), *map(list, [line(w.hours, 12.5), line(w.share, 46, 50)])]
    found = uploaded(w.claimant, ods({"Claims": rows}), name="claims.ods")
    assert (found.status, found.rows) == (UploadStatus.READY, 2)


def test_a_formula_that_failed_is_no_empty_box(w) -> None:
    out = io.BytesIO()
    book_ = xlsxwriter.Workbook(out)
    page = book_.add_worksheet("Claims")
    page.write_row(0, 0, HEADINGS)
    page.write_row(1, 0, line(w.hours))
    page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    page.write_row(2, 0, line(w.hours, 5))
    book_.close()
    assert faults_of(uploaded(w.claimant, out.getvalue())) == [("C2", FAILED)]


def test_a_whole_postcode_in_the_words_is_refused(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5, words="At 3 High Street, CV1 2AB")))
    assert [cell for cell, _ in faults_of(found)] == ["E2"]
