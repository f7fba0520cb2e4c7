"""Planned procurements for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from procurement.procurements.models import PlannedProcurement
from procurement.procurements.services import plan_procurement
from socialvalue.core.actor import Actor


def planned_values(**more: Any) -> dict[str, Any]:
    """£2.4m of services including VAT, a notice in March 2027."""
    return {
        "title": "Care of country parks",
        "description": "Meadows, paths and play areas.",
        "directorate": "Communities",
        "category": "services",
        "cpv": "77310000",
        "estimate": Decimal("2000000"),
        "estimate_basis": "excl",
        "vat_rate_percent": None,
        "notice_expected_on": date(2027, 3, 1),
        "starts_expected_on": date(2027, 9, 1),
        "ends_expected_on": date(2030, 8, 31),
        "suits_sme": True,
        "suits_vcse": False,
        **more,
    }


def planned(actor: Actor, **more: Any) -> PlannedProcurement:
    return plan_procurement(actor=actor, **planned_values(**more))
