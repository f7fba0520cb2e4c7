"""Duties as pages, lists and counts show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from procurement.duties.permissions import can_record
from procurement.duties.queries.gathering import CONSIDERATION, duties_by_procurement
from procurement.duties.rules import Duty, next_duty, standstill_of
from procurement.duties.vocabulary import DutyState, DutyWindow, Every
from procurement.procurements import queries as procurements
from procurement.procurements.permissions import OFFICER
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Table

SOON_DAYS, LATER_DAYS = 30, 90
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One time of one duty with the procurement it belongs to."""

    procurement_id: int
    reference: str
    title: str
    directorate: str
    duty: Duty
    today: date
    can_consider: bool = True
    """Whether the person may record what was considered, which has a page of its own."""

    @property
    def role(self) -> str:
        return str(Role(self.duty.rule.role).label)

    @property
    def status_key(self) -> str:
        """The look of its state."""
        return {
            DutyState.OVERDUE: "overdue",
            DutyState.DUE: "due",
            DutyState.NOT_YET: "not_due",
            DutyState.DONE: "completed",
            DutyState.DOES_NOT_APPLY: "not_needed",
        }[self.duty.state]

    @property
    def status_label(self) -> str:
        if self.duty.was_late:
            return "Done late"
        if self.duty.rule.is_period:
            return {DutyState.DUE: "Running", DutyState.DONE: "Over"}.get(
                self.duty.state, str(self.duty.state.label)
            )
        return str(self.duty.state.label)

    @property
    def due_words(self) -> str:
        """The day, and how near it is; or what it waits for."""
        duty = self.duty
        if duty.due_on is None:
            return "When it happens" if duty.rule.every == Every.TIME else "No fixed day"
        days = (duty.due_on - self.today).days
        if not duty.is_open or duty.rule.is_period or abs(days) > LATER_DAYS:
            return uk_date(duty.due_on)
        near = (
            "today" if not days else _days(days) + " left" if days > 0 else _days(-days) + " late"
        )
        return f"{uk_date(duty.due_on)}, {near}"

    @property
    def is_kept_elsewhere(self) -> bool:
        """The consideration has a record of its own; only one that comes too late for it is recorded as a duty."""
        return self.duty.slug == CONSIDERATION and self.duty.state != DutyState.OVERDUE

    @property
    def can_be_recorded(self) -> bool:
        return self.duty.can_be_recorded and not self.is_kept_elsewhere

    @property
    def record_url(self) -> str:
        """Where it is recorded as done, or put right; empty when it is not."""
        if self.is_kept_elsewhere and self.duty.is_open:
            own = reverse("procurement:procurements:consideration", args=[self.procurement_id])
            return own if self.can_consider else ""
        if not self.can_be_recorded:
            return ""
        of_one = [self.procurement_id, self.duty.slug]
        if self.duty.occurrence:
            return reverse("procurement:duties:record_time", args=[*of_one, self.duty.occurrence])
        return reverse("procurement:duties:record", args=of_one)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


@dataclass(frozen=True, slots=True)
class DutiesPage:
    """The calendar of one procurement."""

    procurement_id: int
    reference: str
    title: str
    law: str
    open: tuple[DutyLine, ...]
    done: tuple[DutyLine, ...]
    not_applying: tuple[DutyLine, ...]
    standstill: Duty | None
    can_record: bool

    @property
    def sources(self) -> list[DutyLine]:
        """The duties that apply, once each."""
        return list({line.duty.rule.title: line for line in (*self.open, *self.done)}.values())


@dataclass(frozen=True, slots=True)
class NextDuty:
    """For the page of one procurement: what the law asks next, and when the standstill ends."""

    line: DutyLine | None
    overdue: int
    standstill: Duty | None


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What the list of the authority is narrowed to. ``sort``: due, title or duty, with ``-`` for down."""

    q: str = ""
    window: str = DutyWindow.OPEN
    role: str = ""
    directorate: str = ""
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class DutyCounts:
    overdue: int
    within_30: int
    within_90: int


def duties_page(actor: Actor, procurement_id: int) -> DutiesPage:
    """NotVisible for another authority's procurement, or one without a route."""
    row, lines = _of_one(actor, procurement_id)
    duties = [line.duty for line in lines]
    return DutiesPage(
        procurement_id=row.id,
        reference=row.reference,
        title=row.title,
        law=f"{row.threshold.regime_name}, because it commenced on {uk_date(row.commenced_on)}",
        open=tuple(line for line in lines if line.duty.is_open),
        done=tuple(line for line in lines if line.duty.state == DutyState.DONE),
        not_applying=tuple(line for line in lines if line.duty.state == DutyState.DOES_NOT_APPLY),
        standstill=standstill_of(duties),
        can_record=can_record(actor),
    )


