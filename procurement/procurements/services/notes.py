"""The light-touch note: under the first line, what was considered while quotations were taken."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction

from procurement.policies.vocabulary import Route
from procurement.procurements.models import LightTouchNote
from procurement.procurements.permissions import OFFICER, why_not_finish_note
from procurement.procurements.queries import latest_decision, procurement_for
from procurement.procurements.services.deciding import decide
from procurement.procurements.services.deviating import explain_deviation
from procurement.procurements.services.moves import move
from procurement.procurements.vocabulary import (
    DecisionStage,
    EstimateBasis,
    ProcurementDeed,
    ProcurementStatus,
)
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.money import MAX_POUNDS, pounds
from toms.priorities import queries as priorities


@transaction.atomic
def finish_light_touch(
    *,
    actor: Actor,
    procurement_id: int,
    considered: str,
    objectives: Sequence[str],
    quotations_sought: int,
    local_quotations: int,
    chosen_supplier: str,
    chosen_value: Decimal,
    is_local_or_sme: bool | None,
    agreed: str,
    departure: str = "",
) -> LightTouchNote:
    """Finish the note and with it the procurement.

    ``objectives`` are codes of regional objectives and of the council's own priorities, in force today.
    ``chosen_value`` is pounds excluding VAT; the route is decided again on it. ``departure``: why a value beyond the
    route is finished with a note, for the compliance register.
    RuleBroken names the field; Conflict when it is finished already.
    """
    procurement = procurement_for(actor, procurement_id)
    if not OFFICER.allows(actor) or actor.user_id is None:
        raise NotAllowed(why_not_finish_note(actor, procurement))
    decision = latest_decision(procurement.pk)
    if decision is None or decision.route != Route.LIGHT_TOUCH:
        raise RuleBroken(
            "This procurement is not on the light-touch route, so it needs a tender and not a note."
        )
    if procurement.status == ProcurementStatus.COMPLETE:
        raise Conflict(
            "The note of this procurement is finished already, and a finished note does not change."
        )
    if reason := why_not_finish_note(actor, procurement):
        raise RuleBroken(reason)
    _check(considered, quotations_sought, local_quotations, chosen_supplier, chosen_value)
    codes = _known_objectives(objectives, procurement.authority_id)
    move(actor, procurement.pk, ProcurementStatus.ROUTED, ProcurementStatus.COMPLETE)
    try:
        with transaction.atomic():
            note = LightTouchNote.objects.create(
                procurement=procurement,
                considered=considered.strip(),
                objectives=codes,
                quotations_sought=quotations_sought,
                local_quotations=local_quotations,
                chosen_supplier=chosen_supplier.strip(),
                chosen_value=chosen_value,
                is_local_or_sme=is_local_or_sme,
                agreed=agreed.strip(),
                finished_at=clock.now(),
                finished_by_id=actor.user_id,
            )
    except IntegrityError as error:
        raise Conflict("Somebody else finished this note at the same moment.") from error
    record(
        actor=actor,
        deed=ProcurementDeed.NOTE_FINISHED,
        sentence=f"The light-touch note of {procurement.reference} was finished: {note.chosen_supplier} "
        f"for {pounds(note.chosen_value)}.",
        target=note,
        procurement_id=procurement.pk,
        after={"chosen_value": str(note.chosen_value), "objectives": codes},
    )
    # The quotation may lie across a line that the estimate did not: both decisions stay.
    decide(
        actor,
        procurement,
        DecisionStage.AWARD,
        amount=note.chosen_value,
        basis=EstimateBasis.EXCL,
        source="award value",
    )
    if departure.strip():
        explain_deviation(actor=actor, procurement_id=procurement.pk, reason=departure)
    return note


def _check(considered: str, sought: int, local: int, supplier: str, value: Decimal) -> None:
    if not considered.strip():
        raise RuleBroken("Say what social value was considered.", field="considered")
    if not 1 <= sought <= 1000:
        raise RuleBroken(
            "Enter how many quotations were sought, from 1 to 1,000.", field="quotations_sought"
        )
    if not 0 <= local <= sought:
        raise RuleBroken(
            "Quotations from local suppliers cannot be more than the quotations sought.",
            field="local_quotations",
        )
    if not supplier.strip():
        raise RuleBroken("Enter the chosen supplier.", field="chosen_supplier")
    if len(supplier.strip()) > 200:
        raise RuleBroken(
            "The supplier's name must be 200 characters or fewer.", field="chosen_supplier"
        )
    if not value.is_finite() or not 0 < value <= MAX_POUNDS:
        raise RuleBroken(
            f"The value must be more than £0 and at most {pounds(MAX_POUNDS)}.",
            field="chosen_value",
        )


def _known_objectives(codes: Sequence[str], authority_id: int) -> list[str]:
    offered = priorities.objectives_for(clock.today(), authority_id)
    known = [found.code for _, found in offered]
    if unknown := sorted(set(codes) - set(known)):
        raise RuleBroken(
            f"Choose objectives from the list; {', '.join(unknown)} is not on it.",
            field="objectives",
        )
    return [code for code in known if code in codes]
