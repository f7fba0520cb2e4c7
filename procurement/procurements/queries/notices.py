"""Uploaded files of notices."""

from __future__ import annotations

from procurement.procurements.models import NoticeImport
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


def notice_import(actor: Actor, import_id: int) -> NoticeImport:
    """An uploaded file of the actor's own authority. NotVisible for any other."""
    found = NoticeImport.objects.filter(pk=import_id, authority_id=actor.organisation_id).first()
    if found is None or not is_buyer(actor):
        raise NotVisible
    return found
