"""What one room announces and a later one, or reporting, may hear. Receivers only enqueue a job on commit.

``letters_written`` alone is a question: its receivers answer, and write nothing.
"""

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

letters_written = Signal()
"""The letters of the week are written. Arguments: ``monday`` and ``before``, the moment up to which is told. Each
receiver answers with what waits for somebody in a later room: rows with ``user_id``, ``organisation_id`` and the
``line`` (``procurement.reminders.rules.Line``) for this person's letter from this organisation."""
