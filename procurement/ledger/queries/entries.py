"""Entries as the actor may see them: the rows under a figure, ready to show and to download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from procurement.ledger.models import LedgerEntry
from procurement.ledger.permissions import can_open_source, reads_region
from procurement.ledger.queries.cuts import NO_CUT, Cut, cut_in_words, narrowed
from procurement.ledger.queries.titles import titles_for
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.accounts.queries import members_of, organisation_names
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence, pounds
from socialvalue.core.periods import FinancialYear, month_of, uk_date
from socialvalue.core.tables import Column, Table
from toms.frameworks.queries import MeasureInfo, measure_infos
from toms.valuation.rules import Working, WorkingLine, value_of


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """Which entries are meant. ``basis`` is always named; every other part may be left out.

    ``first`` and ``last`` are days; an entry is meant when the first day of its period lies between them.
    """

    basis: str
    authority_ids: tuple[int, ...] = ()
    theme_ids: tuple[int, ...] = ()
    measure_ids: tuple[int, ...] = ()
    contract_ids: tuple[int, ...] = ()
    commitment_ids: tuple[int, ...] = ()
    claim_ids: tuple[int, ...] = ()
    supplier_ids: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    at: date | None = None
    """Only what had been posted by the end of this day; None means by now."""
    cut: Cut = NO_CUT
    text: str = ""
    order: str = "-posted"


ORDERS = {
    "posted": ("posted_at", "id"),
    "period": ("period", "id"),
    "quantity": ("quantity", "id"),
    "value": ("value_pence", "id"),
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it is shown. ``working`` is the sum behind its value; ``may_open`` whether its source opens."""

    id: int
    basis: str
    posted_at: datetime
    period: date
    authority_id: int
    authority_name: str
    supplier_id: int
    supplier_name: str
    measure: MeasureInfo
    contract_id: int
    contract_reference: str
    contract_title: str
    commitment_id: int
    claim_id: int | None
    quantity: Decimal
    denominator: Decimal | None
    value_pence: int
    corrects_id: int | None
    reason: str
    working: Working
    may_open: bool

    @property
    def value(self) -> Decimal | None:
        """Pounds; None when the measure is counted, not valued."""
        return from_pence(self.value_pence) if self.working.is_valued else None

    @property
    def working_lines(self) -> list[tuple[str, str]]:
        return [(line.label, line.shown) for line in self.working.lines]


def visible_entries(actor: Actor) -> QuerySet[LedgerEntry]:
    """Every entry the actor may see: the authority's own, the supplier's own, and for a regional analyst those of the
    authorities that were members in the entry's period and do not withhold their figures from the region."""
    if actor.is_system:
        return _entries()
    seen = Q(pk__in=())
    if is_buyer(actor):
        seen |= Q(authority_id=actor.organisation_id)
    if is_supplier(actor):
        seen |= Q(supplier_id__in=actor.organisation_ids)
    if reads_region(actor):
        for region_id in sorted(actor.region_ids):
            seen |= _members(region_id)
    return _entries().filter(seen)


def _entries() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.select_related("contract", "commitment")


def _members(region_id: int) -> Q:
    seen = Q(pk__in=())
    for member in members_of(region_id, date.min, date.max):
        if member.is_withheld:
            continue
        stint = Q(authority_id=member.organisation_id, period__gte=month_of(member.from_on))
        if member.to_on is not None:
            stint &= Q(period__lte=member.to_on)
        seen |= stint
    return seen


def entries_for(actor: Actor, filters: EntryFilters) -> QuerySet[LedgerEntry]:
    """The rows under a figure, of one basis, as the actor may see them."""
    rows = visible_entries(actor).filter(basis=filters.basis)
    for column in ("authority", "theme", "measure", "contract", "commitment", "claim", "supplier"):
        wanted = getattr(filters, f"{column}_ids")
        if not wanted:
            continue
        rows = rows.filter(_named(column, wanted))
    if filters.first is not None:
        rows = rows.filter(period__gte=filters.first)
    if filters.last is not None:
        rows = rows.filter(period__lte=filters.last)
    if filters.at is not None:
        rows = rows.filter(posted_at__lt=clock.end_of(filters.at))
    rows = narrowed(actor, rows, filters.cut)
    if filters.text:
        named = Q(measure__title__icontains=filters.text)
        if (reader := titles_for(actor)) is not None:
            # A title that is not told is not found either, so that nobody learns it by trying.
            named &= reader.editions("measure__edition__")
        rows = rows.filter(
            Q(contract__title__icontains=filters.text)
            | Q(contract__reference__icontains=filters.text)
            | Q(supplier__name__icontains=filters.text)
            | Q(measure__code__iexact=filters.text)
            | named
        )
    sign = "-" if filters.order.startswith("-") else ""
    columns = ORDERS.get(filters.order.lstrip("-"), ORDERS["posted"])
    return rows.order_by(*(sign + column for column in columns))


