"""Everybody follows the links they are shown, from the front page on: each leads to a page, and to its place there.

What a page looks like, and whether axe finds anything, is proven in tests/browser.
"""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from procurement.awards.models import Commitment
from procurement.deliveries.models import Claim
from procurement.deliveries.services import ask_confirmation, delegate
from socialvalue.accounts.services import invite
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.letters import unsent
from socialvalue.demo import people
from socialvalue.demo.people import Cast
from tests.permissions.matrix.asking import kind_of
from tests.permissions.matrix.viewers import (
    ALL_SERVICE,
    BY_NAME,
    LEAD,
    LOOKING_IN,
    NOBODY,
    OPERATOR,
    OTHER,
    OWNER,
    SUPPLIER,
    Viewer,
    client_of,
)
from tests.permissions.matrix.world import demonstration

OF_ONE_KIND, OF_A_KIND_THAT_CHANGES = 1, 3
"""Addresses of one route that a person opens: a list leads to many that differ in their rows only."""
THAT_CHANGE = (
    "procurement:threads:procurement",
    "procurement:tenders:task_list",
    "procurement:awards:contract",
    "procurement:bids:copy",
)
"""Their links say how far a thing is."""
NOT_PAGES = ("/static/", "/media/")
TRACES = ("Traceback (most recent call last)", "Exception Value", "{{ ", "{% ")
"""What no page says: a failure's own words, or a template's."""
LINK = re.compile(r"<a\b[^>]*?\bhref=\"([^\"]*)\"", re.DOTALL)
ID = re.compile(r"\bid=\"([^\"]+)\"")
TOP = ("", "top")

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="Every page for every role takes a minute: read on PostgreSQL, where make test runs it.",
)


def is_of_admin(kind: str) -> bool:
    """Django's own tables: who opens which is for the matrix of permissions."""
    return kind.startswith("admin:") and kind != "admin:index"


@dataclass
class Walk:
    """What one person opened, and what was wrong on the way."""

    client: Client
    files: set[str] = field(default_factory=set)
    """Kinds of file that somebody took out already: who may is for the matrix of permissions."""
    opened: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    """By address, the places on its page."""
    pointed: list[tuple[str, str, str]] = field(default_factory=list)
    """Where a link stands, the address it leads to, and the place there."""

    def go(self, start: str) -> Walk:
        waiting, seen = deque([(start, "the start")]), {start}
        while waiting:
            address, shown_on = waiting.popleft()
            kind, is_file = kind_of(urlsplit(address).path)
            most = OF_A_KIND_THAT_CHANGES if kind in THAT_CHANGE else OF_ONE_KIND
            if self.opened[kind] >= most or kind in self.files or is_of_admin(kind):
                continue
            self.opened[kind] += 1
            if is_file:
                self.files.add(kind)
            for link in self.open(address, shown_on):
                target, place = urldefrag(link)
                if place not in TOP:
                    self.pointed.append((address, target, place))
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, address))
        self.look_up_places()
        return self

    def open(self, address: str, shown_on: str) -> list[str]:
        """The links of this site on the page, whole; none where it is no page."""
        answer: Any = self.client.get(address, follow=True)
        if answer.status_code != 200:
            self.wrong.append(f"{answer.status_code} at {address}, linked on {shown_on}")
            return []
        here = address
        if answer.redirect_chain:
            here = urljoin(address, answer.redirect_chain[-1][0])
            if here.startswith("/account/login/") and not address.startswith("/account/"):
                self.wrong.append(f"sign-in asked at {address}, linked on {shown_on}")
        if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            return []
        text = answer.content.decode()
        self.wrong += [f"{trace!r} on {address}" for trace in TRACES if trace in text]
        self.ids[address] = frozenset(html.unescape(found) for found in ID.findall(text))
        links = (urljoin(here, html.unescape(found)) for found in LINK.findall(text))
        return [link for link in links if link.startswith("/") and not link.startswith(NOT_PAGES)]

    def look_up_places(self) -> None:
        for shown_on, target, place in self.pointed:
            if target in self.ids and place not in self.ids[target]:
                self.wrong.append(f"no #{place} on {target}, linked on {shown_on}")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker):
        yield Cast()


