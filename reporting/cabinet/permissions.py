"""Who may see and write a Cabinet report. ``why_not_…`` gives the reason, empty when the deed is allowed."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from reporting.cabinet.vocabulary import ReportStatus
from socialvalue.accounts.permissions import BUYER, acts_for, allowed, for_deed, is_buyer
from socialvalue.accounts.rules import Sight, people_of
from socialvalue.accounts.vocabulary import Deed

if TYPE_CHECKING:
    from reporting.cabinet.models import CabinetReport
    from socialvalue.core.actor import Actor

__all__ = [
    "APPROVER",
    "AUTHOR",
    "BUYER",
    "can_see",
    "can_start",
    "who_sees_report",
    "why_not_ask",
    "why_not_read",
    "why_not_reissue",
    "why_not_sign",
    "why_not_write",
]

AUTHOR = for_deed(Deed.WRITE_REPORT)
APPROVER = for_deed(Deed.SIGN_REPORT)
_NOT_AUTHOR = (
    "Only a report author can do this. Ask your organisation's administrator for that role."
)
_NOT_APPROVER = (
    "Only an approver can sign off a report. Ask your organisation's administrator for that role."
)
_WROTE_IT = "You wrote in this report, so somebody else signs it off."
_SIGNED_BEFORE = "This report is frozen: it was signed off before, or needed no sign-off."
_NOT_YET = "This report is a draft. You can read it once it is frozen."


def can_see(actor: Actor, report: CabinetReport) -> bool:
    """That there is a report at all: people of its authority."""
    return is_buyer(actor) and acts_for(actor, report.authority_id)


def why_not_read(actor: Actor, report: CabinetReport) -> str:
    """A frozen report is for everybody of the authority, a draft for those who write, approve or audit it."""
    if report.status == ReportStatus.FROZEN or allowed(actor, Deed.READ_REPORT_DRAFTS):
        return ""
    return _NOT_YET


def can_start(actor: Actor) -> bool:
    return is_buyer(actor) and allowed(actor, Deed.WRITE_REPORT)


def why_not_write(actor: Actor, report: CabinetReport) -> str:
    if not (can_see(actor, report) and allowed(actor, Deed.WRITE_REPORT)):
        return _NOT_AUTHOR
    if report.status == ReportStatus.FROZEN:
        return (
            "This report is frozen, so it no longer changes. Issue it again to say something else."
        )
    return ""


def why_not_sign(actor: Actor, report: CabinetReport, writers: Collection[int]) -> str:
    """``writers`` are the people who wrote in it: nobody signs off their own words."""
    if not (can_see(actor, report) and allowed(actor, Deed.SIGN_REPORT)):
        return _NOT_APPROVER
    if report.status == ReportStatus.FROZEN:
        return _SIGNED_BEFORE
    return _WROTE_IT if actor.user_id in writers else ""


def why_not_ask(
    actor: Actor, report: CabinetReport, *, has_open_steps: bool, is_asked: bool
) -> str:
    """Asking the steps of a sign-off to answer. ``has_open_steps``: one of them has not agreed to the words."""
    if reason := why_not_write(actor, report):
        return reason
    if not has_open_steps:
        return "No step of the sign-off is left to ask."
    return "The sign-off is asked for already." if is_asked else ""


def why_not_reissue(actor: Actor, report: CabinetReport, *, is_replaced: bool) -> str:
    if not (can_see(actor, report) and allowed(actor, Deed.WRITE_REPORT)):
        return _NOT_AUTHOR
    if report.status != ReportStatus.FROZEN:
        return "This report is a draft: write in it. Only a frozen report is issued again."
    if is_replaced:
        return "This report was issued again already. Open the latest issue."
    return ""


def who_sees_report(authority: tuple[int, str], *, is_frozen: bool) -> list[Sight]:
    """What ``why_not_read`` asks, in words. ``authority`` is its id and its name."""
    place, name = authority
    if is_frozen:
        return [
            people_of(name, place, Deed.READ_AUTHORITY, what="the report, its files and its rows")
        ]
    return [
        people_of(name, place, Deed.READ_REPORT_DRAFTS, what="the draft", until="it is frozen"),
        people_of(name, place, Deed.WRITE_REPORT, what="may change it", until="it is frozen"),
        people_of(
            name,
            place,
            Deed.SIGN_REPORT,
            what="may sign it off, unless they wrote in it",
            until="it is frozen",
        ),
        people_of(
            name, place, Deed.READ_AUTHORITY, what="the report once it is frozen", is_here=False
        ),
    ]
