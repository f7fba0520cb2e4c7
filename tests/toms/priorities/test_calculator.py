"""The calculator on the page of a measure: the same question, and the same answer, as ``manage.py value``."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory, user_with_role
from toms.imports.services import load_shipped_sets

pytestmark = pytest.mark.django_db
EDITION = "open-2026-27"


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The shipped sets, once for all of these tests: none of them writes measures."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_shipped_sets(actor=SYSTEM)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def page(client):
    client.force_login(user_with_role(Role.AUDITOR, AuthorityFactory()))

    def get(code, **asked):
        return client.get(reverse("toms:priorities:measure", args=[EDITION, code]), asked)

    return get


def command(code, *options):
    out = io.StringIO()
    call_command("value", "--edition", EDITION, "--measure", code, *options, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("code", "asked", "options"),
    [
        ("GSE1", {"quantity": "25", "place": "birmingham"}, "--quantity 25 --place birmingham"),
        ("PLB1", {"quantity": "10,000", "in_year": "10"}, "--quantity 10000 --in-year 10"),
        (
            "PLB1",
            {"quantity": "100", "attribution": "33.3333", "deadweight": "25%", "leakage": "0"},
            "--quantity 100 --attribution 0.333333 --deadweight 0.25 --leakage 0",
        ),
        (
            "PLB1",
            {"quantity": "100", "in_year": "2", "discount_rate": "1.5", "drop_off": "10"},
            "--quantity 100 --in-year 2 --discount-rate 0.015 --drop-off 0.1",
        ),
        (
            "ENV1",
            {"quantity": "1", "on-day": "1", "on-month": "1", "on-year": "2031"},
            "--quantity 1 --on 2031-01-01",
        ),
        (
            "GSE1",
            {"quantity": "", "people": "10", "hours_a_week": "17.5", "weeks": "104", "place": "coventry"},
            "--quantity 10 --place coventry",
        ),
        ("GSE10", {"quantity": "", "people": "8", "hours": "2"}, "--quantity 16"),
    ],
)  # fmt: skip
def test_the_page_and_the_command_agree(page, code, asked, options):
    found = page(code, **asked)
    assert found.status_code == 200
    answer = found.context["answer"]
    said = command(code, *options.split())
    assert answer.lines == said["working"]
    assert (str(answer.working.value), answer.source) == (said["value"], said["source"])


def errors(found):
    return {name: list(lines) for name, lines in found.context["form"].errors.items()}


def test_without_a_place_there_is_no_value_and_never_nought(page):
    found = page("GSE1", quantity="25")
    assert errors(found) == {"place": ["No value until a place is set. Choose one from the list"]}
    assert found.context["answer"] is None
    assert b"\xc2\xa30<" not in found.content
    assert b"There is a problem" in found.content


@pytest.mark.parametrize(
    ("asked", "name", "words"),
    [
        ({"quantity": ""}, "quantity", "Enter the quantity"),
        ({"quantity": "ten"}, "quantity", "must be a number"),
        ({"quantity": "-1"}, "quantity", "0 or more"),
        ({"quantity": "1", "deadweight": "101"}, "deadweight", "100 or less"),
        ({"quantity": "1", "leakage": "a bit"}, "leakage", "must be a percentage"),
        ({"quantity": "1", "discount_rate": "3"}, "in_year", "Enter the year it falls in"),
        ({"quantity": "1", "drop_off": "3"}, "in_year", "Enter the year it falls in"),
        ({"quantity": "1", "in_year": "1.5"}, "in_year", "whole number"),
        ({"quantity": "1", "in_year": "126"}, "discount_rate", "ends at year 125"),
        ({"quantity": "1", "in_year": "1001"}, "in_year", "1,000 or less"),
        ({"quantity": "1", "on-day": "31", "on-month": "2", "on-year": "2026"}, "on", "real date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box(page, asked, name, words):
    found = page("PLB1", **asked)
    assert list(errors(found)) == [name]
    assert words in errors(found)[name][0]
    assert found.context["answer"] is None


def test_the_last_year_of_the_schedule_needs_no_rate_and_the_next_one_does(page):
    assert page("PLB1", quantity="1", in_year="125").context["answer"] is not None
    later = page("PLB1", quantity="1", in_year="126", discount_rate="2")
    assert later.context["answer"] is not None


def test_a_quantity_is_typed_or_counted_not_both_and_counted_whole(page):
    both = page("GSE10", quantity="16", people="8", hours="2")
    assert "not both" in errors(both)["quantity"][0]
    half = page("GSE10", quantity="", people="8")
    assert errors(half) == {"hours": ["Enter how many hours each"]}
    part = page("GSE10", quantity="", people="8.5", hours="2")
    assert errors(part) == {"people": ["People must be a whole number"]}
    days = {"first_on": "2026-05-02", "last_on": "2026-05-01", "people": "1", "quantity": ""}
    assert errors(page("GSE5", **days)) == {
        "last_on": ["The last day must be on or after the first day"]
    }


def test_a_counted_quantity_shows_how(page):
    found = page("GSE1", quantity="", people="7", hours_a_week="20", weeks="20", place="coventry")
    assert "7 people × 0.5714 FTE × 0.3846 years = 1.538 FTE-years, to three places" in (
        found.content.decode()
    )


def test_nothing_is_said_before_it_is_asked_and_nothing_is_asked_of_what_has_no_value(page):
    assert page("GSE1").context["answer"] is None
    assert b"There is a problem" not in page("GSE1").content
    assert b"Work out a value" in page("GSE1").content
    assert b"Work out a value" not in page("GSE1b").content


def test_the_answer_is_hidden_where_only_counts_are_shown(page):
    shown = page("PLB1", quantity="123456")
    hidden = page("PLB1", quantity="123456", counts="1")
    assert "£123,456" in shown.content.decode()
    assert "£123,456" not in hidden.content.decode()
