"""Reads of the figures: scopes, positions, progress of contracts, and the figures themselves."""
