"""A policy as it stood on a day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies.vocabulary import ShareOf


@dataclass(frozen=True, slots=True)
class Band:
    """From a lower edge (inclusive) to the next band's. An edge is an amount or the statutory threshold."""

    id: int
    position: int
    name: str
    lower: Decimal | None
    lower_is_threshold: bool
    upper: Decimal | None
    upper_is_threshold: bool
    route: str
    paragraph: str
    guidance: str


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """A cap or a must-have: at most or at least so many measures, of a theme or of these codes where any are named."""

    id: int
    kind: str
    number: int
    paragraph: str
    theme_slug: str = ""
    codes: tuple[str, ...] = ()
    from_value: Decimal | None = None
    """Holds at or above this estimate, on the policy's VAT basis. None: always."""


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Whose approval a tender needs before it is published."""

    id: int
    role: str
    paragraph: str
    route: str = ""
    """Empty: every route that has a tender."""
    from_value: Decimal | None = None
    """Needed at or above this estimate, on the policy's VAT basis. None: always."""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy version with the bands that apply under it on the day that was asked for."""

    version_id: int
    policy_slug: str
    policy_title: str
    organisation_name: str
    number: int
    valid_from: date
    valid_to: date | None
    review_on: date | None
    source: str
    notes: str
    vat_basis: str
    weighting_min_percent: Decimal
    weighting_max_percent: Decimal
    pass_fail_allowed: bool
    bands: tuple[Band, ...]
    bands_from: str = ""
    """Title and version of the policy that the bands come from, when they are another's."""
    is_default: bool = False
    """True when the authority has no policy of its own in force and follows the regional default."""
    share_of: str = ShareOf.TOTAL
    """What the weighting is a share of."""
    weighting_paragraph: str = ""
    toolkit: tuple[str, ...] = ()
    """For the light-touch route: a question to ask or thing to do each. Its own, or those of the policy it follows."""
    measure_rules: tuple[MeasureRule, ...] = ()
    """Its own only: a policy that is followed by reference lends its bands and its toolkit."""
    approvals: tuple[ApprovalRule, ...] = ()
    """Its own only."""

    @property
    def label(self) -> str:
        return f"{self.policy_title}, version {self.number}"

    @property
    def bands_label(self) -> str:
        return self.bands_from or self.label
