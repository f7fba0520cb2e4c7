"""Measure sets in, from versioned data files."""
