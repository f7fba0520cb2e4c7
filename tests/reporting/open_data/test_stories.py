"""Stories on public pages: only of who publishes, and told figures that no longer hide anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from reporting.open_data import services
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.reporting import browser
from tests.factories.showcase import TOLD_ON, author_of, drafted, told

pytestmark = pytest.mark.django_db
FRAME = Path(settings.BASE_DIR) / "static/src/components/_frame.scss"


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(TOLD_ON):
        yield


def publish(authority):
    services.choose_public(
        actor=actor_for_role(Role.DIRECTORATE_MANAGER, authority), kind="authority",
        own_slug=authority.slug, intro="", licence="ogl-3", data_note="", expected_version=0,
    )  # fmt: skip


def test_a_published_story_stands_on_the_page_and_opens(client):
    authority = AuthorityFactory()
    story = told(author_of(authority))
    address = f"/open/{authority.slug}/"
    assert client.get(f"{address}stories/{story.slug}/").status_code == 404
    publish(authority)
    page = client.get(address).content.decode()
    assert f'href="stories/{story.slug}/"' in page
    answer = client.get(f"{address}stories/{story.slug}/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for shown in ("A garden for the school", "The yard was bare.", "Now it is green."):
        assert shown in text
    assert "<script" not in text
    assert not answer.cookies
    assert answer["Cache-Control"].startswith("public")
    known = client.get(f"{address}stories/{story.slug}/", headers={"If-None-Match": answer["ETag"]})
    assert known.status_code == 304


def test_a_photo_stands_within_its_column(client):
    """It was as wide as the file: on a phone the page scrolled sideways."""
    authority = AuthorityFactory()
    story = told(author_of(authority), photo=True)
    publish(authority)
    page = client.get(f"/open/{authority.slug}/stories/{story.slug}/").content.decode()
    assert '<img class="sv-photo" ' in page
    rule = re.search(r"\.sv-photo \{(.*?)\}", FRAME.read_text(), re.DOTALL)
    assert rule
    assert "max-width: 100%" in rule[1]


def test_a_draft_and_another_authoritys_story_are_not_found(client):
    authority, other = AuthorityFactory(), AuthorityFactory()
    for one in (authority, other):
        publish(one)
    draft = drafted(author_of(authority))
    elsewhere = told(author_of(other))
    page = client.get(f"/open/{authority.slug}/").content.decode()
    assert draft.title not in page
    assert client.get(f"/open/{authority.slug}/stories/{elsewhere.slug}/").status_code == 404
    assert client.get(f"/open/{authority.slug}/stories/none/").status_code == 404


def test_the_preview_opens_its_stories_before_anything_is_public():
    authority = AuthorityFactory()
    story = told(author_of(authority))
    home = f"/publishing/authority/{authority.slug}/preview/"
    manager = browser(actor_for_role(Role.DIRECTORATE_MANAGER, authority))
    assert f'href="stories/{story.slug}/"' in manager.get(home).content.decode()
    assert manager.get(f"{home}stories/{story.slug}/").status_code == 200


def test_counts_only_stays_in_every_link_from_the_footer_to_a_story(client):
    """These pages know no session: who has the switch on keeps it by the address alone."""
    authority = AuthorityFactory()
    story = told(author_of(authority))
    publish(authority)
    signed_in = browser(actor_for_role(Role.DIRECTORATE_MANAGER, authority))
    signed_in.post("/counts/", {"counts": "1"})
    for address in ("/publishing/", f"/publishing/authority/{authority.slug}/"):
        page = signed_in.get(address).content.decode()
        leads = re.findall(r'href="(/open/[^"]*)"', page)
        assert leads
        assert all(link.endswith("?counts=1") for link in leads), leads
    own = f"/open/{authority.slug}/"
    for address in ("/open/", own, f"{own}stories/{story.slug}/"):
        page = client.get(f"{address}?counts=1").content.decode()
        leads = re.findall(r'href="(/open/[^"]*|stories/[^"]*|\.\./[^"]*)"', page)
        assert leads
        assert all("counts=1" in link for link in leads), (address, leads)
        assert "counts=1" not in client.get(address).content.decode()
