"""With SV_RLS=1: the database itself keeps organisations apart, and a request says whose rows it is about."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from procurement.deliveries.models import Claim
from socialvalue.accounts.models import User
from socialvalue.core.database import rows_of, scope_now, wide
from tests.factories.deliveries import claim, world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(os.environ.get("SV_RLS") != "1", reason="make test runs it with SV_RLS=1"),
]


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def test_these_tests_have_the_rights_of_the_web_role():
    assert asked("SELECT current_user, current_setting('is_superuser')") == (
        "sv_web_of_tests",
        "off",
    )
    assert scope_now().is_wide


def test_a_forgotten_filter_shows_nothing_of_others():
    known = world()
    made = claim(known.claimant, known.hours)
    assert Claim.objects.count() == 1
    for ids, seen in (
        ([made.authority_id], 1),
        ([made.supplier_id], 1),
        ([999_999], 0),
        ([], 0),
        ([999_999, made.supplier_id], 1),
    ):
        with rows_of(ids):
            assert Claim.objects.count() == seen
            with wide("the test says so"):
                assert Claim.objects.count() == 1
            assert Claim.objects.count() == seen
    assert Claim.objects.count() == 1


def test_a_request_is_about_the_acting_organisation(client):
    known = world()
    made = claim(known.claimant, known.hours)
    seen = []

    def look(execute, sql, params, many, context):
        if "procurement_claim" in sql and not seen:
            with connection.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT current_setting('sv.organisations'), current_setting('sv.wide')"
                )
                seen.append(cursor.fetchone())
        return execute(sql, params, many, context)

    client.force_login(User.objects.get(pk=known.manager.user_id))
    with connection.execute_wrapper(look):
        assert client.get(f"/deliveries/{made.pk}/").status_code == 200
    assert seen == [(str(made.authority_id), "")]
    assert scope_now().is_wide
