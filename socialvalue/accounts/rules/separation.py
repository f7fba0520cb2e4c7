"""Roles that nobody holds at once in one organisation, and which kind of organisation has which roles. Pure.

Asked when a role is granted, when somebody is invited and when they accept. What one person may not do to one thing is
asked by its room besides: nobody verifies their own claim or approves their own proposal.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from socialvalue.accounts.vocabulary import (
    BUYER_ROLES,
    REGION_ROLES,
    SUPPLIER_ROLES,
    OrganisationKind,
    Role,
)


@dataclass(frozen=True, slots=True)
class Apart:
    """Two roles that one person does not hold at once, and the sentence why."""

    one: Role
    other: Role
    why: str

    @property
    def sentence(self) -> str:
        """``One person cannot be auditor and approver: …``"""
        return (
            f"One person cannot be {self.one.label.lower()} and {self.other.label.lower()} "
            f"in one organisation: {self.why}"
        )


_AUDITOR_WHY = (
    "an auditor reads everything and writes nothing, so that they never judge their own work"
)

APART: tuple[Apart, ...] = (
    *(
        Apart(Role.AUDITOR, role, _AUDITOR_WHY)
        for role in Role
        if role in BUYER_ROLES and role != Role.AUDITOR
    ),
    Apart(
        Role.APPROVER,
        Role.PROCUREMENT_OFFICER,
        "the officer proposes overrides and awards, and the approver decides on them",
    ),
    Apart(
        Role.APPROVER,
        Role.CONTRACT_MANAGER,
        "the contract manager proposes remedies, and the approver decides on them",
    ),
    Apart(
        Role.APPROVER,
        Role.REPORT_AUTHOR,
        "the author writes reports and stories, and the approver signs them off",
    ),
)
"""So few that three people can run a small council: one who acts, one who approves, one who audits."""


def held_apart(roles: Collection[str]) -> Apart | None:
    """The first pair among these roles that nobody holds at once; None when they go together."""
    held = set(roles)
    return next((pair for pair in APART if pair.one in held and pair.other in held), None)


def roles_at(kind: str, *, leads_region: bool) -> tuple[Role, ...]:
    """The roles that can be granted at an organisation of this kind, in the order of the vocabulary.

    ``MEMBER`` is not among them: single sign-on gives it, and the first granted role replaces it.
    """
    if kind == OrganisationKind.SUPPLIER:
        possible = SUPPLIER_ROLES
    else:
        possible = BUYER_ROLES if leads_region else BUYER_ROLES - REGION_ROLES
    return tuple(role for role in Role if role in possible)


def admin_role(kind: str) -> Role:
    """Who administers an organisation of this kind."""
    return Role.SUPPLIER_ADMIN if kind == OrganisationKind.SUPPLIER else Role.ORGANISATION_ADMIN
