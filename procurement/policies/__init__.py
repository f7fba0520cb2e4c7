"""Thresholds, policy versions, bands, the routing rule."""
