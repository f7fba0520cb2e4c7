"""The command, with the real notices of the West Midlands."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from procurement.procurements import rules
from procurement.procurements.models import Procurement, RouteDecision
from tests.procurement.procurements.test_notices.steps import routes

REAL = Path(settings.BASE_DIR).parent / "shared/data/contracts-finder-west-midlands.json"


@pytest.fixture
def real(law):
    if not REAL.exists():
        pytest.skip("the published notices are not beside this checkout")
    return str(REAL)


def command(capsys, *args):
    call_command("import_notices", *args, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_real_notices_are_taken_in_twice_with_the_same_result(real, capsys):
    rehearsed = command(capsys, real, "--create-buyers", "--dry-run")
    assert Procurement.objects.count() == 0
    first = command(capsys, real, "--create-buyers")
    assert first == rehearsed
    assert (first["read"], first["created"], first["updated"], first["unchanged"]) == (13, 10, 0, 0)
    assert {row["reason"].split(",")[0] for row in first["refused"]} == {
        "It gives no value above £0"
    }
    again = command(capsys, real, "--create-buyers")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 10)
    assert again["refused"] == first["refused"]


def test_without_new_buyers_only_known_authorities_are_taken_in(real, capsys):
    found = command(capsys, real)
    assert (found["created"], len(found["refused"])) == (4, 9)


def test_the_real_call_off_crossed_the_line(real, capsys):
    command(capsys, real)
    found = Procurement.objects.get(authority__slug="wmca")
    assert (found.estimate, found.award_value) == (Decimal("40000"), Decimal("62400"))
    assert routes(found) == [("entry", "light_touch", False), ("award", "toms_advised", True)]
    # Commenced before 24 February 2025, so the old regulations hold at the award too.
    regimes = RouteDecision.objects.filter(procurement=found).values_list(
        "threshold__regime", flat=True
    )
    assert set(regimes) == {"PCR2015"}


def test_no_real_description_keeps_a_lost_line_break(real, capsys):
    command(capsys, real, "--create-buyers")
    assert not Procurement.objects.filter(description__contains="rnrn").exists()
    assert Procurement.objects.filter(description__contains="\n\n").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["not json", "[", ""])
def test_a_bad_file_ends_with_2_and_says_why(tmp_path, capsys, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(SystemExit) as ended:
        call_command("import_notices", str(path), "--json")
    assert ended.value.code == 2
    assert "OCDS" in json.loads(capsys.readouterr().out)["error"]


def test_rules_name_every_source_of_a_date_once():
    assert len(set(rules.DATE_ORDER)) == 5
