"""Offers go into envelopes that tell nothing, marks to their evaluators, and results to the ranking they belong to."""

from functools import partial
from importlib import import_module

from django.conf import settings
from django.db import migrations

envelopes = import_module("procurement.migrations._envelopes")


def seal_bids(apps, schema_editor):
    """Every bid and every invited supplier's empty place, as ``bids.rules.envelopes`` reads them."""
    get = partial(apps.get_model, "procurement")
    tables = envelopes.Tables(
        get("Bid"),
        get("Tender"),
        get("TenderInvitation"),
        get("TenderKey"),
        get("TenderRequirement"),
        get("TenderQuestion"),
    )
    envelopes.convert(tables, sealing_key=settings.SEALING_KEY)


def name_panels(apps, schema_editor):
    """Whoever marked was an evaluator; what was marked then was the one mark that counted."""
    get = partial(apps.get_model, "procurement")
    members, moderations = get("EvaluationPanelMember").objects, get("EvaluationModeration").objects
    for mark in get("EvaluationMark").objects.select_related("evaluation").order_by("pk"):
        evaluation = mark.evaluation
        member, _ = members.get_or_create(
            tender_id=evaluation.tender_id,
            person_id=mark.marked_by_id,
            defaults={
                "role": "evaluator",
                "added_at": evaluation.opened_at,
                "added_by_id": evaluation.opened_by_id,
                "locked_at": evaluation.ranked_at,
            },
        )
        mark.member = member
        mark.save(update_fields=["member"])
        moderations.create(
            evaluation=evaluation,
            bid_id=mark.bid_id,
            question_id=mark.question_id,
            mark=mark.mark,
            reason=mark.rationale,
            set_by_id=mark.marked_by_id,
            set_at=mark.marked_at,
        )


def number_rounds(apps, schema_editor):
    get = partial(apps.get_model, "procurement")
    results, rounds = get("EvaluationResult").objects, get("EvaluationRound").objects
    for evaluation in get("Evaluation").objects.filter(status="ranked"):
        first = rounds.create(
            evaluation=evaluation,
            number=1,
            cause="Ranked for the first time.",
            made_by_id=evaluation.ranked_by_id,
            made_at=evaluation.ranked_at,
        )
        results.filter(evaluation=evaluation).update(round=first)


class Migration(migrations.Migration):
    dependencies = [("procurement", "0008_tender_to_award")]

    operations = [
        migrations.RunPython(seal_bids),
        migrations.RunPython(name_panels),
        migrations.RunPython(number_rounds),
    ]
