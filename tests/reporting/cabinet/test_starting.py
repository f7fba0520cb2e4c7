"""Starting a report: by kind, by template, for a period and a place; with words that the figures fill."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from procurement.procurements.models import Procurement
from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport
from reporting.cabinet.queries.reports import problems_of, sections_of
from reporting.cabinet.queries.starting import start_page
from reporting.cabinet.rules import words
from reporting.cabinet.rules.forms import form_of
from reporting.cabinet.vocabulary import ReportKind
from socialvalue.accounts.models import Region
from socialvalue.accounts.vocabulary import OrganisationKind, Role
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import (
    AuthorityFactory,
    MembershipFactory,
    actor_for_role,
    actor_of,
    user_with_role,
)
from tests.factories.cabinet import NOW, YEAR, reported
from tests.factories.reporting import browser

pytestmark = pytest.mark.django_db
MEETING = date(2026, 9, 9)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def start(actor, **facts):
    given = {"financial_year": YEAR, "meeting_on": MEETING}
    return services.start_report(actor=actor, **(given | facts))


def texts(report):
    return {row.kind: row.narrative for row in sections_of(report.pk)}


def analyst_and_author(slug="region"):
    """Somebody of an authority that leads a region, who may see its figures and write its report."""
    lead = AuthorityFactory(kind=OrganisationKind.COMBINED_AUTHORITY)
    region = Region.objects.create(slug=slug, name=f"The {slug}", lead=lead)
    user = user_with_role(Role.REPORT_AUTHOR, lead)
    MembershipFactory(user=user, organisation=lead, role=Role.REGIONAL_ANALYST)
    return actor_of(user, lead), region


@pytest.mark.parametrize(
    "kind", [ReportKind.CABINET, ReportKind.ANNUAL, ReportKind.SUMMARY, ReportKind.STATEMENT]
)
def test_a_report_of_the_whole_authority_is_ready_to_be_frozen(kind):
    world = reported()
    report = start(world.author, kind=kind)
    form = form_of(kind)
    assert (report.kind, report.committee) == (kind, form.committee)
    assert report.sign_off_steps == list(form.sign_off_steps)
    assert [row["role"] for row in report.contacts] == list(form.contact_roles)
    assert [row.heading for row in sections_of(report.pk)] == [s.heading for s in form.sections]
    assert problems_of(sections_of(report.pk)) == []
    assert "2025 to 2026" in report.title


def test_the_words_fit_what_the_figures_say():
    told = texts(start(reported().author))
    # Nothing was verified of the tonnes, and no cost and no remedy were recorded.
    assert "None has been verified yet" in told["environmental"]
    assert "No cost of overseeing" in told["financial"]
    assert "No remedy" in told["financial"]
    assert [row.typed for row in words.exhibits(told["executive_summary"])] == [
        "{chart:themes}",
        "{table:themes}",
    ]


def test_an_authority_without_a_contract_gets_words_that_hold_too():
    author = actor_for_role(Role.REPORT_AUTHOR)
    report = start(author)
    told = texts(report)
    assert problems_of(sections_of(report.pk)) == []
    assert "verified_share" not in told["executive_summary"]
    assert "No avoided greenhouse gas emissions" in told["environmental"]


def test_a_directorates_pack_is_about_one_quarter_of_one_directorate():
    world = reported()
    Procurement.objects.filter(pk=world.contract.procurement_id).update(directorate="Highways")
    report = start(world.author, kind=ReportKind.DIRECTORATE, quarter=1, directorate="Highways")
    assert (report.quarter, report.directorate) == (1, "Highways")
    assert report.title == "Social value of Highways, 2025 to 2026, quarter 1"
    told = texts(report)
    assert "contracts of Highways in 2025 to 2026, quarter 1" in told["position"]
    assert "2025 to 2026, quarter 2" in told["actions"]
    assert problems_of(sections_of(report.pk)) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"quarter": 1, "directorate": "Gardens"}, "directorate"),
        ({"quarter": 1}, "directorate"),
        ({"directorate": "Highways"}, "quarter"),
        ({"quarter": 5, "directorate": "Highways"}, "quarter"),
        # Quarter 4 of 2025-26 begins on 1 January 2026.
        ({"quarter": 4, "directorate": "Highways"}, "quarter"),
    ],
)
def test_a_pack_without_its_quarter_or_directorate_is_refused(facts, field):
    world = reported()
    Procurement.objects.filter(pk=world.contract.procurement_id).update(directorate="Highways")
    other = reported()
    Procurement.objects.filter(pk=other.contract.procurement_id).update(directorate="Gardens")
    with pytest.raises(RuleBroken) as refused:
        start(world.author, kind=ReportKind.DIRECTORATE, **facts)
    assert refused.value.errors[0][0] == field
    assert not CabinetReport.objects.exists()


def test_the_report_of_a_region_is_for_who_leads_it_and_may_see_its_figures():
    actor, region = analyst_and_author()
    report = start(actor, kind=ReportKind.REGION, region=region.slug)
    assert report.region_id == region.pk
    assert region.name in report.title
    assert problems_of(sections_of(report.pk)) == []
    _, other = analyst_and_author("other")
    with pytest.raises(NotVisible):
        start(actor, kind=ReportKind.REGION, region=other.slug)
    # An author who is no analyst of the region, and an author of another authority.
    with pytest.raises(NotVisible):
        start(
            actor_for_role(Role.REPORT_AUTHOR, region.lead),
            kind=ReportKind.REGION,
            region=region.slug,
        )
    with pytest.raises(NotVisible):
        start(actor_for_role(Role.REPORT_AUTHOR), kind=ReportKind.REGION, region=region.slug)


def test_who_may_read_the_draft_of_a_region_reads_its_figures():
    actor, region = analyst_and_author()
    report = start(actor, kind=ReportKind.REGION, region=region.slug)
    page = reverse("reporting:cabinet:html", args=[report.pk])
    approver = browser(actor_for_role(Role.APPROVER, region.lead))
    assert approver.get(page).status_code == 200
    assert approver.get(reverse("reporting:cabinet:report", args=[report.pk])).status_code == 200
    assert browser(actor_for_role(Role.APPROVER)).get(page).status_code == 404
    # Another authority leads the region now: its figures are told to nobody of the old one.
    Region.objects.filter(pk=region.pk).update(lead=AuthorityFactory())
    assert approver.get(page).status_code == 404


def test_a_kind_without_quarters_is_about_the_whole_year():
    assert start(reported().author, quarter=2).quarter is None


def test_an_unknown_kind_is_refused():
    with pytest.raises(RuleBroken) as refused:
        start(reported().author, kind="novel")
    assert refused.value.errors[0][0] == "kind"


def test_a_title_of_ones_own_is_kept():
    assert start(reported().author, title=" My   report ").title == "My report"
    assert start(reported().author, title="  ").title == "Social value annual report 2025 to 2026"


# --- from a template ----------------------------------------------------------------------------


def test_a_template_gives_its_headings_words_roles_and_route():
    world = reported()
    template = services.copy_form(actor=world.author, name="Resources", kind=ReportKind.CABINET)
    services.change_template(
        actor=world.author,
        template_id=template.pk,
        expected_version=1,
        name="Resources",
        committee="Resources Committee",
        sections=[
            services.TemplateSection("executive_summary", "Summary", True),
            services.TemplateSection("", "Legal implications", True),
        ],
        contact_roles=["Author"],
        sign_off_steps=["legal"],
        needs_sign_off=True,
    )
    services.write_template_section(
        actor=world.author,
        template_id=template.pk,
        kind="legal_implications",
        expected_version=2,
        narrative="The {committee} reads of {period} and {verified_total} of {organisation}.",
    )
    report = start(world.author, template_id=template.pk)
    assert (report.template_id, report.kind) == (template.pk, ReportKind.CABINET)
    assert report.committee == "Resources Committee"
    assert report.needs_sign_off
    assert report.sign_off_steps == ["legal"]
    assert [row["role"] for row in report.contacts] == ["Author"]
    assert [(row.heading, row.is_numbered) for row in sections_of(report.pk)] == [
        ("Summary", True),
        ("Legal implications", True),
    ]
    assert texts(report)["legal_implications"] == (
        "The Resources Committee reads of 2025 to 2026 and {verified_total} of "
        f"{world.authority.name}."
    )
    assert "{period}" not in texts(report)["executive_summary"]


def test_a_template_that_is_archived_or_anothers_starts_nothing():
    mine, other = reported().author, actor_for_role(Role.REPORT_AUTHOR)
    template = services.copy_form(actor=mine, name="Ours", kind=ReportKind.ANNUAL)
    with pytest.raises(NotVisible):
        start(other, template_id=template.pk)
    services.archive_template(actor=mine, template_id=template.pk, expected_version=1)
    with pytest.raises(NotVisible):
        start(mine, template_id=template.pk)


# --- the page -----------------------------------------------------------------------------------


def test_the_page_offers_the_kinds_that_can_be_started_here():
    world = reported()
    page = start_page(world.author, TODAY)
    assert page.chosen.form.kind == ReportKind.CABINET
    assert [row.form.kind for row in page.choices] == [
        kind for kind in ReportKind.values if kind != ReportKind.REGION
    ]
    assert (page.first_year, page.quarters) == ("2024-25", ())
    assert page.title == "Social value annual report 2024 to 2025"
    actor, region = analyst_and_author()
    regional = start_page(actor, TODAY, kind="region")
    assert regional.regions == ((region.slug, region.name),)
    assert regional.quarters[0] == ("1", "Quarter 1")


def test_the_page_of_a_pack_names_the_directorates_and_the_quarter_that_ended_last():
    world = reported()
    assert "No procurement" in start_page(world.author, TODAY, kind="directorate").missing
    Procurement.objects.filter(pk=world.contract.procurement_id).update(directorate="Highways")
    page = start_page(world.author, TODAY, kind="directorate")
    assert page.missing == ""
    assert page.directorates == ("Highways",)
    # On 6 October 2025 that is July to September.
    assert (page.first_year, page.first_quarter) == ("2025-26", "2")
    in_april = start_page(world.author, date(2025, 4, 2), kind="directorate")
    assert (in_april.first_year, in_april.first_quarter) == ("2024-25", "4")


def test_the_page_offers_ones_own_templates_and_no_others():
    world = reported()
    template = services.copy_form(actor=world.author, name="Ours", kind=ReportKind.ANNUAL)
    page = start_page(world.author, TODAY, template=str(template.pk))
    assert (page.chosen.name, page.chosen.template_id) == ("Ours", template.pk)
    for asked in ({"template": str(template.pk)}, {"template": "x"}, {"kind": "novel"}):
        with pytest.raises(NotVisible):
            start_page(actor_for_role(Role.REPORT_AUTHOR), TODAY, **asked)
    with pytest.raises(NotAllowed):
        start_page(world.manager, TODAY)
