"""Values are added while their edition is a draft; publishing fixes them with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from socialvalue.core.actor import Actor
from socialvalue.core.bulk import Plain, insert_rows
from socialvalue.core.errors import NotAllowed
from toms.frameworks.permissions import may_write
from toms.frameworks.queries import holder_of
from toms.proxies.models import Proxy


@transaction.atomic
def add_proxies(
    *,
    actor: Actor,
    edition_id: int,
    measure_ids: Mapping[str, int],
    proxies: Mapping[str, Sequence[Mapping[str, Any]]],
) -> int:
    """Add the values of each measure code of a draft edition. Returns how many.

    Amounts are decimal text, at most nine places, and are stored as they are written.
    """
    _allow(actor, edition_id)
    rows = [_plain(measure_ids[code], row) for code, listed in proxies.items() for row in listed]
    insert_rows(
        Proxy,
        (
            "measure_id", "place", "amount", "price_year", "source_name", "source_url", "licence",
            "method", "certainty", "derivation", "valid_from", "valid_to", "sector",
        ),
        rows,
    )  # fmt: skip
    return len(rows)


def _plain(measure_id: int, row: Mapping[str, Any]) -> tuple[Plain, ...]:
    get = row.get
    steps = get("derivation")
    derivation = (
        [{key: item.get(key, "") for key in ("label", "value", "source")} for item in steps]
        if steps
        else None
    )
    return (
        measure_id,
        row["place"],
        row["amount"],
        row["price_year"],
        row["source_name"],
        get("source_url") or "",
        row["licence"],
        row["method"],
        get("certainty") or "",
        json.dumps(derivation) if derivation else "[]",
        row["valid_from"],
        get("valid_to") or None,
        get("sector") or "",
    )


@transaction.atomic
def remove_proxies(*, actor: Actor, edition_id: int) -> int:
    """Remove the values of a withdrawn edition (the database refuses any other). Returns how many."""
    _allow(actor, edition_id)
    return Proxy.objects.filter(measure__edition_id=edition_id).delete()[0]


def _allow(actor: Actor, edition_id: int) -> None:
    if not may_write(actor, holder_of(edition_id)):
        raise NotAllowed("Values are loaded by the platform, or by their holder's policy owner.")
