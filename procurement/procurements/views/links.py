"""Addresses and sizes that the pages of the room share."""

from __future__ import annotations

from django.urls import reverse

PAGE_SIZE = 25


def thread_url(procurement_id: int) -> str:
    """The page of one procurement through all its stages."""
    return reverse("procurement:threads:procurement", args=[procurement_id])
