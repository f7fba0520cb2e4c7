"""Files of law: what applying one would do, and what was applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from procurement.policies import rules
from procurement.policies.models import ThresholdImport
from procurement.policies.permissions import LAW_KEEPER
from procurement.policies.queries.thresholds import threshold_rows
from procurement.policies.rules import Flaw, LineOutcome, Plan, ThresholdRow
from procurement.policies.vocabulary import ImportStatus, LineAction
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import pounds
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One line of a file as the preview shows it."""

    number: int
    name: str
    says: str
    action: str
    reason: str
    changes: list[tuple[str, str, str]]
    """What, as it is, as it would be: for a row that changes."""
    decisions: int
    text: dict[str, str]

    @property
    def action_label(self) -> str:
        return LineAction(self.action).label


@dataclass(frozen=True, slots=True)
class ImportPage:
    """A file held against the table of today; once applied, against the table of that day."""

    id: int
    file_name: str
    is_applied: bool
    uploaded_at: datetime
    uploaded_by: str
    applied_at: datetime | None
    applied_by: str
    counts: dict[str, int]
    lines: list[ImportLine]
    flaws: list[Flaw]
    why_not: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """One file in the list of updates."""

    id: int
    file_name: str
    applied_at: datetime
    applied_by: str
    added: int
    changed: int


def decisions_on(plan: Plan) -> dict[int, int]:
    """How many decisions rest on each row that the plan would change."""
    ids = [outcome.before.id for outcome in plan.of(LineAction.CHANGED) if outcome.before]
    count: Callable[[Sequence[int]], dict[int, int]] = import_string(
        settings.DECISIONS_BY_THRESHOLD
    )
    return count(ids) if ids else {}


def threshold_import(actor: Actor, import_id: int) -> ImportPage:
    """One file, for those who may update the law. NotVisible for anybody else."""
    if not LAW_KEEPER.allows(actor) and not actor.is_system:
        raise NotVisible
    row = (
        ThresholdImport.objects.select_related("uploaded_by", "applied_by")
        .filter(pk=import_id)
        .first()
    )
    if row is None:
        raise NotVisible
    if row.status == ImportStatus.APPLIED:
        lines = [_kept_line(line) for line in row.outcome.get("lines", [])]
        flaws = [Flaw(**flaw) for flaw in row.outcome.get("flaws", [])]
        return _page(row, lines, flaws, "", "")
    plan = rules.plan_for(rules.read_lines(row.content), threshold_rows())
    decisions = decisions_on(plan)
    lines = [_line(outcome, decisions) for outcome in plan.outcomes]
    return _page(row, lines, plan.flaws, plan.why_not, plan.fingerprint)


def applied_imports() -> list[ImportSummary]:
    """Every file that was applied, newest first: how the table came to be is public knowledge."""
    rows = (
        ThresholdImport.objects.filter(status=ImportStatus.APPLIED)
        .select_related("applied_by")
        .order_by("-applied_at", "-pk")
    )
    return [
        ImportSummary(
            row.pk, row.file_name, row.applied_at, _who(row.applied_by),
            row.outcome.get(LineAction.ADDED, 0), row.outcome.get(LineAction.CHANGED, 0),
        )
        for row in rows
        if row.applied_at
    ]  # fmt: skip


def _who(user: Any) -> str:
    return str(user) if user else "the platform"


def _page(
    row: ThresholdImport,
    lines: list[ImportLine],
    flaws: list[Flaw],
    why_not: str,
    fingerprint: str,
) -> ImportPage:
    counts = {action.name.lower(): 0 for action in LineAction}
    for line in lines:
        counts[LineAction(line.action).name.lower()] += 1
    return ImportPage(
        id=row.pk,
        file_name=row.file_name,
        is_applied=row.status == ImportStatus.APPLIED,
        uploaded_at=row.uploaded_at,
        uploaded_by=_who(row.uploaded_by),
        applied_at=row.applied_at,
        applied_by=_who(row.applied_by) if row.applied_at else "",
        counts=counts | {"read": len(lines)},
        lines=lines,
        flaws=flaws,
        why_not=why_not,
        fingerprint=fingerprint,
    )


def _line(outcome: LineOutcome, decisions: dict[int, int]) -> ImportLine:
    line, before = outcome.line, outcome.before
    changes = _changes(before, line.row) if outcome.action == LineAction.CHANGED else []
    return ImportLine(
        number=line.number,
        name=_name(line.row),
        says=_says(line.row),
        action=outcome.action,
        reason=line.reason,
        changes=changes,
        decisions=decisions.get(before.id, 0) if before else 0,
        text=dict(line.text),
    )


def _kept_line(kept: dict[str, Any]) -> ImportLine:
    """A line of an applied file: read again from its own text, beside what stood there before."""
    (line,) = rules.read_values([(kept["number"], kept["text"])])
    before = rules.read_row(kept["before"]) if kept["before"] else None
    changes = _changes(before, line.row) if kept["action"] == LineAction.CHANGED else []
    return ImportLine(
        line.number, _name(line.row), _says(line.row), kept["action"], line.reason, changes,
        kept["decisions"], kept["text"],
    )  # fmt: skip


def _name(row: ThresholdRow | None) -> str:
    if row is None:
        return ""
    whose = rules.WHOSE.get(row.authority_type, row.authority_type)
    return f"{rules.line_label(row.category)} – {whose.lower()}"


def _says(row: ThresholdRow | None) -> str:
    if row is None:
        return ""
    ends = f" to {uk_date(row.effective_to)}" if row.effective_to else " until further notice"
    return f"{row.regime_name}, {_amount(row)}, from {uk_date(row.effective_from)}{ends}"


def _amount(row: ThresholdRow) -> str:
    return f"{pounds(row.amount)} {rules.basis_words(row.vat_basis)}"


def _changes(before: ThresholdRow | None, after: ThresholdRow | None) -> list[tuple[str, str, str]]:
    if before is None or after is None:
        return []
    pairs = [
        ("Threshold", _amount(before), _amount(after)),
        ("Ends", _ends(before), _ends(after)),
        ("Source", before.source, after.source),
        ("How sure", before.certainty, after.certainty),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _ends(row: ThresholdRow) -> str:
    return uk_date(row.effective_to) if row.effective_to else "Until further notice"
