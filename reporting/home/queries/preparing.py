"""What waits before an award."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from procurement.awards import queries as awards
from procurement.bids import queries as bids
from procurement.evaluations import queries as evaluations
from procurement.procurements import queries as procurements
from procurement.procurements.queries import ProcurementFilter
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from reporting.home.rules import (
    Errand,
    Panel,
    deadline_words,
    is_soon,
    panel,
)
from socialvalue.accounts.permissions import allowed
from socialvalue.accounts.vocabulary import Deed, Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date, uk_moment


def pipeline_panels(actor: Actor) -> list[Panel]:
    """From 26 April until the notice is recorded as published."""
    stand = procurements.pipeline_now(actor)
    if not stand.is_reminder:
        return []
    url = reverse("procurement:procurements:pipeline")
    errand = Errand(f"Pipeline notice for {stand.year.label}", url, stand.state, stand.sentence)
    return [Panel("Pipeline", (errand,))]


@dataclass(frozen=True, slots=True)
class _Tender:
    """A tender that suppliers have seen and nobody has won yet."""

    tender_id: int
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
                _Tender(row.pk, brief.title, brief.reference, brief.id, row.status, row.deadline_at)
            )
    return found


def seat_panels(actor: Actor) -> list[Panel]:
    """What waits for this person on a panel of evaluators; where nothing does, an evaluator is told so."""
    errands = tuple(
        Errand(
            row.title,
            reverse(f"procurement:evaluations:{row.url_name}", args=[row.procurement_id]),
            "due",
            row.what,
        )
        for row in evaluations.panel_errands(actor)
    )
    if not errands and not actor.has(Role.EVALUATOR):
        return []
    return [Panel("On your panels", errands, empty="No bid waits for you to read or mark.")]


def opening_panels(actor: Actor) -> list[Panel]:
    """Openings of bids that somebody else has started; no panel where none waits for this person."""
    errands = tuple(
        Errand(
            f"Open the bids of {row.title}",
            reverse("procurement:bids:opening", args=[row.procurement_id]),
            "asked",
            f"{row.reference}. Started by {row.first_name} on {uk_moment(row.first_at.astimezone(clock.LONDON))}",
        )
        for row in bids.openings_to_confirm(actor)
    )
    return [Panel("Bids to open as the second person", errands)] if errands else []


def signing_panels(actor: Actor) -> list[Panel]:
    """Contracts that can be signed; no panel where none can."""
    errands = [
        Errand(
            row.title,
            reverse("procurement:awards:contract", args=[row.id]),
            "due",
            f"{row.reference}, {row.supplier_name}. It can be signed",
        )
        for row in awards.contracts_to_sign(actor)
    ]
    url = f"{reverse('procurement:awards:contracts')}?status=awarded"
    shown = panel(
        "Contracts to sign", errands, more_url=url, more_text="See all that are not signed"
    )
    return [shown] if errands else []


def _questions_asked(live: Sequence[_Tender]) -> list[Panel]:
    """Questions of suppliers that wait for an answer."""
    waiting = tenders.unanswered([row.tender_id for row in live])
    errands = tuple(
        Errand(
            row.title,
            reverse("procurement:tenders:clarifications", args=[row.procurement_id]),
            "due",
            f"{row.reference}. {waiting[row.tender_id]} "
            f"question{'' if waiting[row.tender_id] == 1 else 's'} to answer",
        )
        for row in live
        if row.tender_id in waiting
    )
    return [Panel("Questions about your tenders", errands)] if errands else []


def tender_panels(actor: Actor) -> list[Panel]:
    """Questions asked, bids to open, then bids to evaluate, then what is out to tender by deadline."""
    now = clock.now()
    live = _live_tenders(actor)
    published = [row for row in live if row.status == TenderStatus.PUBLISHED]
    closed = [row for row in published if row.deadline_at <= now]
    opened = [row for row in live if row.status == TenderStatus.OPENED]
    found = []
    if allowed(actor, Deed.PREPARE_TENDER):
        found += _questions_asked(published)
    if closed:
        found.append(_to_open(closed))
    if opened:
        found.append(_to_evaluate(opened))
    return [*found, _out_to_tender([row for row in published if row.deadline_at > now], now)]


def _procurements_url(status: str) -> str:
    return f"{reverse('procurement:procurements:list')}?status={status}"


def _to_open(closed: Sequence[_Tender]) -> Panel:
    return panel(
        "Bids to open",
        [
            row.errand("overdue", "The deadline has passed: two people open the bids")
            for row in closed
        ],
        more_url=_procurements_url("published"),
        more_text="See all tenders that are published",
    )


def _to_evaluate(opened: Sequence[_Tender]) -> Panel:
    ranked = evaluations.ranked_among([row.tender_id for row in opened])
    proposed = awards.proposed_among([row.procurement_id for row in opened])
    return panel(
        "Bids to evaluate",
        [_evaluated(row, ranked, proposed) for row in opened],
        more_url=_procurements_url("evaluating"),
        more_text="See all that are being evaluated",
    )


def _evaluated(row: _Tender, ranked: set[int], proposed: set[int]) -> Errand:
    if row.procurement_id in proposed:
        return row.errand("asked", "An award is proposed and waits for approval")
    if row.tender_id in ranked:
        return row.errand("evaluated", "The bids are ranked: an award is to be proposed")
    return row.errand("evaluating", "Bids are open: mark, moderate, rank")


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


def preparation_panel(actor: Actor) -> Panel:
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
