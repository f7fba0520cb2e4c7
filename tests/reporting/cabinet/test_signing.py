"""Signing off: in order, by an approver who wrote nothing, for the words as they were read."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, SignOff
from reporting.cabinet.queries.signing import sign_offs_of, sign_page, words_of
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, draft, reported, sign, write, writing_approver

pytestmark = pytest.mark.django_db
STEPS = ["finance", "legal", "director"]


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def with_route(author: Actor, *, steps=STEPS, needed: bool = True) -> CabinetReport:
    report = draft(author)
    CabinetReport.objects.filter(pk=report.pk).update(sign_off_steps=steps, needs_sign_off=needed)
    report.refresh_from_db()
    return report


def test_each_step_signs_in_its_turn_and_is_recorded():
    world = reported()
    report = with_route(world.author)
    approver = actor_for_role(Role.APPROVER, world.authority)
    with pytest.raises(RuleBroken, match="Finance signs before Director"):
        sign(approver, report, "director")
    for step in STEPS:
        sign(approver, report, step)
    with pytest.raises(Conflict, match="agreed to these words already"):
        sign(approver, report, "legal")
    assert [row["step"] for row in sign_offs_of(report)] == ["Finance", "Legal", "Director"]
    record = AuditRecord.objects.filter(deed="report_signed", target_id=report.pk)
    assert record.count() == 3
    assert record.first().after["words_hash"] == words_of(report).hash


def test_changed_words_ask_again_and_what_was_not_read_is_not_signed():
    world = reported()
    report = with_route(world.author)
    approver = actor_for_role(Role.APPROVER, world.authority)
    seen = words_of(report).hash
    sign(approver, report, "finance")
    write(world.author, report, "Other words.")
    with pytest.raises(Conflict, match="words changed while you were reading"):
        sign(approver, report, "legal", seen=seen)
    assert sign_offs_of(report) == []
    page = sign_page(approver, report.pk)
    assert [row.says for row in page.steps] == [
        "The words changed: asked again", "Not asked yet", "Not asked yet",
    ]  # fmt: skip
    assert (page.open_step, page.may_sign) == ("finance", True)
    assert [row.step for row in page.earlier] == ["finance"]
    sign(approver, report, "finance")
    # The same words again, letter for letter: what was said of them holds.
    write(world.author, report, "Once more.")
    write(world.author, report, "Other words.")
    assert [row["step"] for row in sign_offs_of(report)] == ["Finance"]


def test_figures_that_move_ask_nobody_again():
    world = reported()
    report = with_route(world.author)
    before = words_of(report).hash
    reported(world.authority, verified="70")
    assert words_of(CabinetReport.objects.get(pk=report.pk)).hash == before


def test_a_return_needs_a_note_and_shuts_the_steps_behind_it():
    world = reported()
    report = with_route(world.author)
    approver = actor_for_role(Role.APPROVER, world.authority)
    sign(approver, report, "finance")
    with pytest.raises(RuleBroken) as refused:
        sign(approver, report, "legal", "returned", "   ")
    assert refused.value.errors[0][0] == "note"
    sign(approver, report, "legal", "returned", "Name the Act in full.")
    assert "Name the Act in full." in AuditRecord.objects.get(deed="report_returned").sentence
    with pytest.raises(RuleBroken, match="Legal signs before Director"):
        sign(approver, report, "director")
    with pytest.raises(RuleBroken) as missing:
        services.freeze_report(actor=world.author, report_id=report.pk)
    assert "Legal and Director have not agreed" in missing.value.message


def test_nobody_signs_off_their_own_words():
    world = reported()
    report = with_route(world.author)
    writer = writing_approver(world.authority)
    sign(writer, report, "finance")
    write(writer, report, "My own words.")
    with pytest.raises(NotAllowed, match="You wrote in this report"):
        sign(writer, report, "finance")
    assert not sign_page(writer, report.pk).may_sign


@pytest.mark.parametrize("role", [Role.REPORT_AUTHOR, Role.POLICY_OWNER, Role.CONTRACT_MANAGER])
def test_only_an_approver_signs(role):
    world = reported()
    report = with_route(world.author)
    with pytest.raises(NotAllowed, match="Only an approver"):
        sign(actor_for_role(role, world.authority), report, "finance")
    with pytest.raises(NotVisible):
        sign(actor_for_role(Role.APPROVER), report, "finance")
    assert not SignOff.objects.exists()


def test_a_step_that_is_not_on_the_route_and_an_answer_that_is_none():
    world = reported()
    report = with_route(world.author, steps=["legal"])
    approver = actor_for_role(Role.APPROVER, world.authority)
    with pytest.raises(NotVisible):
        sign(approver, report, "finance")
    with pytest.raises(RuleBroken, match="Choose whether you agree"):
        sign(approver, report, "legal", "perhaps")


def test_a_route_that_is_not_needed_stands_in_nobodys_way_and_a_frozen_report_is_not_signed():
    world = reported()
    report = with_route(world.author, needed=False)
    frozen = services.freeze_report(actor=world.author, report_id=report.pk)
    assert frozen.figures["sign_offs"] == []
    with pytest.raises(NotAllowed, match="frozen"):
        sign(actor_for_role(Role.APPROVER, world.authority), frozen, "finance")


@pytest.mark.owner
@pytest.mark.parametrize(
    "statement",
    ["UPDATE reporting_signoff SET answer = 'agreed'", "DELETE FROM reporting_signoff"],
)
def test_the_database_itself_keeps_what_was_signed(statement):
    world = reported()
    report = with_route(world.author)
    sign(actor_for_role(Role.APPROVER, world.authority), report, "finance", "returned", "A note.")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
