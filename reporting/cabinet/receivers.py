"""The letters of the week are written: what waits to be signed off goes into those of the approvers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from reporting.cabinet.queries.awaiting import Told, reminders_of


def sign_offs_for_letters(
    sender: Any, *, monday: date, before: datetime, **kwargs: Any
) -> list[Told]:
    return list(reminders_of(monday, before))
