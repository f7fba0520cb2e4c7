"""What three authorities expect to buy and to pay, as values."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.policies.vocabulary import Category
from socialvalue.accounts.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned procurement. Days are counted from the day of the demonstration; ``ends`` is None where open."""

    key: str
    authority: str
    title: str
    category: Category
    estimate: str
    notice: int
    starts: int
    ends: int | None
    cpv: str = ""
    directorate: str = ""
    description: str = ""
    suits_sme: bool = True
    suits_vcse: bool = False
    dropped: str = ""


@dataclass(frozen=True, slots=True)
class Spend:
    """What an authority expects to pay in the running year, and when it published its pipeline notice, if it did."""

    authority: str
    amount: str
    source: str
    role: Role = Role.DIRECTORATE_MANAGER
    notice: str = ""
    """Number of the notice, published on 20 May of the running year; empty: not recorded."""


SPENDS = (
    Spend(
        "warwickshire", "412000000", "Budget report to Council, February, appendix on third-party spend",
        notice="Demonstration notice, pipeline of the year",
    ),
    Spend(
        "wmca", "131000000", "Budget approved by the Board in March, grants to members left out",
        role=Role.POLICY_OWNER,
    ),
)  # fmt: skip

PLANNED = (
    Planned(
        "plan-home-care", "warwickshire", "Home care, south and east of the county", Category.LIGHT_TOUCH,
        "8400000", 95, 330, 1790, "85312000", "People",
        "Personal care at home for adults, in four areas, one lot each.", suits_vcse=True,
    ),
    Planned(
        "plan-resurfacing", "warwickshire", "Surface dressing of rural roads", Category.WORKS,
        "7100000", 40, 130, 860, "45233223", "Communities", "Two seasons of surface dressing.", suits_sme=False,
    ),
    Planned(
        "plan-winter-fleet", "warwickshire", "Gritting vehicles", Category.GOODS, "2150000", 150, 280, 400,
        "34144420", "Communities", "Nine vehicles to replace those of 2014.",
    ),
    Planned(
        "plan-library-furniture", "warwickshire", "Furniture for two refurbished libraries", Category.GOODS,
        "96000", -20, 60, 120, "39155000", "Resources", "Shelving, tables and seats.",
    ),
    Planned(
        "plan-telephony", "warwickshire", "Telephony for council offices", Category.SERVICES, "640000",
        210, 390, 1485, "64210000", "Resources",
        dropped="The service moves to the regional framework, so no procurement of our own is needed.",
    ),
    Planned(
        "plan-advice", "warwickshire", "Advice and advocacy for carers", Category.LIGHT_TOUCH, "310000", 70,
        200, 930, "85312310", "People", "Information, advice and breaks for unpaid carers.", suits_vcse=True,
    ),
    Planned(
        "plan-tram-shelters", "wmca", "Shelters and seating at tram stops", Category.WORKS, "2600000", 120, 300,
        700, "45213315", "", "New shelters at eleven stops.",
    ),
    Planned(
        "plan-skills", "wmca", "Skills courses for adults in work", Category.LIGHT_TOUCH, "5200000", 60, 280,
        1010, "80400000", "", "Short courses in the evening and at weekends.", suits_vcse=True,
    ),
    Planned(
        "plan-parks", "birmingham", "Care of neighbourhood parks", Category.SERVICES, "3900000", 85, 300, 1395,
        "77310000", "", "Grass, planting and play areas in nine wards.", suits_vcse=True,
    ),
)  # fmt: skip

MISSED = frozenset(
    {
        ("school-transport", "contract-details-notice"),
        ("school-extension", "kpi-assessment"),
        ("bridge-repairs", "award-notice"),
        ("bridge-repairs", "assessment-summaries"),
        ("occupational-health", "tender-notice"),
    }
)
"""Duties that nobody has recorded, as (story, duty): a calendar without a gap shows nothing."""
