from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.bids.queries import my_offer
from procurement.bids.queries.places import places_of
from procurement.tenders import services
from procurement.tenders.queries import questions_of, requirements_of
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import PASSWORD, actor_for_role
from tests.factories.bids import SOON, submitted
from tests.factories.procurements import considered, procurement_of
from tests.factories.tenders import DEADLINE, QUESTIONS, World, asked, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(SOON):
        yield


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def url(world, name):
    return reverse(f"procurement:bids:{name}", args=[world.tender.pk])


def held(world, index=0):
    """What the place of a supplier holds, as only the tender's key can tell."""
    return places_of(world.tender.pk)[world.suppliers[index].pk].envelope


def untouched(world):
    """Nobody has written anything: every place is empty."""
    return all(place.envelope.version == 0 for place in places_of(world.tender.pk).values())


def text(response):
    return response.content.decode()


def typed(world, **more):
    """The offer page as a bidder fills it in: GSE1 mandatory, PLB1 offered, HSC1 left out."""
    local, spend, hours = (row.id for row in requirements_of(world.tender.pk))
    first, second = (row.id for row in questions_of(world.tender.pk))
    return {
        "version": "0",
        "page_key": "page",
        f"quantity_{local}": "3.5",
        f"attribution_{local}": "100",
        f"method_{local}": "With the job centre.",
        f"quantity_{spend}": "£20,000",
        f"attribution_{spend}": "50",
        f"reason_{spend}": "The county pays the other half.",
        f"method_{spend}": "Local firms first.",
        f"quantity_{hours}": "",
        f"attribution_{hours}": "100",
        f"method_{hours}": "",
        f"answer_{first}": "First answer.",
        f"answer_{second}": "Second answer.",
        "price": "£150,000",
        **more,
    }


def name_of(world, kind, index):
    return f"{kind}_{requirements_of(world.tender.pk)[index].id}"


def test_from_the_invitation_to_the_receipt():
    world = published()
    client = client_of(world.bidder)
    listing = text(client.get(reverse("procurement:bids:list")))
    assert world.procurement.title in listing
    assert f'href="{url(world, "offer")}"' in listing
    assert "Not started" in listing

    page = text(client.get(url(world, "offer")))
    assert "At least 2 FTE-years." in page
    assert "How to count this" in page
    assert "You can enter up to 2000 characters" in page
    saved = client.post(url(world, "offer"), typed(world))
    assert saved.headers["Location"] == url(world, "check")

    page = text(client.get(url(world, "check")))
    assert "20,000 × £1 × 50% = £10,000" in page
    assert "3.5 FTE-years" in page
    assert "To mend before you can submit" not in page
    sent = client.post(url(world, "submit"), {"version": held(world).version})
    assert sent.headers["Location"] == url(world, "receipt")
    bid = held(world)
    page = text(client.get(url(world, "receipt")))
    assert bid.receipt in page
    assert bid.content_hash in page
    assert "3 March 2026, 9am, UK time" in page
    assert "With the job centre." in text(client.get(url(world, "copy")))
    assert bid.receipt in text(client.get(reverse("procurement:bids:list")))


def test_submitting_twice_is_one_submission():
    world = published()
    client = client_of(world.bidder)
    client.post(url(world, "offer"), typed(world))
    data = {"version": held(world).version}
    assert [client.post(url(world, "submit"), data).headers["Location"] for _ in range(2)] == [
        url(world, "receipt")
    ] * 2
    assert held(world).version == data["version"] + 1


def test_gaps_are_listed_with_a_link_to_each_box_and_nothing_is_sent():
    world = published()
    client = client_of(world.bidder)
    local = name_of(world, "quantity", 0)
    client.post(url(world, "offer"), typed(world, **{local: "1", "price": ""}))
    page = text(client.get(url(world, "check")))
    assert "1 FTE-year is below the minimum of 2 FTE-years" in page
    assert f'href="{url(world, "offer")}#id_{local}"' in page
    assert "Enter your whole-life price, excluding VAT" in page
    assert "Submit your offer" not in page
    refused = client.post(url(world, "submit"), {"version": held(world).version}, follow=True)
    assert "The offer was not submitted: mend what is listed below first." in text(refused)
    assert held(world).state == "draft"


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ("about ten", "must be a number, like 12 or 12.5"),
        ("-1", "must be 0 or more"),
        ("999999999999", "must be 99,999,999,999.999 or less"),
        ("3.1234", "must have at most 3 decimal places"),
        ("1e9", "must be a number"),
        ("99999999999", "Check the quantity and its unit"),
    ],
)
def test_bad_quantities_keep_everything_typed(quantity, message):
    world = published()
    local = name_of(world, "quantity", 0)
    page = client_of(world.bidder).post(url(world, "offer"), typed(world, **{local: quantity}))
    assert page.status_code == 422
    assert message in text(page)
    assert f'value="{quantity}"' in text(page)
    assert "With the job centre." in text(page)
    assert "<title>Error: " in text(page)
    assert untouched(world)


