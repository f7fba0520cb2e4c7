"""Before the deadline nobody but the bidder can read an offer, count bids or learn who has bid (invariant 7)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.bids.queries import my_offer, opened_bids, receipt, seal_state
from procurement.bids.queries.places import places_of
from procurement.bids.rules import AnswerInput, PartInput
from procurement.bids.services import SavedOffer, make_places, renew_places, save_offer
from procurement.tenders.models import TenderInvitation, TenderKey
from procurement.tenders.queries import (
    invited_suppliers,
    questions_of,
    tender_for_bidder,
    tender_overview,
)
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.queries import history_of, history_of_procurement
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, line_of, offer_for, opened, submitted
from tests.factories.tenders import DEADLINE, prepared, published

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
    "canary-part",
    "canary-reason",
)
BEFORE = DEADLINE - timedelta(seconds=1)


def world_with_secrets():
    """Two invited suppliers; the first has submitted, and has a later draft too."""
    world = published(codes=["GSE1", "INN1"])
    shared = {
        "attribution_percent": Decimal(50),
        "attribution_reason": "canary-reason",
        "parts": (PartInput("partner", "canary-part", Decimal(7)),),
    }
    lines = (
        line_of(world, "GSE1", QUANTITY, method_statement=CANARY, **shared),
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
    return world, bid


def every_row() -> str:
    """Every row of every table as text, read with plain SQL."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names come from the database itself
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_table_holds_the_offer_in_clear_before_opening():
    world, bid = world_with_secrets()
    dump = every_row()
    assert world.procurement.title in dump  # the dump does see what is in clear
    for secret in (*SECRETS, "canary-unread", bid.receipt, bid.content_hash):
        assert secret not in dump
    assert (OfferLine.objects.count(), OfferAnswer.objects.count()) == (0, 0)


def test_the_control_the_same_dump_finds_the_offer_once_it_is_opened():
    world, bid = world_with_secrets()
    opened(world)
    dump = every_row()
    for secret in (CANARY, "canary-answer", "canary-part", "canary-reason", bid.receipt):
        assert secret in dump


def test_the_key_is_not_in_clear_either():
    from procurement.tenders.queries import seal_key

    world, _ = world_with_secrets()
    key = seal_key(world.tender.pk).decode()
    assert key not in every_row()
    assert TenderKey.objects.get().wrapped_key != key


def without_envelopes() -> dict[str, list[tuple]]:
    """Every row of every table as the database has it, with the length of each envelope in its stead."""
    envelopes = set(Bid.objects.values_list("envelope", flat=True))
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names come from the database itself
            rows = [
                tuple(len(one) if isinstance(one, str) and one in envelopes else one for one in row)
                for row in cursor.fetchall()
            ]
            found[table] = sorted(rows, key=repr)
    return found


def test_the_whole_database_is_the_same_whether_nobody_or_everybody_has_bid():
    """Row by row and byte by byte, the envelopes aside; and those are as many and as long."""
    world = published(suppliers=4)
    make_places(actor=SYSTEM, tender_id=world.tender.pk)
    nobody, before = (
        without_envelopes(),
        set(Bid.objects.values_list("envelope", flat=True)),
    )
    for bidder in world.bidders:
        submitted(world, bidder)
        submitted(world, bidder, price=Decimal("1234.50"))
    assert without_envelopes() == nobody
    after = set(Bid.objects.values_list("envelope", flat=True))
    assert (len(after), {len(one) for one in after}) == (4, {len(one) for one in before})


def test_the_control_a_single_row_more_would_be_seen():
    world = published()
    make_places(actor=SYSTEM, tender_id=world.tender.pk)
    nobody = without_envelopes()
    submitted(world)
    opened(world)
    assert without_envelopes() != nobody


def test_two_copies_of_the_database_do_not_tell_who_saved():
    world = published(suppliers=3)
    make_places(actor=SYSTEM, tender_id=world.tender.pk)
    before = dict(Bid.objects.values_list("pk", "envelope"))
    submitted(world)
    after = dict(Bid.objects.values_list("pk", "envelope"))
    assert set(before) == set(after)
    assert [pk for pk in before if before[pk] == after[pk]] == []


