"""Thin doors: a job calls one service."""

from __future__ import annotations

from django.http import QueryDict

from procurement.downloads.services import write_file
from procurement.ledger import queries
from procurement.ledger.forms import entry_filter_form
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.jobs import job
from socialvalue.core.tables import Table


@job()
def write_entries(file_id: int) -> None:
    """Write a long list of entries as a file."""
    write_file(actor=SYSTEM, file_id=file_id, table_of=_entries)


def _entries(actor: Actor, asked: str) -> Table:
    form = entry_filter_form(actor, QueryDict(asked))
    if not form.is_valid():
        raise RuleBroken("The list was asked for with filters that cannot be read. Open it again.")
    return queries.entry_table(actor, form.filters())
