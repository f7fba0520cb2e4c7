"""What a report holds: figures with references and rows, only the exhibits its words name, the annex of all of it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.deliveries.models import Claim
from procurement.procurements.models import Procurement
from procurement.remedies.services import record_cost
from procurement.verifications.services import correct_claim
from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.queries.building import content_of, exhibits_with_rows, reading_of
from reporting.cabinet.queries.exhibits.registry import BUILDERS
from reporting.cabinet.queries.reports import sections_of
from reporting.cabinet.rules.annex import annex_tables, figures_table
from reporting.cabinet.rules.behind import disagreements
from reporting.cabinet.rules.content import canonical, hash_of, report_view, table_of
from reporting.cabinet.rules.exhibits import EXHIBITS, About, exhibits_of, has_exhibit
from reporting.figures.rules.positions import by_measure
from reporting.rollups.services import drain
from socialvalue.accounts.models import RegionMembership
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.money import from_pence
from tests.factories import remedies, showcase
from tests.factories.accounts import (
    AuthorityFactory,
    MembershipFactory,
    actor_for_role,
    actor_of,
    user_with_role,
)
from tests.factories.cabinet import NOW, draft, reported
from tests.factories.reporting import region_with

pytestmark = pytest.mark.django_db
LEDGER = {
    "committed_total": "Committed entries",
    "claimed_total": "Claimed entries",
    "evidenced_total": "Evidenced entries",
    "verified_total": "Verified entries",
}


def built(actor, report, **more):
    with clock.at(NOW):
        reading = reading_of(actor, report)
        return content_of(report, sections_of(report.pk), reading, NOW, **more)


def written(report, *texts):
    """The report with these sections instead of its own."""
    CabinetSection.objects.filter(report=report).delete()
    for position, text in enumerate(texts, start=1):
        CabinetSection.objects.create(
            report=report,
            kind=f"part-{position}",
            heading=f"Part {position}",
            is_numbered=True,
            position=position,
            narrative=text,
        )
    return report


def figure(content, name):
    return next(row for row in content["figures"] if row["name"] == name)


def money_of(table):
    """The sum of the column of pounds."""
    place = [column.heading for column in table.columns].index("Value (£)")
    return sum((row[place] or Decimal(0) for row in table.rows), Decimal(0))


def test_references_follow_the_order_of_use_in_text_and_tables():
    world = reported()
    report = written(
        draft(world.author),
        "{verified_total} of {committed_total}, and {verified_total} again.\n\n{table:themes}",
        "{contracts_live}",
    )
    content = built(world.author, report)
    used = [(row["ref"], row["name"]) for row in content["figures"] if row["is_used"]]
    assert used == [
        ("F1", "verified_total"),
        ("F2", "committed_total"),
        ("F3", "claimed_total"),
        ("F4", "evidenced_total"),
        ("F5", "verified_share"),
        ("F6", "contracts_live"),
    ]
    assert len({row["ref"] for row in content["figures"]}) == len(content["figures"]) > 20
    view = report_view(content)
    text = view.sections[0].blocks[0].text
    assert [(piece.text, piece.ref) for piece in text] == [
        ("£750", "F1"),
        (" of ", ""),
        ("£11,000", "F2"),
        (", and ", ""),
        ("£750", "F1"),
        (" again.", ""),
    ]
    assert [cell.ref for cell in view.sections[0].blocks[1].total] == [
        "",
        "F2",
        "F3",
        "F4",
        "F1",
        "F5",
    ]
    assert [row.anchor for row in view.definitions] == [f"figure-f{n}" for n in range(1, 7)]


def test_only_exhibits_that_the_words_name_are_kept():
    world = reported()
    report = written(draft(world.author), "A line.\n\n{chart:themes | Our own caption}")
    content = built(world.author, report)
    assert list(content["exhibits"]["chart"]) == ["themes"]
    assert content["exhibits"]["table"] == content["exhibits"]["story"] == {}
    (chart,) = report_view(content).sections[0].blocks[1:]
    assert (chart.label, chart.title) == ("Chart 1", "Our own caption")
    assert chart.table is not None, "a chart whose table does not follow brings its figures"
    assert chart.table.rows[0].cells[1].text == "£5,000"


@pytest.mark.parametrize("name", ["measures", "environment"])
def test_a_table_of_measures_tells_each_base_under_its_own_heading(name):
    """Against the position itself: a column more on the dashboards moves nothing here."""
    world = reported()
    author, report = world.author, written(draft(world.author), f"{{table:{name}}}")
    with clock.at(NOW):
        lines = {line.measure.label: line for line in by_measure(reading_of(author, report).now)}
    shown = table_of(built(author, report)["exhibits"]["table"][name]["money"])
    heads = [column.heading for column in shown.columns]
    assert heads == ["Measure", "Unit", "Committed", "Committed (£)", "Verified", "Verified (£)"]
    assert shown.rows
    for label, unit, committed, committed_pounds, verified, verified_pounds in shown.rows:
        line = lines[str(label)]
        pence = line.pence if line.is_valued else None
        assert unit == line.measure.unit
        assert (committed, verified) == (line.committed, line.verified)
        assert committed_pounds == (from_pence(pence.committed) if pence else None)
        assert verified_pounds == (from_pence(pence.verified) if pence else None)


def test_an_exhibit_without_rows_says_so_and_one_that_is_unknown_stays_as_typed():
    world = reported()
    report = written(draft(world.author), "{table:shortfalls}\n\n{table:members}\n\n{story:none}")
    blocks = report_view(built(world.author, report)).sections[0].blocks
    assert ["".join(piece.text for piece in block.text) for block in blocks] == [
        "No shortfall stood in this period.",
        "{table:members}",
        "{story:none}",
    ]


@pytest.mark.parametrize("counts_only", [False, True])
def test_the_annex_adds_up_to_the_figures_after_a_correction(counts_only):
    world = reported()
    reported()  # another authority, whose rows must not be here
    claim = Claim.objects.get(commitment=world.commitments[0])
    with clock.at(NOW):
        correct_claim(
            actor=world.manager, claim_id=claim.pk, quantity=Decimal("40.5"), reason="Twice."
        )
        drain()
    content = built(world.author, draft(world.author))
    assert disagreements(content) == []
    tables = {table.caption: table for table in annex_tables(content, counts_only=counts_only)}
    for name, sheet in LEDGER.items():
        row = figure(content, name)
        assert len(tables[sheet].rows) == row["rows"]["count"]
        if not counts_only:
            assert money_of(tables[sheet]) == Decimal(row["value"])
    verified = tables["Verified entries"]
    heads = [column.heading for column in verified.columns]
    assert [row[heads.index("Reason")] for row in verified.rows] == ["", "Twice.", "Twice."]
    assert ("Value (£)" in heads) is not counts_only
    assert figure(content, "verified_total")["value"] == "506.25"
    listed = [row[1] for row in figures_table(content, counts_only=counts_only).rows]
    assert ("verified_total" in listed) is not counts_only
    assert "contracts_live" in listed


def test_the_same_content_gives_the_same_hash_and_reads_back():
    world = reported()
    report = draft(world.author)
    once, again = built(world.author, report), built(world.author, report)
    assert canonical(once) == canonical(again)
    assert hash_of(json.loads(canonical(once))) == hash_of(once)


def test_a_content_for_the_pages_has_no_rows_and_reads_the_same():
    world = reported()
    report = draft(world.author)
    whole, bare = built(world.author, report), built(world.author, report, is_whole=False)
    assert bare["entries"] is None
    assert bare["annex"] == []
    assert bare["foi"] is None
    assert report_view(bare).sections[0] == report_view(whole).sections[0]


def test_counts_only_shows_no_pounds_of_social_value_and_keeps_prices():
    world = reported()
    with clock.at(NOW):
        record_cost(
            actor=world.manager, month=date(2025, 5, 1), what="Checks", amount=Decimal("12.50")
        )
    report = written(
        draft(world.author), "{committed_total} for {oversight_cost}.\n\n{table:overseeing}"
    )
    paragraph, table = report_view(built(world.author, report), counts_only=True).sections[0].blocks
    assert "".join(piece.text for piece in paragraph.text) == "(£ not shown) for £12.50."
    assert [cell.text for cell in table.columns] == [
        "Quarter",
        "Hours of overseeing",
        "Cost of overseeing (£)",
    ]
    assert [cell.text for cell in table.total] == ["Total", "0", "£12.50"]


def test_a_shortfall_is_told_with_its_recovery_action_quoted():
    world = remedies.short()
    with clock.at(remedies.NOW):
        row = remedies.raised(world)
        remedies.a_plan(world, row)
        drain()
    author = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    report = written(draft(author), "{shortfalls_count}\n\n{table:shortfalls}")
    with clock.at(remedies.NOW):
        content = content_of(
            report, sections_of(report.pk), reading_of(author, report), remedies.NOW
        )
    assert disagreements(content) == []
    table = report_view(content).sections[0].blocks[1]
    (cells,) = [[cell.text for cell in line.cells] for line in table.rows]
    assert cells[3] == (
        "“Two more sessions a month” (Site manager, by 31 December 2025). "
        "Recovered by 31 March 2026, proposed and not agreed yet"
    )
    assert cells[1:3] == ["20 hours", "£250"]
    assert figure(content, "shortfalls_unfinished")["shown"] == "1"


def test_a_story_is_shown_with_its_consent_and_another_authoritys_is_not():
    world = reported()
    story = showcase.told(showcase.author_of(world.authority), contract_id=world.contract.pk)
    other = reported()
    text = f"{{story:{story.slug}}}"
    (block,) = (
        report_view(built(world.author, written(draft(world.author), text))).sections[0].blocks
    )
    assert (block.label, block.title, block.supplier) == (
        "Story 1",
        story.title,
        world.supplier.name,
    )
    assert block.consent == (
        "Everybody who can be recognised in this story agreed that it is told. Published on 6 May 2026."
    )
    (typed,) = (
        report_view(built(other.author, written(draft(other.author), text))).sections[0].blocks
    )
    assert typed.what == "paragraph"


def test_a_directorates_pack_holds_its_own_contracts_alone():
    world = reported()
    report = draft(world.author)
    Procurement.objects.filter(pk=world.contract.procurement_id).update(directorate="Roads")
    found = {}
    for name in ("Roads", "Care"):
        CabinetReport.objects.filter(pk=report.pk).update(directorate=name, quarter=1)
        report.refresh_from_db()
        content = built(world.author, report)
        assert disagreements(content) == []
        assert content["foi"] is None
        found[name] = {row["name"]: row["value"] for row in content["figures"]}
    assert (found["Roads"]["committed_total"], found["Roads"]["contracts_live"]) == ("2750.00", "1")
    assert (found["Care"]["committed_total"], found["Care"]["contracts_live"]) == ("0.00", "0")


def test_a_regions_report_names_members_that_withhold_and_counts_no_records():
    world, silent = reported(), reported()
    region = region_with()
    for authority, is_withheld in ((world.authority, False), (silent.authority, True)):
        RegionMembership.objects.create(
            region=region,
            authority=authority,
            status="constituent",
            from_on=date(2020, 1, 1),
            is_withheld=is_withheld,
        )
    user = user_with_role(Role.REPORT_AUTHOR, region.lead)
    MembershipFactory(user=user, organisation=region.lead, role=Role.REGIONAL_ANALYST)
    lead = actor_of(user, region.lead)
    report = written(draft(lead), "{committed_total}\n\n{table:members}\n\n{chart:members}")
    CabinetReport.objects.filter(pk=report.pk).update(region=region)
    report.refresh_from_db()
    content = built(lead, report)
    assert disagreements(content) == []
    assert (content["about"], content["counted"]) == ("The Region", [])
    assert figure(content, "committed_total")["value"] == "11000.00"
    table = report_view(content).sections[0].blocks[1]
    assert [row.cells[0].text for row in table.rows] == [world.authority.name]
    assert table.note == (
        f"Nothing was reported in this period by {region.lead.name}. "
        f"{silent.authority.name} withholds its figures from the region. "
        "Nothing of that is in these totals."
    )


def test_a_content_takes_as_many_queries_for_one_contract_as_for_three():
    def queries(contracts):
        authority = AuthorityFactory()
        for _ in range(contracts):
            world = reported(authority)
        narrative = "\n\n".join(
            row.typed for row in exhibits_of(About.COUNCIL) if row.name != "definitions"
        )
        report = written(draft(world.author), narrative)
        with clock.at(NOW), CaptureQueriesContext(connection) as found:
            content = built(world.author, report)
        assert figure(content, "contracts_live")["value"] == str(contracts)
        return len(found)

    assert queries(1) == queries(3)


def test_every_exhibit_has_a_builder_and_only_reports_of_its_scope_have_it():
    assert set(BUILDERS) == set(EXHIBITS) - {("table", "definitions")}
    assert has_exhibit("table", "members", About.REGION)
    assert not has_exhibit("table", "members", About.COUNCIL)
    assert not has_exhibit("chart", "nonsense", About.COUNCIL)
    assert {row.kind for row in exhibits_of(About.DIRECTORATE)} == {"chart", "table"}


def test_exhibits_with_rows_are_those_that_show_something():
    world = reported()
    report = draft(world.author)
    with clock.at(NOW):
        found = exhibits_with_rows(world.author, report, reading_of(world.author, report))
    assert {"chart:themes", "table:contracts", "table:definitions", "chart:sizes"} <= found
    assert not {"table:shortfalls", "table:remedies", "table:members"} & found
