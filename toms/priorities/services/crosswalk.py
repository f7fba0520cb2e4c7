"""Deciding how measures count in a region's own, and the codes other families know them by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from toms.frameworks import queries as frameworks
from toms.priorities import queries
from toms.priorities.models import CodeAlias, MeasureMapping
from toms.priorities.permissions import WHY_NOT_MAP, can_map
from toms.priorities.queries import Ground
from toms.priorities.rules import MeasureRef, converted, flaw_of
from toms.priorities.vocabulary import CrosswalkDeed

MOVED = (
    "Somebody else has decided how this measure counts in the meantime. "
    "Look at what is there now, and save again if you still want to change it."
)
NO_TARGET = "Choose one of the measures the region uses now"
ONE = Decimal(1)


@transaction.atomic
def map_measure(
    *,
    actor: Actor,
    region_id: int,
    source_id: int,
    target_id: int | None,
    factor: Decimal | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> MeasureMapping:
    """Say how a measure counts in the region: as a regional measure, ``factor`` of its units for one of the source's
    (None: the units agree), or with no target deliberately as none, for a reason.

    ``expected_version`` is that of the decision the person saw; None where there was none. NotVisible for another
    region and for a measure that is not its authorities'; NotAllowed for anybody but a policy owner of its lead;
    RuleBroken names what to mend; Conflict when somebody else decided since.
    """
    source, base = _allowed(actor, region_id, source_id)
    if source.id in base.regional.by_id:
        raise RuleBroken("This is one of the region's own measures. It counts as itself.")
    target = _target(source, target_id, base, factor, reason)
    before = _row(region_id, source_id)
    values = {
        "target_id": target.id if target else None,
        "factor": factor if target and factor is not None else ONE,
        "reason": reason.strip(),
        "decided_at": clock.now(),
        "decided_by_id": actor.user_id,
    }
    said_before = _said(before)
    row = _write(before, region_id, source_id, expected_version, values)
    record(
        actor=actor,
        deed=CrosswalkDeed.MEASURE_MAPPED if target else CrosswalkDeed.MEASURE_EXCLUDED,
        sentence=_sentence(_called(actor, source_id), source.unit, target, row),
        target=row.source,
        before=said_before,
        after=_said(row),
    )
    return row


@transaction.atomic
def unmap_measure(*, actor: Actor, region_id: int, source_id: int, expected_version: int) -> None:
    """Take a decision away: the measure is carried by its code again, or not mapped.

    NotVisible when nothing was decided for this measure itself; Conflict when it was changed since.
    """
    _allowed(actor, region_id, source_id)
    row = _row(region_id, source_id)
    if row is None:
        raise NotVisible
    measure, before = row.source, _said(row)
    gone, _ = MeasureMapping.objects.filter(pk=row.pk, version=expected_version).delete()
    if not gone:
        raise Conflict(MOVED)
    record(
        actor=actor,
        deed=CrosswalkDeed.MEASURE_UNMAPPED,
        sentence=f"How {_called(actor, source_id)} counts in the region is open again.",
        target=measure,
        before=before,
    )


@transaction.atomic
def accept_suggestions(*, actor: Actor, region_id: int, pairs: Sequence[tuple[int, int]]) -> int:
    """Map each of these measures to the one suggested for it. Returns how many.

    All or none. Conflict when one of them is not suggested any more: mapped since, or the region's measures changed.
    """
    if not can_map(actor, region_id):
        _refuse(actor, region_id)
    offered = {
        row.measure.id: row.suggested
        for row in queries.crosswalk(actor, region_id, clock.today()).suggestions
    }
    if not pairs:
        raise RuleBroken("Select at least one suggestion", field="accept")
    for source_id, target_id in pairs:
        suggested = offered.get(source_id)
        if suggested is None or suggested.target.id != target_id:
            raise Conflict(
                "The suggestions have changed in the meantime. Look at them again, then accept what still fits."
            )
        map_measure(
            actor=actor,
            region_id=region_id,
            source_id=source_id,
            target_id=target_id,
            reason=f"Suggested: {suggested.why[:1].lower()}{suggested.why[1:]}",
        )
    return len(pairs)


def _refuse(actor: Actor, region_id: int) -> None:
    queries.region_read(actor, region_id, clock.today())
    raise NotAllowed(WHY_NOT_MAP)


def _allowed(actor: Actor, region_id: int, source_id: int) -> tuple[MeasureRef, Ground]:
    if not can_map(actor, region_id):
        _refuse(actor, region_id)
    today = clock.today()
    region = queries.region_read(actor, region_id, today)
    info = queries.measure_in_region(actor, region, source_id, today)
    return queries.refs([info])[info.id], queries.ground(region_id, today)


def _target(
    source: MeasureRef, target_id: int | None, base: Ground, factor: Decimal | None, reason: str
) -> MeasureRef | None:
    if target_id is None:
        if not reason.strip():
            raise RuleBroken("Say why this measure is in no regional one", field="reason")
        return None
    target = base.regional.by_id.get(target_id)
    if target is None:
        raise RuleBroken(NO_TARGET, field="target")
    flaw = flaw_of(source, target, factor, reason)
    if flaw is not None:
        raise RuleBroken(flaw[1], field=flaw[0])
    return target


def _row(region_id: int, source_id: int) -> MeasureMapping | None:
    rows = MeasureMapping.objects.select_for_update(of=("self",)).select_related("source", "target")
    return rows.filter(region_id=region_id, source_id=source_id).first()


def _write(
    before: MeasureMapping | None,
    region_id: int,
    source_id: int,
    expected_version: int | None,
    values: Mapping[str, Any],
) -> MeasureMapping:
    if (before.version if before else None) != expected_version:
        raise Conflict(MOVED)
    if before is None:
        try:
            with transaction.atomic():
                row = MeasureMapping.objects.create(
                    region_id=region_id, source_id=source_id, **values
                )
        except IntegrityError as error:
            raise Conflict(MOVED) from error
    else:
        changed = MeasureMapping.objects.filter(pk=before.pk, version=before.version).update(
            **values, version=F("version") + 1
        )
        if not changed:
            raise Conflict(MOVED)
        row = before
    return MeasureMapping.objects.select_related("source", "target").get(pk=row.pk)


def _said(row: MeasureMapping | None) -> dict[str, str]:
    if row is None:
        return {}
    return {
        "counts_as": str(row.target) if row.target else "",
        "factor": f"{row.factor.normalize():f}",
        "reason": row.reason,
    }


def _called(actor: Actor, source_id: int) -> str:
    """What the record calls a measure: only its code where it is held under another authority's licence, because more
    people read the record than decide."""
    reader = frameworks.readership(actor)
    info = frameworks.measure_infos([source_id], reader)[source_id]
    return info.code if info.title == reader.instead else info.label


def _sentence(source: str, unit: str, target: MeasureRef | None, row: MeasureMapping) -> str:
    because = f" {row.reason}" if row.reason else ""
    if target is None:
        return f"{source} deliberately counts in no regional measure.{because}"
    rate = "" if row.factor == 1 else f" ({converted(unit, row.factor, target.unit)})"
    return f"{source} counts as {target.label} in the region{rate}.{because}"


@transaction.atomic
def put_aliases(*, actor: Actor, families: Sequence[Mapping[str, Any]]) -> int:
    """Add or correct the codes by which other families know measures of ours; take out those no longer named. Running
    it twice changes nothing. A framework that is not loaded is passed over. Returns how many codes are kept."""
    if not actor.is_system:
        raise NotAllowed("Codes of other families are loaded by the platform.")
    known = frameworks.family_ids(row["framework"] for row in families)
    kept = 0
    for family in families:
        framework_id = known.get(family["framework"])
        if framework_id is not None:
            kept += _put_family(framework_id, family["family"], family["aliases"])
    return kept


def _put_family(framework_id: int, family: str, rows: Iterable[Mapping[str, str]]) -> int:
    wanted = {(row["code"], row["alias"]): row.get("certainty", "") for row in rows}
    kept = len(wanted)
    for row in CodeAlias.objects.filter(framework_id=framework_id, family=family):
        certainty = wanted.pop((row.code, row.alias), None)
        if certainty is None:
            row.delete()
        elif certainty != row.certainty:
            row.certainty = certainty
            row.save(update_fields=["certainty"])
    CodeAlias.objects.bulk_create(
        CodeAlias(
            framework_id=framework_id, code=code, family=family, alias=alias, certainty=certainty
        )
        for (code, alias), certainty in wanted.items()
    )
    return kept
