"""Where a report stands: its stages, the one thing to do next, its other issues, and its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reporting.cabinet.models import CabinetReport
from reporting.cabinet.permissions import (
    why_not_ask,
    why_not_reissue,
    why_not_sign,
    why_not_write,
)
from reporting.cabinet.queries.jobs import LIVE, FileLine, file_lines, latest_job
from reporting.cabinet.queries.listing import clock_date
from reporting.cabinet.queries.reports import report_for
from reporting.cabinet.queries.signing import (
    asked_sentence,
    requests_of,
    states_of,
    writers_of,
)
from reporting.cabinet.rules.signing import StepState, missing
from reporting.cabinet.vocabulary import OutputKind, ReportStatus
from socialvalue.core.actor import Actor
from socialvalue.core.money import count_text
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class Stage:
    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Another issue of the same report."""

    id: int
    number: int
    status: str
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """``next`` is the one thing to do now: write, ask, sign, freeze, watch, make or keep; empty for nothing."""

    next: str
    next_label: str
    stages: tuple[Stage, ...]
    issue: int
    issues: tuple[Issue, ...]
    has_route: bool
    sign_off: str
    """How far the sign-off is, in words."""
    may_ask: bool
    """The reader may ask the steps to sign."""
    files: tuple[FileLine, ...]
    may_reissue: bool
    compares_with: Issue | None
    """The issue before this one, when it is frozen."""

    @property
    def pack(self) -> FileLine | None:
        return next((row for row in self.files if row.kind == OutputKind.ZIP), None)

    @property
    def has_no_pdf(self) -> bool:
        return bool(self.files) and all(row.kind != OutputKind.PDF for row in self.files)


def standing_of(actor: Actor, report_id: int, *, has_problems: bool) -> Standing:
    """NotVisible for another authority's report, NotAllowed for a draft that the actor may not read.

    ``has_problems``: the words are not fit to be frozen yet.
    """
    report = report_for(actor, report_id)
    states = states_of(report)
    is_frozen = report.status == ReportStatus.FROZEN
    job = latest_job(report, counts_only=False)
    files = file_lines(report) if is_frozen else ()
    following = CabinetReport.objects.filter(replaces=report).first()
    before = report.replaces
    request = requests_of([report.pk]).get(report.pk)
    is_at_work = job is not None and job.status in LIVE
    may_ask = not (
        has_problems
        or why_not_ask(
            actor, report, has_open_steps=bool(missing(states)), is_asked=request is not None
        )
    )
    todo = (
        _next_of_frozen(is_at_work, files)
        if is_frozen
        else _next_of_draft(
            actor,
            report,
            states,
            has_problems,
            is_at_work=is_at_work,
            is_asked=request is not None,
            may_ask=may_ask,
        )
    )
    return Standing(
        *todo,
        stages=_stages(report, states, has_problems),
        issue=report.issue,
        issues=tuple(_issue(row) for row in (before, following) if row is not None),
        has_route=bool(states),
        sign_off=_sign_off(report, states, asked_sentence(request) if request else ""),
        may_ask=may_ask,
        files=files,
        may_reissue=not why_not_reissue(actor, report, is_replaced=following is not None),
        compares_with=_issue(before) if before is not None else None,
    )


def _issue(row: CabinetReport) -> Issue:
    return Issue(row.pk, row.issue, row.status, row.frozen_at)


def _next_of_frozen(is_at_work: bool, files: tuple[FileLine, ...]) -> tuple[str, str]:
    if files:
        return "keep", "Download PDF, web page and Excel"
    return ("watch", "See how far its files are") if is_at_work else ("make", "Make the files")


def _next_of_draft(
    actor: Actor,
    report: CabinetReport,
    states: list[StepState],
    has_problems: bool,
    *,
    is_at_work: bool,
    is_asked: bool,
    may_ask: bool,
) -> tuple[str, str]:
    if is_at_work:
        return "watch", "See how far it is"
    turn = next((state for state in states if state.is_open), None)
    # Who returned it has answered, until its author asks again.
    if (
        turn
        and (is_asked or not turn.is_returned)
        and not has_problems
        and not why_not_sign(actor, report, writers_of(report))
    ):
        return "sign", f"Sign off for {turn.step.label}"
    if why_not_write(actor, report):
        return "", ""
    if has_problems:
        return "write", "Finish the words"
    if report.needs_sign_off and missing(states):
        return ("ask", "Ask for the sign-off") if may_ask else ("", "")
    return "freeze", "Freeze the report"


def _stages(
    report: CabinetReport, states: list[StepState], has_problems: bool
) -> tuple[Stage, ...]:
    is_frozen = report.status == ReportStatus.FROZEN
    open_steps = missing(states)
    is_written = is_frozen or not has_problems
    stages = [Stage("Written", "done" if is_written else "current")]
    if states:
        if not open_steps:
            signed = Stage("Signed off", "done")
        elif report.needs_sign_off:
            waits = f"Waits for {open_steps[0].step.label}"
            signed = Stage("Signed off", "current" if is_written else "next", waits)
        else:
            signed = Stage("Signed off", "skipped", "Not needed")
        stages.append(signed)
    is_turn = is_written and not (report.needs_sign_off and open_steps)
    stages.append(
        Stage("Frozen", "done", uk_date(clock_date(report.frozen_at)))
        if is_frozen and report.frozen_at
        else Stage("Frozen", "current" if is_turn else "next")
    )
    return tuple(stages)


def _sign_off(report: CabinetReport, states: list[StepState], asked: str) -> str:
    if not states:
        return ""
    agreed = sum(state.has_agreed for state in states)
    of_all = f"{agreed} of {count_text(len(states), 'step')}"
    if report.status == ReportStatus.FROZEN:
        return f"{of_all} agreed to these words before they were frozen."
    need = "" if report.needs_sign_off else " It can be frozen without."
    have = "has" if agreed == 1 or len(states) == 1 else "have"
    said = f"{of_all} {have} agreed to the words as they stand.{need}"
    return f"{said} {asked}".strip()
