"""Cells, runs, reconcile."""
