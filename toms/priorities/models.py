from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PrioritySet(models.Model):
    """A dated statement of priorities: national, regional, or a council's own."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=20)
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="priority_set_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Priority(models.Model):
    priority_set = models.ForeignKey(
        PrioritySet, on_delete=models.PROTECT, related_name="priorities"
    )
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "priorities"
        ordering = ["priority_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["priority_set", "code"], name="priority_code_once"),
        ]

    def __str__(self) -> str:
        return self.name
