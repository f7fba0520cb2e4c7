"""Reads of the Cabinet reports."""
