"""The page of the panel: who names it and who may look."""

from __future__ import annotations

import pytest
from django.urls import reverse

from procurement.evaluations.models import EvaluationInterest, EvaluationPanelMember
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import offered, opened, published
from tests.procurement.evaluations.test_panel_pages.steps import at, bids_of, client_of, text

pytestmark = pytest.mark.django_db


def test_the_officer_names_the_panel_on_its_page():
    bench = published(panel=False)
    client = client_of(bench.officer)
    page = text(client.get(at(bench, "panel")))
    assert "Name two evaluators" in page
    assert "Missing before the bids can be opened" in page
    answer = client.post(at(bench, "panel"), {})
    assert answer.status_code == 422
    assert "Select a person" in text(answer)
    assert "Select what this person does on the panel" in text(answer)
    given = {"person": bench.evaluator.person_id, "role": "evaluator"}
    assert client.post(at(bench, "panel"), given).status_code == 302
    assert f"{bench.evaluator.name} has still to declare" in text(client.get(at(bench, "panel")))
    twice = client.post(at(bench, "panel"), given)
    assert "Select a person from the list" in text(twice)
    member = EvaluationPanelMember.objects.get()
    assert client.post(at(bench, "remove_member", member.pk)).status_code == 302
    assert "Name two evaluators" in text(client.get(at(bench, "panel")))


def test_who_may_look_at_the_panel(bench):
    auditor = actor_for_role(Role.AUDITOR, bench.authority)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor, status in (
        (bench.evaluator, 200),
        (bench.approver, 200),
        (auditor, 200),
        (bench.manager, 403),
        (bench.bidders[0], 403),
        (stranger, 404),
    ):
        assert client_of(actor).get(at(bench, "panel")).status_code == status, actor
    assert "Add to the panel" not in text(client_of(auditor).get(at(bench, "panel")))


def test_ids_of_another_tender_are_not_there(bench):
    other = published()
    officer = client_of(bench.officer)
    member = EvaluationPanelMember.objects.filter(tender=other.tender).first()
    interest = EvaluationInterest.objects.filter(member=member).first()
    assert officer.post(at(bench, "remove_member", member.pk)).status_code == 404
    assert officer.get(at(bench, "recuse", member.pk)).status_code == 404
    assert officer.get(at(bench, "decide", interest.pk)).status_code == 404
    offered(other, 0, {"PLB1": "1"})
    opened(other)
    for name, actor in (("bid", bench.evaluator), ("moderate", bench.moderator)):
        address = at(bench, name, bids_of(other)[0])
        assert client_of(actor).get(address).status_code == 404
        assert client_of(actor).post(address, {}).status_code == 404


@pytest.mark.parametrize(
    ("role", "opens"), [(Role.AUDITOR, True), (Role.DIRECTORATE_MANAGER, False)]
)
def test_the_page_of_a_person_leads_to_a_panel_only_who_may_open_it(bench, role, opens):
    client = client_of(actor_for_role(role, bench.authority))
    told = text(client.get(reverse("accounts:person", args=[bench.evaluator.person_id])))
    assert f"Panel of {bench.procurement.title}" in told
    assert (at(bench, "panel") in told) is opens
    assert client.get(at(bench, "panel")).status_code == (200 if opens else 403)
