"""Freezing a report: everything it says taken from one moment of the ledger, checked against it, kept for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from procurement.ledger import queries as ledger
from reporting.cabinet.models import CabinetReport, CabinetSection, SignOff
from reporting.cabinet.permissions import can_see, why_not_write
from reporting.cabinet.queries.building import content_of, disagreements, reading_of
from reporting.cabinet.queries.reports import problems_of, sections_of
from reporting.cabinet.queries.signing import unsigned_sentence
from reporting.cabinet.rules.content import Json, hash_of
from reporting.cabinet.services.guards import to_write
from reporting.cabinet.vocabulary import CabinetDeed, ReportStatus
from reporting.rollups import queries as rollups
from reporting.rollups import services as rollup_services
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.snapshots import one_view

TRIES = 5
"""So often it rolls up what waits: somebody may post in the instant between that and the reading."""
WAITING = (
    "New ledger entries of your organisation keep arriving while the totals are checked. "
    "Wait a moment, then freeze again."
)
MOVED = "The figures moved while the report was being frozen. Freeze it again."
DISAGREE = (
    "{sentences} So the report cannot be frozen. Tell whoever runs this service; nothing is lost."
)
CHANGED = "Somebody changed this report while it was being frozen. Read it again, then freeze it."
State = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was read in one view of the database, and the versions of what it was made from."""

    content: Json
    moment: datetime
    cells: int
    state: State


class _EntriesWait(Exception):
    """Entries of this report's figures are not in the cells yet."""


class _CellsDiffer(Exception):
    def __init__(self, result: rollup_services.ReconcileResult) -> None:
        super().__init__()
        self.result = result


def freeze_report(
    *, actor: Actor, report_id: int, tell: Callable[[], object] = lambda: None
) -> CabinetReport:
    """Keep the report for ever: words, figures, definitions, tables, charts, ledger position, and a hash of it all.

    First everything that waits is rolled up. Then, in one view of the database, every cell is compared with the ledger
    and every figure taken; what others post meanwhile is in neither. RuleBroken when a cell differs, when entries of
    this report still wait, when words name what does not exist, or when its sign-off is not complete; Conflict when
    somebody changed it meanwhile. Then nothing changes.

    ``tell`` is called between the steps: whoever waits learns that it goes on.
    """
    check_freeze(actor, report_id)
    tell()
    taken = _taken_when_rolled_up(actor, report_id, tell)
    tell()
    return _keep(actor, report_id, taken)


def check_freeze(actor: Actor, report_id: int) -> None:
    """What can be told at once. NotVisible, NotAllowed, or RuleBroken with every sentence of what is to be mended."""
    report = CabinetReport.objects.filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    if reason := why_not_write(actor, report):
        raise NotAllowed(reason)
    _check_words(report, sections_of(report.pk))


def _check_words(report: CabinetReport, sections: list[CabinetSection]) -> None:
    problems = problems_of(sections)
    if sentence := unsigned_sentence(report, sections):
        problems.append(sentence)
    if problems:
        raise RuleBroken(" ".join(problems))


def _taken_when_rolled_up(actor: Actor, report_id: int, tell: Callable[[], object]) -> _Taken:
    for _ in range(TRIES):
        rollup_services.drain()
        tell()
        try:
            return _take(actor, report_id)
        except _EntriesWait:
            continue
        except _CellsDiffer as differ:
            # Once more by the door that raises the alarm, which needs to write.
            rollup_services.reconcile()
            wrong, cells = differ.result.wrong, differ.result.cells
            raise RuleBroken(
                f"The totals do not agree with the ledger in {wrong} of {cells} cells, so the report cannot be "
                "frozen. Ask an administrator to rebuild the totals on the roll-ups page, then freeze again."
            ) from differ
    raise RuleBroken(WAITING)


def _take(actor: Actor, report_id: int) -> _Taken:
    with one_view() as is_whole:
        version = rollups.cube_version()
        report = CabinetReport.objects.get(pk=report_id)
        sections = sections_of(report.pk)
        _check_words(report, sections)
        reading = reading_of(actor, report)
        if ledger.has_pending_of(reading.scope.authority_ids):
            raise _EntriesWait
        result = rollup_services.compare()
        if result.wrong:
            raise _CellsDiffer(result)
        moment = clock.now()
        content = content_of(report, sections, reading, moment)
        if wrong := disagreements(content):
            raise RuleBroken(DISAGREE.format(sentences=" ".join(wrong)))
        if not is_whole and (rollups.cube_version() != version or ledger.has_pending()):
            raise Conflict(MOVED)
        return _Taken(content, moment, result.cells, _state_of(report, sections))


def _state_of(report: CabinetReport, sections: list[CabinetSection]) -> State:
    """The versions of everything people write in a report, and its last signature."""
    signed = SignOff.objects.filter(report=report).order_by("-id").values_list("pk", flat=True)
    return (
        report.version,
        tuple((row.pk, row.version, row.position) for row in sections),
        signed.first(),
    )


@transaction.atomic
def _keep(actor: Actor, report_id: int, taken: _Taken) -> CabinetReport:
    report = to_write(actor, report_id)
    if _state_of(report, sections_of(report.pk)) != taken.state:
        raise Conflict(CHANGED)
    figures_hash = hash_of(taken.content)
    CabinetReport.objects.filter(pk=report.pk, status=ReportStatus.DRAFT).update(
        status=ReportStatus.FROZEN,
        frozen_by_id=actor.user_id,
        frozen_at=taken.moment,
        figures=taken.content,
        figures_hash=figures_hash,
    )
    record(
        actor=actor,
        deed=CabinetDeed.FROZEN,
        sentence=f"{actor.name} froze the report “{report.title}”.",
        target=report,
        after={
            "figures_hash": figures_hash,
            "ledger_position": taken.content["ledger_position"],
            "cells_compared": taken.cells,
        },
    )
    report.refresh_from_db()
    return report
