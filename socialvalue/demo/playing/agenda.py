"""Deeds in the order of their days, as they happened; what would be after today has not happened yet."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from socialvalue.core import clock

Deed = Callable[[], None]


@dataclass
class Agenda:
    until: datetime
    _waiting: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def add(self, moment: datetime, deed: Deed) -> None:
        """Later deeds may be added while the agenda runs."""
        if moment <= self.until:
            heapq.heappush(self._waiting, (moment, next(self._order), deed))

    def run(self) -> None:
        while self._waiting:
            moment, _, deed = heapq.heappop(self._waiting)
            with clock.at(moment):
                deed()
