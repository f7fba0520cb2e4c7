"""The commitment schedule of a contract as a document, for the buyer and the supplier to sign."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from procurement.awards.models import Contract
from procurement.awards.queries.commitments import CommitmentInfo, changes_of, commitments_of
from procurement.awards.queries.contracts import contract_for
from procurement.awards.queries.record.words import with_vat
from procurement.bids.queries import OpenedLine, opened_bids
from procurement.bids.vocabulary import PartKind
from procurement.tenders.queries import place_name
from procurement.tenders.rules.pack import CLAUSE, CLAUSE_STANDING
from socialvalue.core import money
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.documents import (
    Block,
    Document,
    Grid,
    Heading,
    Paragraph,
    Pounds,
    lines,
    quantity,
    worth,
)
from socialvalue.core.periods import quarter_label, uk_date
from toms.frameworks.queries import editions_named
from toms.valuation.rules.numbers import pounds_of_one

HUNDRED = Decimal(100)
NOT_VALUED = "Counted, not valued"
SIGNATURES = (("For the authority", "", "", ""), ("For the supplier", "", "", ""))


def schedule_document(actor: Actor, contract_id: int) -> Document:
    """What the contract holds its supplier to. NotVisible but for the two parties."""
    contract = contract_for(actor, contract_id)
    commitments = commitments_of(contract_id)
    return Document(
        title=f"Schedule of commitments: {contract.title}",
        subtitle=f"{contract.authority.name} and {contract.supplier.name}",
        facts=_facts(contract, commitments),
        blocks=[
            *commitments_listed(commitments),
            *_delivered_how(commitments, _offered(contract)),
            *_changes(contract_id),
            *_clause(),
            Heading("Signatures"),
            Grid("Signed by", ["Party", "Name and role", "Signature", "Date"], SIGNATURES, widths=[22, 32, 28, 18]),
        ]
        if commitments
        else [Paragraph("This contract holds no social value commitments.")],
        notice="Demonstration data" if contract.authority.is_demonstration else "",
    )  # fmt: skip


def _facts(contract: Contract, commitments: Sequence[CommitmentInfo]) -> list[tuple[str, str]]:
    editions = editions_named({row.edition_id for row in commitments})
    signed = uk_date(contract.signed_on) if contract.signed_on else "Not yet"
    return [
        ("Contract", contract.reference),
        ("Authority", contract.authority.name),
        ("Supplier", contract.supplier.name),
        ("Contract value", with_vat(contract.value, contract.value_basis)),
        ("Term", f"{uk_date(contract.starts_on)} to {uk_date(contract.ends_on)}"),
        ("Awarded", uk_date(contract.award.decided_at.astimezone(LONDON).date())),
        ("Signed", signed),
        ("Measures from", ", ".join(sorted(editions.values())) or "None"),
    ]


def commitments_listed(commitments: Sequence[CommitmentInfo]) -> list[Block]:
    """The commitments with quantity, unit value and value, and what they are worth together."""
    if not commitments:
        return []
    rows = [
        [
            row.measure.code,
            row.measure.title,
            _quantity(row),
            f"{money.quantity_text(row.attribution_percent)}%",
            _unit_value(row),
            NOT_VALUED if row.value is None else Pounds(money.pounds(row.value)),
        ]
        for row in commitments
    ]
    together = sum((row.value or Decimal(0) for row in commitments), Decimal(0))
    return [
        Heading("Commitments"),
        Grid(
            "What the supplier has committed to, over the whole contract",
            ["Code", "Measure", "Quantity", "Share due to this contract", "Value of one unit", "Social value"],
            rows,
            frozenset({2, 3, 4, 5}),
            [11, 31, 18, 13, 14, 13],
            total=["All", "", "", "", "", Pounds(money.pounds(together))],
        ),
        Grid(
            "How each is counted and proven",
            ["Code", "Counting rule", "Evidence", "Where the unit value comes from"],
            [
                [
                    row.measure.code,
                    row.measure.counting_rule,
                    row.measure.evidence,
                    row.unit_value_source or NOT_VALUED,
                ]
                for row in commitments
            ],
            widths=[11, 41, 24, 24],
        ),
    ]  # fmt: skip


def _quantity(row: CommitmentInfo) -> str:
    """As it stands, and where the parties changed it, what it was awarded with."""
    stands = quantity(money.measured(row.quantity, row.measure.unit))
    if not row.is_changed:
        return stands
    if row.is_added:
        return lines([stands, "Added after the award"])
    awarded = money.measured(row.awarded_quantity, row.measure.unit)
    return lines([stands, quantity(f"Awarded: {awarded}")])


def _changes(contract_id: int) -> list[Block]:
    """What the parties changed since the award; nothing where they changed nothing."""
    rows = [
        [
            uk_date(row.agreed_at.astimezone(LONDON).date()),
            quantity(row.sentence),
            quarter_label(row.from_quarter),
            row.reason,
        ]
        for row in changes_of(contract_id)
    ]
    if not rows:
        return []
    return [
        Heading("Changed since the award"),
        Paragraph("Quantities and dates above are those that hold now, after these changes."),
        Grid(
            "What was changed",
            ["Agreed on", "Change", "From", "Reason"],
            rows,
            widths=[16, 36, 18, 30],
        ),
    ]


def _unit_value(row: CommitmentInfo) -> str:
    if row.unit_value is None:
        return NOT_VALUED
    place = place_name(row.place) if row.place else ""
    return lines([worth(f"£{pounds_of_one(row.unit_value)}"), place])


def _offered(contract: Contract) -> dict[int, OpenedLine]:
    """The lines of the bid that won, by id."""
    bid = contract.award.bid
    found = [row for row in opened_bids(bid.tender_id) if row.id == bid.pk]
    return {line.id: line for row in found for line in row.lines}


def _delivered_how(
    commitments: Sequence[CommitmentInfo], offered: dict[int, OpenedLine]
) -> list[Block]:
    """In the bidder's own words, with who else delivers a part and why not all of it counts."""
    rows = []
    for row in commitments:
        line = offered.get(row.offer_line_id) if row.offer_line_id else None
        texts = [row.method_statement]
        if line is not None:
            texts += [
                quantity(
                    f"{PartKind(part.kind).label}: {part.name}, {money.measured(part.quantity, row.measure.unit)}"
                )
                for part in line.parts
            ]
            if row.attribution_percent < HUNDRED and line.attribution_reason:
                texts.append(f"Share due to this contract: {line.attribution_reason}")
        said = lines(texts)
        if said:
            rows.append([row.measure.code, said])
    if not rows:
        return []
    caption = "How the supplier will deliver them, from its bid"
    return [Grid(caption, ["Code", "In the bidder's words"], rows, widths=[11, 89])]


def _clause() -> list[Block]:
    return [
        Heading("What this means"),
        *(Paragraph(f"{number}. {text}") for number, text in enumerate(CLAUSE, start=1)),
        Paragraph(CLAUSE_STANDING),
    ]
