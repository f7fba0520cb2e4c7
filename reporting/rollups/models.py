from __future__ import annotations

from django.db import models
from django.db.models import Q

from reporting.rollups.vocabulary import RunKind, RunState


class Cell(models.Model):
    """The sum of ledger entries of one basis, authority, measure and month."""

    basis = models.CharField(max_length=10)
    authority_id = models.BigIntegerField()
    measure_id = models.BigIntegerField()
    period = models.DateField()
    quantity = models.DecimalField(max_digits=20, decimal_places=3)
    denominator = models.DecimalField(max_digits=20, decimal_places=3)
    value_pence = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "basis", "measure_id", "period"], name="cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Cell {self.pk}"


class ThemeCell(models.Model):
    """The sum of ledger entries of one basis, authority, theme and month: money only, units do not mix."""

    basis = models.CharField(max_length=10)
    authority_id = models.BigIntegerField()
    theme_id = models.BigIntegerField()
    period = models.DateField()
    value_pence = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "basis", "theme_id", "period"], name="theme_cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Theme cell {self.pk}"


class CommitmentTotal(models.Model):
    """The sum of ledger entries of one basis and commitment."""

    basis = models.CharField(max_length=10)
    commitment_id = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=20, decimal_places=3)
    denominator = models.DecimalField(max_digits=20, decimal_places=3)
    value_pence = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commitment_id", "basis"], name="commitment_total_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Commitment total {self.pk}"


class ContractCell(models.Model):
    """The sum of ledger entries of one basis, contract and month: money only, units do not mix.

    What is known of a contract (supplier, route, directorate) cuts these sums further.
    """

    basis = models.CharField(max_length=10)
    contract_id = models.BigIntegerField()
    period = models.DateField()
    value_pence = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract_id", "basis", "period"], name="contract_cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Contract cell {self.pk}"


class RollupRun(models.Model):
    """A run that a person can see: what it did, how far behind it was, why it stopped."""

    kind = models.CharField(max_length=10, choices=RunKind.choices)
    state = models.CharField(max_length=10, choices=RunState.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    postings = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    lag_ms = models.PositiveIntegerField(null=True, blank=True)
    """From the oldest posting's commit to this run."""
    wrong_cells = models.PositiveIntegerField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | Q(state__in=["done", "failed"], ended_at__isnull=False),
                name="rollup_run_ended_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}"


class CubeVersion(models.Model):
    """One row: a number that moves with every change to the cells, and when it last moved."""

    number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="cube_version_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"Cube version {self.number}"
