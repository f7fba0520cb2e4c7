"""Stories, told through the public services."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from PIL import Image

from reporting.showcase.models import Story
from reporting.showcase.services import (
    add_photo,
    describe_photo,
    publish_story,
    send_story,
    start_story,
)
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from tests.factories.accounts import actor_for_role

TOLD_ON = datetime(2026, 5, 6, 10, tzinfo=UTC)
WORDS = {
    "title": "A garden for the school",
    "summary": "Volunteers planted a garden that the school had wanted for years.",
    "body": "The yard was bare.\n\nNow it is green.",
}


def picture(colour: str = "green", kind: str = "JPEG") -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, kind)
    return out.getvalue()


def author_of(authority: Organisation) -> Actor:
    return actor_for_role(Role.REPORT_AUTHOR, authority)


def approver_of(authority: Organisation) -> Actor:
    return actor_for_role(Role.APPROVER, authority)


def drafted(author: Actor, *, contract_id: int | None = None, **words: str) -> Story:
    with clock.at(TOLD_ON):
        return start_story(actor=author, contract_id=contract_id, **(WORDS | words))


def with_photo(author: Actor, story: Story, *, alt: str = "A green yard beside a school") -> Story:
    """The story with a photo; without ``alt`` it is not described yet."""
    with clock.at(TOLD_ON):
        story = add_photo(
            actor=author,
            story_id=story.pk,
            expected_version=story.version,
            name="yard.jpg",
            content=picture(),
        )
        if not alt:
            return story
        return describe_photo(
            actor=author, story_id=story.pk, expected_version=story.version, alt=alt
        )


def sent(author: Actor, story: Story) -> Story:
    with clock.at(TOLD_ON):
        return send_story(
            actor=author, story_id=story.pk, expected_version=story.version, has_agreement=True
        )


def told(
    author: Actor,
    *,
    photo: bool = False,
    at: datetime = TOLD_ON,
    contract_id: int | None = None,
    **words: str,
) -> Story:
    """A published story, approved by somebody new."""
    story = drafted(author, contract_id=contract_id, **words)
    if photo:
        story = with_photo(author, story)
    story = sent(author, story)
    with clock.at(at):
        return publish_story(
            actor=approver_of(story.authority), story_id=story.pk, expected_version=story.version
        )
