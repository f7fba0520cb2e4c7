"""Adopting editions: from when, what of them, with which packs. Nothing that was started before changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date
from toms.frameworks.models import AdoptedPack, Adoption, Edition
from toms.frameworks.permissions import WHY_NOT_ADOPT, WHY_NOT_ADOPT_FOR_REGION, can_adopt
from toms.frameworks.queries import (
    adoptable,
    adopted_packs,
    adopter_behind,
    editions_named,
    measures_of,
    spans_of,
    visible_adoption,
)
from toms.frameworks.rules import (
    Adopter,
    PackInput,
    check_dates,
    check_ends,
    check_most,
    check_once,
    check_packs,
    check_subset,
    pack_slug,
)
from toms.frameworks.vocabulary import FrameworkDeed

FIRST = "Somebody else changed this adoption while you were working on it. Check the page, then save again."
LABELS = {
    "from_on": "First day",
    "is_main": "New tenders",
    "max_measures": "Most measures of one tender",
    "reference": "Decision",
    "measures": "Measures",
}
WHOLE = "The whole edition"


def _allow(actor: Actor, adopter: Adopter) -> None:
    if not can_adopt(actor, adopter.authority_id, adopter.region_id):
        raise NotAllowed(WHY_NOT_ADOPT_FOR_REGION if adopter.is_region else WHY_NOT_ADOPT)


@transaction.atomic
def adopt_edition(
    *,
    actor: Actor,
    adopter: Adopter,
    edition_id: int,
    from_on: date,
    is_main: bool = True,
    max_measures: int | None = None,
    measure_ids: Sequence[int] = (),
    reference: str = "",
) -> Adoption:
    """Use an edition from a day on: as the one new tenders start with, or beside it.

    An empty ``measure_ids`` adopts the whole edition. A main edition that is adopted from a later day follows the one
    before it. Tenders that were started keep what they started with, also where the first day has passed.

    RuleBroken for an edition the actor may not read, the same edition from the same day twice, or a past
    day without its decision.
    """
    _allow(actor, adopter)
    edition = adoptable(actor, adopter).filter(pk=edition_id).first()
    if edition is None:
        raise RuleBroken("Choose an edition from the list.", field="edition")
    _check(edition, from_on, max_measures, measure_ids, reference, today=clock.today())
    check_once(spans_of(adopter), edition_id=edition_id, from_on=from_on)
    try:
        with transaction.atomic():
            row = Adoption.objects.create(
                authority_id=adopter.authority_id,
                region_id=adopter.region_id,
                edition=edition,
                from_on=from_on,
                is_main=is_main,
                max_measures=max_measures,
                reference=reference.strip(),
                adopted_at=clock.now(),
                adopted_by_id=actor.user_id,
            )
    except IntegrityError as error:  # two at the same moment; the database lets one through
        raise Conflict("Somebody else adopted this edition from the same day just now.") from error
    row.measures.set(measure_ids)
    _note(
        actor,
        FrameworkDeed.ADOPTED,
        f"{_name(row)} is used from {uk_date(from_on)}{'' if is_main else ' beside the main edition'}.",
        row,
        after=_facts(row),
    )
    return row


def _check(
    edition: Edition,
    from_on: date,
    max_measures: int | None,
    measure_ids: Sequence[int],
    reference: str,
    *,
    today: date,
) -> None:
    check_dates(
        from_on=from_on,
        today=today,
        reference=reference,
        edition_starts_on=edition.valid_from,
        edition_ends_on=edition.valid_to,
    )
    check_most(max_measures)
    check_subset(measure_ids, edition_measures={row.id for row in measures_of(edition.pk)})


@transaction.atomic
def change_adoption(
    *,
    actor: Actor,
    adoption_id: int,
    expected_version: int,
    from_on: date,
    is_main: bool,
    max_measures: int | None,
    measure_ids: Sequence[int],
    reference: str,
) -> Adoption:
    """Change what was adopted. Once it has begun, its first day and whether it is the main edition stay.

    Published tenders keep what they ask; a draft is held to the new sub-set and maximum when it is next saved.
    """
    sent = {
        "from_on": from_on,
        "is_main": is_main,
        "max_measures": max_measures,
        "reference": reference.strip(),
    }
    row = _hold(actor, adoption_id, expected_version, {**sent, "measures": measure_ids})
    _check_open(row)
    if row.from_on <= clock.today():
        _check_begun(row, from_on, is_main)
    # A first day that stays as it was entered, ahead of time, needs no decision because it has come.
    today = min(clock.today(), row.from_on) if from_on == row.from_on else clock.today()
    _check(row.edition, from_on, max_measures, measure_ids, reference, today=today)
    check_once(
        spans_of(adopter_behind(row)),
        edition_id=row.edition_id,
        from_on=from_on,
        apart_from=row.pk,
    )
    _check_packs_fit(row, measure_ids)
    before = _facts(row)
    row = _save(row, **sent)
    row.measures.set(measure_ids)
    after = _facts(row)
    if before != after:
        _note(
            actor,
            FrameworkDeed.ADOPTION_CHANGED,
            f"The adoption of {_name(row)} was changed.",
            row,
            {name: value for name, value in before.items() if after[name] != value},
            {name: value for name, value in after.items() if before[name] != value},
        )
    return row


def _check_open(row: Adoption) -> None:
    if row.to_on is not None and row.to_on < clock.today():
        raise RuleBroken(
            f"It ended on {uk_date(row.to_on)}, so it does not change. Adopt the edition again."
        )


def _check_begun(row: Adoption, from_on: date, is_main: bool) -> None:
    again = "It has begun, so this stays as it is. Adopt the edition again from another day."
    if from_on != row.from_on:
        raise RuleBroken(again, field="from_on")
    if is_main != row.is_main:
        raise RuleBroken(again, field="is_main")


def _check_packs_fit(row: Adoption, measure_ids: Sequence[int]) -> None:
    """RuleBroken where a pack of the adopter's own holds what the new sub-set leaves out."""
    if not measure_ids:
        return
    kept = set(measure_ids)
    for pack in adopted_packs(row.pk):
        lost = [pk for pk in pack.measure_ids if pk not in kept]
        if lost:
            codes = ", ".join(_codes(row, lost))
            raise RuleBroken(
                f"The pack {pack.name} holds {codes}, which is not ticked. "
                "Tick it, or take it out of the pack first.",
                field="measures",
            )


