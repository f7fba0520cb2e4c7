"""The pages of an amendment: the form, the check, the warning of short notice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from procurement.tenders.models import TenderAmendment
from procurement.tenders.queries import questions_of, requirements_of
from procurement.tenders.rules import is_short_notice
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import DEADLINE, published
from tests.procurement.tenders.test_amending.steps import REASON, SECOND, of

pytestmark = pytest.mark.django_db


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(response):
    return response.content.decode()


def test_short_notice_is_less_than_three_days_without_an_extension():
    edge = DEADLINE - timedelta(days=3)
    assert is_short_notice(edge, DEADLINE, DEADLINE) is False
    assert is_short_notice(edge + SECOND, DEADLINE, DEADLINE) is True
    assert is_short_notice(edge + SECOND, DEADLINE, DEADLINE + SECOND) is False


def posted(world, **more):
    """What the form posts when nothing was typed."""
    sent = {
        "version": world.refresh().version,
        "reason": REASON,
        "deadline_on-day": "1",
        "deadline_on-month": "4",
        "deadline_on-year": "2026",
        "deadline_time": "12:00",
    }
    for row in requirements_of(world.tender.pk):
        if row.is_mandatory:
            sent[f"mandatory_{row.id}"] = "on"
        sent[f"minimum_{row.id}"] = "" if row.minimum_quantity is None else row.minimum_quantity
        sent[f"guidance_{row.id}"] = row.guidance
    for question in questions_of(world.tender.pk):
        sent[f"text_{question.id}"] = question.text
        sent[f"covers_{question.id}"] = question.guidance
    return sent | more


def test_the_form_leads_to_a_check_and_the_check_amends():
    world = published()
    client = client_of(world.officer)
    address = reverse("procurement:tenders:amend", args=[world.procurement.pk])
    assert client.get(address).status_code == 200
    unchanged = client.post(address, posted(world))
    assert (unchanged.status_code, "Nothing is changed" in text(unchanged)) == (422, True)
    guided = {f"guidance_{of(world, 'PLB1').id}": "Within <ten> miles."}
    check = client.post(address, posted(world, **guided))
    assert check.status_code == 200
    assert "Nothing is changed yet." in text(check)
    assert "Within &lt;ten&gt; miles." in text(check)
    assert "Less than 3 days" not in text(check)
    assert TenderAmendment.objects.count() == 0
    again = client.post(address, posted(world, edit="1", **guided))
    assert (again.status_code, "Within &lt;ten&gt; miles." in text(again)) == (200, True)
    done = client.post(address, posted(world, confirm="1", **guided))
    back = reverse("procurement:tenders:task_list", args=[world.procurement.pk])
    assert done.headers["Location"] == back
    assert of(world, "PLB1").guidance == "Within <ten> miles."
    page = text(client.get(back))
    assert ("Amendment 1" in page, "Within &lt;ten&gt; miles." in page) == (True, True)
    asked_page = reverse("procurement:tenders:ask", args=[world.tender.pk])
    page = text(client_of(world.bidder).get(asked_page))
    assert ("Amendment 1" in page, "Within &lt;ten&gt; miles." in page) == (True, True)


def test_the_check_warns_of_short_notice_and_does_not_refuse():
    world = published()
    client = client_of(world.officer)
    address = reverse("procurement:tenders:amend", args=[world.procurement.pk])
    change = {f"guidance_{of(world, 'PLB1').id}": "Other"}
    with clock.at(DEADLINE - timedelta(days=3) + SECOND):
        assert "Less than 3 days" in text(client.post(address, posted(world, **change)))
        extended = posted(world, **change) | {"deadline_on-day": "2"}
        assert "Less than 3 days" not in text(client.post(address, extended))
        earlier = client.post(address, posted(world, **change) | {"deadline_time": "11:59"})
        assert (earlier.status_code, "only move later" in text(earlier)) == (422, True)
        assert client.post(address, posted(world, confirm="1", **change)).status_code == 302
    assert world.refresh().amendments == 1


def test_the_page_is_for_officers_before_the_deadline():
    world = published()
    address = reverse("procurement:tenders:amend", args=[world.procurement.pk])
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(world.bidder).get(address).status_code == 403
    evaluator = actor_for_role(Role.EVALUATOR, world.authority)
    assert client_of(evaluator).get(address).status_code == 403
    with clock.at(DEADLINE):
        assert client_of(world.officer).get(address).status_code == 302
        late = client_of(world.officer).post(
            address, posted(world, confirm="1") | {"deadline_on-day": "9"}
        )
        assert (late.status_code, "The deadline was" in text(late)) == (422, True)
