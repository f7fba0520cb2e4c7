"""The offer page: what was said since, and after a conflict."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from procurement.tenders.services import amend_tender
from socialvalue.core import clock
from tests.factories.bids import SOON, submitted
from tests.factories.tenders import published
from tests.procurement.bids.test_views import client_of, text, typed, url

pytestmark = pytest.mark.django_db


def test_an_amendment_is_told_and_whether_it_came_after_the_submission():
    world = published()
    client = client_of(world.bidder)
    submitted(world)
    assert "amended this tender after you submitted" not in text(client.get(url(world, "offer")))
    with clock.at(SOON + timedelta(hours=1)):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time for everybody.",
            deadline_at=world.tender.deadline_at + timedelta(days=7),
        )
        page = text(client.get(url(world, "offer")))
        assert "amended this tender after you submitted" in page
        assert "More time for everybody." in page
        other = text(client_of(world.bidders[1]).get(url(world, "offer")))
        assert "More time for everybody." in other
        assert "amended this tender after you submitted" not in other
        assert reverse("procurement:tenders:ask", args=[world.tender.pk]) in page


def test_after_a_conflict_nothing_is_saved_by_itself():
    """Whose words stand is a choice: a page that saves by itself would take the first ones away."""
    world = published()
    client = client_of(world.bidder)
    assert "data-autosave-url" in text(client.get(url(world, "offer")))
    client.post(url(world, "offer"), typed(world))
    wrong = client.post(url(world, "offer"), typed(world, price="£12,5"))
    assert wrong.status_code == 422
    assert "data-autosave-url" in text(wrong)
    late = client.post(url(world, "offer"), typed(world, page_key="other", price="1"))
    assert late.status_code == 409
    assert "data-autosave-url" not in text(late)
    assert "Nothing is saved by itself until you save with a button." in text(late)


def test_the_enter_key_saves_the_draft_and_stays():
    """The first button of a form is the one that the key presses."""
    world = published()
    client = client_of(world.bidder)
    form = text(client.get(url(world, "offer"))).partition("data-autosave-url")[2]
    first = re.search(r"<button[^>]*>", form)[0]
    assert ('type="submit"' in first, 'name="draft" value="1"' in first) == (True, True)
    saved = client.post(url(world, "offer"), typed(world, draft="1"))
    assert saved.headers["Location"] == url(world, "offer")
