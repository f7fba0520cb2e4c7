"""The workbook round trip in the browser: download, fill in, upload, look, send, take back."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from procurement.deliveries.models import Claim, ClaimUpload
from procurement.deliveries.rules.uploads import CLAIMS, KEY, QUANTITY, WHOLE, key_of
from procurement.deliveries.services import upload_jobs
from procurement.deliveries.vocabulary import UploadStatus
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from socialvalue.core.counts import SESSION_KEY
from socialvalue.core.workbooks import sheets_of
from tests.factories.accounts import user_with_role
from tests.factories.deliveries import QUARTER, claim, world
from tests.factories.uploads import book, line, sent, uploaded

pytestmark = pytest.mark.django_db
URL = "procurement:deliveries:"


def upload(client, content: bytes, name: str = "claims.xlsx") -> ClaimUpload:
    answer = client.post(
        reverse(f"{URL}uploads"), {"file": SimpleUploadedFile(name, content)}
    )  # fmt: skip
    assert answer.status_code == 302, answer.content
    found = ClaimUpload.objects.order_by("pk").last()
    assert answer["Location"] == reverse(f"{URL}upload", args=[found.pk])
    return found


def press(client, deed: str, found: ClaimUpload):
    found.refresh_from_db()
    return client.post(reverse(f"{URL}upload_{deed}", args=[found.pk]), {"version": found.version})


def page(client, found: ClaimUpload) -> str:
    answer = client.get(reverse(f"{URL}upload", args=[found.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_uploading_what_was_downloaded_claims_nothing(supplier, w) -> None:
    for form in ("xlsx", "csv"):
        content = supplier.get(reverse(f"{URL}claims_book", args=[form])).content
        found = upload(supplier, content, f"claims.{form}")
        upload_jobs.check_upload(actor=SYSTEM, upload_id=found.pk)
        assert "every box is empty" in page(supplier, found)
    assert Claim.objects.count() == 0


def test_the_workbook_has_a_row_a_promise_and_quarter_that_has_begun(supplier, w) -> None:
    claim(w.claimant, w.hours)
    claim(w.claimant, w.yes, quantity=Decimal(1))
    content = supplier.get(
        reverse(f"{URL}contract_claims_book", args=[w.contract.pk, "xlsx"])
    ).content
    sheet = sheets_of(content, otherwise="").sheet(CLAIMS)
    rows = [dict(zip(sheet.rows[0], row, strict=True)) for row in sheet.rows[1:]]
    keys = [
        key_of(pk, day)
        for pk in (w.hours.pk, w.share.pk, w.yes.pk)
        for day in (QUARTER, date(2025, 7, 1))
    ]
    assert [row[KEY] for row in rows] == keys
    assert (rows[0]["Promised in the quarter"], rows[0]["Claimed so far"]) == (
        "25 hours",
        "10 hours",
    )
    assert rows[2]["What is counted"] == "Part, out of: Whole"
    assert {row[QUANTITY] for row in rows} == {""}


@pytest.mark.owner
def test_a_csv_that_is_filled_in_comes_back_as_claims(supplier, w) -> None:
    content = supplier.get(reverse(f"{URL}claims_book", args=["csv"])).content
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    at = {heading: number for number, heading in enumerate(lines[0])}
    lines[1][at[QUANTITY]] = "£1,200.5"
    lines[3][at[QUANTITY]], lines[3][at[WHOLE]] = "46", "50"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    found = upload(supplier, out.getvalue().encode("cp1252"), "claims.csv")
    upload_jobs.check_upload(actor=SYSTEM, upload_id=found.pk)
    said = page(supplier, found)
    assert "What would be claimed: 2 claims" in said
    assert "1,200.5 hours" in said
    assert press(supplier, "send", found).status_code == 302
    assert "The claims are being sent" in page(supplier, found)
    upload_jobs.post_upload(actor=SYSTEM, upload_id=found.pk)
    assert "What was claimed: 2 claims" in page(supplier, found)
    assert press(supplier, "undo", found).status_code == 302
    upload_jobs.reverse_upload(actor=SYSTEM, upload_id=found.pk)
    assert "Nothing of it counts" in page(supplier, found)
    assert set(Claim.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_while_it_is_checked_the_page_refreshes_itself_with_and_without_scripts(
    supplier, w
) -> None:
    said = page(supplier, upload(supplier, book(line(w.hours, 5))))
    assert 'http-equiv="refresh"' in said
    assert "data-refresh-url" in said
    assert "You can leave this page" in said


def test_faults_are_listed_and_the_marked_copy_is_there(supplier, w) -> None:
    found = upload(supplier, book(line(w.hours, "ten")), "mine <b>.xlsx")
    upload_jobs.check_upload(actor=SYSTEM, upload_id=found.pk)
    said = page(supplier, found)
    assert "1 cell to mend" in said
    assert "This must be a number, like 12 or 12.5." in said
    answer = supplier.get(reverse(f"{URL}upload_marked", args=[found.pk]))
    assert answer["Content-Disposition"].endswith('-to-mend.xlsx"')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert press(supplier, "drop", found).status_code == 302
    found.refresh_from_db()
    assert found.status == UploadStatus.DROPPED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 x", b"PK\x03\x04nothing"])
def test_what_is_no_spreadsheet_is_said_at_the_box(supplier, w, content) -> None:
    answer = supplier.post(
        reverse(f"{URL}uploads"), {"file": SimpleUploadedFile("a.xlsx", content)}
    )
    assert answer.status_code == 422
    assert "id_file-error" in answer.content.decode()


@pytest.mark.owner
def test_repeats_of_what_stands_are_told_before_sending(supplier, w) -> None:
    sent(w.claimant, book(line(w.hours, 5, words="Library")))
    found = upload(
        supplier, book(line(w.hours, 5, words="Library"), line(w.hours, 5, words="School"))
    )
    upload_jobs.check_upload(actor=SYSTEM, upload_id=found.pk)
    assert "1 row says exactly what a claim of yours says already" in page(supplier, found)


def test_nobody_else_sees_a_file_or_touches_it(client, w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5)))
    names = ("upload", "upload_file", "upload_marked")
    client.force_login(user_with_role(Role.SUPPLIER_CONTRIBUTOR, world().supplier))
    for name in names:
        assert client.get(reverse(f"{URL}{name}", args=[found.pk])).status_code == 404
    for deed in ("send", "undo", "drop"):
        assert press(client, deed, found).status_code == 404
    for name in ("contract_uploads", "contract_claims_book"):
        more = ["csv"] if name == "contract_claims_book" else []
        assert client.get(reverse(f"{URL}{name}", args=[w.contract.pk, *more])).status_code == 404
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    assert client.get(reverse(f"{URL}uploads")).status_code == 403
    assert client.get(reverse(f"{URL}upload", args=[found.pk])).status_code == 403
    found.refresh_from_db()
    assert found.status == UploadStatus.READY


@pytest.mark.owner
def test_pressed_twice_from_the_same_page_it_goes_once(supplier, w) -> None:
    found = upload(supplier, book(line(w.hours, 5)))
    upload_jobs.check_upload(actor=SYSTEM, upload_id=found.pk)
    found.refresh_from_db()
    address, version = reverse(f"{URL}upload_send", args=[found.pk]), {"version": found.version}
    assert supplier.post(address, version).status_code == 302
    supplier.post(address, version)
    upload_jobs.post_upload(actor=SYSTEM, upload_id=found.pk)
    assert Claim.objects.count() == 1


def test_counts_only_shows_no_pounds_of_social_value(supplier, w) -> None:
    found = upload(supplier, book(line(w.hours, 5)))
    upload_jobs.check_upload(actor=SYSTEM, upload_id=found.pk)
    assert "£62.50" in page(supplier, found)
    session = supplier.session
    session[SESSION_KEY] = True
    session.save()
    said = page(supplier, found)
    assert "5 hours" in said
    assert "£" not in said
