"""Removes files of notices that have had their time. What was taken in of them stays."""

from __future__ import annotations

from django.db import transaction

from procurement.procurements.queries import expired
from socialvalue.core.actor import Actor
from socialvalue.core.purging import Purge, only_the_clock


@transaction.atomic
def remove_notice_files(*, actor: Actor) -> int:
    """What the files said; how many files. Their name, fingerprint and outcome stay."""
    only_the_clock(actor)
    return expired.old_notice_files().update(content="")


PURGES = (
    Purge(
        "notice_files",
        "files of published notices",
        lambda: expired.old_notice_files().count(),
        remove_notice_files,
    ),
)
