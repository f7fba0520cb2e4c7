"""Turning stories into deeds: every row is written by a public service, as the person whose deed it is."""
