"""Hears that a procurement is withdrawn, and tells everybody who was invited to its tender."""

from __future__ import annotations

from typing import Any

from procurement.tenders.services import tell_of_withdrawal


def procurement_was_withdrawn(sender: Any, procurement_id: int, **kwargs: Any) -> None:
    tell_of_withdrawal(procurement_id=procurement_id)
