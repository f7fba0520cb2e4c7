"""Suppliers that may be the same one: for those who run the platform, and for the two suppliers themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.module_loading import import_string

from socialvalue.accounts.models import Organisation, OrganisationMerge
from socialvalue.accounts.permissions import OWN_SUPPLIER
from socialvalue.accounts.queries.people import operates_platform
from socialvalue.accounts.rules.merging import (
    Known,
    Side,
    likely_pairs,
    plain_name,
    plain_number,
    why_not_decide,
)
from socialvalue.accounts.vocabulary import MergeStatus, OrganisationKind
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core.actor import Actor
from socialvalue.core.database import wide
from socialvalue.core.errors import NotAllowed, NotVisible

ONLY_PLATFORM = "Only those who run the platform see suppliers that may be the same one."
LOOKS = {
    MergeStatus.ASKED: "submitted",
    MergeStatus.AGREED: "verified",
    MergeStatus.REFUSED: "skipped",
    MergeStatus.WITHDRAWN: "skipped",
    MergeStatus.UNDONE: "skipped",
}


@dataclass(frozen=True, slots=True)
class SupplierFacts:
    """A supplier as the other side of a merge may know it."""

    id: int
    name: str
    company_number: str
    postcode_district: str
    since: datetime
    people: int

    @property
    def number(self) -> str:
        return self.company_number or "Not said"

    @property
    def known_as(self) -> str:
        """The name, with the company number where there is one: two may have one name."""
        return f"{self.name} ({self.company_number})" if self.company_number else self.name


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two suppliers that look alike, and why."""

    kept: SupplierFacts
    merged: SupplierFacts
    why: str


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A request and what became of it."""

    id: int
    kept: SupplierFacts
    merged: SupplierFacts
    reason: str
    status: str
    status_label: str
    look: str
    asked_by: str
    asked_for: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    remark: str

    @property
    def is_waiting(self) -> bool:
        return self.status == MergeStatus.ASKED

    @property
    def is_merged(self) -> bool:
        return self.status == MergeStatus.AGREED


@dataclass(frozen=True, slots=True)
class MergePage:
    """One request, with what the reader may do about it."""

    row: MergeRow
    why_not_decide: str
    may_withdraw: bool
    may_undo: bool
    history: list[HistoryLine]

    @property
    def may_decide(self) -> bool:
        return self.row.is_waiting and not self.why_not_decide


@dataclass(frozen=True, slots=True)
class PlatformSuppliers:
    """What those who run the platform see: pairs that look alike, requests that wait, and what was decided."""

    proposals: tuple[Proposal, ...]
    waiting: tuple[MergeRow, ...]
    decided: tuple[MergeRow, ...]


def side_of(actor: Actor, kept_id: int, merged_id: int) -> Side | None:
    """For whom the actor speaks about these two; None when for neither."""
    if actor.user_id is None:
        return None
    if OWN_SUPPLIER.allows(actor) and actor.organisation_id in (kept_id, merged_id):
        return Side(actor.user_id, actor.organisation_id)
    return Side(actor.user_id, None) if operates_platform(actor) else None


def live_suppliers() -> QuerySet[Organisation]:
    """Suppliers that were not merged into another."""
    return Organisation.objects.filter(kind=OrganisationKind.SUPPLIER, merged_into__isnull=True)


def platform_suppliers(actor: Actor) -> PlatformSuppliers:
    """NotAllowed for who does not run the platform."""
    if not operates_platform(actor):
        raise NotAllowed(ONLY_PLATFORM)
    rows = list(live_suppliers().order_by("pk"))
    known = [
        Known(row.pk, (row.name, *row.aliases), row.company_number, row.postcode_district)
        for row in rows
    ]
    merges = list(_merges())
    settled = {
        frozenset((row.kept_id, row.merged_id))
        for row in merges
        if row.status in (MergeStatus.ASKED, MergeStatus.REFUSED, MergeStatus.UNDONE)
    }
    pairs = [
        pair
        for pair in likely_pairs(known)
        if frozenset((pair.kept_id, pair.merged_id)) not in settled
    ]
    facts = _facts({n for pair in pairs for n in (pair.kept_id, pair.merged_id)})
    views = _rows(merges)
    return PlatformSuppliers(
        proposals=tuple(Proposal(facts[p.kept_id], facts[p.merged_id], p.why) for p in pairs),
        waiting=tuple(row for row in views if row.is_waiting),
        decided=tuple(row for row in views if not row.is_waiting),
    )


def own_merges(actor: Actor) -> list[MergeRow]:
    """Requests about the actor's supplier, newest first. NotAllowed for who does not administer one."""
    if not OWN_SUPPLIER.allows(actor):
        raise NotAllowed(OWN_SUPPLIER.reason)
    own = actor.organisation_ids
    return _rows(list(_merges().filter(Q(kept_id__in=own) | Q(merged_id__in=own))))


