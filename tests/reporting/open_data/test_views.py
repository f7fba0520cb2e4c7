"""The public pages: who is on them, what they tell, how they are kept; and the choice to have one."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from reporting.open_data import services
from reporting.open_data.models import Publication
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, reported
from tests.factories.ledger import posting
from tests.factories.reporting import browser, rows_of

pytestmark = pytest.mark.django_db
WORDS = {"intro": "What we ask for.", "licence": "ogl-3", "data_note": "As reported.", "version": 0}


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def publish(organisation, **more):
    manager = actor_for_role(Role.DIRECTORATE_MANAGER, organisation)
    return services.choose_public(
        actor=manager,
        kind="authority",
        own_slug=organisation.slug,
        intro=more.get("intro", "What we ask for."),
        licence="ogl-3",
        data_note="As reported.",
        expected_version=0,
    )


def main(page: bytes) -> str:
    text = page.decode()
    return text[text.index("<main") : text.index("</main>")]


def authority_of(world):
    from socialvalue.accounts.models import Organisation

    return Organisation.objects.get(pk=world.author.organisation_id)


def test_nothing_is_public_until_somebody_chooses(client):
    world = reported()
    authority = authority_of(world)
    assert client.get("/open/").status_code == 200
    assert authority.name not in client.get("/open/").content.decode()
    for address in ("", "themes.csv", "all.json", "stories/x/"):
        assert client.get(f"/open/{authority.slug}/{address}").status_code == 404


def test_the_public_page_needs_no_sign_in_and_tells_the_figures(client):
    world = reported()
    authority = authority_of(world)
    publish(authority)
    assert authority.name in client.get("/open/").content.decode()
    answer = client.get(f"/open/{authority.slug}/?year=2025-26")
    assert answer.status_code == 200
    page = main(answer.content)
    for shown in ("£11,000", "£1,350", "£750", "What we ask for.", "As reported.",
                  "Open Government Licence v3.0", "6 October 2025, 14:05:07",
                  "Every ledger entry is in these figures."):  # fmt: skip
        assert shown in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/open/{authority.slug}/">' in (
        answer.content.decode()
    )
    assert 'content="index, follow"' in answer.content.decode()


def test_a_page_holds_no_script_no_inline_style_and_no_supplier(client):
    world = reported()
    publish(authority_of(world))
    page = client.get(f"/open/{authority_of(world).slug}/").content.decode()
    assert "<script" not in page
    assert "<style" not in page
    assert "nonce" not in page
    for commitment in world.commitments:
        assert commitment.contract.supplier.name not in page
        assert commitment.contract.title not in page


def test_every_reader_gets_the_same_bytes_without_a_cookie(client):
    world = reported()
    authority = authority_of(world)
    publish(authority)
    address = f"/open/{authority.slug}/?year=2025-26"
    answers = [Client().get(address), browser(world.author).get(address)]
    assert answers[0].content == answers[1].content
    for answer in answers:
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer["Cache-Control"] == "public, max-age=60, stale-while-revalidate=240"


def test_who_has_the_body_already_is_told_so_until_something_changes(client):
    from procurement.ledger.services import post_entries

    world = reported()
    authority = authority_of(world)
    publish(authority)
    address = f"/open/{authority.slug}/?year=2025-26"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]
    assert again["ETag"] == first["ETag"]
    since = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert since.status_code == 304
    post_entries(actor=world.manager, postings=[posting(world.commitments[0])])
    waiting = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert waiting.status_code == 200
    assert "1 ledger entry waits to be added to these figures." in main(waiting.content)
    drain()
    added = client.get(address, headers={"If-None-Match": waiting["ETag"]})
    assert added.status_code == 200
    assert added["ETag"] not in (first["ETag"], waiting["ETag"])


def test_counts_only_in_the_address_hides_every_pound(client):
    world = reported()
    slug = authority_of(world).slug
    publish(authority_of(world))
    page = main(client.get(f"/open/{slug}/?year=2025-26&counts=1").content)
    assert "£" not in page
    assert "measures.csv?year=2025-26&amp;counts=1" in page
    assert "themes.csv" not in page
    for name in ("figures.csv", "measures.csv", "all.json"):
        text = client.get(f"/open/{slug}/{name}?year=2025-26&counts=1").content.decode()
        assert "£" not in text
    assert client.get(f"/open/{slug}/themes.csv?year=2025-26&counts=1").status_code == 404


@pytest.mark.parametrize("query", ["year=2010-11", "year=abc", "year=2025-27"])
def test_a_year_that_is_not_offered_is_not_found(client, query):
    world = reported()
    publish(authority_of(world))
    assert client.get(f"/open/{authority_of(world).slug}/?{query}").status_code == 404


def test_every_table_is_a_file_in_three_forms(client):
    world = reported()
    slug = authority_of(world).slug
    publish(authority_of(world))
    page = main(client.get(f"/open/{slug}/?year=2025-26").content)
    links = re.findall(r'href="((?:figures|themes|quarters|measures|all)\.[^"]+)"', page)
    assert len(links) == 14
    for link in links:
        answer = client.get(f"/open/{slug}/{link}")
        assert answer.status_code == 200, link
        assert not answer.cookies
    themes = rows_of(client.get(f"/open/{slug}/themes.csv?year=2025-26").content)
    assert sum(float(row["Committed (£)"]) for row in themes) == 11000
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"/open/{slug}/all.xlsx?year=2025-26").content)
    )
    assert book.sheet_names[-1] == "About this data"
    data = json.loads(client.get(f"/open/{slug}/all.json?year=2025-26").content)
    assert data["about"]["licence"] == "Open Government Licence v3.0"
    assert set(data["tables"]) == {"figures", "themes", "quarters", "measures"}
    assert client.get(f"/open/{slug}/members.csv").status_code == 404
    assert client.get(f"/open/{slug}/all.csv").status_code == 404


def test_a_manager_sees_exactly_the_public_page_then_publishes_and_stops(client):
    world = reported()
    authority = authority_of(world)
    manager = actor_for_role(Role.DIRECTORATE_MANAGER, authority)
    person = browser(manager)
    home = f"/publishing/authority/{authority.slug}/"
    assert f'href="{home}"' in person.get("/publishing/").content.decode()
    preview = person.get(f"{home}preview/?year=2025-26")
    assert preview.status_code == 200
    assert person.get(f"{home}preview/themes.csv?year=2025-26").status_code == 200
    assert "public" not in preview["Cache-Control"]
    assert client.get(f"/open/{authority.slug}/").status_code == 404

    blank = WORDS | {"intro": "", "data_note": ""}
    assert person.post(home, blank).status_code == 302
    assert client.get(f"/open/{authority.slug}/?year=2025-26").content == preview.content
    row = Publication.objects.get()
    assert (row.is_public, row.chosen_by_id, row.since) == (True, manager.user_id, NOW)

    assert person.post(home, WORDS).status_code == 409
    assert person.post(home, WORDS | {"version": 1}).status_code == 302
    assert "What we ask for." in client.get(f"/open/{authority.slug}/").content.decode()

    assert person.post(f"{home}stop/", {"version": 1}).status_code == 409
    assert person.post(f"{home}stop/", {"version": 2}).status_code == 302
    assert client.get(f"/open/{authority.slug}/").status_code == 404
    assert list(
        AuditRecord.objects.filter(target_type="publication").order_by("id").values_list("deed", flat=True)
    ) == ["public_page_chosen", "public_page_changed", "public_page_stopped"]  # fmt: skip


def test_words_that_are_too_long_come_back_as_typed():
    world = reported()
    authority = authority_of(world)
    person = browser(actor_for_role(Role.ORGANISATION_ADMIN, authority))
    home = f"/publishing/authority/{authority.slug}/"
    answer = person.post(home, WORDS | {"intro": "x" * 501})
    assert answer.status_code == 422
    assert "Introduction must be 500 characters or fewer" in answer.content.decode()
    assert "x" * 501 in answer.content.decode()
    assert person.post(home, WORDS | {"intro": "x" * 500}).status_code == 302


def test_others_may_neither_choose_nor_look_before_it_is_public():
    world = reported()
    authority = authority_of(world)
    home = f"/publishing/authority/{authority.slug}/"
    stranger = browser(actor_for_role(Role.DIRECTORATE_MANAGER))
    colleague = browser(world.author)
    for address in (home, f"{home}preview/", f"{home}preview/themes.csv"):
        assert stranger.get(address).status_code == 404
        assert colleague.get(address).status_code == 403
    assert stranger.post(home, WORDS).status_code == 404
    assert stranger.post(f"{home}stop/", {"version": 1}).status_code == 404
    assert colleague.post(home, WORDS).status_code == 403
    assert not Publication.objects.exists()
