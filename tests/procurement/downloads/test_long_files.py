"""Lists too long to wait for: asked for on a button, written by a job, kept for the person who asked."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from procurement.deliveries.tasks import write_claims
from procurement.downloads import rules, services
from procurement.downloads.models import LongFile
from procurement.downloads.tasks import restart_silent_files
from procurement.downloads.vocabulary import DownloadDeed, FileStatus
from procurement.ledger.tasks import write_entries
from socialvalue.accounts.models import Membership
from socialvalue.accounts.tasks import purge_expired
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.counts import SESSION_KEY
from socialvalue.core.errors import NotAllowed
from socialvalue.core.sheets import to_xlsx
from socialvalue.core.tables import Column, Table
from socialvalue.settings.privacy import DAYS_KEPT
from tests.factories.accounts import actor_of, user_with_role
from tests.factories.deliveries import claim, world

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 8, 15, 9, tzinfo=UTC)
KEPT_FOR = timedelta(days=DAYS_KEPT["long_files"])
CLAIMS = reverse("procurement:deliveries:claims")
MAKE_CLAIMS = reverse("procurement:deliveries:make_claims")
EXCEL = reverse("procurement:deliveries:claims_export", args=["xlsx"])
CSV = reverse("procurement:deliveries:claims_export", args=["csv"])
MAKE_ENTRIES = reverse("procurement:ledger:make")
BUTTON = "Make the Excel file"


@pytest.fixture(autouse=True)
def _in_august():
    with clock.at(NOW):
        yield


@pytest.fixture
def short(monkeypatch):
    """Three rows are long already."""
    monkeypatch.setattr(rules, "AT_ONCE_ROWS", 2)


@pytest.fixture
def w():
    found = world()
    for quantity in (1, 2, 3):
        claim(found.claimant, found.hours, quantity=Decimal(quantity))
    return found


@pytest.fixture
def supplier(client, w):
    user = user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    client.force_login(user)
    client.actor = actor_of(user)
    return client


def asked(client, url: str = MAKE_CLAIMS, query: str = "") -> LongFile:
    answer = client.post(url, {"asked": query})
    found = LongFile.objects.order_by("pk").last()
    assert found is not None
    assert answer["Location"] == reverse("procurement:downloads:file", args=[found.pk])
    return found


def page(client, file: LongFile) -> str:
    return client.get(reverse("procurement:downloads:file", args=[file.pk])).content.decode()


def kept(client, file: LongFile):
    return client.get(reverse("procurement:downloads:kept", args=[file.pk]))


def sheet(content: bytes) -> list[list[object]]:
    """The rows of the first sheet, without the count printed below."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return rows[: rows.index(next(row for row in rows if not any(row)))]


@pytest.mark.parametrize(("rows", "is_long"), [(9_999, False), (10_000, False), (10_001, True)])
def test_how_long_is_too_long_to_wait_for(rows, is_long):
    assert rules.is_long(rows) is is_long


def test_a_short_list_is_written_at_once(supplier):
    assert BUTTON not in supplier.get(CLAIMS).content.decode()
    assert len(sheet(supplier.get(EXCEL).content)) == 1 + 3


@pytest.mark.usefixtures("short")
def test_a_long_list_has_a_button_in_place_of_the_link_and_its_csv_as_before(supplier):
    shown = supplier.get(f"{CLAIMS}?q=hours").content.decode()
    assert BUTTON not in shown, "narrowed to nothing there is nothing to make"
    shown = supplier.get(f"{CLAIMS}?sort=value").content.decode()
    assert BUTTON in shown
    assert 'name="asked" value="sort=value"' in shown
    assert EXCEL not in shown
    assert CSV in shown
    assert supplier.get(CSV).status_code == 200
    answer = supplier.get(EXCEL, headers={"referer": f"http://testserver{CLAIMS}"}, follow=True)
    assert "too long for an Excel file at once" in answer.content.decode()
    assert LongFile.objects.count() == 0, "looking writes nothing"