def test_a_stale_page_is_a_conflict_that_keeps_what_was_typed():
    world = published()
    client = client_of(world.bidder)
    client.post(url(world, "offer"), typed(world))
    mine = typed(world, page_key="other", price="1,234.56")
    late = client.post(url(world, "offer"), mine)
    assert late.status_code == 409
    assert "by somebody else at your organisation or by you in another window" in text(late)
    assert 'value="1,234.56"' in text(late)
    assert late.context["conflict"].changed == {
        "Whole-life price, excluding VAT": ("£150,000", "£1,234.56")
    }
    again = client.post(
        url(world, "offer"), mine | {"version": late.context["form"]["version"].value()}
    )
    assert again.status_code == 302
    assert my_offer(world.bidder, world.tender.pk).offer.price == Decimal("1234.56")


def test_autosave_keeps_what_can_be_read_and_what_cannot():
    world = published()
    client = client_of(world.bidder)
    local = name_of(world, "quantity", 0)
    first = client.post(url(world, "autosave"), typed(world, **{local: "about ten"}))
    assert (first.status_code, first.headers["X-Version"]) == (200, "1")
    assert "£10,000" in text(first)
    page = text(client.get(url(world, "offer")))
    assert 'value="about ten"' in page
    assert "Local firms first." in page
    # The page goes on from its own saves, even when it did not learn the new version.
    second = client.post(url(world, "autosave"), typed(world))
    assert (second.status_code, second.headers["X-Version"]) == (200, "2")
    assert (
        client.post(url(world, "autosave"), typed(world, page_key="x", price="1")).status_code
        == 409
    )
    negative = client.post(url(world, "autosave"), typed(world, **{local: "-4"}))
    assert negative.status_code == 200
    assert my_offer(world.bidder, world.tender.pk).offer.unread == {local: "-4"}


def test_an_offer_changed_while_it_was_checked_is_shown_again_and_not_submitted():
    world = published()
    client = client_of(world.bidder)
    client.post(url(world, "offer"), typed(world))
    client.post(url(world, "offer"), typed(world, version="1", page_key="other", price="99"))
    late = client.post(url(world, "submit"), {"version": "1"}, follow=True)
    assert late.redirect_chain == [(url(world, "check"), 302)]
    assert "Check it as it is now, then submit" in text(late)
    assert "£99" in text(late)
    assert held(world).state == "draft"


def test_autosave_of_a_signed_out_person_does_not_look_like_success():
    world = published()
    assert Client().post(url(world, "autosave"), typed(world)).status_code == 401
    with clock.at(DEADLINE):
        late = client_of(world.bidder).post(url(world, "autosave"), typed(world))
    assert late.status_code == 422


def test_what_was_typed_after_the_session_ended_is_offered_back():
    world = published()
    user = User.objects.get(pk=world.bidder.user_id)
    client = Client()
    client.force_login(user)
    client.get(url(world, "offer"))
    client.session.flush()
    client.cookies.pop("sv_session")
    sent = client.post(url(world, "offer"), typed(world, price="123,456.78"))
    assert sent.status_code == 302
    assert "/login" in sent.headers["Location"]
    signed_in = client.post(sent.headers["Location"], {"login": user.email, "password": PASSWORD})
    assert signed_in.headers["Location"] == url(world, "offer")
    page = text(client.get(url(world, "offer")))
    assert 'value="123,456.78"' in page
    assert "With the job centre." in page
    assert "What you typed is still here" in page
    assert untouched(world)


def test_after_the_deadline_nothing_is_taken_and_nothing_typed_is_lost():
    world = published()
    client = client_of(world.bidder)
    client.post(url(world, "offer"), typed(world))
    with clock.at(DEADLINE):
        late = client.post(url(world, "offer"), typed(world, version="1", price="98,765"))
        assert late.status_code == 422
        assert "The deadline was 12:00 on 1 April 2026, UK time." in text(late)
        assert 'value="98,765"' in text(late)
        sent = client.post(url(world, "submit"), {"version": "1"}, follow=True)
        assert "The deadline was 12:00 on 1 April 2026, UK time." in text(sent)
        assert client.get(url(world, "offer")).headers["Location"] == url(world, "copy")
        copy = text(client.get(url(world, "copy")))
    assert "was not submitted before the deadline" in copy
    assert "With the job centre." in copy
    assert held(world).state == "draft"


def test_another_supplier_and_the_uninvited_get_404():
    world = published(invite=1)
    submitted(world)
    uninvited = client_of(world.bidders[1])
    for name in ("offer", "check", "receipt", "copy"):
        assert uninvited.get(url(world, name)).status_code == 404
    for name in ("offer", "submit", "autosave"):
        assert uninvited.post(url(world, name), typed(world)).status_code == 404
    assert world.procurement.title not in text(uninvited.get(reverse("procurement:bids:list")))


