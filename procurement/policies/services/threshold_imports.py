"""A new table of law from a file: previewed, then applied. Nothing that was decided changes."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook

from procurement.policies import queries, rules
from procurement.policies.models import Threshold, ThresholdImport
from procurement.policies.permissions import LAW_KEEPER
from procurement.policies.rules import LineOutcome, Plan, ThresholdRow
from procurement.policies.services.thresholds import row_sentence, write_changes
from procurement.policies.vocabulary import ImportStatus, LineAction, PolicyDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import count_text
from socialvalue.core.periods import uk_date

MAX_BYTES = 1024 * 1024
ZIP = b"PK\x03\x04"
"""How an XLSX file begins."""


@transaction.atomic
def preview_thresholds(*, actor: Actor, file_name: str, content: bytes) -> ThresholdImport:
    """Keep an uploaded CSV or XLSX file to be looked at. RuleBroken (field ``file``) when it is no table of law."""
    _only_keepers(actor)
    text = _as_csv(content)
    plan = rules.plan_for(rules.read_lines(text), queries.threshold_rows())
    kept = ThresholdImport.objects.create(
        file_name=file_name[:200],
        file_hash=hashlib.sha256(content).hexdigest(),
        content=text,
        status=ImportStatus.PREVIEWED,
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
        outcome=_counts(plan),
    )
    record(
        actor=actor,
        deed=PolicyDeed.THRESHOLDS_PREVIEWED,
        sentence=f"{kept.file_name} was previewed. {_sentence(plan)}",
        target=kept,
    )
    return kept


@transaction.atomic
def apply_thresholds(*, actor: Actor, import_id: int, seen: str) -> ThresholdImport:
    """Write what the preview showed; ``seen`` is its fingerprint.

    Conflict when it was applied already, or when the table has moved since the preview was shown. RuleBroken when a
    line cannot be read or two rows would hold on the same day: a file is applied whole or not at all.
    """
    _only_keepers(actor)
    # One file at a time: whoever comes second reads the table as the first has left it.
    Threshold.objects.select_for_update(of=("self",)).order_by("pk").first()
    kept = ThresholdImport.objects.select_for_update(of=("self",)).filter(pk=import_id).first()
    if kept is None:
        raise NotVisible
    if kept.status != ImportStatus.PREVIEWED:
        on = f" on {uk_date(kept.applied_at)}" if kept.applied_at else ""
        raise Conflict(f"{kept.file_name} was applied already{on}. The table holds its rows.")
    plan = rules.plan_for(rules.read_lines(kept.content), queries.threshold_rows())
    if plan.fingerprint != seen:
        raise Conflict(
            "The table of thresholds has changed since you looked at this preview. Look at it again before applying."
        )
    if plan.why_not:
        raise RuleBroken(plan.why_not)
    decisions = queries.decisions_on(plan)
    lines = [_stored(outcome, decisions) for outcome in plan.outcomes]
    written = write_changes(plan)
    kept.status, kept.applied_at, kept.applied_by_id = (
        ImportStatus.APPLIED, clock.now(), actor.user_id,
    )  # fmt: skip
    kept.outcome = _counts(plan) | {"lines": lines, "flaws": [asdict(flaw) for flaw in plan.flaws]}
    kept.save(update_fields=["status", "applied_at", "applied_by_id", "outcome"])
    for outcome, stored in written:
        _record_row(actor, outcome, stored, kept)
    record(
        actor=actor,
        deed=PolicyDeed.THRESHOLDS_LOADED,
        sentence=f"{kept.file_name} was applied to the statutory thresholds. {_sentence(plan)}",
        target=kept,
    )
    return kept


def _only_keepers(actor: Actor) -> None:
    if not actor.is_system and not LAW_KEEPER.allows(actor):
        raise NotAllowed(LAW_KEEPER.reason)


def _record_row(actor: Actor, outcome: LineOutcome, stored: Any, kept: ThresholdImport) -> None:
    deed = PolicyDeed.THRESHOLD_CHANGED if outcome.before else PolicyDeed.THRESHOLD_ADDED
    verb = "changed" if outcome.before else "added"
    record(
        actor=actor,
        deed=deed,
        sentence=f"{row_sentence(outcome.line)} was {verb} from {kept.file_name}.",
        target=stored,
        before=_as_text(outcome.before),
        after=_as_text(outcome.line.row),
    )


def _as_text(row: ThresholdRow | None) -> dict[str, str]:
    return rules.as_values(row) if row else {}


def _stored(outcome: LineOutcome, decisions: dict[int, int]) -> dict[str, Any]:
    """A line of an applied file as it is shown later."""
    before = outcome.before
    return {
        "number": outcome.line.number,
        "text": dict(outcome.line.text),
        "action": outcome.action,
        "before": _as_text(before),
        "decisions": decisions.get(before.id, 0) if before else 0,
    }


def _counts(plan: Plan) -> dict[str, Any]:
    return {action.value: len(plan.of(action)) for action in LineAction} | {
        "read": len(plan.outcomes)
    }


def _sentence(plan: Plan) -> str:
    parts = [f"{len(plan.of(action))} {action.label.lower()}" for action in LineAction]
    return f"{count_text(len(plan.outcomes), 'line')} read: {', '.join(parts)}."


def _as_csv(content: bytes) -> str:
    if not content:
        raise RuleBroken("The file is empty. Choose another file.", field="file")
    if len(content) > MAX_BYTES:
        raise RuleBroken("The file is larger than 1 MB. Choose a smaller one.", field="file")
    if content.startswith(ZIP):
        return _from_xlsx(content)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise RuleBroken("The file is not text. Choose a CSV or XLSX file.", field="file")


def _from_xlsx(content: bytes) -> str:
    """The first sheet as CSV, dates and amounts written plainly."""
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise RuleBroken(
            "The file cannot be opened as a spreadsheet. Save it again as XLSX or CSV.",
            field="file",
        ) from error
    out = io.StringIO(newline="")
    width = max((len(row) for row in rows), default=0)
    writer = csv.writer(out)
    for row in rows:
        cells = [_cell(value) for value in row]
        # A note under the table, like the count our own export prints, is no row of it.
        if sum(1 for cell in cells if cell) > 1 or len(cells) < width:
            writer.writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal) or hasattr(value, "is_integer"):
        # A spreadsheet keeps every number as a binary fraction; to the penny it is what was typed.
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)
