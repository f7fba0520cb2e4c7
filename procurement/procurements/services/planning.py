"""The pipeline: planned procurements, what an authority expects to pay in a year, and the notice of the year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.policies.rules import Estimate, check_estimate
from procurement.policies.vocabulary import Category
from procurement.procurements.models import PlannedProcurement, Procurement, YearlySpend
from procurement.procurements.permissions import (
    PUBLISHER,
    SPENDER,
    can_record_pipeline,
    can_record_spend,
    why_not_plan,
)
from procurement.procurements.queries.planning import plan_for
from procurement.procurements.rules import clean_cpv, clean_title
from procurement.procurements.rules.pipeline import check_plan_dates
from procurement.procurements.services.records import create_procurement
from procurement.procurements.vocabulary import EstimateBasis, PlanStage, ProcurementDeed
from socialvalue.accounts import queries as accounts
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.files import new_key
from socialvalue.core.money import pounds, quantity_text, round_pounds
from socialvalue.core.periods import FinancialYear, uk_date

PLAN_FIELDS = {
    "title": "Title",
    "description": "Description",
    "directorate": "Directorate",
    "category": "Category",
    "cpv": "CPV code",
    "estimate": "Estimate",
    "estimate_basis": "VAT basis",
    "vat_rate_percent": "VAT rate",
    "notice_expected_on": "Tender notice expected",
    "starts_expected_on": "Contract start expected",
    "ends_expected_on": "Contract end expected",
    "suits_sme": "Suitable for small and medium-sized enterprises",
    "suits_vcse": "Suitable for voluntary, community and social enterprises",
}


@transaction.atomic
def plan_procurement(
    *, actor: Actor, submission_key: str | None = None, **fields: Any
) -> PlannedProcurement:
    """Add to the pipeline of the actor's authority. ``fields`` are all the names of ``PLAN_FIELDS``.

    The same key again gives the first. NotAllowed without the officer's role; RuleBroken names the field.
    """
    if reason := why_not_plan(actor):
        raise NotAllowed(reason)
    values = _clean(fields)
    key = submission_key or new_key()
    if found := _saved_before(actor, key, values):
        return found
    authority = accounts.authorities().filter(pk=actor.organisation_id or 0).first()
    if authority is None:
        raise NotVisible
    try:
        with transaction.atomic():
            plan = PlannedProcurement.objects.create(
                authority_id=authority.pk,
                owner_id=actor.user_id,
                submission_key=key,
                created_at=clock.now(),
                is_demonstration=authority.is_demonstration,
                **values,
            )
    except IntegrityError:
        found = _saved_before(actor, key, values)
        if found is None:
            raise
        return found
    record(
        actor=actor,
        deed=ProcurementDeed.PLANNED,
        sentence=f"{plan.title} was planned, with a notice expected on {uk_date(plan.notice_expected_on)}.",
        target=plan,
        after=_as_text(values),
    )
    return plan


def _saved_before(actor: Actor, key: str, values: Mapping[str, Any]) -> PlannedProcurement | None:
    found = PlannedProcurement.objects.filter(submission_key=key).first()
    if found is None:
        return None
    if found.authority_id != actor.organisation_id:
        raise NotVisible
    if changed := _differs(found, values):
        raise Conflict(
            "You have already added this to the pipeline. Open it and change it there; to add "
            "another one, start a new form.",
            changed=changed,
        )
    return found


@transaction.atomic
def change_plan(
    *, actor: Actor, plan_id: int, expected_version: int, **fields: Any
) -> PlannedProcurement:
    """Change what is planned, until it is started or dropped. Conflict when somebody saved in between."""
    plan = _open_plan(actor, plan_id)
    values = _clean(fields)
    if plan.version != expected_version:
        raise Conflict(
            "Somebody else saved this after you opened it. What you typed is below: compare the "
            "two, then save again.",
            changed=_differs(plan, values),
        )
    changed = {name: value for name, value in values.items() if getattr(plan, name) != value}
    if not changed:
        return plan
    before = _as_text({name: getattr(plan, name) for name in changed})
    _move(plan, **changed)
    labels = ", ".join(PLAN_FIELDS[name].lower() for name in changed)
    record(
        actor=actor,
        deed=ProcurementDeed.PLAN_CHANGED,
        sentence=f"{plan.title} was changed in the pipeline: {labels}.",
        target=plan,
        before=before,
        after=_as_text(changed),
    )
    return plan


@transaction.atomic
def drop_plan(*, actor: Actor, plan_id: int, reason: str) -> PlannedProcurement:
    """Take it from the pipeline and say why. It stays in the list as dropped."""
    plan = _open_plan(actor, plan_id)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why it is dropped.", field="reason")
    _move(plan, status=PlanStage.DROPPED, dropped_reason=reason)
    record(
        actor=actor,
        deed=ProcurementDeed.PLAN_DROPPED,
        sentence=f"{plan.title} was dropped from the pipeline: {reason}",
        target=plan,
        before={"status": PlanStage.PLANNED},
        after={"status": PlanStage.DROPPED, "reason": reason},
    )
    return plan


@transaction.atomic
def start_planned(*, actor: Actor, plan_id: int, **fields: Any) -> Procurement:
    """Enter the procurement that was planned (``fields`` as for ``create_procurement``) and tie the two together.

    The same form sent twice gives the first. Conflict when it was started or dropped already.
    """
    plan = plan_for(actor, plan_id)
    procurement = create_procurement(actor=actor, **fields)
    if plan.procurement_id == procurement.pk:
        return procurement
    if plan.status != PlanStage.PLANNED:
        raise Conflict(_closed(plan))
    _move(plan, status=PlanStage.STARTED, procurement=procurement)
    record(
        actor=actor,
        deed=ProcurementDeed.PLAN_CHANGED,
        sentence=f"{plan.title} of the pipeline was started as {procurement.reference}.",
        target=plan,
        procurement_id=procurement.pk,
        before={"status": PlanStage.PLANNED},
        after={"status": PlanStage.STARTED, "procurement": procurement.reference},
    )
    return procurement


@transaction.atomic
def record_spend(*, actor: Actor, year: FinancialYear, amount: Decimal, source: str) -> YearlySpend:
    """What the authority expects to pay under its contracts in a financial year, including VAT, and who says so.

    Said again, it replaces the figure; the earlier one stays in the history.
    """
    if not can_record_spend(actor):
        raise NotAllowed(SPENDER.reason)
    source = source.strip()
    if not source:
        raise RuleBroken("Say where the figure comes from.", field="source")
    if amount < 0:
        raise RuleBroken("The amount must be £0 or more.", field="amount")
    values = {"amount": round_pounds(amount), "source": source}
    before = YearlySpend.objects.filter(
        authority_id=actor.organisation_id, year_starts_on=year.first_day
    ).first()
    if before and (before.amount, before.source) == (values["amount"], source):
        return before
    spend, _ = YearlySpend.objects.update_or_create(
        authority_id=actor.organisation_id,
        year_starts_on=year.first_day,
        defaults=values | {"recorded_at": clock.now(), "recorded_by_id": actor.user_id},
    )
    record(
        actor=actor,
        deed=ProcurementDeed.SPEND_RECORDED,
        sentence=f"Expected spend in {year.label}: {pounds(spend.amount)} including VAT. Source: {source}",
        target=spend,
        before=_as_text({"amount": before.amount, "source": before.source}) if before else None,
        after=_as_text(values),
    )
    return spend


@transaction.atomic
def record_pipeline_notice(
    *, actor: Actor, year: FinancialYear, published_on: date, reference: str
) -> YearlySpend:
    """Say when the pipeline notice of a year was published and where to see it."""
    if not can_record_pipeline(actor):
        raise NotAllowed(PUBLISHER.reason)
    spend = YearlySpend.objects.filter(
        authority_id=actor.organisation_id, year_starts_on=year.first_day
    ).first()
    if spend is None:
        raise RuleBroken(f"Record first what you expect to pay in {year.label}.")
    reference = reference.strip()
    if published_on > clock.today():
        raise RuleBroken("The day must be today or in the past.", field="published_on")
    if not reference:
        raise RuleBroken("Enter the number or address of the notice.", field="reference")
    before = {"on": spend.pipeline_published_on, "reference": spend.pipeline_reference}
    if before == {"on": published_on, "reference": reference}:
        return spend
    spend.pipeline_published_on, spend.pipeline_reference = published_on, reference
    spend.save(update_fields=["pipeline_published_on", "pipeline_reference"])
    record(
        actor=actor,
        deed=ProcurementDeed.PIPELINE_PUBLISHED,
        sentence=f"The pipeline notice for {year.label} was published on {uk_date(published_on)} ({reference}).",
        target=spend,
        before=_as_text(before),
        after=_as_text({"on": published_on, "reference": reference}),
    )
    return spend


# --- parts ------------------------------------------------------------------------------------


def _open_plan(actor: Actor, plan_id: int) -> PlannedProcurement:
    plan = plan_for(actor, plan_id)
    if reason := why_not_plan(actor):
        raise NotAllowed(reason)
    if plan.status != PlanStage.PLANNED:
        raise RuleBroken(_closed(plan))
    return plan


def _closed(plan: PlannedProcurement) -> str:
    return f"This is {plan.get_status_display().lower()} already, so it no longer changes here."


def _move(plan: PlannedProcurement, **changes: Any) -> None:
    done = PlannedProcurement.objects.filter(
        pk=plan.pk, version=plan.version, status=PlanStage.PLANNED
    ).update(version=F("version") + 1, **changes)
    if not done:
        raise Conflict("Somebody else saved this at the same moment. Open it again and check.")
    plan.refresh_from_db()


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. RuleBroken names the first field that cannot be."""
    if set(fields) != set(PLAN_FIELDS):
        wrong = sorted(set(fields) ^ set(PLAN_FIELDS))
        raise TypeError(f"a plan has other fields than {', '.join(wrong)}")
    values = dict(fields)
    values["title"] = clean_title(values["title"])
    values["cpv"] = clean_cpv(values["cpv"])
    for name in ("description", "directorate"):
        values[name] = values[name].strip()
    if len(values["directorate"]) > 120:
        raise RuleBroken("The directorate must be 120 characters or fewer.", field="directorate")
    if values["category"] not in Category.values:
        raise RuleBroken("Choose what is being bought.", field="category")
    if values["estimate_basis"] not in EstimateBasis.values:
        raise RuleBroken("Say whether the estimate includes VAT.", field="estimate_basis")
    estimate = Estimate(values["estimate"], values["estimate_basis"], values["vat_rate_percent"])
    check_estimate(estimate)
    values["estimate"] = round_pounds(estimate.amount)
    check_plan_dates(
        values["notice_expected_on"], values["starts_expected_on"], values["ends_expected_on"]
    )
    return values


def _differs(plan: PlannedProcurement, values: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return differences(
        PLAN_FIELDS,
        {name: getattr(plan, name) for name in PLAN_FIELDS},
        values,
        words={
            "category": lambda value: str(Category(value).label),
            "estimate": pounds,
            "estimate_basis": lambda value: str(EstimateBasis(value).label),
            "vat_rate_percent": lambda value: f"{quantity_text(value)}%",
            "suits_sme": _yes,
            "suits_vcse": _yes,
        },
    )


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _as_text(values: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in values.items()}
