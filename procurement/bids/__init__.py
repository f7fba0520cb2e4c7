"""Offers, sealing, receipt."""
