"""Taking in one published notice after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from procurement.policies.vocabulary import Route
from procurement.procurements import rules
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.rules import Notice, NoticeRefused
from procurement.procurements.services.deciding import decide
from procurement.procurements.services.records import MADE_UP_OF, add, apply_changes
from procurement.procurements.vocabulary import (
    DecisionStage,
    EstimateBasis,
    NoticeAction,
    ProcurementDeed,
    ProcurementSource,
    ProcurementStatus,
)
from socialvalue.accounts import queries as accounts
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import DomainError
from socialvalue.core.money import pounds

FROM_NOTICE = ("tender value", "award value")
"""What a decision made from a notice names as the source of its amount."""
STATUS = {
    rules.OPEN: ProcurementStatus.ROUTED,
    rules.AWARDED: ProcurementStatus.AWARDED,
    rules.WITHDRAWN: ProcurementStatus.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class NoticeOutcome:
    """What happened to one release, as it is shown and stored: values and routes as text."""

    ocid: str
    action: str
    reason: str = ""
    title: str = ""
    buyer: str = ""
    procurement_id: int | None = None
    estimate: str = ""
    route: str = ""
    award_value: str = ""
    award_route: str = ""


@dataclass(slots=True)
class ImportOutcome:
    """One outcome a release: ``read`` is always the sum of the four."""

    rows: list[NoticeOutcome] = field(default_factory=list)

    def count(self, action: NoticeAction) -> int:
        return sum(1 for row in self.rows if row.action == action)

    def as_json(self) -> dict[str, Any]:
        """``read``, ``created``, ``updated``, ``unchanged`` as numbers, ``refused`` as ocid and reason."""
        return {
            "read": len(self.rows),
            "created": self.count(NoticeAction.CREATED),
            "updated": self.count(NoticeAction.UPDATED),
            "unchanged": self.count(NoticeAction.UNCHANGED),
            "refused": [
                {"ocid": row.ocid, "reason": row.reason}
                for row in self.rows
                if row.action == NoticeAction.REFUSED
            ],
        }

    def sentence(self) -> str:
        counts = self.as_json()
        return (
            f"{counts['read']} notices read: {counts['created']} new, {counts['updated']} changed, "
            f"{counts['unchanged']} unchanged, {len(counts['refused'])} refused."
        )


@dataclass(frozen=True, slots=True)
class Buyers:
    """To whom a notice belongs: everything to ``authority_id``, or to the authority that it names."""

    actor: Actor
    authority_id: int | None = None
    only_id: int | None = None
    create: bool = False

    def authority_of(self, notice: Notice) -> int:
        if self.authority_id is not None:
            return self.authority_id
        found = accounts.authority_named(notice.buyer)
        if self.only_id is not None and (found is None or found.pk != self.only_id):
            raise NoticeRefused(f"Its buyer is {notice.buyer}, not your organisation.")
        if found is not None:
            return found.pk
        if not self.create:
            raise NoticeRefused(f"No authority is known as {notice.buyer}.")
        # Named in the settings: procurement never writes people itself (docs/decisions/0003).
        add_buyer: Callable[..., Any] = import_string(settings.ADD_BUYER)
        return int(add_buyer(actor=self.actor, name=notice.buyer).pk)


def take_in(actor: Actor, releases: Sequence[Any], buyers: Buyers) -> ImportOutcome:
    """Each notice in a savepoint of its own: one that is refused leaves nothing behind."""
    outcome = ImportOutcome()
    for ocid, group in rules.group_releases(releases):
        first = _take_in_group(actor, ocid, group, buyers)
        outcome.rows.append(first)
        # Further releases of the same notice were read into the one above.
        outcome.rows += [_further(first, ocid)] * (len(group) - 1)
    return outcome


def _take_in_group(actor: Actor, ocid: str, group: Sequence[Any], buyers: Buyers) -> NoticeOutcome:
    title = buyer = ""
    try:
        notice = rules.read_story(group)
        title, buyer = notice.title, notice.buyer
        with transaction.atomic():
            return _take_in_one(actor, notice, buyers)
    except NoticeRefused as error:
        reason = str(error)
    except DomainError as error:
        reason = error.message
    return NoticeOutcome(ocid, NoticeAction.REFUSED, reason, title, buyer)


def _further(first: NoticeOutcome, ocid: str) -> NoticeOutcome:
    action = (
        NoticeAction.UPDATED if first.action == NoticeAction.CREATED else NoticeAction(first.action)
    )
    return NoticeOutcome(ocid, action, first.reason, first.title, first.buyer, first.procurement_id)


def _take_in_one(actor: Actor, notice: Notice, buyers: Buyers) -> NoticeOutcome:
    found = Procurement.objects.filter(ocid=notice.ocid).first()
    if found is None and (reason := rules.why_refused(notice)):
        raise NoticeRefused(reason)
    authority_id = buyers.authority_of(notice)
    if found is None:
        return _row(notice, NoticeAction.CREATED, _create(actor, notice, authority_id))
    if found.authority_id != authority_id:
        # Asked before anything of the row is shown: it may be another organisation's.
        raise NoticeRefused("It is recorded for another authority already.")
    if found.notice_hash == notice.fingerprint:
        return _row(notice, NoticeAction.UNCHANGED, found)
    if found.award_value is not None and notice.state == rules.OPEN:
        older = "It is older than the award that is recorded."
        return _row(notice, NoticeAction.UNCHANGED, found, older)
    if _is_carried_on(found):
        raise NoticeRefused(
            f"It has been carried on here as {found.reference}, so the notice no longer changes it."
        )
    return _row(notice, NoticeAction.UPDATED, _update(actor, notice, found))


def _is_carried_on(found: Procurement) -> bool:
    """True once people here have decided or moved it themselves."""
    if found.status not in (ProcurementStatus.ROUTED, ProcurementStatus.AWARDED):
        return True
    decisions = RouteDecision.objects.filter(procurement=found)
    return decisions.exclude(inputs__amount_from__in=FROM_NOTICE).exists()


def _create(actor: Actor, notice: Notice, authority_id: int) -> Procurement:
    values = {
        "title": notice.title,
        "description": notice.description,
        "category": notice.category,
        "cpv": notice.cpv,
        "estimate": notice.estimate,
        "estimate_basis": EstimateBasis.EXCL,
        "commenced_on": notice.commenced_on,
        "starts_on": notice.starts_on,
        "ends_on": notice.ends_on,
    }
    procurement = add(
        actor,
        values,
        authority_id=authority_id,
        owner_id=actor.user_id,
        source=ProcurementSource.NOTICE,
        status=STATUS[notice.state],
        ocid=notice.ocid,
        notice_hash=notice.fingerprint,
        awarded_on=notice.awarded_on if notice.award_value is not None else None,
        **_award(notice),
    )
    decide(
        actor, procurement, DecisionStage.ENTRY, source=notice.estimate_from, remark=notice.remark
    )
    _decide_award(actor, procurement, notice.award_value)
    return procurement


def _award(notice: Notice) -> dict[str, Any]:
    if notice.award_value is None:
        return {}
    return {"award_value": notice.award_value, "award_basis": EstimateBasis.EXCL}


def _decide_award(actor: Actor, procurement: Procurement, value: Decimal | None) -> None:
    if value is not None:
        decide(
            actor,
            procurement,
            DecisionStage.AWARD,
            amount=value,
            basis=EstimateBasis.EXCL,
            source="award value",
        )


def _update(actor: Actor, notice: Notice, found: Procurement) -> Procurement:
    """Bring the record up to the newer notice; what the notice leaves out stays."""
    values: dict[str, Any] = {
        name: value
        for name in ("title", "description", "category", "cpv", "starts_on", "ends_on")
        if (value := getattr(notice, name))
    }
    if notice.tender_value is not None:
        values["estimate"] = notice.tender_value
        if notice.tender_value != found.estimate:
            # How the earlier value was made up says nothing about this one.
            values |= dict.fromkeys(MADE_UP_OF)
    # An award notice knows only the closing day; an earlier day that is recorded holds.
    if notice.commenced_on and notice.commenced_on < found.commenced_on:
        values["commenced_on"] = notice.commenced_on
    procurement = apply_changes(
        actor, found, values, source=notice.estimate_from, remark=notice.remark
    )
    award_changed = notice.award_value is not None and notice.award_value != procurement.award_value
    more = _award(notice)
    if notice.award_value is not None:
        more["awarded_on"] = notice.awarded_on
    Procurement.objects.filter(pk=procurement.pk).update(
        status=STATUS[notice.state],
        notice_hash=notice.fingerprint,
        version=F("version") + 1,
        **more,
    )
    before = procurement.status
    procurement.refresh_from_db()
    record(
        actor=actor,
        deed=ProcurementDeed.CHANGED,
        sentence=f"{procurement.reference} was brought up to a newer published notice.",
        target=procurement,
        procurement_id=procurement.pk,
        before={"status": before},
        after={"status": procurement.status, "notice": notice.ocid},
    )
    if award_changed:
        _decide_award(actor, procurement, notice.award_value)
    return procurement


def _row(
    notice: Notice, action: NoticeAction, procurement: Procurement, reason: str = ""
) -> NoticeOutcome:
    decisions = list(RouteDecision.objects.filter(procurement=procurement).order_by("id"))
    award = [row for row in decisions if row.stage == DecisionStage.AWARD]
    before = [row for row in decisions if row.stage != DecisionStage.AWARD]
    return NoticeOutcome(
        ocid=notice.ocid,
        action=action,
        reason=reason,
        title=procurement.title,
        buyer=notice.buyer,
        # The row of a rehearsal is undone: its number would name nothing.
        procurement_id=procurement.pk,
        estimate=pounds(procurement.estimate),
        route=Route(before[-1].route).label if before else "",
        award_value="" if procurement.award_value is None else pounds(procurement.award_value),
        award_route=Route(award[-1].route).label if award else "",
    )
