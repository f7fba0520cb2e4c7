"""What these tests share: days, reasons and an amendment."""

from __future__ import annotations

from datetime import timedelta

from procurement.tenders import services
from procurement.tenders.queries import requirements_of
from tests.factories.tenders import DEADLINE

SECOND = timedelta(seconds=1)
LATER = DEADLINE + timedelta(days=7)
REASON = "A site visit was asked for."


def amend(world, actor=None, **more):
    more.setdefault("reason", REASON)
    more.setdefault("expected_version", world.refresh().version)
    return services.amend_tender(actor=actor or world.officer, tender_id=world.tender.pk, **more)


def of(world, code):
    return next(row for row in requirements_of(world.tender.pk) if row.measure.code == code)
