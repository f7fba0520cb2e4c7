"""What each role may do: the table of roles and deeds, as everybody who is signed in may read it."""

from __future__ import annotations

from typing import Any

from socialvalue.accounts.permissions import PEOPLE_READER, SIGNED_IN
from socialvalue.accounts.queries import administrators_of
from socialvalue.accounts.rules import APART, DEEDS_BEYOND_ROLES, GROUPS, deeds_of
from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Role
from socialvalue.core.views import Page


class Roles(Page):
    """The acting person's own roles first, then the whole table, then which roles are kept apart."""

    access = SIGNED_IN
    template_name = "accounts/roles.html"

    def get_page(self) -> dict[str, Any]:
        actor = self.actor
        sides = (
            ("At an authority", [role for role in Role if role in BUYER_ROLES]),
            ("At a supplier", [role for role in Role if role in SUPPLIER_ROLES]),
        )
        admins = administrators_of(actor.organisation_id) if actor.organisation_id else []
        return {
            "mine": [(role, deeds_of(role)) for role in Role if role in actor.roles],
            "sides": [(side, [(role, deeds_of(role)) for role in roles]) for side, roles in sides],
            "groups": [
                (
                    heading,
                    [
                        (deed, [role for role in Role if role in roles])
                        for deed, roles in deeds.items()
                    ],
                )
                for heading, deeds in GROUPS.items()
            ],
            "apart": APART,
            "beyond": DEEDS_BEYOND_ROLES,
            "administrators": admins,
            "may_see_people": PEOPLE_READER.allows(actor),
        }
