"""Cuts that a line of "Break down by" opens with: what is known of a contract, a supplier, a claim or a measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries.titles import titles_for
from procurement.ledger.vocabulary import WITHOUT, SupplierSize
from socialvalue.core.actor import Actor
from toms.priorities.queries import NationalPriority, national_serving, own_objectives

Rows = QuerySet[LedgerEntry]


@dataclass(frozen=True, slots=True)
class Cut:
    """One value a dimension, as it stands in an address: empty means all, ``-`` those that have nothing there."""

    directorate: str = ""
    place: str = ""
    """The first half of a postcode, of the claim."""
    size: str = ""
    route: str = ""
    """Of the latest decision."""
    outcome: str = ""
    """Family, theme and code, ``open/work/T1O1``: the outcome in every edition."""
    objective: str = ""
    """A code that the measure's own record names, other than of national priorities."""
    priority: str = ""
    """The id of a national priority; ``-``: serves none of a statement in force when the procurement commenced."""


NO_CUT = Cut()
CUTS = tuple(field.name for field in fields(Cut))


def narrowed(actor: Actor, rows: Rows, cut: Cut) -> Rows:
    """The rows that fit the cut. What an authority keeps to itself narrows that authority's own rows only, so that
    nobody else learns it by trying."""
    for name in CUTS:
        wanted = getattr(cut, name)
        if wanted:
            rows = _NARROW[name](actor, rows, wanted)
    return rows


def _own(actor: Actor, rows: Rows) -> Rows:
    return rows if actor.is_system else rows.filter(authority_id=actor.organisation_id)


def _of_directorate(actor: Actor, rows: Rows, wanted: str) -> Rows:
    name = "" if wanted == WITHOUT else wanted
    return _own(actor, rows).filter(contract__procurement__directorate=name)


def _of_place(actor: Actor, rows: Rows, wanted: str) -> Rows:
    own = Q(authority_id=actor.organisation_id) | Q(supplier_id__in=actor.organisation_ids)
    rows = rows if actor.is_system else rows.filter(own)
    if wanted == WITHOUT:
        return rows.filter(Q(claim__isnull=True) | Q(claim__postcode_district=""))
    return rows.filter(claim__postcode_district=wanted)


def _of_size(_: Actor, rows: Rows, wanted: str) -> Rows:
    return rows.filter(size_is(wanted)) if wanted in SupplierSize.values else rows.none()


def size_is(wanted: str) -> Q:
    """The same as ``rules.size_of``, asked of the database."""
    sme, vcse = Q(supplier__is_sme=True), Q(supplier__is_vcse=True)
    # Said with both cases named, because a negation leaves out what is not answered.
    no_sme = Q(supplier__is_sme=False) | Q(supplier__is_sme__isnull=True)
    no_vcse = Q(supplier__is_vcse=False) | Q(supplier__is_vcse__isnull=True)
    unanswered = Q(supplier__is_sme__isnull=True) | Q(supplier__is_vcse__isnull=True)
    return {
        SupplierSize.BOTH: sme & vcse,
        SupplierSize.SME: sme & no_vcse,
        SupplierSize.VCSE: no_sme & vcse,
        SupplierSize.NEITHER: Q(supplier__is_sme=False, supplier__is_vcse=False),
        SupplierSize.NOT_STATED: no_sme & no_vcse & unanswered,
    }[SupplierSize(wanted)]


def _of_route(actor: Actor, rows: Rows, wanted: str) -> Rows:
    decisions = "contract__procurement__decisions"
    latest = LedgerEntry.objects.filter(pk=OuterRef("pk")).order_by(f"-{decisions}__id")
    rows = _own(actor, rows)
    if wanted == WITHOUT:
        return rows.filter(**{f"{decisions}__isnull": True})
    return rows.alias(route=Subquery(latest.values(f"{decisions}__route")[:1])).filter(route=wanted)


