"""How long things are kept, and who removes, hands out and forgets them: one list each, by dotted names."""

from __future__ import annotations

DAYS_KEPT = {
    "account_invitations": 90,
    "calendars": 30,
    "claim_drafts": 365,
    "claim_files": 365,
    "confirmation_addresses": 90,
    "handed_in_figures": 365,
    "idle_accounts": 2 * 365,
    "kept_texts": 365,
    "letter_files": 30,
    "link_addresses": 90,
    "long_files": 7,
    "notice_files": 365,
    "reminders": 2 * 365,
    "story_photos": 365,
    "tender_addresses": 3 * 365 + 1,
}
"""Days for each kind of data that goes by itself. What each counts from stands in the data map."""

LEAST_DAYS = {"reminders": 180, "tender_addresses": 3 * 365 + 1}
"""Shorter ones would break something: a reminder goes twice, a record of a procurement is gone before its time. The
triggers of reminders (procurement.0018) hold the same days; another number here needs a migration there."""

PURGES = (
    "socialvalue.accounts.services.expiring.PURGES",
    "procurement.tenders.services.expiring.PURGES",
    "procurement.deliveries.services.expiring.PURGES",
    "procurement.downloads.services.PURGES",
    "procurement.procurements.services.expiring.PURGES",
    "procurement.reminders.services.expiring.PURGES",
    "reporting.cabinet.services.expiring.PURGES",
    "reporting.showcase.services.expiring.PURGES",
)
"""Rows of ``core.purging.Purge``. ``manage.py purge_expired`` works through them in this order."""

PERSONAL_DATA = (
    "socialvalue.accounts.queries.personal.about_person",
    "procurement.tenders.queries.personal.about_person",
    "procurement.evaluations.queries.personal.about_person",
    "procurement.deliveries.queries.personal.about_person",
    "procurement.reminders.queries.personal.about_person",
    "reporting.cabinet.queries.personal.about_person",
)
"""``about_person(user_id, email) -> list[Table]``: what a room knows of one person, for that person alone."""

FORGETTING = (
    "procurement.tenders.services.expiring.forget_person",
    "procurement.deliveries.services.expiring.forget_person",
    "procurement.reminders.services.expiring.forget_person",
    "reporting.cabinet.services.expiring.forget_person",
)
"""``forget_person(*, actor, user_id, email)``: what a room removes of somebody who is erased."""

MERGE_GUARDS = ("procurement.tenders.queries.merging.why_not_merge",)
"""``why_not_merge(first_id, second_id) -> str``: why two suppliers cannot become one now; empty when they can."""


def read_retention(text: str) -> dict[str, int]:
    """``RETENTION`` of the environment, as ``claim_drafts=180,letter_files=7``, over the days above.

    ValueError with a sentence for a kind that is not known, a number that is none, or one that is too small.
    """
    found = dict(DAYS_KEPT)
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, _, days = (side.strip() for side in part.partition("="))
        if kind not in found:
            known = ", ".join(sorted(found))
            raise ValueError(f"RETENTION names {kind!r}, which is not known. Known are: {known}.")
        least = LEAST_DAYS.get(kind, 1)
        if not days.isdecimal() or int(days) < least:
            raise ValueError(f"RETENTION keeps {kind} {days!r} days. Give at least {least}.")
        found[kind] = int(days)
    return found
