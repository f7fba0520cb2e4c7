"""The light-touch note through the client, from the toolkit to the printed page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.procurements import queries
from procurement.procurements.models import LightTouchNote, RouteDeviation
from tests.factories.procurements import procurement_of
from tests.procurement.procurements.test_views.steps import note_answers, text, url

pytestmark = pytest.mark.django_db


def test_the_note_has_eight_fields_and_the_toolkit_beside_it(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    response = browser.get(url("note", procurement.pk))
    assert len(response.context["form"].fields) == 8
    page = text(response)
    assert "Use the short toolkit while you obtain quotations" in page
    toolkit = queries.toolkit_of(procurement)
    assert len(toolkit) >= 5
    for line in toolkit:
        assert line in page


def test_every_field_of_the_note_but_two_is_enough_to_finish_it(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    sent = {
        key: value for key, value in note_answers().items() if key not in ("objectives", "agreed")
    }
    assert browser.post(url("note", procurement.pk), sent).status_code == 302
    page = text(browser.get(url("note_print", procurement.pk)))
    assert "Nothing was agreed" in page
    assert "£12,000 excluding VAT, £14,400 including VAT" in page


def test_the_note_is_finished_and_printable(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    response = browser.post(url("note", procurement.pk), note_answers())
    assert response.url == url("note_print", procurement.pk)
    procurement.refresh_from_db()
    assert procurement.status == "complete"
    page = text(browser.get(response.url))
    for shown in (
        "A workshop",
        "£12,000",
        "Promoting local businesses",
        "A work placement",
        "Not known",
        "data-print",
    ):
        assert shown in page
    assert LightTouchNote.objects.get().is_local_or_sme is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"considered": ""}, "Say what social value you considered"),
        ({"quotations_sought": "some"}, "Quotations sought must be a whole number, like 3"),
        (
            {"quotations_sought": "0", "local_quotations": "0"},
            "Quotations sought must be 1 or more",
        ),
        ({"local_quotations": "4"}, "Local quotations must be no more than the quotations sought"),
        ({"chosen_value": "-1"}, "must be more than 0"),
        ({"chosen_value": "0"}, "must be more than 0"),
        ({"chosen_value": "free"}, "must be an amount of money"),
        ({"chosen_supplier": ""}, "Enter the chosen supplier"),
        ({"is_local_or_sme": ""}, "Select whether it is a local"),
        ({"objectives": ["NOPE"]}, "Select objectives from the list"),
    ],
)
def test_a_wrong_note_says_how_to_mend_it_and_keeps_the_rest(browser, officer, wrong, said):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    response = browser.post(url("note", procurement.pk), note_answers(**wrong))
    assert response.status_code == 422
    assert said in text(response)
    assert "A work placement" in text(response)
    assert LightTouchNote.objects.count() == 0


@pytest.mark.parametrize(("value", "is_asked"), [("49,999.99", False), ("50,000", True)])
def test_a_quotation_beyond_the_route_asks_why_before_it_is_finished(
    browser, officer, value, is_asked
):
    procurement = procurement_of(officer, estimate=Decimal(40_000))
    response = browser.post(url("note", procurement.pk), note_answers(chosen_value=value))
    assert response.status_code == (422 if is_asked else 302)
    if is_asked:
        page = text(response)
        assert "At £50,000 excluding VAT the policy says TOMs advised." in page
        assert not LightTouchNote.objects.exists()
        sent = note_answers(chosen_value=value, departure="Only one maker was left.")
        assert browser.post(url("note", procurement.pk), sent).status_code == 302
    told = [row.reason for row in RouteDeviation.objects.all()]
    assert told == (["Only one maker was left."] if is_asked else [])
    assert LightTouchNote.objects.count() == 1


def test_a_note_sent_twice_is_finished_once(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    browser.post(url("note", procurement.pk), note_answers())
    again = browser.post(url("note", procurement.pk), note_answers(chosen_value="1"))
    assert (again.status_code, "save again" in text(again)) == (409, False)
    assert "a finished note does not change" in text(again)
    assert LightTouchNote.objects.get().chosen_value == Decimal("12000")


def test_above_the_line_the_page_sends_to_a_tender(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("50000"))
    page = text(browser.get(url("note", procurement.pk)))
    assert "not on the light-touch route" in page
    assert browser.post(url("note", procurement.pk), note_answers()).status_code == 422
