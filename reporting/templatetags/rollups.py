"""What every page says when the totals are not what the ledger says."""

from __future__ import annotations

from typing import Any

from django import template

from reporting.rollups import queries
from reporting.rollups.permissions import may_run
from socialvalue.core.actor import ANONYMOUS

register = template.Library()


@register.inclusion_tag("reporting/rollups/_alarm.html", takes_context=True)
def totals_alarm(context: dict[str, Any]) -> dict[str, Any]:
    """The latest comparison, for those who look after the totals, when a cell differed in it."""
    last = queries.last_reconcile() if may_run(context.get("actor", ANONYMOUS)) else None
    return {"last": None if last is None or last.holds else last}
