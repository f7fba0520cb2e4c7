"""What one room announces and a later one, or reporting, may hear. Receivers only enqueue a job on commit."""

from __future__ import annotations

from django.dispatch import Signal

entries_posted = Signal()
"""Ledger entries were written. Arguments: ``entry_ids``."""

contract_awarded = Signal()
"""A contract was made by an award. Arguments: ``contract_id``."""

tender_published = Signal()
"""A tender went out. Arguments: ``tender_id``."""

procurement_withdrawn = Signal()
"""A procurement was withdrawn. Arguments: ``procurement_id``."""

suppliers_invited = Signal()
"""More suppliers were invited to a published tender. Arguments: ``tender_id``."""
