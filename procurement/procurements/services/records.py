"""Entering and changing the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.policies.rules import BASIS_WORDS, Estimate, check_estimate
from procurement.policies.vocabulary import Category, VatBasis
from procurement.procurements.models import Procurement
from procurement.procurements.permissions import OFFICER, why_not_create, why_not_edit
from procurement.procurements.queries import procurement_for
from procurement.procurements.rules import check_period, clean_cpv, clean_title
from procurement.procurements.services.deciding import decide
from procurement.procurements.vocabulary import (
    DecisionStage,
    EstimateBasis,
    ProcurementDeed,
    ProcurementSource,
    ProcurementStatus,
)
from socialvalue.accounts import queries as accounts
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.files import new_key
from socialvalue.core.money import pounds, quantity_text, round_pounds

FIELDS = {
    "title": "Title",
    "description": "Description",
    "directorate": "Directorate",
    "category": "Category",
    "cpv": "CPV code",
    "estimate": "Estimate",
    "estimate_basis": "VAT basis",
    "vat_rate_percent": "VAT rate",
    "commenced_on": "Commencement date",
    "starts_on": "Contract start",
    "ends_on": "Contract end",
}
ROUTED_BY = ("category", "estimate", "estimate_basis", "vat_rate_percent", "commenced_on")
"""A change of any of these is decided again."""


@transaction.atomic
def create_procurement(
    *,
    actor: Actor,
    title: str,
    category: str,
    estimate: Decimal,
    estimate_basis: str,
    vat_rate_percent: Decimal | None,
    commenced_on: date,
    starts_on: date | None = None,
    ends_on: date | None = None,
    cpv: str = "",
    description: str = "",
    directorate: str = "",
    submission_key: str | None = None,
) -> Procurement:
    """Enter what the actor's authority means to buy and decide its route. The same key and values again give the first.

    RuleBroken names the field; Conflict when the form was already saved with other values.
    """
    if reason := why_not_create(actor):
        raise NotAllowed(reason)
    values = clean(
        {
            "title": title,
            "category": category,
            "estimate": estimate,
            "estimate_basis": estimate_basis,
            "vat_rate_percent": vat_rate_percent,
            "commenced_on": commenced_on,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "cpv": cpv,
            "description": description,
            "directorate": directorate,
        }
    )
    key = submission_key or new_key()
    if found := _saved_before(actor, key, values):
        return found
    authority = accounts.authorities().filter(pk=actor.organisation_id or 0).first()
    if authority is None:
        raise NotVisible
    try:
        with transaction.atomic():
            procurement = add(
                actor,
                values,
                authority_id=authority.pk,
                owner_id=actor.user_id,
                submission_key=key,
                is_demonstration=authority.is_demonstration,
            )
    except IntegrityError:
        # Both clicks of a double click got past the look-up; the other one was first.
        found = _saved_before(actor, key, values)
        if found is None:
            raise
        return found
    decide(actor, procurement, DecisionStage.ENTRY)
    return procurement


def _saved_before(actor: Actor, key: str, values: Mapping[str, Any]) -> Procurement | None:
    found = Procurement.objects.filter(submission_key=key).first()
    if found is None:
        return None
    if found.authority_id != actor.organisation_id:
        raise NotVisible
    changed = what_differs(found, values)
    if changed:
        raise Conflict(
            f"You have already entered this as {found.reference}. Open it and change it there; "
            "to enter another one, start a new form.",
            changed=changed,
        )
    return found


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. RuleBroken names the first field that cannot be."""
    cleaned = dict(values)
    if "title" in cleaned:
        cleaned["title"] = clean_title(cleaned["title"])
    if "cpv" in cleaned:
        cleaned["cpv"] = clean_cpv(cleaned["cpv"])
    for name in ("description", "directorate"):
        if name in cleaned:
            cleaned[name] = cleaned[name].strip()
    if len(cleaned.get("directorate", "")) > 120:
        raise RuleBroken("The directorate must be 120 characters or fewer.", field="directorate")
    if "category" in cleaned and cleaned["category"] not in Category.values:
        raise RuleBroken("Choose what is being bought.", field="category")
    if "estimate_basis" in cleaned and cleaned["estimate_basis"] not in EstimateBasis.values:
        raise RuleBroken("Say whether the estimate includes VAT.", field="estimate_basis")
    if "estimate" in cleaned:
        estimate = Estimate(
            cleaned["estimate"], cleaned["estimate_basis"], cleaned["vat_rate_percent"]
        )
        check_estimate(estimate)
        cleaned["estimate"] = round_pounds(estimate.amount)
    check_period(cleaned.get("starts_on"), cleaned.get("ends_on"))
    return cleaned


