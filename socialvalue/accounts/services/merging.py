"""Two suppliers become one: asked for by one side, agreed by another, and given back when it was a mistake.

No bid, contract, claim, ledger entry or frozen report is touched: what names the merged supplier goes on naming it, and
is shown and counted under the one that was kept (decision 0041).
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from socialvalue.accounts.models import Membership, Organisation, OrganisationMerge
from socialvalue.accounts.queries.merging import side_of, why_not_merge
from socialvalue.accounts.queries.people import people_with_role
from socialvalue.accounts.rules.merging import MAX_REASON, Side, why_not_decide
from socialvalue.accounts.vocabulary import AccountDeed, MergeDeed, MergeStatus, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post

FACTS = ("company_number", "is_sme", "is_vcse", "postcode_district", "place")
ALREADY = "Somebody decided about this meanwhile. Look at it again."
WAITS = "There is a request about one of these suppliers already. It has to be decided first."


@transaction.atomic
def ask_merge(*, actor: Actor, kept_id: int, merged_id: int, reason: str) -> OrganisationMerge:
    """Ask that everything of ``merged_id`` is shown under ``kept_id``. Nothing changes until somebody else agrees.

    NotVisible for who speaks for neither and does not run the platform; RuleBroken (field ``reason``) without a reason,
    and when the two cannot be merged now.
    """
    side = side_of(actor, kept_id, merged_id)
    if side is None:
        raise NotVisible
    _check_reason(reason, "Enter why these two are the same supplier")
    if why_not := why_not_merge(kept_id, merged_id):
        raise RuleBroken(why_not)
    waiting = OrganisationMerge.objects.filter(status=MergeStatus.ASKED)
    if any({row.kept_id, row.merged_id} & {kept_id, merged_id} for row in waiting):
        raise RuleBroken(WAITS)
    try:
        with transaction.atomic():
            merge = OrganisationMerge.objects.create(
                kept_id=kept_id,
                merged_id=merged_id,
                reason=reason.strip(),
                asked_by_id=side.user_id,
                asked_for_id=side.supplier_id,
                asked_at=clock.now(),
            )
    except IntegrityError:
        raise RuleBroken(WAITS) from None
    _tell(actor, merge, MergeDeed.ASKED, "Asked to merge {merged} into {kept}.")
    for organisation in (merge.kept, merge.merged):
        if organisation.pk != side.supplier_id:
            _write(organisation, "merge_asked", merge)
    return merge


@transaction.atomic
def agree_merge(*, actor: Actor, merge_id: int) -> OrganisationMerge:
    """Agree, and merge: people and missing facts go over, everything else is shown under the one that is kept.

    NotVisible as above; NotAllowed for who asked or is of the supplier that asked; Conflict when it was decided
    meanwhile; RuleBroken when the two cannot be merged now.
    """
    merge, side = _to_decide(actor, merge_id)
    held = _held(merge)
    if why_not := why_not_merge(merge.kept_id, merge.merged_id):
        raise RuleBroken(why_not)
    kept, merged = held[merge.kept_id], held[merge.merged_id]
    carried: dict[str, Any] = {
        "facts": _carry_facts(kept, merged),
        "aliases": _carry_names(kept, merged),
        "followers": list(
            Organisation.objects.filter(merged_into=merged)
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
    } | _carry_people(actor, kept, merged)
    Organisation.objects.filter(pk__in=carried["followers"]).update(merged_into=kept)
    merged.merged_into = kept
    for organisation in (merged, kept):
        # In this order: the company number is free before it is taken.
        organisation.save()
    _decide(merge, MergeStatus.AGREED, side, carried=carried)
    _tell(actor, merge, MergeDeed.AGREED, "Merged {merged} into {kept}.", after=carried["facts"])
    _write(kept, "suppliers_merged", merge)
    return merge


@transaction.atomic
def refuse_merge(*, actor: Actor, merge_id: int, remark: str) -> OrganisationMerge:
    """Say no, and why. NotVisible, NotAllowed and Conflict as above; RuleBroken (field ``remark``) without words."""
    merge, side = _to_decide(actor, merge_id)
    _check_reason(remark, "Enter why these two are not the same supplier", field="remark")
    _decide(merge, MergeStatus.REFUSED, side, remark=remark.strip())
    _tell(actor, merge, MergeDeed.REFUSED, "Did not merge {merged} into {kept}.")
    return merge


@transaction.atomic
def withdraw_merge(*, actor: Actor, merge_id: int) -> OrganisationMerge:
    """Take one's own side's request back. NotAllowed for another's, Conflict when it was decided."""
    merge, side = _open(actor, merge_id)
    if side.supplier_id != merge.asked_for_id:
        raise NotAllowed("Only the side that asked takes the request back.")
    _decide(merge, MergeStatus.WITHDRAWN, side)
    _tell(actor, merge, MergeDeed.WITHDRAWN, "Took back the request to merge {merged} into {kept}.")
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: int) -> OrganisationMerge:
    """Part the two again: what names the merged one is its own again, with its people and facts. For the platform.

    NotVisible for who speaks for neither, NotAllowed for a supplier, Conflict when they are not merged, RuleBroken when
    the one that was kept was itself merged since.
    """
    merge = OrganisationMerge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
    side = side_of(actor, merge.kept_id, merge.merged_id) if merge else None
    if merge is None or side is None:
        raise NotVisible
    if side.supplier_id is not None:
        raise NotAllowed("Only those who run the platform part suppliers again.")
    if merge.status != MergeStatus.AGREED:
        raise Conflict(ALREADY)
    held = _held(merge)
    kept, merged = held[merge.kept_id], held[merge.merged_id]
    if merged.merged_into_id != kept.pk:
        raise RuleBroken(f"{kept.name} was itself merged since. Part that first.")
    merged.merged_into = None
    _give_back_facts(kept, merged, merge.carried)
    for organisation in (kept, merged):
        # In this order: the company number is free before it is given back.
        organisation.save()
    Organisation.objects.filter(pk__in=merge.carried.get("followers", ()), merged_into=kept).update(
        merged_into=merged
    )
    _give_back_people(actor, merge)
    merge.status = MergeStatus.UNDONE
    merge.undone_by_id, merge.undone_at = side.user_id, clock.now()
    merge.save()
    _tell(actor, merge, MergeDeed.UNDONE, "Parted {merged} and {kept} again.")
    return merge


