"""The stages of a procurement, put into words and linked."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from procurement.awards import queries as awards
from procurement.evaluations.permissions import can_read
from procurement.ledger.vocabulary import Basis
from procurement.procurements.permissions import OFFICER
from procurement.tenders.vocabulary import TenderStatus, WeightingKind
from procurement.threads import rules
from procurement.threads.queries.decisions import worth
from procurement.threads.queries.gathering import Parts, moment_shown
from procurement.threads.vocabulary import StageKey, StageState
from procurement.verifications.permissions import VERIFIER
from socialvalue.core import money
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as the page shows it. ``href`` is empty while there is nothing to open."""

    key: str
    label: str
    state: StageState
    note: str
    href: str
    missing: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.label

    @property
    def url(self) -> str:
        return self.href

    @property
    def summary(self) -> str:
        return self.note

    @property
    def status_key(self) -> str:
        return {
            StageState.DONE: "completed",
            StageState.CURRENT: "in_progress",
            StageState.NEXT: "cannot_start",
            StageState.SKIPPED: "not_needed",
        }[self.state]


def stage_view(actor: Actor, parts: Parts, stand: rules.StageStand) -> Stage:
    return Stage(
        key=stand.key,
        label=str(stand.key.label),
        state=stand.state,
        note=stand.note,
        href=_href(actor, parts, stand),
        missing=stand.missing,
        facts=_FACTS[stand.key](parts) if stand.key in _FACTS else (),
    )


def _href(actor: Actor, parts: Parts, stand: rules.StageStand) -> str:
    """Where the stage opens. A stage that has not begun has no page, nor one the reader may not open."""
    if stand.key == StageKey.ROUTE:
        return "#route"
    pk = parts.procurement.pk
    may_read = can_read(actor, parts.procurement.authority_id)
    if stand.key == StageKey.EVALUATION and _is_out(parts):
        # The panel is named, and declares its interests, while bids are still being written.
        return reverse("procurement:evaluations:panel", args=[pk]) if may_read else ""
    if stand.state in (StageState.NEXT, StageState.SKIPPED):
        return ""
    if stand.key == StageKey.NOTE:
        if parts.kept.has_note:
            return reverse("procurement:procurements:note_print", args=[pk])
        return reverse("procurement:procurements:note", args=[pk]) if OFFICER.allows(actor) else ""
    if stand.key == StageKey.TENDER:
        return reverse("procurement:tenders:task_list", args=[pk])
    if stand.key in (StageKey.EVALUATION, StageKey.BIDS):
        may_open = parts.tender is not None and may_read
        return reverse("procurement:evaluations:board", args=[pk]) if may_open else ""
    if stand.key == StageKey.AWARD and parts.facts.is_proposed:
        return proposal_url(pk) if may_read else ""
    if parts.contract is None:
        return ""
    return _contract_href(actor, parts.contract, stand.key)


def proposal_url(procurement_id: int) -> str:
    return reverse("procurement:awards:proposal", args=[procurement_id])


def _is_out(parts: Parts) -> bool:
    if parts.tender is None or parts.facts.is_withdrawn:
        return False
    return parts.tender.status == TenderStatus.PUBLISHED


def _contract_href(actor: Actor, contract: awards.ContractBrief, key: StageKey) -> str:
    if key == StageKey.PLAN:
        return reverse("procurement:action_plans:plan", args=[contract.id])
    if key == StageKey.VERIFICATION and VERIFIER.allows(actor):
        return reverse("procurement:verifications:queue")
    if key in (StageKey.VERIFICATION, StageKey.REPORTING):
        return entries_url(contract.id, Basis.VERIFIED)
    return reverse("procurement:awards:contract", args=[contract.id])


def entries_url(contract_id: int, basis: str) -> str:
    query = urlencode({"basis": basis, "contract": contract_id})
    return f"{reverse('procurement:ledger:entries')}?{query}"


def _route_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    if not parts.decisions:
        return ()
    row = parts.decisions[0]
    least, most = (
        money.quantity_text(p) for p in (row.weighting_min_percent, row.weighting_max_percent)
    )
    return (
        (
            "Compared",
            worth(row.compared_amount, row.compared_basis),
        ),
        ("Weighting allowed", f"{least}% to {most}%"),
    )


def _tender_stage_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    tender = parts.tender
    if tender is None:
        return ()
    found = []
    if tender.weighting_kind == WeightingKind.PASS_FAIL:
        found.append(("Weighting", "Pass or fail"))
    elif tender.whole_percent is not None:
        found.append(("Weighting", f"{money.quantity_text(tender.whole_percent)}% of the award"))
    if tender.deadline_at:
        found.append(("Deadline", moment_shown(tender.deadline_at)))
    return tuple(found)


def _panel_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    if not _is_out(parts):
        return ()
    missing = parts.facts.not_ready_to_open
    return (("Panel", missing[0] if missing else "Ready"),)


def _award_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    contract, procurement = parts.contract, parts.procurement
    if contract is not None:
        return (
            ("Supplier", contract.supplier_name),
            ("Contract value", worth(contract.value, contract.value_basis)),
            ("Dates", f"{uk_date(contract.starts_on)} to {uk_date(contract.ends_on)}"),
        )
    if procurement.award_value is not None:
        return (("Award value", worth(procurement.award_value, procurement.award_basis)),)
    return ()


def _plan_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    if parts.plan is None:
        return ()
    found = [("Milestones due", f"{parts.plan.due} of {parts.plan.milestones}")]
    if parts.plan.next_due_on:
        found.append(("Next due", uk_date(parts.plan.next_due_on)))
    return tuple(found)


_FACTS = {
    StageKey.ROUTE: _route_facts,
    StageKey.TENDER: _tender_stage_facts,
    StageKey.EVALUATION: _panel_facts,
    StageKey.AWARD: _award_facts,
    StageKey.PLAN: _plan_facts,
}
