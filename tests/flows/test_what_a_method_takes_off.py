"""A measure whose method takes off what would have happened anyway is worth the same at every step, and says so."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from procurement.awards.queries import commitments_of
from procurement.bids.queries import my_offer, opened_bids
from procurement.deliveries.queries import claim_for
from procurement.ledger.queries import EntryFilters, entries_for, entry_rows
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.awards import awarded
from tests.factories.deliveries import claim
from tests.factories.evaluations import Ask, marked, offered, opened, published, ranked
from tests.factories.policies import load_law_and_policies
from toms.imports.services import load_measure_set
from toms.imports.services.loading import OPEN_SET

pytestmark = pytest.mark.django_db
TAKEN_OFF = ("Would have happened anyway (deadweight)", "25% taken off")


@pytest.fixture
def bench(tmp_path):
    """The open set, but a quarter of volunteering would have happened anyway; 100 hours of it are offered and won."""
    content = json.loads(OPEN_SET.read_text())
    for row in content["measures"]:
        if row["code"] == "HSC1":
            row["additionality"] = {"deadweight": "0.25"}
    source = tmp_path / "set.json"
    source.write_text(json.dumps(content))
    load_law_and_policies()
    load_measure_set(actor=SYSTEM, source=source)
    found = published(asks=(Ask("HSC1"), Ask("PLB1")))
    offered(found, 0, {"HSC1": "100", "PLB1": "1000"})
    return found


def lines(working) -> list[tuple[str, str]]:
    return [(line.label, line.shown) for line in working.lines]


def command(*options: str) -> dict:
    out = io.StringIO()
    call_command(
        "value", "--edition", "open-2026", "--measure", "HSC1", *options, "--json", stdout=out
    )
    return json.loads(out.getvalue())


def test_bid_commitment_claim_entry_page_and_command_agree(bench, client) -> None:
    asked = command("--quantity", "100", "--on", "2026-03-02")
    value = Decimal(asked["value"])
    full = Decimal(command("--quantity", "100", "--on", "2026-03-02", "--deadweight", "0")["value"])
    assert value == full * Decimal("0.75")
    assert ": ".join(TAKEN_OFF) in asked["working"]

    with clock.at(datetime(2026, 3, 5, 9, tzinfo=UTC)):
        view = my_offer(bench.bidders[0], bench.tender.pk, submitted=True)
        client.force_login(User.objects.get(pk=bench.bidders[0].user_id))
        page = client.get(reverse("procurement:bids:offer", args=[bench.tender.pk]))
        assert b"Its method takes off 25% that would have happened anyway" in page.content
    offer = {row.requirement.measure.code: row.working for row in view.lines}["HSC1"]
    assert offer.value == value
    assert TAKEN_OFF in lines(offer)
    opened(bench)
    (bid,) = opened_bids(bench.tender.pk)
    line = next(row for row in bid.lines if row.measure.code == "HSC1")
    assert line.working.value == value
    assert TAKEN_OFF in lines(line.working)

    marked(bench, bid.id, 4, 4)
    ranked(bench)
    contract = awarded(bench)
    promised = {row.measure.code: row for row in commitments_of(contract.pk)}
    assert promised["HSC1"].value == promised["HSC1"].working.value == value
    assert promised["PLB1"].value == Decimal(1000)
    assert TAKEN_OFF in lines(promised["HSC1"].working)
    assert TAKEN_OFF not in lines(promised["PLB1"].working)

    supplier = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, contract.supplier)
    with clock.at(datetime(2026, 8, 1, 9, tzinfo=UTC)):
        commitment = contract.commitments.get(measure__code="HSC1")
        sent = claim(supplier, commitment, quantity=Decimal(100), quarter=date(2026, 7, 1))
        assert sent.value_pence == int(value * 100)
        assert TAKEN_OFF in lines(claim_for(supplier, sent.pk).working)
        filters = EntryFilters(basis=Basis.CLAIMED)
        (entry,) = entry_rows(supplier, entries_for(supplier, filters))
    assert entry.value == entry.working.value == value
    assert TAKEN_OFF in lines(entry.working)

    client.force_login(user_with_role(Role.CONTRACT_MANAGER, bench.authority))
    url = reverse("toms:priorities:measure", args=["open-2026", "HSC1"])
    page = client.get(url, {"quantity": "100", "on": "2026-03-02"})
    assert page.context["answer"].lines == asked["working"]
    text = " ".join(page.content.decode().split())
    said = "This measure&#x27;s method takes off 25% that would have happened anyway (deadweight)."
    assert said in text or said.replace("&#x27;", "'") in text
    plain = client.get(reverse("toms:priorities:measure", args=["open-2026", "PLB1"]))
    assert b"method takes off" not in plain.content.split(b"Work out a value")[0]


def test_what_is_given_replaces_each_part_it_names_and_the_working_says_so(bench) -> None:
    found = command("--quantity", "100", "--deadweight", "0.1", "--leakage", "0.5")
    whole = Decimal(command("--quantity", "100", "--deadweight", "0")["value"])
    assert Decimal(found["value"]) == whole * Decimal("0.45")
    assert "Would have happened anyway (deadweight): 10% taken off" in found["working"]
    assert (
        "Given instead of the measure's own: Would have happened anyway (deadweight), 25%"
        in found["working"]
    )
    kept = command("--quantity", "100", "--leakage", "0.5")
    assert Decimal(kept["value"]) == (whole * Decimal("0.375")).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )
    assert not any("instead" in line for line in kept["working"])
