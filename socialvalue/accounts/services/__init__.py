"""Organisations, people, roles and region membership. Each writes its audit row in the same transaction."""

from __future__ import annotations

from socialvalue.accounts.services.invitations import (
    accept_as_new_person,
    accept_invitation,
    invite,
    invite_administrator,
    revoke_invitation,
    send_invitation_again,
)
from socialvalue.accounts.services.organisations import (
    COMPANY_NUMBER,
    DATA,
    DISTRICT,
    add_buyer,
    add_organisation,
    describe_organisation,
    describe_place,
    load_organisations,
)
from socialvalue.accounts.services.people import HAS_ACCOUNT, add_person, share_password
from socialvalue.accounts.services.region import choose_region_sees
from socialvalue.accounts.services.region_members import add_region_member, change_region_member
from socialvalue.accounts.services.roles import change_roles, grant_role, remove_person
from socialvalue.accounts.services.suppliers import (
    LETTER_EVERY_SECONDS,
    register_supplier,
    send_registration_link,
)

__all__ = [
    "COMPANY_NUMBER",
    "DATA",
    "DISTRICT",
    "HAS_ACCOUNT",
    "LETTER_EVERY_SECONDS",
    "accept_as_new_person",
    "accept_invitation",
    "add_buyer",
    "add_organisation",
    "add_person",
    "add_region_member",
    "change_region_member",
    "change_roles",
    "choose_region_sees",
    "describe_organisation",
    "describe_place",
    "grant_role",
    "invite",
    "invite_administrator",
    "load_organisations",
    "register_supplier",
    "remove_person",
    "revoke_invitation",
    "send_invitation_again",
    "send_registration_link",
    "share_password",
]
