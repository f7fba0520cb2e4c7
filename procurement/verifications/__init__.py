"""Decisions on claims, posting to the ledger."""
