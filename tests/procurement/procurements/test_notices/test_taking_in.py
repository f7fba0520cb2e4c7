"""Notices become procurements; the same file again changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from procurement.procurements import queries, services
from procurement.procurements.models import NoticeImport, Procurement, RouteDecision
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import NotAllowed
from tests.factories.accounts import actor_for_role
from tests.factories.procurements import award_release, release
from tests.procurement.procurements.test_notices.steps import routes, take_in


def test_a_call_off_that_grew_shows_both_values_and_both_routes(law):
    take_in(award_release(tender={"value": {"amount": 40000}}))
    found = Procurement.objects.get()
    assert (found.estimate, found.award_value, found.status) == (
        Decimal("40000"),
        Decimal("62400"),
        "awarded",
    )
    assert (found.estimate_basis, found.award_basis, found.awarded_on) == (
        "excl",
        "excl",
        date(2025, 3, 4),
    )
    assert routes(found) == [("entry", "light_touch", False), ("award", "toms_advised", True)]
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    listed = queries.procurement_list(officer).get()
    assert (listed.first_route, listed.award_route, listed.route) == (
        "light_touch", "toms_advised", "toms_advised",
    )  # fmt: skip


def test_the_decision_says_which_date_and_value_of_the_notice_were_used(law):
    take_in(award_release(tender={"value": None, "datePublished": None}))
    decision = RouteDecision.objects.order_by("id").first()
    assert decision.inputs["amount_from"] == "award value"
    assert "because it commenced on 14 February 2025" in decision.explanation
    assert "the day the tender closed is used" in decision.explanation


def test_the_same_file_again_changes_nothing(law):
    file = [release(), award_release(ocid="b"), release(ocid="c", tender={"value": {"amount": 0}})]
    first = take_in(*file)
    assert (first["created"], len(first["refused"])) == (2, 1)
    before = (
        AuditRecord.objects.count(),
        NoticeImport.objects.count(),
        RouteDecision.objects.count(),
    )
    rows = list(Procurement.objects.order_by("pk").values())
    again = take_in(*file)
    assert (again["created"], again["updated"], again["unchanged"], len(again["refused"])) == (
        0,
        0,
        2,
        1,
    )
    assert (
        AuditRecord.objects.count(),
        NoticeImport.objects.count(),
        RouteDecision.objects.count(),
    ) == before
    assert list(Procurement.objects.order_by("pk").values()) == rows


def test_two_releases_of_one_notice_in_a_file_are_one_story(law):
    file = [award_release(tender={"value": None}), release()]
    assert take_in(*file)["updated"] == 1
    found = Procurement.objects.get()
    # The later release leaves the tender value out: the earlier one's stays.
    assert (found.estimate, found.award_value) == (Decimal("60000"), Decimal("62400"))
    assert take_in(*file)["unchanged"] == 2


def test_a_later_file_with_the_award_updates_and_the_older_file_does_not_undo_it(law):
    take_in(release())
    assert Procurement.objects.get().status == "routed"
    assert take_in(award_release(tender={"value": None}))["updated"] == 1
    found = Procurement.objects.get()
    assert (found.status, found.estimate, found.award_value) == (
        "awarded",
        Decimal("60000"),
        Decimal("62400"),
    )
    assert found.commenced_on == date(2025, 1, 23)
    assert take_in(release())["unchanged"] == 1
    found.refresh_from_db()
    assert found.status == "awarded"


def test_a_changed_value_is_decided_again(law):
    take_in(release(tender={"value": {"amount": 40000}}))
    take_in(release(tender={"value": {"amount": 60000}}))
    assert routes(Procurement.objects.get()) == [
        ("entry", "light_touch", False),
        ("change", "toms_advised", True),
    ]


def test_a_cancelled_tender_is_withdrawn(law):
    take_in(release(tender={"status": "cancelled"}))
    assert Procurement.objects.get().status == "withdrawn"


def test_what_was_carried_on_here_is_no_longer_changed_by_a_notice(law):
    take_in(release())
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    procurement = Procurement.objects.get()
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    found = take_in(release(tender={"value": {"amount": 1}}))
    assert "carried on here" in found["refused"][0]["reason"]
    procurement.refresh_from_db()
    assert (procurement.estimate, procurement.status) == (Decimal("60000"), "published")


def test_a_refused_notice_leaves_nothing_behind(law):
    # Readable, with a value, but of a day for which the table has no law.
    found = take_in(
        release(tender={"datePublished": "2010-01-01", "tenderPeriod": None}), release(ocid="b")
    )
    assert found["refused"][0]["ocid"] == "ocds-test-1"
    assert "no statutory threshold" in found["refused"][0]["reason"]
    assert [p.ocid for p in Procurement.objects.all()] == ["b"]


def test_an_absurd_value_and_a_thing_that_is_no_release_are_refused(law):
    found = take_in(release(tender={"value": {"amount": 10**15}}), "text", None, {"ocid": 5})
    assert [row["ocid"] for row in found["refused"]] == ["ocds-test-1", "", "", ""]
    assert "£99,999,999,999.99 or less" in found["refused"][0]["reason"]


def test_an_unknown_buyer_is_refused_and_added_only_when_asked(law):
    stranger = release(buyer={"name": "Elsewhere  Borough Council"})
    before = Organisation.objects.count()
    assert "No authority is known as Elsewhere" in take_in(stranger)["refused"][0]["reason"]
    assert Organisation.objects.count() == before
    assert take_in(stranger, create_buyers=True)["created"] == 1
    added = Organisation.objects.get(slug="elsewhere-borough-council")
    assert (added.kind, added.is_demonstration) == ("council", False)
    # Known now, by whatever spelling of case.
    assert take_in(release(ocid="b", buyer={"name": "ELSEWHERE BOROUGH COUNCIL"}))["created"] == 1


def test_a_buyer_is_not_added_for_a_notice_that_is_refused(law):
    before = Organisation.objects.count()
    take_in(
        release(buyer={"name": "Elsewhere"}, tender={"value": {"amount": 0}}), create_buyers=True
    )
    assert Organisation.objects.count() == before


def test_the_name_of_a_supplier_cannot_become_a_buyer(law):
    Organisation.objects.create(kind="supplier", name="Elsewhere", slug="elsewhere")
    found = take_in(release(buyer={"name": "Elsewhere"}), create_buyers=True)
    assert "There is an organisation called elsewhere already" in found["refused"][0]["reason"]


def test_everything_can_be_put_under_one_authority(law):
    take_in(release(), release(ocid="b", buyer={"name": "Nobody"}), authority_slug="dudley")
    assert {p.authority.slug for p in Procurement.objects.all()} == {"dudley"}


def test_a_notice_of_one_authority_does_not_move_to_another(law):
    take_in(release())
    found = take_in(release(tender={"title": "Other"}), authority_slug="dudley")
    assert found["refused"][0]["reason"] == "It is recorded for another authority already."
    assert Procurement.objects.get().title == "Repair of benches"


def test_a_dry_run_counts_the_same_and_writes_nothing(law):
    file = [release(), release(ocid="b", buyer={"name": "Elsewhere"})]
    models = (Procurement, RouteDecision, AuditRecord, NoticeImport, Organisation)
    before = [model.objects.count() for model in models]
    rehearsed = take_in(*file, create_buyers=True, dry_run=True)
    assert [model.objects.count() for model in models] == before
    assert take_in(*file, create_buyers=True) == rehearsed


def test_only_the_platform_imports_for_everybody(law):
    officer = actor_for_role(Role.PROCUREMENT_OFFICER)
    with pytest.raises(NotAllowed):
        services.import_notices(actor=officer, content="[]", file_name="x")


def test_the_callable_that_adds_a_buyer_exists():
    assert callable(import_string(settings.ADD_BUYER))
