"""What is asked about delivery, measuring, cost and monitoring. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reporting.cabinet.rules.content.jsons import table_of
from reporting.cabinet.rules.foi.shapes import Answer, Asked, or_none
from socialvalue.core.money import count_text
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Table


def delivered(asked: Asked) -> Answer:
    says = [
        f"For delivery in {asked.period} suppliers committed social value of {{committed_total}}. "
        f"They claim to have delivered {{claimed_total}}. The authority has checked "
        f"{{verified_total}} against evidence and verified it.",
        "These values stand for benefits to the area. They are worked out with published proxy values and are no "
        "cashable savings.",
    ]
    kept = next((row for row in asked.content["annex"] if row["sheet"] == "By theme"), None)
    variant = "counts" if asked.counts_only else "money"
    table = None
    if kept is not None and kept.get(variant) and kept[variant]["rows"]:
        table = table_of(kept[variant])
    return Answer(
        3,
        "How much social value was committed, and how much was delivered?",
        asked.texts(says),
        table,
        tuple(
            asked.fact(name)
            for name in ("committed_total", "claimed_total", "verified_total", "verified_share")
        ),
    )


def calculators(asked: Asked) -> Answer:
    used = asked.content["editions"]
    if used:
        says = [
            f"The social value of {asked.period} was worked out with the unit values of: {'; '.join(used)}. "
            "Quantity times unit value, less what would have happened anyway; each sum is kept beside its entry."
        ]
    else:
        says = [f"Nothing was valued in {asked.period}."]
    says.append(
        "The service the authority uses does the arithmetic itself, with open software. No other calculator is used "
        "for these figures."
    )
    return Answer(
        4,
        "Which calculators or tools do you use to measure social value?",
        asked.texts(says),
        None,
        tuple(("Framework that valued the figures", name, False) for name in used),
    )


def overseeing(asked: Asked) -> Answer:
    rows = asked.facts["costs"]
    beside = asked.figures["oversight_cost"]["beside"]
    if asked.value("oversight_cost") is None:
        says = f"No cost of overseeing social value was recorded for {asked.period}."
    else:
        says = (
            f"The authority recorded {{oversight_cost}} as spent on overseeing social value in "
            f"{asked.period} ({beside})."
        )
    table = Table(
        f"Recorded costs of overseeing, {asked.period}",
        (
            Column("What was done"),
            Column("Month", "date"),
            Column("Hours", "number"),
            Column("Cost (£)", "money"),
        ),
        [
            (
                row["what"],
                date.fromisoformat(row["month"]),
                None if row["hours"] is None else Decimal(row["hours"]),
                Decimal(row["cost"]),
            )
            for row in rows
        ],
        (
            f"Total, {len(rows)}",
            "",
            sum((Decimal(row["hours"] or 0) for row in rows), Decimal(0)),
            sum((Decimal(row["cost"]) for row in rows), Decimal(0)),
        ),
    )
    return Answer(
        8,
        "What does it cost you to obtain and oversee social value?",
        asked.texts([says]),
        table if rows and "costs" in asked.ticks else None,
        (asked.fact("oversight_cost"),),
        asked.missing("costs") if rows else (),
    )


def framework(asked: Asked) -> Answer:
    rows = asked.facts["frameworks"]
    policy = asked.facts["policy"]
    says = []
    if policy is not None:
        since = uk_date(date.fromisoformat(policy["valid_from"]))
        says.append(f"{policy['label']}, of {policy['organisation']}, in force since {since}.")
    else:
        says.append("No policy was in force at the end of the period.")
    if not rows:
        says.append("No framework of measures was in use at the end of the period.")
    table = Table(
        f"Frameworks of measures in use at the end of {asked.period}",
        (
            Column("Framework"),
            Column("Owner"),
            Column("Licence"),
            Column("In force from", "date"),
            Column("Measures", "number"),
        ),
        [
            (
                row["name"],
                row["owner"] or "Not stated",
                row["licence"] or "Not stated",
                date.fromisoformat(row["valid_from"]),
                row["measures"],
            )
            for row in rows
        ],
    )
    return Answer(
        9,
        "Which framework and which policy do you use for social value?",
        asked.texts(says),
        or_none(rows, table),
        (("Policy", policy["label"] if policy else "none", False),),
    )


def monitoring(asked: Asked) -> Answer:
    entries = asked.facts["entries"]
    says = [
        "Suppliers report each quarter what they delivered, with evidence. A contract manager of the authority "
        "verifies it or sends it back. What is verified is entered in a ledger that is never changed: "
        "corrections are entries of their own.",
        f"For {asked.period} the ledger holds {count_text(entries['claimed'], 'entry', 'entries')} of claims and "
        f"{count_text(entries['verified'], 'entry', 'entries')} of verified deliveries. Of "
        f"{asked.plural('commitments_count', 'commitment')} in {asked.plural('contracts_live', 'contract')}, "
        "{commitments_on_track} kept up with the plan when the report was frozen.",
        f"{asked.plural('shortfalls_count', 'shortfall')} stood in the period, "
        "{shortfalls_unfinished} of them not put right when the report was frozen. "
        f"Approved in the period: {asked.plural('remedies_count', 'remedy', 'remedies')}, with {{remedies_due}} due "
        "from suppliers.",
    ]
    kept = next((row for row in asked.content["counted"] if row["sheet"] == "Shortfalls"), None)
    has_rows = kept is not None and bool(kept["table"]["rows"])
    table = None
    if kept is not None and has_rows and "shortfalls" in asked.ticks:
        table = _shortfalls(asked, table_of(kept["table"]))
    return Answer(
        10,
        "How do you monitor whether social value is delivered?",
        asked.texts(says),
        table,
        tuple(
            asked.fact(name)
            for name in (
                "contracts_live",
                "commitments_count",
                "commitments_on_track",
                "shortfalls_count",
                "shortfalls_unfinished",
                "remedies_count",
                "remedies_due",
            )
        ),
        asked.missing("shortfalls") if has_rows else (),
    )


def _shortfalls(asked: Asked, kept: Table) -> Table:
    """Contract, supplier, measure, missing with its unit, status and recovery action."""
    picked = (0, 2, 3, 4, 5, 9, 10)
    table = Table(
        f"Shortfalls, {asked.period}",
        [kept.columns[n] for n in picked],
        [tuple(row[n] for n in picked) for row in kept.rows],
    )
    return table.counts_only() if asked.counts_only else table
