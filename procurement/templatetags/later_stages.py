"""What follows a stage, for its page: a room itself knows nothing of those after it."""

from __future__ import annotations

from django import template

from procurement.awards.queries import waiting_proposer

register = template.Library()


@register.simple_tag
def award_waits(procurement_id: int) -> bool:
    """An award is proposed, still stands, and waits for a second person. For readers of the bids."""
    return waiting_proposer(procurement_id) is not None
