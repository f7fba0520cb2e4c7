"""What the database itself does not let a story be."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from reporting.showcase.models import Story
from tests.factories.accounts import AuthorityFactory, UserFactory
from tests.factories.showcase import TOLD_ON, author_of, drafted, sent, told, with_photo

pytestmark = pytest.mark.django_db


def breaks(constraint, story, **values):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Story.objects.filter(pk=story.pk).update(**values)
    assert constraint in str(error.value)


@pytest.fixture
def author():
    return author_of(AuthorityFactory())


def test_nobody_approves_what_they_wrote_or_sent(author):
    story = told(author)
    breaks("story_approved_by_another", story, approved_by_id=F("written_by_id"))
    breaks("story_approved_by_another", story, written_by_id=F("approved_by_id"))
    breaks("story_approved_by_another", story, sent_by_id=F("approved_by_id"))
    Story.objects.filter(pk=story.pk).update(approved_by=UserFactory())


def test_a_published_story_is_approved_and_has_an_address(author):
    story = told(author)
    breaks("story_state_with_its_facts", story, approved_by_id=None, approved_at=None)
    breaks("story_state_with_its_facts", story, slug=None)
    waits = sent(author, drafted(author))
    breaks("story_state_with_its_facts", waits, status="published")
    breaks("story_state_with_its_facts", waits, status="draft")
    breaks(
        "story_state_with_its_facts",
        drafted(author),
        status="awaiting_approval",
        has_agreement=True,
    )


def test_who_and_when_go_together(author):
    waits = sent(author, drafted(author))
    breaks("story_sent_by_somebody", waits, sent_by_id=None)
    breaks("story_approved_after_sent", told(author), approved_by_id=None)


def test_a_story_is_shown_with_agreement_only(author):
    breaks("story_shown_with_agreement", sent(author, drafted(author)), has_agreement=False)
    breaks("story_shown_with_agreement", told(author), has_agreement=False)


def test_a_withdrawn_story_has_a_reason_and_others_are_not_withdrawn(author):
    story = told(author)
    person = UserFactory()
    breaks("story_withdrawn_with_reason", story, status="withdrawn")
    breaks(
        "story_withdrawn_with_reason",
        story,
        status="withdrawn",
        withdrawn_by=person,
        withdrawn_at=TOLD_ON,
    )
    breaks("story_withdrawn_with_reason", story, withdrawn_by=person, withdrawn_at=TOLD_ON)


def test_a_photo_has_its_words_before_it_is_shown(author):
    story = told(author, photo=True)
    breaks("story_photo_described", story, photo_alt="")
    breaks("story_photo_described", story, photo_sha256="")
    breaks("story_photo_described", story, photo="")
    draft = with_photo(author, drafted(author), alt="")
    assert draft.photo_alt == ""
    breaks("story_photo_described", drafted(author), photo_alt="Words about nothing")


@pytest.mark.parametrize("name", ["title", "summary", "body"])
def test_a_story_has_words(author, name):
    breaks("story_has_words", drafted(author), **{name: ""})


def test_two_stories_never_share_an_address(author):
    first, second = told(author), told(author)
    assert first.slug != second.slug
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=second.pk).update(slug=first.slug)
