from __future__ import annotations

import json
import re

import pytest
from django.core.management import CommandError, call_command

from procurement.policies.models import Threshold
from tests.factories.accounts import SupplierFactory
from tests.factories.policies import load_law_and_policies

pytestmark = pytest.mark.django_db
ASKED = {
    "--authority": "warwickshire", "--category": "services", "--estimate": "£173,100", "--vat": "excl",
    "--commenced": "2026-03-01",
}  # fmt: skip


def asked(**changes):
    options = ASKED | {f"--{name}": value for name, value in changes.items()}
    return [part for pair in options.items() for part in pair]


def test_the_reference_data_is_loaded_by_command_twice(capsys):
    for _ in range(2):
        call_command("load_organisations")
        call_command("load_policies")
        assert "78 thresholds and 2 policies loaded." in capsys.readouterr().out
    assert Threshold.objects.count() == 78


def test_policies_without_organisations_say_what_to_load_first():
    with pytest.raises(CommandError, match="Load the organisations first"):
        call_command("load_policies")


def test_route_answers_as_the_page_does(capsys):
    load_law_and_policies()
    call_command("route", *asked(), "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["route"] == "toms_mandatory"
    assert found["threshold"] == {
        "regime": "PA2023", "amount": "207720.00", "vat_basis": "incl", "effective_from": "2026-01-01",
    }  # fmt: skip
    assert (found["compared_amount"], found["net"], found["gross"]) == (
        "207720.00",
        "173100.00",
        "207720.00",
    )
    assert found["weighting"] == {"min": "5.00", "max": "30.00", "pass_fail": True}
    assert found["band"] == "At or above the statutory threshold"
    assert "paragraph 6.0, table row 3" in found["explanation"]
    call_command("route", *asked(estimate="173099.99"))
    assert capsys.readouterr().out.startswith("TOMs advised: At £207,719.99 including VAT")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"authority": "nobody"}, "There is no organisation called 'nobody'."),
        ({"authority": "a-supplier"}, "not a council or combined authority"),
        ({"authority": ""}, "--authority"),
        ({"category": "weapons"}, "Choose goods"),
        ({"category": ""}, "Choose goods"),
        ({"estimate": "lots"}, "--estimate must be a number"),
        ({"estimate": ""}, "--estimate must be a number"),
        ({"estimate": "0"}, "more than £0"),
        ({"estimate": "-5"}, "more than £0"),
        ({"estimate": "1e9"}, "--estimate must be a number"),
        ({"estimate": "£1e9"}, "--estimate must be a number"),
        ({"estimate": "nan"}, "--estimate must be a number"),
        ({"estimate": "Infinity"}, "--estimate must be a number"),
        ({"estimate": "1,5"}, "--estimate must be a number"),
        ({"estimate": "180.000,50"}, "--estimate must be a number"),
        ({"estimate": "99999999999999"}, "or less"),
        ({"estimate": "0.001"}, "more than £0"),
        ({"vat-rate": "120"}, "The VAT rate must be from 0% to 100%"),
        ({"other-estimate": "1"}, "at least the figure excluding VAT"),
        ({"vat": "maybe"}, "--vat must be"),
        ({"commenced": "yesterday"}, "--commenced must be a date"),
        ({"commenced": "2026-02-30"}, "--commenced must be a date"),
        ({"commenced": "20260301"}, "--commenced must be a date"),
        ({"commenced": ""}, "--commenced must be a date"),
        ({"commenced": "2017-03-31"}, "No social value policy was in force"),
        ({"commenced": "2013-12-31"}, "no statutory threshold"),
        ({"commenced": "2028-01-01"}, "no statutory threshold"),
    ],
)
def test_bad_input_ends_with_2_and_a_reason(capsys, changes, said):
    load_law_and_policies()
    SupplierFactory(slug="a-supplier")
    options = [
        f"{name}={value}"
        for name, value in (ASKED | {f"--{k}": v for k, v in changes.items()}).items()
    ]
    with pytest.raises(SystemExit) as ended:
        call_command("route", *options, "--json")
    assert ended.value.code == 2
    assert said in json.loads(capsys.readouterr().out)["error"]
    with pytest.raises(CommandError, match=re.escape(said)) as failed:
        call_command("route", *options)
    assert failed.value.returncode == 2


@pytest.mark.parametrize(
    "typed", ["180000.50", "180,000.50", "£180,000.50", " £ 180 000.50 ", "£180000.5"]
)
def test_amounts_as_people_write_them(capsys, typed):
    load_law_and_policies()
    call_command("route", *asked(estimate=typed), "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["net"], found["gross"]) == ("180000.50", "216000.60")


def test_an_option_without_its_value_is_an_answer_too(capsys):
    load_law_and_policies()
    with pytest.raises(SystemExit) as ended:
        call_command("route", *asked()[:4], "--estimate", "--json")
    assert ended.value.code == 2
    assert "--estimate must be a number" in json.loads(capsys.readouterr().out)["error"]


def test_a_utility_and_several_vat_rates(capsys):
    load_law_and_policies()
    call_command("route", *asked(), "--utilities", "--json")
    assert json.loads(capsys.readouterr().out)["threshold"]["amount"] == "415440.00"
    call_command("route", *asked(**{"other-estimate": "£173,100"}), "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["gross"], found["route"]) == ("173100.00", "toms_advised")


def test_unknown_vat_is_read_as_net_with_20_percent(capsys):
    load_law_and_policies()
    call_command("route", *asked(vat="unknown"), "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["net"], found["gross"], found["route"]) == (
        "173100.00",
        "207720.00",
        "toms_mandatory",
    )
