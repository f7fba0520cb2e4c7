from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from toms.frameworks.vocabulary import Aggregation, EditionStatus, MeasureKind


class Framework(models.Model):
    """A family of measures with an owner and a licence."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    holder = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The organisation that imported it under its own licence; empty: open to everybody."""

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """One version of a framework. Once published, nothing under it changes (triggers hold it)."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="editions")
    slug = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=12, choices=EditionStatus.choices, default=EditionStatus.DRAFT
    )
    published_at = models.DateTimeField(null=True, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    holder = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The organisation whose licence it is held under; empty: open to everybody."""
    region = models.ForeignKey(
        "accounts.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The region whose authorities may use it too, when the region's lead holds it."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Set only on the way out: the triggers let rows under a withdrawn edition go, and nothing else."""

    class Meta:
        ordering = ["-valid_from", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | Q(status="published", published_at__isnull=False) & ~Q(checksum=""),
                name="edition_published_with_checksum",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="edition_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework}, {self.label}"


class Theme(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="themes")
    code = models.CharField(max_length=20)
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="theme_code_once"),
            models.UniqueConstraint(fields=["edition", "slug"], name="theme_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="outcomes")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["theme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "code"], name="outcome_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """What is counted, in which unit, how it is proved, and how it adds up."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="measures")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField(max_length=20)
    code_sort = models.CharField(max_length=60)
    """The code with its numbers padded, so that GSE2 comes before GSE10."""
    title = models.CharField(max_length=300)
    description = models.TextField()
    unit = models.CharField(max_length=80)
    unit_parts = models.JSONField(default=list)
    kind = models.CharField(max_length=20, choices=MeasureKind.choices)
    aggregation = models.CharField(max_length=10, choices=Aggregation.choices)
    numerator_label = models.CharField(max_length=100, blank=True)
    denominator_label = models.CharField(max_length=100, blank=True)
    target_requirements = models.TextField(blank=True)
    evidence = models.TextField()
    counting_rule = models.TextField()
    objectives = models.JSONField(default=list)
    """Codes of regional objectives and national priorities this measure serves."""
    is_local_employment = models.BooleanField(default=False)
    additionality = models.JSONField(default=dict, blank=True)
    """What this measure's method takes off, by name, as fraction text: ``{"deadweight": "0.27"}``. Empty: nothing."""

    class Meta:
        ordering = ["edition", "code_sort"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="measure_code_once"),
            models.CheckConstraint(
                condition=~Q(aggregation="ratio")
                | ~Q(numerator_label="") & ~Q(denominator_label=""),
                name="measure_ratio_names_both_parts",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["proxy", "pound_for_pound", "localised"])
                | Q(aggregation="sum"),
                name="measure_money_only_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class DoubleCountingPair(models.Model):
    """Two measures that may count the same deed. Symmetric; warned about, not forbidden."""

    first = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="double_counting_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="double_counting_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first.code} with {self.second.code}"


class MeasurePack(models.Model):
    """Measures that suit a kind of purchase, known by the start of its CPV code."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="packs")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    cpv_prefixes = models.JSONField(default=list)
    measures = models.ManyToManyField(Measure, related_name="+")

    class Meta:
        ordering = ["edition", "name"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="pack_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Adoption(models.Model):
    """An authority, or a region for its authorities, uses an edition from a day on."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    region = models.ForeignKey(
        "accounts.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    """The last day it is used; empty: until another follows."""
    is_main = models.BooleanField(default=True)
    """New tenders start with it. Otherwise its measures may be asked for beside the main edition's."""
    max_measures = models.PositiveSmallIntegerField(null=True, blank=True)
    """The most measures one tender may ask for; empty: as many as it likes."""
    measures = models.ManyToManyField(Measure, related_name="+", blank=True)
    """The corporate sub-set; empty: the whole edition."""
    reference = models.CharField(max_length=300, blank=True)
    """The decision that adopted it."""
    adopted_at = models.DateTimeField()
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(authority__isnull=True, region__isnull=False)
                | Q(authority__isnull=False, region__isnull=True),
                name="adoption_by_authority_or_region",
            ),
            models.UniqueConstraint(
                fields=["authority", "edition", "from_on"], name="adoption_by_authority_once"
            ),
            models.UniqueConstraint(
                fields=["region", "edition", "from_on"], name="adoption_by_region_once"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="adoption_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(max_measures__isnull=True) | Q(max_measures__gt=0),
                name="adoption_max_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} from {self.from_on}"


class AdoptedPack(models.Model):
    """An adopter's own pack for a kind of purchase; where it has any, they stand in place of the edition's."""

    adoption = models.ForeignKey(Adoption, on_delete=models.CASCADE, related_name="packs")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    cpv_prefixes = models.JSONField(default=list)
    measures = models.ManyToManyField(Measure, related_name="+")

    class Meta:
        ordering = ["adoption", "name"]
        constraints = [
            models.UniqueConstraint(fields=["adoption", "slug"], name="adopted_pack_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name
