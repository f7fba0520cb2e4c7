"""The daily seals of the last nights before the demonstration is entered."""

from __future__ import annotations

from datetime import timedelta

from socialvalue.audit.queries.seals import newest_seal
from socialvalue.audit.services import seal_day
from socialvalue.audit.services.seals import SEALED_FROM
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.demo.dates import Days


def is_unsealed() -> bool:
    return newest_seal() is None


def seal(days: Days, ago: int) -> None:
    """The seal of so many days ago, of what is entered by now; nothing where that day or a later one is sealed.

    The demonstration is entered procurement by procurement, not day by day: a seal covers what was written down since
    the seal before, whatever day it tells of.
    """
    with clock.at(days.moment(days.today - timedelta(days=ago), SEALED_FROM.hour)):
        seal_day(actor=SYSTEM)
