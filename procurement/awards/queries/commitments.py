"""What a contract promises, and what is claimed, evidenced and verified of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DecimalField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from procurement.awards.models import Commitment, ContractChange
from procurement.awards.rules import change_sentence
from procurement.awards.vocabulary import ChangeKind
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from socialvalue.core import money
from socialvalue.core.errors import NotVisible
from toms.frameworks.queries import MeasureInfo, measure_infos
from toms.valuation.rules import Working, value_of


@dataclass(frozen=True, slots=True)
class CommitmentInfo:
    """A promise: measure, quantity, and the unit value it is worth for ever.

    ``quantity`` and ``value_pence`` are what it stands at now: after the latest change both parties agreed, else as
    awarded. Quantity 0: given up.
    """

    id: int
    contract_id: int
    measure: MeasureInfo
    quantity: Decimal
    unit_value: Decimal | None
    unit_value_source: str
    attribution_percent: Decimal
    value_pence: int
    method_statement: str
    place: str
    edition_id: int
    offer_line_id: int | None
    """The line of the winning bid that made this promise; None where a change of the contract added it."""
    awarded_quantity: Decimal = Decimal(0)
    """As the award made it; 0 for what a change added."""
    awarded_value_pence: int = 0

    @property
    def working(self) -> Working:
        """How its value is worked out. Made when it is read: sums over very many commitments need none."""
        return value_of(
            quantity=self.quantity,
            unit_value=self.unit_value,
            attribution_percent=self.attribution_percent,
            additionality=self.measure.additionality,
            unit=self.measure.unit,
            source=self.unit_value_source,
        )

    @property
    def is_added(self) -> bool:
        return self.offer_line_id is None

    @property
    def is_changed(self) -> bool:
        """The parties changed its quantity after the award, or added it."""
        return self.quantity != self.awarded_quantity

    @property
    def is_given_up(self) -> bool:
        return self.quantity == 0

    @property
    def awarded_value(self) -> Decimal | None:
        return None if self.unit_value is None else money.from_pence(self.awarded_value_pence)

    @property
    def value(self) -> Decimal | None:
        """Pounds, or None when the commitment is counted and not valued."""
        return None if self.unit_value is None else money.from_pence(self.value_pence)

    @property
    def is_in_pounds(self) -> bool:
        """The measure counts money, so its quantity is written as money."""
        return self.measure.unit == "£"

    @property
    def key(self) -> str:
        """The id as it stands in an address."""
        return str(self.id)

    @property
    def unit_shown(self) -> str:
        return "" if self.is_in_pounds else self.measure.unit

    @property
    def working_lines(self) -> list[tuple[str, str]]:
        return [(line.label, line.shown) for line in self.working.lines]

    @property
    def shown_working(self) -> str:
        return self.working.shown


@dataclass(frozen=True, slots=True)
class Amount:
    """What stands in the ledger for a commitment on one basis.

    ``quantity`` is None for figures that stand alone; a rate has its whole in ``denominator``.
    ``value`` is None for what is counted and not valued.
    """

    quantity: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    entries: int

    @property
    def is_empty(self) -> bool:
        return self.entries == 0

    @property
    def rate_percent(self) -> Decimal | None:
        if not self.denominator or self.quantity is None:
            return None
        return self.quantity * 100 / self.denominator

    @property
    def rate_shown(self) -> str:
        """``92.0% (46 of 50)``; empty for what is no rate."""
        if self.rate_percent is None or self.quantity is None or self.denominator is None:
            return ""
        parts = f"{money.quantity_text(self.quantity)} of {money.quantity_text(self.denominator)}"
        return f"{money.percent_text(self.rate_percent, 1)} ({parts})"

    @property
    def stand_alone(self) -> str:
        """For figures that are neither added up nor a rate: how many there are."""
        return (
            "1 figure, which stands alone"
            if self.entries == 1
            else f"{self.entries} figures, each stands alone"
        )


@dataclass(frozen=True, slots=True)
class CommitmentProgress:
    """A commitment beside what is claimed, evidenced and verified of it, each on its own basis."""

    commitment: CommitmentInfo
    claimed: Amount
    evidenced: Amount
    """The part of what is claimed that something shows."""
    verified: Amount


def commitments_of(contract_id: int) -> list[CommitmentInfo]:
    """The commitments of a contract in reading order, in two queries."""
    return commitments_of_contracts([contract_id])


def commitments_of_contracts(contract_ids: Iterable[int]) -> list[CommitmentInfo]:
    rows = list(standing_now().filter(contract_id__in=set(contract_ids)))
    return _infos(rows)


class Promise(NamedTuple):
    """Of a commitment, what sums over very many need: it stands as ``CommitmentInfo`` says."""

    id: int
    contract_id: int
    measure_id: int
    quantity: Decimal
    unit_value: Decimal | None
    attribution_percent: Decimal
    value_pence: int


def promises_of_contracts(
    contract_ids: Iterable[int], until: datetime | None = None
) -> list[Promise]:
    """By contract and number, as they stand, or as they stood before ``until``, in one query. The caller has shown
    that the actor may see the contracts."""
    standing = standing_now() if until is None else standing_before(until)
    rows = standing.filter(contract_id__in=set(contract_ids)).order_by("contract_id", "pk")
    return [
        Promise(*row)
        for row in rows.values_list(
            "pk",
            "contract_id",
            "measure_id",
            "quantity_now",
            "unit_value",
            "attribution_percent",
            "pence_now",
        )
    ]


def commitment_info(commitment_id: int) -> CommitmentInfo:
    """One commitment. NotVisible when there is none; the caller asks who may see its contract."""
    found = _infos(list(standing_now().filter(pk=commitment_id)))
    if not found:
        raise NotVisible
    return found[0]


def commitment_infos(ids: Iterable[int]) -> dict[int, CommitmentInfo]:
    rows = list(standing_now().filter(pk__in=set(ids)))
    return {info.id: info for info in _infos(rows)}


def standing_now() -> QuerySet[Any]:
    """Commitments with ``quantity_now`` and ``pence_now``: after the latest change that names them, else as awarded."""
    return _standing(ContractChange.objects.all())


def standing_before(until: datetime) -> QuerySet[Any]:
    """The same as they stood before ``until``, without what was added since."""
    added_since = ContractChange.objects.filter(
        commitment_id=OuterRef("pk"), kind=ChangeKind.ADDED, agreed_at__gte=until
    )
    return _standing(ContractChange.objects.filter(agreed_at__lt=until)).exclude(
        Exists(added_since)
    )


def _standing(among: QuerySet[ContractChange]) -> QuerySet[Any]:
    changes = among.filter(commitment_id=OuterRef("pk"), quantity_after__isnull=False).order_by(
        "-id"
    )
    return Commitment.objects.annotate(
        quantity_now=Coalesce(
            Subquery(changes.values("quantity_after")[:1]),
            F("quantity"),
            output_field=DecimalField(max_digits=14, decimal_places=3),
        ),
        pence_now=Coalesce(
            Subquery(changes.values("value_pence_after")[:1]),
            F("value_pence"),
            output_field=BigIntegerField(),
        ),
    )


@dataclass(frozen=True, slots=True)
class ChangeInfo:
    """One change of a contract, as both parties read it."""

    id: int
    kind: str
    commitment_id: int | None
    sentence: str
    from_quarter: date
    reason: str
    agreed_at: datetime
    asked_by: str
    agreed_by: str


def changes_of(contract_id: int) -> list[ChangeInfo]:
    """What the parties changed, oldest first. The caller has shown that the actor may see the contract."""
    rows = list(
        ContractChange.objects.filter(contract_id=contract_id)
        .select_related("commitment", "asked_by", "agreed_by")
        .order_by("id")
    )
    measures = measure_infos({row.commitment.measure_id for row in rows if row.commitment})
    return [
        ChangeInfo(
            id=row.pk,
            kind=row.kind,
            commitment_id=row.commitment_id,
            sentence=change_sentence(
                kind=row.kind,
                label=measures[row.commitment.measure_id].label if row.commitment else "",
                unit=measures[row.commitment.measure_id].unit if row.commitment else "",
                before=row.quantity_before,
                after=row.quantity_after,
                ends_before=row.ends_on_before,
                ends_after=row.ends_on_after,
            ),
            from_quarter=row.from_quarter,
            reason=row.reason,
            agreed_at=row.agreed_at,
            asked_by=str(row.asked_by),
            agreed_by=str(row.agreed_by),
        )
        for row in rows
    ]


def settled_before(contract_id: int) -> dict[int, date]:
    """By commitment: the first quarter that the latest change which touched it left open.

    What lies before was settled when the parties changed the contract. Commitments that no change touched are left
    out; a change of the end touches all.
    """
    ids = list(
        Commitment.objects.filter(contract_id=contract_id)
        .order_by("id")
        .values_list("id", flat=True)
    )
    found: dict[int, date] = {}
    changes = ContractChange.objects.filter(contract_id=contract_id).order_by("id")
    for touched, quarter in changes.values_list("commitment_id", "from_quarter"):
        found |= dict.fromkeys(ids if touched is None else [touched], quarter)
    return found


def progress_of(contract_id: int) -> tuple[CommitmentProgress, ...]:
    commitments = commitments_of(contract_id)
    claimed = _amounts(commitments, Basis.CLAIMED)
    evidenced = _amounts(commitments, Basis.EVIDENCED)
    verified = _amounts(commitments, Basis.VERIFIED)
    return tuple(
        CommitmentProgress(info, claimed[info.id], evidenced[info.id], verified[info.id])
        for info in commitments
    )


def _amounts(commitments: Sequence[CommitmentInfo], basis: str) -> dict[int, Amount]:
    """What stands for each commitment on one basis."""
    rows = ledger.sums(
        basis=basis, by=("commitment_id",), commitment_ids=[info.id for info in commitments]
    )
    sums = {row.key[0]: row for row in rows}
    found = {}
    for info in commitments:
        row = sums.get(info.id)
        measure = info.measure
        is_summed = measure.adds_up or measure.is_rate
        found[info.id] = Amount(
            quantity=row.quantity if row and is_summed else None,
            denominator=row.denominator if row and measure.is_rate else None,
            value=money.from_pence(row.value_pence)
            if row and info.unit_value is not None
            else None,
            entries=row.entries if row else 0,
        )
    return found


def _infos(rows: Sequence[Any]) -> list[CommitmentInfo]:
    """From rows of ``standing_now``."""
    measures = measure_infos(row.measure_id for row in rows)
    found = []
    for row in rows:
        measure = measures[row.measure_id]
        found.append(
            CommitmentInfo(
                id=row.pk,
                contract_id=row.contract_id,
                measure=measure,
                quantity=row.quantity_now,
                unit_value=row.unit_value,
                unit_value_source=row.unit_value_source,
                attribution_percent=row.attribution_percent,
                value_pence=row.pence_now,
                method_statement=row.method_statement,
                place=row.place,
                edition_id=row.edition_id,
                offer_line_id=row.offer_line_id,
                awarded_quantity=row.quantity if row.offer_line_id else Decimal(0),
                awarded_value_pence=row.value_pence if row.offer_line_id else 0,
            )
        )
    return sorted(found, key=lambda info: (info.contract_id, info.measure.code_sort, info.id))
