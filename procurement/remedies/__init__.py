"""Shortfall, rectification, change control. The room is kept for what follows a missed milestone."""
