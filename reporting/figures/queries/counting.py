"""What is counted and not summed: procurements begun in a period, and the contracts that run in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from procurement.ledger.rules import size_of
from procurement.policies.vocabulary import Route
from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import WeightingKind
from procurement.threads import queries as threads
from reporting.figures.queries.outlook import contracts_outlook
from reporting.figures.queries.progress import contracts_progress
from reporting.figures.rules.of_contracts import (
    ContractOutlook,
    ValuedContract,
    Where,
    is_local,
    outlook_counts,
    value_counts,
)
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.proofs import (
    BegunProcurement,
    JudgedProcurement,
    compliance_counts,
    counts,
)
from reporting.figures.rules.spans import Span
from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor

NOT_COUNTED = (ProcurementStatus.DRAFT, ProcurementStatus.WITHDRAWN, ProcurementStatus.DIVIDED)
"""A procurement tendered in lots is counted by its lots."""

Counts = Mapping[str, Decimal | None]


class Counted(Counts):
    """Every count of one authority and period by its name, each group of them read when one of it is asked for.

    A page pays for the counts it shows. The actor acts for the authority.
    """

    def __init__(self, actor: Actor, span: Span) -> None:
        self.actor, self.span = actor, span

    @cached_property
    def contracts(self) -> tuple[ContractProgress, ...]:
        """The signed contracts that run in the period, worst first."""
        return contracts_progress(self.actor, self.span)

    @cached_property
    def begun(self) -> tuple[BegunProcurement, ...]:
        return procurements_begun(self.actor, self.span)

    @cached_property
    def judged(self) -> tuple[JudgedProcurement, ...]:
        return procurements_judged(self.actor, self.span)

    @cached_property
    def valued(self) -> tuple[ValuedContract, ...]:
        return contracts_valued(self.actor, self.span)

    @cached_property
    def outlook(self) -> tuple[ContractOutlook, ...]:
        return contracts_outlook(self.actor, self.span)

    @cached_property
    def _plain(self) -> Counts:
        return counts(self.contracts, self.begun)

    @cached_property
    def _compliance(self) -> Counts:
        return compliance_counts(self.judged)

    @cached_property
    def _values(self) -> Counts:
        return value_counts(self.valued)

    @cached_property
    def _forecasts(self) -> Counts:
        return outlook_counts(self.outlook)

    def _group(self, name: str) -> Counts:
        if name.startswith("forecast_"):
            return self._forecasts
        if name.startswith("routes_"):
            return self._compliance
        if name.startswith(("local_", "sme_", "vcse_", "contracts_valued")):
            return self._values
        return self._plain

    def __getitem__(self, name: str) -> Decimal | None:
        return self._group(name)[name]

    def _groups(self) -> tuple[Counts, ...]:
        return self._plain, self._compliance, self._values, self._forecasts

    def __iter__(self) -> Iterator[str]:
        for group in self._groups():
            yield from group

    def __len__(self) -> int:
        return sum(len(group) for group in self._groups())


def procurements_begun(actor: Actor, span: Span) -> tuple[BegunProcurement, ...]:
    """The acting authority's procurements begun in the period, newest first, with what their tenders ask."""
    begun = list(
        procurements.procurement_list(actor)
        .filter(commenced_on__gte=span.first, commenced_on__lte=span.last)
        .exclude(status__in=NOT_COUNTED)
        .values_list("pk", "reference", "title", "commenced_on", "route")
    )
    asked: dict[int, list[Decimal]] = {}
    asking = (
        tenders.published_tenders([actor.organisation_id or 0])
        .filter(procurement_id__in=[row[0] for row in begun], requirements__isnull=False)
        .distinct()
    )
    for tender in asking:
        weightings = asked.setdefault(tender.procurement_id, [])
        if tender.weighting_kind == WeightingKind.WEIGHTED and tender.whole_percent is not None:
            weightings.append(tender.whole_percent)
    return tuple(
        BegunProcurement(
            pk,
            reference,
            title,
            commenced_on,
            pk in asked,
            tuple(asked.get(pk, ())),
            Route(route).label if route else "",
        )
        for pk, reference, title, commenced_on, route in begun
    )


def procurements_judged(actor: Actor, span: Span) -> tuple[JudgedProcurement, ...]:
    """The same procurements as the compliance register judges them: those that are counted as begun, no others."""
    register = threads.compliance_register(actor, threads.RegisterFilter(year=span.year))
    return tuple(
        JudgedProcurement(
            line.id,
            line.reference,
            line.title,
            line.commenced_on,
            line.route_label,
            line.verdict.followed,
            " ".join(line.verdict.sentences),
        )
        for line in register.lines
        if span.first <= line.commenced_on <= span.last and line.status not in NOT_COUNTED
    )


def contracts_valued(actor: Actor, span: Span) -> tuple[ValuedContract, ...]:
    """The signed contracts that run in the period, with what they cost. Two queries."""
    own = accounts.organisation_of(actor)
    here = Where(own.place, own.postcode_district)
    rows = (
        awards.contracts_for(actor)
        .filter(starts_on__lte=span.last, ends_on__gte=span.first)
        .exclude(status=ContractStatus.AWARDED)
    )
    return tuple(
        ValuedContract(
            row.pk,
            row.title,
            row.reference,
            row.supplier.name,
            row.value,
            row.value_basis,
            size_of(row.supplier.is_sme, row.supplier.is_vcse),
            is_local(Where(row.supplier.place, row.supplier.postcode_district), here),
        )
        for row in rows
    )
