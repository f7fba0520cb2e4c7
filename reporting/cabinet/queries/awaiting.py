"""Drafts whose sign-off was asked for, and whom each of them waits for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.reminders.queries.timing import timings
from procurement.reminders.rules import LONGEST, Line, shortened, stage_of_waiting
from procurement.reminders.vocabulary import ReminderEvent
from reporting.cabinet.models import CabinetReport, CabinetSection, SignOff
from reporting.cabinet.permissions import APPROVER, why_not_sign
from reporting.cabinet.queries.signing import (
    WRITING,
    asked_sentence,
    requests_of,
    signature_of,
    states_for,
)
from reporting.cabinet.rules.signing import Signature
from reporting.cabinet.vocabulary import ReportStatus, SignOffAnswer
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import targets_of
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class WaitingSignOff:
    """A report and the step of its route that is to answer."""

    report_id: int
    title: str
    step: str
    """Its key."""
    label: str
    asked_by: str
    since: datetime
    """When its turn came: the sign-off was asked for, or the step before it answered."""


class SignOffState(StrEnum):
    """Keys of the statuses that pages show."""

    ASKED = "awaiting_approval"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class SignOffNews:
    """How the sign-off of a draft stands, for its author."""

    status: SignOffState
    sentence: str


@dataclass(frozen=True, slots=True)
class Told:
    """A line for the weekly letter of one person at one organisation."""

    user_id: int
    organisation_id: int
    line: Line


def sign_offs_waiting(actor: Actor) -> list[WaitingSignOff]:
    """What this approver is asked to sign off, longest waiting first: reports that they wrote no part of."""
    if not APPROVER.allows(actor):
        return []
    rows = {
        row.pk: row
        for row in CabinetReport.objects.filter(
            authority_id=actor.organisation_id, status=ReportStatus.DRAFT
        ).defer("figures")
    }
    requests = requests_of(rows)
    if not requests:
        return []
    said, sections = _signatures(requests), _sections(requests)
    written = _written_by(actor, list(requests))
    found = []
    for pk, request in requests.items():
        writers = {actor.person_id} if pk in written else set()
        states = states_for(rows[pk], sections[pk], said[pk])
        step = next((state.step for state in states if state.is_open), None)
        if step is None or why_not_sign(actor, rows[pk], writers):
            continue
        since = max([request.asked_at, *(one.at for one in said[pk])])
        found.append(
            WaitingSignOff(pk, rows[pk].title, step, step.label, str(request.asked_by), since)
        )
    return sorted(found, key=lambda row: (row.since, row.report_id))


def sign_off_news(report_ids: Iterable[int]) -> dict[int, SignOffNews]:
    """By report, what its author is to know; nothing of one that was never asked for and never returned."""
    ids = list(report_ids)
    found = {
        pk: SignOffNews(SignOffState.ASKED, asked_sentence(request))
        for pk, request in requests_of(ids).items()
    }
    rows = SignOff.objects.filter(report_id__in=ids).select_related("signed_by").order_by("id")
    for pk, last in {row.report_id: row for row in rows}.items():
        if last.answer == SignOffAnswer.RETURNED and pk not in found:
            sentence = f"{last.signed_by} returned it for {last.get_step_display()}: {last.note}"
            found[pk] = SignOffNews(SignOffState.RETURNED, sentence)
    return found


def reminders_of(monday: date, before: datetime) -> Iterator[Told]:
    """For the letters of this Monday: whoever is asked to sign off a report since a moment ``before``."""
    drafts = CabinetReport.objects.filter(status=ReportStatus.DRAFT)
    asked = requests_of(drafts.order_by("id").values_list("pk", flat=True))
    at = set(drafts.filter(pk__in=asked).order_by().values_list("authority_id", flat=True))
    timing = timings(at, monday)
    for organisation_id, people in accounts.people_of(sorted(at), Role.APPROVER).items():
        for person in people:
            for seat in accounts.seats_of(person.pk):
                if seat.organisation_id != organisation_id:
                    continue
                for row in sign_offs_waiting(accounts.actor_in(person, seat)):
                    if row.since < before:
                        since = row.since.astimezone(LONDON).date()
                        days = stage_of_waiting(since, timing[organisation_id], monday)
                        yield Told(person.pk, organisation_id, _line(row, since, days))


def _line(row: WaitingSignOff, since: date, days: int) -> Line:
    end = f"” waits for {row.label} to sign it off since {uk_date(since)}."
    return Line(
        event=ReminderEvent.SIGN_OFF_WAITS,
        subject=f"report:{row.report_id}:{row.step}",
        due_on=since,
        days=days,
        sentence=f"“{shortened(row.title, LONGEST - len(end) - 1)}{end}",
        contract_id=None,
    )


def _signatures(report_ids: Iterable[int]) -> dict[int, list[Signature]]:
    found: dict[int, list[Signature]] = defaultdict(list)
    rows = SignOff.objects.filter(report_id__in=report_ids).select_related("signed_by")
    for row in rows.order_by("id"):
        found[row.report_id].append(signature_of(row))
    return found


def _sections(report_ids: Iterable[int]) -> dict[int, list[CabinetSection]]:
    found: dict[int, list[CabinetSection]] = defaultdict(list)
    for row in CabinetSection.objects.filter(report_id__in=report_ids).order_by("position", "id"):
        found[row.report_id].append(row)
    return found


def _written_by(actor: Actor, report_ids: list[int]) -> set[int]:
    """Those of these reports that the actor wrote in, or in an issue before them."""
    before = dict(
        CabinetReport.objects.filter(authority_id=actor.organisation_id)
        .order_by()
        .values_list("pk", "replaces_id")
    )
    wrote = targets_of(
        user_id=actor.person_id,
        target_type="cabinetreport",
        target_ids=list(before),
        deeds=WRITING,
    )
    found = set()
    for pk in report_ids:
        issue: int | None = pk
        while issue is not None:
            if issue in wrote:
                found.add(pk)
            issue = before.get(issue)
    return found
