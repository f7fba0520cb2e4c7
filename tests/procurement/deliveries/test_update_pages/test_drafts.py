"""What was typed before: drafts, colleagues, the back button, a claim that is there already."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.deliveries.models import Claim, ClaimDraft
from tests.factories.deliveries import claim
from tests.procurement.deliveries.test_update_pages.steps import boxes, press, sent_on, url_of

pytestmark = pytest.mark.django_db


def test_a_draft_is_saved_with_the_button_and_found_again(supplier, w) -> None:
    answer = press(supplier, w, "save", hours__quantity="about ten", share__narrative="Later.")
    assert answer.url == url_of(w)
    text = supplier.get(url_of(w)).content.decode()
    assert 'value="about ten"' in text
    assert "Later." in text
    stale = press(supplier, w, "save", hours__quantity="eleven")
    assert stale.status_code == 409
    assert 'value="eleven"' in stale.content.decode()
    assert ClaimDraft.objects.get(commitment=w.hours).quantity == "about ten"


def test_autosave_keeps_what_is_typed_quietly(supplier, client, w) -> None:
    url = url_of(w, name="update_autosave")
    answer = supplier.post(url, boxes(w, hours__quantity="1"))
    assert (answer.status_code, answer.headers["X-Version"], answer.content) == (204, "1", b"")
    assert supplier.post(url, boxes(w, hours__quantity="2")).status_code == 409
    assert (
        supplier.post(url, boxes(w, hours__quantity="2", version="1")).headers["X-Version"] == "2"
    )
    assert supplier.post(url, boxes(w, hours__quantity="2", version="x")).status_code == 409
    assert Claim.objects.count() == 0
    client.logout()
    assert client.post(url, boxes(w)).status_code == 401


def test_a_colleagues_claims_are_said_before_a_second_set_is_sent(supplier, w) -> None:
    claim(w.claimant, w.hours)
    answer = press(supplier, w, "send", hours__quantity="10")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'value="10"' in text
    assert f'name="seen" value="{answer.context["update"].seen}"' in text
    assert Claim.objects.count() == 1
    press(supplier, w, "send", seen=answer.context["update"].seen, hours__quantity="10")
    assert Claim.objects.count() == 2


def test_back_and_sent_again_with_more_is_told_and_then_adds(supplier, w) -> None:
    sent = sent_on(press(supplier, w, "check", hours__quantity="4"))
    supplier.post(url_of(w), sent | {"send": "1"})
    # The page as the browser kept it, with one figure more.
    again = sent | {f"c{w.share.pk}-quantity": "30", f"c{w.share.pk}-denominator": "50"}
    for button in ("check", "send"):
        answer = supplier.post(url_of(w), again | {button: "1"})
        assert answer.status_code == 409
        assert Claim.objects.count() == 1
        assert f'name="c{w.share.pk}-quantity" value="30"' in answer.content.decode()
    form = answer.context["form"]
    assert form.data["submission_key"] != sent["submission_key"]
    mended = form.data.dict() | {f"c{w.hours.pk}-quantity": ""}
    del mended["send"]
    check = press(supplier, w, "check", sent=mended)
    assert check.status_code == 200
    assert supplier.post(url_of(w), sent_on(check) | {"send": "1"}).status_code == 302
    assert sorted(row.quantity for row in Claim.objects.all()) == [Decimal(4), Decimal(30)]


def test_the_check_says_when_there_is_a_claim_for_the_quarter_already(supplier, w) -> None:
    claim(w.claimant, w.hours)
    seen = supplier.get(url_of(w)).context["update"].seen
    text = press(supplier, w, "check", hours__quantity="4", seen=seen).content.decode()
    assert "1 claim stands for this quarter already. This comes on top." in text


def test_words_beside_nothing_are_kept_and_shown(supplier, w) -> None:
    words = {"hours__nothing": "on", "hours__narrative": "No site was open."}
    sent = sent_on(press(supplier, w, "check", **words))
    supplier.post(url_of(w), sent | {"send": "1"})
    assert "“No site was open.”" in supplier.get(url_of(w)).content.decode()
    long = {"yes__nothing": "on", "yes__narrative": "x" * 501}
    answer = press(supplier, w, "check", seen="0.0.0", **long)
    assert answer.status_code == 422
    assert "500 characters or less" in answer.content.decode()
