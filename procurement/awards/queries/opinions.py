"""The commitments of a contract under another edition, beside what they were awarded at. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.awards.models import Commitment, Contract
from procurement.awards.queries.commitments import CommitmentInfo, commitments_of
from procurement.awards.queries.contracts import ContractBrief, contract_brief, contract_for
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.tenders.queries import tender_brief
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table
from toms.frameworks.queries import editions_by_id
from toms.priorities.queries.opinions import (
    Opinion,
    edition_choices,
    edition_title,
    second_opinion,
)
from toms.priorities.queries.reviewing import OpinionLine
from toms.priorities.rules.opinions import Terms, ValuedRow, year_of


@dataclass(frozen=True, slots=True)
class CommitmentOpinion:
    """One commitment as awarded, and what the other edition says of it."""

    commitment: CommitmentInfo
    edition: str
    line: OpinionLine


@dataclass(frozen=True, slots=True)
class ContractOpinion:
    contract: ContractBrief
    opinion: Opinion
    rows: tuple[CommitmentOpinion, ...]

    @property
    def without_counterpart(self) -> list[CommitmentOpinion]:
        return [row for row in self.rows if row.line.counterpart is None]

    @property
    def is_unplanned(self) -> bool:
        """It is discounted, and no agreed plan says when some of it falls."""
        return self.opinion.terms.is_discounted and any(
            row.line.other is not None and not row.line.row.years for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class OpinionChoices:
    """What may be looked through: the editions the actor may read, another than the contract's own first chosen."""

    contract: ContractBrief
    editions: Sequence[tuple[str, str]]
    chosen: str


def opinion_choices(actor: Actor, contract_id: int) -> OpinionChoices:
    """NotVisible for anybody but the two parties."""
    contract = contract_for(actor, contract_id)
    used = Commitment.objects.filter(contract=contract).values_list("edition_id", flat=True)
    found = edition_choices(actor, awarded_in=set(used))
    return OpinionChoices(contract_brief(contract.pk), found.editions, found.chosen)


def contract_opinion(
    actor: Actor, contract_id: int, edition_slug: str, terms: Terms
) -> ContractOpinion:
    """Every commitment under another edition. NotVisible for others, and for an edition the actor may not read."""
    contract = contract_for(actor, contract_id)
    commitments = commitments_of(contract_id)
    rows = _rows(contract, commitments)
    opinion = second_opinion(
        actor, rows, edition_slug, terms=terms, authority_id=contract.authority_id
    )
    editions = editions_by_id(info.edition_id for info in commitments)
    return ContractOpinion(
        contract_brief(contract.pk),
        opinion,
        tuple(
            CommitmentOpinion(info, edition_title(editions[info.edition_id]), line)
            for info, line in zip(commitments, opinion.lines, strict=True)
        ),
    )


def _rows(contract: Contract, commitments: Sequence[CommitmentInfo]) -> list[ValuedRow]:
    """As they were valued: at the tender's place and sector, on the day the procurement commenced."""
    tender = tender_brief(contract.award.bid.tender_id)
    years = _years(contract, commitments)
    return [
        ValuedRow(
            key=info.id,
            measure_id=info.measure.id,
            quantity=info.quantity,
            on=contract.procurement.commenced_on,
            unit_value=info.unit_value,
            value_pence=None if info.unit_value is None else info.value_pence,
            attribution_percent=info.attribution_percent,
            place=tender.place,
            sector=tender.sector,
            source=info.unit_value_source,
            years=years.get(info.id, ()),
        )
        for info in commitments
    ]


def _years(
    contract: Contract, commitments: Sequence[CommitmentInfo]
) -> dict[int, tuple[tuple[int, Decimal], ...]]:
    """How much of each commitment falls in which year of the contract, where its agreed plan says so."""
    sums = ledger.commitment_sums([info.id for info in commitments], basis=Basis.COMMITTED)
    found: dict[int, dict[int, Decimal]] = {}
    for (commitment_id, period), row in sums.items():
        parts = found.setdefault(commitment_id, {})
        year = year_of(contract.starts_on.replace(day=1), period)
        parts[year] = parts.get(year, Decimal(0)) + row.quantity
    promised = {info.id: info.quantity for info in commitments}
    return {
        commitment_id: tuple(sorted(parts.items()))
        for commitment_id, parts in found.items()
        if sum(parts.values()) == promised[commitment_id]
    }


def opinion_table(found: ContractOpinion) -> Table:
    """What the page shows, for CSV and XLSX."""
    sums = found.opinion.totals
    other = found.opinion.edition.name
    return Table(
        caption=f"Second opinion: {other}",
        columns=(
            Column("Measure"),
            Column("Measure title", width=40),
            Column("Quantity", "number"),
            Column("Unit"),
            Column("Edition as awarded", width=28),
            Column("Value as awarded (£)", "money", is_social_value=True),
            Column("Other edition", width=28),
            Column("Measure there"),
            Column("Value there (£)", "money", is_social_value=True),
            Column("Difference (£)", "money", is_social_value=True),
            Column("Not compared because", width=40),
        ),
        rows=[
            (
                row.commitment.measure.code,
                row.commitment.measure.title,
                row.commitment.quantity,
                row.commitment.measure.unit,
                row.edition,
                row.line.value,
                other,
                row.line.counterpart.code if row.line.counterpart else "",
                row.line.other,
                row.line.difference,
                row.line.compared.reason,
            )
            for row in found.rows
        ],
        total=(
            "Total", "", None, "", "", from_pence(sums.value_pence), other, "",
            from_pence(sums.there_pence) if sums.is_any_there else None,
            from_pence(sums.difference_pence) if sums.comparable else None, "",
        ),
        empty="There are no commitments.",
    )  # fmt: skip
