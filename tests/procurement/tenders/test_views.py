from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from procurement.tenders.models import Tender, TenderInvitation, TenderQuestion
from procurement.tenders.queries import requirements_of
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.core import clock
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.procurements import considered, procurement_of
from tests.factories.tenders import (
    DEADLINE,
    NOW,
    load_everything,
    measure_id,
    prepared,
    published,
    started,
)

pytestmark = pytest.mark.django_db

PAGES = (
    "task_list",
    "measures",
    "details",
    "place",
    "scoring",
    "scoring_advice",
    "questions",
    "suppliers",
    "publish",
)


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def url(world, name, *more):
    return reverse(f"procurement:tenders:{name}", args=[world.procurement.pk, *more])


def text(response):
    return response.content.decode()


def test_from_the_start_to_publication():
    load_everything()
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("birmingham"))
    procurement = procurement_of(officer, cpv="45200000")
    considered(officer, procurement)
    suppliers = [SupplierFactory(), SupplierFactory()]
    client = client_of(officer)

    def at(name):
        return reverse(f"procurement:tenders:{name}", args=[procurement.pk])

    assert "Start the tender" in text(client.get(at("task_list")))
    assert client.post(at("start")).headers["Location"] == at("measures")
    page = text(client.get(at("task_list")))
    assert page.count('class="govuk-button"') == 1
    assert 'href="' + at("measures") + '"' in page
    assert "Cannot start yet" in page

    # Measures: the pack suggested by the CPV code, one tick more, one less.
    page = text(client.get(at("measures")))
    assert "Suggested by the CPV code" in page
    version = Tender.objects.get().version
    shown = client.post(at("measures"), {"version": version, "pack": "works-and-construction"})
    ticked = shown.context["form"].ticked
    assert (shown.status_code, len(ticked)) == (200, 10)
    few = client.post(at("measures"), {"version": version, "few": "1"}).context["form"].ticked
    assert (len(few), set(few) <= set(ticked)) == (6, True)
    assert Tender.objects.get().version == version
    saved = client.post(at("measures"), {"version": version, "measures": ticked[:4]})
    assert saved.headers["Location"] == at("details")
    chosen = [row.measure.id for row in requirements_of(Tender.objects.get().pk)]
    assert [str(pk) for pk in chosen] == ticked[:4]
    details = {
        "version": version + 1,
        f"mandatory_{chosen[0]}": "on",
        f"minimum_{chosen[0]}": "2.5",
    }
    assert client.post(at("details"), details).headers["Location"] == at("task_list")
    first = requirements_of(Tender.objects.get().pk)[0]
    assert (first.is_mandatory, first.minimum_quantity) == (True, Decimal("2.5"))

    scoring = {
        "version": version + 2,
        "weighting_kind": "weighted",
        "weighting_percent": "15%",
        "quantitative_percent": "60",
    }
    assert client.post(at("scoring"), scoring).status_code == 302
    questions = {
        "version": version + 3,
        "questions-TOTAL_FORMS": "2",
        "questions-INITIAL_FORMS": "0",
        "questions-0-text": "How will you find people?",
        "questions-0-weight_percent": "70",
        "questions-1-text": "How will you keep them?",
        "questions-1-weight_percent": "30",
    }
    assert client.post(at("questions"), questions).status_code == 302
    ticked = [supplier.pk for supplier in suppliers]
    assert client.post(at("suppliers"), {"suppliers": ticked}).status_code == 302
    page = text(client.get(at("task_list")))
    assert "Missing before it can be published" not in page
    page = text(client.get(at("publish")))
    assert "Social value decides 15% of the award." in page
    deadline = {
        "version": Tender.objects.get().version,
        "deadline_on-day": "1",
        "deadline_on-month": "4",
        "deadline_on-year": "2026",
        "deadline_time": "midday",
    }
    assert client.post(at("publish"), deadline).headers["Location"] == at("task_list")
    tender = Tender.objects.get()
    assert (tender.status, tender.deadline_at) == ("published", DEADLINE)
    page = text(client.get(at("task_list")))
    assert "Bids are sealed until 1 April 2026, midday" in page


def test_search_and_theme_narrow_the_list_and_keep_what_is_ticked():
    world = started()
    client = client_of(world.officer)
    ticked = str(measure_id("PLB1"))
    sent = {"version": 1, "show": "1", "search": "apprentice", "measures": [ticked]}
    page = client.post(url(world, "measures"), sent)
    form = page.context["form"]
    assert 0 < len(form.shown()) < 52
    assert all("apprentice" in f"{m.label} {m.description}".lower() for m in form.shown())
    assert form.ticked_out_of_sight == [ticked]
    assert f'<input type="hidden" name="measures" value="{ticked}">' in text(page)
    nothing = client.post(url(world, "measures"), sent | {"search": "zzz"})
    assert "No measure fits this search" in text(nothing)


