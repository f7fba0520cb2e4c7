"""The demonstration, entered once: what it holds, that its figures agree, and that it went through the public doors."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Length
from django.test import Client
from django.urls import reverse

from procurement.action_plans import queries as plans
from procurement.awards import queries as awards
from procurement.bids import queries as bids
from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.deliveries import queries as deliveries
from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.duties import queries as duties
from procurement.duties.vocabulary import DutyWindow
from procurement.evaluations.services import open_evaluation, start_opening
from procurement.ledger import queries as ledger
from procurement.ledger.models import LedgerEntry
from procurement.ledger.vocabulary import Basis
from procurement.policies.vocabulary import Route
from procurement.procurements import queries as procurements
from procurement.procurements.models import (
    Procurement,
    ProcurementLot,
    RouteDecision,
    RouteOverride,
)
from procurement.procurements.vocabulary import DecisionStage, PlanStage, ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.models import Tender
from procurement.tenders.vocabulary import TenderStatus, WeightingKind
from procurement.threads import queries as threads
from procurement.verifications.models import Verification
from procurement.verifications.vocabulary import VerificationDecision
from reporting.cabinet.models import CabinetReport
from reporting.cabinet.queries.awaiting import sign_off_news, sign_offs_waiting
from reporting.dashboards.queries.benchmark import benchmark, own_benchmarks
from reporting.dashboards.queries.region import region_board
from reporting.dashboards.queries.targets import targets_page
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope, region_scope
from reporting.figures.rules.spans import Span
from reporting.open_data.queries.publications import publishers
from reporting.rollups.services import reconcile
from reporting.showcase.models import Story
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.queries.platform import open_access_of
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries.seals import chain, verify_seals
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.periods import FinancialYear, quarter_end
from socialvalue.demo import people, seed
from socialvalue.demo.dates import OLDEST_QUARTER, Days
from socialvalue.demo.people import PASSWORD, Cast
from socialvalue.demo.playing.region import WITHHOLDING
from socialvalue.demo.playing.scene import Scene
from socialvalue.demo.stories import STORIES
from socialvalue.demo.stories.shape import Ending
from tests.factories.accounts import AuthorityFactory

DEMO = Path(seed.__file__).parent


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker):
    """The demonstration, entered once for this file and taken back after it. What it told while it was entered."""
    told: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        seed.seed(told.append)
        yield told
        transaction.set_rollback(True)


@pytest.fixture
def demo(said, db):
    return Cast()


def years():
    this = FinancialYear.of(clock.today()).start_year
    return [FinancialYear(this - n) for n in (2, 1, 0)]


# --- what it holds --------------------------------------------------------------------------------


def test_at_least_forty_procurements_over_every_route_and_status(demo):
    rows = procurements.with_routes(Procurement.objects.all())
    assert rows.count() >= 40
    assert set(rows.values_list("route", flat=True)) == set(Route.values)
    # A procurement is a draft only while an imported notice waits for its route.
    assert set(rows.values_list("status", flat=True)) == set(ProcurementStatus.values) - {
        ProcurementStatus.DRAFT
    }
    assert set(Tender.objects.values_list("status", flat=True)) == set(TenderStatus.values)
    assert set(
        Tender.objects.exclude(weighting_kind="").values_list("weighting_kind", flat=True)
    ) == set(WeightingKind.values)


def test_five_authorities_are_populated_and_the_others_stand_by(demo):
    populated = set(Procurement.objects.values_list("authority__slug", flat=True))
    assert populated == set(people.AUTHORITIES)
    assert populated == {"warwickshire", "birmingham", "coventry", "solihull", "wmca"}
    members = accounts.members_of(accounts.region("west-midlands").pk, clock.today(), clock.today())
    assert populated < {member.slug for member in members}


def test_three_financial_years_hold_commitments_claims_and_verifications(demo):
    for year in years():
        held = LedgerEntry.objects.filter(period__gte=year.first_day, period__lte=year.last_day)
        assert set(held.values_list("basis", flat=True)) == set(Basis.values), year.slug


def test_everything_is_marked_as_demonstration(demo):
    assert not Organisation.objects.filter(is_demonstration=False).exists()
    assert not Procurement.objects.filter(is_demonstration=False).exists()


def test_one_call_off_crossed_fifty_thousand_pounds_between_estimate_and_award(demo):
    crossed = RouteDecision.objects.get(stage=DecisionStage.AWARD, crossed_line=True)
    assert crossed.procurement.authority.slug == "warwickshire"
    assert crossed.procurement.estimate == 40_000
    assert crossed.net_amount == 62_400
    assert crossed.route == Route.TOMS_ADVISED
    first = crossed.procurement.decisions.get(stage=DecisionStage.ENTRY)
    assert first.route == Route.LIGHT_TOUCH


def test_an_override_was_approved_by_a_second_person_and_one_waits(demo):
    rows = RouteOverride.objects.order_by("id")
    assert [(row.status, row.asked_by_id == row.answered_by_id) for row in rows] == [
        ("approved", False),
        ("asked", False),
    ]
    assert rows[0].procurement.light_touch_note.considered


def test_one_procurement_is_tendered_in_lots_that_add_up(demo):
    lots = ProcurementLot.objects.all()
    assert sum(lot.estimate for lot in lots) == lots[0].procurement.estimate
    assert {lot.tendered_as.status for lot in lots} == {"routed"}


def test_claims_were_returned_corrected_reduced_refused_taken_back_and_late(demo):
    assert set(Claim.objects.values_list("status", flat=True)) == set(ClaimStatus.values)
    decisions = Counter(Verification.objects.values_list("decision", flat=True))
    assert set(decisions) == set(VerificationDecision.values)
    reduced = [
        row
        for row in Verification.objects.filter(
            decision=VerificationDecision.VERIFIED
        ).select_related("claim")
        if row.quantity < row.claim.quantity
    ]
    assert reduced
    assert all(row.reason for row in reduced)
    late = [
        c for c in Claim.objects.all() if (c.submitted_at.date() - quarter_end(c.quarter)).days > 60
    ]
    assert late
    mended = Claim.objects.filter(status=ClaimStatus.VERIFIED, version__gt=3)
    assert mended.exists()


def test_some_contracts_are_behind_their_plan_and_some_ahead(demo):
    delivered = {
        row.key[0]: row.quantity for row in ledger.sums(basis=Basis.VERIFIED, by=("commitment_id",))
    }
    contracts = [row.pk for row in awards.contracts_for(demo.at("warwickshire", Role.AUDITOR))]
    shares = [
        delivered.get(commitment, 0) / planned
        for commitment, planned in plans.planned_of_contracts(contracts, clock.today()).items()
        if planned
    ]
    assert [share for share in shares if share < 0.8]
    assert [share for share in shares if share > 1]


def test_local_jobs_of_warwickshire_have_a_value_because_a_place_was_chosen(demo):
    officer = demo.at("warwickshire", Role.PROCUREMENT_OFFICER)
    local = [
        commitment
        for contract in awards.contracts_for(officer)
        for commitment in awards.commitments_of(contract.pk)
        if commitment.measure.is_local_employment
    ]
    assert local
    assert all(row.place and row.value_pence > 0 for row in local)


def test_no_social_value_is_absurd(demo):
    """More than half of what a contract costs would be noticed by anybody who looks."""
    for officer in (demo.at(slug, Role.PROCUREMENT_OFFICER) for slug in people.AUTHORITIES):
        for contract in awards.contracts_for(officer):
            promised = sum(row.value_pence for row in awards.commitments_of(contract.pk))
            assert 0 < promised < contract.value * 50, contract.title


def test_every_claim_has_a_file_that_can_be_read(demo):
    kinds = set()
    for evidence in Evidence.objects.select_related("claim"):
        assert evidence.claim is not None
        kinds.add(evidence.media_type)
    assert kinds >= {"application/pdf", "image/png", "text/plain"}
    evidence = Evidence.objects.filter(media_type="application/pdf").first()
    supplier = next(
        s for s in people.SUPPLIERS if accounts.organisation(s.slug).pk == evidence.supplier_id
    )
    found = deliveries.evidence_file(demo.reporter(supplier.slug), evidence.pk)
    assert found is not None


def test_claims_say_where_and_some_do_not(demo):
    """So that a breakdown by place shows places."""
    for slug in people.AUTHORITIES:
        said = set(Claim.objects.filter(authority__slug=slug).values_list("postcode_district", flat=True))  # fmt: skip
        assert len(said - {""}) >= 1, slug
    assert Claim.objects.filter(postcode_district="").exists()


def test_there_is_a_report_of_every_kind_at_every_stage(demo):
    rows = CabinetReport.objects.order_by("id")
    assert {(row.authority.slug, row.kind, row.status, row.issue) for row in rows} == {
        ("warwickshire", "cabinet", "frozen", 1),
        ("warwickshire", "cabinet", "frozen", 2),
        ("warwickshire", "cabinet", "draft", 1),
        ("warwickshire", "annual", "draft", 1),
        ("warwickshire", "directorate", "draft", 1),
        ("warwickshire", "summary", "frozen", 1),
        ("warwickshire", "statement", "draft", 1),
        ("wmca", "region", "frozen", 1),
    }
    known = {(row.kind, row.status, row.issue): row for row in rows}
    again, written = known["cabinet", "frozen", 2], known["cabinet", "draft", 1]
    assert (again.financial_year, written.financial_year) == (years()[1].slug, years()[2].slug)
    assert [row["step"] for row in again.figures["sign_offs"]] == ["Finance", "Legal", "Director"]
    before = {row["name"]: row["value"] for row in again.replaces.figures["figures"]}
    after = {row["name"]: row["value"] for row in again.figures["figures"]}
    assert before["committed_total"] == after["committed_total"]
    assert Decimal(before["verified_total"]) > Decimal(after["verified_total"])


def test_a_draft_has_figures_a_chart_a_table_and_a_story(demo):
    draft = CabinetReport.objects.get(kind="cabinet", status="draft")
    text = "\n".join(draft.sections.values_list("narrative", flat=True))
    for mark in ("{verified_share}", "{chart:quarters | ", "{table:quarters | ", "{story:"):
        assert mark in text


def test_a_sign_off_waits_for_the_approver_and_one_was_returned(demo):
    approver, author = (
        Cast().at("warwickshire", role) for role in (Role.APPROVER, Role.REPORT_AUTHOR)
    )
    assert [row.step for row in sign_offs_waiting(approver)] == ["director"]
    drafts = CabinetReport.objects.filter(authority_id=author.organisation_id, status="draft")
    news = sign_off_news(drafts.values_list("pk", flat=True))
    assert sorted(row.status for row in news.values()) == ["awaiting_approval", "returned"]


def test_every_text_fits_its_column(demo):
    """SQLite takes a text that is too long; PostgreSQL does not."""
    long = []
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.CharField) and column.max_length:
                found = model.objects.annotate(n=Length(column.attname)).filter(
                    n__gt=column.max_length
                )
                long += [f"{model._meta.label}.{column.name}"] * found.count()
    assert long == []


# --- its figures agree ----------------------------------------------------------------------------


def test_the_cells_are_the_ledger(demo):
    assert ledger.pending_count() == 0
    result = reconcile()
    assert result.cells > 0
    assert result.wrong == 0


@pytest.mark.parametrize(
    "name", ["committed_total", "claimed_total", "evidenced_total", "verified_total"]
)
def test_the_region_is_the_sum_of_its_members_that_share(demo, name):
    analyst = demo.at("wmca", Role.REGIONAL_ANALYST)
    for year in years():
        span = Span(year)
        region = read(analyst, region_scope(analyst, span)).figure(name)
        officers = {slug: demo.at(slug, Role.PROCUREMENT_OFFICER) for slug in people.AUTHORITIES}
        own = {
            slug: read(officer, council_scope(officer, span)).figure(name).value or 0
            for slug, officer in officers.items()
        }
        assert all(own[slug] > 0 for slug in ("warwickshire", "birmingham", "wmca"))
        # What one of them withholds is no part of it.
        assert (own[WITHHOLDING] > 0) == (year != years()[0])
        assert region.value == sum(own.values()) - own[WITHHOLDING]


def test_beside_the_regional_total_stands_what_is_not_in_it(demo):
    """One member withholds, suppliers are late, and one measure of a council's own is mapped to nothing yet."""
    analyst = demo.at("wmca", Role.REGIONAL_ANALYST)
    span = Span(years()[2])
    found = region_board(analyst, span)
    assert found.withheld == (accounts.organisation(WITHHOLDING).name,)
    # The last quarter that is over can be one of last year.
    late = {
        line.name for year in years()[1:] for line in region_board(analyst, Span(year)).late.lines
    }
    assert accounts.organisation("solihull").name in late
    assert found.withheld[0] not in late
    parts = {line.label: line.cells[0].pounds for line in found.counting.parts}
    assert parts["In the regional measures"] > 0
    assert parts["Not mapped"] > 0
    assert sum(parts.values()) == found.member_total.cells[0].pounds
    assert [line.label.split()[0] for line in found.counting.beside] == ["WCC1"]
    trees = next(line for line in found.counting.regional if line.label.startswith("ENV7 "))
    own = read(analyst, region_scope(analyst, span)).now
    planted = {own.measures[c.measure_id].code for c in own.cells if c.basis == Basis.COMMITTED}
    # A metre of the council's hedges counts as five trees in the region's own measure.
    assert "WCC2" in planted
    assert trees.cells[0].quantity > 0


