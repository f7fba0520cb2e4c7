"""What one room announces and a later one, or reporting, may hear. Receivers only enqueue a job on commit."""

from __future__ import annotations

from django.dispatch import Signal

entries_posted = Signal()
"""Ledger entries were written. Arguments: ``entry_ids``."""

contract_awarded = Signal()
"""A contract was made by an award. Arguments: ``contract_id``."""
