"""Hears that suppliers are asked to bid, and has their places made once that is committed."""

from __future__ import annotations

from typing import Any

from socialvalue.core.jobs import enqueue_on_commit


def suppliers_were_asked(sender: Any, tender_id: int, **kwargs: Any) -> None:
    enqueue_on_commit("procurement.bids.tasks.make_places", tender_id)