@transaction.atomic
def end_adoption(
    *, actor: Actor, adoption_id: int, expected_version: int, to_on: date | None
) -> Adoption:
    """Say the last day it is used; None takes a last day away again. What was started until then keeps it.

    RuleBroken once it has ended, or without a day when none is set.
    """
    row = _hold(actor, adoption_id, expected_version)
    check_ends(from_on=row.from_on, ended_on=row.to_on, to_on=to_on, today=clock.today())
    before = row.to_on
    row = _save(row, to_on=to_on)
    until = "another edition follows" if to_on is None else uk_date(to_on)
    _note(
        actor,
        FrameworkDeed.ADOPTION_CHANGED if to_on is None else FrameworkDeed.ADOPTION_ENDED,
        f"{_name(row)} is used until {until}.",
        row,
        {"to_on": _day(before)},
        {"to_on": _day(to_on)},
    )
    return row


@transaction.atomic
def remove_adoption(*, actor: Actor, adoption_id: int, expected_version: int) -> None:
    """Take back an adoption that has not begun. RuleBroken from its first day on: end it instead."""
    row = _hold(actor, adoption_id, expected_version)
    if row.from_on <= clock.today():
        raise RuleBroken(
            f"It began on {uk_date(row.from_on)}, so it stays on record. End it instead."
        )
    _note(
        actor,
        FrameworkDeed.ADOPTION_REMOVED,
        f"The adoption of {_name(row)} from {uk_date(row.from_on)} was taken back.",
        row,
        before=_facts(row),
    )
    row.delete()


