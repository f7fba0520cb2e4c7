"""The route over HTTP: the same answer as the command's, for the buyer side only."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from procurement.policies.views.api import PARAMETERS, RouteAnswer
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import user_with_role
from tests.factories.policies import load_law_and_policies

pytestmark = pytest.mark.django_db
ASKED = {
    "authority": "warwickshire", "category": "services", "estimate": "£180,000.50", "vat": "excl",
    "commenced": "2026-03-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


def sign_in(client, role=Role.AUDITOR, slug="coventry"):
    client.force_login(user_with_role(role, accounts.organisation(slug)))


def ask(client, **changes):
    return client.get("/api/v1/route/", ASKED | changes)


@pytest.mark.parametrize(
    ("more", "options"),
    [
        ({}, []),
        ({"vat_rate": "0"}, ["--vat-rate=0"]),
        ({"other_estimate": "200000"}, ["--other-estimate=200000"]),
        ({"utilities": "yes"}, ["--utilities"]),
    ],
)
def test_the_command_gives_the_same_answer(client, capsys, more, options):
    sign_in(client)
    response = ask(client, **more)
    assert response.status_code == 200
    call_command(
        "route", *[f"--{name}={value}" for name, value in ASKED.items()], *options, "--json"
    )
    assert response.json() == json.loads(capsys.readouterr().out)


def test_the_answer_has_the_keys_of_the_schema(client):
    sign_in(client)
    answer = ask(client).json()
    assert set(answer) == set(RouteAnswer().fields)
    for part in ("threshold", "weighting"):
        assert set(answer[part]) == set(RouteAnswer().fields[part].fields)
    assert (answer["route"], answer["net"], answer["gross"]) == (
        "toms_mandatory", "180000.50", "216000.60",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"authority": ""}, "Name the authority with authority"),
        ({"authority": "nobody"}, "no organisation called 'nobody'"),
        ({"estimate": "nan"}, "estimate must be a number"),
        ({"estimate": "1,5"}, "estimate must be a number"),
        ({"vat_rate": "x"}, "vat_rate must be a number"),
        ({"other_estimate": "1"}, "at least the figure excluding VAT"),
        ({"vat_rate": "20", "other_estimate": "216000"}, "not both"),
        ({"vat": "maybe"}, "vat must be incl"),
        ({"utilities": "perhaps"}, "utilities must be yes or no"),
        ({"commenced": "2026-W10-1"}, "commenced must be a date"),
        ({"commenced": "2028-01-01"}, "no statutory threshold"),
        ({"estmate": "5"}, "no parameter called estmate"),
    ],
)
def test_bad_input_is_400_and_a_sentence(client, changes, said):
    sign_in(client)
    response = ask(client, **changes)
    assert response.status_code == 400
    assert set(response.json()) == {"error"}
    assert said in response.json()["error"]


def test_suppliers_may_not_ask(client):
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    response = ask(client)
    assert response.status_code == 403
    assert "council or combined authority" in response.json()["error"]


def test_signed_out_programs_are_told_so(client):
    assert (ask(client).status_code, ask(client).json()) == (401, {"error": "Sign in first."})


def test_only_get(client):
    sign_in(client)
    response = client.post("/api/v1/route/", ASKED)
    assert response.status_code == 405
    assert "error" in response.json()


def test_the_schema_names_every_parameter_and_answer(client):
    sign_in(client)
    response = client.get(reverse("core:schema"))
    assert response.status_code == 200
    route = json.loads(response.content)["paths"]["/api/v1/route/"]["get"]
    named = {parameter["name"] for parameter in route["parameters"]}
    assert named == {parameter.name for parameter in PARAMETERS}
    assert {"200", "400"} <= set(route["responses"])
