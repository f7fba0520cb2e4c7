"""A report issued again, and what moved since: figure by figure, to the penny."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from procurement.deliveries.models import Claim
from procurement.ledger.services import post_entries
from procurement.verifications.services import correct_claim, verify_claim
from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.queries.comparing import compare_page, compare_table
from reporting.cabinet.rules.comparing import Why
from reporting.cabinet.services.reissue import reissue_report
from reporting.cabinet.vocabulary import ReportStatus
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, Q1, Q2, YEAR, draft, reported
from tests.factories.deliveries import claim
from tests.factories.ledger import posting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def frozen(world) -> CabinetReport:
    return services.freeze_report(actor=world.author, report_id=draft(world.author).pk)


def test_the_next_issue_has_the_same_words_and_the_one_before_stays():
    world = reported()
    report = frozen(world)
    words = list(report.sections.values_list("kind", "heading", "is_numbered", "narrative"))
    again = reissue_report(actor=world.author, report_id=report.pk)
    assert (again.issue, again.replaces_id, again.status) == (2, report.pk, ReportStatus.DRAFT)
    assert (again.title, again.financial_year) == (report.title, YEAR)
    assert list(again.sections.values_list("kind", "heading", "is_numbered", "narrative")) == words
    before = report.figures_hash
    report.refresh_from_db()
    assert (report.status, report.figures_hash) == (ReportStatus.FROZEN, before)
    assert AuditRecord.objects.filter(deed="report_reissued").count() == 2
    second = services.freeze_report(actor=world.author, report_id=again.pk)
    assert second.figures["issue"] == 2
    assert second.figures["replaces"]["figures_hash"] == before


def test_a_report_is_issued_again_once_by_an_author_and_only_when_frozen():
    world = reported()
    first = draft(world.author)
    with pytest.raises(NotAllowed, match="Only a frozen report"):
        reissue_report(actor=world.author, report_id=first.pk)
    report = frozen(world)
    with pytest.raises(NotAllowed, match="report author"):
        reissue_report(actor=world.manager, report_id=report.pk)
    with pytest.raises(NotVisible):
        reissue_report(actor=actor_for_role(Role.REPORT_AUTHOR), report_id=report.pk)
    reissue_report(actor=world.author, report_id=report.pk)
    with pytest.raises(NotAllowed, match="issued again already"):
        reissue_report(actor=world.author, report_id=report.pk)


def moved(world, report):
    found = compare_page(world.author, report.pk).comparison
    return {row.name: row for row in found.rows}


def parts(row):
    return {part.why: part.amount for part in row.parts}


def test_every_movement_is_told_in_parts_that_add_up_to_the_penny():
    """Since the freeze: a correction, a claim verified, a plan moved, another contract, an entry of next year."""
    world = reported()
    report = frozen(world)
    hours, carbon, _ = world.commitments
    slip = Claim.objects.get(commitment=hours)
    # £750 becomes £12.50; the 2 tonnes that waited are verified, £600.
    correct_claim(actor=world.manager, claim_id=slip.pk, quantity=Decimal(1), reason="A slip.")
    waiting = Claim.objects.get(commitment=carbon)
    verify_claim(actor=world.manager, claim_id=waiting.pk, expected_version=waiting.version)
    claim(world.claimant, hours, quantity=Decimal(4), quarter=Q2)
    post_entries(
        actor=world.manager,
        postings=[
            posting(hours, period=Q1, quantity=Decimal(-1), value_pence=-1_001),
            posting(hours, period=date(2026, 4, 1), value_pence=99_999),
        ],
    )
    reported(world.authority)
    drain()
    again = reissue_report(actor=world.author, report_id=report.pk)
    rows = moved(world, again)
    assert parts(rows["verified_total"]) == {
        Why.NEW: Decimal(600) + Decimal(750), Why.CORRECTED: Decimal("-737.50"),
    }  # fmt: skip
    assert rows["verified_total"].movement == Decimal("612.50")
    assert rows["verified_total"].shown == "+£612.50"
    assert parts(rows["claimed_total"])[Why.NEW] == 4 * Decimal("12.50") + 750 + 600
    # Issue 1 knew the promises of the first contract, and none of the second.
    assert parts(rows["committed_total"]) == {
        Why.NEW: Decimal(11_000), Why.PLAN: Decimal("-10.01"),
    }  # fmt: skip
    assert parts(rows["tco2e_verified"]) == {Why.NEW: Decimal(2)}
    for row in rows.values():
        if row.parts:
            assert sum((part.amount for part in row.parts), Decimal(0)) == row.movement, row.name
            assert Why.UNEXPLAINED not in parts(row)
    assert "of £11,000" in rows["verified_share"].note
    contracts = rows["contracts_live"]
    assert (contracts.movement, len(contracts.came), contracts.left) == (1, 1, ())


def test_two_frozen_issues_compare_alike_whenever_they_are_compared():
    world = reported()
    report = frozen(world)
    slip = Claim.objects.get(commitment=world.commitments[0])
    correct_claim(actor=world.manager, claim_id=slip.pk, quantity=Decimal(2), reason="A slip.")
    drain()
    again = reissue_report(actor=world.author, report_id=report.pk)
    services.freeze_report(actor=world.author, report_id=again.pk)
    first = compare_page(world.author, again.pk)
    post_entries(actor=world.manager, postings=[posting(world.commitments[0], period=Q1)])
    drain()
    assert compare_page(world.author, again.pk) == first
    assert parts(moved(world, again)["verified_total"]) == {Why.CORRECTED: Decimal(-725)}


def test_a_report_of_the_first_format_is_compared_by_its_place_in_the_ledger():
    world = reported()
    report = frozen(world)
    first = {
        key: value
        for key, value in report.figures.items()
        if key in (
            "organisation", "is_demonstration", "title", "meeting_on", "year", "as_at", "moment", "ledger_position",
            "cube_version", "contacts", "circulation_local", "circulation_other",
        )
    }  # fmt: skip
    plain = {
        "name",
        "label",
        "meaning",
        "kind",
        "unit",
        "computation",
        "source",
        "value",
        "shown",
        "beside",
    }
    first |= {
        "format": 1,
        "figures": [
            {key: row[key] for key in (*plain, "opens_url", "is_money")} for row in report.figures["figures"]
        ],
        "sections": [{"kind": row["kind"], "narrative": "Words."} for row in report.figures["sections"]],
        "charts": {}, "tables": {}, "annex": {"money": [], "counts": []},
    }  # fmt: skip
    old = draft(world.author)
    CabinetSection.objects.filter(report=old, kind="financial").update(narrative="Words.")
    CabinetReport.objects.filter(pk=old.pk).update(
        status="frozen", frozen_at=NOW, frozen_by_id=world.author.user_id, figures=first, figures_hash="x" * 64
    )  # fmt: skip
    verified = Claim.objects.get(commitment=world.commitments[1])
    verify_claim(actor=world.manager, claim_id=verified.pk, expected_version=verified.version)
    drain()
    again = reissue_report(actor=world.author, report_id=old.pk)
    financial = CabinetSection.objects.get(report=again, kind="financial").narrative
    assert financial == "Words.\n\n{chart:quarters}\n\n{table:quarters}"
    assert parts(moved(world, again)["verified_total"]) == {Why.NEW: Decimal(600)}


def test_what_may_be_compared():
    world = reported()
    report = frozen(world)
    with pytest.raises(NotVisible, match="no earlier issue"):
        compare_page(world.author, report.pk)
    with pytest.raises(RuleBroken, match="another one that is frozen"):
        compare_page(world.author, report.pk, draft(world.author).pk)
    with pytest.raises(RuleBroken, match="another one that is frozen"):
        compare_page(world.author, report.pk, report.pk)
    with pytest.raises(NotVisible):
        compare_page(world.author, report.pk, frozen(reported()).pk)
    earlier_year = services.start_report(
        actor=world.author, title="", financial_year="2024-25", meeting_on=date(2025, 9, 9)
    )
    services.freeze_report(actor=world.author, report_id=earlier_year.pk)
    with pytest.raises(RuleBroken, match="same period"):
        compare_page(world.author, report.pk, earlier_year.pk)
    other = frozen(world)
    assert compare_page(world.author, report.pk, other.pk).comparison.moved == ()


def test_the_table_is_the_page_and_counts_only_has_no_pounds():
    world = reported()
    report = frozen(world)
    reported(world.authority)
    again = reissue_report(actor=world.author, report_id=report.pk)
    page = compare_page(world.author, again.pk)
    table = compare_table(world.author, again.pk)
    assert [row[0] for row in table.rows] == [row.label for row in page.comparison.rows]
    counts = compare_table(world.author, again.pk, counts_only=True)
    labels = {row[0] for row in counts.rows}
    assert "Contracts running in the period" in labels
    assert not labels & {"Social value verified", "Share of commitments verified"}
    assert replace(page, comparison=page.comparison.counts_only()) == compare_page(
        world.author, again.pk, counts_only=True
    )
