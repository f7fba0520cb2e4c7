from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Proxy(models.Model):
    """The £ of one unit of a measure, at a place and a time, with where it comes from."""

    measure = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    place = models.SlugField(max_length=80, blank=True)
    """Empty: everywhere. Otherwise a district, by slug."""
    sector = models.SlugField(max_length=80, blank=True, default="")
    """Empty: every sector. Otherwise an industry, by slug."""
    amount = models.DecimalField(max_digits=18, decimal_places=9)
    price_year = models.CharField(max_length=20)
    source_name = models.CharField(max_length=300)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200)
    method = models.TextField()
    certainty = models.TextField(blank=True)
    derivation = models.JSONField(default=list, blank=True)
    """The inputs of the sum: label, value as text, source."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "proxies"
        ordering = ["measure", "place", "sector", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "place", "sector", "valid_from"], name="proxy_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="proxy_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="proxy_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount.normalize():f}"