def test_the_region_has_targets_that_members_contribute_to_and_one_was_raised(demo):
    analyst = demo.at("wmca", Role.REGIONAL_ANALYST)
    for year in years()[1:]:
        found = targets_page(analyst, year)
        assert len(found.standing) == 3
        for row in found.progress:
            assert sum(share.value for share in row.shares) == row.verified
            assert len(row.shares) >= 2
    assert len([row for row in found.history if row.ended_at]) == 1


def test_enough_members_agree_to_be_compared(demo):
    analyst = demo.at("wmca", Role.REGIONAL_ANALYST)
    found = benchmark(analyst, Span(years()[2]))
    assert [row.name.split()[0] for row in found.rows] == ["Birmingham", "Solihull", "Warwickshire"]
    assert all(row.of.verified for row in found.rows)
    (own,) = own_benchmarks(demo.at("warwickshire", Role.DIRECTORATE_MANAGER), Span(years()[2]))
    assert own.verified.how_many == 3


def test_everybody_reads_three_authorities_and_the_region_and_stories_with_drawings(demo):
    found = publishers()
    assert [row.is_region for row in found] == [True, False, False, False]
    for row in found:
        assert "Demonstration data" in row.intro
        page = Client().get(f"{row.public_url}?year={years()[1].slug}").content.decode()
        assert "Demonstration data" in page
        assert "£" in page
        assert "all.xlsx" in page
    told = Story.objects.filter(status="published")
    assert sorted(told.values_list("authority__slug", flat=True)) == [
        "birmingham", "warwickshire", "warwickshire",
    ]  # fmt: skip
    assert all(story.photo and story.photo_alt and story.has_agreement for story in told)