def _named(column: str, ids: Sequence[int]) -> Q:
    """Rows that name one of these; a supplier with those that were merged into it."""
    named = Q(**{f"{column}_id__in": ids})
    return named | Q(supplier__merged_into_id__in=ids) if column == "supplier" else named


def entry_rows(actor: Actor, entries: Iterable[LedgerEntry]) -> list[EntryRow]:
    """Entries ready to show, in their order: as many queries for one as for a hundred."""
    entries = list(entries)
    measures = measure_infos({entry.measure_id for entry in entries}, titles_for(actor))
    names = organisation_names(
        sorted({n for entry in entries for n in (entry.authority_id, entry.supplier_id)})
    )
    return [_row(actor, entry, measures[entry.measure_id], names) for entry in entries]


def _row(actor: Actor, entry: LedgerEntry, measure: MeasureInfo, names: dict[int, str]) -> EntryRow:
    commitment = entry.commitment
    working = _as_posted(
        entry.value_pence,
        value_of(
            quantity=entry.quantity,
            unit_value=commitment.unit_value,
            attribution_percent=commitment.attribution_percent,
            additionality=measure.additionality,
            unit=measure.unit,
            source=commitment.unit_value_source,
        ),
    )
    return EntryRow(
        id=entry.pk,
        basis=entry.basis,
        posted_at=entry.posted_at,
        period=entry.period,
        authority_id=entry.authority_id,
        authority_name=names[entry.authority_id],
        supplier_id=entry.supplier_id,
        supplier_name=names[entry.supplier_id],
        measure=measure,
        contract_id=entry.contract_id,
        contract_reference=entry.contract.reference,
        contract_title=entry.contract.title,
        commitment_id=entry.commitment_id,
        claim_id=entry.claim_id,
        quantity=entry.quantity,
        denominator=entry.denominator,
        value_pence=entry.value_pence,
        corrects_id=entry.corrects_id,
        reason=entry.reason,
        working=working,
        may_open=can_open_source(actor, entry),
    )


COLUMNS = (
    Column("Entry", "number", 10),
    Column("Basis"),
    Column("Posted", "date", 22),
    Column("Month", "date"),
    Column("Authority", width=28),
    Column("Supplier", width=28),
    Column("Contract reference", width=20),
    Column("Contract", width=36),
    Column("Theme", width=28),
    Column("Measure"),
    Column("Measure title", width=40),
    Column("Unit"),
    Column("Quantity", "number"),
    Column("Out of (rates only)", "number"),
    Column("Value (£)", "money", is_social_value=True),
    Column("Claim", "number"),
    Column("Corrects entry", "number"),
    Column("Reason", width=40),
)


VALUES = (
    "pk",
    "posted_at",
    "period",
    "authority__name",
    "supplier__name",
    "contract__reference",
    "contract__title",
    "measure_id",
    "quantity",
    "denominator",
    "commitment__unit_value",
    "value_pence",
    "claim_id",
    "corrects_id",
    "reason",
)
AT_ONCE = 2000


def entry_table(actor: Actor, filters: EntryFilters) -> Table:
    """Every filtered entry as a table for a file, in the order of the page; none becomes an object."""
    entries = entries_for(actor, filters).select_related(None)
    used = entries.order_by().values_list("measure_id", flat=True).distinct()
    measures = measure_infos(used, titles_for(actor))
    label = str(Basis(filters.basis).label)
    rows = []
    for row in entries.values_list(*VALUES).iterator(AT_ONCE):
        pk, posted_at, *whose, measure_id, quantity, whole, unit_value, pence, claim_id = row[:13]
        measure = measures[measure_id]
        value = None if unit_value is None else from_pence(pence)
        named = (measure.theme_name, measure.code, measure.title, measure.unit)
        counted = (quantity, whole, value, claim_id, *row[13:])
        rows.append((pk, label, posted_at.date(), *whose, *named, *counted))
    return Table(caption=f"{label} entries", columns=COLUMNS, rows=rows)


def _as_posted(value_pence: int, working: Working) -> Working:
    """The sum with the penny that was moved when a commitment was shared over its quarters, so that nothing is lost."""
    if not working.is_valued or working.value_pence == value_pence:
        return working
    moved = pounds(from_pence(value_pence - working.value_pence))
    line = WorkingLine("Moved so that the quarters add up to the commitment", moved)
    return Working((*working.lines, line), from_pence(value_pence), value_pence)


