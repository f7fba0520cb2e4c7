"""Who may read which record: of the organisation they act for, and of one thing."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from socialvalue.accounts.models import User
from socialvalue.accounts.permissions import RECORD_READER
from socialvalue.audit.queries.records import Scope
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible


def check_reader(actor: Actor) -> None:
    """NotAllowed unless the actor reads the record of their organisation."""
    if not RECORD_READER.allows(actor):
        raise NotAllowed(RECORD_READER.reason)


def people_of_record(actor: Actor) -> list[tuple[str, str]]:
    """Everybody who has ever held a role where the actor acts, by name: whoever did something is among them."""
    rows = (
        User.objects.filter(memberships__organisation_id__in=actor.organisation_ids)
        .distinct()
        .order_by("full_name", "email")
    )
    return [(str(row.pk), str(row)) for row in rows]


def scope_of(actor: Actor, record: str, key: str) -> Scope:
    """The deeds of one thing, as its own room tells them to this actor. NotVisible for what they may not see."""
    if not actor.is_signed_in:
        raise NotVisible
    found: Scope = import_string(settings.RECORD_OF)(actor, record, key)
    return found
