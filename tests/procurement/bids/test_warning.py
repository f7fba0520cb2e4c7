"""Letters before a deadline: to whom, when, once, and with counts only."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection, transaction

from procurement.bids.models import Bid, BidWarning
from procurement.bids.queries import my_offer
from procurement.bids.rules import OfferInput
from procurement.bids.services import save_offer, warn_before_deadlines
from procurement.bids.vocabulary import WarningKind as Kind
from procurement.procurements.services import withdraw_procurement
from procurement.tenders.services import amend_tender
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import run_inline
from socialvalue.schedule import BEAT_SCHEDULE
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, line_of, offer_for, submitted
from tests.factories.tenders import DEADLINE, published

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DAY_BEFORE = DEADLINE - timedelta(hours=24)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Runs the job at a moment; gives the kinds that were sent and the letters that went out."""

    def go(moment):
        mail.outbox.clear()
        with (
            clock.at(moment),
            run_inline(),
            django_capture_on_commit_callbacks(execute=True),
        ):
            kinds = warn_before_deadlines(actor=SYSTEM)
        return kinds, list(mail.outbox)

    return go


def address(actor):
    return User.objects.get(pk=actor.user_id).email


def to(letters):
    return sorted(letter.to[0] for letter in letters)


def save(world, offer, moment=SOON, bidder=None):
    actor = bidder or world.bidder
    with clock.at(moment):
        version = my_offer(actor, world.tender.pk).version
        save_offer(actor=actor, tender_id=world.tender.pk, offer=offer, expected_version=version)


@pytest.mark.parametrize(
    ("before", "kinds"),
    [
        (timedelta(days=7) + SECOND, []),
        (timedelta(days=7), [Kind.SEVEN_DAYS]),
        (timedelta(hours=24) + SECOND, [Kind.SEVEN_DAYS]),
        (timedelta(hours=24), [Kind.ONE_DAY]),
        (timedelta(hours=1) + SECOND, [Kind.ONE_DAY]),
        (timedelta(hours=1), [Kind.ONE_HOUR]),
        (SECOND, [Kind.ONE_HOUR]),
        (timedelta(0), []),
    ],
)
def test_each_warning_goes_at_its_time_and_a_late_run_sends_the_nearest_only(run, before, kinds):
    world = published()
    sent, letters = run(DEADLINE - before)
    assert sent == kinds
    assert to(letters) == (sorted(address(one) for one in world.bidders) if kinds else [])
    assert list(BidWarning.objects.values_list("kind", flat=True)) == kinds


def test_every_warning_goes_once_however_often_the_job_runs(run):
    published()
    moments = [
        timedelta(days=7),
        timedelta(days=2),
        timedelta(hours=24),
        timedelta(minutes=59),
        SECOND,
    ]
    assert [run(DEADLINE - before)[0] for before in moments for _ in range(2)] == [
        [Kind.SEVEN_DAYS], [], [], [], [Kind.ONE_DAY], [], [Kind.ONE_HOUR], [], [], [],
    ]  # fmt: skip


def test_whoever_submitted_and_changed_nothing_gets_none(run):
    world = published()
    submitted(world)
    assert to(run(DAY_BEFORE)[1]) == [address(world.bidders[1])]


def test_a_letter_says_how_much_is_missing_and_nothing_of_what_is_there(run):
    world = published()
    save(
        world,
        OfferInput(
            price=Decimal("77123.45"),
            lines=(line_of(world, "GSE1", "3.517", method_statement="With Rookery Trust."),),
        ),
    )
    _, letters = run(DAY_BEFORE)
    [mine] = [letter for letter in letters if letter.to == [address(world.bidder)]]
    assert mine.subject == "Offers close 12:00 on 1 April 2026, UK time: Grounds maintenance"
    assert "Filled in: 1 of 3 measures, 0 of 2 answers; not submitted." in mine.body
    assert "- 2 answers not written" in mine.body
    assert "no price" not in mine.body
    assert f"/bids/{world.tender.pk}/" in mine.body
    for content in ("3.517", "77,123", "77123", "Rookery", "GSE1"):
        assert content not in mine.subject + mine.body
    [other] = [letter for letter in letters if letter.to == [address(world.bidders[1])]]
    assert "Filled in: 0 of 3 measures, 0 of 2 answers; not submitted." in other.body
    assert "- 1 mandatory measure not filled in" in other.body
    assert "- no price" in other.body
    assert world.suppliers[0].name not in other.body