def test_another_bidder_learns_nothing_of_the_first():
    world = published()
    submitted(world)
    other = client_of(world.bidders[1])
    first = world.suppliers[0].name
    pages = [text(other.get(reverse("procurement:bids:list")))]
    pages += [text(other.get(url(world, name))) for name in ("offer", "check", "copy")]
    for page in pages:
        assert first not in page
        assert held(world).receipt not in page
    assert other.get(url(world, "receipt")).status_code == 404


def test_the_list_is_searched_sorted_and_downloaded_as_filtered():
    world = published()
    client = client_of(world.bidder)
    listing = reverse("procurement:bids:list")
    assert world.procurement.title in text(client.get(listing, {"q": "GROUNDS"}))
    assert "No invitation fits these filters" in text(client.get(listing, {"status": "closed"}))
    with clock.at(DEADLINE):
        assert world.procurement.title in text(client.get(listing, {"status": "closed"}))
    export = reverse("procurement:bids:export", args=["csv"])
    rows = client.get(export, {"q": "grounds"}).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].split(",")[1:4] == [
        "Grounds maintenance",
        "Birmingham City Council",
        "2026-04-01T12:00:00",
    ]
    assert len(client.get(export, {"q": "zzz"}).content.decode().splitlines()) == 1
    assert client.get(reverse("procurement:bids:export", args=["xlsx"])).content[:2] == b"PK"


def test_the_list_asks_the_database_as_often_for_three_rows_as_for_one():
    counts = []
    world = published(suppliers=1)
    submitted(world)
    client = client_of(world.bidder)
    for _ in range(2):
        client.get(reverse("procurement:bids:list"))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(reverse("procurement:bids:list"))
        counts.append(len(caught))
        if len(counts) == 1:
            invite_to_more(world, 2)
    assert counts[0] == counts[1]


def invite_to_more(world, many):
    """More tenders of the same authority with the same supplier invited, which bids for each."""
    for number in range(many):
        procurement = procurement_of(world.officer, title=f"Another {number}")
        considered(world.officer, procurement)
        tender = services.start_tender(actor=world.officer, procurement_id=procurement.pk)
        act = {"actor": world.officer, "tender_id": tender.pk}
        services.choose_measures(**act, expected_version=1, requirements=[asked("GSE1")])
        services.set_scoring(
            **act,
            expected_version=2,
            weighting_kind="weighted",
            weighting_percent=Decimal(10),
            quantitative_percent=Decimal(50),
        )
        services.set_questions(**act, expected_version=3, questions=QUESTIONS)
        services.invite_supplier(**act, supplier_id=world.suppliers[0].pk)
        services.publish_tender(**act, deadline_at=DEADLINE + timedelta(days=1))
        submitted(World(world.officer, world.authority, procurement, tender, bidders=world.bidders))


def test_the_buyers_page_says_only_until_when_bids_are_sealed():
    world = published()
    submitted(world)
    sealed = reverse("procurement:bids:sealed", args=[world.procurement.pk])
    client = client_of(world.officer)
    page = text(client.get(sealed))
    assert "Bids are sealed until 1 April 2026, midday, UK time." in page
    assert world.suppliers[0].name not in page
    with clock.at(DEADLINE):
        after = text(client.get(sealed))
        assert "The bids can be opened by two people." in after
        assert world.suppliers[0].name not in after
        author = client_of(actor_for_role(Role.REPORT_AUTHOR, world.authority))
        assert "Open the bids" not in text(author.get(sealed))
    assert client_of(world.bidder).get(sealed).status_code == 403


def test_measures_without_a_sum_are_asked_in_their_own_way():
    world = published(codes=["GSE11", "ENV5", "INN1"], questions=(), quantitative=Decimal(100))
    client = client_of(world.bidder)
    page = text(client.get(url(world, "offer")))
    yes, percent, pilot = (row.id for row in requirements_of(world.tender.pk))
    assert "Do you offer GSE11?" in page
    assert f"attribution_{yes}" not in page
    assert f"attribution_{pilot}" in page
    data = {
        "version": "0",
        "price": "100",
        f"quantity_{yes}": "1",
        f"method_{yes}": "Accredited.",
        f"quantity_{percent}": "100.1",
    }
    too_much = client.post(url(world, "offer"), data)
    assert "must be 100 or less" in text(too_much)
    client.post(url(world, "offer"), data | {f"quantity_{percent}": ""})
    client.post(url(world, "submit"), {"version": held(world).version})
    copy = text(client.get(url(world, "copy")))
    assert "This is what you submitted." in copy
    assert "Yes" in copy
