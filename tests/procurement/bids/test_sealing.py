"""Before the deadline nobody but the bidder can read an offer, count bids or learn who has bid (invariant 7)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.bids.queries import my_offer, opened_bids, receipt, seal_state
from procurement.bids.services import save_offer
from procurement.tenders.models import TenderKey
from procurement.tenders.queries import invited_suppliers, tender_for_bidder, tender_overview
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.queries import history_of, history_of_procurement
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import UserFactory, actor_for_role
from tests.factories.bids import SOON, line_of, offer_for, submitted
from tests.factories.tenders import DEADLINE, published

pytestmark = pytest.mark.django_db

CANARY = "canary-method-7f3a"
QUANTITY = "7318.413"
PRICE = "918273.64"
PROXY = "55.123456789"
SECRETS = (
    CANARY,
    QUANTITY,
    "7318413",
    PRICE,
    "918273",
    "91827364",
    "55.123456",
    "55123456789",
    "canary-answer",
)
BEFORE = DEADLINE - timedelta(seconds=1)


def world_with_secrets():
    """Two invited suppliers; the first has submitted, and has a later draft too."""
    world = published(codes=["GSE1", "INN1"])
    lines = (
        line_of(world, "GSE1", QUANTITY, method_statement=CANARY),
        line_of(world, "INN1", "12", negotiated_proxy=Decimal(PROXY), method_statement=CANARY),
    )
    offer = offer_for(world, lines=lines, price=Decimal(PRICE))
    offer = replace(offer, answers=tuple(replace(a, text="canary-answer") for a in offer.answers))
    bid = submitted(world, lines=offer.lines, price=offer.price, answers=offer.answers)
    with clock.at(SOON):
        save_offer(
            actor=world.bidder,
            tender_id=world.tender.pk,
            offer=replace(offer, unread={"price": "canary-unread"}),
            expected_version=bid.version,
        )
    return world, Bid.objects.get(pk=bid.pk)


def every_row() -> str:
    """Every row of every table as text, read with plain SQL."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names come from the database itself
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_table_holds_the_offer_in_clear_before_opening():
    world, _ = world_with_secrets()
    dump = every_row()
    assert world.procurement.title in dump  # the dump does see what is in clear
    for secret in (*SECRETS, "canary-unread"):
        assert secret not in dump
    assert (OfferLine.objects.count(), OfferAnswer.objects.count()) == (0, 0)


def test_the_control_the_same_dump_finds_the_offer_once_it_is_opened():
    from procurement.bids.services import open_bids

    world, _ = world_with_secrets()
    with clock.at(DEADLINE):
        open_bids(actor=world.officer, tender_id=world.tender.pk)
    dump = every_row()
    assert CANARY in dump
    assert "canary-answer" in dump


def test_the_key_is_not_in_clear_either():
    from procurement.tenders.queries import seal_key

    world, _ = world_with_secrets()
    key = seal_key(world.tender.pk).decode()
    assert key not in every_row()
    assert TenderKey.objects.get().wrapped_key != key


def test_the_session_of_a_bidder_does_not_hold_what_was_typed():
    world = published()
    from procurement.tenders.queries import requirements_of

    requirement = requirements_of(world.tender.pk)[0]
    Client().post(
        reverse("procurement:bids:offer", args=[world.tender.pk]),
        {
            "version": "0",
            f"quantity_{requirement.id}": QUANTITY,
            f"method_{requirement.id}": CANARY,
        },
    )
    dump = every_row()
    assert CANARY not in dump
    assert QUANTITY not in dump


def get_patterns(resolver, names=()):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = (pattern.namespace,) if pattern.namespace else ()
            yield from get_patterns(pattern, (*names, *namespace))
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join((*names, pattern.name)), pattern


def addresses(world, bid):
    """Every address of the site that can be made of this procurement, tender, bid and their suppliers."""
    values = {
        "procurement_pk": world.procurement.pk,
        "tender_pk": world.tender.pk,
        "bid_pk": bid.pk,
        "supplier_pk": world.suppliers[0].pk,
        "pk": world.procurement.pk,
        "kind": "csv",
    }
    for name, pattern in get_patterns(get_resolver()):
        wanted = pattern.pattern.converters or pattern.pattern.regex.groupindex
        if name.startswith(("account_", "mfa", "admin", "usersessions")):
            continue
        if set(wanted) <= set(values):
            try:
                yield reverse(name, kwargs={key: values[key] for key in wanted})
            except Exception:  # noqa: S112  # an address that needs more than these values
                continue


