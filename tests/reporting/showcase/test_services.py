"""A story from its first word to its last: two people, each step once, and nothing lost."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from reporting.showcase import services
from reporting.showcase.models import Story
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, MembershipFactory, actor_for_role, actor_of
from tests.factories.cabinet import reported
from tests.factories.ledger import contract_with
from tests.factories.showcase import (
    TOLD_ON,
    WORDS,
    approver_of,
    author_of,
    drafted,
    picture,
    sent,
    told,
    with_photo,
)
from tests.socialvalue.core.hostile import with_gps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(TOLD_ON):
        yield


@pytest.fixture
def authority():
    return AuthorityFactory()


@pytest.fixture
def author(authority):
    return author_of(authority)


@pytest.fixture
def approver(authority):
    return approver_of(authority)


def seen(story):
    return {"story_id": story.pk, "expected_version": story.version}


def deeds(story):
    rows = AuditRecord.objects.filter(target_type="story", target_id=story.pk).order_by("id")
    return list(rows.values_list("deed", flat=True))


def test_a_story_is_published_by_another_person_and_everything_is_kept(author, approver):
    story = with_photo(author, drafted(author))
    assert (story.status, story.version) == ("draft", 3)
    story = sent(author, story)
    assert (story.status, story.sent_by_id) == ("awaiting_approval", author.user_id)
    story = services.publish_story(actor=approver, **seen(story))
    assert (story.status, story.approved_by_id, story.approved_at) == (
        "published", approver.user_id, TOLD_ON,
    )  # fmt: skip
    assert story.written_by_id == author.user_id
    assert story.slug == f"a-garden-for-the-school-{story.pk}"
    assert deeds(story) == [
        "story_started", "story_photo_added", "story_photo_described", "story_sent", "story_published",
    ]  # fmt: skip
    kept = AuditRecord.objects.get(deed="story_published", target_id=story.pk)
    assert kept.after["body"] == WORDS["body"]


@pytest.mark.parametrize("role", [Role.APPROVER, Role.CONTRACT_MANAGER, Role.ORGANISATION_ADMIN])
def test_only_a_report_author_writes(authority, author, role):
    other = actor_for_role(role, authority)
    with pytest.raises(NotAllowed):
        drafted(other)
    story = drafted(author)
    with pytest.raises(NotAllowed):
        services.change_story(actor=other, **seen(story), **WORDS)
    with pytest.raises(NotAllowed):
        sent(other, story)


def test_another_authority_sees_no_story(author):
    stranger, judge = author_of(AuthorityFactory()), approver_of(AuthorityFactory())
    story = sent(author, drafted(author))
    for deed in (services.publish_story, services.take_back_story, services.remove_photo):
        for who in (stranger, judge):
            with pytest.raises(NotVisible):
                deed(actor=who, **seen(story))
    with pytest.raises(NotVisible):
        services.withdraw_story(actor=judge, **seen(told(author)), reason="Ours now.")


def test_whoever_wrote_any_part_of_it_never_answers_it(authority, author):
    both = author_of(authority)
    user = MembershipFactory(role=Role.APPROVER, organisation=authority, user_id=both.user_id).user
    both = actor_of(user, authority)
    story = services.change_story(
        actor=both, **seen(drafted(author)), **(WORDS | {"title": "Other words"})
    )
    # Somebody else writes last and sends it: the first changes still count.
    story = services.change_story(actor=author, **seen(story), **WORDS)
    story = sent(author, story)
    assert (story.written_by_id, story.sent_by_id) == (author.user_id, author.user_id)
    with pytest.raises(NotAllowed, match="You wrote part of this story"):
        services.publish_story(actor=both, **seen(story))
    with pytest.raises(NotAllowed, match="You wrote part of this story"):
        services.return_story(actor=both, **seen(story), reason="No.")
    assert Story.objects.get(pk=story.pk).status == "awaiting_approval"


def test_a_story_is_sent_with_agreement_and_with_words_for_its_photo(author):
    story = drafted(author)
    with pytest.raises(RuleBroken) as error:
        services.send_story(actor=author, **seen(story), has_agreement=False)
    assert error.value.errors[0][0] == "has_agreement"
    story = with_photo(author, story, alt="")
    with pytest.raises(RuleBroken, match="Say what the photo shows"):
        sent(author, story)
    assert Story.objects.get(pk=story.pk).status == "draft"


def test_it_is_about_a_signed_contract_of_the_authority_or_none(author, authority):
    own, _ = contract_with(authority=authority)
    foreign, _ = contract_with()
    assert drafted(author, contract_id=own.pk).contract_id == own.pk
    type(own).objects.filter(pk=own.pk).update(status="awarded", signed_on=None)
    for wrong in (foreign.pk, 10**9, own.pk):
        with pytest.raises(RuleBroken) as error:
            drafted(author, contract_id=wrong)
        assert error.value.errors[0][0] == "contract"


def test_two_who_write_at_once_are_told_what_is_there_now(author, authority):
    story = drafted(author)
    services.change_story(actor=author, **seen(story), **(WORDS | {"title": "First"}))
    late = author_of(authority)
    with pytest.raises(Conflict) as error:
        services.change_story(actor=late, **seen(story), **(WORDS | {"title": "Second"}))
    assert error.value.changed == {"Title": ("First", "Second")}
    assert Story.objects.get(pk=story.pk).title == "First"


def test_an_approver_publishes_the_words_they_read(author, approver):
    story = sent(author, drafted(author))
    back = services.take_back_story(actor=author, **seen(story))
    assert (back.status, back.sent_by_id, back.has_agreement) == ("draft", None, False)
    with pytest.raises(Conflict) as error:
        services.publish_story(actor=approver, **seen(story))
    assert error.value.changed == {"State": ("Draft", "As you saw it before")}
    changed = services.change_story(actor=author, **seen(back), **(WORDS | {"body": "Other."}))
    again = sent(author, changed)
    with pytest.raises(Conflict) as error:
        services.publish_story(actor=approver, **seen(story))
    now = f"“{again.title}”, changed by {author.name}, 6 May 2026, 11am"
    assert error.value.changed == {"Story": (now, "An earlier version")}
    assert services.publish_story(actor=approver, **seen(again)).status == "published"


def test_the_same_button_twice_is_one_deed(author, approver):
    story = sent(author, drafted(author))
    services.publish_story(actor=approver, **seen(story))
    with pytest.raises(Conflict):
        services.publish_story(actor=approver, **seen(story))
    assert deeds(story).count("story_published") == 1


def test_an_approver_returns_it_with_a_reason(author, approver):
    story = sent(author, drafted(author))
    with pytest.raises(RuleBroken):
        services.return_story(actor=approver, **seen(story), reason=" ")
    story = services.return_story(actor=approver, **seen(story), reason="Say who benefited.")
    assert (story.status, story.reason, story.has_agreement) == (
        "draft",
        "Say who benefited.",
        False,
    )
    story = sent(author, story)
    assert story.reason == ""
    with pytest.raises(NotAllowed):
        services.return_story(actor=author, **seen(story), reason="No.")


@pytest.mark.parametrize("who", [Role.REPORT_AUTHOR, Role.APPROVER])
def test_a_published_story_is_withdrawn_by_one_person_with_a_reason(author, authority, who):
    story = told(author)
    person = actor_for_role(who, authority)
    with pytest.raises(RuleBroken):
        services.withdraw_story(actor=person, **seen(story), reason="")
    gone = services.withdraw_story(actor=person, **seen(story), reason="Somebody in it asked.")
    assert (gone.status, gone.withdrawn_by_id) == ("withdrawn", person.user_id)
    with pytest.raises(Conflict):
        services.withdraw_story(actor=person, **seen(gone), reason="Again.")


def test_others_cannot_withdraw_and_what_waits_is_not_withdrawn(author, authority, approver):
    with pytest.raises(NotAllowed):
        services.withdraw_story(
            actor=actor_for_role(Role.AUDITOR, authority), **seen(told(author)), reason="No."
        )
    with pytest.raises(NotAllowed):
        services.withdraw_story(actor=approver, **seen(drafted(author)), reason="No.")
    with pytest.raises(Conflict):
        services.withdraw_story(actor=author, **seen(sent(author, drafted(author))), reason="No.")


def test_a_withdrawn_story_is_approved_anew(author, approver):
    story = services.withdraw_story(
        actor=author, **seen(told(author)), reason="A figure was wrong."
    )
    with pytest.raises(Conflict):
        services.change_story(actor=author, **seen(story), **WORDS)
    story = services.reopen_story(actor=author, **seen(story))
    assert (story.status, story.approved_by_id, story.withdrawn_at, story.reason) == (
        "draft",
        None,
        None,
        "",
    )
    story = services.change_story(actor=author, **seen(story), **(WORDS | {"title": "A park"}))
    story = services.publish_story(actor=approver, **seen(sent(author, story)))
    assert story.slug == f"a-park-{story.pk}"


def test_a_photo_is_kept_privately_without_the_place_it_was_taken(author):
    story = services.add_photo(
        actor=author, **seen(drafted(author)), name="../../yard.php", content=with_gps()
    )
    assert story.photo.name.startswith("evidence/")
    assert "yard" not in story.photo.name
    assert story.photo_name.endswith(".jpg")
    with story.photo.open("rb") as stored:
        kept = stored.read()
    assert b"EVIL-MARK" not in kept
    assert (story.photo_alt, story.version) == ("", 2)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4 text", b"plain words", b"<svg onload=x></svg>"]
)
def test_what_is_no_photo_is_refused(author, content):
    story = drafted(author)
    with pytest.raises(RuleBroken) as error:
        services.add_photo(actor=author, **seen(story), name="x.jpg", content=content)
    assert error.value.errors[0][0] == "photo"
    assert not Story.objects.get(pk=story.pk).photo


def test_another_photo_replaces_the_first_and_its_words(author, django_capture_on_commit_callbacks):
    story = with_photo(author, drafted(author))
    old = story.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        story = services.add_photo(
            actor=author, **seen(story), name="b.png", content=picture("red", "PNG")
        )
    assert (story.photo_alt, story.photo_media_type) == ("", "image/png")
    assert (default_storage.exists(old), default_storage.exists(story.photo.name)) == (False, True)


def test_a_late_photo_is_not_kept_and_leaves_no_file(author):
    story = drafted(author)
    services.change_story(actor=author, **seen(story), **WORDS)
    files = set(files_kept())
    with pytest.raises(Conflict):
        services.add_photo(actor=author, **seen(story), name="b.jpg", content=picture())
    assert set(files_kept()) == files


def files_kept():
    if not default_storage.exists("evidence"):
        return []
    folders, _ = default_storage.listdir("evidence")
    return [name for folder in folders for name in default_storage.listdir(f"evidence/{folder}")[1]]


def test_a_photo_can_be_taken_out_of_a_withdrawn_story_but_not_of_a_published_one(
    author, django_capture_on_commit_callbacks
):
    story = told(author, photo=True)
    name = story.photo.name
    with pytest.raises(Conflict):
        services.remove_photo(actor=author, **seen(story))
    story = services.withdraw_story(actor=author, **seen(story), reason="Somebody in it asked.")
    with django_capture_on_commit_callbacks(execute=True):
        story = services.remove_photo(actor=author, **seen(story))
    assert (story.status, story.photo.name, story.photo_alt) == ("withdrawn", "", "")
    assert not default_storage.exists(name)
    with pytest.raises(Conflict):
        services.remove_photo(actor=author, **seen(story))


def test_a_photo_is_described_only_while_there_is_one(author):
    with pytest.raises(RuleBroken) as error:
        services.describe_photo(actor=author, **seen(drafted(author)), alt="A yard")
    assert error.value.errors[0][0] == "photo"


def test_a_supplier_writes_none():
    world = reported()
    with pytest.raises(NotAllowed):
        drafted(world.claimant)
    with pytest.raises(NotVisible):
        services.withdraw_story(actor=world.claimant, **seen(told(world.author)), reason="No.")
