"""What these tests share: the day, and the deed on record."""

from __future__ import annotations

from datetime import UTC, date, datetime

from socialvalue.accounts.queries import organisation
from socialvalue.audit.models import AuditRecord
from toms.frameworks import queries, services

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 6, 1), date(2026, 6, 2)
APRIL = date(2026, 4, 1)


def used(slug="warwickshire", on=TODAY):
    found = queries.in_use(organisation(slug).pk, on)
    return found.main.edition.slug, [row.edition.slug for row in found.beside]


def last_deed():
    return AuditRecord.objects.order_by("-id").values_list("deed", "before", "after").first()


def changed(actor, row, **more):
    values = {
        "expected_version": row.version,
        "from_on": row.from_on,
        "is_main": row.is_main,
        "max_measures": row.max_measures,
        "measure_ids": [m.pk for m in row.measures.all()],
        "reference": row.reference,
    } | more
    return services.change_adoption(actor=actor, adoption_id=row.pk, **values)
