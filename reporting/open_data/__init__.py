"""Registers and open formats. The room is kept for what the public may download."""
