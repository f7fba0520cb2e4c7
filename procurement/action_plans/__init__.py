"""Milestones and quarterly targets."""
