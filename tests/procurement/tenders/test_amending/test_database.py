"""The database itself holds amendments to their rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.tenders.models import Tender, TenderAmendment, TenderQuestion, TenderRequirement
from tests.factories.tenders import NOW, published
from tests.procurement.tenders.test_amending.steps import LATER, REASON, SECOND, amend

pytestmark = pytest.mark.django_db


def refused(*deeds):
    """The database takes every one of these but the last; nothing stays."""
    with transaction.atomic():
        for deed in deeds[:-1]:
            deed()
        with pytest.raises(IntegrityError), transaction.atomic():
            deeds[-1]()
        transaction.set_rollback(True)


def begin():
    Tender.objects.update(is_amending=True)


def test_plain_sql_changes_nothing_without_an_amendment():
    published()
    for change in (
        lambda: Tender.objects.update(deadline_at=LATER),
        lambda: Tender.objects.update(amendments=1),
        lambda: TenderRequirement.objects.update(guidance="Other"),
        lambda: TenderRequirement.objects.update(is_mandatory=True),
        lambda: TenderQuestion.objects.update(text="Other"),
    ):
        refused(change)


def test_plain_sql_leaves_no_amendment_without_its_record():
    world = published()
    refused(
        begin,
        lambda: TenderRequirement.objects.update(guidance="Other"),
        lambda: Tender.objects.update(is_amending=False, amendments=1),
    )
    refused(begin, lambda: Tender.objects.update(is_amending=False))
    for change in (
        lambda: Tender.objects.update(deadline_at=LATER),
        lambda: Tender.objects.update(weighting_percent=Decimal(30)),
        lambda: TenderRequirement.objects.update(place="coventry"),
        lambda: TenderRequirement.objects.update(weight_percent=10),
        lambda: TenderRequirement.objects.update(maximum_quantity=99),
        lambda: TenderRequirement.objects.all().delete(),
        lambda: TenderQuestion.objects.update(weight_percent=10),
        lambda: TenderQuestion.objects.update(minimum_mark=3),
        lambda: TenderQuestion.objects.all().delete(),
        lambda: Tender.objects.update(status="opened", opened_at=LATER),
    ):
        refused(begin, change)
    assert world.refresh().is_amending is False


@pytest.mark.owner
def test_the_database_holds_deadlines_and_amendments():
    world = published()
    amend(world, deadline_at=LATER)
    row = {
        "tender": world.refresh(),
        "number": 2,
        "reason": REASON,
        "deadline_before": LATER,
        "made_by_id": world.officer.user_id,
        "made_at": NOW,
    }

    def record(after):
        return lambda: TenderAmendment.objects.create(**row, deadline_after=after)

    def finish(after):
        return lambda: Tender.objects.update(is_amending=False, amendments=2, deadline_at=after)

    refused(record(LATER - SECOND))
    refused(begin, record(LATER), finish(LATER - SECOND))
    refused(begin, record(LATER), lambda: Tender.objects.update(is_amending=False, amendments=3))
    refused(lambda: TenderAmendment.objects.update(reason="Another"))
    refused(lambda: TenderAmendment.objects.all().delete())
    # With its record and not earlier, it is an amendment.
    begin()
    record(LATER)()
    finish(LATER)()
    assert world.refresh().amendments == 2
