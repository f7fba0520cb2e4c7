"""Append-only outcome entries: the one source of every total."""
