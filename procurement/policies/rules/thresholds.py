"""The lines of law through time, and which one holds on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies.vocabulary import AuthorityType, Category, VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date

PROCUREMENT_ACT_STARTS = date(2025, 2, 24)
"""Procurement Act 2023: procurements that commenced before this day stay under the earlier regulations."""


NEW_REGIME = "PA2023"


OLD_REGIMES = ("CCR2016", "PCR2015", "PCR2006")
"""In this order: the concession regulations speak first where they have a row."""


REGIME_NAMES = {
    "PCR2006": "Public Contracts Regulations 2006",
    "PCR2015": "Public Contracts Regulations 2015",
    "CCR2016": "Concession Contracts Regulations 2016",
    "PA2023": "Procurement Act 2023",
}


CATEGORY_KEYS = {
    Category.GOODS: "goods_services",
    Category.SERVICES: "goods_services",
    Category.WORKS: "works",
    Category.LIGHT_TOUCH: "light_touch",
    Category.CONCESSION: "concession",
}
"""How the table of thresholds names a category."""


UNKNOWN_CATEGORY = "Choose goods, services, works, light-touch services or a concession."


ANY = "any"
"""In the table: whoever buys."""


CATEGORY_WORDS = {
    Category.GOODS: "goods",
    Category.SERVICES: "services",
    Category.WORKS: "works",
    Category.LIGHT_TOUCH: "light-touch services",
    Category.CONCESSION: "concessions",
}


MAIN_SUBJECT_ORDER = (
    Category.SERVICES,
    Category.GOODS,
    Category.LIGHT_TOUCH,
    Category.WORKS,
    Category.CONCESSION,
)
"""Of two parts worth the same the one with the lower line leads. The lines have kept this order since 2014."""


BY_MAIN_SUBJECT = "the usual rule in the field, certainty secondary: take advice when the parts can be bought apart"


UTILITY_TYPES = ("utility_or_defence", "utility")
"""How the table names the lines of utilities, the most special first."""


LINES_OF_UTILITIES = frozenset({"goods_services", "light_touch"})
"""Where the law gives utilities a line of their own; nobody else's is taken for it. Works and concessions share one."""


BASIS_WORDS = {VatBasis.EXCL: "excluding VAT", VatBasis.INCL: "including VAT"}


def basis_words(basis: str) -> str:
    """``including VAT`` or ``excluding VAT``."""
    return BASIS_WORDS[VatBasis(basis)]


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One dated line of law, both days counted. ``effective_to`` None: until further notice."""

    id: int
    regime: str
    category: str
    authority_type: str
    vat_basis: str
    amount: Decimal
    effective_from: date
    effective_to: date | None
    source: str = ""
    certainty: str = ""

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    @property
    def regime_name(self) -> str:
        return REGIME_NAMES.get(self.regime, self.regime)


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A stretch of days on which one row held for councils. ``effective_to`` is cut where a newer law took over."""

    row: ThresholdRow
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class ThresholdHistory:
    """The line of one category through time, newest first."""

    category: str
    label: str
    lines: list[ThresholdLine]

    def on_basis(self, basis: str) -> list[ThresholdLine]:
        """Oldest first, of one VAT basis: amounts with and without VAT are never drawn as one line."""
        return [line for line in reversed(self.lines) if line.row.vat_basis == basis]


def regimes_on(commenced_on: date) -> tuple[str, ...]:
    """The bodies of law that may hold for a procurement that commenced on this day, the most special first."""
    return (NEW_REGIME,) if commenced_on >= PROCUREMENT_ACT_STARTS else OLD_REGIMES


def main_category(parts: Mapping[str, Decimal]) -> str:
    """What a mixed contract counts as: the part worth most; of equal parts the one with the lower threshold.

    All amounts on one VAT basis. RuleBroken (field ``parts``) for no parts, an unknown one, or one worth nothing.
    """
    if not parts:
        raise RuleBroken("Say what the contract is made up of.", field="parts")
    for category, amount in parts.items():
        if category not in CATEGORY_KEYS:
            raise RuleBroken(UNKNOWN_CATEGORY, field="parts")
        if not amount.is_finite() or amount <= 0:
            words = CATEGORY_WORDS[Category(category)]
            raise RuleBroken(f"The part that is {words} must be more than £0.", field="parts")
    most = max(parts.values())
    return next(str(category) for category in MAIN_SUBJECT_ORDER if parts.get(category) == most)


def threshold_for(
    rows: Iterable[ThresholdRow],
    *,
    category: str,
    commenced_on: date,
    authority_type: str = AuthorityType.SUB_CENTRAL,
) -> ThresholdRow:
    """The one row that holds for this category and kind of authority on the day the procurement commenced.

    ``authority_type`` utility: bought for a utility activity. RuleBroken (field ``commenced_on``) when the table has no
    such row: neither a date outside it nor a line of somebody else is ever guessed.
    """
    if category not in CATEGORY_KEYS:
        raise RuleBroken(UNKNOWN_CATEGORY, field="category")
    key = CATEGORY_KEYS[Category(category)]
    wanted_types = authority_types(key, authority_type)
    fitting = [
        row
        for row in rows
        if row.category == key and row.authority_type in wanted_types and row.holds_on(commenced_on)
    ]
    for regime in regimes_on(commenced_on):
        for wanted in wanted_types:
            for row in fitting:
                if row.regime == regime and row.authority_type == wanted:
                    return row
    whose = " for utilities" if authority_type == AuthorityType.UTILITY else ""
    raise RuleBroken(
        f"There is no statutory threshold for {CATEGORY_WORDS[Category(category)]}{whose} on "
        f"{uk_date(commenced_on)} in the table. Check the date on which the procurement commenced.",
        field="commenced_on",
    )


def authority_types(category_key: str, authority_type: str) -> tuple[str, ...]:
    """Whose rows of the table count, the most special first."""
    if authority_type != AuthorityType.UTILITY:
        return (authority_type, ANY)
    return UTILITY_TYPES if category_key in LINES_OF_UTILITIES else (*UTILITY_TYPES, ANY)
