"""Counts only: the switch, who keeps it, and what each component makes of it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.counts import counts_only, without_parameter
from socialvalue.core.tables import Column, Table
from tests.factories.accounts import UserFactory, actor_for_role
from toms.valuation.rules import value_of

MOMENT = datetime.datetime(2026, 7, 1, 13, 5, tzinfo=datetime.UTC)


def draw(source: str, **values: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(values)).strip()


def asked(path: str, session: dict[str, bool] | None = None):
    request = RequestFactory().get(path)
    request.session = session or {}
    return request


# --- the switch ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "session", "hides"),
    [
        ("/", {}, False),
        ("/", {"counts_only": True}, True),
        ("/", {"counts_only": False}, False),
        ("/?counts=1", {}, True),
        ("/?counts=0", {"counts_only": True}, False),
        ("/?counts=yes", {"counts_only": True}, True),
        ("/?counts=yes", {}, False),
    ],
)
def test_the_address_wins_over_what_the_person_chose(path, session, hides):
    assert counts_only(asked(path, session)) is hides


def test_the_switch_leaves_no_parameter_that_would_win_over_it():
    assert (
        without_parameter("/ledger/?basis=verified&counts=1&year=2025-26")
        == "/ledger/?basis=verified&year=2025-26"
    )
    assert without_parameter("/ledger/?counts=0") == "/ledger/"
    assert without_parameter("/ledger/?q=") == "/ledger/?q="


def browser() -> Client:
    client = Client()
    client.force_login(
        UserFactory._meta.model.objects.get(pk=actor_for_role(Role.PROCUREMENT_OFFICER).user_id)
    )
    return client


@pytest.mark.django_db
def test_a_person_turns_it_on_and_off_on_the_page_they_are_on():
    client, address = browser(), reverse("core:counts")
    assert "Show counts only" in client.get("/").content.decode()
    answer = client.post(address, {"counts": "1", "next": "/contracts/?q=road&counts=0"})
    assert answer["Location"] == "/contracts/?q=road"
    assert "Show pounds as well" in client.get("/").content.decode()
    assert "Show counts only" in client.get("/?counts=0").content.decode()
    client.post(address, {"counts": "0"})
    assert "Show counts only" in client.get("/").content.decode()


@pytest.mark.django_db
def test_it_is_the_persons_own_and_never_turned_by_a_link():
    client = browser()
    assert client.get(reverse("core:counts") + "?counts=1").status_code == 405
    client.get("/?counts=1")
    assert "Show counts only" in client.get("/").content.decode()
    client.post(reverse("core:counts"), {"counts": "1"})
    assert "Show counts only" in browser().get("/").content.decode()
    assert Client().post(reverse("core:counts"), {"counts": "1"}).status_code == 302
    assert (
        client.post(reverse("core:counts"), {"counts": "1", "next": "https://elsewhere.example/"})[
            "Location"
        ]
        == "/"
    )


def test_a_table_loses_its_columns_of_social_value_and_keeps_all_rows_aligned():
    table = Table(
        "Entries",
        [
            Column("Entry"),
            Column("Value (£)", "money", is_social_value=True),
            Column("Unit"),
            Column("Price (£)", "money"),
        ],
        [("1", Decimal(5), "£", Decimal(7)), ("2", None, "hours", None)],
        ("Total", Decimal(5), "", Decimal(7)),
        links=("/a", "/b"),
    )
    cut = table.counts_only()
    assert [column.heading for column in cut.columns] == ["Entry", "Unit", "Price (£)"]
    assert list(cut.rows) == [("1", "pounds", Decimal(7)), ("2", "hours", None)]
    assert cut.total == ("Total", "", Decimal(7))
    assert cut.links == ("/a", "/b")
    assert cut.counts_only() == cut


# --- the components -----------------------------------------------------------------------------


STEPS = [
    ("Quantity", "450 hours"),
    ("Value of one", "£16.93", "Source A"),
    ("Why", "Long words " * 5),
]


def test_a_value_opens_to_its_working_in_place():
    drawn = draw(
        '{% value amount 450 "hours" working=steps %}', amount=Decimal("7618.5"), steps=STEPS
    )
    summary = drawn[drawn.index("<summary") : drawn.index("</summary>")]
    assert "£7,618.50" in summary
    assert "450 hours" in summary
    assert "how this is worked out" in summary
    assert drawn.startswith("<details")
    for text in ("Quantity", "£16.93", "Source A", "Result"):
        assert text in drawn


def test_a_working_of_a_valuation_is_taken_as_it_is():
    working = value_of(quantity=Decimal(25), unit_value=Decimal("16.93"), unit="hours", source="A")
    drawn = draw("{% value w.value working=w %}", w=working)
    assert "£423.25" in drawn[: drawn.index("</summary>")]
    assert "25 × £16.93 = £423.25" in drawn


def test_counts_only_shows_the_quantity_alone_and_keeps_the_way_to_the_rows():
    told = {"amount": Decimal(500), "steps": STEPS, "counts_only": True}
    for source in (
        '{% value amount 450 "hours" working=steps %}',
        '{% value amount 450 "hours" href="/rows" %}',
        '{% value amount "450 hours" href="/rows" %}',
    ):
        drawn = draw(source, **told)
        assert "£" not in drawn
        assert "450 hours" in drawn
        assert "<details" not in drawn
    assert 'href="/rows"' in draw('{% value amount 450 "hours" href="/rows" %}', **told)


def test_what_has_no_quantity_and_no_amount_says_so():
    assert "Counted, not valued" in draw('{% value None absent="Counted, not valued" %}')
    both = draw('{% value None 88 "%" absent="Counted, not valued" %}')
    assert "88%" in both
    assert "Counted, not valued" in both
    assert "Not reported" in draw("{% value amount %}", amount=Decimal(5), counts_only=True)


def test_a_pound_counted_as_a_pound_is_said_once_and_in_words_without_pounds():
    assert draw('{% value a 1200 "£" href="/r" %}', a=Decimal(1200)).count("£1,200") == 1
    drawn = draw('{% value a 1200 "£" href="/r" %}', a=Decimal(1200), counts_only=True)
    assert "1,200 pounds" in drawn
    assert "£" not in drawn
    assert "6,080 pounds" in draw('{% counted "£6,080" %}', counts_only=True)
    assert "£6,080" in draw('{% counted "£6,080" %}')


def test_a_tile_of_social_value_shows_what_it_is_made_of():
    source = '{% tile "Verified" a note="accepted" href="/r" is_social_value=True how_many=n counted="entry|entries" %}'
    drawn = draw(source, a=Decimal(1200), n=12)
    assert "£1,200" in drawn
    assert "12 entries" in drawn
    hidden = draw(source, a=Decimal(1200), n=1, counts_only=True)
    assert "£" not in hidden
    assert "entry" in hidden
    assert (
        draw('{% tile "V" a is_social_value=True %}', a=Decimal(1), counts_only=True).strip() == ""
    )
    assert "£180,000" in draw('{% tile "Estimate" "£180,000" %}', counts_only=True)


@pytest.mark.parametrize(
    "source",
    [
        "{% progress 10 20 is_money=True %}",
        "{% working steps %}",
        '{% bar_rows rows "By theme" is_social_value=True %}',
        '{% figure_link "£5" "/r" "verified" is_social_value=True %}',
        "{% data_table table %}",
    ],
)
def test_other_components_hide_pounds_of_social_value(source):
    table = Table(
        "T",
        [Column("Theme"), Column("Verified (£)", "money", is_social_value=True)],
        [("Skills", Decimal(5))],
        ("Total", Decimal(5)),
    )
    given = {"steps": STEPS, "rows": [("Skills", 5, "£5")], "table": table}
    assert "£" in draw(source, **given)
    assert "£" not in draw(source, **given, counts_only=True)


def test_prices_stay_and_quantities_of_money_are_written_out():
    table = Table("T", [Column("Unit"), Column("Estimate (£)", "money")], [("£", Decimal(5))])
    drawn = draw("{% data_table table %}{{ x|price }}", table=table, x=Decimal(9), counts_only=True)
    assert "pounds" in drawn
    assert "£5" in drawn
    assert '<span class="sv-price">£9</span>' in drawn
    assert "10 of 20 pounds" in draw(
        "{% progress 10 20 is_money=True is_quantity=True %}", counts_only=True
    )


def test_the_record_withholds_social_value_and_keeps_its_prices():
    told = [
        ("Awarded for £5,000, with 4 commitments worth £1,234.50 of social value.", MOMENT, "A")
    ]
    drawn = draw("{% history_list told %}", told=told, counts_only=True)
    assert "£5,000" in drawn
    assert "worth (£ not shown) of social value" in drawn
    assert "£1,234.50 of social value" in draw("{% history_list told %}", told=told)
