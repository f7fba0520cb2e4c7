"""Policies and thresholds for tests: the real files, loaded as the platform does."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

from procurement.policies.rules import Band, PolicyInForce, ThresholdRow
from procurement.policies.services import THRESHOLDS, load_policies, load_thresholds
from procurement.policies.vocabulary import Route
from socialvalue.accounts.services import load_organisations
from socialvalue.core.actor import SYSTEM


def load_law_and_policies() -> None:
    """The West Midlands authorities, the statutory thresholds and the two policies."""
    load_organisations(actor=SYSTEM)
    load_thresholds(actor=SYSTEM)
    load_policies(actor=SYSTEM)


def law_of_the_file() -> list[ThresholdRow]:
    """Every row of the table that the platform loads, as values for the pure rule."""
    with THRESHOLDS.open(encoding="utf-8", newline="") as lines:
        return [
            ThresholdRow(
                number,
                row["regime"],
                row["category"],
                row["authority_type"],
                row["vat_basis"],
                Decimal(row["amount_gbp"]),
                date.fromisoformat(row["effective_from"]),
                date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
                row["source_url"],
                row["certainty"],
            )
            for number, row in enumerate(csv.DictReader(lines), start=1)
        ]


LINE = Decimal(50000)
BANDS = (
    Band(
        1, 1, "Under £50,000", Decimal(0), False, LINE, False,
        Route.LIGHT_TOUCH, "6.0, table row 1", "Use the toolkit.",
    ),
    Band(
        2, 2, "£50,000 up to the threshold", LINE, False, None, True,
        Route.TOMS_ADVISED, "6.0, table row 2", "Consider measures.",
    ),
    Band(
        3, 3, "At or above the threshold", None, True, None, False,
        Route.TOMS_MANDATORY, "6.0, table row 3", "Use measures.",
    ),
)  # fmt: skip


def policy_value(
    *, vat_basis: str = "excl", bands: tuple[Band, ...] = BANDS, **more: object
) -> PolicyInForce:
    """The regional table as a value, for the pure rule."""
    facts = {
        "version_id": 1,
        "policy_slug": "regional",
        "policy_title": "Regional Social Value Policy",
        "organisation_name": "Region",
        "number": 1,
        "valid_from": date(2017, 4, 1),
        "valid_to": None,
        "review_on": None,
        "source": "",
        "notes": "",
        "vat_basis": vat_basis,
        "weighting_min_percent": Decimal(5),
        "weighting_max_percent": Decimal(30),
        "pass_fail_allowed": True,
        "bands": bands,
    }
    return PolicyInForce(**{**facts, **more})


def threshold_value(amount: int = 207720, basis: str = "incl", **more: object) -> ThresholdRow:
    facts = {
        "id": 1,
        "regime": "PA2023",
        "category": "goods_services",
        "authority_type": "sub_central",
        "vat_basis": basis,
        "amount": Decimal(amount),
        "effective_from": date(2026, 1, 1),
        "effective_to": date(2027, 12, 31),
    }
    return ThresholdRow(**{**facts, **more})