def test_places_are_written_anew_by_the_clock_and_hold_what_they_held():
    world, unpublished = published(), prepared()
    sent = submitted(world)
    before = dict(Bid.objects.values_list("pk", "envelope"))
    with clock.at(BEFORE):
        assert renew_places(actor=SYSTEM) == 1
    after = dict(Bid.objects.values_list("pk", "envelope"))
    assert [pk for pk in before if before[pk] == after[pk]] == []
    assert receipt(world.bidder, world.tender.pk).receipt == sent.receipt
    with clock.at(DEADLINE):
        assert renew_places(actor=SYSTEM) == 0
    opened(world)
    with clock.at(BEFORE):  # a clock that runs backwards writes nothing either
        renew_places(actor=SYSTEM)
    assert Bid.objects.get(status="opened").envelope == after[sent.pk]
    assert not Bid.objects.filter(tender_id=unpublished.tender.pk).exists()


def test_one_long_offer_makes_every_envelope_longer():
    world = published(suppliers=3)
    make_places(actor=SYSTEM, tender_id=world.tender.pk)
    before = {len(one) for one in Bid.objects.values_list("envelope", flat=True)}
    text = "".join(chr(97 + n % 26) + str(n * n) for n in range(500))[:2000]
    for bidder in world.bidders[:2]:
        words = [AnswerInput(row.id, text[::-1] * 2) for row in questions_of(world.tender.pk)]
        submitted(world, bidder, answers=tuple(words))
    sizes = {len(one) for one in Bid.objects.values_list("envelope", flat=True)}
    assert len(before) == len(sizes) == 1


def test_a_bidder_who_saves_first_makes_everybodys_place():
    """A lone row would tell that somebody has written."""
    world = published(suppliers=3)
    assert Bid.objects.count() == 0
    submitted(world)
    assert Bid.objects.count() == 3


def test_the_order_of_the_places_is_not_that_of_the_invitations():
    orders = set()
    for _ in range(6):
        world = published(suppliers=5)
        make_places(actor=SYSTEM, tender_id=world.tender.pk)
        places = places_of(world.tender.pk).values()
        by_row = sorted(places, key=lambda place: place.bid_id)
        order = [place.envelope.supplier_id for place in by_row]
        orders.add(tuple(order.index(supplier.pk) for supplier in world.suppliers))
    assert len(orders) > 1  # 1 in 120 to the fifth that it is by chance


def test_places_are_made_once_and_for_latecomers_too():
    world = published(invite=1)
    for _ in range(2):
        make_places(actor=SYSTEM, tender_id=world.tender.pk)
    assert Bid.objects.count() == 1
    kept = Bid.objects.get().place_mark
    TenderInvitation.objects.create(
        tender_id=world.tender.pk,
        supplier=world.suppliers[1],
        invited_at=SOON,
        invited_by_id=world.officer.user_id,
    )
    make_places(actor=SYSTEM, tender_id=world.tender.pk)
    assert Bid.objects.count() == 2
    assert kept in Bid.objects.values_list("place_mark", flat=True)


def test_there_are_no_places_before_publication():
    world = prepared()
    make_places(actor=SYSTEM, tender_id=world.tender.pk)
    assert Bid.objects.count() == 0


def test_publication_has_the_places_made(django_capture_on_commit_callbacks):
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        world = published(suppliers=3)
    assert set(places_of(world.tender.pk)) == {supplier.pk for supplier in world.suppliers}


def test_a_place_that_cannot_be_read_does_not_keep_others_from_saving():
    world = published()
    make_places(actor=SYSTEM, tender_id=world.tender.pk)
    theirs = places_of(world.tender.pk)[world.suppliers[1].pk].bid_id
    Bid.objects.filter(pk=theirs).update(envelope="garbage")
    assert submitted(world).status == "submitted"
    assert Bid.objects.get(pk=theirs).envelope == "garbage"


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


def assert_tells_nothing(page: str, bid: SavedOffer, address: str) -> None:
    for secret in (*SECRETS, bid.receipt, bid.content_hash):
        assert secret not in page, f"{address} shows {secret}"


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