@pytest.mark.usefixtures("short")
def test_the_file_of_the_job_is_the_file_of_the_list(supplier, w, monkeypatch):
    file = asked(supplier, query="sort=-value&status=submitted")
    assert "You can leave this page and come back" in page(supplier, file)
    assert kept(supplier, file).status_code == 404
    write_claims(file.pk)
    file.refresh_from_db()
    assert (file.status, file.rows, file.done) == (FileStatus.READY, 3, 3)
    answer = kept(supplier, file)
    assert answer["Content-Disposition"] == 'attachment; filename="claims-2025-08-15.xlsx"'
    monkeypatch.setattr(rules, "AT_ONCE_ROWS", 10)
    assert answer.content == supplier.get(f"{EXCEL}?sort=-value&status=submitted").content
    shown = page(supplier, file)
    assert "3 rows" in shown
    assert "kept until 22 August 2025" in shown
    assert "claims-2025-08-15.xlsx" in supplier.get(reverse("procurement:downloads:files")).text


@pytest.mark.usefixtures("short")
def test_entries_of_the_ledger_in_the_same_way_and_counts_only_stays_counts_only(supplier):
    session = supplier.session
    session[SESSION_KEY] = True
    session.save()
    file = asked(supplier, MAKE_ENTRIES, "basis=claimed")
    write_entries(file.pk)
    headings, *rows = sheet(kept(supplier, file).content)
    assert len(rows) == 3
    assert "Value (£)" not in headings
    assert "Counts only" in page(supplier, file)


def test_a_list_that_cannot_be_read_is_not_asked_for(supplier):
    assert supplier.post(MAKE_ENTRIES, {"asked": "basis=guessed"}).status_code == 404
    assert LongFile.objects.count() == 0


def test_pressed_twice_it_is_one_file_and_written_twice_too(supplier):
    file = asked(supplier)
    assert asked(supplier) == file
    write_claims(file.pk)
    first = kept(supplier, file).content
    write_claims(file.pk)
    assert kept(supplier, file).content == first
    assert asked(supplier) != file, "a file that is ready is not the one asked for now"
    assert AuditRecord.objects.filter(deed=DownloadDeed.FILE_ASKED).count() == 2


def test_a_file_shows_only_what_the_person_sees_and_only_to_them(client, w):
    other = world()
    claim(other.claimant, other.hours)
    mine = user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    client.force_login(mine)
    file = asked(client)
    write_claims(file.pk)
    assert len(sheet(kept(client, file).content)) == 1 + 3
    for stranger in (
        user_with_role(Role.SUPPLIER_CONTRIBUTOR, other.supplier),
        user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier),
        user_with_role(Role.CONTRACT_MANAGER, w.authority),
    ):
        client.force_login(stranger)
        assert kept(client, file).status_code == 404
        assert client.get(reverse("procurement:downloads:file", args=[file.pk])).status_code == 404
        assert not client.get(reverse("procurement:downloads:files")).context["rows"]


def test_who_has_left_meanwhile_gets_nothing(supplier):
    file = asked(supplier)
    Membership.objects.filter(user_id=file.asked_by_id).update(ended_at=NOW)
    write_claims(file.pk)
    file.refresh_from_db()
    assert (file.status, file.problem) == (FileStatus.FAILED, services.NO_SEAT)
    assert not file.file


def test_five_wait_at_most(supplier):
    for number in range(rules.MOST_WAITING):
        asked(supplier, query=f"q={number}")
    supplier.post(MAKE_CLAIMS, {"asked": "q=more"}, headers={"referer": CLAIMS})
    assert LongFile.objects.count() == rules.MOST_WAITING


def test_what_fails_says_so_on_its_page(supplier):
    file = asked(supplier)

    def broken(actor, asked):
        raise ZeroDivisionError

    services.write_file(actor=SYSTEM, file_id=file.pk, table_of=broken)
    assert services.BROKEN in page(supplier, file)


