"""What happens while contracts run: who owns what, what fell short, what was changed. Values and words only.

Days count from the day the demonstration is entered; negative is past. No text names a sum of social value: pages and
services work those out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from procurement.remedies.rules import Terms
from procurement.remedies.vocabulary import KpiWord, RemedyKind


@dataclass(frozen=True, slots=True)
class Owners:
    """Who answers for a commitment on both sides, and what shows that it was delivered."""

    supplier: str
    authority: str
    evidence: str


OWNERS = {
    "GSE1": Owners("Recruitment lead", "Employment and skills officer", "Payroll by role and district, no names"),
    "GSE4": Owners("Rota planner", "Commissioning officer, adult care", "Rota summary for the quarter"),
    "GSE7": Owners("Training manager", "Apprenticeship adviser", "College attendance by week"),
    "GSE10": Owners("Training manager", "Commissioning officer, adult care", "Training log and certificates"),
    "GSE11": Owners("Finance director", "Contract manager", "Accreditation, once and when it is renewed"),
    "HSC1": Owners("Community link worker", "Communities officer", "Volunteering log, or the group's own word"),
    "PLB1": Owners("Buyer", "Economic growth officer", "Invoices paid, by supplier and district"),
    "ENV1": Owners("Plant manager", "Climate change officer", "Fuel and power bought"),
    "ENV5": Owners("Site manager, southern depot", "Waste officer", "Waste transfer notes"),
}  # fmt: skip

WHY_NOTHING = {
    "ENV1": "The electric plant was in repair all quarter, so nothing was saved against the starting year.",
    "GSE3": "No post was filled this quarter; interviews are set for the next.",
}

TRAINING = "Training day {number} at the northern base: medicines, moving and handling. Eight carers, two hours each."
TRAINING_HOURS = Decimal(16)
VISITS = (
    "Tea dance at the day centre: drivers and helpers.",
    "Raised beds for the residents' garden.",
    "Digital drop-in for older people.",
    "Lunch club: kitchen and serving.",
    "Fence and gate of the community orchard.",
)
VISIT_HOURS = Decimal(5)

TERMS = {
    "school-catering": Terms(
        substitution=True,
        service_credit=True,
        service_credit_percent=Decimal(25),
        service_credit_cap_percent=Decimal(2),
        community_fund=True,
        fund_name="School gardens fund (demonstration)",
        clause="Schedule 5, clause 4",
    ),
    "highways": Terms(
        substitution=True,
        service_credit=True,
        service_credit_percent=Decimal(20),
        service_credit_cap_percent=Decimal(1),
        clause="Schedule 8, clause 3",
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    owner: str
    due: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """How the supplier means to catch up, and which steps it ticked when."""

    cause: str
    proposed: int
    agreed: int
    recover_by: int
    steps: tuple[Step, ...]
    done: tuple[tuple[int, int], ...] = ()
    """Number of the step, and the day."""


@dataclass(frozen=True, slots=True)
class Remedy:
    kind: RemedyKind
    reason: str
    proposed: int
    approved: int | None = None
    """None: it waits for the approver."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    by_supplier: bool
    day: int
    text: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Without recovery and remedy it waits for the supplier's plan."""

    code: str
    raised: int
    message: str
    said: tuple[Said, ...]
    recovery: Recovery | None = None
    remedy: Remedy | None = None


SHORTFALLS = {
    "school-catering": (
        Shortfall(
            "PLB1", -150,
            "Local spend has been well under plan since the first quarter. What would bring it back?",
            (
                Said(True, -146, "Two growers stopped trading. We are talking to a third and to a dairy."),
                Said(False, -143, "Please send a plan with dates. We can introduce the county's food network."),
            ),
            Recovery(
                "Two local growers stopped trading, and the contract with the wholesaler has a minimum order.",
                -139, -134, -60,
                (
                    Step("Lower the wholesaler's minimum order", "Buyer", -120),
                    Step("Move milk and bread to suppliers in the county", "Kitchen manager", -90),
                    Step("Buy half of all vegetables from the food network", "Buyer", -62),
                ),
                ((1, -121), (2, -92)),
            ),
            Remedy(
                RemedyKind.COMMUNITY_FUND,
                "Milk and bread have moved, vegetables have not, and the day to catch up by is past.",
                -42, -35, "Agreed: the plan was tried, and the schools gain from the fund.",
            ),
        ),
        Shortfall(
            "GSE3", -55,
            "Fewer disabled people are employed than planned. A quarter with nothing was reported.",
            (
                Said(True, -51, "Applicants needed kitchens with step-free access. Two of fourteen have it."),
                Said(False, -47, "Thank you. We will ask the schools which others can be adapted."),
            ),
            remedy=Remedy(
                RemedyKind.SERVICE_CREDIT,
                "The posts stayed empty for two quarters and no plan was proposed.", -6,
            ),
        ),
    ),
    "highways": (
        Shortfall(
            "GSE1", -48,
            "Fewer local people were taken on than planned, for the fifth quarter running.",
            (
                Said(True, -45, "Roadworkers with a licence for heavy plant are scarce. We would train our own."),
                Said(False, -42, "That would help more people. Please put it into a plan with dates."),
            ),
            Recovery(
                "Applicants with a licence for heavy plant are scarce in the south of the county.",
                -40, -33, 80,
                (
                    Step("Open a plant licence course with the local college", "Training manager", -12),
                    Step("Take on six local trainees from the course", "Recruitment lead", 24),
                    Step("Move the trainees into the gangs", "Contract manager of the supplier", 70),
                ),
                ((1, -13),),
            ),
        ),
        Shortfall(
            "PLB1", -4,
            "Local spend is under plan too, and no package went to a small firm this summer. Please propose how to "
            "catch up.",
            (),
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kpi:
    name: str
    target: str
    code: str = ""
    ratings: tuple[tuple[KpiWord, str], ...] = field(default=())
    """One a year of the contract, from the first; a year without one waits to be rated."""


KPIS = {
    "school-extension": (
        Kpi("Rooms ready by the agreed dates", "Every date of the programme kept", "",
            ((KpiWord.GOOD, "Four of four dates were kept, one of them by a day."),)),
        Kpi("Spend with local small firms", "At least 90% of the plan each year", "PLB1",
            ((KpiWord.APPROACHING, "Behind plan after one reduced claim; two more packages are let locally."),)),
        Kpi("Apprentice weeks on site", "At least 90% of the plan each year", "GSE7"),
    ),
    "highways": (
        Kpi("Defects mended in time", "95% within the time of their class", "",
            ((KpiWord.GOOD, "96% over the year."), (KpiWord.GOOD, "95% over the year."))),
        Kpi("Local people in work", "At least 90% of the plan each year", "GSE1",
            ((KpiWord.APPROACHING, "Just under the plan."),
             (KpiWord.REQUIRES_IMPROVEMENT, "Under the plan in every quarter. The supplier was asked for a plan."))),
        Kpi("Waste kept out of landfill", "90% of all waste", "ENV5",
            ((KpiWord.APPROACHING, "A little under the target."), (KpiWord.APPROACHING, "As in the first year."))),
    ),
}  # fmt: skip
