"""Asking for the sign-off: who may, whom it waits for, and that they are told at home and in the letter of the week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.awards.models import Contract
from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries import recipients
from procurement.reminders.services import send_digests
from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, SignOffRequest
from reporting.cabinet.queries.awaiting import sign_off_news, sign_offs_waiting
from reporting.cabinet.queries.signing import sign_page
from reporting.cabinet.queries.standing import standing_of
from reporting.cabinet.services.reissue import reissue_report
from reporting.cabinet.services.signing import ask_for_sign_off
from socialvalue.accounts.models import Membership, User
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import (
    NOW,
    Reported,
    draft,
    reported,
    sign,
    write,
    writing_approver,
)
from tests.factories.reporting import browser

pytestmark = pytest.mark.django_db
MONDAY = datetime(2025, 10, 13, 7, tzinfo=UTC)
"""The first Monday after ``NOW``."""


@pytest.fixture(autouse=True)
def _clock():
    mail.outbox.clear()
    with clock.at(NOW):
        yield


def to_sign(world: Reported, *, needed: bool = True, title: str = "Report one") -> CabinetReport:
    """A draft whose steps are finance and legal."""
    report = draft(world.author, title)
    CabinetReport.objects.filter(pk=report.pk).update(
        sign_off_steps=["finance", "legal"], needs_sign_off=needed
    )
    report.refresh_from_db()
    return report


def ask(world: Reported, report: CabinetReport) -> SignOffRequest:
    return ask_for_sign_off(actor=world.author, report_id=report.pk)


def waiting(actor: Actor) -> list[tuple[str, str]]:
    return [(row.title, row.step) for row in sign_offs_waiting(actor)]


def send(at: datetime = MONDAY) -> list[str]:
    """Whom the letters of that hour went to."""
    mail.outbox.clear()
    with clock.at(at):
        send_digests(actor=SYSTEM)
    return sorted(letter.to[0] for letter in mail.outbox)


def address(actor: Actor) -> str:
    return User.objects.get(pk=actor.user_id).email


def test_a_draft_waits_for_nobody_until_its_author_asks_and_then_for_each_step_in_turn():
    world = reported()
    report = to_sign(world)
    approver = actor_for_role(Role.APPROVER, world.authority)
    assert waiting(approver) == []
    assert sign_page(approver, report.pk).steps[0].says == "Not asked yet"
    ask(world, report)
    assert sign_page(approver, report.pk).steps[0].says == "Asked now"
    assert waiting(approver) == [("Report one", "finance")]
    with clock.at(NOW + timedelta(hours=3)):
        sign(approver, report, "finance")
    assert waiting(approver) == [("Report one", "legal")]
    assert sign_offs_waiting(approver)[0].since == NOW + timedelta(hours=3)
    sign(approver, report, "legal")
    assert waiting(approver) == []
    assert AuditRecord.objects.get(deed="report_sign_off_asked").sentence.endswith(
        "asked for the sign-off of “Report one”."
    )


def test_words_that_change_ask_the_first_step_again_without_another_request():
    world = reported()
    report = to_sign(world)
    approver = actor_for_role(Role.APPROVER, world.authority)
    ask(world, report)
    sign(approver, report, "finance")
    write(world.author, report, "Other words.")
    assert waiting(approver) == [("Report one", "finance")]


def test_a_return_ends_what_was_asked_until_the_author_asks_again():
    world = reported()
    report = to_sign(world)
    approver = actor_for_role(Role.APPROVER, world.authority)
    ask(world, report)
    sign(approver, report, "finance", "returned", "Name the Act.")
    assert waiting(approver) == []
    news = sign_off_news([report.pk])[report.pk]
    assert (news.status, news.sentence) == (
        "returned", f"{approver.name} returned it for Finance: Name the Act.",
    )  # fmt: skip
    page = browser(world.author).get("/").content.decode()
    assert "returned it for Finance: Name the Act." in page
    assert standing_of(approver, report.pk, has_problems=False).next == ""
    ask(world, report)
    assert standing_of(approver, report.pk, has_problems=False).next == "sign"
    assert waiting(approver) == [("Report one", "finance")]
    assert sign_off_news([report.pk])[report.pk].status == "awaiting_approval"


def test_who_may_ask_and_what_stands_in_the_way():
    world = reported()
    report = to_sign(world)
    for role in (Role.APPROVER, Role.AUDITOR, Role.POLICY_OWNER):
        with pytest.raises(NotAllowed, match="Only a report author"):
            ask_for_sign_off(actor=actor_for_role(role, world.authority), report_id=report.pk)
    with pytest.raises(NotVisible):
        ask_for_sign_off(actor=actor_for_role(Role.REPORT_AUTHOR), report_id=report.pk)
    write(world.author, report, "")
    with pytest.raises(RuleBroken, match="Financial Implications is empty"):
        ask(world, report)
    write(world.author, report, "None")
    ask(world, report)
    with pytest.raises(NotAllowed, match="asked for already"):
        ask(world, report)
    CabinetReport.objects.filter(pk=report.pk).update(sign_off_steps=[])
    with pytest.raises(NotAllowed, match="No step of the sign-off is left"):
        ask(world, report)
    CabinetReport.objects.filter(pk=report.pk).update(needs_sign_off=False)
    frozen = services.freeze_report(actor=world.author, report_id=report.pk)
    with pytest.raises(NotAllowed, match="frozen"):
        ask(world, frozen)
    assert SignOffRequest.objects.count() == 1


def test_it_waits_for_approvers_of_the_authority_who_wrote_nothing_in_it_or_in_an_issue_before():
    world = reported()
    report = to_sign(world, needed=False)
    writer = writing_approver(world.authority)
    other = actor_for_role(Role.APPROVER, world.authority)
    write(writer, report, "Words of an approver.")
    services.freeze_report(actor=world.author, report_id=report.pk)
    again = reissue_report(actor=world.author, report_id=report.pk)
    ask(world, again)
    assert waiting(other) == [("Report one", "finance")]
    assert waiting(writer) == []
    assert waiting(actor_for_role(Role.APPROVER)) == []
    assert waiting(world.author) == []


def test_the_page_asks_for_it_once_the_words_are_fit():
    world = reported()
    report = to_sign(world)
    client, url = browser(world.author), reverse("reporting:cabinet:report", args=[report.pk])
    assert standing_of(world.author, report.pk, has_problems=True).next == "write"
    assert "Ask for the sign-off" in client.get(url).content.decode()
    said = client.post(reverse("reporting:cabinet:ask_sign_off", args=[report.pk]), follow=True)
    assert "The sign-off is asked for." in said.content.decode()
    page = client.get(url).content.decode()
    assert "Ask for the sign-off" not in page
    assert "asked for the sign-off on 6 October 2025." in page
    assert "Freeze the report" not in page


def test_a_report_that_needs_none_may_be_asked_for_beside_the_freeze():
    world = reported()
    report = to_sign(world, needed=False)
    page = browser(world.author).get(reverse("reporting:cabinet:report", args=[report.pk]))
    assert "Freeze the report" in page.content.decode()
    assert "Ask for the sign-off" in page.content.decode()


def test_the_approver_finds_it_on_the_first_page():
    world = reported()
    report = to_sign(world)
    approver = actor_for_role(Role.APPROVER, world.authority)
    assert "Report one" not in browser(approver).get("/").content.decode()
    ask(world, report)
    page = browser(approver).get("/").content.decode()
    assert "Report: Report one" in page
    assert f"To sign off for Finance. Asked by {world.author.name}" in page
    assert reverse("reporting:cabinet:sign_off", args=[report.pk]) in page


def test_many_reports_cost_no_more_questions_than_one():
    world = reported()
    approver = actor_for_role(Role.APPROVER, world.authority)
    ask(world, to_sign(world))
    with CaptureQueriesContext(connection) as one:
        assert len(waiting(approver)) == 1
    for number in range(3):
        ask(world, to_sign(world, title=f"Another {number}"))
    with CaptureQueriesContext(connection) as four:
        assert len(waiting(approver)) == 4
    assert len(four) == len(one)


def test_the_letter_of_the_week_tells_approvers_and_nobody_else_and_once():
    world = reported()
    report = to_sign(world, title="Report of the year")
    approver = actor_for_role(Role.APPROVER, world.authority)
    actor_for_role(Role.APPROVER)
    send()
    ask(world, report)
    week_later = MONDAY + timedelta(days=7)
    assert address(approver) in send(week_later)
    (letter,) = [one for one in mail.outbox if one.to == [address(approver)]]
    assert (
        "“Report of the year” waits for Finance to sign it off since 6 October 2025." in letter.body
    )
    (row,) = Reminder.objects.filter(event="sign_off_waits")
    assert (row.recipient_id, row.contract_id, row.due_on) == (
        approver.user_id, None, date(2025, 10, 6),
    )  # fmt: skip
    assert send(week_later + timedelta(hours=1)) == []
    # Again after three weeks of silence, and no more once it is signed.
    assert address(approver) in send(MONDAY + timedelta(days=14))
    with clock.at(MONDAY + timedelta(days=15)):
        sign(approver, report, "finance", "returned", "Name the Act.")
    assert address(approver) not in send(MONDAY + timedelta(days=21))


def test_an_authority_without_a_running_contract_is_told_too():
    world = reported()
    report = to_sign(world)
    approver = actor_for_role(Role.APPROVER, world.authority)
    Contract.objects.update(status="ended")
    ask(world, report)
    assert list(recipients()) == []
    assert send() == [address(approver)]


def test_a_letter_that_did_not_go_is_sent_to_who_may_still_sign(monkeypatch):
    world = reported()
    approver = actor_for_role(Role.APPROVER, world.authority)
    gone = actor_for_role(Role.APPROVER, world.authority)
    ask(world, to_sign(world))
    Contract.objects.update(status="ended")
    with monkeypatch.context() as patched:
        patched.setattr(
            "procurement.reminders.services.digests.send_now", lambda *args, **kwargs: False
        )
        assert send() == []
    assert Digest.objects.filter(sent_at__isnull=True).count() == 2
    Membership.objects.filter(user_id=gone.user_id).update(role=Role.CONTRACT_MANAGER)
    assert send(MONDAY + timedelta(hours=1)) == [address(approver)]


@pytest.mark.owner
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reporting_signoffrequest SET asked_at = '2020-01-01'",
        "DELETE FROM reporting_signoffrequest",
    ],
)
def test_the_database_itself_keeps_what_was_asked(statement):
    world = reported()
    ask(world, to_sign(world))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
