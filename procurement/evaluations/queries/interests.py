"""The declaration of interests: its wording, and the page on which a member makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from procurement.evaluations.models import EvaluationWording
from procurement.evaluations.permissions import WORDING_REASON, can_word
from procurement.evaluations.rules.panels import STANDARD_WORDING
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Wording:
    """What people on a panel are asked. ``version`` 0: the standard text, which the authority never changed."""

    text: str
    version: int
    changed_at: datetime | None = None
    changed_by: str = ""


def wording_of(authority_id: int) -> Wording:
    row = EvaluationWording.objects.filter(authority_id=authority_id).select_related("changed_by")
    found = row.first()
    if found is None:
        return Wording(STANDARD_WORDING, 0)
    return Wording(found.text, found.version, found.changed_at, str(found.changed_by))


def wording_to_change(actor: Actor) -> Wording:
    """The wording of the actor's own authority, for its page. NotAllowed without the right to change it."""
    authority_id = actor.organisation_id
    if authority_id is None or not is_buyer(actor) or not can_word(actor, authority_id):
        raise NotAllowed(WORDING_REASON)
    return wording_of(authority_id)
