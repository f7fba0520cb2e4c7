"""Every claim an actor sees, however many there are: narrowed, counted and added up by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.queries.claims import ClaimFilters, claims_for, visible_claims
from procurement.deliveries.queries.proof import evidenced, without_evidence
from procurement.deliveries.queries.uploads import visible_uploads
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence
from socialvalue.core.periods import quarter_label
from socialvalue.core.tables import Column, Table

COLUMNS = (
    Column("Claim", "number", 10),
    Column("Status", width=24),
    Column("Quarter", width=24),
    Column("Authority", width=28),
    Column("Supplier", width=28),
    Column("Contract reference", width=20),
    Column("Contract", width=36),
    Column("Measure"),
    Column("Measure title", width=40),
    Column("Quantity", "number"),
    Column("Out of (rates only)", "number"),
    Column("Unit"),
    Column("Value (£)", "money", is_social_value=True),
    Column("Files of evidence", "number"),
    Column("Sent", "date"),
    Column("Decided", "date"),
    Column("Reason", width=40),
)
VALUES = (
    "pk",
    "status",
    "quarter",
    "authority__name",
    "supplier__name",
    "contract__reference",
    "contract__title",
    "commitment__measure__code",
    "commitment__measure__title",
    "quantity",
    "denominator",
    "commitment__measure__unit",
    "commitment__unit_value",
    "value_pence",
    "files",
    "submitted_at",
    "decided_at",
    "decision_reason",
)
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class StatusTotal:
    """Claims of one status: how many, and what they claim in pence. Statuses are never added together."""

    status: str
    how_many: int
    value_pence: int

    @property
    def label(self) -> str:
        return str(ClaimStatus(self.status).label)

    @property
    def value(self) -> Decimal:
        return from_pence(self.value_pence)


def listed_claims(actor: Actor, filters: ClaimFilters, evidence: str = "") -> QuerySet[Claim]:
    """The claims the actor sees, narrowed; ``evidence``: ``with``, ``without``, or empty for both."""
    found = claims_for(actor, filters)
    if evidence == "with":
        return evidenced(found)
    return without_evidence(found) if evidence == "without" else found


def status_totals(claims: QuerySet[Claim]) -> list[StatusTotal]:
    """All of the claims by status, in the order of the vocabulary, in one query."""
    rows = claims.order_by().values("status").annotate(n=Count("pk"), pence=Sum("value_pence"))
    found = {row["status"]: StatusTotal(row["status"], row["n"], row["pence"]) for row in rows}
    return [found[status] for status in ClaimStatus.values if status in found]


def claim_quarters(actor: Actor) -> list[date]:
    """Quarters that the actor sees a claim of, newest first."""
    rows = visible_claims(actor).order_by().values_list("quarter", flat=True).distinct()
    return sorted(rows, reverse=True)


def claim_filters_in_words(actor: Actor, filters: ClaimFilters) -> list[tuple[str, str]]:
    """What links narrowed the list to, for people. Names only of what the actor sees a claim of."""
    seen = visible_claims(actor).select_related(None).order_by()
    words = []
    if filters.contract_id is not None:
        rows = seen.filter(contract_id=filters.contract_id)
        title = rows.values_list("contract__title", flat=True).first()
        words.append(("Contract", title or "None that you see claims of"))
    if filters.commitment_id is not None:
        found = (
            seen.filter(commitment_id=filters.commitment_id)
            .values_list(
                "commitment__measure__code", "commitment__measure__title", "contract__title"
            )
            .first()
        )
        shown = "None that you see claims of"
        words.append(("Promise", f"{found[0]} {found[1]}, {found[2]}" if found else shown))
    if filters.upload_id is not None:
        files = visible_uploads(actor).filter(pk=filters.upload_id)
        name = files.values_list("name", flat=True).first()
        words.append(("File", name or f"Upload {filters.upload_id}"))
    return words


def claims_table(claims: QuerySet[Claim], caption: str = "Claims") -> Table:
    """All of the claims as a file, in their order: one query, and no object a claim."""
    files = (
        Evidence.objects.filter(claim=OuterRef("pk"), removed_at__isnull=True)
        .order_by()
        .values("claim")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = (
        claims.select_related(None)
        .annotate(files=Coalesce(Subquery(files), 0))
        .values_list(*VALUES)
        .iterator(AT_ONCE)
    )
    labels = {status.value: str(status.label) for status in ClaimStatus}
    quarters: dict[date, str] = {}
    found = []
    for row in rows:
        pk, status, quarter, *about, unit_value, pence, count, sent, decided, reason = row
        if quarter not in quarters:
            quarters[quarter] = quarter_label(quarter)
        found.append(
            (
                pk,
                labels[status],
                quarters[quarter],
                *about,
                None if unit_value is None else from_pence(pence),
                count,
                sent.astimezone(clock.LONDON).date(),
                decided and decided.astimezone(clock.LONDON).date(),
                reason,
            )
        )
    return Table(caption=caption, columns=COLUMNS, rows=found)