# --- steps -----------------------------------------------------------------------------------------


def _open(actor: Actor, merge_id: int) -> tuple[OrganisationMerge, Side]:
    merge = OrganisationMerge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
    side = side_of(actor, merge.kept_id, merge.merged_id) if merge else None
    if merge is None or side is None:
        raise NotVisible
    if merge.status != MergeStatus.ASKED:
        raise Conflict(ALREADY)
    return merge, side


def _to_decide(actor: Actor, merge_id: int) -> tuple[OrganisationMerge, Side]:
    merge, side = _open(actor, merge_id)
    if why_not := why_not_decide(Side(merge.asked_by_id, merge.asked_for_id), side):
        raise NotAllowed(why_not)
    return merge, side


def _held(merge: OrganisationMerge) -> dict[int, Organisation]:
    rows = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for row in rows.filter(pk__in=(merge.kept_id, merge.merged_id))}


def _decide(merge: OrganisationMerge, status: MergeStatus, side: Side, **values: Any) -> None:
    merge.status = status
    merge.decided_by_id, merge.decided_at = side.user_id, clock.now()
    for name, value in values.items():
        setattr(merge, name, value)
    merge.save()


def _check_reason(text: str, wanted: str, field: str = "reason") -> None:
    if not text.strip():
        raise RuleBroken(wanted, field=field)
    if len(text.strip()) > MAX_REASON:
        raise RuleBroken(f"Use {MAX_REASON} characters or fewer", field=field)


def _carry_facts(kept: Organisation, merged: Organisation) -> dict[str, Any]:
    """What only the merged one says of itself, said of the kept one; a company number moves."""
    carried = {}
    for name in FACTS:
        value = getattr(merged, name)
        if getattr(kept, name) in ("", None) and value not in ("", None):
            setattr(kept, name, value)
            carried[name] = value
    if "company_number" in carried:
        merged.company_number = ""
    return carried


