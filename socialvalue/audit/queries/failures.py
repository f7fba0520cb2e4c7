"""Attempts to sign in with addresses that nobody has here: they stand in no organisation's record."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Count
from django.db.models.functions import TruncDate

from socialvalue.audit.models import AccessRecord
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core.clock import LONDON


def failed_sign_ins_of_nobody(since: date) -> list[tuple[date, int]]:
    """How many by day in London, newest first, from that day on; days without any are left out.

    Numbers only: what was typed is kept nowhere. The caller has shown that the reader runs the platform.
    """
    rows = AccessRecord.objects.filter(
        kind=AccessKind.SIGN_IN_FAILED,
        user__isnull=True,
        organisation_id__isnull=True,
        at__gte=datetime.combine(since, time(), LONDON),
    )
    by_day = rows.order_by().values(day=TruncDate("at", tzinfo=LONDON)).annotate(many=Count("pk"))
    return [(row["day"], row["many"]) for row in by_day.order_by("-day")]