def add(actor: Actor, values: Mapping[str, Any], **more: Any) -> Procurement:
    """One new row with its reference, and its audit row. The caller decides the route in the same transaction."""
    now = clock.now()
    more.setdefault("submission_key", new_key())
    status = more.pop("status", ProcurementStatus.ROUTED)
    procurement = Procurement.objects.create(
        # Replaced in a moment: the reference carries the row's own number.
        reference=more["submission_key"][:40],
        status=status,
        created_at=now,
        **values,
        **more,
    )
    procurement.reference = f"SV-{clock.today().year}-{procurement.pk:05d}"
    procurement.save(update_fields=["reference"])
    source = " from a published notice" if procurement.source == ProcurementSource.NOTICE else ""
    record(
        actor=actor,
        deed=ProcurementDeed.CREATED,
        sentence=f"{procurement.title} was entered{source} as {procurement.reference}, "
        f"estimated at {pounds(procurement.estimate)} {BASIS_WORDS[VatBasis(procurement.estimate_basis)]}.",
        target=procurement,
        procurement_id=procurement.pk,
        after={name: as_text(getattr(procurement, name)) for name in FIELDS},
    )
    return procurement


@transaction.atomic
def change_procurement(
    *, actor: Actor, procurement_id: int, expected_version: int, **fields: Any
) -> Procurement:
    """Change the record before publication; decided again when value, VAT, category or date change.

    ``fields`` are names of ``FIELDS``. Conflict when somebody saved after the actor opened it.
    """
    procurement = procurement_for(actor, procurement_id)
    if not OFFICER.allows(actor):
        raise NotAllowed(why_not_edit(actor, procurement))
    if unknown := sorted(set(fields) - set(FIELDS)):
        raise TypeError(f"change_procurement does not change {', '.join(unknown)}")
    if procurement.version != expected_version:
        raise Conflict(
            "Somebody else saved this procurement after you opened it. What you typed is below: "
            "compare the two, then save again.",
            changed=what_differs(procurement, fields),
        )
    if reason := why_not_edit(actor, procurement):
        raise RuleBroken(reason)
    # Checked together: a new start must fit the end that stays, a new VAT rate the estimate that stays.
    together = ("starts_on", "ends_on", "estimate", "estimate_basis", "vat_rate_percent")
    stored = {name: getattr(procurement, name) for name in together}
    values = {name: value for name, value in clean(stored | fields).items() if name in fields}
    return apply_changes(actor, procurement, values)


def apply_changes(
    actor: Actor,
    procurement: Procurement,
    values: Mapping[str, Any],
    *,
    source: str = "estimate",
    remark: str = "",
) -> Procurement:
    """Write what differs, by compare-and-set on the version, and decide again when the route rests on it."""
    changed = {name: value for name, value in values.items() if getattr(procurement, name) != value}
    if not changed:
        return procurement
    before = {name: as_text(getattr(procurement, name)) for name in changed}
    done = Procurement.objects.filter(pk=procurement.pk, version=procurement.version).update(
        version=F("version") + 1, **changed
    )
    if not done:
        raise Conflict(
            "Somebody else saved this procurement at the same moment. Open it again and check."
        )
    procurement.refresh_from_db()
    labels = ", ".join(FIELDS.get(name, name.replace("_", " ")).lower() for name in changed)
    record(
        actor=actor,
        deed=ProcurementDeed.CHANGED,
        sentence=f"{procurement.reference} was changed: {labels}.",
        target=procurement,
        procurement_id=procurement.pk,
        before=before,
        after={name: as_text(value) for name, value in changed.items()},
    )
    if any(name in changed for name in ROUTED_BY):
        decide(actor, procurement, DecisionStage.CHANGE, source=source, remark=remark)
    return procurement


def what_differs(procurement: Procurement, values: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Label to (what is kept, what was sent) for every value that differs."""
    return differences(
        FIELDS,
        {name: getattr(procurement, name) for name in FIELDS},
        values,
        words={
            "category": lambda value: str(Category(value).label),
            "estimate": pounds,
            "estimate_basis": lambda value: str(EstimateBasis(value).label),
            "vat_rate_percent": lambda value: f"{quantity_text(value)}%",
        },
    )


def as_text(value: Any) -> str | None:
    return None if value is None else str(value)