def test_the_figures_are_the_ledger(demo):
    officer = demo.at("warwickshire", Role.PROCUREMENT_OFFICER)
    for year in years():
        shown = read(officer, council_scope(officer, Span(year))).figure("verified_total").value
        pence = sum(
            row.value_pence
            for row in ledger.sums(basis=Basis.VERIFIED, by=("authority_id", "period"))
            if row.key[0] == officer.organisation_id
            and year.first_day <= row.key[1] <= year.last_day
        )
        assert shown * 100 == pence


# --- who sees what --------------------------------------------------------------------------------


def sealed(state):
    now = clock.now()
    live = Tender.objects.filter(status=TenderStatus.PUBLISHED).exclude(
        procurement__status="withdrawn"
    )
    ahead = [t for t in live if t.deadline_at > now]
    return ahead if state == "before" else [t for t in live if t.deadline_at <= now]


def test_before_the_deadline_no_buyer_sees_a_bid(demo):
    tenders_ahead = sealed("before")
    assert len(tenders_ahead) >= 3
    for tender in tenders_ahead:
        slug = Organisation.objects.get(pk=tender.authority_id).slug
        officer = demo.at(slug, Role.PROCUREMENT_OFFICER)
        # One place for everybody invited, whoever has bid.
        places = Bid.objects.filter(tender=tender)
        assert len(places) == len(tenders.invited_to(tender.pk)) > 0
        assert {row.status for row in places} == {"sealed"}
        assert len({len(row.envelope) for row in places}) == 1
        assert bids.opened_bids(tender.pk) == []
        assert not OfferLine.objects.filter(bid__tender=tender).exists()
        assert not OfferAnswer.objects.filter(bid__tender=tender).exists()
        assert set(places.values_list("supplier", "price", "receipt")) == {(None, None, "")}
        with pytest.raises(RuleBroken):
            start_opening(actor=officer, tender_id=tender.pk)
        with pytest.raises(NotVisible):
            bids.my_offer(officer, tender.pk)


