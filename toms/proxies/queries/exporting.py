"""All values of an edition at once, to be written out and read again."""

from __future__ import annotations

from typing import Any

from toms.proxies.models import Proxy


def value_rows(edition_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every value of an edition by the code of its measure, in the words of the data files."""
    names = (
        "place", "sector", "price_year", "source_name", "source_url", "licence", "method", "certainty", "derivation",
    )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    rows = Proxy.objects.filter(measure__edition_id=edition_id).order_by(
        "place", "sector", "valid_from"
    )
    for row in rows.values(*names, "amount", "valid_from", "valid_to", "measure__code"):
        code, ends = row.pop("measure__code"), row["valid_to"]
        amount = f"{row['amount']:f}"
        found.setdefault(code, []).append(
            row
            | {
                "amount": amount.rstrip("0").rstrip(".") if "." in amount else amount,
                "valid_from": row["valid_from"].isoformat(),
                "valid_to": ends.isoformat() if ends else "",
            }
        )
    return found
