from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditRecord(models.Model):
    """One deed, as it happened. Triggers on both databases refuse any change or removal.

    The user is named by setting and protected; everything else is flat, because audit stands below every room.
    """

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    deed = models.CharField(max_length=60)
    sentence = models.TextField()
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField(null=True, blank=True)
    procurement_id = models.BigIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["procurement_id", "id"], name="audit_procurement"),
            models.Index(fields=["organisation_id", "id"], name="audit_organisation"),
        ]

    def __str__(self) -> str:
        return self.sentence


class AccessRecord(models.Model):
    """Somebody came in, took a file out, or was refused. Triggers on both databases refuse any change, and the removal
    of a row before its time: ``socialvalue.audit.rules.ACCESS_RECORD_DAYS`` after it was written.

    Apart from the deeds, because a look changes nothing: what is kept ready until something changes stays ready.
    """

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    """Whose record it stands in; none where nobody's organisation is known."""
    kind = models.CharField(max_length=30)
    """An ``AccessKind``, without choices here: a new kind is no change of the table."""
    sentence = models.TextField()
    address = models.CharField(max_length=500, blank=True)
    """The page's address on this site, without what was asked of it."""
    subject = models.CharField(max_length=200, blank=True)
    """What was looked at or taken out, in words: the name of the file, of the record."""
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation_id", "id"], name="access_organisation")]

    def __str__(self) -> str:
        return self.sentence


class DailySeal(models.Model):
    """One link of the chain: what every sealed source held when it was made, and the digest of the link before.

    Triggers on both databases refuse any change or removal.
    """

    number = models.PositiveIntegerField(unique=True)
    """1, 2, 3 … without a gap: a seal that is missing is seen."""
    day = models.DateField(unique=True)
    """The day in London on which it was made: one a day."""
    made_at = models.DateTimeField()
    parts = models.JSONField()
    """A list, in the order of the sources, of what ``socialvalue.audit.rules.part_told`` gives."""
    previous_digest = models.CharField(max_length=64, blank=True)
    """Empty on the first one only."""
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number=1, previous_digest="")
                | models.Q(number__gt=1) & ~models.Q(previous_digest=""),
                name="seal_names_the_one_before",
            ),
        ]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class SealMarks(models.Model):
    """The mark of each row under a seal, so that the row that differs can be named: ``rules.PartDigest.marks``.

    Nothing rests on them: whether a day is as it was is said by its digest. Append-only like the seals.
    """

    number = models.PositiveIntegerField()
    source = models.CharField(max_length=40)
    marks = models.BinaryField()

    class Meta:
        verbose_name_plural = "seal marks"
        ordering = ["number", "source"]
        constraints = [
            models.UniqueConstraint(fields=["number", "source"], name="seal_marks_once"),
        ]

    def __str__(self) -> str:
        return f"Marks of {self.source} under seal {self.number}"
