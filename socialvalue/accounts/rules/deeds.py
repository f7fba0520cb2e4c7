"""Role by deed: the one table of who may do what. Pure.

The rooms ask it through ``accounts.permissions``, the page "What each role may do" and docs/roles.md are made from it.
Beside the role a room asks more: the organisation, the person, the state of the thing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from socialvalue.accounts.vocabulary import BUYER_ROLES, REGION_ROLES, SUPPLIER_ROLES, Deed, Role

_OFFICER = frozenset({Role.PROCUREMENT_OFFICER})
_APPROVER = frozenset({Role.APPROVER})
_MANAGER = frozenset({Role.CONTRACT_MANAGER})
_OWNER = frozenset({Role.POLICY_OWNER})
_AUTHOR = frozenset({Role.REPORT_AUTHOR})
_AUDITOR = frozenset({Role.AUDITOR})
_DIRECTOR = frozenset({Role.DIRECTORATE_MANAGER})
_EVALUATOR = frozenset({Role.EVALUATOR})
_ADMIN = frozenset({Role.ORGANISATION_ADMIN})
_ANALYST = frozenset({Role.REGIONAL_ANALYST})
_REGION_ADMIN = frozenset({Role.REGIONAL_ADMIN})
_SUPPLIER_ADMIN = frozenset({Role.SUPPLIER_ADMIN})

GROUPS: Mapping[str, Mapping[Deed, frozenset[Role]]] = MappingProxyType(
    {
        "Reading": {
            Deed.READ_AUTHORITY: BUYER_ROLES,
            Deed.READ_SUPPLIER: SUPPLIER_ROLES,
            Deed.READ_BIDS: _OFFICER | _EVALUATOR | _APPROVER | _AUDITOR,
            Deed.READ_EVALUATION_RECORD: _OFFICER | _APPROVER | _AUDITOR,
            Deed.READ_INTERESTS: _OFFICER | _APPROVER | _AUDITOR,
            Deed.READ_POLICY_DRAFTS: _OWNER | _APPROVER | _AUDITOR,
            Deed.READ_REPORT_DRAFTS: _AUTHOR | _OWNER | _APPROVER | _AUDITOR,
            Deed.READ_PEOPLE: _ADMIN | _DIRECTOR | _AUDITOR | _SUPPLIER_ADMIN,
            Deed.READ_RECORD: _ADMIN | _DIRECTOR | _AUDITOR | _SUPPLIER_ADMIN,
            Deed.READ_REGION: _ANALYST,
            Deed.READ_MEMBERSHIPS: REGION_ROLES | _AUDITOR,
        },
        "The organisation": {
            Deed.MANAGE_PEOPLE: _ADMIN | _SUPPLIER_ADMIN,
            Deed.DESCRIBE_ORGANISATION: _ADMIN | _SUPPLIER_ADMIN,
            Deed.CHOOSE_REGION_SEES: _ADMIN | _DIRECTOR,
            Deed.CHOOSE_PUBLIC: _ADMIN | _DIRECTOR,
            Deed.SET_REMINDERS: _MANAGER | _ADMIN | _OWNER,
            Deed.RUN_ROLLUPS: _ADMIN | _ANALYST,
        },
        "Policy and measures": {
            Deed.WRITE_POLICY: _OWNER,
            Deed.ANSWER_POLICY: _OWNER | _APPROVER,
            Deed.ADOPT_MEASURES: _OWNER,
            Deed.WRITE_MEASURES: _OWNER,
            Deed.WRITE_PRIORITIES: _OWNER,
        },
        "Procurements and tenders": {
            Deed.PREPARE_PROCUREMENT: _OFFICER,
            Deed.PREPARE_TENDER: _OFFICER,
            Deed.ANSWER_OVERRIDE: _APPROVER | _OWNER,
            Deed.EXPLAIN_DEVIATION: _OFFICER | _MANAGER | _DIRECTOR,
            Deed.APPROVE_TENDER: _APPROVER | _OWNER | _OFFICER | _DIRECTOR,
            Deed.RECORD_PIPELINE: _OFFICER | _DIRECTOR | _OWNER,
            Deed.RECORD_SPEND: _DIRECTOR | _OWNER,
            Deed.RECORD_DUTY: _OFFICER | _MANAGER,
        },
        "Bids and awards": {
            Deed.OPEN_BIDS: _OFFICER | _APPROVER,
            Deed.MOVE_TENDER: _OFFICER | _EVALUATOR | _APPROVER,
            Deed.NAME_PANEL: _OFFICER,
            Deed.SIT_ON_PANEL: _EVALUATOR | _OFFICER | _APPROVER,
            Deed.DECIDE_INTEREST: _OFFICER,
            Deed.DECIDE_OFFICERS_INTEREST: _OFFICER | _APPROVER,
            Deed.WORD_DECLARATION: _OWNER | _OFFICER,
            Deed.RANK_BIDS: _OFFICER,
            Deed.PROPOSE_AWARD: _OFFICER,
            Deed.APPROVE_AWARD: _APPROVER,
            Deed.RECORD_SIGNATURE: _OFFICER | _MANAGER,
        },
        "Contracts and deliveries": {
            Deed.START_PLAN: _OFFICER | _MANAGER,
            Deed.MANAGE_CONTRACT: _MANAGER,
            Deed.VERIFY_CLAIMS: _MANAGER,
            Deed.SET_SAMPLING: _MANAGER | _OWNER,
            Deed.SPEAK_ON_SHORTFALL: _MANAGER | _OFFICER | _APPROVER | SUPPLIER_ROLES,
            Deed.DECIDE_REMEDY: _APPROVER,
            Deed.RECORD_OVERSIGHT: _MANAGER | _DIRECTOR,
            Deed.BE_REMINDED: _APPROVER | _MANAGER | SUPPLIER_ROLES,
        },
        "Reports and stories": {
            Deed.WRITE_REPORT: _AUTHOR,
            Deed.SIGN_REPORT: _APPROVER,
            Deed.WRITE_STORY: _AUTHOR,
            Deed.ANSWER_STORY: _APPROVER,
        },
        "The region": {
            Deed.KEEP_LAW: _OWNER,
            Deed.MAP_MEASURES: _OWNER,
            Deed.SET_TARGETS: _ANALYST | _OWNER,
            Deed.KEEP_MEMBERSHIPS: _REGION_ADMIN,
        },
        "The supplier": {
            Deed.WRITE_OFFER: SUPPLIER_ROLES,
            Deed.AGREE_FOR_SUPPLIER: _SUPPLIER_ADMIN,
            Deed.CLAIM_DELIVERY: SUPPLIER_ROLES,
        },
    }
)
"""The table under the headings of its page."""
MAY: Mapping[Deed, frozenset[Role]] = MappingProxyType(
    {deed: roles for group in GROUPS.values() for deed, roles in group.items()}
)

WRITES: frozenset[Deed] = frozenset(MAY) - frozenset(GROUPS["Reading"]) - {Deed.BE_REMINDED}
"""Deeds that change something."""


def may(roles: Collection[str], deed: Deed) -> bool:
    """Whether somebody who holds these roles may do this, as far as roles go."""
    return not MAY[deed].isdisjoint(roles)


def deeds_of(role: Role) -> tuple[Deed, ...]:
    """Everything this role may do, in the order of the table."""
    return tuple(deed for deed, roles in MAY.items() if role in roles)


DEEDS_BEYOND_ROLES: tuple[tuple[str, str], ...] = (
    (
        "By panel",
        "Evaluator, moderator and observer are seats on the panel of one tender. Whoever may sit on a panel does what "
        "their seat allows there, and nowhere else. The moderator reads that evaluation’s whole record.",
    ),
    (
        "By link",
        "A group that benefited confirms a delivery, and a partner reports on a supplier’s behalf, through a link that "
        "ends. They have no account and see nothing else.",
    ),
    (
        "Platform operators",
        "They keep the service running and hold no role in any organisation, so they read no procurement, bid, "
        "contract or report. An access for a limited time, with a reason, is recorded and told to the organisation.",
    ),
    (
        "Members without rights",
        "Whoever signs in through their organisation’s own service for the first time sees their account and nothing "
        "of the organisation, until an administrator grants a role.",
    ),
    (
        "Second persons",
        "Where two people are needed the role is not enough: nobody verifies their own claim, answers their own "
        "request, approves their own proposal, signs off their own words or grants themselves a role.",
    ),
)
"""What a table of roles cannot say."""
