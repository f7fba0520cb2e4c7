"""A change that one party asks the other for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.awards.vocabulary import ChangeKind
from procurement.remedies.vocabulary import RequestStatus


class ChangeRequest(models.Model):
    """One party asks to change a commitment or the end of the contract; the other agrees or refuses."""

    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    measure = models.ForeignKey(
        "toms.Measure", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """For a commitment that is to be added."""
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    """What the commitment is to stand at."""
    ends_on = models.DateField(null=True, blank=True)
    from_quarter = models.DateField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asking = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    """The party that asks."""
    status = models.CharField(
        max_length=10, choices=RequestStatus.choices, default=RequestStatus.ASKED
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deciding = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    remark = models.TextField(blank=True)
    change = models.OneToOneField(
        "procurement.ContractChange",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="quantity", commitment__isnull=False, quantity__isnull=False)
                | Q(kind="added", measure__isnull=False, quantity__gt=0)
                | Q(kind="extension", ends_on__isnull=False),
                name="change_request_says_what",
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(status="asked") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="change_request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["agreed", "refused"])
                | Q(deciding__isnull=False) & ~Q(deciding=F("asking")),
                name="change_request_decided_by_other_party",
            ),
            models.CheckConstraint(
                condition=Q(status="agreed", change__isnull=False)
                | ~Q(status="agreed") & Q(change__isnull=True),
                name="change_request_agreed_makes_change",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="change_request_with_reason"),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(remark=""),
                name="change_request_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"