def merges_awaiting(actor: Actor) -> int:
    """How many requests wait for the actor's supplier to answer them."""
    if not OWN_SUPPLIER.allows(actor):
        return 0
    own = actor.organisation_id
    rows = OrganisationMerge.objects.filter(status=MergeStatus.ASKED).exclude(asked_for_id=own)
    return rows.filter(Q(kept_id=own) | Q(merged_id=own)).count()


def merge_page(actor: Actor, merge_id: int) -> MergePage:
    """NotVisible for who speaks for neither of the two and does not run the platform."""
    found = _merges().filter(pk=merge_id).first()
    if found is None:
        raise NotVisible
    side = side_of(actor, found.kept_id, found.merged_id)
    if side is None:
        raise NotVisible
    asked = Side(found.asked_by_id, found.asked_for_id)
    return MergePage(
        row=_rows([found])[0],
        why_not_decide=why_not_decide(asked, side),
        may_withdraw=found.status == MergeStatus.ASKED and _is_of(side, asked),
        may_undo=found.status == MergeStatus.AGREED and side.supplier_id is None,
        history=history_of(target_type="organisationmerge", target_id=found.pk),
    )


def _is_of(side: Side, asked: Side) -> bool:
    """The request is that of the reader's own side."""
    return side.supplier_id == asked.supplier_id


def supplier_to_merge(actor: Actor, text: str) -> SupplierFacts:
    """The supplier that somebody means by a company number or a whole name, other than their own.

    NotAllowed for who does not administer a supplier; NotVisible when there is none, or more than one. Nothing is found
    by a part of a name: this is no directory.
    """
    if not OWN_SUPPLIER.allows(actor):
        raise NotAllowed(OWN_SUPPLIER.reason)
    number, name = plain_number(text), plain_name(text)
    rows = live_suppliers().exclude(pk__in=actor.organisation_ids)
    found = [
        row.pk
        for row in rows.order_by("pk")
        if (number and plain_number(row.company_number) == number)
        or (name and plain_name(row.name) == name)
    ]
    if len(found) != 1:
        raise NotVisible(
            "No other supplier is registered under that. Enter its company number, or its whole name."
            if not found
            else "More than one supplier is registered under that name. Enter the company number."
        )
    return _facts(found)[found[0]]


def proposal_of(actor: Actor, kept_id: int, merged_id: int) -> Proposal:
    """Two suppliers beside each other, before somebody asks. NotVisible for who may not ask about them."""
    facts = _facts({kept_id, merged_id})
    if len(facts) != 2 or side_of(actor, kept_id, merged_id) is None:
        raise NotVisible
    pairs = likely_pairs(
        Known(row.pk, (row.name, *row.aliases), row.company_number, row.postcode_district)
        for row in live_suppliers().filter(pk__in=(kept_id, merged_id))
    )
    return Proposal(facts[kept_id], facts[merged_id], pairs[0].why if pairs else "")


def why_not_merge(kept_id: int, merged_id: int) -> str:
    """What stands against it, whoever asks: in these rows, or in a room above that the settings name."""
    live = live_suppliers().filter(pk__in=(kept_id, merged_id)).count()
    if kept_id == merged_id or live != 2:
        return "One of the two is no supplier any more that can be merged."
    with wide("Whether two suppliers bid against each other, without saying where."):
        for path in settings.MERGE_GUARDS:
            if why_not := import_string(path)(kept_id, merged_id):
                return str(why_not)
    return ""


def _merges() -> QuerySet[OrganisationMerge]:
    return OrganisationMerge.objects.select_related(
        "kept", "merged", "asked_by", "asked_for", "decided_by"
    ).order_by("-pk")


def _facts(ids: set[int] | Sequence[int]) -> dict[int, SupplierFacts]:
    people = Count("memberships__user", filter=Q(memberships__ended_at__isnull=True), distinct=True)
    rows = Organisation.objects.filter(pk__in=ids).annotate(people=people)
    return {
        row.pk: SupplierFacts(
            row.pk,
            row.name,
            row.company_number,
            row.postcode_district,
            row.created_at,
            row.people,
        )
        for row in rows
    }


def _rows(merges: Sequence[OrganisationMerge]) -> list[MergeRow]:
    facts = _facts({n for row in merges for n in (row.kept_id, row.merged_id)})
    return [
        MergeRow(
            id=row.pk,
            kept=facts[row.kept_id],
            merged=facts[row.merged_id],
            reason=row.reason,
            status=row.status,
            status_label=row.get_status_display(),
            look=LOOKS[MergeStatus(row.status)],
            asked_by=str(row.asked_by),
            asked_for=row.asked_for.name if row.asked_for else "the platform",
            asked_at=row.asked_at,
            decided_by=str(row.decided_by or ""),
            decided_at=row.decided_at,
            remark=row.remark,
        )
        for row in merges
    ]
