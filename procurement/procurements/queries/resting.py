"""What rests on a line of law or on a policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Max, Q

from procurement.procurements.models import RouteDecision


def decisions_by_threshold(threshold_ids: Sequence[int]) -> dict[int, int]:
    """How many decisions were made with each of these rows, over all authorities: a count says nothing of whose.

    Named by ``settings.DECISIONS_BY_THRESHOLD``. Rows without a decision are left out.
    """
    rows = (
        RouteDecision.objects.filter(threshold_id__in=threshold_ids)
        .order_by()
        .values_list("threshold_id")
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def decisions_between(
    *, policy_id: int, authority_id: int, first: date, before: date
) -> tuple[int, date | None]:
    """How many procurements that commenced in these days were decided under this policy or by its authority, and the
    last day one commenced. A count says nothing of whose.

    Named by ``settings.DECISIONS_BETWEEN``.
    """
    found = RouteDecision.objects.filter(
        Q(procurement__authority_id=authority_id)
        | Q(policy_version__policy_id=policy_id)
        | Q(band__version__policy_id=policy_id),
        procurement__commenced_on__gte=first,
        procurement__commenced_on__lt=before,
    ).aggregate(number=Count("procurement", distinct=True), last=Max("procurement__commenced_on"))
    return found["number"], found["last"]