def assert_tells_nothing(page: str, bid: Bid, address: str) -> None:
    for secret in (*SECRETS, bid.receipt, bid.content_hash):
        assert secret not in page, f"{address} shows {secret}"


def test_no_page_tells_any_buyer_anything_before_the_deadline():
    world, bid = world_with_secrets()
    tried = set()
    with clock.at(BEFORE):
        for role in sorted(BUYER_ROLES):
            client = Client(raise_request_exception=False)
            actor = actor_for_role(role, world.authority)
            client.force_login(User.objects.get(pk=actor.user_id))
            for address in addresses(world, bid):
                answer = client.get(address, follow=True)
                assert_tells_nothing(answer.content.decode(errors="replace"), bid, address)
                tried.add(address)
    assert f"/procurements/{world.procurement.pk}/bids/" in tried
    assert f"/bids/{world.tender.pk}/copy/" in tried


def test_pages_look_the_same_whether_nobody_or_somebody_has_bid():
    empty = published(codes=["GSE1"])
    address = reverse("procurement:bids:sealed", args=[empty.procurement.pk])
    tender = reverse("procurement:tenders:task_list", args=[empty.procurement.pk])
    client = Client()
    client.force_login(User.objects.get(pk=empty.officer.user_id))

    def pages():
        with clock.at(BEFORE):
            found = [client.get(a).content.decode() for a in (address, tender)]
        return [re.sub(r'(nonce|value)="[^"]*"', "", page) for page in found]

    before = pages()
    submitted(empty, lines=(line_of(empty, "GSE1", "1"),))
    assert pages() == before


def test_the_platform_administrator_sees_nothing():
    world, bid = world_with_secrets()
    root = UserFactory(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(root)
    for model in (Bid, OfferLine, OfferAnswer, TenderKey):
        assert model not in admin.site._registry
    with clock.at(BEFORE):
        for model in admin.site._registry:
            listing = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            page = client.get(listing).content.decode()
            assert_tells_nothing(page, bid, listing)
            assert "An offer was submitted" not in page
            assert "An offer was started" not in page
        for address in addresses(world, bid):
            assert_tells_nothing(client.get(address).content.decode(errors="replace"), bid, address)


def test_no_query_tells_any_buyer_anything_before_the_deadline():
    world, bid = world_with_secrets()
    with clock.at(BEFORE):
        for role in sorted(BUYER_ROLES):
            actor = actor_for_role(role, world.authority)
            for query in (
                lambda actor=actor: my_offer(actor, world.tender.pk),
                lambda actor=actor: my_offer(actor, world.tender.pk, submitted=True),
                lambda actor=actor: receipt(actor, world.tender.pk),
                lambda actor=actor: tender_for_bidder(actor, world.tender.pk),
            ):
                with pytest.raises(NotVisible):
                    query()
            told = [
                seal_state(actor, world.procurement.pk),
                tender_overview(actor, world.procurement.pk),
                invited_suppliers(actor, world.tender.pk),
                history_of_procurement(procurement_id=world.procurement.pk),
                history_of(target_type="tender", target_id=world.tender.pk),
            ]
            assert_tells_nothing(repr(told), bid, "a query")
            assert "offer was" not in repr(told)
        assert opened_bids(world.tender.pk) == []


def test_the_authorities_history_shows_no_bid_before_opening():
    world, _ = world_with_secrets()
    lines = history_of_procurement(procurement_id=world.procurement.pk)
    assert {line.organisation for line in lines} == {world.authority.name}


def test_only_the_bids_room_asks_for_a_tenders_key():
    root = Path(__file__).resolve().parents[3]
    users = {
        "/".join(path.relative_to(root).parts[:2])
        for app in ("procurement", "reporting", "socialvalue", "toms")
        for path in (root / app).rglob("*.py")
        if re.search(r"\bseal_keys?\b", path.read_text())
    }
    assert users == {"procurement/tenders", "procurement/bids"}


def test_contributors_of_the_same_supplier_read_it_and_others_do_not():
    world, _ = world_with_secrets()
    with clock.at(BEFORE):
        colleague = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, world.suppliers[0])
        assert CANARY in repr(my_offer(colleague, world.tender.pk, submitted=True))
        assert CANARY not in repr(my_offer(world.bidders[1], world.tender.pk))
