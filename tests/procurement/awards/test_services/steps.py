"""What these tests share: a proposal that is approved at once."""

from __future__ import annotations

from tests.factories.awards import proposed


def award(bench, bid_id, *, actor=None, **more):
    return proposed(
        bench, actor=actor, bid_id=bid_id, reason=more.pop("reason", "The best."), **more
    )
