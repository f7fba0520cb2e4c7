"""Which measures count people, and how few are too few to tell. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from toms.frameworks.vocabulary import Aggregation

FEWEST = 5
"""Fewer people than this are not told, nor what they are worth."""

PEOPLE_WORDS = frozenset({
    "people", "person", "persons", "individual", "individuals", "adult", "adults", "woman", "women", "man",
    "men", "fte", "ftes", "job", "jobs", "employee", "employees", "worker", "workers", "staff", "hire", "hires",
    "recruit", "recruits", "apprentice", "apprentices", "apprenticeship", "apprenticeships", "trainee",
    "trainees", "learner", "learners", "student", "students", "pupil", "pupils", "child", "children", "carer",
    "carers", "parent", "parents", "veteran", "veterans", "leaver", "leavers", "offender", "offenders",
    "resident", "residents", "volunteer", "volunteers", "participant", "participants", "beneficiary",
    "beneficiaries", "patient", "patients", "appointment", "appointments", "placement", "placements",
    "traineeship", "traineeships", "household", "households", "home", "homes", "family", "families", "tenant",
    "tenants", "victim", "victims", "incident", "incidents", "weeks",
})  # fmt: skip
"""A unit with one of these words in it counts people: by themselves (people, FTE), times how long (people x weeks,
FTE-years, weeks of a placement), or through what happens to one at a time (households, appointments, incidents)."""

NOT_PEOPLE = frozenset({"staff hours", "volunteer hours", "staff expert hours"})
"""Units that name people and count hours of work instead."""


def counts_people(unit: str) -> bool:
    """True when a quantity in this unit is a number of people, or made from one."""
    plain = " ".join(unit.lower().split())
    return plain not in NOT_PEOPLE and not PEOPLE_WORDS.isdisjoint(re.findall(r"[a-z]+", plain))


def is_few(quantity: Decimal) -> bool:
    """More than none and fewer than five, a correction below zero like the number it corrects."""
    return 0 < abs(quantity) < FEWEST


def is_small(unit: str, aggregation: str, quantity: Decimal, denominator: Decimal) -> bool:
    """True when this quantity tells of fewer than five people.

    A rate tells of the few it counts, of the few it leaves out and of the few it is of, whatever its unit: it is shown
    only where none of the three is few.
    """
    if aggregation == Aggregation.RATIO:
        return any(is_few(part) for part in (quantity, denominator, denominator - quantity))
    if aggregation == Aggregation.NONE:
        return False
    return counts_people(unit) and is_few(quantity)
