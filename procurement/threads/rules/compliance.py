"""Was the route followed? Read off the facts of one procurement; comply, or explain in the open. Pure.

A procurement is judged when it is due: a light-touch note when the contract was to start, a tender when it is out.
What was not run here (an imported notice without a tender) is not known, and is never counted as followed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from procurement.policies.vocabulary import Route
from procurement.procurements.vocabulary import ProcurementSource, ProcurementStatus
from procurement.tenders.vocabulary import TenderStatus
from procurement.threads.vocabulary import Followed
from socialvalue.core.periods import uk_date

ASKS_MORE = {Route.LIGHT_TOUCH: 0, Route.TOMS_ADVISED: 1, Route.TOMS_MANDATORY: 2}
JUDGED = (Followed.FOLLOWED, Followed.EXPLAINED, Followed.NOT_FOLLOWED)
COMPLYING = (Followed.FOLLOWED, Followed.EXPLAINED)
_OVER = (ProcurementStatus.AWARDED, ProcurementStatus.COMPLETE)

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class ComplianceFacts:
    """What the rooms say about one procurement. Routes are empty where none was decided."""

    status: str
    source: str
    route: str
    """By the latest decision before any award."""
    award_route: str = ""
    overridden_from: str = ""
    """What the rule said, where an approved override stands."""
    override_reason: str = ""
    starts_on: date | None = None
    has_note: bool = False
    tender_status: str = ""
    measures: int = 0
    has_weighting: bool = False
    """Weighted or pass/fail."""
    no_measures_reason: str = ""
    needs_consideration: bool = False
    has_consideration: bool = False
    told: tuple[str, ...] = ()
    """Reasons recorded afterwards."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """What was not done, and the reason given for it at the time, if one was."""

    what: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    followed: Followed
    deviations: tuple[Deviation, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """What was not done, in words; empty when all was."""
        return [deviation.what for deviation in self.deviations]

    @property
    def reasons(self) -> list[str]:
        return [*(row.reason for row in self.deviations if row.reason), *self.told]


def verdict_of(facts: ComplianceFacts, today: date) -> Verdict:
    """Whether the route was followed, by what is recorded up to ``today``."""
    if facts.source == ProcurementSource.NOTICE and not facts.tender_status and not facts.has_note:
        return Verdict(Followed.NOT_KNOWN)
    deviations = tuple(_deviations(facts, today))
    if not deviations:
        return Verdict(Followed.FOLLOWED if _is_due(facts) else Followed.NOT_DUE)
    is_explained = bool(facts.told) or all(row.reason for row in deviations)
    return Verdict(
        Followed.EXPLAINED if is_explained else Followed.NOT_FOLLOWED, deviations, facts.told
    )


def _is_out(facts: ComplianceFacts) -> bool:
    return facts.tender_status not in ("", TenderStatus.DRAFT)


def _is_due(facts: ComplianceFacts) -> bool:
    return facts.has_note or _is_out(facts) or facts.status in _OVER


def _deviations(facts: ComplianceFacts, today: date) -> Iterable[Deviation]:
    if facts.overridden_from and _is_due(facts):
        label = Route(facts.overridden_from).label
        yield Deviation(f"The rule's route, {label}, was overridden.", facts.override_reason)
    if _is_out(facts):
        yield from _of_a_tender(facts)
    elif not facts.has_note:
        yield from _of_nothing(facts, today)
    elif facts.route and facts.route != Route.LIGHT_TOUCH:
        yield Deviation(
            f"It was finished with a light-touch note; the route is {Route(facts.route).label}."
        )
    elif _award_asks_more(facts):
        yield Deviation(
            f"The chosen quotation crossed into {Route(facts.award_route).label}; "
            "it was finished with a light-touch note."
        )


def _of_nothing(facts: ComplianceFacts, today: date) -> Iterable[Deviation]:
    wanted = "light-touch note" if facts.route == Route.LIGHT_TOUCH else "tender"
    if facts.status in _OVER:
        yield Deviation(f"It was awarded without a {wanted}.")
    elif facts.starts_on is not None and facts.starts_on <= today:
        yield Deviation(
            f"The contract was to start on {uk_date(facts.starts_on)} and there is no {wanted} yet."
        )


def _of_a_tender(facts: ComplianceFacts) -> Iterable[Deviation]:
    if facts.route == Route.TOMS_ADVISED and not facts.measures:
        yield Deviation("No measures were asked for.", facts.no_measures_reason)
    if facts.route == Route.TOMS_MANDATORY:
        yield from _short_of_mandatory(facts)
    if facts.needs_consideration and not facts.has_consideration:
        yield Deviation("No consideration under the Social Value Act was recorded.")
    if _award_asks_more(facts):
        short = list(_short_of_mandatory(facts))
        if facts.award_route == Route.TOMS_ADVISED:
            short = short if not facts.measures else []
        for row in short:
            yield Deviation(f"The award crossed into {Route(facts.award_route).label}. {row.what}")


def _short_of_mandatory(facts: ComplianceFacts) -> Iterable[Deviation]:
    if not facts.measures:
        yield Deviation("No measures were in the tender.")
    if not facts.has_weighting:
        yield Deviation("No weighting or pass/fail was set.")


def _award_asks_more(facts: ComplianceFacts) -> bool:
    if not facts.award_route or not facts.route:
        return False
    return ASKS_MORE[Route(facts.award_route)] > ASKS_MORE[Route(facts.route)]


# --- shares -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """How many followed their route, of how many that can be judged."""

    counts: dict[Followed, int]

    @property
    def judged(self) -> int:
        return sum(self.counts.get(key, 0) for key in JUDGED)

    @property
    def complying(self) -> int:
        """Followed, or departed from with a recorded reason."""
        return sum(self.counts.get(key, 0) for key in COMPLYING)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def percent(self) -> Decimal | None:
        """To the whole percent, half up. None when nothing can be judged: that is not 0%."""
        if not self.judged:
            return None
        exact = Decimal(100 * self.complying) / self.judged
        return exact.quantize(Decimal(1), ROUND_HALF_UP)

    def of(self, followed: Followed) -> int:
        return self.counts.get(followed, 0)


def shares(verdicts: Iterable[tuple[Group, Followed]]) -> dict[Group, Share]:
    """The share of each group, in the order in which the groups first appear."""
    counted: dict[Group, dict[Followed, int]] = {}
    for group, followed in verdicts:
        counts = counted.setdefault(group, {})
        counts[followed] = counts.get(followed, 0) + 1
    return {group: Share(counts) for group, counts in counted.items()}
