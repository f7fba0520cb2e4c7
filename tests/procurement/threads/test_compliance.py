"""The register of whether routes were followed: who sees it, what it counts, that its figures open to their rows."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.procurements.models import RouteDeviation
from procurement.procurements.services import finish_light_touch, withdraw_procurement
from procurement.threads.queries import RegisterFilter, compliance_register, stages
from procurement.threads.vocabulary import Followed
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import AFTER, WRITTEN, published, reference_data
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


def officer_of(slug: str):
    return actor_for_role(Role.PROCUREMENT_OFFICER, organisation(slug))


def entered(officer, **values):
    with clock.at(WRITTEN):
        return procurement_of(officer, **({"estimate": Decimal(20_000)} | values))


def noted(officer, **values):
    found = entered(officer, **values)
    with clock.at(AFTER):
        finish_light_touch(
            actor=officer, procurement_id=found.pk, considered="Local firms first.", objectives=[],
            quotations_sought=3, local_quotations=2, chosen_supplier="A firm",
            chosen_value=Decimal(19_000), is_local_or_sme=True, agreed="",
        )  # fmt: skip
    return found


def register(actor, **wanted):
    with clock.at(AFTER):
        return compliance_register(actor, RegisterFilter(**wanted))


def outcomes(found) -> dict[int, Followed]:
    return {line.id: line.verdict.followed for line in found.lines}


def test_each_procurement_stands_with_its_outcome():
    officer = officer_of("warwickshire")
    done, waiting = noted(officer), entered(officer)
    late = entered(officer, starts_on=WRITTEN.date())
    assert outcomes(register(officer)) == {
        done.pk: Followed.FOLLOWED,
        waiting.pk: Followed.NOT_DUE,
        late.pk: Followed.NOT_FOLLOWED,
    }


def test_a_published_mandatory_tender_follows_its_route():
    bench = published()
    assert outcomes(register(bench.officer)) == {bench.procurement.pk: Followed.FOLLOWED}


def test_a_reason_told_afterwards_explains():
    officer = officer_of("warwickshire")
    late = entered(officer, starts_on=WRITTEN.date())
    RouteDeviation.objects.create(
        procurement_id=late.pk, reason="An emergency", recorded_by_id=officer.user_id,
        recorded_at=WRITTEN,
    )  # fmt: skip
    (line,) = register(officer).lines
    assert (line.verdict.followed, line.verdict.reasons) == (Followed.EXPLAINED, ["An emergency"])
    with clock.at(AFTER):
        assert stages(officer, late.pk).verdict == line.verdict


def test_withdrawn_ones_are_left_out():
    officer = officer_of("warwickshire")
    gone = entered(officer)
    with clock.at(AFTER):
        withdraw_procurement(actor=officer, procurement_id=gone.pk, reason="No longer needed")
    assert register(officer).lines == []


def test_another_authority_sees_none_of_it():
    theirs = entered(officer_of("warwickshire"))
    other = officer_of("coventry")
    assert register(other).lines == []
    with pytest.raises(NotVisible):
        stages(other, theirs.pk)


def test_the_shares_are_of_what_is_listed_and_leave_out_what_is_not_due():
    officer = officer_of("warwickshire")
    noted(officer, directorate="Highways")
    entered(officer, directorate="Highways", starts_on=WRITTEN.date())
    entered(officer, directorate="Care")
    entered(officer)
    found = register(officer)
    assert (found.share.complying, found.share.judged, found.share.total) == (1, 2, 4)
    assert [(row.label, row.share.percent) for row in found.by_directorate] == [
        ("Care", None),
        ("Highways", Decimal(50)),
        ("No directorate recorded", None),
    ]
    assert sum(row.share.total for row in found.by_month) == 4


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ({"directorate": "Highways"}, 2),
        ({"directorate": "-"}, 1),
        ({"followed": "not_followed"}, 1),
        ({"route": "toms_mandatory"}, 0),
        ({"q": "nothing like it"}, 0),
        ({"year": FinancialYear.of(WRITTEN.date())}, 3),
        ({"year": FinancialYear(2015)}, 0),
        ({"month": date(2016, 1, 1)}, 0),
    ],
)
def test_it_is_narrowed(wanted, number):
    officer = officer_of("warwickshire")
    noted(officer, directorate="Highways")
    entered(officer, directorate="Highways", starts_on=WRITTEN.date())
    entered(officer)
    assert len(register(officer, **wanted).lines) == number


@pytest.mark.parametrize(("sort", "first"), [("title", "A road"), ("-title", "B road")])
def test_it_is_sorted(sort, first):
    officer = officer_of("warwickshire")
    entered(officer, title="B road")
    entered(officer, title="A road")
    assert register(officer, sort=sort).lines[0].title == first


def test_its_queries_do_not_grow_with_its_rows():
    officer = officer_of("warwickshire")
    entered(officer)
    with CaptureQueriesContext(
        connection,
    ) as few:
        register(officer)
    for _ in range(5):
        noted(officer)
    with CaptureQueriesContext(connection) as many:
        register(officer)
    assert len(many) == len(few)


# --- pages ------------------------------------------------------------------------------------


def get(client, actor, address):
    client.force_login(
        User.objects.get(pk=actor.user_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    with clock.at(AFTER):
        return client.get(address)


PAGE = "procurement:threads:compliance"


def test_every_figure_of_the_page_opens_to_as_many_rows(client):
    officer = officer_of("warwickshire")
    noted(officer, directorate="Highways")
    entered(officer, directorate="Highways", starts_on=WRITTEN.date())
    entered(officer)
    page = get(client, officer, reverse(PAGE) + "?year=all")
    for outcome in page.context["outcomes"]:
        opened = get(client, officer, f"{reverse(PAGE)}?year=all&followed={outcome['key']}")
        assert opened.context["page"].paginator.count == outcome["number"]
    links = re.findall(r'href="(\?[^"]*(?:directorate|month)=[^"]*)"', page.content.decode())
    groups = [*page.context["register"].by_directorate, *page.context["register"].by_month]
    counts = [
        get(client, officer, reverse(PAGE) + link.replace("&amp;", "&"))
        .context["page"]
        .paginator.count
        for link in links
    ]
    assert counts == [row.share.total for row in groups]


@pytest.mark.parametrize(
    "query", ["year=1066-67", "month=13", "followed=x", "sort=x", "page=999", "directorate=Nobody"]
)
def test_what_cannot_be_read_narrows_nothing(client, query):
    officer = officer_of("warwickshire")
    noted(officer)
    response = get(client, officer, f"{reverse(PAGE)}?{query}")
    assert response.status_code == 200


@pytest.mark.parametrize("query", ["", "route=light_touch", "year=1066-67", "year=all"])
def test_the_box_of_the_year_says_what_is_shown(client, query):
    officer = officer_of("warwickshire")
    noted(officer)
    page = get(client, officer, f"{reverse(PAGE)}?{query}")
    form = page.context["filter_form"]
    chosen = "all" if query == "year=all" else form.this_year.slug
    shown = re.search(r'<option value="([^"]+)" selected', page.content.decode())
    assert (shown.group(1), form["year"].value()) == (chosen, chosen)


def test_suppliers_have_no_register(client):
    supplier = actor_for_role(Role.SUPPLIER_ADMIN)
    assert get(client, supplier, reverse(PAGE)).status_code == 403


def test_the_download_is_what_is_filtered(client):
    officer = officer_of("warwickshire")
    noted(officer, title="Kept")
    entered(officer, title="Left out")
    address = reverse("procurement:threads:compliance_export", args=["csv"])
    response = get(client, officer, f"{address}?year=all&followed=followed")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["Title"], row["Route followed"]) for row in rows] == [("Kept", "Followed")]
    workbook = get(client, officer, reverse("procurement:threads:compliance_export", args=["xlsx"]))
    assert workbook.content[:2] == b"PK"
