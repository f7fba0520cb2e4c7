"""Tenders, reminders, notices, reports and stories: both sides of every edge."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.storage import default_storage

from procurement.deliveries import services as deliveries
from procurement.deliveries.models import (
    Evidence,
)
from procurement.procurements.models import NoticeImport
from procurement.procurements.services import apply_notices
from procurement.procurements.vocabulary import ImportStatus
from procurement.reminders.models import CalendarFeed, Digest, Reminder
from procurement.tenders.models import TenderEmailInvitation
from reporting.cabinet.models import SectionDraft
from reporting.showcase.models import Story
from reporting.showcase.services import publish_story, withdraw_story
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from tests.factories.accounts import (
    AuthorityFactory,
    SupplierFactory,
    actor_for_role,
)
from tests.factories.cabinet import draft, reported
from tests.factories.showcase import approver_of, author_of, drafted, sent, with_photo
from tests.factories.tenders import started
from tests.socialvalue.accounts.test_purging.expiring import EDGE, NOW, ago, gone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
@pytest.mark.parametrize("is_used", [False, True])
def test_addresses_invited_to_tenders(edge, is_used):
    world = started(suppliers=0)
    used = {"accepted_at": NOW - timedelta(days=2999), "supplier": SupplierFactory()}
    row = TenderEmailInvitation.objects.create(
        tender=world.tender,
        email="bids@example.org",
        nonce="n",
        invited_at=NOW - timedelta(days=3000),
        invited_by_id=world.officer.user_id,
        expires_at=ago("tender_addresses") + edge,
        **(used if is_used else {}),
    )
    assert gone("tender_addresses") == int(edge < timedelta(0))
    row.refresh_from_db()
    assert row.email.endswith("@removed.invalid") is (edge < timedelta(0))


@pytest.mark.parametrize("edge", [-timedelta(days=1), timedelta(0)])
def test_reminders_and_weekly_letters(w, edge):
    at = ago("reminders") + edge - EDGE
    common = {"recipient_id": w.claimant.user_id, "organisation": w.supplier, "claimed_at": at}
    Reminder.objects.create(
        **common, event="milestone", subject="milestone:1", due_on=clock.day_of(at), days=-7,
        sentence="A milestone is near.",
    )  # fmt: skip
    Digest.objects.create(**common, week=clock.day_of(at), lines=1)
    goes = edge < timedelta(0)
    assert gone("reminders") == (2 if goes else 1)
    assert Reminder.objects.exists() is not goes
    assert not Digest.objects.exists()


@pytest.mark.parametrize(("edge", "goes"), [(-EDGE, True), (EDGE, False), (None, False)])
def test_calendar_addresses(w, edge, goes):
    CalendarFeed.objects.create(
        user_id=w.claimant.user_id,
        organisation=w.supplier,
        token_hash="c" * 64,
        made_at=NOW - timedelta(days=3000),
        revoked_at=None if edge is None else ago("calendars") + edge,
    )
    assert gone("calendars") == int(goes)


def notices(at: datetime) -> NoticeImport:
    world_officer = actor_for_role(Role.PROCUREMENT_OFFICER)
    row = NoticeImport.objects.create(
        authority_id=world_officer.organisation_id,
        file_name="notices.json",
        file_hash="f" * 64,
        content='{"contactPoint": {"name": "Jo Smith"}}',
        status=ImportStatus.PREVIEWED,
        uploaded_at=at,
        uploaded_by_id=world_officer.user_id,
    )
    row.officer = world_officer
    return row


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
def test_files_of_notices(edge):
    row = notices(ago("notice_files") + edge)
    officer = row.officer
    goes = edge < timedelta(0)
    assert gone("notice_files") == int(goes)
    row.refresh_from_db()
    assert (row.content == "") is goes
    assert row.file_hash == "f" * 64
    if goes:
        with pytest.raises(RuleBroken, match="kept no longer"):
            apply_notices(actor=officer, import_id=row.pk)


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
def test_texts_of_reports_that_were_not_saved(edge):
    found = reported()
    report = draft(found.author)
    section = report.sections.first()
    SectionDraft.objects.create(
        section=section,
        user_id=found.author.user_id,
        narrative="typed",
        based_on=1,
        kept_at=ago("kept_texts") + edge,
    )
    assert gone("kept_texts") == int(edge < timedelta(0))


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
def test_photos_of_withdrawn_stories(edge, django_capture_on_commit_callbacks):
    authority = AuthorityFactory()
    author, approver = author_of(authority), approver_of(authority)
    story = sent(author, with_photo(author, drafted(author)))
    story = publish_story(actor=approver, story_id=story.pk, expected_version=story.version)
    name = story.photo.name
    assert gone("story_photos") == 0
    story = withdraw_story(
        actor=approver, story_id=story.pk, expected_version=story.version, reason="Asked to"
    )
    Story.objects.filter(pk=story.pk).update(withdrawn_at=ago("story_photos") + edge)
    goes = edge < timedelta(0)
    with django_capture_on_commit_callbacks(execute=True):
        assert gone("story_photos") == int(goes)
    assert default_storage.exists(name) is not goes
    story.refresh_from_db()
    assert bool(story.photo) is not goes
    assert story.title


def test_evidence_is_gone_through_too(w):
    """Its own tests are beside it; here only that the command reaches it."""
    deliveries.add_evidence(
        actor=w.claimant, contract_id=w.contract.pk, name="a.pdf", content=b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    )  # fmt: skip
    Evidence.objects.update(uploaded_at=NOW - timedelta(days=8))
    assert gone("loose_evidence") == 1
