"""What a report can be started with: kinds, templates, periods, places, and the facts of its first words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from procurement.procurements import queries as procurements
from reporting.cabinet.models import ReportTemplate
from reporting.cabinet.permissions import can_start
from reporting.cabinet.queries.building import reading_of
from reporting.cabinet.queries.exhibits.registry import built, has_rows
from reporting.cabinet.rules.forms import FORMS, LEANED_ON, Facts, Form, form_of
from reporting.cabinet.rules.templates import filled
from reporting.figures.permissions import leads_region
from reporting.figures.rules.spans import QUARTERS, Span
from reporting.showcase import queries as showcase
from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.periods import FinancialYear, quarter_start

if TYPE_CHECKING:
    from reporting.cabinet.models import CabinetReport
    from reporting.figures.queries.reading import Reading

YEARS_BACK = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A form to start from: one that comes with the service, or one of the organisation's own."""

    form: Form
    template_id: int | None
    name: str
    purpose: str
    committee: str
    is_chosen: bool

    @property
    def query(self) -> str:
        """What its address asks."""
        return f"template={self.template_id}" if self.template_id else f"kind={self.form.kind}"


@dataclass(frozen=True, slots=True)
class StartPage:
    """The page on which a report is started."""

    choices: tuple[Choice, ...]
    chosen: Choice
    years: tuple[tuple[str, str], ...]
    quarters: tuple[tuple[str, str], ...]
    directorates: tuple[str, ...]
    regions: tuple[tuple[str, str], ...]
    first_year: str
    first_quarter: str
    title: str
    """What it is called when nobody gives it another title."""

    @property
    def missing(self) -> str:
        """Why a report of this kind cannot be started here; empty when it can."""
        if self.chosen.form.has_directorate and not self.directorates:
            return (
                "No procurement of your organisation names a directorate yet. Record the directorate on a procurement "
                "first, then start its pack."
            )
        return ""


def start_page(actor: Actor, today: date, *, kind: str = "", template: str = "") -> StartPage:
    """The choices, with the one asked for: a kind, or the number of a template. NotVisible for one that is not there.

    NotAllowed without the author's role.
    """
    if not can_start(actor):
        raise NotAllowed("Only a report author can start a report.")
    rows = _choices(actor)
    if template:
        wanted = [row for row in rows if str(row.template_id) == template]
    else:
        wanted = [
            row for row in rows if not row.template_id and row.form.kind == (kind or "cabinet")
        ]
    if not wanted:
        raise NotVisible
    chosen = wanted[0]
    form = chosen.form
    years = [FinancialYear(FinancialYear.of(today).start_year - back) for back in range(YEARS_BACK)]
    last = last_span(form, today)
    places = directorates(actor) if form.has_directorate else []
    found = regions(actor) if form.has_region else []
    facts = facts_before(
        actor,
        committee=chosen.committee,
        span=last,
        directorate=places[0] if places else "",
        region=found[0].name if found else "",
    )
    return StartPage(
        choices=tuple(replace(row, is_chosen=row is chosen) for row in rows),
        chosen=chosen,
        years=tuple((year.slug, year.label) for year in years),
        quarters=tuple((str(n), f"Quarter {n}") for n in QUARTERS) if form.is_quarterly else (),
        directorates=tuple(places),
        regions=tuple((row.slug, row.name) for row in found),
        first_year=last.year.slug,
        first_quarter=str(last.quarter or ""),
        title=filled(form.title, facts),
    )


def _choices(actor: Actor) -> list[Choice]:
    own = ReportTemplate.objects.filter(authority_id=actor.organisation_id, archived_at=None)
    may_region = bool(regions(actor))
    standard = [form for form in FORMS.values() if may_region or not form.has_region]
    return [
        *(
            Choice(form, None, form.kind.label, form.purpose, form.committee, False)
            for form in standard
        ),
        *(
            Choice(
                form_of(row.kind),
                row.pk,
                row.name,
                f"Your organisation’s own template, for {row.committee}.",
                row.committee,
                False,
            )
            for row in own
            if may_region or not form_of(row.kind).has_region
        ),
    ]


def last_span(form: Form, today: date) -> Span:
    """The period that ended last: a quarter for a directorate's pack, else a year."""
    year = FinancialYear.of(today)
    if not form.has_directorate:
        return Span(FinancialYear(year.start_year - 1))
    place = year.quarters.index(quarter_start(today))
    if place:
        return Span(year, place)
    return Span(FinancialYear(year.start_year - 1), QUARTERS[-1])


def directorates(actor: Actor) -> list[str]:
    """The directorates that the authority's procurements name."""
    return procurements.directorates(actor)


def regions(actor: Actor) -> list[Any]:
    """The regions whose figures the actor may report: those their organisation leads, for its regional analysts."""
    if not leads_region(actor):
        return []
    return list(accounts.regions(actor.region_ids))


def facts_before(
    actor: Actor, *, committee: str, span: Span, directorate: str = "", region: str = ""
) -> Facts:
    """What is known of a report before its figures are read."""
    return Facts(
        organisation=actor.organisation_name,
        committee=committee,
        period=span.label,
        next_period=_next(span).label,
        directorate=directorate,
        region=region,
    )


def _next(span: Span) -> Span:
    if span.quarter is None or span.quarter == QUARTERS[-1]:
        after = FinancialYear(span.year.start_year + 1)
        return Span(after, None if span.quarter is None else QUARTERS[0])
    return Span(span.year, span.quarter + 1)


def with_figures(actor: Actor, report: CabinetReport, facts: Facts) -> Facts:
    """The facts with what the figures of this report say."""
    reading = reading_of(actor, report)
    figures = reading.figures()
    return replace(
        facts,
        reported=frozenset(row.name for row in figures if row.value is not None),
        above_zero=frozenset(row.name for row in figures if row.value),
        exhibits=frozenset(name for name in LEANED_ON if _has_rows(reading, name)),
        stories=tuple(row.slug for row in showcase.published_stories([report.authority_id])),
    )


def _has_rows(reading: Reading, name: str) -> bool:
    kind, _, key = name.partition(":")
    # The definitions are made of the figures themselves, which every report has.
    return key == "definitions" or has_rows(built(reading, kind, key))
