"""What needs somebody at an authority now, by the roles they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from procurement.deliveries import queries as deliveries
from procurement.policies import queries as policies
from procurement.procurements import queries as procurements
from procurement.procurements.queries import ProcurementFilter
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from reporting.cabinet.queries import reports
from reporting.cabinet.vocabulary import ReportStatus
from reporting.dashboards import rules as dashboard_rules
from reporting.figures.permissions import leads_region
from reporting.figures.queries.reading import Reading, read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules.spans import Span
from reporting.figures.rules.tables import TRACK_WORDS
from reporting.home.rules import (
    Errand,
    Landing,
    NumberTile,
    Panel,
    deadline_words,
    due_words,
    is_soon,
    panel,
)
from reporting.rollups import queries as rollups
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import FinancialYear, uk_date

NUMBERS = ("committed_total", "verified_total", "verified_share", "commitments_on_track")


def buyer_landing(actor: Actor) -> Landing:
    """One screen: what waits, by when, then this year's numbers of the authority."""
    span = Span(FinancialYear.of(clock.today()))
    reading = read(actor, council_scope(actor, span))
    tiles: list[NumberTile] = []
    panels: list[Panel] = []
    if actor.has(Role.CONTRACT_MANAGER):
        tiles += _claim_tiles(actor)
        panels += [_claims(actor), _behind(reading)]
    if actor.has(Role.PROCUREMENT_OFFICER, Role.EVALUATOR):
        panels += _tenders(actor)
    if actor.has(Role.PROCUREMENT_OFFICER):
        panels.append(_in_preparation(actor))
    if actor.has(Role.REPORT_AUTHOR):
        panels.append(_reports(actor))
    if actor.has(Role.POLICY_OWNER):
        panels.append(_policy(actor))
    if actor.has(Role.DIRECTORATE_MANAGER, Role.APPROVER) and not actor.has(Role.CONTRACT_MANAGER):
        panels.append(_behind(reading))
    if leads_region(actor):
        panels.append(_region())
    if not panels:
        panels.append(_places_to_read())
    return Landing(
        heading="What needs you now",
        caption=actor.organisation_name,
        tiles=tuple(tiles),
        panels=tuple(panels),
        numbers=tuple(_numbers(reading)),
        numbers_note=f"{span.label}. {dashboard_rules.waiting(reading.pending)}",
    )


def _numbers(reading: Reading) -> list[NumberTile]:
    figures = [reading.figure(name) for name in NUMBERS]
    return [
        NumberTile(f.label, f.short, dashboard_rules.tile_note(f), f.opens_url) for f in figures
    ]


# --- contract manager -------------------------------------------------------------------------


def _claim_tiles(actor: Actor) -> list[NumberTile]:
    count = deliveries.claims_awaiting(actor).count()
    url = reverse("procurement:verifications:queue")
    note = "claims from suppliers" if count else "Nothing waits for you"
    return [NumberTile("Awaiting verification", str(count), note, url, count > 0)]


def _claims(actor: Actor) -> Panel:
    today = clock.today()
    waiting = deliveries.claims_awaiting(actor)
    count = waiting.count()
    errands = [
        Errand(
            f"{row.commitment.measure.label}: {row.shown_quantity}",
            reverse("procurement:verifications:decide", args=[row.id]),
            "awaiting_verification",
            f"{row.supplier_name}, {row.contract.title}. Sent {uk_date(_day(row.submitted_at))}, "
            f"{(today - _day(row.submitted_at)).days} days ago",
        )
        for row in deliveries.claim_rows(waiting[:5])
    ]
    return Panel(
        "Claims to verify, oldest first",
        tuple(errands),
        max(count - len(errands), 0),
        reverse("procurement:verifications:queue"),
        "See all claims that wait",
        "No claim waits for you. Suppliers send theirs each quarter.",
    )


