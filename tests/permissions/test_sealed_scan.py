"""Everything there is to open, as everybody there is, before the deadline: nothing tells what is offered or who offers.

Each answer is fetched while nobody has bid and again when all invited suppliers have: it has to be the same answer.
"""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, reverse

from procurement.bids.models import Bid, OfferAnswer, OfferLine, OfferLinePart
from procurement.bids.rules import PartInput
from procurement.bids.services import make_places
from procurement.tenders.models import TenderKey
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.services.platform import open_platform_access
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import SupplierFactory, UserFactory, actor_for_role, actor_of
from tests.factories.bids import line_of, offer_for, opened, submitted
from tests.factories.tenders import DEADLINE, World, published
from tests.permissions.test_every_address import addresses

pytestmark = pytest.mark.django_db

BEFORE = DEADLINE - timedelta(seconds=1)
METHOD, ANSWER, PART, REASON = "canary-method", "canary-answer", "canary-part", "canary-reason"
QUANTITY, PRICE, PROXY = "7318.413", "918273.64", "55.123456789"
MARKS = (
    *(METHOD, ANSWER, PART, REASON),
    *(QUANTITY, "7,318.413", PRICE, "918,273.64", "91827364", PROXY, "55.123456"),
)
OF_EVERY_ANSWER = re.compile(
    r'nonce="[^"]*"|\b[0-9a-f]{32}\b|value="\d\d:\d\d:\d\d"'
    r'|name="(?:csrfmiddlewaretoken|page_key|submission_key)" value="[^"]*"'
    r'|value="[^"]*" name="(?:csrfmiddlewaretoken|page_key|submission_key)"'
)
"""What is new in every answer, whatever it says."""
OURS = ("procurement", "reporting", "socialvalue", "toms")
ELSEWHERE = ("account_", "mfa_", "usersessions", "admin:jsi18n", "admin:app_list")
OF_THE_SCAN = ("accounts:record_accesses", "accounts:data")
"""They tell what the scan itself took out and was refused: of one's own organisation, never of a bidder's."""


# --- the world ----------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    """Three invited suppliers, and nobody has bid."""
    made = published(codes=["GSE1", "INN1"], suppliers=3)
    make_places(actor=SYSTEM, tender_id=made.tender.pk)
    return made


def bid_all(world: World) -> list[str]:
    """Everybody invited bids; gives what only the bidders may know."""
    shared = {
        "method_statement": METHOD,
        "attribution_percent": Decimal(50),
        "attribution_reason": REASON,
        "parts": (PartInput("partner", PART, Decimal(7)),),
    }
    lines = (
        line_of(world, "GSE1", QUANTITY, **shared),
        line_of(world, "INN1", "12", negotiated_proxy=Decimal(PROXY), method_statement=METHOD),
    )
    answers = tuple(replace(row, text=ANSWER) for row in offer_for(world).answers)
    known = list(MARKS)
    for bidder in world.bidders:
        sent = submitted(world, bidder, lines=lines, answers=answers, price=Decimal(PRICE))
        known += [sent.receipt, sent.content_hash]
    return known


def everybody(world: World) -> dict[str, object]:
    """By name, everybody who is not the bidder: how to sign them in is ``client_of``."""
    buyers = {role.value: (role, world.authority) for role in BUYER_ROLES}
    others = {
        "officer elsewhere": (Role.PROCUREMENT_OFFICER, organisation("coventry")),
        "analyst of the region": (Role.REGIONAL_ANALYST, organisation("wmca")),
        "auditor of the region": (Role.AUDITOR, organisation("wmca")),
        "supplier not invited": (Role.SUPPLIER_ADMIN, SupplierFactory()),
    }
    return buyers | others


OPERATORS = ["platform operator at the authority", "platform operator at the whole service"]
VIEWERS = [
    *sorted(role.value for role in BUYER_ROLES),
    "officer elsewhere",
    "analyst of the region",
    "auditor of the region",
    "supplier not invited",
    *OPERATORS,
    "nobody signed in",
]


def client_of(world: World, viewer: str) -> Client:
    client = Client(raise_request_exception=False)
    if viewer.startswith("platform operator"):
        # With all that an operator can have.
        operator = UserFactory(is_staff=True, is_superuser=True)
        client.force_login(operator)
        with clock.at(BEFORE):
            open_platform_access(
                actor=actor_of(operator),
                organisation_slug=world.authority.slug if viewer.endswith("authority") else "",
                reason="Looking for what is sealed, as a test does.",
                hours=1,
            )
    elif viewer != "nobody signed in":
        role, place = everybody(world)[viewer]
        client.force_login(User.objects.get(pk=actor_for_role(role, place).user_id))
    return client


# --- the addresses ------------------------------------------------------------------------------


def values_of(world: World) -> dict[str, list[object]]:
    bids = list(Bid.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "pk": [world.procurement.pk],
        "procurement_pk": [world.procurement.pk],
        "tender_pk": [world.tender.pk],
        "bid_pk": bids,
        "supplier_pk": [supplier.pk for supplier in world.suppliers],
        "region": ["wmca"],
        "quarter": ["2026-04-01"],
        "day": ["2026-04-01"],
        "year": ["2026"],
        "form": ["csv"],
        "kind": ["docx"],
        "owner": ["authority"],
        "own_slug": [world.procurement.authority.slug],
        "slug": [world.procurement.authority.slug],
        "table": ["themes"],
        "story": ["a-story"],
        "record": ["procurement"],
        "key": [str(world.procurement.pk)],
    }