# --- killed, lost, old ----------------------------------------------------------------------------


def test_only_what_fell_silent_is_started_again(supplier, django_capture_on_commit_callbacks):
    file = asked(supplier)
    with clock.at(NOW + rules.SILENT_FOR):
        restart_silent_files()
        assert services.restart_silent_files(actor=SYSTEM) == 0
    late = NOW + rules.SILENT_FOR + timedelta(seconds=1)
    with clock.at(late):
        assert services.restart_silent_files(actor=SYSTEM) == 1
    LongFile.objects.update(status=FileStatus.WRITING, started_at=late)
    with clock.at(late + rules.SILENT_FOR):
        write_claims(file.pk)
        file.refresh_from_db()
        assert file.status == FileStatus.WRITING, "another worker is at it"
    with clock.at(late + rules.SILENT_FOR + timedelta(seconds=1)):
        assert services.restart_silent_files(actor=SYSTEM) == 1
        write_claims(file.pk)
    file.refresh_from_db()
    assert file.status == FileStatus.READY


def test_what_kills_every_worker_is_given_up(supplier):
    file = asked(supplier)
    with clock.at(NOW + rules.GIVEN_UP_AFTER + timedelta(seconds=1)):
        assert services.restart_silent_files(actor=SYSTEM) == 0
        assert services.CUT_OFF in page(supplier, file)


def test_a_worker_that_was_overtaken_leaves_no_file_behind(supplier, w):
    file = asked(supplier)
    before = (
        set(default_storage.listdir("uploads")[0]) if default_storage.exists("uploads") else set()
    )

    def overtaken(actor, asked):
        LongFile.objects.update(status=FileStatus.FAILED, finished_at=NOW)
        return Table("Claims", [Column("Claim")], [("1",)])

    services.write_file(actor=SYSTEM, file_id=file.pk, table_of=overtaken)
    file.refresh_from_db()
    assert (file.status, file.file.name) == (FileStatus.FAILED, "")
    left = [
        name
        for folder in set(default_storage.listdir("uploads")[0]) - before
        for name in default_storage.listdir(f"uploads/{folder}")[1]
    ]
    assert left == []


def test_a_week_later_it_is_gone(supplier):
    file = asked(supplier)
    write_claims(file.pk)
    file.refresh_from_db()
    with clock.at(NOW + KEPT_FOR):
        purge_expired()
        assert kept(supplier, file).status_code == 200
    with clock.at(NOW + KEPT_FOR + timedelta(seconds=1)):
        assert services.remove_old_files(actor=SYSTEM) == 1
    assert not default_storage.exists(file.file.name)
    assert LongFile.objects.count() == 0


def test_a_file_the_store_has_lost_says_what_to_do(supplier):
    file = asked(supplier)
    write_claims(file.pk)
    file.refresh_from_db()
    default_storage.delete(file.file.name)
    answer = kept(supplier, file)
    assert answer.status_code == 404


def test_people_do_not_do_the_work_of_the_clock(w):
    for deed in (services.restart_silent_files, services.remove_old_files):
        with pytest.raises(NotAllowed):
            deed(actor=w.claimant)
    with pytest.raises(NotAllowed):
        services.write_file(actor=w.claimant, file_id=1, table_of=lambda actor, asked: None)


def test_the_database_holds_one_of_a_kind_and_the_day_it_was_done(supplier):
    file = asked(supplier)
    with pytest.raises(IntegrityError, match="finished_when_dated"), transaction.atomic():
        LongFile.objects.filter(pk=file.pk).update(status=FileStatus.READY)
    file.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        file.save(force_insert=True)


def test_the_writer_says_how_far_it_is():
    told: list[int] = []
    table = Table("Many", [Column("Number", "number")], [(number,) for number in range(4_500)])
    assert to_xlsx(table, tell=told.append) == to_xlsx(table)
    assert told == [2_000, 4_000]
