"""Values are added while their edition is a draft; publishing fixes them with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed
from toms.proxies.models import Proxy


@transaction.atomic
def add_proxies(
    *,
    actor: Actor,
    measure_ids: Mapping[str, int],
    proxies: Mapping[str, Sequence[Mapping[str, Any]]],
) -> int:
    """Add the values of each measure code. Amounts are decimal text, at most nine places. Returns how many."""
    if not actor.is_system:
        raise NotAllowed("Measure sets are loaded by the platform.")
    rows = [
        Proxy(
            measure_id=measure_ids[code],
            place=row["place"],
            amount=Decimal(row["amount"]),
            price_year=row["price_year"],
            source_name=row["source_name"],
            source_url=row.get("source_url", ""),
            licence=row["licence"],
            method=row["method"],
            certainty=row.get("certainty", ""),
            derivation=[
                {key: item.get(key, "") for key in ("label", "value", "source")}
                for item in row.get("derivation", ())
            ],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row.get("valid_to") else None,
        )
        for code, listed in proxies.items()
        for row in listed
    ]
    Proxy.objects.bulk_create(rows)
    return len(rows)
