"""Draft, freeze, PDF and HTML twin."""
