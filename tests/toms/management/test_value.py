"""``manage.py value`` and ``manage.py measures``: an answer with its sum, or one clear sentence and exit code 2."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from socialvalue.core.actor import SYSTEM
from toms.imports.services import load_shipped_sets

pytestmark = pytest.mark.django_db
EDITION = "open-2026-27"


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The shipped sets, once for all of these tests: none of them writes."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_shipped_sets(actor=SYSTEM)
        yield
        transaction.set_rollback(True)


def value(*options):
    out = io.StringIO()
    call_command("value", "--edition", EDITION, *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def refusal(*options):
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("value", *options, "--json", stdout=out)
    assert left.value.code == 2
    found = json.loads(out.getvalue())
    assert list(found) == ["error"]
    return found["error"]


def test_twenty_five_years_of_work_in_birmingham():
    found = value("--measure", "GSE1", "--quantity", "25", "--place", "birmingham")
    assert found["value"] == "754500.00"
    assert found["working"][:3] == [
        "Quantity: 25 FTE-years",
        "Value of one: £30,180",
        "Value: 25 × £30,180 = £754,500",
    ]
    assert "Annual Survey of Hours and Earnings" in found["source"]


@pytest.mark.parametrize(
    ("options", "pounds"),
    [
        ("--measure GSE10 --quantity 16", "215.20"),
        ("--measure PLB1 --quantity 1500 --attribution 0.333333333333", "500.00"),
        ("--measure PLB1 --quantity 10000 --in-year 10", "7089.19"),
        ("--measure PLB1 --quantity 10000 --in-year 0", "10000.00"),
        ("--measure PLB1 --quantity 10000 --in-year 125", "274.11"),
        ("--measure PLB1 --quantity 100 --in-year 1 --discount-rate 0.015", "98.52"),
        ("--measure PLB1 --quantity 100 --in-year 2 --discount-rate 0 --drop-off 0.1", "81.00"),
        ("--measure PLB1 --quantity 100 --leakage 0.1 --displacement 0.25", "67.50"),
        ("--measure PLB1 --quantity 100 --substitution 0.2 --deadweight 0.5", "40.00"),
        ("--measure PLB1 --quantity 0.005", "0.01"),
        ("--measure PLB1 --quantity 0.0049", "0.00"),
        ("--measure PLB1 --quantity 1,234.50", "1234.50"),
        ("--measure PLB1 --quantity 10 --attribution 0", "0.00"),
        ("--measure ENV1 --quantity 1 --on 2026-06-01", "264.00"),
        ("--measure ENV1 --quantity 1 --on 2031-01-01", "284.40"),
        ("--measure GSE5 --quantity 52", "4257.00"),
    ],
)
def test_sums(options, pounds):
    assert value(*options.split())["value"] == pounds


@pytest.mark.parametrize(
    ("measure", "says"),
    [("GSE1a", "Record only"), ("HSC12", "Negotiated")],
)
def test_what_is_not_valued_is_null_and_says_so(measure, says):
    found = value("--measure", measure, "--quantity", "3")
    assert found["value"] is None
    assert found["source"] == ""
    assert found["working"][-1].startswith(says)


GSE1 = ["--edition", EDITION, "--measure", "GSE1", "--quantity", "1"]
PLB1 = ["--edition", EDITION, "--measure", "PLB1", "--quantity", "1"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (GSE1, "GSE1 has no value until a place is set"),
        ([*GSE1, "--place", "warwickshire"], "no value in warwickshire. Places with a value: birm"),
        ([], "Give an edition with --edition: open-2026-27, open-2026"),
        (["--edition", "nope"], "no published edition called nope. Published: open-2026-27"),
        (["--edition", EDITION], "Give the code of a measure"),
        (["--edition", EDITION, "--measure", "NOPE", "--quantity", "1"], "no measure NOPE in open"),
        (["--edition", EDITION, "--measure", "PLB1"], "Give a quantity"),
        ([*PLB1, "--quantity", "many"], "--quantity must be a number"),
        ([*PLB1, "--quantity", "nan"], "--quantity must be a number"),
        ([*PLB1, "--quantity", "-1"], "--quantity must be 0 or more"),
        ([*PLB1, "--quantity", "100000000000"], "--quantity must be at most"),
        ([*PLB1, "--attribution", "1.01"], "--attribution must be a fraction from 0 to 1"),
        ([*PLB1, "--deadweight", "25%"], "--deadweight must be a fraction"),
        ([*PLB1, "--displacement", "-0.1"], "--displacement must be a fraction"),
        ([*PLB1, "--leakage", "2"], "--leakage must be a fraction"),
        ([*PLB1, "--substitution", "x"], "--substitution must be a fraction"),
        ([*PLB1, "--in-year", "-1"], "--in-year must be a whole number"),
        ([*PLB1, "--in-year", "1.5"], "--in-year must be a whole number"),
        ([*PLB1, "--in-year", "126"], "The Green Book schedule ends at year 125"),
        ([*PLB1, "--in-year", "1001", "--discount-rate", "0.01"], "--in-year must be at most 1000"),
        ([*PLB1, "--in-year", "1", "--discount-rate", "3.5"], "--discount-rate must be a fraction"),
        ([*PLB1, "--discount-rate", "0.035"], "Say in which year"),
        ([*PLB1, "--drop-off", "0.1"], "Say in which year"),
        ([*PLB1, "--on", "yesterday"], "--on must be a date written YYYY-MM-DD"),
        ([*PLB1, "--on", "20260401"], "--on must be a date written YYYY-MM-DD"),
        ([*PLB1, "--in-year"], "Give a value after --in-year, or leave --in-year out"),
        ([*PLB1, "--attribution"], "Give a value after --attribution"),
        ([*PLB1, "--place"], "Give a value after --place"),
    ],
)
def test_what_cannot_be_valued_says_why(options, says):
    assert says in refusal(*options)


def test_the_refusal_without_json_is_the_same_sentence():
    with pytest.raises(CommandError, match="until a place is set") as error:
        call_command("value", *GSE1)
    assert error.value.returncode == 2


def test_a_person_reads_the_sum_line_by_line():
    out = io.StringIO()
    call_command("value", *PLB1, "--quantity", "100", "--deadweight", "0.2", stdout=out)
    assert out.getvalue().splitlines() == [
        "PLB1 Spend with local small and medium businesses",
        "Quantity: £100",
        "Value of one: £1",
        "Would have happened anyway (deadweight): 20% taken off",
        "Value: 100 × £1 × (1 − 20%) = £80",
        "Source: £1 for £1",
    ]


def listed(*options):
    out = io.StringIO()
    call_command("measures", *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_measures_are_those_of_the_edition_in_force():
    rows = listed()
    assert {row["edition"] for row in rows} == {EDITION}
    assert len(rows) == len({row["code"] for row in rows}) >= 60
    job = next(row for row in rows if row["code"] == "GSE1")
    assert (job["unit"], job["kind"], job["aggregation"]) == ("FTE-years", "localised", "sum")
    places = {row["place"]: row for row in job["proxies"]}
    assert Decimal(places["birmingham"]["amount"]) == 30180
    assert places["birmingham"]["price_year"] == "2025"
    assert "Office for National Statistics" in places["birmingham"]["source"]
    assert "" not in places


def test_amounts_keep_all_their_places():
    (row,) = [row for row in listed("--edition", "open-2026") if row["code"] == "GSE5"]
    assert [proxy["amount"] for proxy in row["proxies"]] == ["81.865384615"]


def test_a_structure_has_no_values_and_says_what_is_in_doubt():
    rows = listed("--edition", "social-value-model-2020")
    assert [row["code"] for row in rows][:2] == ["MAC 1.1", "MAC 1.2"]
    assert {row["kind"] for row in rows} == {"record_only"}
    assert all(row["proxies"] == [] and "not checked" in row["certainty"] for row in rows)


def test_an_unknown_edition_is_refused():
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("measures", "--edition", "nope", "--json", stdout=out)
    assert left.value.code == 2
    assert "nope" in json.loads(out.getvalue())["error"]


def test_measures_take_as_many_queries_for_many_as_for_few(django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        listed("--edition", EDITION)


def test_the_loader_names_every_set_and_runs_twice():
    out = io.StringIO()
    call_command("load_measures", stdout=out)
    assert out.getvalue().splitlines() == [
        "open-2026 already loaded: 52 measures, 110 values.",
        "open-2026-27 already loaded: 74 measures, 132 values.",
        "social-value-model-2020 already loaded: 24 measures, 0 values.",
        "social-value-model-2025 already loaded: 8 measures, 0 values.",
        "3 statements of priorities.",
        "20 codes of other families.",
    ]
