"""A policy as it stood on a day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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

    @property
    def label(self) -> str:
        return f"{self.policy_title}, version {self.number}"

    @property
    def bands_label(self) -> str:
        return self.bands_from or self.label
