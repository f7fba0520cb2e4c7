"""Known suppliers are invited until the deadline, and told when the tender is published."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from procurement.tenders import services
from procurement.tenders.models import TenderInvitation
from procurement.tenders.queries import tender_for_bidder
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.accounts import MembershipFactory, user_with_role
from tests.factories.tenders import DEADLINE, NOW, prepared, published
from tests.procurement.tenders.test_invitations.steps import SECOND, invite

pytestmark = pytest.mark.django_db


def test_publication_writes_to_every_active_person_of_invited_suppliers_and_to_nobody_else(sent):
    world = prepared(suppliers=3, invite=2)
    first, second, outside = world.suppliers
    colleague = user_with_role(Role.SUPPLIER_CONTRIBUTOR, first)
    both = MembershipFactory(organisation=first, role=Role.SUPPLIER_CONTRIBUTOR).user
    MembershipFactory(organisation=second, role=Role.SUPPLIER_ADMIN, user=both)
    gone = user_with_role(Role.SUPPLIER_ADMIN, first)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    left = user_with_role(Role.SUPPLIER_ADMIN, second)
    left.memberships.update(ended_at=NOW)
    letters = sent(
        services.publish_tender,
        actor=world.officer,
        tender_id=world.tender.pk,
        deadline_at=DEADLINE,
    )
    expected = [User.objects.get(pk=actor.user_id).email for actor in world.bidders[:2]]
    assert sorted(letter.to[0] for letter in letters) == sorted(
        [*expected, colleague.email, both.email]
    )
    for letter in letters:
        assert letter.subject == f"Birmingham City Council invites you to offer: {_title(world)}"
        assert "Offers close at 12:00 on 1 April 2026, UK time." in letter.body
        assert f"/bids/{world.tender.pk}/" in letter.body
        for supplier in world.suppliers:
            assert supplier.name not in letter.body
    assert outside.name not in repr([letter.body for letter in letters])


def _title(world):
    return world.procurement.title


def test_before_publication_no_letter_goes_out(sent):
    world = prepared(suppliers=3, invite=2)
    letters = sent(
        services.invite_supplier,
        actor=world.officer,
        tender_id=world.tender.pk,
        supplier_id=world.suppliers[2].pk,
    )
    assert letters == []
    assert sent(invite, world) == []


def test_a_supplier_is_invited_after_publication_until_the_deadline(sent, heard):
    world = published(suppliers=4, invite=1)
    late = world.suppliers[1:]
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    version = world.tender.version
    with clock.at(DEADLINE - SECOND):
        letters = sent(services.invite_supplier, **act, supplier_id=late[0].pk)
        again = sent(services.invite_supplier, **act, supplier_id=late[0].pk)
    assert [letter.to for letter in letters] == [
        [User.objects.get(pk=world.bidders[1].user_id).email]
    ]
    assert (again, heard) == ([], [world.tender.pk])
    assert tender_for_bidder(world.bidders[1], world.tender.pk).tender_id == world.tender.pk
    assert world.refresh().version == version
    with clock.at(DEADLINE), pytest.raises(RuleBroken, match="The deadline was 12:00 on 1 April"):
        services.invite_supplier(**act, supplier_id=late[1].pk)
    with clock.at(DEADLINE):
        services.mark_opened(**act)
        with pytest.raises(Conflict, match="bids are open"):
            services.invite_supplier(**act, supplier_id=late[1].pk)
    assert TenderInvitation.objects.count() == 2


def test_after_publication_nobody_is_taken_off_the_list():
    world = published()
    with pytest.raises(Conflict):
        services.remove_invitation(
            actor=world.officer, tender_id=world.tender.pk, supplier_id=world.suppliers[0].pk
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        TenderInvitation.objects.all().delete()
    assert TenderInvitation.objects.count() == 2
