"""Paragraphs that several forms begin with."""

from __future__ import annotations

from reporting.cabinet.rules.forms.shapes import Facts

ACT = (
    "The Public Services (Social Value) Act 2012 asks public bodies to consider, before they buy services, how "
    "what they buy might improve the economic, social and environmental well-being of the area."
)
NOT_SAVINGS = (
    "The values in this report stand for benefits to the area, worked out with published proxy values. "
    "They are not cashable savings and should not be read as such."
)
VERIFIED_MEANS = (
    "Verified means that a contract manager of the authority has checked a delivery against evidence. Committed, "
    "claimed and verified are three views of the same promises and are never added together."
)
REPORTED_QUARTERLY = (
    "Suppliers report what they delivered each quarter, and contract managers verify it against "
    "evidence."
)
NONE = ("None",)


def delivered(facts: Facts) -> str:
    """Claimed and verified in one paragraph."""
    share = (
        ", which is {verified_share} of what was committed" if facts.has("verified_share") else ""
    )
    return (
        "Suppliers claim to have delivered {claimed_total}. Contract managers have checked {verified_total} "
        f"against evidence and verified it{share}."
    )


def local_pay(facts: Facts) -> list[str]:
    """How much of the £ is pay of local people; nothing where there is none."""
    if not facts.some("verified_local_employment"):
        return []
    return [
        "Pay of local people makes up {verified_local_employment} of the verified social value. "
        "Without it, {verified_without_local_employment} has been verified."
    ]


def emissions(facts: Facts) -> str:
    """Avoided greenhouse gas emissions, as far as they are known."""
    if not facts.has("tco2e_committed") and not facts.has("tco2e_verified"):
        return "No avoided greenhouse gas emissions were committed or reported for this period."
    if not facts.has("tco2e_verified"):
        return (
            "Suppliers committed to avoid {tco2e_committed} of greenhouse gas emissions in this period. "
            "None has been verified yet."
        )
    if not facts.has("tco2e_committed"):
        return "{tco2e_verified} of avoided greenhouse gas emissions has been verified."
    return (
        "Suppliers committed to avoid {tco2e_committed} of greenhouse gas emissions in this period, and "
        "{tco2e_verified} has been verified."
    )


def begun(facts: Facts) -> list[str]:
    """The procurements of the period, and what their tenders gave to social value."""
    if not facts.some("procurements_count"):
        return []
    weighting = (
        " Their tenders gave social value an average weighting of {average_weighting}."
        if facts.has("average_weighting")
        else ""
    )
    return [
        "Procurements that began in the period: {procurements_count}. Of these, {procurements_with_social_value} asked "
        f"suppliers for social value in a published tender.{weighting}"
    ]


def on_track(facts: Facts) -> list[str]:
    if not facts.has("commitments_count", "commitments_on_track"):
        return []
    return [
        "Commitments in the contracts that ran in the period: {commitments_count}. On track with their plan today: "
        "{commitments_on_track}."
    ]


def overseeing(facts: Facts) -> list[str]:
    """What overseeing cost, beside the benefit."""
    if not facts.has("oversight_cost"):
        return ["No cost of overseeing social value was recorded for this period."]
    beside = (
        "Overseeing the delivery of social value cost {oversight_cost} in this period, beside {verified_total} of "
        "verified social value. The first is money spent, the second stands for benefits to the area."
    )
    return [beside, *facts.show("table:overseeing")]


def remedies(facts: Facts) -> list[str]:
    """What was decided where suppliers fell short."""
    if not facts.some("remedies_count"):
        return ["No remedy for social value that was not delivered was approved in this period."]
    due = (
        ", and {remedies_due} of service credits and payments is due from them"
        if facts.some("remedies_due")
        else ""
    )
    text = f"Remedies approved in this period where suppliers fell short: {{remedies_count}}{due}."
    return [text, *facts.show("table:remedies")]


def environment(facts: Facts) -> list[str]:
    """Avoided emissions, and the environmental measures as a table, where there are any."""
    table = facts.show("table:environment")
    said = ["The table below shows every measure of the environment theme."] if table else []
    return [emissions(facts), *said, *table]


def shortfalls(facts: Facts) -> list[str]:
    """Commitments behind their plan, with what their suppliers are doing about it."""
    if not facts.some("shortfalls_count"):
        return []
    text = (
        "Shortfalls: {shortfalls_count}, of which {shortfalls_unfinished} not put right yet. The next table quotes "
        "from the plan of each supplier what is done about it."
    )
    return [text, *facts.show("table:shortfalls")]


def stories(facts: Facts) -> list[str]:
    """The latest published story, to be exchanged for others."""
    return [f"{{story:{slug}}}" for slug in facts.stories[:1]]
