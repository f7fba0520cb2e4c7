"""What waits for somebody's yes, or for a reader."""

from __future__ import annotations

from django.urls import reverse

from procurement.action_plans import queries as plans
from procurement.awards import queries as awards
from procurement.policies import queries as policies
from procurement.procurements import queries as procurements
from procurement.tenders import queries as tenders
from reporting.cabinet.queries import listing
from reporting.cabinet.queries.awaiting import sign_off_news, sign_offs_waiting
from reporting.cabinet.vocabulary import ReportStatus
from reporting.dashboards import rules as dashboard_rules
from reporting.home.queries.delivering import day_of
from reporting.home.rules import (
    Errand,
    Panel,
    due_words,
    panel,
)
from reporting.rollups import queries as rollups
from reporting.showcase import queries as showcase
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date


def overrides_panel(actor: Actor) -> Panel:
    """Requests to leave the rule's route that this person may answer, oldest first."""
    return panel(
        "Overrides that wait for a second person",
        [
            Errand(
                row.procurement.title,
                reverse("procurement:procurements:override", args=[row.pk]),
                "asked",
                f"{row.get_to_route_display()} instead of {row.get_from_route_display()}. "
                f"Asked by {row.asked_by} on {uk_date(day_of(row.asked_at))}",
            )
            for row in procurements.overrides_waiting(actor)
        ],
        more_url=reverse("procurement:procurements:overrides") + "?status=asked",
        more_text="See all overrides that wait",
        empty="No override waits for you.",
        empty_action="See the register of overrides",
        empty_url=reverse("procurement:procurements:overrides"),
    )


def approval_panels(actor: Actor) -> list[Panel]:
    """Tenders, awards, policies, stories and reports that wait for this person's yes; no panel where nothing does."""
    errands = (
        [
            Errand(
                f"Tender: {row.title}",
                reverse("procurement:tenders:approve", args=[row.procurement_id]),
                "asked",
                f"{row.reference}. It is published once it is approved",
            )
            for row in tenders.tenders_to_approve(actor)
        ]
        + [
            Errand(
                f"Award: {row.title}",
                reverse("procurement:awards:proposal", args=[row.procurement_id]),
                "asked",
                f"{row.reference}. To {row.supplier_name}, proposed by {row.proposed_by}",
            )
            for row in awards.proposals_awaiting(actor)
        ]
        + [
            Errand(
                f"Policy: {row.label}",
                reverse("procurement:policies:draft", args=[row.version_id]),
                "asked",
                f"To apply from {uk_date(row.valid_from)}. Proposed by {row.proposed_by}",
            )
            for row in policies.proposals_waiting(actor)
        ]
        + [
            Errand(
                f"Story: {row.title}",
                reverse("reporting:showcase:story", args=[row.id]),
                "awaiting_approval",
                f"Sent by {row.by}. It is published once it is approved",
            )
            for row in showcase.stories_waiting(actor)
        ]
        + [
            Errand(
                f"Report: {row.title}",
                reverse("reporting:cabinet:sign_off", args=[row.report_id]),
                "awaiting_approval",
                f"To sign off for {row.label}. Asked by {row.asked_by}, waits since {uk_date(day_of(row.since))}",
            )
            for row in sign_offs_waiting(actor)
        ]
    )
    return [Panel("Waiting for your approval", tuple(errands))] if errands else []


def story_panels(actor: Actor) -> list[Panel]:
    """Stories that an approver returned; no panel where none is."""
    errands = [
        Errand(
            row.title, reverse("reporting:showcase:story", args=[row.id]), "returned", row.reason
        )
        for row in showcase.stories_returned(actor)
    ]
    if not errands:
        return []
    url = reverse("reporting:showcase:list")
    return [panel("Stories to mend", errands, more_url=url, more_text="See all stories")]


def reports_panel(actor: Actor) -> Panel:
    """Drafts of the actor's authority, with what became of their sign-off."""
    drafts = listing.report_lines(
        actor, listing.reports_for(actor, listing.ReportFilters(status=ReportStatus.DRAFT))
    )
    news = sign_off_news([row.id for row in drafts])
    errands = [
        Errand(
            row.title,
            reverse("reporting:cabinet:report", args=[row.id]),
            news[row.id].status if row.id in news else "draft",
            news[row.id].sentence
            if row.id in news
            else f"For {row.year}. {row.meeting}: {uk_date(row.meeting_on)}",
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


def policy_panel(actor: Actor) -> Panel:
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


def region_panel() -> Panel:
    fresh, checked = rollups.freshness(), rollups.last_reconcile()
    region = Errand(
        "Region’s figures",
        reverse("reporting:dashboards:region"),
        "complete" if fresh.pending == 0 else "in_progress",
        dashboard_rules.waiting(fresh.pending),
    )
    if checked is None:
        status, hint = "not_started", "The totals have not been compared with the ledger yet"
    else:
        status = "passed" if checked.holds else "failed"
        hint = f"Compared with the ledger {dashboard_rules.as_at(checked.at)}: {checked.wrong_cells} cells differ"
    totals = Errand("Totals agree with the ledger", reverse("reporting:rollups:runs"), status, hint)
    return Panel("Region", (region, totals))


def plan_panels(actor: Actor) -> list[Panel]:
    """Action plans that wait for the actor's side; no panel when none does."""
    errands = [
        Errand(
            row.contract.title,
            reverse("procurement:action_plans:plan", args=[row.contract.id]),
            "due",
            f"{row.contract.reference}. "
            + ("The other party has agreed it" if row.other_agreed else "Neither party has yet"),
        )
        for row in plans.plans_awaiting(actor)
    ]
    if not errands:
        return []
    return [
        panel(
            "Action plans to agree",
            errands,
            more_url=reverse("procurement:awards:contracts"),
            more_text="See all contracts",
        )
    ]
