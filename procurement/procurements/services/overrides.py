"""Another route than the rule's, in the open: asked for by one person, answered by a second."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from procurement.policies.vocabulary import Route
from procurement.procurements.models import Procurement, RouteOverride
from procurement.procurements.permissions import (
    ANSWERER,
    OFFICER,
    why_not_answer_override,
    why_not_ask_override,
    why_not_take_back,
)
from procurement.procurements.queries import (
    latest_decision,
    override_for,
    procurement_for,
    rules_own_route,
)
from procurement.procurements.services.deciding import decide
from procurement.procurements.vocabulary import (
    DecisionStage,
    OverrideStatus,
    ProcurementDeed,
    ProcurementStatus,
)
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken

MAX_REASON = 2000


@transaction.atomic
def ask_override(*, actor: Actor, procurement_id: int, to_route: str, reason: str) -> RouteOverride:
    """Ask for another route than the rule's, before publication. Nothing changes until a second person approves.

    RuleBroken names the field; Conflict while another request waits.
    """
    procurement = procurement_for(actor, procurement_id)
    if not OFFICER.allows(actor) or actor.user_id is None:
        raise NotAllowed(why_not_ask_override(actor, procurement))
    procurement = _held(procurement)
    if why_not := why_not_ask_override(actor, procurement):
        raise RuleBroken(why_not)
    from_route = rules_own_route(procurement.pk)
    reason = _words(reason, "reason", "Say why this procurement should go another way.")
    if to_route not in Route.values:
        raise RuleBroken("Select the route that you ask for.", field="to_route")
    if to_route == from_route:
        raise RuleBroken(
            f"The rule says {Route(from_route).label} already. Select another route.",
            field="to_route",
        )
    now = latest_decision(procurement.pk)
    if now is not None and now.route == to_route:
        raise RuleBroken("This override is approved already.", field="to_route")
    try:
        with transaction.atomic():
            override = RouteOverride.objects.create(
                procurement=procurement,
                from_route=from_route,
                to_route=to_route,
                reason=reason,
                asked_by_id=actor.user_id,
                asked_at=clock.now(),
            )
    except IntegrityError as error:
        raise Conflict(
            "Another override of this procurement waits for an answer. It is answered or taken back first."
        ) from error
    _tell(
        actor,
        ProcurementDeed.OVERRIDE_ASKED,
        override,
        f"{procurement.reference}: {Route(to_route).label} was asked for instead of "
        f"{Route(from_route).label}: {reason}",
    )
    return override


@transaction.atomic
def approve_override(*, actor: Actor, override_id: int, answer: str) -> RouteOverride:
    """A second person approves: a new decision is written beside the rule's own. ``answer`` says why.

    RuleBroken when the rule says something else by now, or the procurement has moved on; Conflict when answered.
    """
    override = _answerable(actor, override_id)
    answer = _words(answer, "answer", "Say why it is approved.")
    procurement = _held(override.procurement)
    if procurement.status != ProcurementStatus.ROUTED:
        raise RuleBroken(why_not_approve(procurement))
    override = _answer(actor, override, OverrideStatus.APPROVED, answer)
    decision = decide(actor, procurement, DecisionStage.OVERRIDE, approved=override)
    if decision.override_id != override.pk:
        # The whole transaction is undone: the request stays as it was.
        raise RuleBroken(
            f"The rule now says {decision.get_route_display()}, and the request was made when it said "
            f"{Route(override.from_route).label}. Refuse it, so that it can be asked for anew."
        )
    return override


@transaction.atomic
def refuse_override(*, actor: Actor, override_id: int, answer: str) -> RouteOverride:
    """A second person refuses, with words. The rule's route stays. Conflict when answered already."""
    override = _answerable(actor, override_id)
    answer = _words(answer, "answer", "Say why it is refused.")
    return _answer(actor, override, OverrideStatus.REFUSED, answer)


@transaction.atomic
def take_back_override(*, actor: Actor, override_id: int) -> RouteOverride:
    """The asker no longer wants it. Conflict when it is answered already."""
    override = override_for(actor, override_id)
    if actor.user_id != override.asked_by_id:
        raise NotAllowed(why_not_take_back(actor, override))
    return _answer(actor, override, OverrideStatus.TAKEN_BACK, "")


def close_requests(actor: Actor, procurement: Procurement) -> None:
    """The procurement moves on, so what waits is no longer answered. Part of the move's own transaction."""
    for override in RouteOverride.objects.filter(
        procurement=procurement, status=OverrideStatus.ASKED
    ).select_related("procurement"):
        _answer(
            actor,
            override,
            OverrideStatus.TAKEN_BACK,
            "The procurement moved on before this was answered.",
        )


def why_not_approve(procurement: Procurement) -> str:
    """Why an override that waits can only be refused."""
    status = procurement.get_status_display().lower()
    return f"This procurement is {status}, so its route is no longer overridden."


def _held(procurement: Procurement) -> Procurement:
    """As it is now, and until the transaction ends: a change or a publication waits, or has been waited for.

    Without it an approval could decide on an estimate that somebody changes at the same moment.
    """
    rows = Procurement.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("authority").get(pk=procurement.pk)


def _answerable(actor: Actor, override_id: int) -> RouteOverride:
    override = override_for(actor, override_id)
    if not ANSWERER.allows(actor) or actor.user_id in (None, override.asked_by_id):
        raise NotAllowed(why_not_answer_override(actor, override))
    return override


def _answer(
    actor: Actor, override: RouteOverride, status: OverrideStatus, answer: str
) -> RouteOverride:
    """Compare-and-set from asked; an answered override never changes."""
    done = RouteOverride.objects.filter(pk=override.pk, status=OverrideStatus.ASKED).update(
        status=status, answered_by_id=actor.user_id, answered_at=clock.now(), answer=answer
    )
    override = RouteOverride.objects.select_related(
        "procurement__authority", "asked_by", "answered_by"
    ).get(pk=override.pk)
    if not done:
        raise Conflict(
            f"This request is {override.get_status_display().lower()} already. Open it again to see what happened."
        )
    words = f": {answer}" if answer else "."
    _tell(
        actor,
        ProcurementDeed.OVERRIDE_ANSWERED,
        override,
        f"{override.procurement.reference}: the override to {Route(override.to_route).label} was "
        f"{status.label.lower()}{words}",
    )
    return override


def _tell(actor: Actor, deed: ProcurementDeed, override: RouteOverride, sentence: str) -> None:
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=override,
        procurement_id=override.procurement_id,
        after={
            "from_route": override.from_route,
            "to_route": override.to_route,
            "status": override.status,
        },
    )


def _words(text: str, field: str, missing: str) -> str:
    words = text.strip()
    if not words:
        raise RuleBroken(missing, field=field)
    if len(words) > MAX_REASON:
        raise RuleBroken(f"Use {MAX_REASON:,} characters or fewer.", field=field)
    return words