def _carry_names(kept: Organisation, merged: Organisation) -> list[str]:
    """Notices that name the merged one mean the kept one."""
    new = [name for name in (merged.name, *merged.aliases) if name not in kept.aliases]
    kept.aliases = [*kept.aliases, *new]
    return new


def _carry_people(actor: Actor, kept: Organisation, merged: Organisation) -> dict[str, list[int]]:
    """Everybody of the merged one holds the same roles at the kept one."""
    ended, granted = [], []
    rows = Membership.objects.filter(organisation=merged, ended_at__isnull=True)
    for row in rows.select_related("user").order_by("pk"):
        _end(actor, row)
        ended.append(row.pk)
        if new := _grant(actor, row, kept):
            granted.append(new)
    return {"ended": ended, "granted": granted}


def _end(actor: Actor, row: Membership) -> None:
    Membership.objects.filter(pk=row.pk).update(ended_at=clock.now(), ended_by_id=actor.user_id)
    record(
        actor=actor,
        deed=AccountDeed.ROLE_ENDED,
        sentence=f"{row.user} is no longer {Role(row.role).label.lower()} at {row.organisation}.",
        target=row,
        before={"role": row.role},
    )


def _grant(actor: Actor, row: Membership, organisation: Organisation) -> int | None:
    """The new membership; None when the person holds that role there already."""
    new, is_new = Membership.objects.get_or_create(
        user_id=row.user_id,
        organisation=organisation,
        role=row.role,
        ended_at=None,
        defaults={"granted_at": clock.now(), "granted_by_id": actor.user_id},
    )
    if not is_new:
        return None
    record(
        actor=actor,
        deed=AccountDeed.ROLE_GRANTED,
        sentence=f"{row.user} became {Role(row.role).label.lower()} at {organisation}.",
        target=new,
        after={"role": row.role},
    )
    return new.pk


def _give_back_facts(kept: Organisation, merged: Organisation, carried: dict[str, Any]) -> None:
    """What was carried over and not changed since."""
    for name, value in carried.get("facts", {}).items():
        if getattr(kept, name) == value:
            setattr(kept, name, None if isinstance(value, bool) else "")
    number = carried.get("facts", {}).get("company_number", "")
    if number and not kept.company_number:
        merged.company_number = number
    gone = set(carried.get("aliases", ()))
    kept.aliases = [name for name in kept.aliases if name not in gone]


def _give_back_people(actor: Actor, merge: OrganisationMerge) -> None:
    """Roles that came with the merge end; those that ended with it are granted anew, except to people who left."""
    granted = Membership.objects.filter(
        pk__in=merge.carried.get("granted", ()), ended_at__isnull=True
    )
    still_here = set()
    for row in granted.select_related("user", "organisation").order_by("pk"):
        still_here.add((row.user_id, row.role))
        _end(actor, row)
    held = set(
        Membership.objects.filter(organisation_id=merge.kept_id, ended_at__isnull=True).values_list(
            "user_id", "role"
        )
    )
    before = Membership.objects.filter(pk__in=merge.carried.get("ended", ()))
    for row in before.select_related("user").order_by("pk"):
        if row.user.is_active and (row.user_id, row.role) in still_here | held:
            _grant(actor, row, merge.merged)


def _tell(
    actor: Actor,
    merge: OrganisationMerge,
    deed: MergeDeed,
    sentence: str,
    after: dict[str, Any] | None = None,
) -> None:
    """On the request, and on both suppliers."""
    words = sentence.format(kept=merge.kept.name, merged=merge.merged.name)
    for target in (merge, merge.kept, merge.merged):
        record(actor=actor, deed=deed, sentence=words, target=target, after=after)


def _write(organisation: Organisation, template: str, merge: OrganisationMerge) -> None:
    """To the administrators of one of the two."""
    for person in people_with_role(organisation.pk, Role.SUPPLIER_ADMIN):
        post(
            person.email,
            template,
            {
                "organisation": organisation.name,
                "kept": merge.kept.name,
                "merged": merge.merged.name,
                "reason": merge.reason,
                "merge_id": merge.pk,
            },
        )
