"""Rules about people and organisations, one file a noun. Pure."""

from __future__ import annotations

from socialvalue.accounts.rules.deeds import DEEDS_BEYOND_ROLES, GROUPS, MAY, WRITES, deeds_of, may
from socialvalue.accounts.rules.invitations import INVITATION_DAYS, MOST_INVITATIONS, digest_of
from socialvalue.accounts.rules.region import (
    FEWEST_COMPARED,
    RegionSees,
    check_region_sees,
    days_in_words,
    in_words,
    what_changes,
)
from socialvalue.accounts.rules.roles_page import roles_document
from socialvalue.accounts.rules.separation import (
    APART,
    Apart,
    admin_role,
    held_apart,
    roles_at,
)
from socialvalue.accounts.rules.sights import (
    Sight,
    elsewhere,
    everybody,
    people_of,
    people_of_any,
    people_of_authorities,
    sees,
    the_region,
)

__all__ = [
    "APART",
    "DEEDS_BEYOND_ROLES",
    "FEWEST_COMPARED",
    "GROUPS",
    "INVITATION_DAYS",
    "MAY",
    "MOST_INVITATIONS",
    "WRITES",
    "Apart",
    "RegionSees",
    "Sight",
    "admin_role",
    "check_region_sees",
    "days_in_words",
    "deeds_of",
    "digest_of",
    "elsewhere",
    "everybody",
    "held_apart",
    "in_words",
    "may",
    "people_of",
    "people_of_any",
    "people_of_authorities",
    "roles_at",
    "roles_document",
    "sees",
    "the_region",
    "what_changes",
]
