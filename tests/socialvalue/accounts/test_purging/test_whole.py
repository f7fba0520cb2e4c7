"""A purge as a whole: who may, what is told, what one that breaks off holds up."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from socialvalue.accounts.models import PurgeRun
from socialvalue.accounts.services.expiring import count_expired, purge_daily, purge_expired
from socialvalue.accounts.vocabulary import PrivacyDeed, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed
from socialvalue.core.purging import Purge
from tests.factories.accounts import (
    actor_for_role,
)
from tests.socialvalue.accounts.test_purging.expiring import NOW

pytestmark = pytest.mark.django_db


def test_nothing_to_remove_leaves_no_deed():
    purge_expired(actor=SYSTEM)
    run = PurgeRun.objects.get()
    assert (run.removed, run.failed) == ({}, [])
    assert run.ended_at is not None
    assert not AuditRecord.objects.filter(deed=PrivacyDeed.EXPIRED).exists()


def test_a_person_removes_nothing():
    actor = actor_for_role(Role.ORGANISATION_ADMIN)
    for service in (purge_expired, count_expired, purge_daily):
        with pytest.raises(NotAllowed):
            service(actor=actor)


@pytest.fixture
def two_purges(monkeypatch):
    """One that breaks off before one that works."""

    def broken(*, actor):
        raise OSError("the store is away")

    rows = (
        Purge("claim_drafts", "drafts", lambda: 1, broken),
        Purge("reminders", "reminders", lambda: 2, lambda *, actor: 2),
    )
    monkeypatch.setattr("procurement.tenders.services.expiring.PURGES", rows)
    monkeypatch.setattr(
        "django.conf.settings.PURGES", ("procurement.tenders.services.expiring.PURGES",)
    )


def test_one_that_breaks_off_holds_up_no_other(two_purges, caplog):
    rows = purge_expired(actor=SYSTEM)
    assert [(row.kind, row.count, row.failed) for row in rows] == [
        ("claim_drafts", 0, True),
        ("reminders", 2, False),
    ]
    run = PurgeRun.objects.get()
    assert (run.removed, run.failed) == ({"reminders": 2}, ["claim_drafts"])
    (deed,) = AuditRecord.objects.filter(deed=PrivacyDeed.EXPIRED)
    assert deed.sentence == "Removed at the end of their time: 2 reminders."
    assert (deed.target_type, deed.target_id) == ("purgerun", run.pk)
    assert "claim_drafts" in caplog.text


def test_the_clock_goes_through_it_once_a_day_and_again_after_a_fault(two_purges, monkeypatch):
    with clock.at(NOW):
        purge_daily(actor=SYSTEM)
        purge_daily(actor=SYSTEM)
    assert PurgeRun.objects.count() == 2
    monkeypatch.setattr("procurement.tenders.services.expiring.PURGES", ())
    for hours in (0, 1, 2, 14, 15, 16):  # the last in London's next day
        with clock.at(NOW + timedelta(hours=hours)):
            purge_daily(actor=SYSTEM)
    assert PurgeRun.objects.count() == 4


def test_the_command_says_what_went(two_purges):
    out = StringIO()
    call_command("purge_expired", "--dry-run", stdout=out)
    assert out.getvalue() == "1  drafts\n2  reminders\n3  would be removed. Nothing was.\n"
    assert not PurgeRun.objects.exists()
    out = StringIO()
    with pytest.raises(CommandError, match="Could not be removed: claim_drafts") as error:
        call_command("purge_expired", "--json", stdout=out)
    assert error.value.returncode == 1
    assert json.loads(out.getvalue()) == {
        "dry_run": False,
        "kinds": [
            {"kind": "claim_drafts", "what": "drafts", "count": 0},
            {"kind": "reminders", "what": "reminders", "count": 2},
        ],
        "total": 2,
        "failed": ["claim_drafts"],
    }
