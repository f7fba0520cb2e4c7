"""Starting a tender and saying what it asks: measures, place, scoring, questions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from procurement.policies.vocabulary import Route
from procurement.procurements.queries import procurement_for
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import (
    Tender,
    TenderQuestion,
    TenderRequirement,
)
from procurement.tenders.permissions import (
    WHY_NOT_PREPARE,
    can_prepare,
)
from procurement.tenders.queries import (
    check_usable,
    decision_now,
    newer_edition,
    place_choices,
    place_name,
    sector_choices,
    weighting_range,
)
from procurement.tenders.rules import (
    QuestionInput,
    RequirementInput,
    beyond_unit,
    check_questions,
    check_requirements,
    check_scoring,
    measure_weights_sentence,
    own_marks,
    plain,
)
from procurement.tenders.services.changes import (
    measures_changed,
    place_changed,
    questions_changed,
    scoring_changed,
)
from procurement.tenders.services.holding import change_draft, hold_draft, note, scoring_facts
from procurement.tenders.vocabulary import Formula, TenderDeed, TieRule, WeightingKind
from socialvalue.accounts.queries import authorities
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken
from toms.frameworks.queries import editions_named, in_use, measure_infos
from toms.proxies.rules import sector_name


@transaction.atomic
def start_tender(*, actor: Actor, procurement_id: int) -> Tender:
    """The tender of a routed procurement; the one that exists when it was started before.

    Freezes the main edition of measures the authority uses on the day the procurement commenced, and takes its place
    for localised measures. RuleBroken on the light-touch route or when the procurement has moved on.
    """
    procurement = procurement_for(actor, procurement_id)
    if not can_prepare(actor, procurement.authority_id):
        raise NotAllowed(WHY_NOT_PREPARE)
    found = Tender.objects.filter(procurement_id=procurement_id).first()
    if found is not None:
        return found
    if decision_now(procurement_id).route == Route.LIGHT_TOUCH:
        raise RuleBroken(
            "This procurement is on the light-touch route, which has no tender. Write its light-touch note."
        )
    if procurement.status != ProcurementStatus.ROUTED:
        raise RuleBroken(
            "A tender can be started while the procurement is being prepared, not later."
        )
    tender, is_new = Tender.objects.get_or_create(
        procurement_id=procurement_id,
        defaults={
            "authority_id": procurement.authority_id,
            "edition_id": in_use(
                procurement.authority_id, procurement.commenced_on
            ).main.edition.id,
            "place": _place_of(procurement.authority_id),
        },
    )
    if is_new:
        note(actor, TenderDeed.STARTED, f"The tender for {procurement.title} was started.", tender)
    return tender


def _place_of(authority_id: int) -> str:
    return authorities().filter(pk=authority_id).values_list("place", flat=True).first() or ""


@transaction.atomic
def choose_measures(
    *,
    actor: Actor,
    tender_id: int,
    expected_version: int,
    requirements: Sequence[RequirementInput],
) -> Tender:
    """Ask for exactly these measures, in this order. An empty list asks for none.

    They are of the tender's edition or of one in use beside it. RuleBroken for any other, for more than the authority
    lets one tender ask for, for one asked for twice, for quantities or a place that cannot be, or unless the weights
    add to 100 where there are any.
    """
    tender = hold_draft(
        actor, tender_id, expected_version, lambda now: measures_changed(now, requirements)
    )
    return _ask_for(actor, tender, requirements, weights_may_lack=False)


def _check_units(requirements: Sequence[RequirementInput]) -> None:
    """RuleBroken for a quantity that no bid can offer: above 100%, or more than once where it is yes or no."""
    infos = measure_infos([row.measure_id for row in requirements])
    for row in requirements:
        info = infos[row.measure_id]
        for quantity in (row.minimum_quantity, row.maximum_quantity):
            if wrong := beyond_unit(info.unit, quantity):
                raise RuleBroken(f"{info.label}: {wrong[:1].lower()}{wrong[1:]}")


def _ask_for(
    actor: Actor,
    tender: Tender,
    requirements: Sequence[RequirementInput],
    *,
    weights_may_lack: bool,
) -> Tender:
    check_requirements(requirements)
    check_usable(tender, [row.measure_id for row in requirements])
    _check_units(requirements)
    if not weights_may_lack:
        _check_weights(tender, requirements)
    _check_places(tender, requirements)
    before = _codes(tender)
    TenderRequirement.objects.filter(tender=tender).exclude(
        measure_id__in=[row.measure_id for row in requirements]
    ).delete()
    for position, row in enumerate(requirements, start=1):
        TenderRequirement.objects.update_or_create(
            tender=tender,
            measure_id=row.measure_id,
            defaults={
                "is_mandatory": row.is_mandatory,
                "minimum_quantity": row.minimum_quantity,
                "guidance": row.guidance.strip(),
                "maximum_quantity": row.maximum_quantity,
                "weight_percent": row.weight_percent,
                "place": row.place,
                "position": position,
            },
        )
    # A reason was given for what was chosen then.
    tender = change_draft(tender, no_measures_reason="")
    after = _codes(tender)
    note(
        actor,
        TenderDeed.MEASURES_CHOSEN,
        f"The tender asks for {len(after)} measure{'' if len(after) == 1 else 's'}.",
        tender,
        {"measures": before},
        {"measures": after},
    )
    return tender


def _check_weights(tender: Tender, requirements: Sequence[RequirementInput]) -> None:
    infos = measure_infos([row.measure_id for row in requirements])
    wrong = measure_weights_sentence(
        [(infos[row.measure_id].code, row.weight_percent) for row in requirements],
        kind=tender.weighting_kind,
        formula=tender.formula,
    )
    if wrong:
        raise RuleBroken(wrong)


def _check_places(tender: Tender, requirements: Sequence[RequirementInput]) -> None:
    """A place that was there before may stay, whatever the list says now."""
    wanted = {row.place for row in requirements if row.place}
    if not wanted:
        return
    held = set(TenderRequirement.objects.filter(tender=tender).values_list("place", flat=True))
    measures = [row.measure_id for row in requirements]
    if wanted - held - dict(place_choices(tender, measures)).keys():
        raise RuleBroken("Select the place of a measure from the list")


@transaction.atomic
def use_edition(*, actor: Actor, tender_id: int, expected_version: int) -> Tender:
    """Take the main edition the authority uses now, while nothing is asked for. RuleBroken when there is no other."""
    tender = hold_draft(actor, tender_id, expected_version)
    newer = newer_edition(tender)
    if newer is None:
        raise RuleBroken(
            "A tender keeps its edition once measures are chosen, or while your organisation uses no other."
        )
    before = editions_named([tender.edition_id])[tender.edition_id]
    tender = change_draft(tender, edition_id=newer.id)
    note(
        actor,
        TenderDeed.EDITION_TAKEN,
        f"The tender asks from {newer.name}.",
        tender,
        {"edition": before},
        {"edition": newer.name},
    )
    return tender


def _codes(tender: Tender) -> list[dict[str, Any]]:
    """What is asked, as the audit row keeps it."""
    rows = list(TenderRequirement.objects.filter(tender=tender).order_by("position", "pk"))
    infos = measure_infos([row.measure_id for row in rows])
    return [
        {
            "code": infos[row.measure_id].code,
            "mandatory": row.is_mandatory,
            "minimum": _shown(row.minimum_quantity),
            "guidance": row.guidance,
            "maximum": _shown(row.maximum_quantity),
            "weight": _shown(row.weight_percent),
            "place": row.place,
        }
        for row in rows
    ]


def _shown(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


@transaction.atomic
def pick_measures(
    *, actor: Actor, tender_id: int, expected_version: int, measure_ids: Sequence[int]
) -> Tender:
    """Ask for these measures; what was already said about those that stay is kept.

    Weights may lack something after it: the tender says what, until they add to 100 again.
    """
    known = {row.measure_id: row for row in TenderRequirement.objects.filter(tender_id=tender_id)}
    wanted = []
    for measure_id in dict.fromkeys(measure_ids):
        row = known.get(measure_id)
        wanted.append(
            RequirementInput(
                measure_id,
                row.is_mandatory,
                row.minimum_quantity,
                row.guidance,
                row.maximum_quantity,
                row.weight_percent,
                row.place,
            )
            if row
            else RequirementInput(measure_id)
        )
    tender = hold_draft(
        actor, tender_id, expected_version, lambda now: measures_changed(now, wanted)
    )
    if not wanted:
        raise RuleBroken("Tick at least one measure", field="measures")
    return _ask_for(actor, tender, wanted, weights_may_lack=True)


@transaction.atomic
def set_place(
    *, actor: Actor, tender_id: int, expected_version: int, place: str, sector: str = ""
) -> Tender:
    """The district and the sector whose values are used; empty for none: what needs one is counted, not valued."""
    tender = hold_draft(
        actor, tender_id, expected_version, lambda now: place_changed(now, place, sector)
    )
    if place and place != tender.place and place not in dict(place_choices(tender)):
        raise RuleBroken("Select a place from the list", field="place")
    if sector and sector not in dict(sector_choices(tender)):
        raise RuleBroken("Select a sector from the list", field="sector")
    before = {"place": tender.place, "sector": tender.sector}
    tender = change_draft(tender, place=place, sector=sector)
    where = place_name(place) if place else "no place"
    among = f", {sector_name(sector)}" if sector else ""
    note(
        actor,
        TenderDeed.PLACE_SET,
        f"Localised measures are valued at {where}{among}.",
        tender,
        before,
        {"place": place, "sector": sector},
    )
    return tender


@transaction.atomic
def set_scoring(
    *,
    actor: Actor,
    tender_id: int,
    expected_version: int,
    weighting_kind: str,
    weighting_percent: Decimal | None,
    quantitative_percent: Decimal,
    quality_percent: Decimal | None = None,
    formula: str = Formula.SHARE_OF_HIGHEST,
    target_value: Decimal | None = None,
    tie_rule: str = TieRule.SHARED,
    mark_scale: Sequence[str] = (),
) -> Tender:
    """Weighted within the policy's range, or pass or fail where the policy allows it; and how the score is split.

    Where the policy takes the weighting as a share of quality, ``weighting_percent`` is that too, and
    ``quality_percent`` is how much of the whole award the quality score counts. ``target_value`` is pounds, with the
    target formula only. ``mark_scale``: what the marks 0 to 5 mean, six texts; empty for the usual ones. RuleBroken
    where the measures have weights that this scoring does not go with.
    """
    is_weighted = weighting_kind == WeightingKind.WEIGHTED
    sent: dict[str, Any] = {
        "weighting_kind": weighting_kind,
        "weighting_percent": weighting_percent if is_weighted else None,
        "quality_percent": quality_percent if is_weighted else None,
        "quantitative_percent": quantitative_percent,
        "formula": formula,
        "target_value": target_value if formula == Formula.TARGET else None,
        "tie_rule": tie_rule,
        "mark_scale": list(own_marks(mark_scale)),
    }
    tender = hold_draft(actor, tender_id, expected_version, lambda now: scoring_changed(now, sent))
    allowed = weighting_range(tender.procurement_id)
    if not allowed.is_share_of_quality:
        sent["quality_percent"] = None
    check_scoring(
        allowed=allowed,
        kind=weighting_kind,
        percent=sent["weighting_percent"],
        quantitative_percent=quantitative_percent,
        quality_percent=sent["quality_percent"],
        formula=formula,
        target_value=sent["target_value"],
        tie_rule=tie_rule,
    )
    _check_goes_with_weights(tender, weighting_kind, formula)
    sent["weighting_share_of"] = allowed.share_of
    before = scoring_facts(tender)
    tender = change_draft(tender, **sent)
    whole = tender.whole_percent
    shown = "pass or fail" if whole is None else f"{plain(whole)}% of the award"
    note(
        actor,
        TenderDeed.SCORING_SET,
        f"Social value is {shown}.",
        tender,
        before,
        scoring_facts(tender),
    )
    return tender


def _check_goes_with_weights(tender: Tender, kind: str, formula: str) -> None:
    if formula != Formula.TARGET and kind != WeightingKind.PASS_FAIL:
        return
    if TenderRequirement.objects.filter(tender=tender, weight_percent__isnull=False).exists():
        raise RuleBroken(
            "The measures have weights of their own, which go with a weighted score and no target. "
            "Take the weights off the measures first, or choose otherwise here.",
            field="weighting_kind" if kind == WeightingKind.PASS_FAIL else "formula",
        )


@transaction.atomic
def set_questions(
    *, actor: Actor, tender_id: int, expected_version: int, questions: Sequence[QuestionInput]
) -> Tender:
    """Ask exactly these questions, in this order. RuleBroken unless the weights of those marked add to 100."""
    tender = hold_draft(
        actor, tender_id, expected_version, lambda now: questions_changed(now, questions)
    )
    check_questions(questions)
    before = _questions_now(tender)
    TenderQuestion.objects.filter(tender=tender).delete()
    TenderQuestion.objects.bulk_create(
        TenderQuestion(
            tender=tender,
            text=row.text.strip(),
            guidance=row.guidance.strip(),
            weight_percent=row.weight_percent,
            is_pass_fail=row.is_pass_fail,
            minimum_mark=row.minimum_mark,
            position=position,
        )
        for position, row in enumerate(questions, start=1)
    )
    tender = change_draft(tender)
    many = len(questions)
    note(
        actor,
        TenderDeed.QUESTIONS_SET,
        f"The tender asks {many} question{'' if many == 1 else 's'}.",
        tender,
        {"questions": before},
        {"questions": _questions_now(tender)},
    )
    return tender


def _questions_now(tender: Tender) -> list[dict[str, Any]]:
    rows = TenderQuestion.objects.filter(tender=tender).order_by("position", "pk")
    return [
        {
            "text": row.text,
            "weight": _shown(row.weight_percent),
            "is_pass_fail": row.is_pass_fail,
            "minimum_mark": row.minimum_mark,
        }
        for row in rows
    ]
