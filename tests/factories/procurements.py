"""Procurements for tests. Law and policies must be loaded first (``load_law_and_policies``)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from procurement.procurements.models import ConsiderationRecord, Procurement
from procurement.procurements.services import create_procurement, record_consideration
from socialvalue.core import clock
from socialvalue.core.actor import Actor


def values(**more: Any) -> dict[str, Any]:
    """The answers of the form: £180,000 of services net of VAT, commenced on 1 March 2026."""
    return {
        "title": "Grounds maintenance",
        "category": "services",
        "estimate": Decimal("180000"),
        "estimate_basis": "excl",
        "vat_rate_percent": None,
        "commenced_on": date(2026, 3, 1),
        **more,
    }


def procurement_of(actor: Actor, **more: Any) -> Procurement:
    """Entered by this officer through the service, so it has its decision and its audit rows."""
    return create_procurement(actor=actor, **values(**more))


def considered(actor: Actor, procurement: Procurement, **more: Any) -> ConsiderationRecord:
    """What the Social Value Act asks for, recorded by this officer."""
    said = {
        "economic": "Work for small firms nearby.",
        "social": "Work placements for people out of work.",
        "environmental": "Fewer journeys.",
        "process": "Measures in the tender, weighted.",
        "was_consulted": True,
        "consultation": "Two suppliers and a residents' group; they asked for smaller lots.",
        "considered_on": min(procurement.commenced_on, clock.today()),
        "considered_by": "Head of procurement",
    }
    return record_consideration(actor=actor, procurement_id=procurement.pk, **{**said, **more})


def release(**more: Any) -> dict[str, Any]:
    """An OCDS release in our own words: £60,000 of services by Coventry, published on 23 January 2025."""
    tender = {
        "title": "Repair of benches",
        "description": "Repair of benches in parks.",
        "mainProcurementCategory": "services",
        "classification": {"scheme": "CPV", "id": "50000000"},
        "value": {"amount": 60000, "currency": "GBP"},
        "datePublished": "2025-01-23T15:32:09Z",
        "tenderPeriod": {"endDate": "2025-02-14T14:00:00Z"},
        "contractPeriod": {
            "startDate": "2025-04-01T01:00:00+01:00",
            "endDate": "2026-03-31T23:59:59+01:00",
        },
        **more.pop("tender", {}),
    }
    return {
        "ocid": "ocds-test-1",
        "date": "2025-01-23T15:32:09Z",
        "tag": ["tender"],
        "buyer": {"name": "Coventry City Council"},
        "tender": {name: value for name, value in tender.items() if value is not None},
        **more,
    }


def award_release(amount: Any = 62400, **more: Any) -> dict[str, Any]:
    """The award of it on 4 March 2025, published a week later."""
    awards = [
        {
            "date": "2025-03-04T00:00:00Z",
            "datePublished": "2025-03-11T10:24:22Z",
            "status": "active",
            "value": {"amount": amount, "currency": "GBP"},
            "suppliers": [{"name": "A supplier without an identifier"}],
        }
    ]
    return release(**{"date": "2025-03-11T10:24:22Z", "tag": ["award"], "awards": awards, **more})
