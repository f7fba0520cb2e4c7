"""What the services of this room share: the evaluation under lock, and counts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procurement.evaluations.models import Evaluation
from procurement.tenders import queries as tender_queries
from procurement.tenders import services as tenders
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


def held_evaluation(actor: Actor, evaluation_id: int) -> tuple[Evaluation, Tender]:
    """The evaluation, locked, with its tender. NotVisible for another authority."""
    evaluation = Evaluation.objects.select_for_update(of=("self",)).filter(pk=evaluation_id).first()
    if evaluation is None:
        raise NotVisible
    return evaluation, tender_queries.tender_for(actor, evaluation.tender_id)


def held_before_award(actor: Actor, evaluation_id: int) -> tuple[Evaluation, Tender]:
    """The same, while no award of the tender can be made: it waits until what it rests on is settled."""
    tender_id = (
        Evaluation.objects.filter(pk=evaluation_id).values_list("tender_id", flat=True).first()
    )
    if tender_id is None:
        raise NotVisible
    tenders.lock_tender(tender_id=tender_id)
    return held_evaluation(actor, evaluation_id)
