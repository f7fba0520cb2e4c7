"""What of an outcome is additional: would it have happened anyway, elsewhere, or to somebody else?

Source: Additionality Guide, chapter 5 (third edition, English Partnerships 2008; fourth edition, Homes and Communities
Agency 2014)::

    AI = [GI x (1-L) x (1-Dp) x (1-S) x M] - [GI* x (1-L*) x (1-Dp*) x (1-S*) x M*]

gross impact GI, leakage L, displacement Dp, substitution S, multiplier M; starred is the reference case, what would
have happened anyway. Here deadweight is that reference case as a fraction of the gross impact, with the same leakage,
displacement and substitution, and no multiplier is used. So GI* = deadweight x GI, and the difference is

    net = gross x (1-deadweight) x (1-leakage) x (1-displacement) x (1-substitution)

Each factor applies to what the one before it left, none is added to another; as a product the order makes no difference
to the result, and it is shown in the order above. A Guide to Social Return on Investment (Cabinet Office 2009, revised
2012) multiplies deadweight, displacement and drop-off in the same way.

Off unless asked for: in measure sets of the TOMs kind deadweight is inside the value, and taking it off again would
count it twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from toms.valuation.rules.numbers import EXACT, ONE, fraction, percent

LABELS = {
    "deadweight": "Would have happened anyway (deadweight)",
    "leakage": "Benefits people outside the area (leakage)",
    "displacement": "Taken from elsewhere (displacement)",
    "substitution": "Replaces another activity (substitution)",
}
CLAUSES = {
    "deadweight": "that would have happened anyway",
    "leakage": "that benefits people outside the area",
    "displacement": "that is taken from elsewhere",
    "substitution": "that replaces another activity",
}


@dataclass(frozen=True, slots=True)
class Additionality:
    """Fractions from 0 to 1 to take off; None is not asked, 0 is asked and none. ValueError outside the range."""

    deadweight: Decimal | None = None
    leakage: Decimal | None = None
    displacement: Decimal | None = None
    substitution: Decimal | None = None

    def __post_init__(self) -> None:
        for name, _, part in self.parts():
            fraction(name, part)

    def parts(self) -> Iterator[tuple[str, str, Decimal]]:
        """Name, label and fraction of each that was asked for, in the order they are shown."""
        for name, label in LABELS.items():
            part: Decimal | None = getattr(self, name)
            if part is not None:
                yield name, label, part

    @property
    def kept(self) -> Decimal:
        """The fraction that is left after all of them."""
        left = ONE
        for _, _, part in self.parts():
            left = EXACT.multiply(left, EXACT.subtract(ONE, part))
        return left

    @property
    def in_words(self) -> str:
        """``25% that would have happened anyway (deadweight) and 10% …``; empty when nothing is taken off."""
        said = [f"{percent(part)} {CLAUSES[name]} ({name})" for name, _, part in self.parts()]
        return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))

    def replaced(self, used: Additionality) -> list[tuple[str, str]]:
        """Label and percentage of each part of this method for which ``used`` has something else."""
        others = {name: part for name, _, part in used.parts()}
        return [
            (label, percent(part)) for name, label, part in self.parts() if others.get(name) != part
        ]


ALL_ADDITIONAL = Additionality()


def additionality_of(parts: Mapping[str, str]) -> Additionality:
    """From fraction text by name, as an edition keeps it. Nothing to take off is ``ALL_ADDITIONAL`` itself."""
    if not parts:
        return ALL_ADDITIONAL
    return Additionality(**{name: Decimal(text) for name, text in parts.items()})