@pytest.fixture(scope="module")
def files() -> set[str]:
    return set()


def _of(role: Role, place: str) -> Viewer:
    return BY_NAME[f"{role.value} at {place}"]


WALKERS: dict[Viewer, int] = {
    NOBODY: 10,
    _of(Role.MEMBER, OWNER): 10,
    **{
        _of(seat.role, OWNER): 40 for seat in people.SEATS[OWNER] if seat.mailbox != "evaluator-two"
    },
    _of(Role.REPORT_AUTHOR, OTHER): 40,
    _of(Role.REGIONAL_ANALYST, LEAD): 40,
    _of(Role.REGIONAL_ADMIN, LEAD): 20,
    _of(Role.POLICY_OWNER, LEAD): 40,
    _of(Role.SUPPLIER_ADMIN, SUPPLIER): 30,
    _of(Role.SUPPLIER_CONTRIBUTOR, SUPPLIER): 30,
    OPERATOR: 10,
    LOOKING_IN: 40,
    ALL_SERVICE: 10,
}
"""Who walks, and how many pages they open at the least."""


def test_every_role_of_the_demonstration_walks():
    held = {role for viewer in WALKERS for role in viewer.roles}
    assert held == set(Role.values)


@pytest.mark.parametrize("viewer", list(WALKERS), ids=lambda viewer: viewer.name)
def test_every_link_leads_somewhere(world, files, db, capsys, viewer):
    cache.clear()
    walk = Walk(client_of(viewer), files).go("/")
    with capsys.disabled():
        print(f"\nlinks: {viewer.name} opened {walk.opened.total()} pages", end="")
    assert walk.wrong == [], "\n".join(walk.wrong)
    assert walk.opened.total() >= WALKERS[viewer], walk.opened


# --- with a link from a letter --------------------------------------------------------------------


def hand_in(cast: Cast) -> None:
    commitment = Commitment.objects.filter(
        contract__supplier__slug=SUPPLIER, contract__authority__slug=OWNER
    ).order_by("pk")[0]
    delegate(
        actor=cast.supplier(SUPPLIER),
        commitment_id=commitment.pk,
        email="depot@puddlestone.example",
        site="The depot",
        days=14,
    )


def confirm(cast: Cast) -> None:
    claim = Claim.objects.filter(
        contract__authority__slug=OWNER, contract__supplier__slug=SUPPLIER, status="submitted"
    ).order_by("pk")[0]
    ask_confirmation(
        actor=cast.supplier(SUPPLIER),
        claim_id=claim.pk,
        group="The hall's committee",
        email="hall@community.example",
    )


def join(cast: Cast) -> None:
    admin = cast.at(OWNER, Role.ORGANISATION_ADMIN)
    invite(actor=admin, email="somebody.new@warwickshire.example", roles=[Role.EVALUATOR])


@pytest.mark.parametrize(
    ("write", "route"),
    [
        (hand_in, "procurement:deliveries:hand_in"),
        (confirm, "procurement:deliveries:confirm"),
        (join, "accounts:invitation"),
    ],
)
def test_who_came_by_a_letter_finds_every_page(world, db, capsys, write, route):
    with unsent() as letters:
        write(world)
    told = letters[-1][1]
    start = told["path"] if "path" in told else reverse(route, args=[told["token"]])
    walk = Walk(Client(raise_request_exception=False)).go(start)
    with capsys.disabled():
        print(f"\nlinks: {route} opened {walk.opened.total()} pages", end="")
    assert walk.wrong == [], "\n".join(walk.wrong)
    assert walk.opened[route]
    assert walk.opened.total() >= 3, walk.opened
