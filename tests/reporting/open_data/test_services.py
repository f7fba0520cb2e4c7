"""Choosing to be public: words, and two people at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from reporting.open_data import services
from reporting.open_data.models import Publication
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, UserFactory, actor_for_role
from tests.factories.reporting import region_with

pytestmark = pytest.mark.django_db
FIRST, LATER = datetime(2026, 5, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC)


def choose(authority, role=Role.DIRECTORATE_MANAGER, *, at=FIRST, **more):
    given = {"intro": "", "licence": "ogl-3", "data_note": "", "expected_version": 0} | more
    with clock.at(at):
        return services.choose_public(
            actor=actor_for_role(role, authority), kind="authority", own_slug=authority.slug, **given
        )  # fmt: skip


def stop(authority, version):
    return services.stop(
        actor=actor_for_role(Role.DIRECTORATE_MANAGER, authority), kind="authority",
        own_slug=authority.slug, expected_version=version,
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.DIRECTORATE_MANAGER, Role.ORGANISATION_ADMIN])
def test_a_manager_chooses(role):
    row = choose(AuthorityFactory(), role)
    assert (row.is_public, row.since, row.version) == (True, FIRST, 1)


@pytest.mark.parametrize("role", [Role.REPORT_AUTHOR, Role.CONTRACT_MANAGER, Role.AUDITOR])
def test_nobody_else_does(role):
    with pytest.raises(NotAllowed):
        choose(AuthorityFactory(), role)


def test_a_supplier_has_no_public_page():
    actor = actor_for_role(Role.SUPPLIER_ADMIN)
    with pytest.raises(NotVisible):
        services.choose_public(
            actor=actor, kind="authority", own_slug="x", intro="", licence="ogl-3", data_note="", expected_version=0
        )  # fmt: skip


def test_changing_the_words_keeps_since_when_and_stopping_ends_it():
    authority = AuthorityFactory()
    choose(authority)
    changed = choose(authority, at=LATER, intro="New words.", expected_version=1)
    assert (changed.since, changed.chosen_at, changed.intro) == (FIRST, LATER, "New words.")
    stopped = stop(authority, 2)
    assert (stopped.is_public, stopped.since, stopped.intro) == (False, None, "New words.")
    with pytest.raises(Conflict):
        stop(authority, 3)
    assert choose(authority, at=LATER, expected_version=3).since == LATER


def test_the_second_of_two_is_told():
    authority = AuthorityFactory()
    choose(authority)
    with pytest.raises(Conflict):
        choose(authority)
    with pytest.raises(Conflict):
        choose(authority, expected_version=2)
    with pytest.raises(Conflict):
        stop(authority, 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"intro": "x" * 501}, "intro"),
        ({"data_note": "x" * 501}, "data_note"),
        ({"licence": "mine"}, "licence"),
        ({"intro": "Ask jo@example.org about it."}, "intro"),
        ({"data_note": "Ring 01926 410 410."}, "data_note"),
    ],
)
def test_words_that_may_not_be_told(given, field):
    with pytest.raises(RuleBroken) as broken:
        choose(AuthorityFactory(), **given)
    assert [name for name, _ in broken.value.errors] == [field]
    assert choose(AuthorityFactory(), intro="x" * 500).is_public


def test_the_database_wants_exactly_one_of_authority_and_region_and_a_day():
    authority = AuthorityFactory()
    region = region_with()
    facts = {"chosen_by": UserFactory(), "chosen_at": FIRST}
    for wrong in (
        {},
        {"organisation": authority, "region": region},
        {"organisation": authority, "is_public": True},
        {"organisation": authority, "since": FIRST},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.create(slug="x", **facts, **wrong)
    Publication.objects.create(slug="x", organisation=authority, **facts)