@dataclass(frozen=True, slots=True)
class Choices:
    """What occurs in the entries an actor may see: measures in reading order, years newest first."""

    measures: list[MeasureInfo]
    years: list[FinancialYear]


def filter_choices(actor: Actor) -> Choices:
    rows = visible_entries(actor).order_by()
    measures = measure_infos(
        rows.values_list("measure_id", flat=True).distinct(), titles_for(actor)
    )
    years = {FinancialYear.of(day) for day in rows.values_list("period", flat=True).distinct()}
    return Choices(
        measures=sorted(measures.values(), key=lambda found: (found.edition_id, found.code_sort)),
        years=sorted(years, reverse=True),
    )


def filters_in_words(actor: Actor, filters: EntryFilters) -> list[tuple[str, str]]:
    """What the list is narrowed to, for people: label and value. Names only of what the actor sees entries of."""
    words = []
    seen = visible_entries(actor)
    names = {
        "Authority": ("authority", "authority__name"),
        "Supplier": ("supplier", "supplier__name"),
        "Contract": ("contract", "contract__title"),
        "Theme": ("theme", "theme__name"),
    }
    for label, (column, name) in names.items():
        ids = getattr(filters, f"{column}_ids")
        if ids:
            found = seen.filter(_named(column, ids)).order_by(name).values_list(name, flat=True)
            words.append((label, ", ".join(found.distinct()) or "None that you can see"))
    if filters.measure_ids or filters.commitment_ids:
        rows = (
            seen.filter(commitment_id__in=filters.commitment_ids)
            if filters.commitment_ids
            else seen
        )
        rows = rows.filter(measure_id__in=filters.measure_ids) if filters.measure_ids else rows
        used = rows.order_by().values_list("measure_id", flat=True).distinct()
        measures = measure_infos(used, titles_for(actor))
        shown = [
            found.label for found in sorted(measures.values(), key=lambda found: found.code_sort)
        ]
        words.append(("Measure", ", ".join(shown) or "None that you can see"))
    words += cut_in_words(actor, seen, filters.cut)
    if filters.claim_ids:
        words.append(("Claim", ", ".join(str(pk) for pk in filters.claim_ids)))
    if filters.first or filters.last:
        words.append(("Period", _period_in_words(filters.first, filters.last)))
    if filters.at:
        words.append(("As it stood", f"at the end of {uk_date(filters.at)}"))
    return words


def _period_in_words(first: date | None, last: date | None) -> str:
    if first is None:
        return f"up to {uk_date(last)}" if last else ""
    return f"{uk_date(first)} to {uk_date(last)}" if last else f"from {uk_date(first)}"


def entries_of_claim(actor: Actor, claim_id: int) -> list[EntryRow]:
    """Everything ever posted for a claim, in the order it was posted: a history of all bases, not a sum."""
    return entry_rows(actor, visible_entries(actor).filter(claim_id=claim_id).order_by("id"))


def standing_of_claims(*, basis: str, claims: QuerySet[Any]) -> QuerySet[LedgerEntry]:
    """Entries of these claims that count, for the service that takes all of them back at once."""
    return _standing().filter(basis=basis, claim_id__in=claims.order_by().values("pk"))


def _standing() -> QuerySet[LedgerEntry]:
    reversals = LedgerEntry.objects.filter(corrects_id=OuterRef("pk"))
    return LedgerEntry.objects.filter(~Exists(reversals), corrects_id__isnull=True)


def standing_entries(
    *, basis: str, claim_id: int | None = None, commitment_id: int | None = None
) -> list[LedgerEntry]:
    """Entries of a claim or commitment that count: neither reversed nor reversals. For services that correct them."""
    rows = _standing().filter(basis=basis)
    if claim_id is not None:
        rows = rows.filter(claim_id=claim_id)
    if commitment_id is not None:
        rows = rows.filter(commitment_id=commitment_id)
    if claim_id is None and commitment_id is None:
        raise ValueError("Name a claim or a commitment.")
    return list(rows.order_by("id"))


def entries_ever(*, basis: str, claim_id: int) -> int:
    """How many were posted for a claim, standing or not. For services that name the next one."""
    rows = LedgerEntry.objects.filter(basis=basis, claim_id=claim_id, corrects_id__isnull=True)
    return rows.count()


def entries_by_ids(ids: Iterable[int]) -> list[LedgerEntry]:
    """Entries by key, in the order of the ledger. No actor: for rolling up."""
    return list(LedgerEntry.objects.filter(pk__in=set(ids)).order_by("pk"))
