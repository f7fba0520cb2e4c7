from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reporting.open_data.vocabulary import Licence


class Publication(models.Model):
    """An authority's or a region's choice to have a public page. Without a row, or not public, there is none."""

    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    region = models.OneToOneField(
        "accounts.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    slug = models.SlugField(max_length=90, unique=True)
    """The last part of the page's address."""
    is_public = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True)
    """From when it has been public without a break."""
    intro = models.CharField(max_length=500, blank=True)
    licence = models.CharField(max_length=20, choices=Licence.choices, default=Licence.OGL3)
    data_note = models.CharField(max_length=500, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField()
    """The last time somebody published, changed or stopped it."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, region__isnull=False)
                | Q(organisation__isnull=False, region__isnull=True),
                name="publication_of_exactly_one",
            ),
            models.CheckConstraint(
                condition=Q(is_public=True, since__isnull=False)
                | Q(is_public=False, since__isnull=True),
                name="publication_public_since",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
