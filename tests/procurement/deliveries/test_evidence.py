"""Files: looked through, kept for as long as is told, served so that nothing can run."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from procurement.deliveries.models import Delegation, Evidence
from procurement.deliveries.queries import evidence_file
from procurement.deliveries.rules.keeping import retain_until
from procurement.deliveries.services import (
    add_evidence,
    add_evidence_by_link,
    clear_loose_evidence,
    remove_old_evidence,
)
from procurement.deliveries.vocabulary import DeliveryDeed, ScanResult
from socialvalue.accounts.models import User
from socialvalue.accounts.tasks import purge_expired
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import user_with_role
from tests.factories.deliveries import PDF, QUARTER, claim, evidence, world
from tests.socialvalue.core import hostile
from tests.socialvalue.core.clamd import VIRUS, clamd

pytestmark = pytest.mark.django_db


# --- what is kept of a file ----------------------------------------------------------------------


def test_what_is_stored_beside_a_file(w):
    row = add_evidence(
        actor=w.claimant,
        contract_id=w.contract.pk,
        name="site.jpg",
        content=hostile.with_gps(),
        commitment_id=w.hours.pk,
        quarter=QUARTER,
        has_consent=True,
    )
    row.refresh_from_db()
    assert (row.had_location, row.has_consent) == (True, True)
    assert (row.commitment_id, row.quarter) == (w.hours.pk, QUARTER)
    assert (row.scan, row.scanned_at) == (ScanResult.NOT_SCANNED, None)
    assert row.retain_until == retain_until(w.contract.ends_on, 6)
    with row.file.open("rb") as stored:
        assert b"EVIL-MARK" not in stored.read()


@pytest.mark.parametrize(
    ("ends_on", "years", "until"),
    [
        (date(2027, 3, 31), 6, date(2033, 3, 31)),
        (date(2028, 2, 29), 6, date(2034, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_how_long_it_is_kept(ends_on, years, until):
    assert retain_until(ends_on, years) == until


def test_it_is_meant_for_a_commitment_of_its_contract(w):
    other = world()
    with pytest.raises(NotVisible):
        add_evidence(
            actor=w.claimant,
            contract_id=w.contract.pk,
            name="a.pdf",
            content=PDF,
            commitment_id=other.hours.pk,
            quarter=QUARTER,
        )
    assert Evidence.objects.count() == 0


def test_it_is_scanned_as_it_was_sent(w, settings):
    with clamd() as server:
        settings.EVIDENCE_SCANNER = f"clamd://127.0.0.1:{server.port}"
        row = evidence(w.claimant, w.contract)
        assert server.heard == [PDF]
    assert (row.scan, row.scanned_by) == (
        ScanResult.CLEAN,
        "ClamAV 1.4.3/27800/Sat Nov 21 2026",
    )
    assert row.scanned_at == clock.now()


def test_nothing_of_a_file_with_a_virus_is_kept(w, settings, media_files):
    before = media_files()
    with clamd() as server:
        settings.EVIDENCE_SCANNER = f"clamd://127.0.0.1:{server.port}"
        with pytest.raises(RuleBroken, match="virus"):
            evidence(w.claimant, w.contract, content=PDF.replace(b"<<", b"<</A(" + VIRUS + b")"))
    assert Evidence.objects.count() == 0
    assert media_files() == before


def test_nothing_is_kept_when_the_scanner_is_away(w, settings, media_files):
    before = media_files()
    settings.EVIDENCE_SCANNER = "clamd://127.0.0.1:1"
    with pytest.raises(RuleBroken, match="cannot be checked for viruses just now"):
        evidence(w.claimant, w.contract)
    assert Evidence.objects.count() == 0
    assert media_files() == before


@pytest.fixture
def media_files():
    """The names in the store, below its evidence folder."""

    def listed(folder="evidence"):
        try:
            folders, files = default_storage.listdir(folder)
        except FileNotFoundError:
            return set()
        return {f"{folder}/{name}" for name in files}.union(
            *(listed(f"{folder}/{name}") for name in folders)
        )

    return listed


# --- by link --------------------------------------------------------------------------------------


@pytest.fixture
def link(w):
    return Delegation.objects.create(
        commitment=w.hours,
        contract=w.contract,
        supplier=w.supplier,
        email="depot@example.org",
        site="Walsall depot",
        token_hash="a" * 64,
        made_at=clock.now(),
        made_by_id=w.claimant.user_id,
        expires_at=clock.now() + timedelta(days=30),
    )


def by_link(link, **changes):
    given = {
        "delegation_id": link.pk,
        "quarter": QUARTER,
        "name": "a.pdf",
        "content": PDF,
    } | changes
    return add_evidence_by_link(**given)


def test_a_file_by_link_is_for_its_commitment(w, link):
    row = by_link(link, has_consent=True)
    assert (row.delegation_id, row.uploaded_by_id) == (link.pk, None)
    assert (row.contract_id, row.commitment_id, row.quarter) == (
        w.contract.pk,
        w.hours.pk,
        QUARTER,
    )
    said = AuditRecord.objects.get(deed=DeliveryDeed.EVIDENCE_ADDED)
    assert said.actor_name == "Walsall depot, by link"


def test_a_link_that_ended_brings_nothing(w, link):
    with clock.at(link.expires_at - timedelta(seconds=1)):
        by_link(link)
    with clock.at(link.expires_at), pytest.raises(Conflict):
        by_link(link)
    link.ended_at, link.ended_by_id = clock.now(), w.claimant.user_id
    link.save()
    with pytest.raises(Conflict):
        by_link(link)
    with pytest.raises(NotVisible):
        by_link(link, delegation_id=link.pk + 1)
    assert Evidence.objects.count() == 1


def test_what_came_for_a_quarter_waits_longer_than_what_came_for_nothing(w, link):
    kept, loose = by_link(link), evidence(w.claimant, w.contract)
    with clock.at(clock.now() + timedelta(days=30)):
        assert clear_loose_evidence(actor=SYSTEM) == 1
    assert not Evidence.objects.filter(pk=loose.pk).exists()
    with clock.at(clock.now() + timedelta(days=185)):
        assert clear_loose_evidence(actor=SYSTEM) == 1
    assert not Evidence.objects.filter(pk=kept.pk).exists()


# --- the end of its time --------------------------------------------------------------------------


def at_the_end(row):
    day = row.retain_until
    return clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def test_a_file_past_its_time_goes_and_its_row_stays(w, supplier):
    (row,) = claim(w.claimant, w.hours).evidence.all()
    with at_the_end(row):
        purge_expired()
    row.refresh_from_db()
    assert row.removed_at is not None
    assert (row.name, len(row.sha256)) == ("letter.pdf", 64)
    assert not default_storage.exists(row.file.name)
    said = AuditRecord.objects.get(deed=DeliveryDeed.EVIDENCE_EXPIRED)
    assert said.before == {"sha256": row.sha256, "size": row.size}
    with pytest.raises(NotVisible, match="its time was over"):
        evidence_file(w.claimant, row.pk)
    # Sign-ins of years ago went too.
    supplier.force_login(User.objects.get(pk=supplier.actor.user_id))
    page = supplier.get(reverse("procurement:deliveries:claim", args=[row.claim_id]))
    assert "when its time was over" in page.text
    assert reverse("procurement:deliveries:evidence", args=[row.pk]) not in page.text


def test_a_day_before_it_stays_and_twice_is_once(w):
    (row,) = claim(w.claimant, w.hours).evidence.all()
    with at_the_end(row):
        with clock.at(clock.now() - timedelta(days=1)):
            assert remove_old_evidence(actor=SYSTEM) == 0
        assert remove_old_evidence(actor=SYSTEM) == 1
        assert remove_old_evidence(actor=SYSTEM) == 0


def test_a_contract_that_was_extended_keeps_its_files_longer(w):
    (row,) = claim(w.claimant, w.hours).evidence.all()
    w.contract.ends_on = w.contract.ends_on.replace(year=w.contract.ends_on.year + 2)
    w.contract.save()
    with at_the_end(row):
        assert remove_old_evidence(actor=SYSTEM) == 0
    row.refresh_from_db()
    assert row.retain_until == retain_until(w.contract.ends_on, 6)
    assert default_storage.exists(row.file.name)


def test_files_from_before_times_were_kept_get_one(w):
    (row,) = claim(w.claimant, w.hours).evidence.all()
    Evidence.objects.update(retain_until=None)
    assert remove_old_evidence(actor=SYSTEM) == 0
    row.refresh_from_db()
    assert row.retain_until == retain_until(w.contract.ends_on, 6)


def test_a_person_removes_nothing(w):
    for actor in (w.claimant, w.manager):
        with pytest.raises(NotAllowed):
            remove_old_evidence(actor=actor)


# --- how it is served -----------------------------------------------------------------------------

ALLOWED = {
    "application/pdf",
    "image/jpeg",
    "image/png",
    "text/plain; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/octet-stream",
}


@pytest.mark.parametrize("which", [*hostile.CLEANED, "a name that lies"])
def test_nothing_is_served_with_a_type_that_runs(w, supplier, which):
    name, content, mark = hostile.CLEANED.get(which, ("page.html\u202e", hostile.photo(), b"<html"))
    row = evidence(w.claimant, w.contract, name, content)
    answer = supplier.get(reverse("procurement:deliveries:evidence", args=[row.pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"] in ALLOWED
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "html" not in answer["Content-Disposition"].rsplit(".", 1)[-1]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert answer["Cache-Control"] == "private, no-store"
    assert mark not in answer.content


def test_no_hostile_file_gets_a_row_or_a_place_in_the_store(w, media_files):
    before = media_files()
    for name, content, _ in hostile.REFUSED.values():
        with pytest.raises(RuleBroken):
            evidence(w.claimant, w.contract, name, content)
    assert Evidence.objects.count() == 0
    assert media_files() == before


def test_a_type_that_was_written_into_the_row_is_not_believed(w, supplier):
    row = evidence(w.claimant, w.contract)
    Evidence.objects.update(media_type="text/html")
    answer = supplier.get(reverse("procurement:deliveries:evidence", args=[row.pk]))
    assert answer["Content-Type"] == "application/octet-stream"


def test_others_get_nothing(client, w):
    (row,) = claim(w.claimant, w.hours).evidence.all()
    address = reverse("procurement:deliveries:evidence", args=[row.pk])
    stranger = user_with_role(Role.SUPPLIER_CONTRIBUTOR, world().supplier)
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    assert client.get(address).status_code == 200


def test_what_is_known_of_a_file_stands_beside_it(w, supplier):
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    made = claim(w.claimant, w.hours)
    file = evidence(w.claimant, w.contract, "wall.png", out.getvalue())
    Evidence.objects.filter(pk=file.pk).update(claim=made, had_location=True)
    text = supplier.get(reverse("procurement:deliveries:claim", args=[made.pk])).text
    assert "Not scanned for viruses." in text
    assert "The place it was taken at was removed." in text
    assert "Nothing is said of the people it may show." in text
    assert f"Fingerprint {file.sha256[:12]}" in text
