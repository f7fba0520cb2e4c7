"""Who has agreed to the words of a report, and who is asked next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from reporting.cabinet.models import CabinetReport, CabinetSection, SignOff, SignOffRequest
from reporting.cabinet.permissions import can_see, who_sees_report, why_not_read, why_not_sign
from reporting.cabinet.rules.signing import (
    Signature,
    StepState,
    Words,
    missing_sentence,
    route,
)
from reporting.cabinet.vocabulary import CabinetDeed, ReportStatus, SignOffAnswer, SignOffStep
from socialvalue.accounts.rules import Sight
from socialvalue.audit.queries import people_of
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.periods import uk_date

WRITING = (CabinetDeed.STARTED, CabinetDeed.CHANGED, CabinetDeed.REISSUED)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as it is shown."""

    step: str
    label: str
    status: str
    says: str
    who: str
    at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class SignPage:
    """The sign-off of a report: its route, and whether the reader is asked now."""

    id: int
    authority: tuple[int, str]
    title: str
    is_frozen: bool
    needs_sign_off: bool
    steps: tuple[StepLine, ...]
    earlier: tuple[StepLine, ...]
    """Every answer that was ever given, newest first."""
    open_step: str
    """The step that is asked now; empty when none is."""
    open_label: str
    words_hash: str
    why_not: str
    """Why the reader does not sign; empty when they may."""
    asked: str
    """Who asked for the sign-off and when, as a sentence; empty while nobody has."""

    @property
    def may_sign(self) -> bool:
        return bool(self.open_step) and not self.why_not

    @property
    def who_can_see(self) -> list[Sight]:
        return who_sees_report(self.authority, is_frozen=self.is_frozen)


def words_of(report: CabinetReport, sections: Sequence[CabinetSection] | None = None) -> Words:
    """The words that a signature is for, as they stand."""
    if sections is None:
        sections = list(CabinetSection.objects.filter(report=report).order_by("position"))
    period = " ".join(
        part
        for part in (
            report.financial_year,
            f"quarter {report.quarter}" if report.quarter else "",
            report.directorate,
        )
        if part
    )
    return Words(report.title, period, tuple((row.heading, row.narrative) for row in sections))


def signatures_of(report: CabinetReport) -> list[Signature]:
    """Every answer, in the order it was given."""
    rows = SignOff.objects.filter(report=report).select_related("signed_by").order_by("id")
    return [signature_of(row) for row in rows]


def signature_of(row: SignOff) -> Signature:
    return Signature(
        row.step, row.answer, row.note, row.words_hash, str(row.signed_by), row.signed_at
    )


def states_of(
    report: CabinetReport, sections: Sequence[CabinetSection] | None = None
) -> list[StepState]:
    """The steps of the route, in order, for the words as they stand."""
    if not report.sign_off_steps:
        return []
    return states_for(report, sections, signatures_of(report))


def states_for(
    report: CabinetReport,
    sections: Sequence[CabinetSection] | None,
    signatures: Sequence[Signature],
) -> list[StepState]:
    """The same where the answers were read before."""
    return route(report.sign_off_steps, signatures, words_of(report, sections).hash)


def sign_offs_of(
    report: CabinetReport, sections: Sequence[CabinetSection] | None = None
) -> list[dict[str, str]]:
    """Who has agreed to the words as they stand, as plain rows: step, answer, by, at (ISO) and note."""
    return [
        {
            "step": state.step.label,
            "answer": SignOffAnswer.AGREED.label,
            "by": state.last.who,
            "at": state.last.at.isoformat(),
            "note": state.last.note,
        }
        for state in states_of(report, sections)
        if state.has_agreed and state.last is not None
    ]


def requests_of(report_ids: Iterable[int]) -> dict[int, SignOffRequest]:
    """By report, the request that stands: no step has returned the report since."""
    requests = SignOffRequest.objects.filter(report_id__in=report_ids).select_related("asked_by")
    last = {row.report_id: row for row in requests.order_by("id")}
    returned = SignOff.objects.filter(
        report_id__in=last, answer=SignOffAnswer.RETURNED
    ).values_list("report_id", "id")
    for report_id, pk in returned:
        if report_id in last and pk > (last[report_id].follows_id or 0):
            del last[report_id]
    return last


def unsigned_sentence(
    report: CabinetReport, sections: Sequence[CabinetSection] | None = None
) -> str:
    """What stands between the sign-off and the freeze; empty when nothing does."""
    if not report.needs_sign_off:
        return ""
    return missing_sentence(states_of(report, sections))


def writers_of(report: CabinetReport) -> set[int]:
    """Whoever started or changed it, or an issue before it, whose words it began with."""
    ids, earlier = [report.pk], report.replaces_id
    while earlier is not None:
        ids.append(earlier)
        earlier = (
            CabinetReport.objects.filter(pk=earlier).values_list("replaces_id", flat=True).first()
        )
    return people_of(target_type="cabinetreport", target_ids=ids, deeds=WRITING)


def sign_page(actor: Actor, report_id: int) -> SignPage:
    """NotVisible for another authority's report, NotAllowed for a draft that the actor may not read."""
    report = CabinetReport.objects.filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    if reason := why_not_read(actor, report):
        raise NotAllowed(reason)
    states = states_of(report)
    is_frozen = report.status == ReportStatus.FROZEN
    asked = next((state for state in states if state.is_open), None)
    request = requests_of([report.pk]).get(report.pk)
    return SignPage(
        authority=(report.authority_id, actor.organisation_name),
        id=report.pk,
        title=report.title,
        is_frozen=is_frozen,
        needs_sign_off=report.needs_sign_off,
        steps=tuple(_line(state, is_asked=request is not None) for state in states),
        earlier=tuple(_said(one) for one in reversed(signatures_of(report))),
        open_step=asked.step if asked and not is_frozen else "",
        open_label=asked.step.label if asked and not is_frozen else "",
        words_hash=words_of(report).hash,
        why_not=why_not_sign(actor, report, writers_of(report)),
        asked=asked_sentence(request) if request else "",
    )


def asked_sentence(request: SignOffRequest) -> str:
    return f"{request.asked_by} asked for the sign-off on {uk_date(request.asked_at.astimezone(LONDON).date())}."


def _line(state: StepState, *, is_asked: bool) -> StepLine:
    last = state.last
    if last is None:
        look = (
            ("awaiting_approval", "Asked now")
            if state.is_open and is_asked
            else ("not_started", "Not asked yet")
        )
    elif state.is_stale:
        look = ("at_risk", "The words changed: asked again")
    elif state.has_agreed:
        look = ("agreed", "Agreed")
    else:
        look = ("returned", "Returned")
    return StepLine(
        state.step,
        state.step.label,
        *look,
        last.who if last else "",
        last.at if last else None,
        last.note if last else "",
    )


def _said(one: Signature) -> StepLine:
    answer = SignOffAnswer(one.answer)
    step = SignOffStep(one.step)
    return StepLine(step, step.label, answer, answer.label, one.who, one.at, one.note)
