"""An authority's own measures: started as a draft, written one by one, published once, then adopted beside the rest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date
from toms.frameworks import queries as frameworks
from toms.frameworks.permissions import may_write
from toms.frameworks.queries import OwnEdition
from toms.frameworks.rules import Adopter, OwnMeasure, own_edition
from toms.frameworks.services import (
    EditionInput,
    adopt_edition,
    discard_draft,
    draft_edition,
    drop_measure,
    hold_draft,
    publish_edition,
    set_start,
    write_measure,
)
from toms.frameworks.vocabulary import MeasureKind
from toms.proxies.models import Proxy
from toms.proxies.queries import own as queries
from toms.proxies.queries.exporting import value_rows
from toms.proxies.rules import OwnValue, wrong_amount
from toms.proxies.services.values import add_proxies, remove_proxies
from toms.proxies.vocabulary import OwnDeed

if TYPE_CHECKING:
    from toms.frameworks.models import Edition

NO_WRITER = "Your authority's policy owner writes its own measures."
FIRST = (
    "Somebody else changed this version while you were working on it. Check it, then save again."
)
BEGUN = "A version is being written already. Go on with that one, or discard it first."
TEXTS = ("price_year", "source_name", "licence", "method")


@transaction.atomic
def start_own_version(*, actor: Actor) -> str:
    """Begin the next version: a copy of the last published one, else without a measure. Returns its slug.

    Conflict while another is being written.
    """
    owner = queries.owner_of(actor)
    if not may_write(actor, owner.id):
        raise NotAllowed(NO_WRITER)
    versions = frameworks.own_editions(actor, owner.family)
    if any(row.is_draft for row in versions):
        raise Conflict(BEGUN)
    number = 1 + max((int(row.slug.rpartition("-")[2]) for row in versions), default=0)
    last = queries.last_published(actor, owner)
    try:
        with transaction.atomic():
            edition, ids = draft_edition(
                actor=actor, edition=_begin(owner, number, last), verb="started"
            )
    except IntegrityError as error:  # two at the same moment; the database lets one through
        raise Conflict(BEGUN) from error
    if last is not None:
        add_proxies(
            actor=actor, edition_id=edition.pk, measure_ids=ids, proxies=value_rows(last.id)
        )
    return edition.slug


def _begin(owner: queries.Owner, number: int, last: OwnEdition | None) -> EditionInput:
    rows = frameworks.edition_rows(last.id) if last else {}
    written = frameworks.written_measures(last.id).values() if last else ()
    taken = {row.code: dict(row.additionality) for row in written}
    return EditionInput(
        framework={
            "slug": owner.family,
            "name": f"{owner.name} measures",
            "owner": owner.name,
            "licence": "The authority's own",
            "about": f"Measures that {owner.name} asks for besides those it shares with others.",
        },
        slug=own_edition(owner.family, number),
        label=f"version {number}",
        valid_from=clock.today(),
        valid_to=None,
        themes=rows.get("themes", ()),
        measures=[row | {"additionality": taken[row["code"]]} for row in rows.get("measures", ())],
        double_counting=[(row["first"], row["second"]) for row in rows.get("double_counting", ())],
        packs=(),
        holder_id=owner.id,
    )


@transaction.atomic
def save_own_measure(
    *,
    actor: Actor,
    edition_id: int,
    expected: str,
    measure_id: int | None,
    measure: OwnMeasure,
    value: OwnValue | None,
) -> int:
    """Add a measure to the draft, or write it anew with its value. Returns its id.

    ``expected`` is what the version said when the person saw it: Conflict, with what differs, when that has changed.
    RuleBroken, by field, for what does not go together.
    """
    edition = hold_draft(actor=actor, edition_id=edition_id)
    owner = queries.owner_of(actor)
    before = {line.id: line for line in queries.lines_of(edition_id)}
    themes = queries.own_themes(owner, edition_id, clock.today())
    if queries.seen(edition_id) != expected:
        names = {row.slug: row.name for row in themes}
        sent = queries.OwnLine(0, measure, names.get(measure.theme_slug, ""), value)
        there = before.get(measure_id) if measure_id else None
        raise Conflict(FIRST, changed=_changed(there, sent) if there else None)
    _guard(owner, measure, value)
    pk = write_measure(
        actor=actor, edition_id=edition_id, measure_id=measure_id, measure=measure, themes=themes
    )
    Proxy.objects.filter(measure_id=pk).delete()
    if value is not None:
        add_proxies(
            actor=actor,
            edition_id=edition_id,
            measure_ids={measure.code: pk},
            proxies={measure.code: [_value_row(value, edition.valid_from)]},
        )
    now = next(line for line in queries.lines_of(edition_id) if line.id == pk)
    _note(actor, edition, before.get(pk), now)
    return pk


def _changed(there: queries.OwnLine, sent: queries.OwnLine) -> dict[str, tuple[str, str]]:
    now, mine = queries.facts(there), queries.facts(sent)
    return differences({name: name for name in {**now, **mine}}, now, mine)


def _guard(owner: queries.Owner, measure: OwnMeasure, value: OwnValue | None) -> None:
    wrong: list[tuple[str | None, str]] = []
    elsewhere = queries.codes_used_elsewhere(owner, clock.today()).get(measure.code.casefold())
    if elsewhere:
        wrong.append(("code", f"{measure.code} is a code of {elsewhere}. Enter another"))
    if measure.kind == MeasureKind.PROXY:
        wrong += _wrong_value(value)
    elif value is not None:
        wrong.append(("kind", "Only a measure with a proxy value has a value of one unit"))
    if wrong:
        (field, message), *more = wrong
        raise RuleBroken(message, field=field, more=more)


def _wrong_value(value: OwnValue | None) -> list[tuple[str | None, str]]:
    if value is None:
        return [("amount", "Enter the value of one unit")]
    found: list[tuple[str | None, str]] = []
    if message := wrong_amount(value.amount):
        found.append(("amount", message))
    for name in TEXTS:
        if not getattr(value, name).strip():
            found.append((name, f"Enter the {name.removesuffix('_name').replace('_', ' ')}"))
    return found


def _value_row(value: OwnValue, begins: date) -> dict[str, Any]:
    return {
        "place": "",
        "amount": f"{value.amount:f}",
        "price_year": value.price_year,
        "source_name": value.source_name,
        "source_url": value.source_url,
        "licence": value.licence,
        "method": value.method,
        "valid_from": begins.isoformat(),
    }


def _note(
    actor: Actor, edition: Edition, before: queries.OwnLine | None, now: queries.OwnLine
) -> None:
    after = queries.facts(now)
    if before is None:
        record(
            actor=actor,
            deed=OwnDeed.MEASURE_ADDED,
            sentence=f"{now.measure.label} was added.",
            target=edition,
            after=after,
        )
        return
    was = queries.facts(before)
    changed = [name for name in {**was, **after} if was.get(name, "") != after.get(name, "")]
    if changed:
        record(
            actor=actor,
            deed=OwnDeed.MEASURE_CHANGED,
            sentence=f"{now.measure.label} was changed: {', '.join(changed).lower()}.",
            target=edition,
            before={name: was.get(name, "") for name in changed},
            after={name: after.get(name, "") for name in changed},
        )


@transaction.atomic
def remove_own_measure(*, actor: Actor, edition_id: int, expected: str, measure_id: int) -> None:
    """Take a measure out of the draft. Published versions and what was asked from them stay as they are."""
    edition = _hold(actor, edition_id, expected)
    line = next((row for row in queries.lines_of(edition_id) if row.id == measure_id), None)
    Proxy.objects.filter(measure_id=measure_id, measure__edition_id=edition_id).delete()
    drop_measure(actor=actor, edition_id=edition_id, measure_id=measure_id)
    if line is not None:
        record(
            actor=actor,
            deed=OwnDeed.MEASURE_REMOVED,
            sentence=f"{line.measure.label} was removed.",
            target=edition,
            before=queries.facts(line),
        )


@transaction.atomic
def discard_own_version(*, actor: Actor, edition_id: int, expected: str) -> None:
    """Take the draft away with all that was written in it."""
    _hold(actor, edition_id, expected)
    remove_proxies(actor=actor, edition_id=edition_id)
    discard_draft(actor=actor, edition_id=edition_id)


@transaction.atomic
def publish_own_version(
    *,
    actor: Actor,
    edition_id: int,
    expected: str,
    from_on: date,
    region_id: int | None = None,
    reference: str = "",
) -> str:
    """Publish the draft, for good, and adopt it beside the main edition from that day. Returns its slug.

    ``region_id`` names a region the authority leads, to offer the measures to its members. RuleBroken for what is
    missing, and for a day that has passed or is not after the first day of the version before.
    """
    edition = _hold(actor, edition_id, expected)
    version = queries.own_version(actor, edition.slug)
    if lacking := queries.lacks(actor, version):
        message, *rest = lacking
        raise RuleBroken(message, more=[(None, text) for text in rest])
    owner = queries.owner_of(actor)
    _guard_day(from_on, queries.last_published(actor, owner))
    if region_id is not None and region_id not in actor.region_ids:
        raise NotAllowed("Only the authority that leads a region offers measures to it.")
    set_start(actor=actor, edition_id=edition_id, valid_from=from_on, region_id=region_id)
    Proxy.objects.filter(measure__edition_id=edition_id).update(valid_from=from_on)
    publish_edition(actor=actor, edition_id=edition_id, checksum=queries.seen(edition_id))
    adopt_edition(
        actor=actor,
        adopter=Adopter(authority_id=owner.id),
        edition_id=edition_id,
        from_on=from_on,
        is_main=False,
        reference=reference,
    )
    return edition.slug


def _guard_day(from_on: date, before: OwnEdition | None) -> None:
    if from_on < clock.today():
        raise RuleBroken("The first day must be today or later", field="from_on")
    if before is not None and from_on <= before.valid_from:
        raise RuleBroken(
            f"The first day must be after {uk_date(before.valid_from)}, when {before.label} begins",
            field="from_on",
        )


def _hold(actor: Actor, edition_id: int, expected: str) -> Edition:
    edition = hold_draft(actor=actor, edition_id=edition_id)
    if queries.seen(edition_id) != expected:
        raise Conflict(FIRST)
    return edition