def test_no_measure_ticked_is_said():
    world = started()
    page = client_of(world.officer).post(url(world, "measures"), {"version": 1})
    assert page.status_code == 422
    assert "Tick at least one measure" in text(page)


def test_warnings_for_pairs_places_and_too_many():
    world = started(authority="warwickshire")
    client = client_of(world.officer)
    codes = [
        "GSE1",
        "GSE1a",
        "PLB1",
        "PLB2",
        "HSC1",
        "HSC2",
        "HSC3",
        "ENV1",
        "ENV2",
        "ENV7",
        "INN2",
    ]
    many = [str(measure_id(code)) for code in codes]
    client.post(url(world, "measures"), {"version": 1, "measures": many})
    page = text(client.get(url(world, "details")))
    assert "may count the same deed twice" in page
    assert "You ask for 11 measures" in page
    assert "no value until a place is set" in page
    place = client.post(url(world, "place"), {"version": 2, "place": "rugby"})
    assert place.status_code == 302
    assert "no value until a place is set" not in text(client.get(url(world, "details")))


def test_bad_numbers_keep_what_was_typed_and_say_how_to_mend_it():
    world = prepared()
    client = client_of(world.officer)
    key = measure_id("GSE1")
    for typed, message in (
        ("lots", "must be a number, like 12 or 12.5"),
        ("-3", "must be more than 0"),
        ("0", "must be more than 0"),
        ("1.2345", "at most 3 decimal places"),
        ("999999999999", "or less"),
    ):
        page = client.post(
            url(world, "details"), {"version": world.tender.version, f"minimum_{key}": typed}
        )
        assert page.status_code == 422
        assert message in text(page)
        assert f'value="{typed}"' in text(page)
    page = client.post(
        url(world, "scoring"),
        {
            "version": world.tender.version,
            "weighting_kind": "weighted",
            "weighting_percent": "31",
            "quantitative_percent": "50",
        },
    )
    assert "between 5% and 30%" in text(page)


def test_a_weighted_score_needs_its_percentage():
    world = started()
    page = client_of(world.officer).post(
        url(world, "scoring"),
        {"version": 1, "weighting_kind": "weighted", "quantitative_percent": "50"},
    )
    assert page.status_code == 422
    assert "Enter the weighting as a percentage" in text(page)


def test_the_advice_explains_what_is_typed_so_far():
    world = started()
    client = client_of(world.officer)
    asked = {"weighting_kind": "weighted", "weighting_percent": "20", "quantitative_percent": "100"}
    assert "Social value decides 20% of the award." in text(
        client.get(url(world, "scoring_advice"), asked)
    )
    unread = client.get(url(world, "scoring_advice"), asked | {"weighting_percent": "x"})
    assert "Choose how social value counts" in text(unread)


def test_question_rows_are_added_and_weights_that_do_not_add_up_are_said():
    world = started()
    client = client_of(world.officer)
    row = {
        "version": "1",
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "0",
        "questions-0-text": "Why?",
        "questions-0-weight_percent": "90",
    }
    more = client.post(url(world, "questions"), row | {"questions-add": "1"})
    assert "questions-1-text" in text(more)
    assert "Why?" in text(more)
    short = client.post(url(world, "questions"), row)
    assert short.status_code == 422
    assert "The weights add to 90. They must add to 100. Add 10 more." in text(short)
    assert TenderQuestion.objects.count() == 0
    none = client.post(
        url(world, "questions"),
        {"version": "1", "questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0"},
    )
    assert none.status_code == 302


