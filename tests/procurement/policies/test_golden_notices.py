"""Real published notices, routed. The file beside this test holds the decisions, each looked at by a person.

After a deliberate change of the rule: ``GOLDEN=write pytest`` this file, then read the difference line by line.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from procurement.procurements.models import RouteDecision
from procurement.procurements.services import import_notices
from socialvalue.core.actor import SYSTEM
from tests.factories.policies import load_law_and_policies

GOLDEN = Path(__file__).parent / "golden_notices.json"
NOTICES = Path(__file__).resolve().parents[4] / "shared/data/contracts-finder-west-midlands.json"
FACTS = ("ocid", "value", "date", "route", "explanation")


def golden() -> list[dict[str, str]]:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_real_notices_get_the_route_that_was_looked_at():
    if not NOTICES.exists():
        pytest.skip("the published notices are not beside this checkout (../shared/data)")
    load_law_and_policies()
    import_notices(
        actor=SYSTEM,
        content=NOTICES.read_text(encoding="utf-8"),
        file_name=NOTICES.name,
        create_buyers=True,
    )
    found = [
        {
            "ocid": row.procurement.ocid,
            "value": row.inputs["amount"],
            "date": row.inputs["commenced_on"],
            "route": row.route,
            "explanation": row.explanation,
        }
        for row in sorted(
            RouteDecision.objects.select_related("procurement"),
            key=lambda row: (row.procurement.ocid, row.pk),
        )
    ]
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == golden()


def test_the_golden_file_holds_no_text_of_the_notices():
    rows = golden()
    assert len(rows) > 10
    assert {tuple(row) for row in rows} == {FACTS}
    assert all(row["explanation"].startswith("At £") for row in rows)


def test_the_golden_decisions_cover_every_route():
    assert {row["route"] for row in golden()} == {"light_touch", "toms_advised", "toms_mandatory"}
