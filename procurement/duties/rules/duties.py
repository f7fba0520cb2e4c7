"""The duties of one procurement, read off its facts. Pure: the same facts on the same day give the same list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from procurement.duties.rules.dating import due_on, yearly
from procurement.duties.rules.table import DutyRule
from procurement.duties.vocabulary import DutyState, Event, Every, LawSide
from procurement.policies.rules import BASIS_WORDS, REGIME_NAMES, ThresholdRow
from procurement.policies.vocabulary import VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class Done:
    """What was recorded about one time of a duty; of several rows the latest."""

    slug: str
    occurrence: str
    done_on: date
    reference: str = ""
    note: str = ""
    by: str = ""
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """One procurement, as far as duties depend on it. Amounts in pounds, with and without VAT.

    ``estimate_…``: as it was before the award; ``value_…``: as it is now. ``threshold`` is the row it was compared with
    and ``lines`` the other dated amounts of the law on the day it commenced, by category.
    """

    category: str
    commenced_on: date
    threshold: ThresholdRow
    estimate_net: Decimal
    estimate_gross: Decimal
    value_net: Decimal
    value_gross: Decimal
    lines: Mapping[str, ThresholdRow] = field(default_factory=dict)
    published_on: date | None = None
    awarded_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_withdrawn: bool = False
    taken_in_on: date | None = None
    """The day a published notice brought it here: what fell due before is kept elsewhere."""
    done: Sequence[Done] = ()

    def estimate_on(self, basis: str) -> Decimal:
        return self.estimate_net if basis == VatBasis.EXCL else self.estimate_gross

    def value_on(self, basis: str) -> Decimal:
        return self.value_net if basis == VatBasis.EXCL else self.value_gross

    @property
    def is_at_or_above(self) -> bool:
        return self.estimate_on(self.threshold.vat_basis) >= self.threshold.amount


@dataclass(frozen=True, slots=True)
class Duty:
    """One time of one duty. ``due_on`` None: no fixed day, or its clock has not started."""

    rule: DutyRule
    state: DutyState
    occurrence: str = ""
    due_on: date | None = None
    reason: str = ""
    """Why it does not apply, what it waits for, or how its day was found."""
    done: Done | None = None

    @property
    def slug(self) -> str:
        return self.rule.slug

    @property
    def is_open(self) -> bool:
        return self.state in (DutyState.OVERDUE, DutyState.DUE, DutyState.NOT_YET)

    @property
    def was_late(self) -> bool:
        return bool(self.done and self.due_on and self.done.done_on > self.due_on)

    @property
    def can_be_recorded(self) -> bool:
        if self.state == DutyState.DOES_NOT_APPLY or self.rule.is_period:
            return False
        # A yearly one has its day once the contract has its dates.
        return self.rule.every != Every.YEAR or self.due_on is not None


def duties_of(
    facts: DutyFacts, rules: Sequence[DutyRule], holidays: Collection[date], today: date
) -> list[Duty]:
    """Every duty of the table: those that apply with their day and state, the others once each with the reason.

    Open ones first, by day; then those done; then those that do not apply.
    """
    found: list[Duty] = []
    refused: dict[str, Duty] = {}
    for rule in rules:
        if reason := why_not(facts, rule):
            # The nearest miss speaks: a line of this law rather than one of another law.
            if rule.slug not in refused or facts.threshold.regime in rule.regimes:
                refused[rule.slug] = Duty(rule, DutyState.DOES_NOT_APPLY, reason=reason)
        else:
            found += _times(facts, rule, rules, holidays, today)
    applying = {duty.slug for duty in found}
    found += [duty for slug, duty in refused.items() if slug not in applying]
    return sorted(found, key=_order)


_RANK = {
    DutyState.OVERDUE: 0,
    DutyState.DUE: 0,
    DutyState.NOT_YET: 0,
    DutyState.DONE: 1,
    DutyState.DOES_NOT_APPLY: 2,
}
_STEPS = list(Event)
_WITHDRAWN = "The procurement was withdrawn."


def _order(duty: Duty) -> tuple[int, int, date, int, str]:
    day = duty.due_on or date.max
    is_dated = 0 if duty.due_on or duty.state == DutyState.DUE else 1
    return _RANK[duty.state], is_dated, day, _STEPS.index(duty.rule.opens), duty.slug


# --- whether it applies -----------------------------------------------------------------------


def why_not(facts: DutyFacts, rule: DutyRule) -> str:
    """Why the line does not bind this procurement; empty when it does."""
    regime = facts.threshold.regime
    if regime not in rule.regimes:
        return f"This procurement is under the {REGIME_NAMES.get(regime, regime)}."
    ended = rule.in_force_to is not None and facts.commenced_on > rule.in_force_to
    if ended or facts.commenced_on < rule.in_force_from:
        return _not_in_force(facts)
    if reason := rule.excepted.get(facts.category):
        return reason
    if rule.only and facts.category not in rule.only:
        return "It binds other kinds of contract."
    if rule.side != LawSide.ANY and facts.is_at_or_above != (rule.side == LawSide.AT_OR_ABOVE):
        return _wrong_side(facts)
    return _under_the_line(facts, rule) if rule.line else ""


def _not_in_force(facts: DutyFacts) -> str:
    return f"It was not in force when this procurement commenced, on {uk_date(facts.commenced_on)}."


def _wrong_side(facts: DutyFacts) -> str:
    row = facts.threshold
    side = "at or above" if facts.is_at_or_above else "below"
    return (
        f"At {_amount(facts.estimate_on(row.vat_basis), row)} the estimate is {side} "
        f"the {pounds(row.amount)} threshold."
    )


def _under_the_line(facts: DutyFacts, rule: DutyRule) -> str:
    row = facts.lines.get(rule.line)
    if row is None:
        return _not_in_force(facts)
    value = facts.value_on(row.vat_basis)
    if value > row.amount or (rule.line_is_included and value == row.amount):
        return ""
    words = "less than" if rule.line_is_included else "not more than"
    return f"At {_amount(value, row)} it is {words} {pounds(row.amount)}."


def _amount(value: Decimal, row: ThresholdRow) -> str:
    return f"{pounds(value)} {BASIS_WORDS[VatBasis(row.vat_basis)]}"


# --- when, and how it stands ------------------------------------------------------------------


def _times(
    facts: DutyFacts,
    rule: DutyRule,
    rules: Sequence[DutyRule],
    holidays: Collection[date],
    today: date,
) -> Iterator[Duty]:
    """Each time of a duty that applies."""
    records = [row for row in facts.done if row.slug == rule.slug]
    if rule.every == Every.TIME:
        yield from (_done(rule, row) for row in records)
        if not facts.is_withdrawn:
            yield Duty(rule, DutyState.NOT_YET, reason="Each time it happens.")
        elif not records:
            yield Duty(rule, DutyState.DOES_NOT_APPLY, reason=_WITHDRAWN)
        return
    if rule.every == Every.YEAR and facts.starts_on and facts.ends_on:
        opens = facts.starts_on
        by_day = {row.occurrence: row for row in records}
        for day in yearly(facts.starts_on, facts.ends_on):
            occurrence = day.isoformat()
            record = by_day.get(occurrence)
            yield _one(facts, rule, today, occurrence, opens, day, record, "")
            opens = day + timedelta(days=1)
        return
    events = _events(facts, rules)
    record = records[0] if records else None
    clock = events.get(rule.clock)
    last: date | None = None
    problem = ""
    if clock is not None:
        try:
            last = due_on(rule, clock, holidays)
        except RuleBroken as error:
            problem = error.message
    elif rule.is_period and facts.awarded_on is not None:
        problem = _if_today(rule, today, holidays)
    note = problem or _counted(facts, rule, rules)
    yield _one(facts, rule, today, "", events.get(rule.opens), last, record, note)


def _one(
    facts: DutyFacts,
    rule: DutyRule,
    today: date,
    occurrence: str,
    opens: date | None,
    last: date | None,
    record: Done | None,
    note: str,
) -> Duty:
    if record is not None:
        return _done(rule, record, last)
    if facts.is_withdrawn:
        return Duty(rule, DutyState.DOES_NOT_APPLY, occurrence, reason=_WITHDRAWN)
    if _is_elsewhere(facts, rule, opens, last):
        reason = "It fell due before a published notice brought this procurement here."
        return Duty(rule, DutyState.DOES_NOT_APPLY, occurrence, reason=reason)
    if rule.is_period:
        return _period(rule, today, opens, last, note)
    if last is not None and today > last:
        return Duty(rule, DutyState.OVERDUE, occurrence, last, note)
    if opens is not None and opens <= today:
        return Duty(rule, DutyState.DUE, occurrence, last, note)
    waits = f"Waits for {rule.opens.label}." if opens is None else note
    return Duty(rule, DutyState.NOT_YET, occurrence, last, waits)


def _period(rule: DutyRule, today: date, opens: date | None, last: date | None, note: str) -> Duty:
    if opens is None or last is None or opens > today:
        return Duty(rule, DutyState.NOT_YET, "", last, note or f"Waits for {rule.opens.label}.")
    if today > last:
        return Duty(rule, DutyState.DONE, "", last, f"It ended on {uk_date(last)}.")
    after = uk_date(last + timedelta(days=1))
    return Duty(rule, DutyState.DUE, "", last, f"The contract can be signed from {after}.")


def _if_today(rule: DutyRule, today: date, holidays: Collection[date]) -> str:
    try:
        last = due_on(rule, today, holidays)
    except RuleBroken as error:
        return error.message
    waits = f"Waits for {rule.opens.label}."
    return f"{waits} If that is today, it ends on {uk_date(last)}." if last else waits


def _done(rule: DutyRule, record: Done, last: date | None = None) -> Duty:
    return Duty(rule, DutyState.DONE, record.occurrence, last, done=record)


def _is_elsewhere(facts: DutyFacts, rule: DutyRule, opens: date | None, last: date | None) -> bool:
    if facts.taken_in_on is None:
        return False
    day = last or opens
    if day is not None:
        return day < facts.taken_in_on
    # Nothing of the tender of an award that came from a notice is kept here.
    before = (Event.COMMENCED, Event.PUBLISHED, Event.NOTICED)
    return facts.awarded_on is not None and rule.opens in before


def _events(facts: DutyFacts, rules: Sequence[DutyRule]) -> dict[Event, date]:
    """The days that are known. A contract that has started was signed by then at the latest."""
    days = {
        Event.COMMENCED: facts.commenced_on,
        Event.PUBLISHED: facts.published_on,
        Event.AWARDED: facts.awarded_on,
        Event.SIGNED: facts.starts_on,
        Event.STARTED: facts.starts_on,
        Event.ENDED: facts.ends_on,
    }
    days |= _recorded(facts, rules)
    return {event: day for event, day in days.items() if day is not None}


def _recorded(facts: DutyFacts, rules: Sequence[DutyRule]) -> dict[Event, date]:
    setters = {
        rule.slug: rule.sets
        for rule in rules
        if rule.sets is not None and facts.threshold.regime in rule.regimes
    }
    return {setters[row.slug]: row.done_on for row in facts.done if row.slug in setters}


def _counted(facts: DutyFacts, rule: DutyRule, rules: Sequence[DutyRule]) -> str:
    if rule.clock != Event.SIGNED or facts.starts_on is None:
        return ""
    if Event.SIGNED in _recorded(facts, rules):
        return ""
    return "Counted from the start of the contract, because the day of signing is not recorded."


def standstill_of(duties: Sequence[Duty]) -> Duty | None:
    """The standstill among the duties of a procurement, if there is one."""
    return next(
        (d for d in duties if d.rule.is_period and d.state != DutyState.DOES_NOT_APPLY), None
    )


def next_duty(duties: Sequence[Duty]) -> Duty | None:
    """What is to be done first: the earliest day among those overdue or due, else the next that has a day."""
    waiting = [d for d in duties if d.state in (DutyState.OVERDUE, DutyState.DUE)]
    waiting = [d for d in waiting if not d.rule.is_period] or waiting
    dated = [d for d in duties if d.is_open and d.due_on and not d.rule.is_period]
    for candidates in (waiting, dated):
        if candidates:
            return min(candidates, key=lambda d: d.due_on or date.max)
    return None