def every_address(world: World) -> list[str]:
    """All of the site's addresses, made of this tender, its places and its suppliers where they take some."""
    values, found = values_of(world), {}
    for name, route, _ in addresses():
        if name.startswith((*ELSEWHERE, *OF_THE_SCAN)) or name == "admin:":
            continue
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route))
        if not name and not wanted:
            # allauth's old addresses, which lead on to those it has now.
            found["/" + route] = None
            continue
        turns = max([len(values.get(one, [1])) for one in wanted], default=1)
        for turn in range(turns):
            chosen = {}
            for one in wanted:
                known = values.get(one, ["1"])
                chosen[one] = known[min(turn, len(known) - 1)]
            try:
                found[reverse(name, kwargs=chosen)] = None
            except NoReverseMatch:
                found.setdefault("unmade " + name, None)
    return list(found)


def said(answer: HttpResponseBase) -> str:
    """What an answer tells: status, way on, and content without what is new in every answer."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = [name for name in book.namelist() if "docProps" not in name]
            content = b"\n".join(name.encode() + book.read(name) for name in sorted(names))
    text = content.decode(errors="replace")
    told = f"{answer.status_code} {answer.get('Location', '')}\n{text}"
    return OF_EVERY_ANSWER.sub("", told)


def scan(client: Client, places: list[str]) -> dict[str, str]:
    cache.clear()
    with clock.at(BEFORE):
        return {place: said(client.get(place)) for place in places}


# --- pages, exports, API ------------------------------------------------------------------------


def test_the_scan_reaches_what_there_is(world):
    found = every_address(world)
    made = [place for place in found if not place.startswith("unmade")]
    assert [place for place in found if place.startswith("unmade")] == []
    pk, tender_pk = world.procurement.pk, world.tender.pk
    for place in (
        f"/procurements/{pk}/opening/",
        f"/procurements/{pk}/opening.docx",
        f"/procurements/{pk}/bids/",
        f"/procurements/{pk}/evaluation/",
        f"/procurements/{pk}/tender/",
        f"/bids/{tender_pk}/copy/",
        f"/bids/{tender_pk}/submitted.xlsx",
        "/bids/export.csv",
        "/admin/audit/auditrecord/",
    ):
        assert place in made
    assert len(made) > 200


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="Every page for every viewer twice takes minutes: read on PostgreSQL, where make test runs it.",
)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_nobody_learns_anything_before_the_deadline(world, viewer):
    client, places = client_of(world, viewer), every_address(world)
    nobody = scan(client, places)
    known = bid_all(world)
    assert list(every_address(world)) == places
    for place, text in scan(client, places).items():
        assert text == nobody[place], f"{place} changed when suppliers bid"
        for mark in known:
            assert mark not in text, f"{place} shows {mark}"


def test_a_rival_learns_nothing_of_other_bidders(world):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=world.bidders[2].user_id))
    places = every_address(world)
    nobody = scan(client, places)
    world.bidders = world.bidders[:2]
    known = bid_all(world)
    for place, text in scan(client, places).items():
        assert text == nobody[place], f"{place} changed when rivals bid"
        for mark in known:
            assert mark not in text, f"{place} shows {mark}"


def test_the_control_the_bidder_itself_finds_all_of_it(world):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=world.bidder.user_id))
    known = bid_all(world)
    text = "\n".join(scan(client, every_address(world)).values())
    for mark in (METHOD, ANSWER, PART, REASON, known[len(MARKS)], known[len(MARKS) + 1]):
        assert mark in text


def test_the_control_the_officer_finds_the_receipts_once_the_bids_are_open(world):
    client = client_of(world, "procurement_officer")
    known = bid_all(world)
    opened(world)
    with clock.at(DEADLINE):
        text = said(client.get(reverse("procurement:bids:opening", args=[world.procurement.pk])))
    for mark in known[len(MARKS) :]:
        assert mark in text


# --- admin --------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewer", OPERATORS)
def test_the_administrators_pages_have_no_offers_and_read_the_same(world, viewer):
    client = client_of(world, viewer)
    for model in (Bid, OfferLine, OfferLinePart, OfferAnswer, TenderKey):
        assert model not in admin.site._registry
    places = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        places += [reverse(f"{name}_changelist"), reverse(f"{name}_changelist") + "?q=bid"]
        places += [
            reverse(f"{name}_{page}", args=[pk])
            for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:3]
            for page in ("change", "history", "delete")
        ]
    nobody = scan(client, places)
    # The control: the tables of the business are open to who opened the whole service, and to nobody else.
    table = nobody[reverse("admin:procurement_procurement_changelist")]
    assert (world.procurement.title in table) == viewer.endswith("whole service")
    known = bid_all(world)
    for place, text in scan(client, places).items():
        assert text == nobody[place], place
        for mark in known:
            assert mark not in text, f"{place} shows {mark}"


# --- commands -----------------------------------------------------------------------------------


def ran(name: str, *words: str) -> str:
    """All that a command says, whatever comes of it."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        try:
            call_command(name, *words, stdout=out, stderr=out)
        except (CommandError, SystemExit) as error:
            out.write(str(error))
    return out.getvalue()


def our_commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if str(app).startswith(OURS))


@pytest.mark.parametrize("name", our_commands())
def test_no_command_tells_anything(world, name):
    with clock.at(BEFORE):
        known = bid_all(world)
        text = ran(name)
    for mark in known:
        assert mark not in text


def test_a_dump_of_the_tables_tells_nothing(world):
    known = bid_all(world)
    with clock.at(BEFORE):
        text = ran("dumpdata")
    assert world.procurement.title in text  # the dump does see what is in clear
    for mark in known:
        assert mark not in text
    assert Bid.objects.filter(supplier__isnull=False).count() == 0
