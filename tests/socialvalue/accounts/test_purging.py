"""What has had its time goes, what has not stays: both sides of every edge, in every room."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from procurement.deliveries import services as deliveries
from procurement.deliveries.models import (
    ClaimDraft,
    ClaimUpload,
    Confirmation,
    Contribution,
    Delegation,
    Evidence,
)
from procurement.deliveries.queries.confirming import confirmations_of
from procurement.deliveries.queries.delegations import passing_on
from procurement.deliveries.vocabulary import ConfirmationAnswer, UploadStatus
from procurement.procurements.models import NoticeImport
from procurement.procurements.services import apply_notices
from procurement.procurements.vocabulary import ImportStatus
from procurement.reminders.models import CalendarFeed, Digest, Reminder
from procurement.tenders.models import TenderEmailInvitation
from reporting.cabinet.models import SectionDraft
from reporting.showcase.models import Story
from reporting.showcase.services import publish_story, withdraw_story
from socialvalue.accounts.models import Invitation, PurgeRun, User
from socialvalue.accounts.services.expiring import count_expired, purge_daily, purge_expired
from socialvalue.accounts.vocabulary import PrivacyDeed, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, RuleBroken
from socialvalue.core.purging import Purge
from tests.factories.accounts import (
    AuthorityFactory,
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    actor_for_role,
    user_with_role,
)
from tests.factories.cabinet import draft, reported
from tests.factories.deliveries import QUARTER, claim, world
from tests.factories.showcase import approver_of, author_of, drafted, sent, with_photo
from tests.factories.tenders import started

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EDGE = timedelta(seconds=1)


def ago(kind: str) -> datetime:
    """The moment at which something of this kind has just had its time."""
    return NOW - timedelta(days=settings.RETENTION[kind])


def gone(kind: str) -> int:
    """What a purge removes of one kind, after the rehearsal said the same and removed nothing."""
    with clock.at(NOW):
        (said,) = [row.count for row in count_expired(actor=SYSTEM) if row.kind == kind]
        (again,) = [row.count for row in count_expired(actor=SYSTEM) if row.kind == kind]
        assert said == again, "The rehearsal removed something."
        rows = purge_expired(actor=SYSTEM)
    assert not [row.kind for row in rows if row.failed]
    (removed,) = [row.count for row in rows if row.kind == kind]
    assert removed == said
    return removed


# --- the whole --------------------------------------------------------------------------------------


def test_nothing_to_remove_leaves_no_deed():
    purge_expired(actor=SYSTEM)
    run = PurgeRun.objects.get()
    assert (run.removed, run.failed) == ({}, [])
    assert run.ended_at is not None
    assert not AuditRecord.objects.filter(deed=PrivacyDeed.EXPIRED).exists()


def test_a_person_removes_nothing():
    actor = actor_for_role(Role.ORGANISATION_ADMIN)
    for service in (purge_expired, count_expired, purge_daily):
        with pytest.raises(NotAllowed):
            service(actor=actor)


@pytest.fixture
def two_purges(monkeypatch):
    """One that breaks off before one that works."""

    def broken(*, actor):
        raise OSError("the store is away")

    rows = (
        Purge("claim_drafts", "drafts", lambda: 1, broken),
        Purge("reminders", "reminders", lambda: 2, lambda *, actor: 2),
    )
    monkeypatch.setattr("procurement.tenders.services.expiring.PURGES", rows)
    monkeypatch.setattr(
        "django.conf.settings.PURGES", ("procurement.tenders.services.expiring.PURGES",)
    )


def test_one_that_breaks_off_holds_up_no_other(two_purges, caplog):
    rows = purge_expired(actor=SYSTEM)
    assert [(row.kind, row.count, row.failed) for row in rows] == [
        ("claim_drafts", 0, True),
        ("reminders", 2, False),
    ]
    run = PurgeRun.objects.get()
    assert (run.removed, run.failed) == ({"reminders": 2}, ["claim_drafts"])
    (deed,) = AuditRecord.objects.filter(deed=PrivacyDeed.EXPIRED)
    assert deed.sentence == "Removed at the end of their time: 2 reminders."
    assert (deed.target_type, deed.target_id) == ("purgerun", run.pk)
    assert "claim_drafts" in caplog.text


def test_the_clock_goes_through_it_once_a_day_and_again_after_a_fault(two_purges, monkeypatch):
    with clock.at(NOW):
        purge_daily(actor=SYSTEM)
        purge_daily(actor=SYSTEM)
    assert PurgeRun.objects.count() == 2
    monkeypatch.setattr("procurement.tenders.services.expiring.PURGES", ())
    for hours in (0, 1, 2, 14, 15, 16):  # the last in London's next day
        with clock.at(NOW + timedelta(hours=hours)):
            purge_daily(actor=SYSTEM)
    assert PurgeRun.objects.count() == 4


def test_the_command_says_what_went(two_purges):
    out = StringIO()
    call_command("purge_expired", "--dry-run", stdout=out)
    assert out.getvalue() == "1  drafts\n2  reminders\n3  would be removed. Nothing was.\n"
    assert not PurgeRun.objects.exists()
    out = StringIO()
    with pytest.raises(CommandError, match="Could not be removed: claim_drafts") as error:
        call_command("purge_expired", "--json", stdout=out)
    assert error.value.returncode == 1
    assert json.loads(out.getvalue()) == {
        "dry_run": False,
        "kinds": [
            {"kind": "claim_drafts", "what": "drafts", "count": 0},
            {"kind": "reminders", "what": "reminders", "count": 2},
        ],
        "total": 2,
        "failed": ["claim_drafts"],
    }


# --- people and sign-ins ----------------------------------------------------------------------------


def test_sessions_that_are_over():
    for ends in (NOW - EDGE, NOW + EDGE):
        session = SessionStore()
        session["held_form"] = "kept"
        session.save()
        Session.objects.filter(pk=session.session_key).update(expire_date=ends)
    assert gone("sessions") == 1
    assert Session.objects.get().expire_date == NOW + EDGE


def test_a_device_goes_with_its_session(client):
    user = user_with_role(Role.PROCUREMENT_OFFICER)
    client.force_login(user)
    UserSession.objects.create(
        user=user, session_key=client.session.session_key, ip="192.0.2.1", user_agent="A browser"
    )
    Session.objects.update(expire_date=NOW + EDGE)
    assert gone("sessions") == 0
    Session.objects.update(expire_date=NOW - EDGE)
    assert gone("sessions") == 2
    assert not UserSession.objects.exists()


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
@pytest.mark.parametrize("what", ["accepted_at", "revoked_at", "expires_at"])
def test_invitations_that_are_over(what, edge):
    at = ago("account_invitations") + edge
    row = Invitation.objects.create(
        organisation=SupplierFactory(),
        email="somebody@example.org",
        roles=[Role.SUPPLIER_ADMIN],
        token_digest="d" * 64,
        invited_at=at - timedelta(days=9),
        expires_at=at - timedelta(days=1),
    )
    values = {what: at}
    if what == "accepted_at":
        values["accepted_by"] = UserFactory()
    if what == "revoked_at":
        values["revoked_by"] = UserFactory()
    Invitation.objects.filter(pk=row.pk).update(**values)
    assert gone("account_invitations") == (1 if edge < timedelta(0) else 0)


@pytest.mark.parametrize(
    ("joined", "signed_in", "left", "stays"),
    [
        (-EDGE, -EDGE, -EDGE, False),
        (-EDGE, None, None, False),
        (EDGE, None, None, True),
        (-EDGE, EDGE, -EDGE, True),
        (-EDGE, -EDGE, EDGE, True),
    ],
)
def test_accounts_of_people_who_belong_nowhere(joined, signed_in, left, stays):
    edge = ago("idle_accounts")
    user = UserFactory(full_name="Alex Winter")
    User.objects.filter(pk=user.pk).update(
        date_joined=edge + joined, last_login=None if signed_in is None else edge + signed_in
    )
    if left is not None:
        MembershipFactory(user=user, granted_at=edge - timedelta(days=9), ended_at=edge + left)
    assert gone("idle_accounts") == (0 if stays else 1)
    user.refresh_from_db()
    assert (user.full_name == "Alex Winter") is stays
    assert user.is_active is stays


def test_somebody_who_belongs_or_runs_the_platform_is_never_idle():
    old = ago("idle_accounts") - timedelta(days=999)
    member, operator = user_with_role(Role.AUDITOR), UserFactory()
    User.objects.filter(pk__in=(member.pk, operator.pk)).update(date_joined=old)
    User.objects.filter(pk=operator.pk).update(is_staff=True)
    assert gone("idle_accounts") == 0


def test_letters_in_files_only_where_letters_are_written_to_files(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    for name, at in (
        ("old.log", ago("letter_files") - EDGE),
        ("new.log", ago("letter_files") + EDGE),
    ):
        (tmp_path / name).write_text("To: somebody@example.org")
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    (tmp_path / "kept.txt").write_text("")
    os.utime(tmp_path / "kept.txt", (0, 0))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert gone("letter_files") == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert gone("letter_files") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.txt", "new.log"]


# --- deliveries -------------------------------------------------------------------------------------


@pytest.fixture
def w():
    with clock.at(datetime(2025, 8, 15, 9, tzinfo=UTC)):
        return world()


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
def test_drafts_of_claims(w, edge):
    ClaimDraft.objects.create(
        commitment=w.hours,
        contract=w.contract,
        supplier=w.supplier,
        quarter=QUARTER,
        narrative="Jo Smith came",
        saved_at=ago("claim_drafts") + edge,
        saved_by_id=w.claimant.user_id,
    )
    assert gone("claim_drafts") == (1 if edge < timedelta(0) else 0)


def upload(w, status: str, at: datetime) -> ClaimUpload:
    row = ClaimUpload(
        supplier=w.supplier,
        name="claims.xlsx",
        sha256=os.urandom(32).hex(),
        size=3,
        status=status,
        uploaded_at=at,
        uploaded_by_id=w.claimant.user_id,
        preview={"contracts": []},
    )
    if status in (UploadStatus.POSTED, UploadStatus.POSTING, UploadStatus.UNDOING):
        row.sent_at, row.sent_by_id = at, w.claimant.user_id
    row.file.save("claims.xlsx", ContentFile(b"abc"), save=False)
    row.answer.save("claims.xlsx", ContentFile(b"def"), save=True)
    return row


@pytest.mark.parametrize(
    ("status", "edge", "goes"),
    [
        (UploadStatus.POSTED, -EDGE, True),
        (UploadStatus.POSTED, EDGE, False),
        (UploadStatus.FAULTY, -EDGE, True),
        (UploadStatus.POSTING, -EDGE, False),
        (UploadStatus.CHECKING, -EDGE, False),
        (UploadStatus.UNDOING, -EDGE, False),
    ],
)
def test_spreadsheets_of_claims(w, status, edge, goes, django_capture_on_commit_callbacks):
    row = upload(w, status, ago("claim_files") + edge)
    files = [row.file.name, row.answer.name]
    with django_capture_on_commit_callbacks(execute=True):
        assert gone("claim_files") == int(goes)
    assert [default_storage.exists(name) for name in files] == [not goes] * 2
    row.refresh_from_db()
    assert (row.name, row.size, row.preview) == ("claims.xlsx", 3, {"contracts": []})
    assert bool(row.file) is not goes


def link(w, **values) -> Delegation:
    at = values.pop("made_at", NOW - timedelta(days=999))
    return Delegation.objects.create(
        **{
            "commitment": w.hours,
            "contract": w.contract,
            "supplier": w.supplier,
            "email": "depot@example.org",
            "site": "Walsall depot",
            "token_hash": os.urandom(32).hex(),
            "made_at": at,
            "made_by_id": w.claimant.user_id,
            "expires_at": NOW + timedelta(days=9),
        }
        | values
    )


@pytest.mark.parametrize(
    ("values", "goes"),
    [
        ({"expires_at": -EDGE}, True),
        ({"expires_at": EDGE}, False),
        ({"ended_at": -EDGE}, True),
        ({"ended_at": EDGE}, False),
    ],
)
def test_addresses_of_links_that_no_longer_work(w, values, goes):
    values = {name: ago("link_addresses") + edge for name, edge in values.items()}
    if "ended_at" in values:
        values["ended_by_id"] = w.claimant.user_id
    row = link(w, **values)
    assert gone("link_addresses") == int(goes)
    row.refresh_from_db()
    assert row.email == (f"removed-{row.pk}@removed.invalid" if goes else "depot@example.org")
    assert row.site == "Walsall depot"
    assert gone("link_addresses") == 0


def test_the_supplier_reads_that_an_address_was_removed(w):
    link(w, expires_at=ago("link_addresses") - EDGE)
    gone("link_addresses")
    with clock.at(datetime(2026, 8, 15, 9, tzinfo=UTC)):
        (row,) = passing_on(w.claimant, w.hours.pk, clock.today(), clock.now()).links
    assert row.email == "address removed"


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
@pytest.mark.parametrize("is_used", [False, True])
def test_figures_handed_in_that_became_no_claim(w, edge, is_used):
    row = Contribution.objects.create(
        delegation=link(w),
        quarter=QUARTER,
        quantity=3,
        narrative="By the gardeners",
        handed_in_at=ago("handed_in_figures") + edge,
        claim=claim(w.claimant, w.hours) if is_used else None,
    )
    assert gone("handed_in_figures") == int(edge < timedelta(0) and not is_used)
    assert Contribution.objects.filter(pk=row.pk).exists() is (is_used or edge > timedelta(0))


@pytest.mark.parametrize(
    ("answer", "kind", "goes"),
    [
        (ConfirmationAnswer.WAITING, "expired", True),
        (ConfirmationAnswer.WAITING, "just not", False),
        (ConfirmationAnswer.CANCELLED, "expired", True),
        (ConfirmationAnswer.CANCELLED, "just not", False),
        # The proof stays as long as a file of evidence would.
        (ConfirmationAnswer.CONFIRMED, "expired", False),
        (ConfirmationAnswer.DISPUTED, "expired", False),
    ],
)
def test_addresses_of_groups_that_were_asked(w, answer, kind, goes):
    at = ago("confirmation_addresses") + (-EDGE if kind == "expired" else EDGE)
    is_answered = answer != ConfirmationAnswer.WAITING
    row = Confirmation.objects.create(
        claim=claim(w.claimant, w.hours),
        group="Foleshill School",
        email="office@example.org",
        token_hash="a" * 64,
        asked_at=at - timedelta(days=30),
        asked_by_id=w.claimant.user_id,
        expires_at=at,
        claim_version=1,
        answer=answer,
        answered_at=at if is_answered else None,
        answered_as="Head teacher" if is_answered else "",
        words="Not so" if answer == ConfirmationAnswer.DISPUTED else "",
    )
    assert gone("confirmation_addresses") == int(goes)
    row.refresh_from_db()
    assert row.email.endswith("@removed.invalid") is goes
    assert (row.group, row.answer) == ("Foleshill School", answer)
    ((info,),) = confirmations_of([row.claim]).values()
    assert info.email == ("address removed" if goes else "office@example.org")


@pytest.mark.parametrize(("years", "goes"), [(6, True), (5, False)])
def test_an_address_that_answered_goes_with_the_evidence(w, years, goes):
    row = Confirmation.objects.create(
        claim=claim(w.claimant, w.hours),
        group="Foleshill School",
        email="office@example.org",
        token_hash="a" * 64,
        asked_at=NOW,
        asked_by_id=w.claimant.user_id,
        expires_at=NOW,
        claim_version=1,
        answer=ConfirmationAnswer.CONFIRMED,
        answered_at=NOW,
    )
    w.contract.starts_on = w.contract.starts_on.replace(year=2010)
    w.contract.ends_on = clock.day_of(NOW - timedelta(days=years * 365 + 2))
    w.contract.save()
    gone("confirmation_addresses")
    row.refresh_from_db()
    assert row.email.endswith("@removed.invalid") is goes


# --- other rooms ------------------------------------------------------------------------------------


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
