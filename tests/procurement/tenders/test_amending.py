"""Amendments: only by the service, only later, only before the deadline, told to everybody, for ever on record."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from procurement.tenders import services
from procurement.tenders.models import (
    Tender,
    TenderAmendment,
    TenderQuestion,
    TenderRequirement,
)
from procurement.tenders.queries import (
    amendments_for,
    dialogue_of,
    last_amended_at,
    questions_of,
    requirements_of,
    token_of,
)
from procurement.tenders.rules import is_short_notice
from procurement.tenders.services import QuestionChange, RequirementChange
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import (
    DEADLINE,
    NOW,
    QUESTIONS,
    asked,
    load_everything,
    prepared,
    published,
)

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LATER = DEADLINE + timedelta(days=7)
REASON = "A site visit was asked for."


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW), run_inline():
        yield


def amend(world, actor=None, **more):
    more.setdefault("reason", REASON)
    more.setdefault("expected_version", world.refresh().version)
    return services.amend_tender(actor=actor or world.officer, tender_id=world.tender.pk, **more)


def of(world, code):
    return next(row for row in requirements_of(world.tender.pk) if row.measure.code == code)


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(response):
    return response.content.decode()


# --- what it does -------------------------------------------------------------------------------


def test_an_extension_is_for_all_and_moves_links_along(django_capture_on_commit_callbacks):
    world = published()
    link = services.invite_by_email(
        actor=world.officer, tender_id=world.tender.pk, email="a@hazel.example"
    )
    revoked = services.invite_by_email(
        actor=world.officer, tender_id=world.tender.pk, email="b@hazel.example"
    )
    services.revoke_link(actor=world.officer, link_id=revoked.pk)
    with django_capture_on_commit_callbacks(execute=True):
        amendment = amend(world, deadline_at=LATER)
    tender = world.refresh()
    assert (tender.deadline_at, tender.amendments, tender.is_amending) == (LATER, 1, False)
    assert (amendment.number, amendment.changes, amendment.reason) == (1, [], REASON)
    assert (amendment.deadline_before, amendment.deadline_after) == (DEADLINE, LATER)
    link.refresh_from_db()
    revoked.refresh_from_db()
    assert (link.expires_at, revoked.expires_at) == (LATER, DEADLINE)
    people = [User.objects.get(pk=actor.user_id).email for actor in world.bidders]
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([*people, "a@hazel.example"])
    for letter in mail.outbox:
        assert letter.subject == f"Changed: {world.procurement.title}"
        assert f"Why: {REASON}" in letter.body
        assert "Offers now close at 12:00 on 8 April 2026, UK time." in letter.body
        assert "Before: 12:00 on 1 April 2026, UK time." in letter.body
        assert world.suppliers[0].name not in letter.body
        assert (token_of(link) in letter.body) == (letter.to == ["a@hazel.example"])
    with clock.at(DEADLINE):
        assert dialogue_of(world.bidder, world.tender.pk).may_ask


def test_what_is_asked_changes_with_its_words_on_record(django_capture_on_commit_callbacks):
    world = published()
    requirement, question = of(world, "GSE1"), questions_of(world.tender.pk)[1]
    with django_capture_on_commit_callbacks(execute=True):
        amend(
            world,
            requirements={
                requirement.id: RequirementChange(True, Decimal("3.5"), "Young people first.")
            },
            questions={question.id: QuestionChange("How will you keep people in work?", "")},
        )
    after = of(world, "GSE1")
    assert (after.is_mandatory, after.minimum_quantity, after.guidance) == (
        True,
        Decimal("3.5"),
        "Young people first.",
    )
    assert questions_of(world.tender.pk)[1].text == "How will you keep people in work?"
    label, unit = requirement.measure.label, requirement.measure.unit
    changes = [
        (f"{label}: minimum", f"2 {unit}", f"3.5 {unit}"),
        (f"{label}: guidance", "None", "Young people first."),
        ("Question 2", QUESTIONS[1].text, "How will you keep people in work?"),
    ]
    (info,) = amendments_for(world.officer, world.tender.pk)
    assert (info.number, info.changes, info.moved_deadline) == (1, changes, False)
    assert dialogue_of(world.bidder, world.tender.pk).amendments == [info]
    assert last_amended_at(world.tender.pk) == NOW
    assert "Offers still close at 12:00 on 1 April 2026" in mail.outbox[0].body
    assert f"Before: 2 {unit}" in mail.outbox[0].body
    row = AuditRecord.objects.get(deed="tender_amended")
    assert row.sentence == f"The tender was amended (number 1). Reason: {REASON}"
    assert row.after["changes"]["Question 2"] == "How will you keep people in work?"


def test_amendments_are_counted_and_the_newest_comes_first():
    world = published()
    assert last_amended_at(world.tender.pk) is None
    amend(world, deadline_at=LATER)
    with clock.at(NOW + SECOND):
        amend(world, deadline_at=LATER + SECOND)
    assert [row.number for row in amendments_for(world.officer, world.tender.pk)] == [2, 1]
    assert world.refresh().amendments == 2
    assert last_amended_at(world.tender.pk) == NOW + SECOND


# --- what is refused ----------------------------------------------------------------------------


def test_a_deadline_only_moves_later():
    world = published()
    for earlier in (DEADLINE - SECOND, NOW, NOW + SECOND):
        with pytest.raises(RuleBroken, match="can only move later"):
            amend(world, deadline_at=earlier)
    with pytest.raises(RuleBroken, match="Nothing is changed"):
        amend(world, deadline_at=DEADLINE)
    amend(world, deadline_at=DEADLINE + SECOND)
    assert world.refresh().deadline_at == DEADLINE + SECOND


def test_an_amendment_comes_before_the_deadline():
    world = published()
    with clock.at(DEADLINE), pytest.raises(RuleBroken, match="The deadline was 12:00 on 1 April"):
        amend(world, deadline_at=LATER)
    with clock.at(DEADLINE - SECOND):
        amend(world, deadline_at=LATER)
    with clock.at(LATER):
        services.mark_opened(actor=world.officer, tender_id=world.tender.pk)
        with pytest.raises(Conflict, match="bids are open"):
            amend(world, deadline_at=LATER + SECOND)
    assert world.refresh().amendments == 1


def test_a_draft_is_not_amended():
    world = prepared()
    with pytest.raises(RuleBroken, match="not published yet"):
        amend(world, deadline_at=LATER)


def test_a_withdrawn_procurement_is_not_amended():
    world = published()
    type(world.procurement).objects.filter(pk=world.procurement.pk).update(status="withdrawn")
    with pytest.raises(RuleBroken, match="withdrawn"):
        amend(world, deadline_at=LATER)


def test_without_reason_or_change_nothing_is_amended():
    world = published()
    same = of(world, "GSE1")
    question = questions_of(world.tender.pk)[0]
    as_is = {
        "requirements": {
            same.id: RequirementChange(same.is_mandatory, Decimal("2.000"), f" {same.guidance} ")
        },
        "questions": {question.id: QuestionChange(f"{question.text} ", question.guidance)},
    }
    with pytest.raises(RuleBroken, match="Nothing is changed"):
        amend(world, **as_is)
    with pytest.raises(RuleBroken, match="Write down why"):
        amend(world, reason="  ", deadline_at=LATER)
    assert TenderAmendment.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (RequirementChange(True, Decimal(0)), "must be more than 0"),
        (RequirementChange(True, Decimal(-1)), "must be more than 0"),
        (RequirementChange(True, Decimal("6.001")), "the most that is scored is 6"),
        (RequirementChange(True, Decimal(2), "x" * 501), "500 characters or fewer"),
    ],
)
def test_a_requirement_says_only_what_a_requirement_can(change, said):
    load_everything()
    world = published(
        codes=[asked("GSE1", minimum_quantity=Decimal(2), maximum_quantity=Decimal(6))]
    )
    with pytest.raises(RuleBroken, match=said):
        amend(world, requirements={of(world, "GSE1").id: change})
    amend(world, requirements={of(world, "GSE1").id: RequirementChange(True, Decimal(6))})
    assert of(world, "GSE1").minimum_quantity == Decimal(6)


def test_a_question_keeps_words():
    world = published()
    question = questions_of(world.tender.pk)[0]
    for wrong, said in (("  ", "enter its text"), ("x" * 501, "500 characters or fewer")):
        with pytest.raises(RuleBroken, match=said):
            amend(world, questions={question.id: QuestionChange(wrong)})


def test_rows_of_another_tender_are_not_there():
    world = published()
    other = published(authority="warwickshire", suppliers=1)
    with pytest.raises(NotVisible):
        amend(world, requirements={of(other, "GSE1").id: RequirementChange(False)})
    with pytest.raises(NotVisible):
        amend(world, questions={questions_of(other.tender.pk)[0].id: QuestionChange("Mine")})
    assert TenderAmendment.objects.count() == 0


def test_the_second_of_two_amendments_reads_again():
    world = published()
    version = world.tender.version
    amend(world, expected_version=version, deadline_at=LATER)
    with pytest.raises(Conflict, match="Somebody else amended"):
        amend(world, expected_version=version, deadline_at=LATER + SECOND)


def test_who_amends():
    world = published()
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, world.bidder):
        with pytest.raises(NotVisible):
            amend(world, actor=actor, deadline_at=LATER)
        with pytest.raises(NotVisible):
            amendments_for(actor, world.tender.pk)
    for role in sorted(BUYER_ROLES - {Role.PROCUREMENT_OFFICER}):
        with pytest.raises(NotAllowed):
            amend(world, actor=actor_for_role(role, world.authority), deadline_at=LATER)


# --- the database -------------------------------------------------------------------------------


def refused(*deeds):
    """The database takes every one of these but the last; nothing stays."""
    with transaction.atomic():
        for deed in deeds[:-1]:
            deed()
        with pytest.raises(IntegrityError), transaction.atomic():
            deeds[-1]()
        transaction.set_rollback(True)


def begin():
    Tender.objects.update(is_amending=True)


def test_plain_sql_changes_nothing_without_an_amendment():
    published()
    for change in (
        lambda: Tender.objects.update(deadline_at=LATER),
        lambda: Tender.objects.update(amendments=1),
        lambda: TenderRequirement.objects.update(guidance="Other"),
        lambda: TenderRequirement.objects.update(is_mandatory=True),
        lambda: TenderQuestion.objects.update(text="Other"),
    ):
        refused(change)


def test_plain_sql_leaves_no_amendment_without_its_record():
    world = published()
    refused(
        begin,
        lambda: TenderRequirement.objects.update(guidance="Other"),
        lambda: Tender.objects.update(is_amending=False, amendments=1),
    )
    refused(begin, lambda: Tender.objects.update(is_amending=False))
    for change in (
        lambda: Tender.objects.update(deadline_at=LATER),
        lambda: Tender.objects.update(weighting_percent=Decimal(30)),
        lambda: TenderRequirement.objects.update(place="coventry"),
        lambda: TenderRequirement.objects.update(weight_percent=10),
        lambda: TenderRequirement.objects.update(maximum_quantity=99),
        lambda: TenderRequirement.objects.all().delete(),
        lambda: TenderQuestion.objects.update(weight_percent=10),
        lambda: TenderQuestion.objects.update(minimum_mark=3),
        lambda: TenderQuestion.objects.all().delete(),
        lambda: Tender.objects.update(status="opened", opened_at=LATER),
    ):
        refused(begin, change)
    assert world.refresh().is_amending is False


def test_the_database_holds_deadlines_and_amendments():
    world = published()
    amend(world, deadline_at=LATER)
    row = {
        "tender": world.refresh(),
        "number": 2,
        "reason": REASON,
        "deadline_before": LATER,
        "made_by_id": world.officer.user_id,
        "made_at": NOW,
    }

    def record(after):
        return lambda: TenderAmendment.objects.create(**row, deadline_after=after)

    def finish(after):
        return lambda: Tender.objects.update(is_amending=False, amendments=2, deadline_at=after)

    refused(record(LATER - SECOND))
    refused(begin, record(LATER), finish(LATER - SECOND))
    refused(begin, record(LATER), lambda: Tender.objects.update(is_amending=False, amendments=3))
    refused(lambda: TenderAmendment.objects.update(reason="Another"))
    refused(lambda: TenderAmendment.objects.all().delete())
    # With its record and not earlier, it is an amendment.
    begin()
    record(LATER)()
    finish(LATER)()
    assert world.refresh().amendments == 2


# --- short notice -------------------------------------------------------------------------------


def test_short_notice_is_less_than_three_days_without_an_extension():
    edge = DEADLINE - timedelta(days=3)
    assert is_short_notice(edge, DEADLINE, DEADLINE) is False
    assert is_short_notice(edge + SECOND, DEADLINE, DEADLINE) is True
    assert is_short_notice(edge + SECOND, DEADLINE, DEADLINE + SECOND) is False


# --- the pages ----------------------------------------------------------------------------------


def posted(world, **more):
    """What the form posts when nothing was typed."""
    sent = {
        "version": world.refresh().version,
        "reason": REASON,
        "deadline_on-day": "1",
        "deadline_on-month": "4",
        "deadline_on-year": "2026",
        "deadline_time": "12:00",
    }
    for row in requirements_of(world.tender.pk):
        if row.is_mandatory:
            sent[f"mandatory_{row.id}"] = "on"
        sent[f"minimum_{row.id}"] = "" if row.minimum_quantity is None else row.minimum_quantity
        sent[f"guidance_{row.id}"] = row.guidance
    for question in questions_of(world.tender.pk):
        sent[f"text_{question.id}"] = question.text
        sent[f"covers_{question.id}"] = question.guidance
    return sent | more


def test_the_form_leads_to_a_check_and_the_check_amends():
    world = published()
    client = client_of(world.officer)
    address = reverse("procurement:tenders:amend", args=[world.procurement.pk])
    assert client.get(address).status_code == 200
    unchanged = client.post(address, posted(world))
    assert (unchanged.status_code, "Nothing is changed" in text(unchanged)) == (422, True)
    guided = {f"guidance_{of(world, 'PLB1').id}": "Within <ten> miles."}
    check = client.post(address, posted(world, **guided))
    assert check.status_code == 200
    assert "Nothing is changed yet." in text(check)
    assert "Within &lt;ten&gt; miles." in text(check)
    assert "Less than 3 days" not in text(check)
    assert TenderAmendment.objects.count() == 0
    again = client.post(address, posted(world, edit="1", **guided))
    assert (again.status_code, "Within &lt;ten&gt; miles." in text(again)) == (200, True)
    done = client.post(address, posted(world, confirm="1", **guided))
    back = reverse("procurement:tenders:task_list", args=[world.procurement.pk])
    assert done.headers["Location"] == back
    assert of(world, "PLB1").guidance == "Within <ten> miles."
    page = text(client.get(back))
    assert ("Amendment 1" in page, "Within &lt;ten&gt; miles." in page) == (True, True)
    asked_page = reverse("procurement:tenders:ask", args=[world.tender.pk])
    page = text(client_of(world.bidder).get(asked_page))
    assert ("Amendment 1" in page, "Within &lt;ten&gt; miles." in page) == (True, True)


def test_the_check_warns_of_short_notice_and_does_not_refuse():
    world = published()
    client = client_of(world.officer)
    address = reverse("procurement:tenders:amend", args=[world.procurement.pk])
    change = {f"guidance_{of(world, 'PLB1').id}": "Other"}
    with clock.at(DEADLINE - timedelta(days=3) + SECOND):
        assert "Less than 3 days" in text(client.post(address, posted(world, **change)))
        extended = posted(world, **change) | {"deadline_on-day": "2"}
        assert "Less than 3 days" not in text(client.post(address, extended))
        earlier = client.post(address, posted(world, **change) | {"deadline_time": "11:59"})
        assert (earlier.status_code, "only move later" in text(earlier)) == (422, True)
        assert client.post(address, posted(world, confirm="1", **change)).status_code == 302
    assert world.refresh().amendments == 1


def test_the_page_is_for_officers_before_the_deadline():
    world = published()
    address = reverse("procurement:tenders:amend", args=[world.procurement.pk])
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(world.bidder).get(address).status_code == 403
    evaluator = actor_for_role(Role.EVALUATOR, world.authority)
    assert client_of(evaluator).get(address).status_code == 403
    with clock.at(DEADLINE):
        assert client_of(world.officer).get(address).status_code == 302
        late = client_of(world.officer).post(
            address, posted(world, confirm="1") | {"deadline_on-day": "9"}
        )
        assert (late.status_code, "The deadline was" in text(late)) == (422, True)
