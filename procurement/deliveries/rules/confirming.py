"""Asking the group that benefited: whom, for how long, and what counts as an answer. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from procurement.deliveries.vocabulary import ClaimStatus, ConfirmationAnswer
from socialvalue.core.errors import RuleBroken

WORKS_FOR = timedelta(days=30)
MAX_GROUP = 200
MAX_ROLE = 150
MAX_WORDS = 2_000
MOST_ASKED = 5
"""Groups asked about one claim at a time: more is no better proof, and a way to flood people with letters."""
PUBLIC_DOMAINS = frozenset(
    re.findall(
        r"\S+",
        "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com live.co.uk yahoo.com yahoo.co.uk "
        "icloud.com me.com aol.com btinternet.com sky.com talktalk.net virginmedia.com proton.me protonmail.com",
    )
)
NOT_WAITING = "Only a claim that waits for verification can be confirmed. This one is {status}."
DECIDABLE = (ClaimStatus.SUBMITTED, ClaimStatus.VERIFIED)


def check_asked(*, group: str, email: str, own_addresses: frozenset[str]) -> None:
    """RuleBroken with what is missing. ``own_addresses`` are those of the supplier's own people."""
    faults = []
    if not group.strip():
        faults.append(("group", "Enter who benefited, for example a school or a residents' group"))
    elif len(group.strip()) > MAX_GROUP:
        faults.append(("group", f"Who benefited must be {MAX_GROUP} characters or less"))
    email = email.strip().lower()
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", email):
        faults.append(("email", "Enter one e-mail address, like office@example.org"))
    elif _is_own(email, own_addresses):
        faults.append(
            (
                "email",
                "Enter the group's own address. An address of the supplier confirms nothing: "
                "whoever delivers does not confirm it",
            )
        )
    if faults:
        field, message = faults[0]
        raise RuleBroken(message, field=field, more=faults[1:])


def _is_own(email: str, own: frozenset[str]) -> bool:
    domains = {address.rpartition("@")[2] for address in own} - PUBLIC_DOMAINS
    return email in own or email.rpartition("@")[2] in domains


def check_answer(*, answer: str, role: str, words: str) -> None:
    """RuleBroken with every fault: the choice, the role, and what differs where something does."""
    faults = []
    if answer not in (ConfirmationAnswer.CONFIRMED, ConfirmationAnswer.DISPUTED):
        faults.append(("answer", "Select whether this is right"))
    if not role.strip():
        faults.append(("role", "Enter your role, for example Head teacher or Centre manager"))
    elif len(role.strip()) > MAX_ROLE:
        faults.append(("role", f"Your role must be {MAX_ROLE} characters or less"))
    if answer == ConfirmationAnswer.DISPUTED and not words.strip():
        faults.append(("words", "Enter what differs from what is said above"))
    if len(words.strip()) > MAX_WORDS:
        faults.append(("words", f"What differs must be {MAX_WORDS:,} characters or less"))
    if faults:
        field, message = faults[0]
        raise RuleBroken(message, field=field, more=faults[1:])


def is_about_now(
    *, asked_version: int, asked_at: datetime, version: int, status: str, submitted_at: datetime
) -> bool:
    """The claim says what it said when the group was asked.

    A decision counts the version up and changes no figure, so a verified claim is compared by the time it was sent.
    """
    if asked_version == version:
        return True
    return status == ClaimStatus.VERIFIED and asked_at >= submitted_at