def test_a_bidder_reads_its_own_offer_and_nobody_elses(demo):
    tender = Tender.objects.get(procurement__submission_key="demonstration:school-catering-next")
    assert bids.my_offer(demo.supplier("marrowfat"), tender.pk) is not None
    assert tenders.tender_for_bidder(demo.supplier("foxglove"), tender.pk) is not None
    with pytest.raises(NotVisible):
        bids.my_offer(demo.supplier("puddlestone"), tender.pk)


def test_closed_tenders_wait_to_be_opened(demo):
    waiting = sealed("after")
    assert len(waiting) >= 2
    slug = Organisation.objects.get(pk=waiting[0].authority_id).slug
    start_opening(actor=demo.at(slug, Role.PROCUREMENT_OFFICER), tender_id=waiting[0].pk)
    open_evaluation(actor=demo.at(slug, Role.APPROVER), tender_id=waiting[0].pk)
    assert bids.opened_bids(waiting[0].pk)


def test_contract_managers_and_suppliers_have_something_to_do(demo):
    manager = demo.at("warwickshire", Role.CONTRACT_MANAGER)
    assert deliveries.claims_awaiting(manager).exists()
    returned = Claim.objects.filter(status=ClaimStatus.RETURNED, supplier__slug="puddlestone")
    assert returned.exists()


