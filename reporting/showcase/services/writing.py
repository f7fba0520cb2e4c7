"""The words of a story and the contract it is about."""

from __future__ import annotations

from django.db import transaction

from procurement.awards import queries as awards
from reporting.showcase.models import Story
from reporting.showcase.permissions import NOT_AUTHOR, can_write, why_not_change
from reporting.showcase.rules import words_of
from reporting.showcase.services.steps import WHILE_WRITING, move, story_for_deed, tell
from reporting.showcase.vocabulary import StoryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

LABELS = {"title": "Title", "summary": "Summary", "body": "Story", "contract": "Contract"}
SELECT = "Select a contract from the list"


@transaction.atomic
def start_story(
    *, actor: Actor, title: str, summary: str, body: str, contract_id: int | None = None
) -> Story:
    """A draft. NotAllowed without the author's role, RuleBroken names each field to mend.

    ``contract_id``: a signed contract of the authority; its supplier and figures are read when the story is shown.
    """
    if not can_write(actor) or actor.organisation_id is None:
        raise NotAllowed(NOT_AUTHOR)
    words = words_of(title=title, summary=summary, body=body)
    _signed_contract(actor, contract_id)
    now = clock.now()
    story = Story.objects.create(
        authority_id=actor.organisation_id,
        title=words.title,
        summary=words.summary,
        body=words.body,
        contract_id=contract_id,
        written_by_id=actor.person_id,
        writer_ids=[actor.person_id],
        started_at=now,
        changed_at=now,
    )
    record(
        actor=actor,
        deed=StoryDeed.STARTED,
        sentence=f"{actor.name} started the story “{story.title}”.",
        target=story,
        after=_facts(story),
    )
    return story


@transaction.atomic
def change_story(
    *,
    actor: Actor,
    story_id: int,
    expected_version: int,
    title: str,
    summary: str,
    body: str,
    contract_id: int | None = None,
) -> Story:
    """Other words, or another contract, while it is a draft.

    NotVisible, NotAllowed, RuleBroken as ``start_story``; Conflict with what is there now when somebody was first.
    """
    story = story_for_deed(actor, story_id, why_not_change)
    words = words_of(title=title, summary=summary, body=body)
    label = _signed_contract(actor, contract_id)
    before = _facts(story)
    if story.version != expected_version:
        now = before | {"contract": _label(story.contract_id)}
        sent = {
            "title": words.title,
            "summary": words.summary,
            "body": words.body,
            "contract": label,
        }
        raise Conflict(WHILE_WRITING, changed=differences(LABELS, now, sent))
    move(
        story,
        expected_version,
        title=words.title,
        summary=words.summary,
        body=words.body,
        contract_id=contract_id,
        changed_at=clock.now(),
        **by(actor, story),
    )
    tell(actor, StoryDeed.CHANGED, story, "changed the story.", before=before, after=_facts(story))
    return story


def by(actor: Actor, story: Story) -> dict[str, object]:
    """Who wrote: the last, and all who ever did. None of them answers it."""
    everybody = sorted({*story.writer_ids, actor.person_id})
    return {"written_by_id": actor.person_id, "writer_ids": everybody}


def _facts(story: Story) -> dict[str, object]:
    return {
        "title": story.title,
        "summary": story.summary,
        "body": story.body,
        "contract": story.contract_id,
    }


def _signed_contract(actor: Actor, contract_id: int | None) -> str:
    """Its label. RuleBroken for one that is not the authority's own, or not signed: the id comes from a form."""
    if contract_id is None:
        return ""
    try:
        brief = awards.contract_brief(contract_id)
    except NotVisible as error:
        raise RuleBroken(SELECT, field="contract") from error
    if brief.authority_id != actor.organisation_id:
        raise RuleBroken(SELECT, field="contract")
    if brief.signed_on is None:
        raise RuleBroken(
            "This contract is not signed yet. Select a signed one, or none", field="contract"
        )
    return f"{brief.reference} {brief.title}"


def _label(contract_id: int | None) -> str:
    if contract_id is None:
        return ""
    brief = awards.contract_brief(contract_id)
    return f"{brief.reference} {brief.title}"