def test_changes_that_were_not_submitted_are_said(run):
    world = published()
    submitted(world)
    save(world, offer_for(world, price=Decimal(140000)), SOON + SECOND)
    [mine] = [one for one in run(DAY_BEFORE)[1] if one.to == [address(world.bidder)]]
    assert "has changed it since. The changes are not submitted." in mine.body
    assert "has not submitted an offer" not in mine.body
    save(world, offer_for(world), SOON + 2 * SECOND)
    assert [one for one in run(DEADLINE - SECOND)[1] if one.to == [address(world.bidder)]] == []


@pytest.mark.parametrize(("seconds", "is_told"), [(-1, False), (0, True), (1, True)])
def test_a_tender_amended_after_the_submission_is_said(run, seconds, is_told):
    world = published()
    act = {"actor": world.officer, "tender_id": world.tender.pk}

    def amend():
        with clock.at(SOON + seconds * SECOND):
            amend_tender(
                **act,
                expected_version=world.refresh().version,
                reason="A question was unclear.",
                deadline_at=DEADLINE + timedelta(hours=1),
            )

    if seconds < 0:
        amend()
        submitted(world)
    else:
        submitted(world)
        amend()
    mine = [
        one for one in run(DAY_BEFORE + timedelta(hours=1))[1] if one.to == [address(world.bidder)]
    ]
    assert len(mine) == is_told
    if is_told:
        assert "was amended after your organisation submitted" in mine[0].body
        assert "Still missing" not in mine[0].body


def test_a_deadline_that_moves_is_warned_of_again(run):
    world = published()
    assert run(DAY_BEFORE)[0] == [Kind.ONE_DAY]
    later = DEADLINE + timedelta(days=10)
    with clock.at(DAY_BEFORE + SECOND):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time.",
            deadline_at=later,
        )
    assert run(DAY_BEFORE + 2 * SECOND)[0] == []
    assert run(later - timedelta(days=7))[0] == [Kind.SEVEN_DAYS]
    assert run(later - timedelta(hours=24))[0] == [Kind.ONE_DAY]


def test_a_deadline_told_less_than_seven_days_before_has_no_warning_at_once(run):
    soon = SOON + timedelta(days=3)
    published(deadline_at=soon)
    assert run(SOON)[0] == []
    assert run(soon - timedelta(hours=24))[0] == [Kind.ONE_DAY]


def test_only_people_of_invited_suppliers_who_are_still_there_are_written_to(run):
    world = published(invite=1)
    colleague = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, world.suppliers[0])
    gone = actor_for_role(Role.SUPPLIER_ADMIN, world.suppliers[0])
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    assert to(run(DAY_BEFORE)[1]) == sorted([address(world.bidder), address(colleague)])


def test_a_withdrawn_procurement_warns_nobody(run):
    world = published()
    with clock.at(SOON):
        withdraw_procurement(
            actor=world.officer, procurement_id=world.procurement.pk, reason="No money."
        )
    assert run(DAY_BEFORE) == ([], [])


def test_nothing_in_the_database_tells_who_got_a_letter(run):
    """The same rows stand there whoever has bid."""

    def left(world):
        warnings = list(BidWarning.objects.values_list("kind", "deadline_at", "sent_at"))
        said = list(
            AuditRecord.objects.filter(deed="deadline_warned").values_list(
                "sentence", "before", "after", "user_id", "organisation_id"
            )
        )
        return warnings, said

    found = []
    for does_bid in (False, True):
        with transaction.atomic():
            world = published()
            if does_bid:
                submitted(world)
            run(DAY_BEFORE)
            found.append(left(world))
            with connection.cursor() as cursor:
                cursor.execute("SELECT COUNT(*) FROM procurement_bidwarning")
                assert cursor.fetchone() == (1,)
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert [row[0] for row in found[0][1]] == [
        "Invited suppliers that had not submitted everything were reminded: 24 hours before the deadline."
    ]


def test_an_envelope_that_cannot_be_read_keeps_nobody_elses_warning_back(run, caplog):
    broken, sound = published(), published()
    submitted(broken)
    Bid.objects.filter(tender=broken.tender).update(envelope="not an envelope")
    kinds, letters = run(DAY_BEFORE)
    assert (kinds, to(letters)) == (
        [Kind.ONE_DAY],
        sorted(address(one) for one in sound.bidders),
    )
    assert list(BidWarning.objects.values_list("tender_id", flat=True)) == [sound.tender.pk]
    assert f"No warning for tender {broken.tender.pk}" in caplog.text


def test_the_clock_asks_every_five_minutes():
    assert BEAT_SCHEDULE["warn-before-deadlines"] == {
        "task": "procurement.bids.tasks.warn_before_deadlines",
        "schedule": 300.0,
        "options": {"expires": 300},
    }