def test_what_the_law_asks_is_mostly_done_and_some_is_not(demo):
    officer = demo.at("warwickshire", Role.PROCUREMENT_OFFICER)
    done = duties.duty_list(officer, duties.DutyFilter(window=DutyWindow.DONE))
    counts = duties.duty_counts(officer)
    assert len(done) > counts.overdue > 0
    for line in done:
        assert line.duty.done.done_on <= line.today


def test_the_pipeline_holds_what_is_planned_and_what_was_dropped(demo):
    officer = demo.at("warwickshire", Role.PROCUREMENT_OFFICER)
    lines = procurements.plan_list(officer)
    assert {line.plan.status for line in lines} == {PlanStage.PLANNED, PlanStage.DROPPED}
    assert procurements.pipeline_now(officer).needs_notice


def test_every_procurement_has_a_page_of_its_thread(demo):
    for slug in people.AUTHORITIES:
        officer = demo.at(slug, Role.PROCUREMENT_OFFICER)
        for row in procurements.procurement_list(officer):
            assert threads.stages(officer, row.pk).stages


@pytest.mark.parametrize(("label", "email", "password"), seed.sign_ins(), ids=lambda text: text)
def test_each_role_can_sign_in(demo, label, email, password):
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": email, "password": password})
    assert answer.status_code == 302, answer.content[:2000]
    page = browser.get(reverse("reporting:home:landing"), follow=True)
    assert page.status_code == 200
    assert "Demonstration data" in page.content.decode()
    assert bool(page.redirect_chain) is (email == people.OPERATOR_EMAIL)


def test_the_sign_ins_cover_every_role(demo):
    rows = seed.sign_ins()
    assert rows[0][1].endswith("@warwickshire.example")
    held = set(
        Membership.objects.filter(user__email__in=[email for _, email, _ in rows]).values_list(
            "role", flat=True
        )
    )
    assert held == set(Role.values) - {Role.MEMBER}
    assert {password for _, _, password in rows} == {PASSWORD}
    assert len(PASSWORD) >= 12


def test_the_platform_operator_belongs_nowhere_and_looks_into_nothing(demo):
    found = User.objects.get(email=people.OPERATOR_EMAIL)
    assert (found.is_staff, found.full_name) == (True, "Platform operator")
    assert not Membership.objects.filter(user=found).exists()
    assert open_access_of(found) is None
    assert seed.sign_ins()[-1][:2] == ("Platform operator", people.OPERATOR_EMAIL)


