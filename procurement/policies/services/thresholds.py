"""Loading the law. Running twice changes nothing."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from procurement.policies import queries, rules
from procurement.policies.models import Threshold
from procurement.policies.rules import COLUMNS, FileLine, LineOutcome, Plan, ThresholdRow
from procurement.policies.services.loading import DATA, only_platform
from procurement.policies.vocabulary import LineAction, PolicyDeed
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds

__all__ = ["COLUMNS", "THRESHOLDS", "load_thresholds", "write_changes"]

THRESHOLDS = DATA / "thresholds.csv"


@transaction.atomic
def load_thresholds(*, actor: Actor, source: Path = THRESHOLDS) -> int:
    """Add or correct the rows of the file; returns how many rows it holds. A row is known by regime, category, kind of
    authority and first day. RuleBroken names the line that cannot be read; then nothing is loaded."""
    only_platform(actor)
    lines = rules.read_lines(source.read_text(encoding="utf-8-sig"))
    plan = rules.plan_for(lines, queries.threshold_rows())
    _refuse_flawed(plan)
    write_changes(plan)
    if plan.changes:
        record(
            actor=actor,
            deed=PolicyDeed.THRESHOLDS_LOADED,
            sentence=f"{len(plan.changes)} of {len(lines)} statutory thresholds were added or corrected.",
            target=Threshold.objects.order_by("pk").last() or Threshold(),
            after={"rows": [row_sentence(outcome.line) for outcome in plan.changes]},
        )
    return len(lines)


def _refuse_flawed(plan: Plan) -> None:
    for outcome in plan.of(LineAction.REFUSED):
        raise RuleBroken(
            f"Line {outcome.line.number} of the thresholds cannot be read: {outcome.line.reason}"
        )
    for flaw in plan.flaws:
        if flaw.serious:
            raise RuleBroken(flaw.sentence)


def row_sentence(line: FileLine) -> str:
    if line.row is None:
        return ""
    amount = f"{pounds(line.row.amount)} {rules.basis_words(line.row.vat_basis)}"
    return f"{rules.row_name(line.row)}: {amount}"


def write_changes(plan: Plan) -> list[tuple[LineOutcome, Threshold]]:
    """Write what the plan says, inside the caller's transaction. Decisions keep what they were made with."""
    written = []
    for outcome in plan.changes:
        row = outcome.line.row
        if row is None:
            continue
        stored = Threshold(pk=row.id or None, **_fields(row))
        stored.save(force_insert=not row.id, force_update=bool(row.id))
        written.append((outcome, stored))
    return written


def _fields(row: ThresholdRow) -> dict[str, object]:
    return {
        "regime": row.regime,
        "category": row.category,
        "authority_type": row.authority_type,
        "vat_basis": row.vat_basis,
        "amount": row.amount,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "source": row.source,
        "certainty": row.certainty,
    }
