"""A file of claims: every row or none, once, and back again whole."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.db import connection, transaction

from procurement.deliveries import services
from procurement.deliveries.models import Claim, ClaimUpload, NilReturn
from procurement.deliveries.rules.uploads import FAILED, NOT_OURS, NOTHING, QUANTITY
from procurement.deliveries.services import upload_jobs, uploads
from procurement.deliveries.vocabulary import ClaimStatus, UploadStatus
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.workbooks import sheets_of
from tests.factories.accounts import actor_for_role
from tests.factories.deliveries import QUARTER, claim, world
from tests.factories.uploads import HEADINGS, book, line, sent, text, uploaded
from tests.factories.workbooks import ods

pytestmark = pytest.mark.django_db
NEXT = date(2025, 7, 1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def w():
    with clock.at(NOW):
        yield world()


def claimed() -> Decimal:
    return sum((row.quantity for row in sums(basis=Basis.CLAIMED)), Decimal(0))


def send(actor, upload):
    return uploads.send_upload(actor=actor, upload_id=upload.pk, expected_version=upload.version)


def post(upload):
    upload_jobs.post_upload(actor=SYSTEM, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def reverse(upload):
    upload_jobs.reverse_upload(actor=SYSTEM, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def undo(actor, upload):
    uploads.undo_upload(actor=actor, upload_id=upload.pk, expected_version=upload.version)
    return reverse(upload)


def faults_of(upload) -> list[tuple[str, str]]:
    return [tuple(row) for row in upload.preview["problems"]]


# --- checking -------------------------------------------------------------------------------------


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


# --- sending --------------------------------------------------------------------------------------


def test_a_sent_file_is_claimed_as_if_each_row_were_entered_on_its_page(w) -> None:
    by_hand = claim(w.claimant, w.hours, quantity=Decimal("12.345"), quarter=NEXT)
    found = sent(
        w.claimant,
        book(
            line(w.hours, 12.345, words="Library", district="cv1", quarter=NEXT),
            line(w.share, 46, 50),
            line(w.yes, 1),
        ),
    )
    assert (found.status, found.rows) == (UploadStatus.POSTED, 3)
    row = Claim.objects.get(upload=found, commitment=w.hours)
    assert (row.quantity, row.value_pence, row.quarter, row.version, row.status) == (
        by_hand.quantity, by_hand.value_pence, by_hand.quarter, 1, ClaimStatus.SUBMITTED,
    )  # fmt: skip
    assert (row.postcode_district, row.narrative) == ("CV1", "Library")
    assert (row.authority_id, row.supplier_id) == (by_hand.authority_id, by_hand.supplier_id)
    assert row.submitted_by_id == w.claimant.user_id
    names = [
        "basis", "authority_id", "supplier_id", "edition_id", "theme_id", "measure_id", "contract_id", "commitment_id",
        "period", "quantity", "denominator", "value_pence", "corrects_id", "verification_id", "reason", "posted_by_id",
    ]  # fmt: skip
    ours = LedgerEntry.objects.values(*names).get(claim=row)
    assert ours == LedgerEntry.objects.values(*names).get(claim=by_hand)
    assert LedgerEntry.objects.get(claim=row).posting_key == f"claim:{row.pk}:version:1"
    share = LedgerEntry.objects.get(claim__upload=found, commitment=w.share)
    assert (share.quantity, share.denominator, share.value_pence) == (46, 50, 0)


def test_the_feed_holds_every_entry_once(w) -> None:
    PendingPosting.objects.all().delete()
    found = sent(w.claimant, book(*(line(w.hours, n, words=str(n)) for n in range(1, 2_502))))
    waiting = [pk for row in PendingPosting.objects.all() for pk in row.entry_ids]
    entries = LedgerEntry.objects.filter(claim__upload=found).values_list("pk", flat=True)
    assert sorted(waiting) == sorted(entries)
    assert max(len(row.entry_ids) for row in PendingPosting.objects.all()) == 1_000


def test_one_line_of_the_record_with_the_hash_of_the_file(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 1), line(w.hours, 2)), contract_id=w.contract.pk)
    (row,) = AuditRecord.objects.filter(deed="upload_posted")
    assert (row.after["sha256"], row.after["rows"]) == (found.sha256, 2)
    assert (row.user_id, row.procurement_id) == (w.claimant.user_id, w.contract.procurement_id)


def test_the_job_twice_claims_once(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 5)))
    assert post(found).status == UploadStatus.POSTED
    assert (Claim.objects.count(), claimed()) == (1, Decimal(5))


def test_pressed_twice_it_is_sent_once(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5)))
    send(w.claimant, found)
    with pytest.raises((Conflict, RuleBroken)):
        send(w.claimant, found)
    assert post(found).status == UploadStatus.POSTED


def test_the_same_file_is_sent_once_and_again_after_it_was_undone(w) -> None:
    content = book(line(w.hours, 5))
    twin = uploaded(w.claimant, content)
    first = sent(w.claimant, content)
    with pytest.raises(RuleBroken, match="sent already"):
        uploads.upload_claims(actor=w.claimant, name="b.xlsx", content=content)
    with pytest.raises(RuleBroken, match="sent already"):
        send(w.claimant, twin)
    assert undo(w.claimant, first).status == UploadStatus.UNDONE
    send(w.claimant, twin)
    assert (post(twin).status, claimed()) == (UploadStatus.POSTED, Decimal(5))


def test_the_database_itself_holds_the_same_file_to_one(w) -> None:
    content = book(line(w.hours, 5))
    one, two = uploaded(w.claimant, content), uploaded(w.claimant, content)
    send(w.claimant, one)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        ClaimUpload.objects.filter(pk=two.pk).update(
            status=UploadStatus.POSTED, sent_at=NOW, sent_by_id=w.claimant.user_id
        )


def test_what_changed_after_the_check_stops_the_whole_file(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5), line(w.yes, 1)))
    send(w.claimant, found)
    claim(w.claimant, w.yes, quantity=Decimal(1))
    assert (post(found).status, found.faults) == (UploadStatus.FAULTY, 1)
    assert Claim.objects.filter(upload=found).count() == 0


def test_a_failure_half_way_leaves_nothing_and_says_so(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5), line(w.hours, 6)))
    send(w.claimant, found)
    # The key of the second row is taken: the database refuses in the middle of the rows.
    first = claim(w.claimant, w.hours, key=f"upload:{found.pk}:row:3")
    assert post(found).status == UploadStatus.FAILED
    assert found.problem.startswith("This service could not work on the file.")
    assert list(Claim.objects.values_list("pk", flat=True)) == [first.pk]
    assert LedgerEntry.objects.filter(basis=Basis.CLAIMED).count() == 1


def test_somebody_who_left_meanwhile_sends_nothing(w) -> None:
    from socialvalue.accounts.models import Membership

    found = uploaded(w.claimant, book(line(w.hours, 5)))
    send(w.claimant, found)
    Membership.objects.filter(user_id=w.claimant.user_id).update(ended_at=NOW)
    assert (post(found).status, Claim.objects.count()) == (UploadStatus.FAILED, 0)


def test_another_file_in_the_store_is_not_taken(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5)))
    send(w.claimant, found)
    with open(found.file.path, "wb") as stored:
        stored.write(book(line(w.hours, 500)))
    assert (post(found).status, Claim.objects.count()) == (UploadStatus.FAILED, 0)


def nil(w, commitment, quarter: date, **more) -> NilReturn:
    return NilReturn.objects.create(
        commitment=commitment, contract=w.contract, authority=w.authority, supplier=w.supplier,
        quarter=quarter, made_at=NOW, made_by_id=w.claimant.user_id, **more,
    )  # fmt: skip


def test_a_claim_takes_back_the_word_that_there_was_nothing(w) -> None:
    nil(w, w.hours, QUARTER), nil(w, w.hours, NEXT)
    sent(w.claimant, book(line(w.hours, 5)))
    assert [row.quarter for row in NilReturn.objects.all()] == [NEXT]


# --- undoing --------------------------------------------------------------------------------------


def test_undone_whole_with_reversing_entries(w) -> None:
    kept = claim(w.claimant, w.hours, quantity=Decimal(3))
    found = sent(w.claimant, book(line(w.hours, 5), line(w.share, 46, 50)))
    withdrawn = Claim.objects.filter(upload=found).first()
    services.withdraw_claim(actor=w.claimant, claim_id=withdrawn.pk, expected_version=1)
    assert undo(w.claimant, found).status == UploadStatus.UNDONE
    assert set(Claim.objects.filter(upload=found).values_list("status", flat=True)) == {"withdrawn"}
    kept.refresh_from_db()
    assert (kept.status, claimed()) == (ClaimStatus.SUBMITTED, Decimal(3))
    back = LedgerEntry.objects.filter(claim__upload=found, corrects__isnull=False)
    assert back.count() == 2
    assert all(row.reason for row in back)
    assert sums(basis=Basis.CLAIMED, by=("commitment_id",))  # still there to be read
    assert AuditRecord.objects.filter(deed="upload_undone").count() == 1


def test_undo_says_again_what_the_file_took_back_unless_something_else_is_claimed(w) -> None:
    before = nil(w, w.hours, QUARTER, reason="The site was closed.")
    nil(w, w.share, QUARTER)
    found = sent(
        w.claimant, book(line(w.hours, 5), line(w.hours, 6, quarter=NEXT), line(w.share, 46, 50))
    )
    assert not NilReturn.objects.exists()
    once = Claim.objects.get(commitment=w.share)
    services.withdraw_claim(actor=w.claimant, claim_id=once.pk, expected_version=1)
    claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    undo(w.claimant, found)
    (again,) = NilReturn.objects.all()
    told = (
        "commitment_id",
        "contract_id",
        "authority_id",
        "supplier_id",
        "quarter",
        "reason",
        "made_at",
        "made_by_id",
    )
    assert [getattr(again, name) for name in told] == [getattr(before, name) for name in told]


def test_undo_twice_undoes_once(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 5)))
    undo(w.claimant, found)
    reverse(found)
    with pytest.raises(Conflict):
        undo(w.claimant, found)
    assert (claimed(), LedgerEntry.objects.filter(corrects__isnull=False).count()) == (0, 1)


def test_not_undone_once_one_claim_is_decided_on(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 5), line(w.hours, 6)))
    one = Claim.objects.filter(upload=found).order_by("pk").first()
    services.mark_returned(
        actor=w.manager, claim_id=one.pk, expected_version=1, reason="Which library?"
    )
    found = undo(w.claimant, found)
    assert found.status == UploadStatus.POSTED
    assert found.problem.startswith("The authority has decided on 1 of these claims")
    assert Claim.objects.filter(upload=found, status=ClaimStatus.SUBMITTED).count() == 1
    assert claimed() == 6


# --- whose ----------------------------------------------------------------------------------------


def test_only_the_supplier_itself_sends_undoes_and_drops(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5)))
    other = world()
    for stranger in (other.claimant, w.manager):
        for deed in (uploads.send_upload, uploads.undo_upload, uploads.drop_upload):
            with pytest.raises(NotVisible):
                deed(actor=stranger, upload_id=found.pk, expected_version=found.version)
    for deed in (upload_jobs.check_upload, upload_jobs.post_upload, upload_jobs.reverse_upload):
        with pytest.raises(NotAllowed):
            deed(actor=w.claimant, upload_id=found.pk)
    with pytest.raises(NotAllowed):
        upload_jobs.restart_silent_uploads(actor=w.claimant)
    colleague = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    uploads.drop_upload(actor=colleague, upload_id=found.pk, expected_version=found.version)
    found.refresh_from_db()
    assert found.status == UploadStatus.DROPPED


def test_only_what_has_been_silent_too_long_is_started_again(
    w, django_capture_on_commit_callbacks
) -> None:
    upload = uploads.upload_claims(actor=w.claimant, name="a", content=book(line(w.hours, 5)))
    assert upload_jobs.restart_silent_uploads(actor=SYSTEM) == 0
    with clock.at(NOW + timedelta(minutes=3)):
        assert upload_jobs.restart_silent_uploads(actor=SYSTEM) == 1
        upload_jobs.check_upload(actor=SYSTEM, upload_id=upload.pk)
    with clock.at(NOW + timedelta(hours=3)):
        assert upload_jobs.restart_silent_uploads(actor=SYSTEM) == 0
