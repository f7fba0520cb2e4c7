from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from toms.priorities.vocabulary import LinkKind, PriorityLevel


class PrioritySet(models.Model):
    """A dated statement of priorities: national, regional, or a council's own."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=20, choices=PriorityLevel.choices)
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Whose plan it is; set for a council's own statement only."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["valid_from", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="council", authority__isnull=False)
                | ~Q(level="council") & Q(authority__isnull=True),
                name="priority_set_of_a_council_names_it",
            ),
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


class PriorityLink(models.Model):
    """A measure or an outcome serves a priority: in every edition of its family that has the code."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="links")
    framework = models.ForeignKey("toms.Framework", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["priority", "framework", "kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["priority", "framework", "kind", "code"], name="priority_link_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MeasureMapping(models.Model):
    """How a measure counts in its region's own measures: as another one, or not at all, with the reason."""

    region = models.ForeignKey("accounts.Region", on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(
        "toms.Measure", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Empty: deliberately in no regional measure."""
    factor = models.DecimalField(max_digits=18, decimal_places=9, default=Decimal(1))
    """How many of the target's units one of the source's units is."""
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["region", "source"]
        constraints = [
            models.UniqueConstraint(fields=["region", "source"], name="mapping_once"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="mapping_factor_above_zero"),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(reason=""), name="mapping_to_none_says_why"
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(target=F("source")),
                name="mapping_to_another_measure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} in {self.region}"


class CodeAlias(models.Model):
    """The code by which another family of measures knows much the same thing. A bare code, none of its words."""

    framework = models.ForeignKey("toms.Framework", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    family = models.CharField(max_length=100)
    alias = models.CharField(max_length=20)
    certainty = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "code aliases"
        ordering = ["framework", "code", "family", "alias"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code", "family", "alias"], name="code_alias_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} is {self.alias} in {self.family}"