def test_two_people_saving_at_once_the_second_keeps_what_was_typed_and_can_save_again():
    world = prepared()
    client = client_of(world.officer)
    old = world.tender.version
    typed = {
        "weighting_kind": "weighted",
        "weighting_percent": "12",
        "quantitative_percent": "50",
    }
    assert client.post(url(world, "scoring"), typed | {"version": old}).status_code == 302
    second = client.post(
        url(world, "scoring"), typed | {"version": old, "weighting_percent": "17.5"}
    )
    assert second.status_code == 409
    assert "Somebody else changed this tender" in text(second)
    assert 'value="17.5"' in text(second)
    assert second.context["conflict"].changed == {"Weighting of the whole award": ("12%", "17.5%")}
    assert "What is there now" in text(second)
    again = typed | {
        "version": second.context["form"]["version"].value(),
        "weighting_percent": "17.5",
    }
    assert client.post(url(world, "scoring"), again).status_code == 302
    assert world.refresh().weighting_percent == Decimal("17.5")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"day": "1", "month": "3", "year": "2026", "time": "17:00"}, "It is 09:00 on 2 March 2026, UK time now."),
        ({"day": "31", "month": "2", "year": "2027", "time": "17:00"}, "must be a real date"),
        ({"day": "", "month": "", "year": "", "time": "17:00"}, "Enter the day of the deadline"),
        ({"day": "1", "month": "4", "year": "2027", "time": "teatime"}, "The time must be like 17:00, 5pm or midday"),
        ({"day": "1", "month": "4", "year": "2027", "time": ""}, "Enter the time of the deadline"),
        ({"day": "28", "month": "3", "year": "2027", "time": "1:30"}, "The clocks go forward"),
    ],
)  # fmt: skip
def test_a_bad_deadline_is_said_and_kept(sent, message):
    world = prepared()
    time = sent.pop("time")
    data = {f"deadline_on-{part}": value for part, value in sent.items()}
    page = client_of(world.officer).post(
        url(world, "publish"), data | {"deadline_time": time, "version": world.tender.version}
    )
    assert page.status_code == 422
    assert message in text(page)
    assert "<title>Error: " in text(page)
    if time:
        assert f'value="{time}"' in text(page)
    assert world.refresh().status == "draft"


def test_publishing_with_gaps_names_each_with_its_page():
    world = started(estimate=Decimal(300000))
    client = client_of(world.officer)
    page = text(client.get(url(world, "publish")))
    assert "Publish the tender" not in page
    assert "Choose measures: the route makes measures mandatory" in page
    sent = {
        "version": 1,
        "deadline_on-day": "1",
        "deadline_on-month": "4",
        "deadline_on-year": "2027",
        "deadline_time": "5pm",
    }
    refused = client.post(url(world, "publish"), sent)
    assert refused.status_code == 422
    assert "Invite at least one supplier" in text(refused)


def test_suppliers_are_searched_invited_and_removed():
    world = started()
    SupplierFactory(name="Oak and Ash Landscapes")
    client = client_of(world.officer)
    found = text(client.get(url(world, "suppliers"), {"q": "oak"}))
    assert "Oak and Ash Landscapes" in found
    assert world.suppliers[0].name not in found
    client.post(url(world, "suppliers"), {"suppliers": [world.suppliers[0].pk]})
    assert TenderInvitation.objects.count() == 1
    twice = client.post(url(world, "suppliers"), {"suppliers": [world.suppliers[0].pk]})
    assert twice.status_code == 422
    client.post(url(world, "remove_supplier", world.suppliers[0].pk))
    assert TenderInvitation.objects.count() == 0


def test_after_publication_the_pages_lead_back_and_a_late_save_is_a_conflict():
    world = published()
    client = client_of(world.officer)
    for name in ("measures", "details", "place", "scoring", "questions", "publish"):
        assert client.get(url(world, name)).headers["Location"] == url(world, "task_list")
    late = client.post(
        url(world, "scoring"),
        {
            "version": world.tender.version,
            "weighting_kind": "weighted",
            "weighting_percent": "30",
            "quantitative_percent": "50",
        },
    )
    assert late.status_code == 409
    assert "Only an amendment changes it" in text(late)


def test_who_may_open_the_pages():
    world = prepared()
    stranger = client_of(actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")))
    bidder = client_of(world.bidder)
    for name in PAGES:
        assert stranger.get(url(world, name)).status_code == 404
        assert bidder.get(url(world, name)).status_code == 403
        assert Client().get(url(world, name)).status_code == 302
    for role in BUYER_ROLES - {Role.PROCUREMENT_OFFICER}:
        colleague = client_of(actor_for_role(role, world.authority))
        listing = colleague.get(url(world, "task_list"))
        assert listing.status_code == 200
        assert "govuk-task-list__link" not in text(listing)
        for name in PAGES[1:]:
            assert colleague.get(url(world, name)).status_code == 403
        assert colleague.post(url(world, "start")).status_code == 403
    assert stranger.post(url(world, "start")).status_code == 404
    assert stranger.post(url(world, "remove_supplier", world.suppliers[0].pk)).status_code == 404
    assert TenderInvitation.objects.count() == 2
