"""Starting a report: the form of its kind or of the organisation, with words that fit the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from reporting.cabinet.models import CabinetReport, CabinetSection, ReportTemplate
from reporting.cabinet.permissions import can_start
from reporting.cabinet.queries import starting
from reporting.cabinet.rules.arranging import title_of
from reporting.cabinet.rules.forms import Facts, Form, form_of
from reporting.cabinet.rules.templates import filled
from reporting.cabinet.vocabulary import CabinetDeed, ReportKind
from reporting.figures.rules.spans import QUARTERS, Span
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import FinancialYear

NOT_AUTHOR = (
    "Only a report author can do this. Ask your organisation's administrator for that role."
)


@dataclass(frozen=True, slots=True)
class _About:
    """What the report is about, checked."""

    span: Span
    directorate: str = ""
    region: Any = None


@transaction.atomic
def start_report(
    *,
    actor: Actor,
    financial_year: str,
    meeting_on: date,
    title: str = "",
    kind: str = ReportKind.CABINET,
    template_id: int | None = None,
    quarter: int | None = None,
    directorate: str = "",
    region: str = "",
) -> CabinetReport:
    """A draft with every heading of its form, opening paragraphs that fit the figures, and an empty contacts table.

    ``financial_year`` is like ``2025-26``; ``quarter`` 1 to 4, None for the whole year; ``region`` is a slug. A
    template of the organisation decides the kind. An empty title is the one of the form. NotAllowed without the
    author's role, NotVisible for another's template or region, RuleBroken for a period that cannot be read or has
    not begun, and for a kind without what it is about.
    """
    if not can_start(actor) or actor.organisation_id is None or actor.user_id is None:
        raise NotAllowed(NOT_AUTHOR)
    template = _template(actor, template_id)
    form = _form(template.kind if template else kind)
    about = _about(actor, form, financial_year, quarter, directorate, region)
    facts = starting.facts_before(
        actor,
        committee=template.committee if template else form.committee,
        span=about.span,
        directorate=about.directorate,
        region=about.region.name if about.region else "",
    )
    report = CabinetReport.objects.create(
        authority_id=actor.organisation_id,
        kind=form.kind,
        template=template,
        title=title_of(title.strip() or filled(form.title, facts)),
        committee=facts.committee,
        financial_year=about.span.year.slug,
        quarter=about.span.quarter,
        directorate=about.directorate,
        region=about.region,
        meeting_on=meeting_on,
        contacts=_contacts(actor, template.contact_roles if template else form.contact_roles),
        sign_off_steps=list(template.sign_off_steps if template else form.sign_off_steps),
        needs_sign_off=template.needs_sign_off if template else False,
        started_by_id=actor.user_id,
        started_at=clock.now(),
    )
    _fill(report, template, form, starting.with_figures(actor, report, facts))
    record(
        actor=actor,
        deed=CabinetDeed.STARTED,
        sentence=f"{actor.name} started the report “{report.title}” for {about.span.label}.",
        target=report,
        after={
            "kind": report.kind,
            "title": report.title,
            "financial_year": report.financial_year,
            "quarter": report.quarter,
            "directorate": report.directorate,
            "region": about.region.slug if about.region else "",
            "template": template.name if template else "",
            "meeting_on": meeting_on.isoformat(),
        },
    )
    return report


def _fill(report: CabinetReport, template: ReportTemplate | None, form: Form, facts: Facts) -> None:
    """Every section with its first words: the template's, or else those of the form that fit the figures."""
    rows = (
        [
            (row["kind"], row["heading"], row["is_numbered"], filled(row["narrative"], facts))
            for row in template.sections
        ]
        if template
        else [
            (row.kind, row.heading, row.is_numbered, form.opening(row.kind, facts))
            for row in form.sections
        ]
    )
    CabinetSection.objects.bulk_create(
        CabinetSection(
            report=report,
            kind=kind,
            heading=heading,
            is_numbered=is_numbered,
            position=position,
            narrative=narrative,
        )
        for position, (kind, heading, is_numbered, narrative) in enumerate(rows, start=1)
    )


def _template(actor: Actor, template_id: int | None) -> ReportTemplate | None:
    if template_id is None:
        return None
    found = ReportTemplate.objects.filter(
        pk=template_id, authority_id=actor.organisation_id, archived_at=None
    ).first()
    if found is None:
        raise NotVisible
    return found


def _form(kind: str) -> Form:
    if kind not in ReportKind.values:
        raise RuleBroken("Select a kind of report from the list.", field="kind")
    return form_of(kind)


def _about(
    actor: Actor,
    form: Form,
    financial_year: str,
    quarter: int | None,
    directorate: str,
    region: str,
) -> _About:
    span = _span(form, financial_year, quarter)
    if form.has_directorate:
        name = directorate.strip()
        if name not in starting.directorates(actor):
            raise RuleBroken("Select a directorate from the list.", field="directorate")
        return _About(span, directorate=name)
    if form.has_region:
        found = next((row for row in starting.regions(actor) if row.slug == region), None)
        if found is None:
            raise NotVisible
        return _About(span, region=found)
    return _About(span)


def _span(form: Form, financial_year: str, quarter: int | None) -> Span:
    try:
        year = FinancialYear.parse(financial_year)
    except ValueError as error:
        raise RuleBroken(f"{error}.", field="financial_year") from error
    if quarter is not None and quarter not in QUARTERS:
        raise RuleBroken("Select a quarter from 1 to 4.", field="quarter")
    if form.has_directorate and quarter is None:
        raise RuleBroken("Select the quarter the pack is about.", field="quarter")
    span = Span(year, quarter if form.is_quarterly else None)
    if span.first > clock.today():
        what, field = (
            ("quarter", "quarter") if span.quarter else ("financial year", "financial_year")
        )
        raise RuleBroken(f"This {what} has not begun. Choose an earlier one.", field=field)
    return span


def _contacts(actor: Actor, roles: Sequence[str]) -> list[dict[str, str]]:
    """A row a role; the author is known already."""
    return [
        {"role": role, "name": actor.name if n == 0 else "", "contact": ""}
        for n, role in enumerate(roles)
    ]
