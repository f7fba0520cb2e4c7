"""What people of the demonstration write: a promise, a report and the file with it; what an authority considered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from socialvalue.core.money import quantity_text
from socialvalue.core.periods import quarter_label
from socialvalue.demo import evidence
from toms.frameworks.queries import MeasureInfo

ONE = Decimal(1)
HUNDREDTH = Decimal("0.01")
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Words:
    """``step`` is the smallest part people report of the measure; ``file`` names the evidence and so its kind."""

    promise: str
    report: str
    file: str
    step: Decimal = ONE


WORDS = {
    "GSE1": Words(
        "Posts are advertised through the local job service and our own site for two weeks before anywhere else. "
        "Payroll gives us the first half of each postcode every quarter.",
        "Roles held by people who live in the place, counted from payroll at the end of the quarter.",
        "payroll-summary.pdf", HUNDREDTH,
    ),
    "GSE2": Words(
        "Two places in every intake are kept for people referred by employment services, with a mentor for the first "
        "six months.",
        "People referred by the employment service who worked through the quarter.",
        "referral-letter.pdf", HUNDREDTH,
    ),
    "GSE3": Words(
        "We interview every disabled applicant who meets the essentials, and agree adjustments before the first day.",
        "Roles held this quarter, with the adjustments agreed for each.",
        "adjustments-summary.pdf", HUNDREDTH,
    ),
    "GSE4": Words(
        "Shifts that fit school and caring hours are planned four weeks ahead and can be swapped in an app.",
        "Roles held by lone parents and carers on fixed part-time shifts.",
        "rota-summary.pdf", HUNDREDTH,
    ),
    "GSE5": Words(
        "Young people come through the council's own team and stay with one supervisor for the whole placement.",
        "Weeks worked by young people referred by the team.",
        "attendance.csv",
    ),
    "GSE7": Words(
        "Apprentices join at level 2 and 3 in the first and second year, with a college day every week.",
        "Weeks spent by apprentices on this contract.",
        "apprentice-weeks.csv",
    ),
    "GSE8": Words(
        "Paid placements of four weeks each, two a term, with three schools.",
        "Placement weeks completed, with the feedback of the schools.",
        "placement-report.pdf",
    ),
    "GSE9": Words(
        "Our staff visit schools for mock interviews and site visits, and help with CVs at two libraries.",
        "Hours given in schools and libraries.",
        "sessions.csv",
    ),
    "GSE10": Words(
        "Every worker takes an accredited course in working time, paid, with the awarding body's certificate.",
        "Hours of accredited training, paid as working time.",
        "training-log.csv",
    ),
    "GSE11": Words(
        "We are accredited and pay the Real Living Wage to everybody on this contract from the first day.",
        "Accredited for the whole contract.",
        "accreditation.pdf",
    ),
    "PLB1": Words(
        "Packages under £25,000 are offered first to small firms in the county at two meet-the-buyer days a year.",
        "Invoices paid to local small firms in the quarter.",
        "spend-by-supplier.csv",
    ),
    "PLB2": Words(
        "We buy transport, catering and training for this contract from social enterprises and charities.",
        "Invoices paid to social enterprises and charities in the quarter.",
        "spend-with-vcse.csv",
    ),
    "PLB3": Words(
        "Subcontracts are let by district, and our buyers report the share every quarter.",
        "Subcontract spend that stayed within the place, of all subcontract spend (£).",
        "subcontract-spend.csv",
    ),
    "PLB4": Words(
        "Our specialists hold drop-in mornings for small firms and community groups, booked through the council.",
        "Hours of advice given at drop-in mornings.",
        "advice-log.csv",
    ),
    "HSC1": Words(
        "Everybody has two paid days a year to volunteer with groups that the community chooses.",
        "Paid hours volunteered with local groups.",
        "volunteering-log.csv",
    ),
    "HSC2": Words(
        "A small fund that residents decide on once a quarter.",
        "Grants paid to local groups after the residents' vote.",
        "grants-paid.pdf",
    ),
    "HSC3": Words(
        "Refurbished equipment is given to community groups that the council's officers name.",
        "Equipment handed over, at its written-down price.",
        "handover-note.pdf",
    ),
    "HSC9": Words(
        "A mentor works with each pupil whom the school's own panel puts forward, through the whole school year.",
        "Pupils supported through the term and still in school.",
        "school-letter.pdf", HUNDREDTH,
    ),
    "HSC10": Words(
        "Weekly mentoring with a youth worker for young people referred by the targeted support team.",
        "Young people who finished the programme without a first offence.",
        "programme-summary.pdf",
    ),
    "HSC12": Words(
        "We refit the old caretaker's house as a community room, run by the school's own charity. The value is the "
        "hire that the charity will no longer pay.",
        "Work on the community room done this quarter, at the agreed value.",
        "community-room.png",
    ),
    "HSC13": Words(
        "We check every subcontractor's recruitment before work starts and once a year, and report what we find.",
        "Checks made; nothing to report to the authorities.",
        "checks-made.txt",
    ),
    "ENV1": Words(
        "Electric plant where the grid allows, renewable diesel where not, against the first year's fuel record.",
        "Tonnes saved against the starting year, worked out from fuel and power bought.",
        "fuel-record.csv", TENTH,
    ),
    "ENV2": Words(
        "Lower-carbon concrete and reused steel, with the product declarations of both.",
        "Tonnes saved by the materials used this quarter.",
        "materials.csv", TENTH,
    ),
    "ENV3": Words(
        "Routes planned together and vans replaced by electric ones as leases end.",
        "Tonnes saved in travel against the starting year.",
        "mileage.csv", TENTH,
    ),
    "ENV4": Words(
        "The fleet on this contract moves to electric as vehicles come up for renewal.",
        "Miles driven without tailpipe emissions, of all miles.",
        "mileage.csv",
    ),
    "ENV5": Words(
        "Waste is sorted on site and every transfer note kept.",
        "Tonnes kept out of landfill, of all waste (tonnes).",
        "transfer-notes.csv",
    ),
    "ENV5a": Words(
        "Green waste is composted and timber goes to a local reuse workshop.",
        "Tonnes composted or reused.",
        "weighbridge.csv", TENTH,
    ),
    "ENV7": Words(
        "Native trees from a local nursery, watered for three summers and replaced when they fail.",
        "Trees planted last season that are alive, counted on site.",
        "trees.png",
    ),
    "ENV8": Words(
        "Monthly work days with volunteers along paths and ponds.",
        "Hours of volunteers and staff on work days.",
        "work-day.png",
    ),
    "WCC1": Words(
        "Two qualified advisers visit households that the county's own teams refer, and hold a drop-in every week.",
        "Hours of advice given at home and at drop-ins, times the households advised.",
        "visit-log.csv",
    ),
    "WCC2": Words(
        "Native hedges are planted each winter along the estates we serve, and looked after for five years.",
        "Metres of hedge finished this quarter, measured on site.",
        "hedge.png",
    ),
    "INN2": Words(
        "We pay for a trial with a university partner and share what it shows.",
        "Paid towards the trial this quarter.",
        "trial-invoice.pdf",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Considered:
    """What was considered under the Social Value Act; ``consulted`` empty: nobody, and ``why_not`` says why."""

    economic: str
    social: str
    environmental: str
    process: str
    consulted: str = ""
    why_not: str = ""


CONSIDERED = {
    "services": Considered(
        "Which of the jobs could go to people who live here, at the real Living Wage, and which parts small firms "
        "nearby could do.",
        "Work placements and mentoring for people out of work, and time for community groups near the sites.",
        "Fewer and cleaner journeys, less waste, and materials that are used again.",
        "Measures in the tender with a weighting, and an action plan that is followed every quarter.",
        consulted="Four suppliers at a market meeting and the residents' panel. Suppliers asked for fewer measures; "
        "residents put local jobs first.",
    ),
    "light_touch": Considered(
        "Steady hours and pay for the people who do the work, and training that leads to a qualification.",
        "What the people who use the service say would help them most, and support for unpaid carers.",
        "Routes that are planned to shorten journeys, and suppliers' energy use.",
        "Measures chosen with the service team, asked for in the tender and looked at in every contract meeting.",
        why_not="The service was consulted on last year and nothing has changed since; asking again would delay it.",
    ),
}
"""By category; goods and works are not asked for one."""


QUESTIONS = (
    (
        "How will you make sure that the people and places this contract serves gain most from it?",
        "Say who, where and how you will reach them.",
        Decimal(60),
    ),
    (
        "How will you measure, prove and report what you promise?",
        "Name the records you will keep and who checks them.",
        Decimal(40),
    ),
)
ANSWERS = {
    5: "We already do this on two contracts nearby and can show the records. A named manager owns each promise, local "
    "partners have signed for their part, and results are reviewed with residents every quarter.",
    4: "A named manager owns each promise. Partners are agreed, records are kept from the first day and checked by our "
    "finance team before we report.",
    3: "We will work with local partners once the contract starts, and report every quarter from our own records.",
    2: "We support communities wherever we work and will report when asked.",
}
RATIONALES = {
    5: "Covers the whole question with evidence from similar contracts and signed partners.",
    4: "Covers the whole question; partners are named, evidence of results is thinner.",
    3: "Covers most of the question; partners are still to be found.",
    2: "General statements; little that is particular to this contract.",
}


OPENINGS = (
    "",
    "Our own team does this on two contracts now.",
    "We start in the first month and report it with every invoice.",
    "A named manager answers for it.",
)
"""How each bidder begins what it says, so that no two bids say the same."""


def in_own_words(text: str, place: int) -> str:
    return f"{OPENINGS[place % len(OPENINGS)]} {text}".strip()


def whole(quantity: Decimal, code: str) -> Decimal:
    """The quantity as people would report it, rounded to the measure's step."""
    step = WORDS[code].step
    return (quantity / step).quantize(ONE, rounding=ROUND_HALF_UP) * step


def evidence_for(measure: MeasureInfo, quantity: Decimal, contract: str) -> tuple[str, bytes]:
    """A file name and its bytes for one report of a measure."""
    name = WORDS[measure.code].file
    shown = f"{quantity_text(quantity)} {measure.unit}"
    heading = f"{contract}: {measure.label}"
    kind = name.rsplit(".", 1)[1]
    if kind == "png":
        return name, evidence.picture(measure.title)
    if kind == "csv":
        return name, evidence.table("month,quantity,unit", _by_month(quantity, measure.unit))
    lines = ["DEMONSTRATION DATA", heading, f"Reported: {shown}", WORDS[measure.code].report]
    return name, evidence.text(lines) if kind == "txt" else evidence.pdf(lines)


def _by_month(quantity: Decimal, unit: str) -> list[str]:
    part = (quantity / 3).quantize(HUNDREDTH)
    parts = [part, part, quantity - 2 * part]
    return [
        f"month {number},{quantity_text(q).replace(',', '')},{unit}"
        for number, q in enumerate(parts, 1)
    ]


def report_of(code: str, quarter: date) -> str:
    return f"{WORDS[code].report} Reported for {quarter_label(quarter)}."
