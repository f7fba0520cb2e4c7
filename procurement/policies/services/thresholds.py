"""Loading the law. Running twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction

from procurement.policies.models import Threshold
from procurement.policies.services.loading import DATA, only_platform
from procurement.policies.vocabulary import PolicyDeed, VatBasis
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds

THRESHOLDS = DATA / "thresholds.csv"


COLUMNS = (
    "regime", "effective_from", "effective_to", "vat_basis", "category", "authority_type",
    "amount_gbp", "source_url", "certainty",
)  # fmt: skip


FACTS = ("vat_basis", "amount", "effective_to", "source", "certainty")


@transaction.atomic
def load_thresholds(*, actor: Actor, source: Path = THRESHOLDS) -> int:
    """Add or correct the rows of the file; returns how many rows it holds. A row is known by regime, category, kind of
    authority and first day. RuleBroken names the line that cannot be read; then nothing is loaded."""
    only_platform(actor)
    rows = _read_thresholds(source)
    known = {_key_of(row): row for row in Threshold.objects.all()}
    changed: list[Threshold] = []
    for key, facts in rows:
        found = known.get(tuple(key.values()))
        if found is None:
            changed.append(Threshold(**key, **facts))
        elif any(getattr(found, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(found, name, value)
            changed.append(found)
    corrected = [row for row in changed if row.pk is not None]
    Threshold.objects.bulk_create(row for row in changed if row.pk is None)
    Threshold.objects.bulk_update(corrected, FACTS)
    if changed:
        record(
            actor=actor,
            deed=PolicyDeed.THRESHOLDS_LOADED,
            sentence=f"{len(changed)} of {len(rows)} statutory thresholds were added or corrected.",
            target=changed[-1],
            after={"rows": [f"{row}: {pounds(row.amount)} {row.vat_basis}" for row in changed]},
        )
    return len(rows)


def _key_of(row: Threshold) -> tuple[str | date, ...]:
    return row.regime, row.category, row.authority_type, row.effective_from


def _read_thresholds(source: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    with source.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
        if missing:
            raise RuleBroken(f"{source.name} has no column {', '.join(missing)}.")
        return [_read_threshold(number, row) for number, row in enumerate(reader, start=2)]


def _read_threshold(number: int, row: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        key = {
            "regime": row["regime"],
            "category": row["category"],
            "authority_type": row["authority_type"],
            "effective_from": date.fromisoformat(row["effective_from"]),
        }
        facts = {
            "vat_basis": VatBasis(row["vat_basis"]),
            "amount": Decimal(row["amount_gbp"]).quantize(Decimal("0.01")),
            "effective_to": date.fromisoformat(row["effective_to"])
            if row["effective_to"]
            else None,
            "source": row["source_url"],
            "certainty": row["certainty"],
        }
    except (ValueError, InvalidOperation) as error:
        raise RuleBroken(f"Line {number} of the thresholds cannot be read: {error}.") from error
    return key, facts
