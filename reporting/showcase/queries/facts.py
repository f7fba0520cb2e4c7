"""What is verified under the contract a story is about, read from the totals whenever it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from procurement.awards import queries as awards
from procurement.ledger.vocabulary import Basis
from reporting.rollups import queries as rollups
from reporting.showcase.rules import VerifiedFigure, for_everybody, total_of
from socialvalue.core import money
from toms.frameworks.queries import NOT_PUBLIC, MeasureInfo, everybody, measure_infos


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A signed contract and what is verified of it so far, a measure a row."""

    contract_id: int
    reference: str
    title: str
    supplier_name: str
    starts_on: date
    ends_on: date
    figures: tuple[VerifiedFigure, ...]
    as_at: datetime | None
    """When the totals last changed; None: never."""

    @property
    def value(self) -> Decimal | None:
        """Verified pounds of the figures shown; None when none of them is valued."""
        return total_of(self.figures)

    @property
    def url(self) -> str:
        return reverse("procurement:awards:contract", args=[self.contract_id])

    @property
    def entries_url(self) -> str:
        """The verified rows that the figures add up, for those who may see them."""
        asked = urlencode({"basis": Basis.VERIFIED, "contract": self.contract_id})
        return f"{reverse('procurement:ledger:entries')}?{asked}"


def facts_of(contract_ids: Iterable[int], *, public: bool) -> dict[int, ContractFacts]:
    """By contract, in a number of queries that does not grow. ``public`` leaves out what could tell of a few people.

    The caller has shown that the reader may know of the contract.
    """
    wanted = set(contract_ids)
    if not wanted:
        return {}
    commitments = awards.commitments_of_contracts(wanted)
    totals = rollups.commitment_totals([row.id for row in commitments], Basis.VERIFIED)
    as_at = rollups.freshness().as_at
    # In public a title under an authority's licence is not told. To its own people it is.
    reader = everybody() if public else None
    titles = measure_infos({row.measure.id for row in commitments}, reader)
    found = {}
    for pk, brief in awards.contract_briefs(wanted).items():
        own = [row for row in commitments if row.contract_id == pk and row.id in totals]
        figures = _figures(own, totals, titles)
        found[pk] = ContractFacts(
            contract_id=pk,
            reference=brief.reference,
            title=brief.title,
            supplier_name=brief.supplier_name,
            starts_on=brief.starts_on,
            ends_on=brief.ends_on,
            figures=for_everybody(figures) if public else figures,
            as_at=as_at,
        )
    return found


def _figures(
    commitments: Sequence[awards.CommitmentInfo],
    totals: dict[int, rollups.TotalSum],
    titles: Mapping[int, MeasureInfo],
) -> tuple[VerifiedFigure, ...]:
    """One row a measure: two promises of one measure are added up where the measure is."""
    grouped: dict[int, list[awards.CommitmentInfo]] = {}
    for row in commitments:
        grouped.setdefault(row.measure.id, []).append(row)
    return tuple(
        _figure(rows, [totals[row.id] for row in rows], titles[key])
        for key, rows in sorted(grouped.items(), key=lambda pair: pair[1][0].measure.code_sort)
    )


def _figure(
    commitments: Sequence[awards.CommitmentInfo],
    sums: Sequence[rollups.TotalSum],
    measure: MeasureInfo,
) -> VerifiedFigure:
    quantity = sum((row.quantity or Decimal(0) for row in sums), Decimal(0))
    whole = sum((row.denominator or Decimal(0) for row in sums), Decimal(0))
    if measure.is_rate and whole:
        parts = f"{money.quantity_text(quantity)} of {money.quantity_text(whole)}"
        shown = f"{money.percent_text(quantity * 100 / whole, 1)} ({parts})"
    elif measure.adds_up:
        shown = money.measured(quantity, measure.unit)
    else:
        shown = money.count_text(sum(row.entries for row in sums), "figure")
    pence = [sums[n].value_pence for n, row in enumerate(commitments) if row.unit_value is not None]
    return VerifiedFigure(
        measure_id=measure.id,
        label=measure.label if measure.title == NOT_PUBLIC else measure.title,
        unit=measure.unit,
        quantity=quantity if measure.adds_up else None,
        shown=shown,
        value=money.from_pence(sum(pence)) if pence else None,
        is_about_pay=measure.is_local_employment,
    )
