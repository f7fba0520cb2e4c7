"""Who invites and revokes, which addresses are taken, and what the record keeps of them."""

from __future__ import annotations

import pytest

from procurement.tenders import services
from procurement.tenders.models import TenderEmailInvitation
from procurement.tenders.queries import links_of, token_of
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import published
from tests.procurement.tenders.test_invitations.steps import (
    ADDRESS,
    client_of,
    invite,
    new_bidder,
    page_of,
)

pytestmark = pytest.mark.django_db


def test_who_invites_and_revokes():
    world = published()
    link = invite(world)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, world.bidder):
        with pytest.raises(NotVisible):
            invite(world, actor=actor)
        with pytest.raises(NotVisible):
            services.revoke_link(actor=actor, link_id=link.pk)
        with pytest.raises(NotVisible):
            links_of(actor, world.tender.pk)
    for role in sorted(BUYER_ROLES - {Role.PROCUREMENT_OFFICER}):
        colleague = actor_for_role(role, world.authority)
        with pytest.raises(NotAllowed):
            invite(world, actor=colleague)
        with pytest.raises(NotAllowed):
            services.revoke_link(actor=colleague, link_id=link.pk)
        assert client_of(colleague).get(page_of(world, "suppliers")).status_code == 403
    revoke = page_of(world, "revoke_link", link.pk)
    assert client_of(stranger).post(revoke).status_code == 404
    assert client_of(world.officer).post(page_of(world, "revoke_link", 999)).status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


@pytest.mark.parametrize("wrong", ["", "bob", "bob@", "@b.example", "a b@c.example", "a@b"])
def test_what_is_no_address_is_refused(wrong):
    world = published()
    with pytest.raises(RuleBroken, match="is no e-mail address"):
        invite(world, wrong)
    assert TenderEmailInvitation.objects.count() == 0


def test_an_address_has_one_link_that_works(sent):
    world = published()
    first = invite(world)
    assert sent(invite, world, f"  {ADDRESS.upper()} ") == []
    assert list(TenderEmailInvitation.objects.all()) == [first]


def test_the_record_names_no_address():
    world = published()
    link = invite(world)
    services.revoke_link(actor=world.officer, link_id=link.pk)
    services.accept_link(actor=new_bidder()[1], token=token_of(invite(world)))
    rows = list(AuditRecord.objects.order_by("id"))[-4:]
    assert [row.deed for row in rows] == [
        "supplier_invited_by_email",
        "invitation_link_revoked",
        "supplier_invited_by_email",
        "invitation_link_accepted",
    ]
    assert ADDRESS not in repr([(row.sentence, row.before, row.after) for row in rows])