def next_duty_of(actor: Actor, procurement_id: int) -> NextDuty | None:
    """None when no route is decided, so that no duty is known."""
    try:
        _, lines = _of_one(actor, procurement_id)
    except NotVisible:
        return None
    duties = [line.duty for line in lines]
    first = next_duty(duties)
    return NextDuty(
        line=next((line for line in lines if line.duty is first), None),
        overdue=sum(duty.state == DutyState.OVERDUE for duty in duties),
        standstill=standstill_of(duties),
    )


def duty_line(actor: Actor, procurement_id: int, slug: str, occurrence: str) -> DutyLine:
    """One time of a duty that applies. NotVisible when there is none."""
    _, lines = _of_one(actor, procurement_id)
    for line in lines:
        if line.duty.slug == slug and line.duty.occurrence == occurrence:
            return line
    raise NotVisible


def _of_one(
    actor: Actor, procurement_id: int
) -> tuple[procurements.DatedProcurement, list[DutyLine]]:
    row = procurements.dated_procurement(actor, procurement_id)
    if row is None:
        raise NotVisible
    return row, _lines(actor, [row], clock.today())


def _lines(
    actor: Actor, rows: Sequence[procurements.DatedProcurement], today: date
) -> list[DutyLine]:
    by_id = duties_by_procurement(rows, today)
    is_officer = OFFICER.allows(actor)
    return [
        DutyLine(row.id, row.reference, row.title, row.directorate, duty, today, is_officer)
        for row in rows
        for duty in by_id[row.id]
    ]


# --- the authority ----------------------------------------------------------------------------


def duty_list(actor: Actor, wanted: DutyFilter | None = None) -> list[DutyLine]:
    """The duties of the actor's authority that fit, of every procurement. Nothing for anybody else."""
    wanted = wanted or DutyFilter()
    lines = _of_authority(actor, wanted)
    found = [line for line in lines if _fits(line, wanted.window)]
    key = wanted.sort.removeprefix("-")
    found.sort(key=_SORTS.get(key, _by_day), reverse=wanted.sort.startswith("-"))
    return found


def duty_counts(actor: Actor, wanted: DutyFilter | None = None) -> DutyCounts:
    """How many are overdue, and due within 30 and 90 days; the window of the filter does not narrow it."""
    lines = _of_authority(actor, wanted or DutyFilter())
    counts = [
        sum(_fits(line, window) for line in lines)
        for window in (DutyWindow.OVERDUE, DutyWindow.DAYS_30, DutyWindow.DAYS_90)
    ]
    return DutyCounts(*counts)


def _of_authority(actor: Actor, wanted: DutyFilter) -> list[DutyLine]:
    rows = procurements.dated_procurements(actor, q=wanted.q, directorate=wanted.directorate)
    lines = _lines(actor, rows, clock.today())
    return [line for line in lines if not wanted.role or line.duty.rule.role == wanted.role]


def _fits(line: DutyLine, window: str) -> bool:
    duty = line.duty
    if window == DutyWindow.DONE:
        return duty.state == DutyState.DONE and not duty.rule.is_period
    if window == DutyWindow.OVERDUE:
        return duty.state == DutyState.OVERDUE
    if window in (DutyWindow.DAYS_30, DutyWindow.DAYS_90):
        last = line.today + timedelta(days=int(window))
        return duty.is_open and duty.due_on is not None and line.today <= duty.due_on <= last
    return duty.state in (DutyState.OVERDUE, DutyState.DUE) or (
        duty.is_open and duty.due_on is not None
    )


def _by_day(line: DutyLine) -> tuple[object, ...]:
    return line.duty.due_on or date.max, line.reference, line.duty.slug, line.duty.occurrence


_SORTS = {
    "due": _by_day,
    "title": lambda line: (line.title, *_by_day(line)),
    "duty": lambda line: (line.duty.rule.title, *_by_day(line)),
}
SORTS = tuple(_SORTS)


def duty_table(lines: Sequence[DutyLine]) -> Table:
    """For CSV and XLSX: every row of the filtered list."""
    columns = [
        Column("Reference"), Column("Procurement", width=44), Column("Directorate"), Column("Duty", width=50),
        Column("Due", "date"), Column("State"), Column("Period", width=40), Column("Done by"),
        Column("Done on", "date"), Column("Notice or reference", width=30), Column("Note", width=40),
        Column("Recorded by"), Column("Law", width=40), Column("Source", width=50), Column("Certainty"),
    ]  # fmt: skip
    return Table("Duties", columns, [_row(line) for line in lines])


def _row(line: DutyLine) -> tuple[str | date | None, ...]:
    duty, done = line.duty, line.duty.done
    return (
        line.reference, line.title, line.directorate, duty.rule.title, duty.due_on, line.status_label,
        duty.rule.when, line.role, done.done_on if done else None, done.reference if done else "",
        done.note if done else duty.reason, done.by if done else "", duty.rule.law, duty.rule.source,
        duty.rule.certainty,
    )  # fmt: skip
