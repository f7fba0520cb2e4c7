"""Requests to change a contract: what is asked, by whom, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from procurement.awards import queries as awards
from procurement.awards.rules import change_sentence
from procurement.awards.vocabulary import ChangeKind
from procurement.remedies.models import ChangeRequest
from procurement.remedies.permissions import can_ask, why_not_answer
from procurement.remedies.vocabulary import RequestStatus
from socialvalue.accounts.permissions import acts_for, is_buyer, is_supplier
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import measured
from socialvalue.core.periods import quarter_label, quarter_start, quarters_between, uk_date
from toms.frameworks.queries import MeasureInfo, measure_infos, measures_of


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request as either party reads it."""

    id: int
    contract_id: int
    contract_title: str
    kind: str
    sentence: str
    from_quarter: date
    reason: str
    asked_at: datetime
    asked_by: str
    asking_name: str
    status: str
    decided_at: datetime | None
    decided_by: str
    remark: str
    version: int
    why_not_answer: str
    may_withdraw: bool
    history: tuple[tuple[str, datetime, str], ...] = ()

    @property
    def is_waiting(self) -> bool:
        return self.status == RequestStatus.ASKED

    @property
    def may_answer(self) -> bool:
        return self.is_waiting and not self.why_not_answer

    @property
    def status_label(self) -> str:
        return RequestStatus(self.status).label

    @property
    def kind_label(self) -> str:
        return ChangeKind(self.kind).label

    @property
    def quarter_shown(self) -> str:
        return quarter_label(self.from_quarter)


def change_requests_of(actor: Actor, contract_id: int) -> list[RequestView]:
    """Every request on a contract, newest first, to either party. NotVisible for anybody else."""
    awards.contract_for(actor, contract_id)
    return _views(actor, _rows().filter(contract_id=contract_id))


def change_request(actor: Actor, request_id: int) -> RequestView:
    """One request with its history. NotVisible for anybody but the two parties."""
    row = _rows().filter(pk=request_id).first()
    if row is None:
        raise NotVisible
    awards.contract_for(actor, row.contract_id)
    lines = history_of(target_type="changerequest", target_id=row.pk)
    history = tuple(
        (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
        for line in lines
    )
    return _view(actor, row, history)


def requests_awaiting(actor: Actor) -> list[RequestView]:
    """What the actor's own side is to answer, oldest first."""
    rows = _rows().filter(status=RequestStatus.ASKED).exclude(asking_id__in=actor.organisation_ids)
    if is_buyer(actor):
        rows = rows.filter(authority_id=actor.organisation_id)
    elif is_supplier(actor):
        rows = rows.filter(supplier_id__in=actor.organisation_ids)
    else:
        return []
    return [row for row in _views(actor, rows.order_by("asked_at", "id")) if row.may_answer]


def request_sentence(row: ChangeRequest) -> str:
    """What is asked: ``PLB1 Local spend: from £10,000 to £12,000.`` What came to nothing says only where to."""
    is_over = row.status in (RequestStatus.REFUSED, RequestStatus.WITHDRAWN)
    if row.kind == ChangeKind.EXTENSION and row.ends_on is not None:
        if is_over:
            return f"End of the contract: to {uk_date(row.ends_on)}."
        return change_sentence(kind=row.kind, ends_before=_end_before(row), ends_after=row.ends_on)
    if row.kind == ChangeKind.ADDED and row.measure_id is not None:
        measure = measure_infos([row.measure_id])[row.measure_id]
        return change_sentence(
            kind=row.kind, label=measure.label, unit=measure.unit, after=row.quantity
        )
    if row.commitment_id is None:
        raise NotVisible
    info = awards.commitment_info(row.commitment_id)
    label, unit = info.measure.label, info.measure.unit
    if is_over and row.quantity is not None:
        return f"{label}: to {measured(row.quantity, unit)}."
    before = info.quantity
    if row.change is not None and row.change.quantity_before is not None:
        before = row.change.quantity_before
    return change_sentence(kind=row.kind, label=label, unit=unit, before=before, after=row.quantity)


def _end_before(row: ChangeRequest) -> date:
    """The end that was changed, or the one that stands while nothing is agreed."""
    if row.change is not None and row.change.ends_on_before is not None:
        return row.change.ends_on_before
    return row.contract.ends_on


def measures_to_add(contract_id: int) -> list[MeasureInfo]:
    """Measures of the contract's own edition that it does not promise yet. The caller has shown visibility."""
    promised = awards.commitments_of(contract_id)
    taken = {row.measure.id for row in promised}
    return [
        measure
        for edition_id in sorted({row.edition_id for row in promised})
        for measure in measures_of(edition_id)
        if measure.id not in taken
    ]


def quarters_to_plan(contract: awards.ContractBrief) -> list[date]:
    """From this quarter to the last of the contract: where a change can begin."""
    first = max(quarter_start(contract.starts_on), quarter_start(clock.today()))
    last = max(contract.ends_on, first)
    return quarters_between(first, last)


def _rows() -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.select_related(
        "contract", "asked_by", "asking", "decided_by", "change"
    )


def _views(actor: Actor, rows: Iterable[ChangeRequest]) -> list[RequestView]:
    return [_view(actor, row) for row in rows]


def _view(
    actor: Actor, row: ChangeRequest, history: tuple[tuple[str, datetime, str], ...] = ()
) -> RequestView:
    waits = row.status == RequestStatus.ASKED
    return RequestView(
        id=row.pk,
        contract_id=row.contract_id,
        contract_title=row.contract.title,
        kind=row.kind,
        sentence=request_sentence(row),
        from_quarter=row.from_quarter,
        reason=row.reason,
        asked_at=row.asked_at,
        asked_by=str(row.asked_by),
        asking_name=row.asking.name,
        status=row.status,
        decided_at=row.decided_at,
        decided_by=str(row.decided_by) if row.decided_by_id else "",
        remark=row.remark,
        version=row.version,
        why_not_answer=why_not_answer(actor, row, row.asking_id),
        may_withdraw=waits and can_ask(actor, row) and acts_for(actor, row.asking_id),
        history=history,
    )
