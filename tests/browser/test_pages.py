"""Everybody follows every link: no page is missing, none fails, none is wider than a phone, axe finds nothing."""

from __future__ import annotations

from collections import Counter, deque
from urllib.parse import urldefrag, urlsplit

import pytest

from socialvalue.demo.people import address
from tests.browser.hands import PHONE, TOO_WIDE, WIDTH, Person
from tests.permissions.matrix.asking import kind_of

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]

MOST_PAGES = 60
OF_ONE_KIND = 2
"""Pages of one address pattern that a person opens: a list leads to many that differ in their rows only."""
LINKS = """[...document.querySelectorAll('a[href]')].map(link => link.href)"""
DEAD_ANCHORS = """[...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href').slice(1))
    .filter(name => name && !document.getElementById(name))"""
PEOPLE = [
    ("officer", "warwickshire"),
    ("evaluator", "warwickshire"),
    ("approver", "warwickshire"),
    ("contracts", "warwickshire"),
    ("manager", "warwickshire"),
    ("author", "warwickshire"),
    ("auditor", "warwickshire"),
    ("policy", "warwickshire"),
    ("admin", "warwickshire"),
    ("analyst", "wmca"),
    ("bids", "marrowfat"),
    ("delivery", "puddlestone"),
]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Kinds of page that were looked at closely already, whoever opened them."""
    return set()


def crawl(person: Person, known: set[str], first: str) -> Counter[str]:
    """Follow the links from here, a few of each kind. Returns how often each kind was opened."""
    opened: Counter[str] = Counter()
    waiting = deque([first])
    seen = {first}
    while waiting and opened.total() < MOST_PAGES:
        address_of = waiting.popleft()
        kind, is_file = kind_of(urlsplit(address_of).path)
        if opened[kind] >= OF_ONE_KIND:
            continue
        opened[kind] += 1
        if is_file:
            answer = person.context.request.get(person.site + address_of)
            assert answer.ok, f"{answer.status} from the file {address_of}"
            continue
        person.page.goto(person.site + address_of)
        assert person.problems == []
        if kind not in known:
            known.add(kind)
            look_closely(person)
        for link in person.page.evaluate(LINKS):
            if not link.startswith(person.site + "/"):
                continue
            target = urldefrag(link.removeprefix(person.site)).url
            if target not in seen and not target.startswith(("/admin/", "/static/")):
                seen.add(target)
                waiting.append(target)
    return opened


def look_closely(person: Person) -> None:
    person.look()
    assert person.page.evaluate(DEAD_ANCHORS) == [], person.page.url
    person.page.set_viewport_size({"width": PHONE, "height": 800})
    assert person.page.evaluate(TOO_WIDE) == [], f"Wider than a phone: {person.page.url}"
    person.look()
    person.page.set_viewport_size({"width": WIDTH, "height": 900})


@pytest.mark.parametrize(("mailbox", "slug"), PEOPLE)
def test_every_link_leads_somewhere(somebody, known, mailbox, slug):
    person = somebody(address(mailbox, slug)).sign_in()
    opened = crawl(person, known, "/")
    assert opened.total() >= 8, opened


def test_everybody_may_read_the_pages_for_everybody(somebody, known):
    opened = crawl(somebody(""), known, "/")
    assert {"account_login", "reporting:home:landing"} <= opened.keys()
