"""Steps 8 and 9: the totals, the dashboards and the Cabinet report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procurement.ledger import queries as ledger
from procurement.verifications.services import correct_claim
from reporting.cabinet.services import freeze_report, start_report, write_section
from reporting.cabinet.vocabulary import ReportStatus, SectionKind
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope, region_scope
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain, reconcile
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.flows.test_thread.people import LOCAL_JOB, YEAR, Thread, day

FIGURES = {
    # 2 FTE-years and £10,000 promised; 0.4 and £5,000 claimed, with evidence; 0.3 and £4,500 verified.
    "committed_total": 2 * LOCAL_JOB + 10_000,
    "claimed_total": Decimal("0.4") * LOCAL_JOB + 5_000,
    "evidenced_total": Decimal("0.4") * LOCAL_JOB + 5_000,
    "verified_total": Decimal("0.3") * LOCAL_JOB + 4_500,
}


def shown(actor: Actor, scope: Any) -> dict[str, Decimal | None]:
    reading = read(actor, scope)
    return {name: reading.figure(name).value for name in FIGURES}


def roll_up(thread: Thread) -> None:
    assert ledger.pending_count() > 0
    drain()
    assert ledger.pending_count() == 0
    assert reconcile().wrong == 0
    drain()
    span = Span(YEAR)
    with clock.at(day(2026, 9, 2)):
        author, analyst, neighbour = thread["author"], thread["analyst"], thread["neighbour"]
        assert shown(author, council_scope(author, span)) == FIGURES
        assert shown(analyst, region_scope(analyst, span)) == FIGURES
        nothing = shown(neighbour, council_scope(neighbour, span))
        assert not any(nothing.values())
        with pytest.raises(NotVisible):
            region_scope(author, span)
        earlier = shown(author, council_scope(author, span.earlier()))
        assert not any(earlier.values())


def report_to_cabinet(thread: Thread) -> None:
    author = thread["author"]
    facts = {"title": "Social value", "financial_year": "2026-27", "meeting_on": date(2027, 5, 13)}
    with clock.at(day(2027, 4, 12)):
        with pytest.raises(NotAllowed):
            start_report(actor=thread["officer"], **facts)
        report = start_report(actor=author, **facts)
        write_section(
            actor=author,
            report_id=report.pk,
            kind=SectionKind.RECOMMENDATION,
            expected_version=1,
            narrative="That Cabinet notes that {verified_total} was verified.",
        )
        with pytest.raises(NotVisible):
            freeze_report(actor=thread["neighbour"], report_id=report.pk)
        with pytest.raises(NotAllowed):
            freeze_report(actor=thread["manager"], report_id=report.pk)
        report = freeze_report(actor=author, report_id=report.pk)
        with pytest.raises((RuleBroken, NotAllowed)):
            write_section(
                actor=author,
                report_id=report.pk,
                kind=SectionKind.RECOMMENDATION,
                expected_version=2,
                narrative="Something else.",
            )
    assert report.status == ReportStatus.FROZEN
    frozen = {row["name"]: row["value"] for row in report.figures["figures"]}
    assert {name: Decimal(frozen[name]) for name in FIGURES} == FIGURES
    # What happens later does not change it.
    with clock.at(day(2027, 4, 13)):
        correct_claim(
            actor=thread["manager"],
            claim_id=thread.kept["claims"]["spend"],
            quantity=Decimal(4000),
            reason="A credit note.",
        )
        drain()
        assert shown(author, council_scope(author, Span(YEAR)))["verified_total"] == (
            Decimal("0.3") * LOCAL_JOB + 4_000
        )
    report.refresh_from_db()
    assert {row["name"]: row["value"] for row in report.figures["figures"]} == frozen
