"""KPIs of a contract: set, rated by the year, ended."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.remedies.models import ContractKpi, KpiRating
from procurement.remedies.permissions import MANAGE_REASON, can_manage, can_see_contract
from procurement.remedies.rules import check_reason, contract_years
from procurement.remedies.vocabulary import KpiWord, RemedyDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

NAME_TAKEN = "This contract has a KPI of that name already. Choose another name"


@transaction.atomic
def set_kpi(
    *, actor: Actor, contract_id: int, name: str, target: str, commitment_id: int | None = None
) -> ContractKpi:
    """Set a KPI with its target; it may stand on a commitment of the contract.

    NotAllowed without the contract manager's role; NotVisible for a foreign commitment; RuleBroken without name or
    target, or for a name that is used already.
    """
    contract = awards.contract_for(actor, contract_id)
    if not can_manage(actor, contract):
        raise NotAllowed(MANAGE_REASON)
    if not name.strip():
        raise RuleBroken("Enter what is measured", field="name")
    if not target.strip():
        raise RuleBroken("Enter the target, so that it can be rated", field="target")
    if commitment_id is not None and (
        awards.commitment_info(commitment_id).contract_id != contract_id
    ):
        raise NotVisible
    if ContractKpi.objects.filter(contract_id=contract_id, name__iexact=name.strip()).exists():
        raise RuleBroken(NAME_TAKEN, field="name")
    try:
        with transaction.atomic():
            row = ContractKpi.objects.create(
                contract_id=contract_id,
                commitment_id=commitment_id,
                name=name.strip(),
                target=target.strip(),
                set_at=clock.now(),
                set_by_id=actor.person_id,
            )
    except IntegrityError as error:
        raise RuleBroken(NAME_TAKEN, field="name") from error
    record(
        actor=actor,
        deed=RemedyDeed.KPI_SET,
        sentence=f"Set the KPI {row.name}, target: {row.target}",
        target=row,
        procurement_id=contract.procurement_id,
        after={"name": row.name, "target": row.target, "commitment": commitment_id},
    )
    return row


@transaction.atomic
def end_kpi(*, actor: Actor, kpi_id: int) -> ContractKpi:
    """No longer rate a KPI. Its ratings stay. Conflict when it is ended already."""
    row = _own(actor, kpi_id)
    if row.ended_at is not None:
        raise Conflict("This KPI is no longer rated already.")
    row.ended_at = clock.now()
    row.save()
    record(
        actor=actor,
        deed=RemedyDeed.KPI_SET,
        sentence=f"Ended the KPI {row.name}: it is no longer rated.",
        target=row,
        procurement_id=row.contract.procurement_id,
        before={"ended_at": ""},
        after={"ended_at": row.ended_at.isoformat()},
    )
    return row


@transaction.atomic
def rate_kpi(
    *,
    actor: Actor,
    kpi_id: int,
    year_from: date,
    rating: str,
    reason: str,
    seen_ratings: int | None = None,
) -> KpiRating:
    """Rate a year of the contract in one of the five words, with the reason. A second rating stands beside the first.

    ``seen_ratings`` is how many of that year the person saw. RuleBroken for a year that has not begun; NotVisible for
    a day no year begins on; Conflict when the KPI is ended or the year was rated meanwhile.
    """
    row = _own(actor, kpi_id)
    if row.ended_at is not None:
        raise Conflict("This KPI is no longer rated.")
    brief = awards.contract_brief(row.contract_id)
    years = contract_years(brief.starts_on, brief.last_day)
    year = next((year for year in years if year.first == year_from), None)
    if year is None:
        raise NotVisible
    if year.first > clock.today():
        raise RuleBroken("This year of the contract has not begun yet.")
    if rating not in KpiWord.values:
        raise RuleBroken("Select one of the five words", field="rating")
    reason = check_reason(reason, "Enter the reason for the rating")
    before = KpiRating.objects.filter(kpi=row, year_from=year.first)
    if seen_ratings is not None and before.count() != seen_ratings:
        raise Conflict(
            "This year was rated after you opened the page. Read it, then rate again if need be."
        )
    found = KpiRating.objects.create(
        kpi=row,
        year_from=year.first,
        year_to=year.last,
        rating=rating,
        reason=reason,
        rated_at=clock.now(),
        rated_by_id=actor.person_id,
    )
    record(
        actor=actor,
        deed=RemedyDeed.KPI_RATED,
        sentence=f"Rated the KPI {row.name}, {year.label}: {KpiWord(rating).label}. {reason}",
        target=row,
        procurement_id=row.contract.procurement_id,
        after={"year_from": year.slug, "rating": rating, "reason": reason},
    )
    return found


def _own(actor: Actor, kpi_id: int) -> ContractKpi:
    row = (
        ContractKpi.objects.select_for_update(of=("self",))
        .select_related("contract")
        .filter(pk=kpi_id)
        .first()
    )
    if row is None or not can_see_contract(actor, row.contract):
        raise NotVisible
    if not can_manage(actor, row.contract):
        raise NotAllowed(MANAGE_REASON)
    return row
