"""What is counted and not summed: procurements begun in a period, and the contracts that run in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from procurement.ledger.rules import size_of
from procurement.policies.vocabulary import Route
from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import WeightingKind
from procurement.threads import queries as threads
from reporting.figures.queries.outlook import contracts_outlook
from reporting.figures.queries.overseeing import costs_in, remedies_in, shortfalls_in
from reporting.figures.queries.progress import contracts_progress
from reporting.figures.queries.running import Running
from reporting.figures.rules.of_contracts import (
    ContractOutlook,
    ValuedContract,
    Where,
    is_local,
    outlook_counts,
    value_counts,
)
from reporting.figures.rules.overseeing import (
    Cost,
    RemedyFacts,
    ShortfallFacts,
    overseeing_counts,
    remedy_counts,
    shortfall_counts,
)
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.proofs import (
    BegunProcurement,
    JudgedProcurement,
    begun_counts,
    compliance_counts,
    contract_counts,
)
from reporting.figures.rules.spans import Span
from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor

NOT_COUNTED = (ProcurementStatus.DRAFT, ProcurementStatus.WITHDRAWN, ProcurementStatus.DIVIDED)
"""A procurement tendered in lots is counted by its lots."""

Counts = Mapping[str, Decimal | None]


class Counted(Counts):
    """Every count of one authority, or one directorate of it, and period by its name, each group of them read when one
    of it is asked for.

    A page pays for the counts it shows. The actor acts for the authority. Of a past day (``at``) only what belongs to
    contracts is read as it stood: the rest is counted as it is, and nobody asks for it then.
    """

    def __init__(
        self, actor: Actor, span: Span, directorate: str = "", at: date | None = None
    ) -> None:
        self.actor, self.span, self.directorate = actor, span, directorate
        self.running = Running(actor, span, directorate, at)

    @cached_property
    def contracts(self) -> tuple[ContractProgress, ...]:
        """The signed contracts that run in the period, worst first."""
        return contracts_progress(self.actor, self.span, self.running)

    @cached_property
    def begun(self) -> tuple[BegunProcurement, ...]:
        return procurements_begun(self.actor, self.span, self.directorate)

    @cached_property
    def judged(self) -> tuple[JudgedProcurement, ...]:
        return procurements_judged(self.actor, self.span, self.directorate)

    @cached_property
    def valued(self) -> tuple[ValuedContract, ...]:
        return contracts_valued(self.actor, self.span, self.running)

    @cached_property
    def outlook(self) -> tuple[ContractOutlook, ...]:
        return contracts_outlook(self.actor, self.span, self.running)

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        return costs_in(self.actor, self.span, self.directorate)

    @cached_property
    def shortfalls(self) -> tuple[ShortfallFacts, ...]:
        return shortfalls_in(self.actor, self.span, self.directorate)

    @cached_property
    def remedies(self) -> tuple[RemedyFacts, ...]:
        return remedies_in(self.actor, self.span, self.directorate)

    @cached_property
    def _of_contracts(self) -> Counts:
        return contract_counts(self.contracts)

    @cached_property
    def _of_begun(self) -> Counts:
        return begun_counts(self.begun)

    @cached_property
    def _compliance(self) -> Counts:
        return compliance_counts(self.judged)

    @cached_property
    def _values(self) -> Counts:
        return value_counts(self.valued)

    @cached_property
    def _forecasts(self) -> Counts:
        return outlook_counts(self.outlook)

    @cached_property
    def _costs(self) -> Counts:
        return overseeing_counts(self.costs)

    @cached_property
    def _shortfalls(self) -> Counts:
        return shortfall_counts(self.shortfalls)

    @cached_property
    def _remedies(self) -> Counts:
        return remedy_counts(self.remedies)

    def _group(self, name: str) -> Counts:
        for start, group in _GROUPS.items():
            if name.startswith(start):
                found: Counts = getattr(self, group)
                return found
        return self._of_contracts

    def __getitem__(self, name: str) -> Decimal | None:
        return self._group(name)[name]

    def _groups(self) -> tuple[Counts, ...]:
        names = ("_of_contracts", *dict.fromkeys(_GROUPS.values()))
        return tuple(getattr(self, name) for name in names)

    def __iter__(self) -> Iterator[str]:
        for group in self._groups():
            yield from group

    def __len__(self) -> int:
        return sum(len(group) for group in self._groups())


_GROUPS = {
    "procurements_": "_of_begun",
    "social_value_asked_": "_of_begun",
    "average_weighting": "_of_begun",
    "forecast_": "_forecasts",
    "routes_": "_compliance",
    "local_": "_values",
    "sme_": "_values",
    "vcse_": "_values",
    "contracts_valued": "_values",
    "oversight_": "_costs",
    "shortfalls_": "_shortfalls",
    "remedies_": "_remedies",
}
"""Which group a name belongs to, by how it starts; the others are counts of contracts."""


def procurements_begun(
    actor: Actor, span: Span, directorate: str = ""
) -> tuple[BegunProcurement, ...]:
    """The acting authority's procurements begun in the period, newest first, with what their tenders ask."""
    begun = list(
        procurements.procurement_list(
            actor, procurements.ProcurementFilter(directorate=directorate)
        )
        .filter(commenced_on__gte=span.first, commenced_on__lte=span.last)
        .exclude(status__in=NOT_COUNTED)
        .values_list("pk", "reference", "title", "commenced_on", "route")
    )
    if not begun:
        return ()
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


def procurements_judged(
    actor: Actor, span: Span, directorate: str = ""
) -> tuple[JudgedProcurement, ...]:
    """The same procurements as the compliance register judges them: those that are counted as begun, no others."""
    wanted = threads.RegisterFilter(year=span.year, directorate=directorate)
    register = threads.compliance_register(actor, wanted)
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


def contracts_valued(
    actor: Actor, span: Span, running: Running | None = None
) -> tuple[ValuedContract, ...]:
    """The signed contracts that run in the period, with what they cost. Two queries; what ``running`` has read is not
    read again."""
    own = accounts.organisation_of(actor)
    here = Where(own.place, own.postcode_district, accounts.county_of(own.place))
    return tuple(
        ValuedContract(
            row.id,
            row.title,
            row.reference,
            row.supplier_name,
            row.value,
            row.value_basis,
            size_of(row.supplier_is_sme, row.supplier_is_vcse),
            is_local(
                Where(
                    row.supplier_place,
                    row.supplier_postcode_district,
                    accounts.county_of(row.supplier_place),
                ),
                here,
            ),
        )
        for row in (running or Running(actor, span)).contracts.values()
    )
