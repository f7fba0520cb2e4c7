"""Changing and withdrawing a procurement, and what two people see who save at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.procurements import services
from procurement.procurements.models import Procurement
from tests.factories.procurements import considered, procurement_of
from tests.procurement.procurements.test_views.steps import answers, text, url

pytestmark = pytest.mark.django_db


def test_a_change_is_saved_and_decided_again(browser, officer):
    procurement = procurement_of(officer)
    page = browser.get(url("edit", procurement.pk))
    assert 'value="180,000"' in text(page)
    assert "Social value weighting from 5% to 30%" in text(page)
    response = browser.post(url("edit", procurement.pk), answers(estimate="49,999.99", version="1"))
    assert response.status_code == 302
    procurement.refresh_from_db()
    assert (procurement.estimate, procurement.version) == (Decimal("49999.99"), 2)
    assert list(procurement.decisions.order_by("id").values_list("route", "crossed_line")) == [
        ("toms_mandatory", False),
        ("light_touch", True),
    ]


@pytest.mark.parametrize("ended", ["withdrawn", "published"])
def test_a_form_open_when_the_record_ended_is_refused_for_good(browser, officer, ended):
    procurement = procurement_of(officer, title="As it was")
    Procurement.objects.filter(pk=procurement.pk).update(status=ended, version=2)
    response = browser.post(url("edit", procurement.pk), answers(title="Mine", version="1"))
    page = text(response)
    assert (response.status_code, "save again" in page) == (409, False)
    shown = Procurement.objects.get().get_status_display().lower()
    assert f"This procurement is {shown}, so it no longer changes." in page
    for said in ("As it was", "Mine"):
        assert said in page
    assert Procurement.objects.get().title == "As it was"


def test_two_people_saving_the_second_sees_both_and_may_save_again(browser, officer):
    procurement = procurement_of(officer)
    services.change_procurement(
        actor=officer, procurement_id=procurement.pk, expected_version=1, title="Theirs"
    )
    response = browser.post(url("edit", procurement.pk), answers(title="Mine", version="1"))
    page = text(response)
    assert response.status_code == 409
    assert "Somebody else saved this procurement" in page
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert Procurement.objects.get().title == "Theirs"
    assert 'name="version" value="2"' in page
    assert (
        browser.post(url("edit", procurement.pk), answers(title="Mine", version="2")).status_code
        == 302
    )
    assert Procurement.objects.get().title == "Mine"


def test_after_publication_the_page_says_why_nothing_changes(browser, officer):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    page = text(browser.get(url("edit", procurement.pk)))
    assert "so it no longer changes" in page
    assert '<form method="post" class="sv-form"' not in page


def test_a_procurement_is_withdrawn_with_a_reason(browser, officer):
    procurement = procurement_of(officer)
    assert browser.post(url("withdraw", procurement.pk), {"reason": ""}).status_code == 422
    assert browser.post(url("withdraw", procurement.pk), {"reason": "No budget"}).status_code == 302
    procurement.refresh_from_db()
    assert procurement.status == "withdrawn"
