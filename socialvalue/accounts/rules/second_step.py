"""Who must sign in with a second step, and who may take a lost one off somebody else. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from socialvalue.accounts.vocabulary import AUTHORITY_KINDS, BUYER_ROLES


def asked_by(
    *, required: bool, is_operator: bool, roles: Iterable[str], asking: Iterable[str]
) -> str:
    """The sentence that says who asks this person for a second step; empty when nobody does.

    ``required`` is the policy of the site: it holds for people with a buyer-side role anywhere (``roles`` are those
    held in every organisation) and for platform operators. ``asking`` are the names of the person's own
    organisations that ask it of everybody, whatever the policy says.
    """
    if required and is_operator:
        return "Everybody who runs the platform signs in with a second step."
    if required and not BUYER_ROLES.isdisjoint(roles):
        return "Everybody who works for an authority signs in with a second step."
    name = next(iter(sorted(asking)), "")
    return f"{name} asks its people to sign in with a second step." if name else ""


def why_not_reset(
    *, is_self: bool, is_operator: bool, own_kind: str, other_kinds: Iterable[str]
) -> str:
    """Why an organisation's administrator may not reset this person's second step; empty when they may.

    ``own_kind`` is the kind of the administrator's organisation, ``other_kinds`` are those of the organisations the
    person belongs to besides. An account that opens an authority's tenders is not weakened from a supplier's side.
    """
    if is_self:
        return (
            "You cannot reset your own second step. Ask another administrator of your organisation."
        )
    if is_operator:
        return "This person runs the platform. Another platform operator resets their second step."
    if own_kind not in AUTHORITY_KINDS and any(kind in AUTHORITY_KINDS for kind in other_kinds):
        return (
            "This person also works for an authority. "
            "Only an administrator of that authority resets their second step."
        )
    return ""