def _of_outcome(_: Actor, rows: Rows, wanted: str) -> Rows:
    parts = wanted.split("/", 2)
    if len(parts) != 3:
        return rows.none()
    family, theme, code = parts
    return rows.filter(
        edition__framework__slug=family,
        theme__slug=theme,
        measure__outcome__code=code,
    )


def _measures(rows: Rows) -> set[int]:
    return set(rows.order_by().values_list("measure_id", flat=True).distinct())


def _of_objective(_: Actor, rows: Rows, wanted: str) -> Rows:
    codes = own_objectives(_measures(rows))
    ids = [
        key for key, found in codes.items() if (not found if wanted == WITHOUT else wanted in found)
    ]
    return rows.filter(measure_id__in=ids)


def _of_priority(_: Actor, rows: Rows, wanted: str) -> Rows:
    found = national_serving(_measures(rows))
    if wanted == WITHOUT:
        for row in found:
            rows = rows.exclude(_serves(row))
        return rows
    one = next((row for row in found if str(row.id) == wanted), None)
    return rows.none() if one is None else rows.filter(_serves(one))


def _serves(row: NationalPriority) -> Q:
    commenced = "contract__procurement__commenced_on"
    meant = Q(measure_id__in=row.measure_ids) & Q(**{f"{commenced}__gte": row.valid_from})
    return meant if row.valid_to is None else meant & Q(**{f"{commenced}__lte": row.valid_to})


_NARROW: dict[str, Callable[[Actor, Rows, str], Rows]] = {
    "directorate": _of_directorate,
    "place": _of_place,
    "size": _of_size,
    "route": _of_route,
    "outcome": _of_outcome,
    "objective": _of_objective,
    "priority": _of_priority,
}


def cut_in_words(actor: Actor, seen: Rows, cut: Cut) -> list[tuple[str, str]]:
    """The cut for people: label and value."""
    return [
        (label, say(actor, seen, getattr(cut, name)))
        for name, (label, say) in _WORDS.items()
        if getattr(cut, name)
    ]


def _or(nothing: str) -> Callable[[Actor, Rows, str], str]:
    return lambda actor, seen, wanted: nothing if wanted == WITHOUT else wanted


def _route_said(_: Actor, __: Rows, wanted: str) -> str:
    if wanted == WITHOUT:
        return "No route decided"
    # The words belong to a later stage; the column of its table has them.
    table: Any = LedgerEntry
    for name in ("contract", "procurement", "decisions"):
        table = table._meta.get_field(name).related_model
    return str(dict(table._meta.get_field("route").flatchoices).get(wanted, wanted))


def _size_said(_: Actor, __: Rows, wanted: str) -> str:
    return SupplierSize(wanted).label if wanted in SupplierSize.values else wanted


def _outcome_said(actor: Actor, seen: Rows, wanted: str) -> str:
    names = _of_outcome(actor, seen, wanted).order_by("measure__outcome__name")
    if (reader := titles_for(actor)) is not None:
        names = names.filter(reader.editions("edition__"))
    return ", ".join(names.values_list("measure__outcome__name", flat=True).distinct()) or (
        "None that you can see"
    )


def _priority_said(_: Actor, seen: Rows, wanted: str) -> str:
    if wanted == WITHOUT:
        return "None of a statement in force when the procurement commenced"
    found = national_serving(_measures(seen))
    return next((row.label for row in found if str(row.id) == wanted), "None that you can see")


_WORDS: dict[str, tuple[str, Callable[[Actor, Rows, str], str]]] = {
    "directorate": ("Directorate", _or("None recorded")),
    "place": ("Place", _or("No postcode district given")),
    "size": ("Size of the supplier", _size_said),
    "route": ("Route", _route_said),
    "outcome": ("Outcome", _outcome_said),
    "objective": ("Objective", _or("None named by the measure")),
    "priority": ("National priority", _priority_said),
}
