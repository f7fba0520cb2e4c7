"""Writing a draft edition measure by measure. Once it is published, the database refuses all of this."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from toms.frameworks.models import DoubleCountingPair, Edition, Measure, Outcome, Theme
from toms.frameworks.permissions import may_write
from toms.frameworks.queries import ThemeChoice
from toms.frameworks.rules import OwnMeasure, wrong_with
from toms.frameworks.vocabulary import EditionStatus, FrameworkDeed
from toms.valuation.rules import natural_key, unit_parts

NO_WRITER = "Your authority's policy owner writes its own measures."
PUBLISHED = "This version was published meanwhile, so it does not change. Start the next one."


@transaction.atomic
def hold_draft(*, actor: Actor, edition_id: int) -> Edition:
    """The draft, locked until the transaction ends. NotVisible for another holder's, Conflict once it is published."""
    edition = (
        Edition.objects.select_for_update(of=("self",))
        .select_related("framework")
        .filter(pk=edition_id, holder__isnull=False, holder_id=actor.organisation_id)
        .first()
    )
    if edition is None:
        raise NotVisible
    if not may_write(actor, edition.holder_id):
        raise NotAllowed(NO_WRITER)
    if edition.status != EditionStatus.DRAFT:
        raise Conflict(PUBLISHED)
    return edition


@transaction.atomic
def write_measure(
    *,
    actor: Actor,
    edition_id: int,
    measure_id: int | None,
    measure: OwnMeasure,
    themes: Sequence[ThemeChoice],
) -> int:
    """Add a measure to a draft, or write one of it anew. Returns its id.

    ``themes`` are those it may stand under; its theme and outcome are added to the draft when they are not there.
    RuleBroken, by field, for what does not go together.
    """
    edition = hold_draft(actor=actor, edition_id=edition_id)
    _guard(edition, measure_id, measure)
    outcome = _outcome(edition, measure, themes)
    fields = {
        "outcome": outcome,
        "code": measure.code,
        "code_sort": natural_key(measure.code),
        "title": measure.title,
        "description": measure.description,
        "unit": measure.unit,
        "unit_parts": unit_parts(measure.unit),
        "kind": measure.kind,
        "aggregation": measure.aggregation,
        "numerator_label": measure.numerator_label,
        "denominator_label": measure.denominator_label,
        "target_requirements": measure.target_requirements,
        "evidence": measure.evidence,
        "counting_rule": measure.counting_rule,
        "is_local_employment": measure.is_local_employment,
        "additionality": dict(measure.additionality),
    }
    if measure_id is None:
        measure_id = Measure.objects.create(edition=edition, **fields).pk
    elif not Measure.objects.filter(pk=measure_id, edition=edition).update(**fields):
        raise NotVisible
    _pair(edition, measure_id, measure.partners)
    _prune(edition)
    return measure_id


def _guard(edition: Edition, measure_id: int | None, measure: OwnMeasure) -> None:
    wrong = wrong_with(measure)
    others = Measure.objects.filter(edition=edition).exclude(pk=measure_id or 0)
    codes = list(others.values_list("code", flat=True))
    if measure.code.casefold() in {code.casefold() for code in codes}:
        wrong.append(("code", f"{measure.code} is used in this version already. Enter another"))
    if unknown := sorted(set(measure.partners) - set(codes)):
        wrong.append(("partners", f"{unknown[0]} is not in this version. Leave it out"))
    if wrong:
        (field, message), *more = wrong
        raise RuleBroken(message, field=field, more=more)


def _outcome(edition: Edition, measure: OwnMeasure, themes: Sequence[ThemeChoice]) -> Outcome:
    theme = Theme.objects.filter(edition=edition, slug=measure.theme_slug).first()
    choice = next((row for row in themes if row.slug == measure.theme_slug), None)
    if theme is None:
        if choice is None:
            raise RuleBroken("Select a theme and outcome from the list", field="outcome")
        theme = Theme.objects.create(
            edition=edition,
            code=_free(choice.code, [row.code for row in edition.themes.all()]),
            slug=choice.slug,
            name=choice.name,
            about=choice.about,
            position=choice.position,
        )  # fmt: skip
    for row in theme.outcomes.all():
        if row.name.casefold() == measure.outcome.casefold():
            return row
    known = {name.casefold(): code for code, name in choice.outcomes} if choice else {}
    taken = list(Outcome.objects.filter(theme__edition=edition).values_list("code", flat=True))
    code = known.get(measure.outcome.casefold())
    return Outcome.objects.create(
        theme=theme,
        code=_free(code, taken) if code else _free(f"{theme.code}X1", [*taken, *known.values()]),
        name=measure.outcome,
        position=max((row.position for row in theme.outcomes.all()), default=0) + 1,
    )


def _free(code: str, taken: Collection[str]) -> str:
    """The code itself, or with the first number that makes it a code of its own."""
    used, stem = set(taken), code.rstrip("0123456789")
    number = 1
    while code in used:
        number += 1
        code = f"{stem}{number}"
    return code


def _pair(edition: Edition, measure_id: int, partners: Sequence[str]) -> None:
    DoubleCountingPair.objects.filter(Q(first_id=measure_id) | Q(second_id=measure_id)).delete()
    ids = Measure.objects.filter(edition=edition, code__in=partners).exclude(pk=measure_id or 0)
    DoubleCountingPair.objects.bulk_create(
        DoubleCountingPair(first_id=min(measure_id, other), second_id=max(measure_id, other))
        for other in ids.values_list("pk", flat=True)
    )


def _prune(edition: Edition) -> None:
    """An edition names only themes and outcomes that something is counted under."""
    Outcome.objects.filter(theme__edition=edition, measures__isnull=True).delete()
    Theme.objects.filter(edition=edition, outcomes__isnull=True).delete()


@transaction.atomic
def drop_measure(*, actor: Actor, edition_id: int, measure_id: int) -> None:
    """Take a measure out of a draft; its value must be gone. NotVisible when it is not there."""
    edition = hold_draft(actor=actor, edition_id=edition_id)
    measure = Measure.objects.filter(pk=measure_id, edition=edition).first()
    if measure is None:
        raise NotVisible
    _pair(edition, measure.pk, ())
    measure.delete()
    _prune(edition)


@transaction.atomic
def set_start(*, actor: Actor, edition_id: int, valid_from: date, region_id: int | None) -> Edition:
    """From which day a draft will hold, and the region whose authorities may use it too."""
    edition = hold_draft(actor=actor, edition_id=edition_id)
    edition.valid_from, edition.region_id = valid_from, region_id
    edition.save(update_fields=["valid_from", "region_id"])
    return edition


@transaction.atomic
def discard_draft(*, actor: Actor, edition_id: int) -> None:
    """Take a draft away, and its family when nothing else is in it. The values of its measures must be gone."""
    edition = hold_draft(actor=actor, edition_id=edition_id)
    family = edition.framework
    DoubleCountingPair.objects.filter(first__edition=edition).delete()
    for pack in edition.packs.all():
        pack.delete()
    Measure.objects.filter(edition=edition).delete()
    _prune(edition)
    record(
        actor=actor,
        deed=FrameworkDeed.EDITION_TAKEN_BACK,
        sentence=f"The draft of {edition} was discarded.",
        target=edition,
    )
    edition.delete()
    if not family.editions.exists():
        family.delete()
