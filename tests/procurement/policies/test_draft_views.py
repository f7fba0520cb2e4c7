"""The policy owner's pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from procurement.policies.models import PolicyVersion
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import user_with_role
from tests.factories.policies import load_law_and_policies
from toms.imports.services import load_measure_set

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()
    load_measure_set(actor=SYSTEM)


def url(name, *args):
    return reverse(f"procurement:policies:{name}", args=args)


def sign_in(client, role=Role.POLICY_OWNER, slug="warwickshire"):
    client.force_login(user_with_role(role, organisation(slug)))


def start(client):
    default = PolicyVersion.objects.get(policy__is_regional_default=True)
    response = client.post(url("start"), {"copy_from": default.pk})
    assert response.status_code == 302
    return PolicyVersion.objects.get(status="draft")


def rows(version, **changes):
    """The bands page as it is sent back unchanged."""
    data = {"version": version.lock, "rows-TOTAL_FORMS": 3, "rows-INITIAL_FORMS": 3}
    for index, band in enumerate(version.bands.all()):
        data |= {
            f"rows-{index}-name": band.name,
            f"rows-{index}-lower_kind": "threshold" if band.lower_is_threshold else "amount",
            f"rows-{index}-lower": "" if band.lower is None else str(band.lower),
            f"rows-{index}-upper_kind": "threshold"
            if band.upper_is_threshold
            else ("none" if band.upper is None else "amount"),
            f"rows-{index}-upper": "" if band.upper is None else str(band.upper),
            f"rows-{index}-route": band.route,
            f"rows-{index}-paragraph": band.paragraph,
            f"rows-{index}-guidance": band.guidance,
        }
    return data | changes


def test_the_list_shows_own_and_regional_with_an_overdue_review(client):
    PolicyVersion.objects.filter(policy__is_regional_default=True).update(
        review_on=clock.today().replace(year=clock.today().year - 1)
    )
    sign_in(client)
    page = client.get(url("list")).content.decode()
    for shown in ("Your own", "Regional default", "In force", "Review overdue", "Start a draft"):
        assert shown in page
    sign_in(client, Role.AUDITOR)
    assert "Start a draft" not in client.get(url("list")).content.decode()


@pytest.mark.parametrize(
    "name",
    ["draft", "dates", "whose_bands", "amounts", "bands", "weighting", "toolkit",
     "measure_rules", "approvals", "drop_check"],
)  # fmt: skip
def test_every_page_of_a_draft_opens_for_its_owner_and_for_nobody_elsewhere(client, name):
    sign_in(client)
    version = start(client)
    assert client.get(url(name, version.pk)).status_code == 200
    sign_in(client, slug="birmingham")
    assert client.get(url(name, version.pk)).status_code == 404
    sign_in(client, Role.PROCUREMENT_OFFICER)
    assert client.get(url(name, version.pk)).status_code == 403


def test_an_authority_is_asked_whose_bands_apply_with_both_answers_on_the_page(client):
    sign_in(client)
    version = start(client)
    page = client.get(url("whose_bands", version.pk)).content.decode()
    assert 'value="own"' in page
    assert 'value="follow"' in page
    sent = {"version": version.lock, "whose": "follow"}
    assert client.post(url("whose_bands", version.pk), sent).status_code == 302
    page = client.get(url("whose_bands", version.pk)).content.decode()
    assert page.count(" checked") == 1


def test_the_edge_to_mend_is_said_beside_its_box_and_nothing_typed_is_lost(client):
    sign_in(client)
    version = start(client)
    sent = rows(version, **{"rows-0-upper": "40,000", "rows-2-guidance": "Typed with care."})
    response = client.post(url("bands", version.pk), sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "No band covers £40,000 up to £50,000" in page
    assert "Typed with care." in page
    assert 'href="#id_rows-1-lower"' in page
    assert client.post(url("bands", version.pk), rows(version, **{
        "rows-0-upper": "40,000", "rows-1-lower": "40000",
    })).status_code == 302  # fmt: skip
    assert version.bands.get(position=2).lower == 40000


def test_a_second_save_is_a_conflict_with_what_was_typed_kept(client):
    sign_in(client)
    version = start(client)
    stale = {"version": version.lock, "toolkit": "Ask one thing."}
    client.post(url("toolkit", version.pk), stale)
    again = client.post(url("toolkit", version.pk), stale | {"toolkit": "Ask another thing."})
    assert again.status_code == 409
    assert "Ask another thing." in again.content.decode()
    # The form now carries what is there, so saving again is a choice.
    version.refresh_from_db()
    assert f'value="{version.lock}"' in again.content.decode()


def test_from_draft_to_adopted_in_the_browser_by_two_people(client):
    sign_in(client)
    version = start(client)
    today = clock.today()
    dates = {
        "version": version.lock, "source": "Cabinet",
        "valid_from": today.isoformat(), "review_on": f"{today.year + 2}-01-01",
    }  # fmt: skip
    assert client.post(url("dates", version.pk), dates).status_code == 302
    version.refresh_from_db()
    client.post(url("propose", version.pk), {"version": version.lock})
    version.refresh_from_db()
    assert version.status == "proposed"
    assert client.post(url("adopt", version.pk), {"version": version.lock}).status_code == 403
    sign_in(client, Role.APPROVER)
    assert "Adopt this version" in client.get(url("draft", version.pk)).content.decode()
    response = client.post(url("adopt", version.pk), {"version": version.lock}, follow=True)
    page = response.content.decode()
    assert "version 2 is adopted" in page
    assert "Who is bound, and since when" in page
    assert client.get(url("draft", version.pk)).status_code == 404


def test_the_comparison_says_what_differs_and_its_file_holds_the_same_lines(client):
    sign_in(client)
    version = start(client)
    client.post(url("toolkit", version.pk), {"version": version.lock, "toolkit": "Ask."})
    page = client.get(url("compare"), {"right": version.pk})
    lines = page.context["comparison"].lines
    assert page.context["comparison"].different == sum(line.left != line.right for line in lines)
    assert "Only on the left" in page.content.decode()
    file = client.get(url("compare_export"), {"right": version.pk}).content.decode("utf-8-sig")
    assert len(file.strip().split("\r\n")) - 1 == len(lines)
    assert client.get(url("compare"), {"right": 999}).status_code == 404


def test_what_would_change_lists_the_examples_that_go_another_way(client):
    sign_in(client)
    version = start(client)
    changed = rows(version, **{"rows-0-upper": "25000", "rows-1-lower": "25000"})
    client.post(url("bands", version.pk), changed)
    preview = reverse("procurement:procurements:under_draft", args=[version.pk])
    found = client.get(preview).context["preview"]
    moved = [str(line.case.estimate.amount) for line in found.examples.lines if line.differs]
    assert sorted(set(moved)) == ["25000.00", "49999.99"]
    sign_in(client, slug="birmingham")
    assert client.get(preview).status_code == 404
