"""Entry with everything that may be said: several VAT rates, a mixed contract, a utility, what it is made up of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.models import Procurement, ProcurementPart, RouteDecision
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import RuleBroken
from tests.factories.accounts import actor_for_role, actor_of, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


@pytest.fixture
def user():
    return user_with_role(Role.PROCUREMENT_OFFICER, accounts.organisation("warwickshire"))


@pytest.fixture
def officer(user):
    return actor_of(user)


@pytest.fixture
def browser(client, user):
    client.force_login(user)
    return client


def url(name, *args):
    return reverse(f"procurement:procurements:{name}", args=args)


def answers(**more):
    return {
        "title": "Grounds maintenance", "category": "services", "estimate": "180000", "estimate_basis": "excl",
        "commenced_on-day": "1", "commenced_on-month": "3", "commenced_on-year": "2026", "submission_key": "key-1",
        **more,
    }  # fmt: skip


def text(response):
    return response.content.decode().replace("&#x27;", "'")


# --- several VAT rates ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "route"), [("207719.99", "toms_advised"), ("207720", "toms_mandatory")]
)
def test_with_several_rates_the_figure_on_the_laws_basis_decides(officer, other, route):
    procurement = procurement_of(officer, estimate_other=D(other))
    decision = queries.latest_decision(procurement.pk)
    assert (decision.route, decision.net_amount, decision.gross_amount) == (
        route, D("180000"), D(other),
    )  # fmt: skip
    assert decision.inputs["vat_kind"] == "mixed"
    assert decision.inputs["amount_on_other_basis"] == str(D(other).quantize(D("0.01")))


@pytest.mark.parametrize(
    ("other", "is_kept"),
    [("179999.99", False), ("180000", True), ("360000", True), ("360000.01", False)],
)
def test_the_other_figure_is_consistent(officer, other, is_kept):
    if is_kept:
        assert procurement_of(officer, estimate_other=D(other)).estimate_other == D(other)
        return
    with pytest.raises(RuleBroken) as broken:
        procurement_of(officer, estimate_other=D(other))
    assert broken.value.errors[0][0] == "estimate_other"
    assert Procurement.objects.count() == 0


def test_one_rate_and_both_figures_contradict_each_other(officer):
    with pytest.raises(RuleBroken) as broken:
        procurement_of(officer, estimate_other=D(200000), vat_rate_percent=D(20))
    assert broken.value.errors[0][0] == "vat_rate_percent"
    found = procurement_of(officer, estimate_other=D(200000))
    with pytest.raises(IntegrityError), transaction.atomic():
        Procurement.objects.filter(pk=found.pk).update(vat_rate_percent=D(20))


def test_an_award_with_several_rates_keeps_the_proportion_and_says_so(officer):
    found = procurement_of(officer, estimate=D(100000), estimate_other=D(110000))
    services.mark_published(actor=officer, procurement_id=found.pk)
    services.mark_evaluating(actor=officer, procurement_id=found.pk)
    services.mark_awarded(
        actor=officer, procurement_id=found.pk, award_value=D(120000), award_basis="excl",
        awarded_on=date(2026, 5, 1),
    )  # fmt: skip
    decision = queries.latest_decision(found.pk)
    assert (decision.net_amount, decision.gross_amount) == (D(120000), D(132000))
    assert "in the proportion of the estimate" in decision.explanation


# --- a mixed contract, a utility, what it is made up of ---------------------------------------


def test_a_mixed_contract_counts_as_its_main_part(officer):
    parts = {"services": D(60000), "works": D(120000)}
    found = procurement_of(officer, category="services", parts=parts)
    decision = queries.latest_decision(found.pk)
    assert found.category == "works"
    assert queries.parts_by_category(found) == parts
    assert (decision.route, decision.threshold.category) == ("toms_advised", "works")
    assert decision.inputs["parts"] == "services £60,000, works £120,000"


def test_parts_that_do_not_add_up_leave_nothing(officer):
    with pytest.raises(RuleBroken, match="£10,000 less"):
        procurement_of(officer, parts={"services": D(60000), "works": D(110000)})
    assert (Procurement.objects.count(), ProcurementPart.objects.count()) == (0, 0)


def test_changing_the_parts_decides_again_and_keeps_both(officer):
    found = procurement_of(officer, parts={"services": D(60000), "works": D(120000)})
    changed = services.change_procurement(
        actor=officer, procurement_id=found.pk, expected_version=1,
        parts={"services": D(120000), "works": D(60000)},
    )  # fmt: skip
    assert changed.category == "services"
    rows = RouteDecision.objects.filter(procurement=found).order_by("id")
    assert [(row.route, row.crossed_line) for row in rows] == [
        ("toms_advised", False),
        ("toms_mandatory", True),
    ]
    single = services.change_procurement(
        actor=officer, procurement_id=found.pk, expected_version=2, parts={}, category="goods"
    )
    assert (single.category, queries.parts_by_category(single)) == ("goods", {})


def test_a_new_estimate_must_fit_the_parts_that_stay(officer):
    found = procurement_of(officer, parts={"services": D(60000), "works": D(120000)})
    with pytest.raises(RuleBroken, match="£10,000 less than the estimate"):
        services.change_procurement(
            actor=officer, procurement_id=found.pk, expected_version=1, estimate=D(190000)
        )


def test_a_utility_is_held_against_its_own_line(officer):
    found = procurement_of(officer, estimate=D(200000), is_utilities=True)
    decision = queries.latest_decision(found.pk)
    assert (decision.route, decision.threshold.authority_type.startswith("utility")) == (
        "toms_advised",
        True,
    )
    assert decision.inputs["is_utilities"] == "yes"
    services.change_procurement(
        actor=officer, procurement_id=found.pk, expected_version=1, is_utilities=False
    )
    assert queries.latest_decision(found.pk).crossed_line


def test_what_an_estimate_is_made_up_of_is_kept_and_held_by_the_database(officer):
    found = procurement_of(officer, estimate_initial=D(100000), estimate_extensions=D(80000))
    assert found.estimate_options == D(0)
    assert queries.latest_decision(found.pk).inputs["estimate_extensions"] == "80000.00"
    with pytest.raises(IntegrityError), transaction.atomic():
        Procurement.objects.filter(pk=found.pk).update(estimate=D(1))


# --- the form ---------------------------------------------------------------------------------


def test_the_form_keeps_every_optional_answer_and_shows_it_again(browser):
    sent = answers(
        vat_kind="mixed", estimate_other="200000", is_utilities="on", is_mixed="on", part_goods="100000",
        part_services="80000", has_makeup="on", estimate_initial="150000", estimate_options="30000",
    )  # fmt: skip
    assert browser.post(url("new"), sent).status_code == 302
    found = Procurement.objects.get()
    assert (found.category, found.estimate_other, found.is_utilities) == ("goods", D(200000), True)
    assert (found.estimate_initial, found.estimate_extensions, found.estimate_options) == (
        D(150000), D(0), D(30000),
    )  # fmt: skip
    form = browser.get(url("edit", found.pk)).context["form"]
    assert form.shows_optional
    shown = {
        name: form[name].value() for name in ("vat_kind", "is_mixed", "has_makeup", "part_goods")
    }
    assert shown == {
        "vat_kind": "mixed",
        "is_mixed": True,
        "has_makeup": True,
        "part_goods": "100,000",
    }


def test_saving_the_change_form_untouched_changes_nothing(browser, officer):
    found = procurement_of(
        officer, estimate_other=D(200000), parts={"goods": D(1), "services": D(179999)}
    )
    sent = answers(
        vat_kind="mixed", estimate_other="200000", is_mixed="on", part_goods="1", part_services="179999",
        version="1",
    )  # fmt: skip
    assert browser.post(url("edit", found.pk), sent).status_code == 302
    found.refresh_from_db()
    assert (found.version, found.decisions.count()) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "kept"), [("unknown", None), ("known", D("5")), ("exempt", D(0)), ("", D("5"))]
)
def test_the_kind_of_vat_says_which_rate_is_kept(browser, kind, kept):
    browser.post(url("new"), answers(vat_kind=kind, vat_rate_percent="5"))
    assert Procurement.objects.get().vat_rate_percent == kept


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"vat_kind": "known"}, "Enter the VAT rate, like 20"),
        ({"vat_kind": "mixed"}, "Enter the estimate on the other VAT basis"),
        ({"vat_kind": "mixed", "estimate_other": "1"}, "at least the figure excluding VAT"),
        ({"is_mixed": "on"}, "Enter the amount of each part"),
        ({"is_mixed": "on", "part_goods": "180000"}, "at least two parts"),
        ({"is_mixed": "on", "part_goods": "1", "part_works": "2"}, "£179,997 less than"),
        ({"has_makeup": "on", "estimate_initial": "1"}, "£179,999 less than"),
    ],
)
def test_a_wrong_figure_says_how_to_mend_it_and_stands_open(browser, wrong, said):
    response = browser.post(url("new"), answers(**wrong))
    assert response.status_code == 422
    assert said in text(response)
    assert Procurement.objects.count() == 0


def test_what_is_not_ticked_is_not_kept(browser):
    sent = answers(
        part_goods="1", estimate_initial="5", estimate_other="200000", vat_kind="unknown"
    )
    assert browser.post(url("new"), sent).status_code == 302
    found = Procurement.objects.get()
    assert (found.estimate_initial, found.estimate_other, found.parts.count()) == (None, None, 0)


def test_the_advice_follows_them_too(browser):
    sent = answers(vat_kind="mixed", estimate_other="200000", is_mixed="on", part_goods="100000",
                   part_services="80000")  # fmt: skip
    page = text(browser.get(url("advice"), sent))
    assert "£180,000 excluding VAT, £200,000 including VAT" in page
    assert "its main subject" in page
    assert "threshold for goods" in page


# --- similar procurements ---------------------------------------------------------------------


def test_the_advice_and_the_page_warn_of_similar_ones_that_cross_a_line_together(browser, officer):
    first = procurement_of(officer, title="Window cleaning of schools", estimate=D(30000))
    sent = answers(title="School window cleaning", estimate="20000")
    page = text(browser.get(url("advice"), sent))
    assert "Similar procurements cross a line together" in page
    assert "£50,000 excluding VAT" in page
    assert reverse("procurement:threads:procurement", args=[first.pk]) in page
    assert "Similar procurements" not in text(
        browser.get(url("advice"), {**sent, "estimate": "19999.99"})
    )
    assert browser.post(url("new"), sent).status_code == 302, "a warning holds nothing back"
    second = Procurement.objects.exclude(pk=first.pk).get()
    thread = reverse("procurement:threads:procurement", args=[second.pk])
    assert "Similar procurements cross a line together" in text(browser.get(thread))
    again = text(browser.get(url("advice"), {**sent, "own": second.pk}))
    assert again.count("School window cleaning") == 0, "it is not similar to itself"


@pytest.mark.parametrize("own", ["x", "-1", "9" * 40, "²"])
def test_an_odd_address_of_the_advice_is_no_error(browser, own):
    assert browser.get(url("advice"), answers(own=own)).status_code == 200


def test_both_figures_stand_beside_every_decision(browser, officer):
    found = procurement_of(officer)
    services.change_procurement(
        actor=officer, procurement_id=found.pk, expected_version=1, estimate=D(181000)
    )
    page = text(browser.get(reverse("procurement:threads:procurement", args=[found.pk])))
    for figures in ("£180,000 excluding VAT, £216,000", "£181,000 excluding VAT, £217,200"):
        assert f"{figures} including VAT; compared including VAT" in page


def test_another_authoritys_and_withdrawn_ones_are_never_named(browser, officer):
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    procurement_of(stranger, title="Window cleaning of schools", estimate=D(30000))
    gone = procurement_of(officer, title="Window cleaning of schools", estimate=D(30000))
    services.withdraw_procurement(actor=officer, procurement_id=gone.pk, reason="No budget")
    page = text(
        browser.get(url("advice"), answers(title="School window cleaning", estimate="20000"))
    )
    assert "Light touch" in page
    assert "Similar procurements" not in page


def test_the_warning_costs_one_query_however_many_there_are(officer, django_assert_num_queries):
    for number in range(5):
        procurement_of(officer, title=f"Window cleaning of schools {number}", estimate=D(9000))
    found = procurement_of(officer, title="Window cleaning of schools", estimate=D(9000))
    result = queries.advice_for(officer, found.pk)
    with django_assert_num_queries(1):
        together = queries.similar_to(officer, result, title=found.title, cpv="", own_id=found.pk)
    assert len(together.others) == 5
