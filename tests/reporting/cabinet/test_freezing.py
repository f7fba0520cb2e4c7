"""Freezing: everything from one moment, checked against the ledger; what is frozen never changes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from procurement.deliveries.models import Claim
from procurement.ledger import queries as ledger
from procurement.ledger.services import post_entries
from procurement.verifications.services import correct_claim
from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.queries.reports import report_to_read
from reporting.cabinet.queries.signing import words_of
from reporting.cabinet.rules.content import hash_of
from reporting.cabinet.services.signing import sign_report
from reporting.cabinet.vocabulary import ReportStatus
from reporting.rollups.models import Cell, RollupRun
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.snapshots import one_view
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, Q2, draft, reported, write
from tests.factories.ledger import posting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def freeze(world):
    report = draft(world.author)
    return services.freeze_report(actor=world.author, report_id=report.pk)


def test_a_freeze_keeps_figures_definitions_rows_position_and_hash():
    world = reported()
    report = freeze(world)
    content = report.figures
    figures = {row["name"]: row for row in content["figures"]}
    assert report.status == ReportStatus.FROZEN
    assert figures["verified_total"]["shown"] == "£750"
    assert figures["verified_total"]["computation"].startswith("Sum of the £ of verified entries")
    assert figures["verified_total"]["rows"]["count"] == 1
    assert content["ledger_position"] > 0
    assert {row["kind"] for row in content["sections"]} >= {"recommendation", "financial"}
    assert report.figures_hash == hash_of(content)
    assert len(report.figures_hash) == 64
    kept = AuditRecord.objects.get(deed="report_frozen").after
    assert kept["figures_hash"] == report.figures_hash
    assert kept["cells_compared"] > 0


def test_later_entries_and_corrections_change_nothing_frozen():
    world = reported()
    report = freeze(world)
    before = report_to_read(world.author, report.pk)
    claim = Claim.objects.get(commitment=world.commitments[0])
    correct_claim(actor=world.manager, claim_id=claim.pk, quantity=Decimal(1), reason="A slip.")
    drain()
    report.refresh_from_db()
    assert report_to_read(world.author, report.pk) == before
    assert hash_of(report.figures) == report.figures_hash
    fresh = draft(world.author, "A later report")
    later = report_to_read(world.author, fresh.pk)
    assert later.sections[0].blocks != before.sections[0].blocks


def test_what_waits_is_rolled_up_before_the_freeze():
    world = reported()
    post_entries(
        actor=world.manager,
        postings=[posting(world.commitments[0], quantity=Decimal(8), value_pence=10_000)],
    )
    report = freeze(world)
    figures = {row["name"]: row["shown"] for row in report.figures["figures"]}
    assert figures["committed_total"] == "£11,100"


def test_a_cell_that_differs_from_the_ledger_stops_the_freeze_and_raises_the_alarm():
    world = reported()
    report = draft(world.author)
    Cell.objects.filter(basis="verified").update(value_pence=1)
    with pytest.raises(RuleBroken, match="do not agree with the ledger in 1 of"):
        services.freeze_report(actor=world.author, report_id=report.pk)
    report.refresh_from_db()
    assert (report.status, report.figures, report.figures_hash) == (ReportStatus.DRAFT, {}, "")
    assert RollupRun.objects.get(kind="reconcile").wrong_cells == 1


def test_only_entries_of_its_own_authorities_are_waited_for():
    """Whoever else posts without end does not keep this authority from freezing."""
    world, neighbour = reported(), reported()
    post_entries(actor=neighbour.manager, postings=[posting(neighbour.commitments[0], period=Q2)])
    assert not ledger.has_pending_of([world.authority.pk])
    assert ledger.has_pending_of([world.authority.pk, neighbour.authority.pk])


def test_an_empty_section_or_a_wrong_reference_stops_the_freeze():
    world = reported()
    report = draft(world.author)
    financial = CabinetSection.objects.filter(report=report, kind="financial")
    financial.update(narrative="")
    with pytest.raises(RuleBroken, match="Financial Implications is empty"):
        services.freeze_report(actor=world.author, report_id=report.pk)
    financial.update(narrative="{profit}")
    with pytest.raises(RuleBroken, match=r"Financial Implications: \{profit\}"):
        services.freeze_report(actor=world.author, report_id=report.pk)


def test_words_that_move_between_the_reading_and_the_writing_are_not_overtaken():
    world = reported()
    report = draft(world.author)
    steps = []

    def write_before_the_last_step():
        steps.append(True)
        if len(steps) == 3:
            write(world.author, report, "Written a moment later.")

    with pytest.raises(Conflict, match="while it was being frozen"):
        services.freeze_report(
            actor=world.author, report_id=report.pk, tell=write_before_the_last_step
        )
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT
    assert not AuditRecord.objects.filter(deed="report_frozen").exists()


def test_a_frozen_report_is_written_by_nobody():
    world = reported()
    report = freeze(world)
    with pytest.raises(NotAllowed, match="frozen"):
        write(world.author, report, "More.")
    with pytest.raises(NotAllowed, match="frozen"):
        services.freeze_report(actor=world.author, report_id=report.pk)


def test_only_an_author_of_the_authority_freezes():
    world = reported()
    report = draft(world.author)
    with pytest.raises(NotAllowed):
        services.freeze_report(actor=world.manager, report_id=report.pk)
    with pytest.raises(NotVisible):
        services.freeze_report(actor=actor_for_role(Role.REPORT_AUTHOR), report_id=report.pk)


def test_a_sign_off_that_is_asked_for_is_waited_for():
    world = reported()
    report = draft(world.author)
    CabinetReport.objects.filter(pk=report.pk).update(
        needs_sign_off=True, sign_off_steps=["finance", "director"]
    )
    with pytest.raises(RuleBroken, match="Finance and Director have not agreed to the words"):
        services.freeze_report(actor=world.author, report_id=report.pk)
    approver = actor_for_role(Role.APPROVER, world.authority)
    report.refresh_from_db()
    for step in report.sign_off_steps:
        sign_report(
            actor=approver,
            report_id=report.pk,
            step=step,
            answer="agreed",
            words_hash=words_of(report).hash,
        )
    frozen = services.freeze_report(actor=world.author, report_id=report.pk)
    assert [(row["step"], row["by"]) for row in frozen.figures["sign_offs"]] == [
        ("Finance", approver.name),
        ("Director", approver.name),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reporting_cabinetreport SET title = 'Changed' WHERE id = %s",
        "UPDATE reporting_cabinetreport SET figures_hash = 'x' WHERE id = %s",
        "DELETE FROM reporting_cabinetreport WHERE id = %s",
        "UPDATE reporting_cabinetsection SET narrative = 'Changed' WHERE report_id = %s",
        "DELETE FROM reporting_cabinetsection WHERE report_id = %s",
    ],
)
def test_the_database_itself_refuses_to_change_a_frozen_report(statement):
    report = freeze(reported())
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [report.pk])


# --- one view ---------------------------------------------------------------------------------


def test_inside_a_transaction_there_is_no_view_of_its_own():
    with one_view() as is_whole:
        assert not is_whole


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_in_the_one_view_and_it_ends():
    with one_view() as is_whole:
        assert is_whole
        assert connection.in_atomic_block
    assert not connection.in_atomic_block
    with transaction.atomic():
        RollupRun.objects.create(kind="drain", state="done", started_at=NOW, ended_at=NOW)
    assert RollupRun.objects.count() == 1


# --- the same for ever ------------------------------------------------------------------------


def test_many_later_entries_and_another_edition_leave_hash_and_page_as_they_were():
    """Promises, claims, corrections and a switch of editions after the freeze: content and view do not move."""
    world = reported()
    report = freeze(world)
    view = report_to_read(world.author, report.pk)
    chance = random.Random(8)  # noqa: S311  # the same each time
    for number in range(200):
        commitment = chance.choice(world.commitments)
        post_entries(
            actor=world.manager,
            postings=[
                replace(
                    posting(
                        commitment,
                        period=chance.choice(
                            [date(2025, 4, 1), date(2025, 7, 1), date(2026, 1, 1)]
                        ),
                        quantity=Decimal(chance.randint(-5, 50)),
                        value_pence=chance.randint(-10_000, 1_000_000),
                    ),
                    posting_key=f"later:{number}",
                )
            ],
        )
    drain()
    report.refresh_from_db()
    assert hash_of(report.figures) == report.figures_hash
    assert report_to_read(world.author, report.pk) == view
