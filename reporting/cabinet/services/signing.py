"""Signing a report off: each step in its turn agrees to the words as they stand, or returns them with a note."""

from __future__ import annotations

from django.db import transaction

from reporting.cabinet.models import CabinetReport, SignOff, SignOffRequest
from reporting.cabinet.permissions import can_see, why_not_ask, why_not_sign
from reporting.cabinet.queries.reports import problems_of, sections_of
from reporting.cabinet.queries.signing import requests_of, states_of, words_of, writers_of
from reporting.cabinet.rules.signing import missing
from reporting.cabinet.vocabulary import CabinetDeed, SignOffAnswer, SignOffStep
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

LONGEST_NOTE = 1_000
MOVED = (
    "The words changed while you were reading them, and nothing was signed. Read them again first."
)
NO_NOTE = "Say what is to be mended, so that the author can."


@transaction.atomic
def ask_for_sign_off(*, actor: Actor, report_id: int) -> SignOffRequest:
    """Ask the steps of the route to sign, each in its turn: its approvers are told until a step returns the report.

    NotAllowed for anybody but an author, and when nobody is left to ask; RuleBroken while the words are not fit to be
    frozen, with every sentence of what is to be mended.
    """
    report = CabinetReport.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    reason = why_not_ask(
        actor,
        report,
        has_open_steps=bool(missing(states_of(report))),
        is_asked=bool(requests_of([report.pk])),
    )
    if reason:
        raise NotAllowed(reason)
    if problems := problems_of(sections_of(report.pk)):
        raise RuleBroken(" ".join(problems))
    last = SignOff.objects.filter(report=report).order_by("-id").first()
    request = SignOffRequest.objects.create(
        report=report, follows=last, asked_by_id=actor.person_id, asked_at=clock.now()
    )
    record(
        actor=actor,
        deed=CabinetDeed.ASKED,
        sentence=f"{actor.name} asked for the sign-off of “{report.title}”.",
        target=report,
        after={"words_hash": words_of(report).hash},
    )
    return request


@transaction.atomic
def sign_report(
    *, actor: Actor, report_id: int, step: str, answer: str, note: str = "", words_hash: str
) -> SignOff:
    """Agree to the words, or return them. ``words_hash`` is of the words that the actor has read.

    NotAllowed for anybody but an approver of the authority who did not write in it, Conflict when the words have
    changed since they were read, RuleBroken when it is another step's turn, or for a return without a note.
    """
    report = CabinetReport.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    if reason := why_not_sign(actor, report, writers_of(report)):
        raise NotAllowed(reason)
    if words_of(report).hash != words_hash:
        raise Conflict(MOVED)
    _check_turn(report, step)
    said = SignOffAnswer(answer) if answer in SignOffAnswer.values else None
    if said is None:
        raise RuleBroken("Choose whether you agree or return the report.", field="answer")
    note = note.strip()
    if said == SignOffAnswer.RETURNED and not note:
        raise RuleBroken(NO_NOTE, field="note")
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(f"The note must be {LONGEST_NOTE:,} characters or fewer.", field="note")
    signed = SignOff.objects.create(
        report=report,
        step=step,
        answer=said,
        note=note,
        words_hash=words_hash,
        signed_by_id=actor.person_id,
        signed_at=clock.now(),
    )
    _record(actor, report, signed)
    return signed


def _check_turn(report: CabinetReport, step: str) -> None:
    states = states_of(report)
    found = next((state for state in states if state.step == step), None)
    if found is None:
        raise NotVisible
    if found.is_open:
        return
    if found.has_agreed:
        raise Conflict(f"{found.step.label} has agreed to these words already.")
    first = next(state for state in states if not state.has_agreed)
    raise RuleBroken(f"{first.step.label} signs before {found.step.label}.")


def _record(actor: Actor, report: CabinetReport, signed: SignOff) -> None:
    label = SignOffStep(signed.step).label
    if signed.answer == SignOffAnswer.AGREED:
        deed, sentence = (
            CabinetDeed.SIGNED,
            f"{actor.name} signed off “{report.title}” for {label}.",
        )
    else:
        deed = CabinetDeed.RETURNED
        sentence = f"{actor.name} returned “{report.title}” for {label}: {signed.note}"
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=report,
        after={
            "step": signed.step,
            "answer": signed.answer,
            "note": signed.note,
            "words_hash": signed.words_hash,
        },
    )
