"""Statements of priorities, written by the public services."""

from __future__ import annotations

from datetime import date

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor
from tests.factories.accounts import AuthorityFactory, actor_for_role
from toms.priorities.queries import PrioritySetInfo, statement
from toms.priorities.rules import RowInput
from toms.priorities.services import set_links, start_statement


def owner_of(name: str = "Vale Council") -> Actor:
    """A policy owner of a new council."""
    return actor_for_role(Role.POLICY_OWNER, AuthorityFactory(name=name))


def rows(*names: str) -> list[RowInput]:
    return [RowInput(None, "", name, "") for name in names]


def own_statement(
    owner: Actor,
    *names: str,
    first: date = date(2026, 4, 1),
    last: date | None = None,
    name: str = "Council plan",
) -> PrioritySetInfo:
    """A council's own statement, as its policy owner wrote it."""
    slug = start_statement(
        actor=owner, name=name, document="Council plan", address="", valid_from=first, valid_to=last,
        rows=rows(*(names or ("Fair work", "Clean air"))),
    )  # fmt: skip
    return statement(owner, slug)


def link(owner: Actor, found: PrioritySetInfo, place: int, *keys: str) -> PrioritySetInfo:
    """The statement after the priority at that place was linked to these, and to nothing else."""
    now = statement(owner, found.slug)
    set_links(
        actor=owner, priority_id=now.priorities[place].id, expected_version=now.version, chosen=keys
    )
    return statement(owner, found.slug)
