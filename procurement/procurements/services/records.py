"""Entering and changing the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.policies.rules import BASIS_WORDS, Estimate, check_estimate, main_category
from procurement.policies.vocabulary import Category, VatBasis
from procurement.procurements.models import Procurement, ProcurementPart
from procurement.procurements.permissions import OFFICER, why_not_create, why_not_edit
from procurement.procurements.queries import lot_of, procurement_for, stored_values
from procurement.procurements.rules import (
    FIELDS,
    check_period,
    clean_cpv,
    clean_title,
    made_up_of,
    parts_of,
    parts_text,
)
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

ROUTED_BY = (
    "category", "estimate", "estimate_basis", "vat_rate_percent", "estimate_other", "is_utilities", "parts",
    "commenced_on",
)  # fmt: skip
"""A change of any of these is decided again."""
MADE_UP_OF = ("estimate_initial", "estimate_extensions", "estimate_options")
TOGETHER = (
    "starts_on", "ends_on", "estimate", "estimate_basis", "vat_rate_percent", "estimate_other", "parts",
    "category", *MADE_UP_OF,
)  # fmt: skip


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
    estimate_other: Decimal | None = None,
    estimate_initial: Decimal | None = None,
    estimate_extensions: Decimal | None = None,
    estimate_options: Decimal | None = None,
    is_utilities: bool = False,
    parts: Mapping[str, Decimal] | None = None,
    submission_key: str | None = None,
) -> Procurement:
    """Enter what the actor's authority means to buy and decide its route. The same key and values again give the first.

    ``estimate_other``: the estimate on the other VAT basis, where several rates apply. ``parts``: of a mixed contract,
    the amount a category on the estimate's basis; the category becomes that of the main subject.

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
            "estimate_other": estimate_other,
            "estimate_initial": estimate_initial,
            "estimate_extensions": estimate_extensions,
            "estimate_options": estimate_options,
            "is_utilities": is_utilities,
            "parts": parts or {},
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
        _clean_estimate(cleaned)
    check_period(cleaned.get("starts_on"), cleaned.get("ends_on"))
    return cleaned


def _clean_estimate(cleaned: dict[str, Any]) -> None:
    """The figures together: both VAT bases, what the estimate is made up of, the parts of a mixed contract."""
    estimate = Estimate(
        cleaned["estimate"],
        cleaned["estimate_basis"],
        cleaned["vat_rate_percent"],
        cleaned.get("estimate_other"),
    )
    check_estimate(estimate)
    cleaned["estimate"] = round_pounds(estimate.amount)
    if estimate.other is not None:
        cleaned["estimate_other"] = round_pounds(estimate.other)
    if "estimate_initial" in cleaned:
        made = made_up_of(cleaned["estimate"], *(cleaned[name] for name in MADE_UP_OF))
        cleaned |= dict(zip(MADE_UP_OF, made or (None, None, None), strict=True))
    if "parts" in cleaned:
        cleaned["parts"] = parts_of(cleaned["estimate"], cleaned["parts"])
        if cleaned["parts"]:
            cleaned["category"] = main_category(cleaned["parts"])


def add(actor: Actor, values: Mapping[str, Any], **more: Any) -> Procurement:
    """One new row with its parts, its reference, and its audit row. The caller decides the route in the same
    transaction."""
    now = clock.now()
    columns = dict(values)
    parts = columns.pop("parts", {})
    more.setdefault("submission_key", new_key())
    status = more.pop("status", ProcurementStatus.ROUTED)
    procurement = Procurement.objects.create(
        # Replaced in a moment: the reference carries the row's own number.
        reference=more["submission_key"][:40],
        status=status,
        created_at=now,
        **columns,
        **more,
    )
    _keep_parts(procurement, parts)
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
        after={name: as_text(value) for name, value in stored_values(procurement).items()},
    )
    return procurement


def _keep_parts(procurement: Procurement, parts: Mapping[str, Decimal]) -> None:
    ProcurementPart.objects.filter(procurement=procurement).delete()
    ProcurementPart.objects.bulk_create(
        ProcurementPart(procurement=procurement, category=category, amount=amount)
        for category, amount in parts.items()
    )


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
    stored = {name: value for name, value in stored_values(procurement).items() if name in TOGETHER}
    cleaned = clean(stored | fields)
    wanted = {*fields, *(("category",) if cleaned["parts"] else ())}
    values = {name: value for name, value in cleaned.items() if name in wanted}
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
    stored = stored_values(procurement)
    changed = {name: value for name, value in values.items() if stored[name] != value}
    if not changed:
        return procurement
    if (lot := lot_of(procurement.pk)) and (
        fixed := [name for name in ROUTED_BY if name in changed]
    ):
        raise RuleBroken(
            f"This is lot {lot.number} of {lot.procurement.reference}. {FIELDS[fixed[0]]} is that of the division and "
            "does not change.",
            field=fixed[0],
        )
    before = {name: as_text(stored[name]) for name in changed}
    columns = {name: value for name, value in changed.items() if name != "parts"}
    done = Procurement.objects.filter(pk=procurement.pk, version=procurement.version).update(
        version=F("version") + 1, **columns
    )
    if not done:
        raise Conflict(
            "Somebody else saved this procurement at the same moment. Open it again and check."
        )
    if "parts" in changed:
        _keep_parts(procurement, changed["parts"])
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
        stored_values(procurement),
        values,
        words={
            "category": lambda value: str(Category(value).label),
            "estimate": pounds,
            "estimate_basis": lambda value: str(EstimateBasis(value).label),
            "vat_rate_percent": lambda value: f"{quantity_text(value)}%",
            "estimate_other": pounds,
            **dict.fromkeys(MADE_UP_OF, pounds),
            "is_utilities": lambda value: "Yes" if value else "No",
            "parts": parts_text,
        },
    )


def as_text(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return parts_text(value) or None
    return None if value is None else str(value)
