"""What the authority reads of its stories, and what everybody reads of those that are published."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.verifications.services import verify_claim
from reporting.rollups.services import drain
from reporting.showcase import queries, services
from reporting.showcase.queries import StoryFilters
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.cabinet import CLAIMED, NOW, Q1, reported
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure
from tests.factories.showcase import (
    TOLD_ON,
    approver_of,
    author_of,
    drafted,
    sent,
    told,
    with_photo,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(TOLD_ON):
        yield


def titles(actor, **wanted):
    return [row.title for row in queries.stories_for(actor, StoryFilters(**wanted))]


def test_everybody_reads_published_stories_of_those_asked_for_only():
    first, other = AuthorityFactory(), AuthorityFactory()
    author = author_of(first)
    drafted(author, title="Draft")
    sent(author, drafted(author, title="Waiting"))
    gone = told(author, title="Gone")
    services.withdraw_story(
        actor=author, story_id=gone.pk, expected_version=gone.version, reason="No."
    )
    old = told(author, title="Old")
    told(author, title="New", at=TOLD_ON + timedelta(days=1))
    told(author_of(other), title="Theirs")
    assert [card.title for card in queries.published_stories([first.pk])] == ["New", "Old"]
    assert queries.published_stories([]) == []
    assert len(queries.published_stories([first.pk, other.pk])) == 3
    assert queries.published_story(old.slug).paragraphs == (
        "The yard was bare.",
        "Now it is green.",
    )
    for slug in (gone.slug, "", "nothing-1"):
        with pytest.raises(NotVisible):
            queries.published_story(slug)


def test_a_card_names_its_authority_and_no_person():
    author = author_of(AuthorityFactory(name="Council of the Garden"))
    card = queries.published_stories([told(author, photo=True).authority_id])[0]
    assert (card.authority_name, card.published_on) == ("Council of the Garden", date(2026, 5, 6))
    assert card.photo_alt == "A green yard beside a school"
    assert card.photo_url.startswith("/reports/stories/")
    assert (card.contract, card.supplier_name, card.value, card.figures) == (None, "", None, ())
    assert author.name not in repr(card)


def world_with_people():
    """750 pounds of hours verified, and 3 people worth 3,000 who are told of nobody."""
    authority, supplier = AuthorityFactory(), SupplierFactory(name="Garden Builders")
    contract, commitments = contract_with(
        Promise(measure("H1"), Decimal(800), Decimal("12.50")),
        Promise(measure("P1", unit="people"), Decimal(10), Decimal(1000)),
        Promise(measure("N1", unit="trees"), Decimal(10), None),
        authority=authority,
        supplier=supplier,
    )
    claimant = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier)
    manager = actor_for_role(Role.CONTRACT_MANAGER, authority)
    with clock.at(CLAIMED):
        for commitment, quantity in zip(commitments, ("60", "3", "7"), strict=True):
            made = claim(claimant, commitment, quantity=Decimal(quantity), quarter=Q1)
            verify_claim(actor=manager, claim_id=made.pk, expected_version=made.version)
    with clock.at(NOW):
        drain()
    return authority, contract


def test_figures_are_read_live_and_none_that_counts_people_is_public():
    authority, contract = world_with_people()
    author = author_of(authority)
    story = told(author, contract_id=contract.pk)
    card = queries.published_story(story.slug).card
    assert card.supplier_name == "Garden Builders"
    assert [(row.shown, row.value) for row in card.figures] == [
        ("60 hours", Decimal(750)),
        ("7 trees", None),
    ]
    assert card.value == Decimal(750)
    page = queries.story_page(author, story.pk)
    assert [row.shown for row in page.contract.figures] == ["60 hours", "7 trees", "3 people"]
    assert page.contract.value == Decimal(3750)
    assert "3000" not in repr(card)
    assert "3 people" not in repr(card)


def test_what_is_claimed_and_not_verified_is_not_told():
    world = reported(verified="60")
    story = told(world.author, contract_id=world.contract.pk)
    (figure,) = queries.published_story(story.slug).card.figures
    assert (figure.shown, figure.value) == ("60 hours", Decimal(750))


def test_the_number_of_queries_does_not_grow():
    world = reported()
    told(world.author, contract_id=world.contract.pk)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as found:
            queries.published_stories([world.authority.pk])
            queries.story_lines(queries.stories_for(world.author))
        counts.append(len(found))
        other, _ = contract_with(authority=world.authority)
        for contract in (other, world.contract):
            told(world.author, contract_id=contract.pk)
    assert counts[0] == counts[1]


def test_the_list_is_the_authoritys_own_narrowed_and_sorted():
    world = reported()
    author = world.author
    told(author, title="Garden", contract_id=world.contract.pk)
    drafted(author, title="Bench", body="Built beside the canal.")
    drafted(author_of(AuthorityFactory()), title="Garden of others")
    assert titles(author, sort="title") == ["Bench", "Garden"]
    assert titles(author, sort="-title") == ["Garden", "Bench"]
    assert titles(author, search="canal") == ["Bench"]
    assert titles(author, search=world.supplier.name) == ["Garden"]
    assert titles(author, search="canal zebra") == []
    assert titles(author, status="published") == ["Garden"]
    assert len(titles(author, status="nonsense", sort="nonsense")) == 2
    assert titles(world.claimant) == []
    assert titles(ANONYMOUS) == []
    lines = queries.story_lines(queries.stories_for(author, StoryFilters(sort="title")))
    assert [(row.value, row.how_many) for row in lines] == [
        (None, "0 measures"),
        (Decimal(750), "60 hours"),
    ]


def test_a_photo_is_for_everybody_only_while_the_story_is_published():
    author = author_of(AuthorityFactory())
    reader = actor_for_role(Role.AUDITOR, AuthorityFactory(slug=author_slug(author)))
    stranger = author_of(AuthorityFactory())
    story = with_photo(author, drafted(author))
    assert queries.story_photo(reader, story.pk).is_public is False
    for who in (ANONYMOUS, stranger):
        with pytest.raises(NotVisible):
            queries.story_photo(who, story.pk)
    story = sent(author, story)
    story = services.publish_story(
        actor=approver_of(story.authority), story_id=story.pk, expected_version=story.version
    )
    found = queries.story_photo(ANONYMOUS, story.pk)
    assert (found.is_public, found.media_type, found.content[:2]) == (
        True,
        "image/jpeg",
        b"\xff\xd8",
    )
    story.photo.storage.delete(story.photo.name)
    with pytest.raises(NotVisible, match="no longer in the store"):
        queries.story_photo(ANONYMOUS, story.pk)
    services.withdraw_story(
        actor=author, story_id=story.pk, expected_version=story.version, reason="No."
    )
    with pytest.raises(NotVisible):
        queries.story_photo(ANONYMOUS, story.pk)
    with pytest.raises(NotVisible):
        queries.story_photo(author, drafted(author).pk)


def author_slug(author):
    from socialvalue.accounts.models import Organisation

    return Organisation.objects.get(pk=author.organisation_id).slug


def test_another_authority_finds_no_story():
    story = told(author_of(AuthorityFactory()))
    for who in (author_of(AuthorityFactory()), ANONYMOUS):
        with pytest.raises(NotVisible):
            queries.story_page(who, story.pk)


def test_only_signed_contracts_of_the_authority_are_offered():
    world = reported()
    contract_with()
    unsigned, _ = contract_with(authority=world.authority)
    type(unsigned).objects.filter(pk=unsigned.pk).update(status="awarded", signed_on=None)
    (only,) = queries.contract_choices(world.author)
    assert only[0] == str(world.contract.pk)
    assert world.supplier.name in only[1]


def test_who_waits_for_whom():
    authority = AuthorityFactory()
    author, approver = author_of(authority), approver_of(authority)
    story = sent(author, drafted(author))
    assert [row.title for row in queries.stories_waiting(approver)] == [story.title]
    assert queries.stories_waiting(approver_of(AuthorityFactory())) == []
    assert queries.stories_waiting(author) == []
    assert queries.stories_returned(author) == []
    services.return_story(
        actor=approver, story_id=story.pk, expected_version=story.version, reason="Say more."
    )
    assert queries.stories_waiting(approver) == []
    assert [row.reason for row in queries.stories_returned(author)] == ["Say more."]
    assert queries.stories_returned(approver) == []