def _day(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(clock.LONDON).date()


def _behind(reading: Reading) -> Panel:
    errands = [
        Errand(
            row.title,
            reverse("procurement:awards:contract", args=[row.contract_id]),
            row.track.value,
            f"{row.supplier_name}. {TRACK_WORDS[row.track]}: "
            f"{row.on_track} of {len(row.commitments)} commitments on track",
        )
        for row in reading.contracts
        if row.needs_attention
    ]
    return panel(
        "Contracts behind or at risk",
        errands,
        more_url=reverse("reporting:dashboards:council") + "#attention",
        more_text="See them on the dashboard",
        empty="No contract is behind or at risk today.",
    )


# --- officer and evaluator --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tender:
    """A tender that suppliers have seen and nobody has won yet."""

    title: str
    reference: str
    procurement_id: int
    status: str
    deadline_at: datetime

    def errand(self, status: str, hint: str) -> Errand:
        url = reverse("procurement:threads:procurement", args=[self.procurement_id])
        return Errand(self.title, url, status, f"{self.reference}. {hint}")


def _live_tenders(actor: Actor) -> list[_Tender]:
    """Nearest deadline first, without those whose procurement was withdrawn."""
    rows = [
        row
        for row in tenders.draft_or_live_tenders([actor.organisation_id or 0])
        if row.status != TenderStatus.DRAFT
    ]
    briefs = procurements.procurement_briefs([row.procurement_id for row in rows])
    found = []
    for row in rows:
        brief = briefs[row.procurement_id]
        if row.deadline_at is not None and brief.status != ProcurementStatus.WITHDRAWN:
            found.append(
                _Tender(brief.title, brief.reference, brief.id, row.status, row.deadline_at)
            )
    return found


def _tenders(actor: Actor) -> list[Panel]:
    """Bids to open first, then bids to evaluate, then what is out to tender by deadline."""
    now = clock.now()
    live = _live_tenders(actor)
    published = [row for row in live if row.status == TenderStatus.PUBLISHED]
    closed = [row for row in published if row.deadline_at <= now]
    opened = [row for row in live if row.status == TenderStatus.OPENED]
    found = []
    if actor.has(Role.EVALUATOR) or closed:
        found.append(_to_open(closed))
    if actor.has(Role.EVALUATOR) or opened:
        found.append(_to_evaluate(opened))
    return [*found, _out_to_tender([row for row in published if row.deadline_at > now], now)]


def _procurements_url(status: str) -> str:
    return f"{reverse('procurement:procurements:list')}?status={status}"


def _to_open(closed: Sequence[_Tender]) -> Panel:
    return panel(
        "Bids to open",
        [
            row.errand("overdue", "The deadline has passed: the bids can be opened")
            for row in closed
        ],
        more_url=_procurements_url("published"),
        more_text="See all tenders that are published",
        empty="No deadline has passed with bids unopened.",
    )


def _to_evaluate(opened: Sequence[_Tender]) -> Panel:
    return panel(
        "Bids to evaluate",
        [row.errand("evaluating", "Bids are open: mark, rank and award") for row in opened],
        more_url=_procurements_url("evaluating"),
        more_text="See all that are being evaluated",
        empty="No bids are open for evaluation.",
    )


def _out_to_tender(ahead: Sequence[_Tender], now: datetime) -> Panel:
    return panel(
        "Out to tender, nearest deadline first",
        [
            row.errand(
                "closing_soon" if is_soon(row.deadline_at, now) else "published",
                deadline_words(row.deadline_at, now),
            )
            for row in ahead
        ],
        more_url=_procurements_url("published"),
        more_text="See all tenders that are published",
        empty="Nothing is out to tender.",
    )


def _in_preparation(actor: Actor) -> Panel:
    rows = procurements.procurement_list(actor, ProcurementFilter(status=ProcurementStatus.ROUTED))
    count = rows.count()
    errands = tuple(
        Errand(
            row.title,
            reverse("procurement:threads:procurement", args=[row.pk]),
            row.route or "not_routed",
            f"{row.reference}. Entered for {uk_date(row.commenced_on)}",
        )
        for row in rows[:5]
    )
    return Panel(
        "Being prepared",
        errands,
        max(count - len(errands), 0),
        reverse("procurement:procurements:list") + "?status=routed",
        "See all that are being prepared",
        "Nothing is being prepared. Enter a procurement and see at once which route the policy sends it.",
        "Enter a procurement",
        reverse("procurement:procurements:new"),
    )


# --- author, policy owner, analyst ------------------------------------------------------------


def _reports(actor: Actor) -> Panel:
    drafts = reports.report_lines(
        actor, reports.reports_for(actor, reports.ReportFilters(status=ReportStatus.DRAFT))
    )
    errands = [
        Errand(
            row.title,
            reverse("reporting:cabinet:report", args=[row.id]),
            "draft",
            f"For {row.year}. Cabinet meets on {uk_date(row.meeting_on)}",
        )
        for row in drafts
    ]
    return panel(
        "Your draft reports",
        errands,
        more_url=reverse("reporting:cabinet:list"),
        more_text="See all reports",
        empty="No report is being written. Start one for a financial year and the figures are filled in.",
        empty_action="Start a Cabinet report",
        empty_url=reverse("reporting:cabinet:new"),
    )


def _policy(actor: Actor) -> Panel:
    today = clock.today()
    url = reverse("procurement:policies:current")
    try:
        policy = policies.policy_in_force(actor.organisation_id, today)
    except RuleBroken as error:
        return Panel(
            "Your policy", empty=error.message, empty_action="See the policy page", empty_url=url
        )
    review = policy.review_on
    if review is None:
        errand = Errand(policy.label, url, "completed", "No review date is set")
    else:
        words = (
            due_words(review, today)
            .replace("Due", "Review due")
            .replace("Was due", "Review was due")
        )
        errand = Errand(policy.label, url, "overdue" if review < today else "not_due", words)
    return Panel("Your policy", (errand,))


def _region() -> Panel:
    fresh, checked = rollups.freshness(), rollups.last_reconcile()
    region = Errand(
        "Region’s figures",
        reverse("reporting:dashboards:region"),
        "on_track" if fresh.pending == 0 else "at_risk",
        dashboard_rules.waiting(fresh.pending),
    )
    if checked is None:
        status, hint = "not_started", "The totals have not been compared with the ledger yet"
    else:
        status = "passed" if checked.holds else "failed"
        hint = f"Compared with the ledger {dashboard_rules.as_at(checked.at)}: {checked.wrong_cells} cells differ"
    totals = Errand("Totals agree with the ledger", reverse("reporting:rollups:runs"), status, hint)
    return Panel("Region", (region, totals))


def _places_to_read() -> Panel:
    return Panel(
        "Where to look",
        (
            Errand(
                "Dashboard",
                reverse("reporting:dashboards:council"),
                "on_track",
                "This year’s figures, each opening to its rows",
            ),
            Errand(
                "Procurements",
                reverse("procurement:procurements:list"),
                "on_track",
                "Every procurement with its route and why",
            ),
            Errand(
                "Cabinet reports",
                reverse("reporting:cabinet:list"),
                "on_track",
                "Reports that were frozen",
            ),
        ),
    )
