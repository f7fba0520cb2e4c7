"""docs/roles.md, made from the table of roles and deeds. Pure."""

from __future__ import annotations

from socialvalue.accounts.rules.deeds import DEEDS_BEYOND_ROLES, GROUPS, deeds_of
from socialvalue.accounts.rules.separation import APART
from socialvalue.accounts.vocabulary import BUYER_ROLES, REGION_ROLES, SUPPLIER_ROLES, Role

_HEAD = """# What each role may do

Made by `manage.py roles > docs/roles.md` from `socialvalue/accounts/rules/deeds.py`, which every room asks; a test
compares the two. The service shows the same table under "What each role may do".

A role belongs to a person in one organisation. Beside the role a room asks more: whose thing it is, who did the first
half of a deed that needs two people, and in which state it is.
"""


def roles_document() -> str:
    """The whole page in Markdown."""
    parts = [_HEAD, "## Deed by deed\n"]
    for heading, deeds in GROUPS.items():
        rows = [
            f"| {deed.label[:1].upper()}{deed.label[1:]} | {_named(frozenset(roles))} |"
            for deed, roles in deeds.items()
        ]
        parts.append("\n".join([f"### {heading}\n", "| may | who |", "| --- | --- |", *rows, ""]))
    parts.append("## Role by role\n")
    for role in Role:
        told = "\n".join(f"- {deed.label}" for deed in deeds_of(role)) or "Nothing yet."
        parts.append(f"### {role.label}\n\n{_where(role)}\n\n{told}\n")
    rows = [f"| {pair.one.label} | {pair.other.label} | {pair.why} |" for pair in APART]
    parts.append(
        "\n".join(
            [
                "## Never both in one organisation\n",
                "| one | other | because |",
                "| --- | --- | --- |",
                *rows,
                "",
            ]
        )
    )
    parts.append("## Beside roles\n")
    parts += [f"**{name}.** {words}\n" for name, words in DEEDS_BEYOND_ROLES]
    return "\n".join(parts)


def _named(roles: frozenset[Role]) -> str:
    return ", ".join(role.label for role in Role if role in roles)


def _where(role: Role) -> str:
    if role in REGION_ROLES:
        return "At an authority that leads a region. May:"
    if role in BUYER_ROLES:
        return "At an authority. May:"
    return "At a supplier. May:" if role in SUPPLIER_ROLES else "Anywhere. May:"
