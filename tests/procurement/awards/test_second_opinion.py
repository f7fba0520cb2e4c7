"""A contract's commitments under another edition: beside what was awarded, and nothing is changed."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse

from procurement.awards.queries import contract_opinion
from procurement.ledger.services import post_entries
from socialvalue.accounts.models import Region
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AccessRecord
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import (
    AuthorityFactory,
    SupplierFactory,
    actor_for_role,
    user_with_role,
)
from tests.factories.ledger import Promise, contract_with, measure, posting, rate
from toms.frameworks.models import Edition, Framework, Measure, Outcome, Theme
from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.priorities.models import CodeAlias, MeasureMapping
from toms.priorities.rules.opinions import Terms
from toms.proxies.models import Proxy
from toms.valuation.rules import Additionality

pytestmark = pytest.mark.django_db
D = Decimal
NEW = "the-new-edition"


def edition(slug=NEW, framework="framework-of-tests", holder=None) -> Edition:
    """A published edition, filled before it is published: the triggers let nothing in afterwards."""
    family, _ = Framework.objects.get_or_create(
        slug=framework, defaults={"name": framework, "owner": "Us", "licence": "MIT"}
    )
    return Edition.objects.create(
        framework=family, slug=slug, label=slug, valid_from=date(2026, 4, 1), holder=holder
    )


def publish(*editions: Edition) -> None:
    for row in editions:
        Edition.objects.filter(pk=row.pk).update(
            status="published", published_at="2026-04-01T00:00Z", checksum="1" * 64
        )


def put(
    there: Edition,
    code: str,
    *,
    unit="hours",
    kind=MeasureKind.PROXY,
    additionality=None,
    **amounts,
):
    """A measure with an amount a place: ``everywhere``, or a place by name."""
    theme, _ = Theme.objects.get_or_create(
        edition=there, code="T", defaults={"slug": "t", "name": "Theme", "position": 1}
    )
    outcome, _ = Outcome.objects.get_or_create(
        theme=theme, code="O", defaults={"name": "Outcome", "position": 1}
    )
    found = Measure.objects.create(
        edition=there, outcome=outcome, code=code, code_sort=code, title=f"Measure {code}",
        description="Counted.", unit=unit, kind=kind, aggregation=Aggregation.SUM,
        evidence="A letter.", counting_rule="Once.", additionality=additionality or {},
    )  # fmt: skip
    for place, amount in amounts.items():
        Proxy.objects.create(
            measure=found, place="" if place == "everywhere" else place, amount=D(amount),
            price_year="2026", source_name="Newer source", licence="OGL", method="M",
            valid_from=date(2026, 4, 1),
        )  # fmt: skip
    return found


@pytest.fixture
def w():
    """Five commitments: one re-valued, one without counterpart, one in another unit, one localised there, a rate."""
    contract, commitments = contract_with(
        Promise(measure("M1"), quantity=D("10.333"), attribution=D("33.33")),
        Promise(measure("M2"), quantity=D(4)),
        Promise(measure("M3"), quantity=D(8)),
        Promise(measure("M4"), quantity=D(2)),
        Promise(rate("R1"), quantity=D(60), unit_value=None),
    )
    there = edition()
    put(there, "M1", everywhere="20.123456789")
    put(there, "M3", unit="days", everywhere="100")
    put(there, "M4", kind=MeasureKind.LOCALISED, coventry="7.50")
    put(there, "R1", unit="%", kind=MeasureKind.RECORD_ONLY)
    publish(there, measure("M1").edition)
    contract.commitment_list = commitments
    return contract


def snapshot() -> dict[str, list[tuple]]:
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list())
        for model in apps.get_models()
        if model not in (Session, AccessRecord)
    }


def buyer(contract):
    return actor_for_role(Role.CONTRACT_MANAGER, contract.authority)


def look(contract, slug=NEW, actor=None, **terms):
    return contract_opinion(actor or buyer(contract), contract.pk, slug, Terms(**terms))


def line(found, code):
    return next(row.line for row in found.rows if row.commitment.measure.code == code)


def test_what_has_a_counterpart_is_valued_there_and_rounded_once(w):
    found = line(look(w), "M1")
    # 10.333 x 20.123456789 x 33.33% = 69.3046...
    assert found.other == (D("10.333") * D("20.123456789") * D("0.3333")).quantize(D("0.01"))
    assert found.difference == found.other - found.value
    text = [row.text for row in found.working.lines]
    assert text[0] == "Measure: M1 Measure M1, Framework, the-new-edition"
    assert "Share due to this contract: 33.33%" in text
    assert text[-1] == "Source: Newer source, 2026 prices"


def test_what_cannot_be_compared_says_why_and_is_no_zero(w):
    found = look(w)
    assert line(found, "M2").compared.reason.startswith("No counterpart in")
    assert "Counted in hours as awarded, and in days in" in line(found, "M3").compared.reason
    assert line(found, "M4").compared.reason == "No value until a place is set"
    assert line(found, "R1").compared.reason == "Counted, not valued, in either"
    for code in ("M2", "M3", "M4", "R1"):
        assert line(found, code).other is None
        assert line(found, code).difference is None
    sums = found.opinion.totals
    assert (sums.rows, sums.comparable) == (5, 1)
    assert sums.value_pence == sum(row.value_pence for row in w.commitment_list)
    assert sums.there_pence == sum(row.line.compared.other_pence or 0 for row in found.rows)


def test_a_place_is_set_for_the_look_only(w):
    found = look(w, place="coventry")
    assert line(found, "M4").other == D("15.00")
    assert "Coventry" in line(found, "M4").working.lines[-1].shown
    assert found.opinion.switched_on == [
        "Everything is valued at Coventry, wherever it was delivered."
    ]
    assert (
        line(look(w, place="rugby"), "M4").compared.reason == "No value until another place is set"
    )


def test_its_own_edition_differs_by_nothing(w):
    found = look(w, slug="measures-of-tests")
    assert {row.line.compared.difference_pence for row in found.rows} == {0, None}
    assert line(found, "R1").difference is None
    assert found.opinion.totals.difference_pence == 0
    assert found.opinion.totals.comparable == 4


def test_what_is_switched_on_is_in_every_working_and_in_the_words(w):
    terms = {"additionality": Additionality(deadweight=D("0.25")), "is_discounted": True}
    found = look(w, slug="measures-of-tests", **terms)
    text = [row.text for row in line(found, "M2").working.lines]
    assert "Would have happened anyway (deadweight): 25% taken off" in text
    assert "Falls in year 0: not discounted" in text
    assert line(found, "M2").other == D("37.50")
    assert found.is_unplanned
    assert found.opinion.switched_on == [
        "Taken off: 25% that would have happened anyway (deadweight).",
        "Later years are discounted by the Green Book schedule, 3.5% a year at first."
        " A contract's first year is year 0.",
    ]
    plain = look(w)
    assert plain.opinion.switched_on == []
    assert not any("taken off" in row.shown for row in line(plain, "M1").working.lines)


def test_an_agreed_plan_says_in_which_year_it_falls(w):
    commitment = next(row for row in w.commitment_list if row.measure.code == "M2")
    post_entries(
        actor=SYSTEM,
        postings=[
            posting(commitment, period=day, quantity=D(2), value_pence=2500)
            for day in (date(2025, 6, 1), date(2026, 6, 1))
        ],
    )
    found = line(look(w, slug="measures-of-tests", is_discounted=True), "M2")
    # 2 x £12.50 now, and 2 x £12.50 a year ahead at 3.5%.
    assert found.other == D("49.15")
    text = [row.text for row in found.working.lines]
    assert "Falls in year 0: £25, factor 1.0000" in text
    assert "Falls in year 1: £24.15, factor 0.9662" in text
    assert text[-1] == "Discounted value: £49.15"
    half = line(look(w, slug="measures-of-tests", is_discounted=True, rate=D("0.25")), "M2")
    assert half.other == D("45.00")


def test_the_method_of_the_measure_there_applies(w):
    other = edition("with-a-method")
    put(other, "M2", additionality={"leakage": "0.5"}, everywhere="10")
    publish(other)
    assert line(look(w, slug="with-a-method"), "M2").other == D("20.00")
    off = Additionality(leakage=D(0))
    assert line(look(w, slug="with-a-method", additionality=off), "M2").other == D("40.00")


def test_another_family_needs_an_alias(w):
    other = edition("of-others", framework="others")
    put(other, "X2", everywhere="30")
    put(other, "M1", everywhere="30")
    publish(other)
    assert {row.line.other for row in look(w, slug="of-others").rows} == {None}
    ours = Framework.objects.get(slug="framework-of-tests")
    CodeAlias.objects.create(framework=ours, code="M2", family="Others", alias="X2")
    found = line(look(w, slug="of-others"), "M2")
    assert (found.other, found.how) == (D("120.00"), "known there as X2")
    assert line(look(w, slug="of-others"), "M1").other is None


def test_the_crosswalk_of_the_authoritys_region_turns_units_and_says_so(w):
    region = Region.objects.create(slug="r", name="R", lead=w.authority)
    target = Measure.objects.get(edition__slug=NEW, code="M3")
    MeasureMapping.objects.create(
        region=region, source=measure("M3"), target=target, factor=D("0.125"),
        reason="A day is eight hours.", decided_at="2026-05-01T00:00Z",
    )  # fmt: skip
    found = line(look(w), "M3")
    assert found.other == D("100.00")
    assert "By the region's crosswalk: one of hours counts as 0.125 of days" in [
        row.text for row in found.working.lines
    ]
    supplier = actor_for_role(Role.SUPPLIER_ADMIN, w.supplier)
    assert line(look(w, actor=supplier), "M3").other == D("100.00")


def test_looking_changes_nothing(w, client):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    before = snapshot()
    for query in ("", f"edition={NEW}&deadweight=10&discount=on&rate=2&place=coventry"):
        assert client.get(f"{page(w)}?{query}").status_code == 200
    client.get(export(w, "xlsx"))
    after = snapshot()
    assert before
    assert {name for name in before if before[name] != after[name]} == set()
    # That a file was taken out is noted by itself (decision 0040), with no word of the contract or of what was asked.
    (access,) = AccessRecord.objects.all()
    assert access.kind == AccessKind.EXPORTED
    assert access.address == export(w, "xlsx")
    told = str(AccessRecord.objects.values_list().get())
    for word in (NEW, "Measure", "Coventry", "coventry", "10.333", "12.5"):
        assert word not in told


def page(contract) -> str:
    return reverse("procurement:awards:second_opinion", args=[contract.pk])


def export(contract, form) -> str:
    return reverse(
        "procurement:awards:second_opinion_export", kwargs={"pk": contract.pk, "form": form}
    )


def test_both_parties_may_look_and_nobody_else(w, client):
    for role, organisation, status in (
        (Role.CONTRACT_MANAGER, w.authority, 200),
        (Role.AUDITOR, w.authority, 200),
        (Role.SUPPLIER_CONTRIBUTOR, w.supplier, 200),
        (Role.CONTRACT_MANAGER, AuthorityFactory(), 404),
        (Role.SUPPLIER_ADMIN, SupplierFactory(), 404),
    ):
        client.force_login(user_with_role(role, organisation))
        assert client.get(page(w)).status_code == status, role
        assert client.get(export(w, "csv")).status_code == status, role
    client.logout()
    assert client.get(page(w)).status_code == 302


def test_an_edition_of_somebody_elses_licence_is_not_there(w, client):
    held = edition("held", framework="held", holder=AuthorityFactory())
    put(held, "M1", everywhere="1")
    publish(held)
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    assert client.get(page(w), {"edition": "held"}).status_code == 404
    assert "held" not in [
        slug for slug, _ in client.get(page(w)).context["form"].fields["edition"].choices
    ]
    with pytest.raises(NotVisible):
        look(w, slug="held")


def test_the_page_says_that_nothing_is_changed_and_lists_what_has_no_counterpart(w, client):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    text = client.get(page(w)).content.decode()
    assert "Nothing is changed: this is another view of the same deliveries." in text
    assert "M2 Measure M2: No counterpart in" in text
    assert "Of which comparable" in text
    hidden = client.get(page(w), {"counts": "1"}).content.decode().split("<main")[1]
    assert "£50" not in hidden
    wrong = client.get(page(w), {"deadweight": "lots"})
    assert wrong.context["found"] is None
    assert b"Deadweight must be a percentage" in wrong.content


def test_the_file_holds_what_the_page_shows(w, client):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    answer = client.get(export(w, "csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    codes = [row[0] for row in rows]
    assert {"M1", "M2", "M3", "M4", "R1"} <= {*codes}
    (m2,) = [row for row in rows if row[0] == "M2"]
    assert "50.00" in m2
    assert any("No counterpart" in cell for cell in m2)


def test_as_many_queries_for_one_commitment_as_for_many(w, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    single, _ = contract_with(Promise(measure("M1")), authority=w.authority)
    actor = buyer(w)
    with CaptureQueriesContext(connection) as one:
        contract_opinion(actor, single.pk, NEW, Terms())
    with django_assert_num_queries(len(one)):
        contract_opinion(actor, w.pk, NEW, Terms())
