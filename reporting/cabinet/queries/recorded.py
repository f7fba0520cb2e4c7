"""What the record tells of reports: what a draft said is for those who may read drafts."""

from __future__ import annotations

from reporting.cabinet.vocabulary import CabinetDeed
from socialvalue.accounts.permissions import allowed
from socialvalue.accounts.vocabulary import Deed
from socialvalue.audit.queries.records import Telling


def tellings() -> list[Telling]:
    return [
        Telling(
            frozenset(CabinetDeed.values),
            values_for=lambda actor: allowed(actor, Deed.READ_REPORT_DRAFTS),
        )
    ]
