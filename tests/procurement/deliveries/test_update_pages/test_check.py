"""The quarterly update: one page, a check with the sums, faults beside their rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from procurement.deliveries import services
from procurement.deliveries.models import Claim, ClaimDraft, NilReturn
from procurement.ledger.models import LedgerEntry
from tests.factories.deliveries import QUARTER
from tests.procurement.deliveries.test_update_pages.steps import boxes, press, sent_on, url_of

pytestmark = pytest.mark.django_db


def test_everything_due_in_the_quarter_is_on_one_page_with_one_box_each(supplier, w) -> None:
    page = supplier.get(url_of(w))
    text = page.content.decode()
    for label in ("M1 Measure M1", "R1 Measure R1", "Y1 Measure Y1"):
        assert label in text
    assert "Planned: 25 hours" in strip_tags(text)
    assert "Late:" in text
    assert f'data-autosave-url="{url_of(w, name="update_autosave")}"' in text
    assert Claim.objects.count() == ClaimDraft.objects.count() == 0


def test_check_shows_the_sums_and_sends_nothing(supplier, w) -> None:
    answer = press(
        supplier,
        w,
        "check",
        hours__quantity="10",
        share__quantity="30",
        share__denominator="50",
        yes__nothing="on",
    )
    assert answer.status_code == 200
    text = " ".join(answer.content.decode().split())
    for shown in (
        "10 hours",
        "30 of 50 (60%)",
        "Nothing this period",
        "£125",
        "10 hours of 100 hours",
    ):
        assert shown in text, shown
    assert text.count("No evidence yet") == 2
    assert Claim.objects.count() == LedgerEntry.objects.count() == 0


def test_the_check_is_sent_as_it_was_shown_and_twice_is_once(supplier, w) -> None:
    check = press(
        supplier,
        w,
        "check",
        hours__quantity="1,000.5",
        hours__narrative="Words.",
        yes__nothing="on",
    )
    for _ in range(2):
        answer = press(supplier, w, "send", sent_on(check))
        assert answer.url == url_of(w)
    row = Claim.objects.get()
    assert (row.quantity, row.narrative) == (Decimal("1000.5"), "Words.")
    assert NilReturn.objects.get().commitment_id == w.yes.pk
    text = supplier.get(url_of(w)).content.decode()
    assert "No evidence yet." in text
    assert reverse("procurement:deliveries:photo", args=[row.pk]) in text


def test_change_it_brings_everything_typed_back(supplier, w) -> None:
    check = press(
        supplier,
        w,
        "check",
        hours__quantity="10",
        hours__narrative="Words.",
        share__quantity="1",
        share__denominator="2",
    )
    answer = press(supplier, w, "edit", sent_on(check))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="10"' in text
    assert "Words." in text
    assert "govuk-error-summary" not in text


def test_one_error_a_row_and_nothing_typed_is_lost(supplier, w) -> None:
    answer = press(
        supplier, w, "check",
        hours__quantity="lots", hours__narrative="Words.",
        share__quantity="60", share__denominator="50", yes__quantity="2",
    )  # fmt: skip
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == sorted(
        f"c{row.pk}-quantity" for row in (w.hours, w.share, w.yes)
    )
    text = answer.content.decode()
    assert "M1 must be a number, like 12 or 12.5" in text
    assert "R1: enter 50 or less for part" in text
    assert "Y1: enter 1 when it was done" in text
    for typed in ('value="lots"', "Words.", 'value="60"', 'value="2"'):
        assert typed in text, typed
    assert Claim.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Enter a figure for at least one commitment"),
        ({"hours__quantity": "1", "hours__nothing": "on"}, "M1: enter a figure or tick nothing this period, not both"),
        ({"hours__narrative": "Words."}, "M1: enter a figure, or tick"),
        ({"share__quantity": "1"}, "R1: enter whole, so that"),
        ({"share__denominator": "1"}, "R1: enter part"),
        ({"hours__quantity": "1", "hours__postcode_district": "nowhere"}, "M1: enter the first half of a postcode"),
        ({"hours__quantity": "1", "hours__narrative": "At CV6 1AB."}, "M1: take the second half off"),
        ({"hours__quantity": "-1"}, "M1 must be 0 or more"),
    ],
)  # fmt: skip
def test_faults_say_how_to_mend_them(supplier, w, changes, sentence) -> None:
    answer = press(supplier, w, "check", **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_nought_of_what_adds_up_is_nothing_this_period(supplier, w) -> None:
    press(supplier, w, "send", hours__quantity="0", yes__quantity="0")
    assert [row.commitment_id for row in NilReturn.objects.all()] == [w.hours.pk]
    # No to a yes-or-no question is an answer.
    assert Claim.objects.get().commitment_id == w.yes.pk


def test_nothing_for_the_rest_ticks_what_is_empty_and_is_checked_first(supplier, w) -> None:
    check = press(supplier, w, "rest", hours__quantity="10")
    assert NilReturn.objects.count() == 0
    text = check.content.decode()
    assert text.count("Nothing this period") == 2
    press(supplier, w, "send", sent_on(check))
    assert {row.commitment_id for row in NilReturn.objects.all()} == {w.share.pk, w.yes.pk}
    assert Claim.objects.get().commitment_id == w.hours.pk


def test_nothing_is_undone_and_what_was_typed_beside_it_stays(supplier, w) -> None:
    said = services.report_nothing(actor=supplier.actor, commitment_id=w.yes.pk, quarter=QUARTER)
    assert "Undo" in supplier.get(url_of(w)).content.decode()
    for _ in range(2):
        answer = supplier.post(url_of(w), boxes(w, hours__quantity="7") | {"undo": str(said.pk)})
        assert answer.status_code == 200
        assert 'value="7"' in answer.content.decode()
    assert NilReturn.objects.count() == 0