@transaction.atomic
def set_packs(
    *, actor: Actor, adoption_id: int, expected_version: int, packs: Sequence[PackInput]
) -> Adoption:
    """Offer exactly these packs in place of the edition's; none brings the edition's own back.

    RuleBroken for a pack outside the sub-set, one without a name or measures, or two that answer to one CPV prefix.
    """
    row = _hold(actor, adoption_id, expected_version)
    _check_open(row)
    chosen = set(row.measures.values_list("pk", flat=True))
    check_packs(packs, allowed=chosen or {info.id for info in measures_of(row.edition_id)})
    before = _pack_facts(row)
    row = _save(row)
    AdoptedPack.objects.filter(adoption=row).delete()
    for pack in packs:
        added = AdoptedPack.objects.create(
            adoption=row,
            slug=pack_slug(pack.name),
            name=pack.name.strip(),
            cpv_prefixes=list(pack.cpv_prefixes),
        )
        added.measures.set(pack.measure_ids)
    after = _pack_facts(row)
    if before != after:
        many = len(packs)
        _note(
            actor,
            FrameworkDeed.PACKS_SET,
            f"{_name(row)} has {many} pack{'' if many == 1 else 's'} of its adopter's own.",
            row,
            {"packs": before},
            {"packs": after},
        )
    return row


# --- holding, writing, telling ---------------------------------------------------------------------


def _hold(
    actor: Actor,
    adoption_id: int,
    expected_version: int,
    sent: Mapping[str, Any] | None = None,
) -> Adoption:
    """The row, locked, for who may change it, if nobody else has changed it since the page was shown."""
    visible_adoption(actor, adoption_id)
    row = (
        Adoption.objects.select_for_update(of=("self",))
        .select_related("edition__framework")
        .get(pk=adoption_id)
    )
    _allow(actor, adopter_behind(row))
    if row.version != expected_version:
        raise Conflict(FIRST, changed=_changed(row, sent) if sent else None)
    return row


def _changed(row: Adoption, sent: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    now: dict[str, Any] = {name: getattr(row, name) for name in LABELS if name != "measures"}
    now["measures"] = list(row.measures.values_list("pk", flat=True))
    return differences(
        LABELS,
        now,
        sent,
        words={
            "is_main": lambda main: "Start with it" if main else "May ask for it too",
            "measures": lambda ids: ", ".join(_codes(row, ids)) or WHOLE,
        },
    )


def _save(row: Adoption, **fields: Any) -> Adoption:
    written = Adoption.objects.filter(pk=row.pk, version=row.version).update(
        version=F("version") + 1, **fields
    )
    if not written:
        raise Conflict(FIRST)
    row.refresh_from_db()
    return row


def _name(row: Adoption) -> str:
    """The edition as every page calls it."""
    return editions_named([row.edition_id])[row.edition_id]


def _codes(row: Adoption, ids: Iterable[int]) -> list[str]:
    wanted = set(ids)
    return [info.code for info in measures_of(row.edition_id) if info.id in wanted]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _facts(row: Adoption) -> dict[str, Any]:
    chosen = row.measures.values_list("pk", flat=True)
    return {
        "edition": row.edition.slug,
        "from_on": _day(row.from_on),
        "to_on": _day(row.to_on),
        "is_main": row.is_main,
        "max_measures": row.max_measures,
        "measures": _codes(row, chosen) or WHOLE,
        "reference": row.reference,
    }


def _pack_facts(row: Adoption) -> list[dict[str, Any]]:
    return [
        {
            "name": pack.name,
            "cpv_prefixes": list(pack.cpv_prefixes),
            "measures": _codes(row, pack.measure_ids),
        }
        for pack in adopted_packs(row.pk)
    ]


def _note(
    actor: Actor,
    deed: FrameworkDeed,
    sentence: str,
    row: Adoption,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(actor=actor, deed=deed, sentence=sentence, target=row, before=before, after=after)
