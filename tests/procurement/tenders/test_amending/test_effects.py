"""What an amendment does: a later deadline for all, other words, both on record."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail

from procurement.tenders import services
from procurement.tenders.queries import (
    amendments_for,
    dialogue_of,
    last_amended_at,
    questions_of,
    token_of,
)
from procurement.tenders.services import QuestionChange, RequirementChange
from socialvalue.accounts.models import User
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from tests.factories.tenders import DEADLINE, NOW, QUESTIONS, published
from tests.procurement.tenders.test_amending.steps import LATER, REASON, SECOND, amend, of

pytestmark = pytest.mark.django_db


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
