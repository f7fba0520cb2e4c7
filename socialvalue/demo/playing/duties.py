"""The pipeline of three authorities, what one expects to pay, and the duties that were recorded as done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from procurement.duties import queries as duties
from procurement.duties.queries import DutyLine
from procurement.duties.services import record_duty
from procurement.duties.vocabulary import DutyState
from procurement.procurements import queries as procurements
from procurement.procurements.services import (
    drop_plan,
    plan_procurement,
    record_pipeline_notice,
    record_spend,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.demo import people
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast
from socialvalue.demo.playing.entering import submission_key
from socialvalue.demo.stories.pipeline import MISSED, PLANNED, SPENDS, Planned, Spend

CAUGHT_UP = timedelta(days=3)
"""The officers went through the calendar of duties so long ago."""
EARLY, BEFORE_SIGNING = timedelta(days=5), timedelta(days=20)
AT_ONCE = frozenset({"tender-notice", "contract-notice", "contract-signed"})
ONLY_STARTED = frozenset({"award-notice", "award-letters", "assessment-summaries"})


def unplayed(cast: Cast) -> Iterator[Planned | Spend]:
    """What of the pipeline is not entered yet. The spend comes last and stands for the duties too."""
    for planned in PLANNED:
        officer = _at(cast, planned.authority, Role.PROCUREMENT_OFFICER)
        if officer is None or planned.title not in {
            line.plan.title for line in procurements.plan_list(officer)
        }:
            yield planned
    for spend in SPENDS:
        manager = _at(cast, spend.authority, spend.role)
        if manager is None or not procurements.spends(manager):
            yield spend


def _at(cast: Cast, slug: str, role: Role) -> Actor | None:
    try:
        return cast.at(slug, role)
    except NotVisible:
        return None


def play(days: Days, cast: Cast) -> None:
    """Enter what is missing; what is there already stays as it is."""
    left = list(unplayed(cast))
    for one in left:
        if isinstance(one, Planned):
            _plan(one, days, cast)
    with clock.at(days.by_now(days.today - CAUGHT_UP, 15)):
        for slug in people.AUTHORITIES:
            _catch_up(cast.at(slug, Role.PROCUREMENT_OFFICER))
    for one in left:
        if isinstance(one, Spend):
            _spend(one, days, cast)


def _plan(planned: Planned, days: Days, cast: Cast) -> None:
    officer = cast.at(planned.authority, Role.PROCUREMENT_OFFICER)
    today = days.today
    with clock.at(days.by_now(today - timedelta(days=45), 11)):
        plan = plan_procurement(
            actor=officer,
            submission_key=submission_key(planned.key),
            title=planned.title,
            description=planned.description,
            directorate=planned.directorate,
            category=planned.category.value,
            cpv=planned.cpv,
            estimate=Decimal(planned.estimate),
            estimate_basis="excl",
            vat_rate_percent=Decimal(20),
            notice_expected_on=today + timedelta(days=planned.notice),
            starts_expected_on=today + timedelta(days=planned.starts),
            ends_expected_on=(
                None if planned.ends is None else today + timedelta(days=planned.ends)
            ),
            suits_sme=planned.suits_sme,
            suits_vcse=planned.suits_vcse,
        )
    if planned.dropped:
        with clock.at(days.by_now(today - timedelta(days=12), 14)):
            drop_plan(actor=officer, plan_id=plan.pk, reason=planned.dropped)


def _spend(spend: Spend, days: Days, cast: Cast) -> None:
    manager = cast.at(spend.authority, spend.role)
    year = days.year
    with clock.at(days.by_now(year.first_day + timedelta(days=7))):
        record_spend(actor=manager, year=year, amount=Decimal(spend.amount), source=spend.source)
    published_on = date(year.start_year, 5, 20)
    if spend.notice and published_on <= days.today:
        with clock.at(days.by_now(published_on, 16)):
            record_pipeline_notice(
                actor=manager, year=year, published_on=published_on, reference=spend.notice
            )


def _catch_up(officer: Actor) -> None:
    """Record what was done in its time, but for what the story leaves open."""
    rows = procurements.procurement_list(officer).order_by("id")
    for pk, reference, key in rows.values_list("pk", "reference", "submission_key"):
        story = key.removeprefix(submission_key(""))
        recorded: set[tuple[str, str]] = set()
        while line := _next(officer, pk, story, recorded):
            recorded.add((line.duty.slug, line.duty.occurrence))
            record_duty(
                actor=officer,
                procurement_id=pk,
                duty=line.duty.slug,
                occurrence=line.duty.occurrence,
                done_on=_done_on(line),
                reference=_reference(line, reference),
            )


def _next(
    officer: Actor, procurement_id: int, story: str, recorded: set[tuple[str, str]]
) -> DutyLine | None:
    try:
        page = duties.duties_page(officer, procurement_id)
    except NotVisible:
        return None
    for line in page.open:
        duty = line.duty
        is_past = duty.state == DutyState.OVERDUE or (
            duty.state == DutyState.DUE and duty.slug in ONLY_STARTED
        )
        known = (duty.slug, duty.occurrence) in recorded or (story, duty.slug) in MISSED
        if is_past and line.can_be_recorded and not known:
            return line
    return None


def _done_on(line: DutyLine) -> date:
    """A few days before it was due, or on the day itself where the day is the deed."""
    due_on = line.duty.due_on
    if due_on is None:
        return line.today
    if line.duty.slug in AT_ONCE:
        return min(due_on, line.today)
    # The standstill lies between the notice of the award and the signing.
    before = BEFORE_SIGNING if line.duty.rule.sets else EARLY
    return min(due_on - before, line.today)


def _reference(line: DutyLine, reference: str) -> str:
    has_notice = "notice" in line.duty.slug or line.duty.slug == "kpi-assessment"
    return f"Demonstration notice of {reference}" if has_notice else ""
