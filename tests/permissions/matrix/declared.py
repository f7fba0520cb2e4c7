"""The declaration: every route, who may open its page, what it speaks of, and who of its parties may see that.

``declared.txt`` holds a route a line: its name, the people whom its page is for (``PEOPLE``), the kind of thing in its
address (``objects.FINDERS``, ``-`` for none) and, where fewer of its parties may see it, who.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Role
from tests.permissions.matrix.objects import Thing
from tests.permissions.matrix.viewers import Viewer

HERE = Path(__file__).parent


class Answer(Enum):
    """What the declaration says a viewer gets."""

    SIGN_IN = "is asked to sign in"
    NOT_FOUND = "is told that there is no such page"
    REFUSED = "is refused"
    SHOWN = "is let in"


OFFICER, APPROVER, OWNER = Role.PROCUREMENT_OFFICER, Role.APPROVER, Role.POLICY_OWNER
MANAGER, DIRECTOR, AUDITOR = Role.CONTRACT_MANAGER, Role.DIRECTORATE_MANAGER, Role.AUDITOR
AUTHOR, ADMIN, EVALUATOR = Role.REPORT_AUTHOR, Role.ORGANISATION_ADMIN, Role.EVALUATOR
ANALYST, REGION_ADMIN = Role.REGIONAL_ANALYST, Role.REGIONAL_ADMIN

PEOPLE: dict[str, frozenset[str]] = {
    name: frozenset(str(role) for role in roles)
    for name, roles in {
        "buyer": BUYER_ROLES,
        "supplier": SUPPLIER_ROLES,
        "party": BUYER_ROLES | SUPPLIER_ROLES,
        "officer": {OFFICER},
        "approver": {APPROVER},
        "owner": {OWNER},
        "evaluator": {EVALUATOR},
        "wording": {OWNER, OFFICER},
        "manages": {MANAGER},
        "author": {AUTHOR},
        "admin": {ADMIN},
        "author_or_approver": {AUTHOR, APPROVER},
        "owner_or_approver": {OWNER, APPROVER},
        "officer_or_manager": {OFFICER, MANAGER},
        "judges": {OFFICER, EVALUATOR, APPROVER, AUDITOR},
        "bench": {OFFICER, EVALUATOR},
        "keepers": {OFFICER, APPROVER, AUDITOR},
        "drafts": {OWNER, APPROVER, AUDITOR},
        "report_drafts": {AUTHOR, OWNER, APPROVER, AUDITOR},
        "deviation": {OFFICER, MANAGER, DIRECTOR},
        "overseers": {MANAGER, DIRECTOR},
        "spend": {DIRECTOR, OWNER},
        "published": {DIRECTOR, OWNER, OFFICER},
        "sampling": {MANAGER, OWNER},
        "reminding": {MANAGER, ADMIN, OWNER},
        "rollups": {ADMIN, ANALYST},
        "managers": {ADMIN, DIRECTOR},
        "people": {ADMIN, DIRECTOR, AUDITOR, Role.SUPPLIER_ADMIN},
        "people_admin": {ADMIN, Role.SUPPLIER_ADMIN},
        "seals": {ADMIN, DIRECTOR, AUDITOR},
        "supplier_admin": {Role.SUPPLIER_ADMIN},
        "manages_or_supplier": {MANAGER} | SUPPLIER_ROLES,
        "agreers": {MANAGER, Role.SUPPLIER_ADMIN},
        "analyst": {ANALYST},
        "targets": {ANALYST, OWNER},
        "lead_owner": {OWNER},
        "region_admin": {REGION_ADMIN},
        "region_readers": {REGION_ADMIN, ANALYST, AUDITOR},
    }.items()
}
OF_THE_LEAD = frozenset({"analyst", "targets", "lead_owner", "region_admin", "region_readers"})
"""They are that only at an authority that leads a region."""
BEYOND_ROLES = frozenset({"anyone", "signed_in", "operator", "development", "allauth"})


@dataclass(frozen=True, slots=True)
class Row:
    """One route as it is declared."""

    route: str
    page: str
    kind: str
    inside: str = ""

    def answer(self, viewer: Viewer, thing: Thing, *, is_button: bool = False) -> Answer:
        """``is_button`` where the address only takes a POST and is opened: its page is asked, not its thing."""
        if self.page == "anyone":
            # A public address tells a stranger nothing of what is not public: no refusal, no sign-in.
            is_in = not self.inside or is_among(viewer, self.inside)
            return Answer.SHOWN if thing.lets(viewer) and is_in else Answer.NOT_FOUND
        if not viewer.is_signed_in:
            return Answer.SIGN_IN
        if not is_among(viewer, self.page):
            return Answer.REFUSED
        if is_button:
            return Answer.SHOWN
        if not thing.lets(viewer):
            return Answer.NOT_FOUND
        if self.inside and not is_among(viewer, self.inside):
            return Answer.NOT_FOUND if self.page == "signed_in" else Answer.REFUSED
        return Answer.SHOWN


def is_among(viewer: Viewer, people: str) -> bool:
    if people == "signed_in":
        return viewer.is_signed_in
    if people == "operator":
        return viewer.is_operator
    if people == "development":
        return False
    if people in OF_THE_LEAD and not viewer.leads:
        return False
    return not PEOPLE[people].isdisjoint(viewer.roles)


def declared() -> dict[str, Row]:
    """Every line of the declaration by its route."""
    rows = {}
    for line in (HERE / "declared.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            row = Row(*line.split())
            if row.page not in PEOPLE and row.page not in BEYOND_ROLES:
                raise AssertionError(f"{row.route} names people that nobody knows: {row.page}")
            rows[row.route] = row
    return rows
