"""What is asked about tenders, spend, suppliers and winners. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from reporting.cabinet.rules.foi.shapes import Answer, Asked, or_none, percent_of, share_of
from socialvalue.core.money import count_text, percent_text, pounds, quantity_text
from socialvalue.core.tables import Column, Table, Value


def tenders(asked: Asked) -> Answer:
    if not asked.value("procurements_count"):
        says = [f"No procurement began in {asked.period}."]
    else:
        says = [
            f"{asked.plural('procurements_count', 'procurement')} began in {asked.period}. "
            "{procurements_with_social_value} of them ({social_value_asked_share}) asked suppliers for social value in "
            "a published tender."
        ]
    return Answer(
        1,
        "How many of your tenders included social value, and what share of all tenders is that?",
        asked.texts(says),
        None,
        tuple(
            asked.fact(name)
            for name in (
                "procurements_count",
                "procurements_with_social_value",
                "social_value_asked_share",
            )
        ),
    )


def weighting(asked: Asked) -> Answer:
    found = asked.facts["weightings"]
    policy = asked.facts["policy"]
    if not found["count"]:
        says = [f"No tender of procurements begun in {asked.period} gave social value a weighting."]
    else:
        tenders = count_text(found["count"], "published tender")
        lowest, highest = (percent_text(Decimal(found[key]), 1) for key in ("lowest", "highest"))
        between = f", from {lowest} to {highest}" if lowest != highest else ""
        says = [
            f"{{average_weighting}} of the marks on average, over {tenders} of procurements begun in "
            f"{asked.period}{between}. Tenders in which social value is passed or failed have no weighting."
        ]
    if policy is not None:
        lowest, highest = (percent_of(policy[key]) for key in ("lowest", "highest"))
        says.append(f"The policy asks for a weighting from {lowest} to {highest}.")
    return Answer(
        2,
        "What is the average weighting given to social value in tenders?",
        asked.texts(says),
        None,
        (asked.fact("average_weighting"), ("Tenders with a weighting", str(found["count"]), False)),
    )


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def spend(asked: Asked) -> Answer:
    spend = asked.facts["spend"]
    value, with_value = Decimal(spend["value"]), Decimal(spend["value_with_commitments"])
    if not spend["contracts"]:
        says = [f"No contract that is recorded in the service ran in {asked.period}."]
    else:
        says = [
            f"{count_text(spend['contracts'], 'contract')} recorded in the service ran in {asked.period}, worth "
            f"{pounds(value)} without VAT. {quantity_text(Decimal(spend['with_commitments']))} of them, worth "
            f"{pounds(with_value)} ({share_of(with_value, value)}), {_have(spend['with_commitments'])} social value "
            "commitments.",
            "This is the value of contracts over their whole length and not what was paid in the period. Contracts "
            "that are not recorded in the service are not in it.",
        ]
    return Answer(
        5,
        "What share of your spend is with contracts that have social value commitments?",
        asked.texts(says),
        None,
        (
            ("Contracts that ran in the period", str(spend["contracts"]), False),
            ("Of these with social value commitments", str(spend["with_commitments"]), False),
            ("Value of all of them without VAT", pounds(value), False),
            ("Value of those with commitments", pounds(with_value), False),
            ("Share of the value", share_of(with_value, value) or "not reported", False),
        ),
    )


def suppliers(asked: Asked) -> Answer:
    rows = asked.facts["sizes"]
    says = [
        f"By value {{sme_value_share}} of the contracts that ran in {asked.period} are with small and "
        f"medium-sized enterprises, and {{vcse_value_share}} with voluntary, community and social "
        "enterprises. This is what suppliers say of themselves; a supplier may be both."
        if rows
        else f"No contract that is recorded in the service ran in {asked.period}."
    ]
    table = Table(
        f"Suppliers by size, {asked.period}",
        (
            Column("Size of supplier"),
            Column("Suppliers", "number"),
            Column("Contracts", "number"),
            Column("Value of contracts without VAT (£)", "money"),
        ),
        [(row["size"], row["suppliers"], row["contracts"], Decimal(row["value"])) for row in rows],
        (
            "Total",
            sum(row["suppliers"] for row in rows),
            sum(row["contracts"] for row in rows),
            sum((Decimal(row["value"]) for row in rows), Decimal(0)),
        ),
    )
    return Answer(
        6,
        "How many of your suppliers are SMEs, and how many are VCSEs?",
        asked.texts(says),
        or_none(rows, table),
        (asked.fact("sme_value_share"), asked.fact("vcse_value_share")),
    )


WINNERS: tuple[tuple[str, Column, str, Callable[[Any], Value]], ...] = (
    ("", Column("Supplier"), "supplier", str),
    ("", Column("Contract"), "contract", str),
    ("", Column("Began", "date"), "starts_on", date.fromisoformat),
    ("", Column("Commitments", "number"), "commitments", int),
    ("prices", Column("Value without VAT (£)", "money"), "value", Decimal),
    (
        "promises",
        Column("Promised, whole contract (£)", "money", is_social_value=True),
        "committed",
        Decimal,
    ),
    (
        "delivered",
        Column("Verified in the period (£)", "money", is_social_value=True),
        "verified",
        Decimal,
    ),
)
"""The tick that a column needs, the column, the fact it holds and how that is read."""


def winners(asked: Asked) -> Answer:
    rows = asked.facts["winners"]
    says = (
        f"{count_text(len(rows), 'contract')} with these suppliers began in {asked.period}."
        if rows
        else f"No contract that is recorded in the service began in {asked.period}."
    )
    told = [row for row in WINNERS if not row[0] or row[0] in asked.ticks]
    table = Table(
        f"Contracts that began in {asked.period}",
        [column for _, column, _, _ in told],
        [tuple(read(row[key]) for _, _, key, read in told) for row in rows],
    )
    return Answer(
        7,
        "Which suppliers won contracts with social value commitments?",
        asked.texts([says]),
        or_none(rows, table.counts_only() if asked.counts_only else table),
        (("Contracts that began in the period", str(len(rows)), False),),
        asked.missing("prices", "promises", "delivered") if rows else (),
    )