def test_the_last_nights_are_sealed_and_every_row_is_as_it_was(demo):
    found = verify_seals()
    assert (found.fault, found.seals) == (None, 3)
    assert found.newest_day == clock.today() - timedelta(days=1)
    assert all(
        part["count"] for seal in chain() for part in seal["parts"] if part["source"] == "deeds"
    )
    assert {name: many for name, many in found.waiting.items() if many} == {}


def test_people_are_roles_and_suppliers_do_not_exist(demo):
    held: dict[User, list[str]] = {}
    for membership in Membership.objects.select_related("user"):
        held.setdefault(membership.user, []).append(membership.get_role_display())
    for person, labels in held.items():
        # Who holds two is named by the first, and the second beside it.
        first, *more = [label for label in labels if person.full_name.startswith(f"{label}, ")]
        assert more == []
        others = {label.lower() for label in labels} - {first.lower()}
        assert all(f"(and {label})" in person.full_name for label in others)
        assert person.email.endswith(".example")
    assert {s.is_vcse for s in people.SUPPLIERS} == {True, False}
    assert {s.is_sme for s in people.SUPPLIERS} == {True, False}


# --- how it is entered ----------------------------------------------------------------------------


def test_it_says_how_far_it_is(demo, said):
    assert len(said) >= 5


def test_entering_it_again_changes_nothing(demo):
    assert seed.is_seeded()
    before = (
        LedgerEntry.objects.count(),
        Procurement.objects.count(),
        CabinetReport.objects.count(),
    )
    told: list[str] = []
    seed.seed(told.append)
    assert told == []
    assert before == (
        LedgerEntry.objects.count(),
        Procurement.objects.count(),
        CabinetReport.objects.count(),
    )


def test_an_authority_that_is_not_for_demonstration_stops_it(db):
    Organisation.objects.filter(slug="warwickshire").update(slug="another-one")
    AuthorityFactory(slug="real", is_demonstration=False)
    with pytest.raises(RuleBroken):
        seed.seed(lambda text: None)
    assert not Procurement.objects.filter(authority__slug="real").exists()


@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2028, 2, 1), date(2031, 9, 1)])
def test_on_any_day_of_the_year_the_days_of_a_story_follow_one_another(first):
    for number in range(366):
        days = Days(datetime.combine(first + timedelta(days=number), time(0, 5), clock.LONDON))
        quarters = [days.quarter(n) for n in range(OLDEST_QUARTER, 1)]
        assert len({FinancialYear.of(day) for day in quarters}) >= 3
        for story in STORIES:
            scene = Scene(story, days, Cast())
            assert scene.deadline_on.weekday() < 5
            if story.ending == Ending.SEALED:
                assert scene.deadline_on > days.today + timedelta(days=5)
            elif story.bidders:
                # Opened on the next day, marked on the one after.
                assert scene.deadline_on + timedelta(days=1) <= days.today
            if story.ending in (Ending.AWARDED, Ending.DELIVERING):
                assert scene.deadline_on + timedelta(days=10) < scene.awarded_on <= days.today
                assert scene.awarded_on < scene.starts_on < scene.ends_on


def without_type_checking(path):
    """Annotations may name a table; nothing that runs may."""
    tree = ast.parse(path.read_text())
    kept = [
        n
        for n in tree.body
        if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    ]
    for node in kept:
        for inner in ast.walk(node):
            if isinstance(inner, ast.ImportFrom) and inner.module:
                yield inner.module
                yield from (f"{inner.module}.{name.name}" for name in inner.names)
            elif isinstance(inner, ast.Import):
                yield from (name.name for name in inner.names)


def test_it_uses_public_services_only():
    """No table, no manager, no cursor: only services write, and only queries read."""
    files = sorted(DEMO.rglob("*.py"))
    assert len(files) > 10
    for path in files:
        for name in without_type_checking(path):
            assert "models" not in name.split("."), f"{path.name}: {name}"
            assert name.split(".")[0] not in ("sqlite3", "psycopg2"), f"{path.name}: {name}"
        if path.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                assert node.attr not in {
                    "objects", "save", "bulk_create", "cursor", "delete", "_base_manager"
                } or ast.unparse(node) == "image.save", f"{path.name}: {ast.unparse(node)}"  # fmt: skip
