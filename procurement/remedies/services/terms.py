"""What the contract provides for a shortfall, as the contract manager records it."""

from __future__ import annotations

from dataclasses import asdict

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.remedies.models import RemedyTerms
from procurement.remedies.permissions import MANAGE_REASON, can_manage
from procurement.remedies.queries.standing import terms_in
from procurement.remedies.rules import Terms, check_terms, provided
from procurement.remedies.services.steps import CHANGED
from procurement.remedies.vocabulary import RemedyDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed


@transaction.atomic
def set_terms(
    *, actor: Actor, contract_id: int, expected_version: int, terms: Terms
) -> RemedyTerms:
    """Record which remedies the contract provides; what was recorded before stays in the history.

    ``expected_version`` 0: nothing was set when the person looked. NotAllowed without the contract manager's role;
    RuleBroken when a remedy lacks its figures or the clause; Conflict when somebody else was first.
    """
    contract = awards.contract_for(actor, contract_id)
    if not can_manage(actor, contract):
        raise NotAllowed(MANAGE_REASON)
    terms = check_terms(terms)
    row = (
        RemedyTerms.objects.select_for_update(of=("self",)).filter(contract_id=contract_id).first()
    )
    if (row.version if row else 0) != expected_version:
        raise Conflict(CHANGED)
    before = terms_in(row) if row else Terms()
    row = row or RemedyTerms(contract_id=contract_id, version=0)
    for name, value in asdict(terms).items():
        setattr(row, name, value)
    row.version += 1
    row.set_at, row.set_by_id = clock.now(), actor.person_id
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(CHANGED) from error
    names = ", ".join(kind.label.lower() for kind in provided(terms)) or "none"
    record(
        actor=actor,
        deed=RemedyDeed.TERMS_SET,
        sentence=f"Recorded the remedies that the contract provides: {names}.",
        target=row,
        procurement_id=contract.procurement_id,
        before=_shown(before),
        after=_shown(terms),
    )
    return row


def _shown(terms: Terms) -> dict[str, object]:
    return {
        name: value if isinstance(value, bool) else str(value if value is not None else "")
        for name, value in asdict(terms).items()
    }
