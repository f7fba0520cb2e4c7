"""The record, its route and why, light-touch note, notices in."""
