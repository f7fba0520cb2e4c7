"""The record under the Social Value Act: kept for ever, needed before services above the line are published."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.models import ConsiderationRecord, RouteDecision
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, actor_of, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import considered, procurement_of

pytestmark = pytest.mark.django_db
D = Decimal
LINE = D(173100)
"""£207,720 with VAT: the threshold for services in 2026."""
PDF = b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def law(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load_law_and_policies()


@pytest.fixture
def user():
    return user_with_role(Role.PROCUREMENT_OFFICER, accounts.organisation("warwickshire"))


@pytest.fixture
def officer(user):
    return actor_of(user)


def publish(officer, procurement):
    return services.mark_published(actor=officer, procurement_id=procurement.pk)


# --- the gate ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "is_needed"),
    [
        ({"estimate": LINE}, True),
        ({"estimate": LINE - D("0.01")}, False),
        ({"estimate": LINE, "category": "goods"}, False),
        ({"estimate": D(6000000), "category": "works"}, False),
        ({"estimate": D("552950"), "category": "light_touch"}, True),
        ({"estimate": D("552949.99"), "category": "light_touch"}, False),
        ({"estimate": LINE, "parts": {"goods": D(100000), "services": D(73100)}}, True),
        ({"estimate": LINE, "parts": {"goods": D(100000), "works": D(73100)}}, False),
    ],
)
def test_services_at_or_above_the_threshold_are_not_published_without_it(officer, more, is_needed):
    procurement = procurement_of(officer, **more)
    assert queries.consideration_missing(procurement.pk) is is_needed
    if not is_needed:
        assert publish(officer, procurement).status == "published"
        return
    with pytest.raises(RuleBroken, match="Record what was considered"):
        publish(officer, procurement)
    procurement.refresh_from_db()
    assert (procurement.status, RouteDecision.objects.count()) == ("routed", 1)
    considered(officer, procurement)
    assert not queries.consideration_missing(procurement.pk)
    assert publish(officer, procurement).status == "published"


def test_an_override_to_a_lighter_route_does_not_lift_the_act(officer):
    procurement = procurement_of(officer)
    override = services.ask_override(
        actor=officer, procurement_id=procurement.pk, to_route="toms_advised", reason="Why"
    )
    approver = actor_for_role(Role.APPROVER, accounts.organisation("warwickshire"))
    services.approve_override(actor=approver, override_id=override.pk, answer="Yes")
    with pytest.raises(RuleBroken, match="Record what was considered"):
        publish(officer, procurement)


# --- the record -------------------------------------------------------------------------------


def test_a_correction_is_another_record_and_the_latest_counts(officer):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    considered(officer, procurement, economic="Better words")
    found = queries.consideration_of(officer, procurement.pk)
    assert (found.latest.economic, found.earlier[0].economic) == (
        "Better words", "Work for small firms nearby.",
    )  # fmt: skip
    sentences = list(
        AuditRecord.objects.filter(deed="consideration_recorded")
        .order_by("id")
        .values_list("sentence", flat=True)
    )
    assert sentences[0].endswith("was recorded.")
    assert sentences[1].endswith("was recorded again, as a correction.")


@pytest.mark.owner
def test_the_database_keeps_it(officer):
    kept = considered(officer, procurement_of(officer))
    rows = ConsiderationRecord.objects.filter(pk=kept.pk)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        rows.update(economic="Other")
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        rows.delete()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"economic": " "}, "economic"),
        ({"consultation": ""}, "consultation"),
        ({"considered_by": ""}, "considered_by"),
        ({"considered_by": "x" * 201}, "considered_by"),
        ({"considered_on": date(2100, 1, 1)}, "considered_on"),
        ({"evidence_name": "a.exe", "evidence_content": b"MZ\x00"}, "evidence"),
        ({"evidence_name": "a.pdf", "evidence_content": b""}, "evidence"),
    ],
)
def test_what_cannot_be_kept_names_the_field(officer, more, field):
    with pytest.raises(RuleBroken) as broken:
        considered(officer, procurement_of(officer), **more)
    assert broken.value.errors[0][0] == field
    assert ConsiderationRecord.objects.count() == 0


def test_the_day_is_today_at_the_latest(officer):
    procurement = procurement_of(officer)
    assert considered(officer, procurement, considered_on=clock.today())
    with pytest.raises(RuleBroken):
        considered(officer, procurement, considered_on=clock.today() + timedelta(days=1))


def test_who_records_and_until_when(officer):
    procurement = procurement_of(officer)
    for role in (Role.AUDITOR, Role.APPROVER, Role.CONTRACT_MANAGER):
        with pytest.raises(NotAllowed):
            considered(actor_for_role(role, accounts.organisation("warwickshire")), procurement)
    with pytest.raises(NotVisible):
        considered(
            actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry")), procurement
        )
    considered(officer, procurement)
    publish(officer, procurement)
    with pytest.raises(RuleBroken, match="can no longer be recorded"):
        considered(officer, procurement)


# --- the pages --------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"procurement:procurements:{name}", args=args)


def text(response):
    return response.content.decode().replace("&#x27;", "'")


def answers(**more):
    return {
        "economic": "Small firms", "social": "Placements", "environmental": "Journeys", "process": "Measures",
        "was_consulted": "no", "consultation": "Asked last year", "considered_on-day": "2",
        "considered_on-month": "3", "considered_on-year": "2026", "considered_by": "Head of commissioning", **more,
    }  # fmt: skip


def test_the_page_of_one_procurement_says_missing_then_done(client, user, officer):
    procurement = procurement_of(officer)
    thread = reverse("procurement:threads:procurement", args=[procurement.pk])
    client.force_login(user)
    page = text(client.get(thread))
    assert "are not published without it" in page
    assert url("consideration", procurement.pk) in page
    evidence = SimpleUploadedFile("minutes of the panel.pdf", PDF)
    done = client.post(url("consideration", procurement.pk), answers(evidence=evidence))
    assert done.headers["Location"] == url("consideration_print", procurement.pk)
    shown = text(client.get(done.headers["Location"]))
    for said in (
        "Small firms",
        "Asked last year",
        "Head of commissioning",
        "minutes of the panel.pdf",
    ):
        assert said in shown
    assert "This is after the procurement commenced on 1 March 2026" in shown
    assert "are not published without it" not in text(client.get(thread))
    again = client.get(url("consideration", procurement.pk)).context["form"]
    assert (again["economic"].value(), again["was_consulted"].value()) == ("Small firms", "no")


def test_below_the_threshold_the_page_asks_for_nothing(client, user, officer):
    procurement = procurement_of(officer, estimate=D(100000))
    client.force_login(user)
    thread = reverse("procurement:threads:procurement", args=[procurement.pk])
    assert "Social Value Act" not in text(client.get(thread))
    assert "may be kept all the same" in text(client.get(url("consideration", procurement.pk)))


def test_everything_missing_is_said_at_once_and_nothing_typed_is_lost(client, user, officer):
    procurement = procurement_of(officer)
    client.force_login(user)
    wrong = client.post(
        url("consideration", procurement.pk), answers(social="", was_consulted="", economic="Kept")
    )
    page = text(wrong)
    assert wrong.status_code == 422
    for said in (
        "Say what was considered for social well-being",
        "Select whether anybody was consulted",
        "Kept",
    ):
        assert said in page
    assert ConsiderationRecord.objects.count() == 0


def test_a_file_of_another_kind_is_refused_at_its_box(client, user, officer):
    procurement = procurement_of(officer)
    client.force_login(user)
    bad = SimpleUploadedFile("page.html", b"<html><script>1</script></html>")
    wrong = client.post(url("consideration", procurement.pk), answers(evidence=bad))
    assert wrong.status_code == 422
    assert "cannot be accepted" in wrong.context["form"].errors["evidence"][0]


def test_the_evidence_is_for_the_buying_side_of_the_authority_only(client, officer):
    procurement = procurement_of(officer)
    kept = considered(officer, procurement, evidence_name="minutes.pdf", evidence_content=PDF)
    other = procurement_of(officer, title="Another")
    path = url("consideration_file", procurement.pk, kept.pk)
    client.force_login(user_with_role(Role.AUDITOR, accounts.organisation("warwickshire")))
    response = client.get(path)
    assert response.content == PDF
    assert 'attachment; filename="minutes.pdf"' in response.headers["Content-Disposition"]
    assert client.get(url("consideration_file", other.pk, kept.pk)).status_code == 404
    for role, slug, status in (
        (Role.PROCUREMENT_OFFICER, "coventry", 404), (Role.SUPPLIER_ADMIN, None, 403),
    ):  # fmt: skip
        home = accounts.organisation(slug) if slug else None
        client.force_login(user_with_role(role, home))
        assert client.get(path).status_code == status
        assert client.get(url("consideration_print", procurement.pk)).status_code == status
    without = considered(officer, procurement)
    client.force_login(user_with_role(Role.AUDITOR, accounts.organisation("warwickshire")))
    assert client.get(url("consideration_file", procurement.pk, without.pk)).status_code == 404


def test_nothing_recorded_is_said_plainly(client, officer):
    procurement = procurement_of(officer)
    client.force_login(user_with_role(Role.AUDITOR, accounts.organisation("warwickshire")))
    page = text(client.get(url("consideration_print", procurement.pk)))
    assert "Nothing is recorded" in page
    assert client.get(url("consideration", procurement.pk)).status_code == 403
