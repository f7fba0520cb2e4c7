"""Entry points of awards and contracts."""
