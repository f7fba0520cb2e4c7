"""The ten usual questions of a Freedom of Information request, answered from a frozen report. Pure.

What may prejudice somebody's commercial interests (section 43 of the Freedom of Information Act 2000) is left out
unless whoever answers ticks it; an answer says what was left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.cabinet.rules.content.jsons import Json
from reporting.cabinet.rules.content.standing import period_of
from reporting.cabinet.rules.content.viewing import pieces, shown_as
from reporting.cabinet.rules.content.views import Text
from socialvalue.core.money import percent_text, quantity_text
from socialvalue.core.tables import Table, Value

NOT_FROZEN = (
    "Answers to requests for information are given from a frozen report, so that they can be shown again. "
    "Freeze the report first."
)
NOT_WHOLE = (
    "This report is about one directorate or a region. Answers to requests for information are about the whole "
    "authority: open a frozen annual or Cabinet report."
)
TOO_OLD = (
    "This report was frozen before the service kept the facts for requests for information. Answer from a report that "
    "was frozen later."
)


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Something that is left out unless it is ticked."""

    name: str
    label: str
    hint: str


SENSITIVE: dict[str, Sensitive] = {
    row.name: row
    for row in (
        Sensitive(
            "prices",
            "The value of each contract",
            "What the authority pays one supplier. Totals of all contracts are always there.",
        ),
        Sensitive(
            "promises",
            "The social value promised in each contract",
            "What one supplier offered to win. It may be part of how it competes.",
        ),
        Sensitive(
            "delivered",
            "The social value verified under each contract",
            "How one supplier performs.",
        ),
        Sensitive(
            "shortfalls",
            "The contracts with shortfalls, by name",
            "Which suppliers did not deliver, and what they do about it. The number of them is always there.",
        ),
        Sensitive(
            "costs",
            "Each recorded cost of overseeing",
            "What was done in each month, with its hours. The total is always there.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer. ``facts`` are the same in figures, for the file of answers."""

    number: int
    question: str
    says: tuple[Text, ...]
    """Paragraphs; a figure in them has the address of its rows."""
    table: Table | None = None
    facts: tuple[tuple[str, str, bool], ...] = ()
    """What, its figure, and whether it is made of pounds of social value."""
    left_out: tuple[str, ...] = ()
    """The names in ``SENSITIVE`` of what is not in this answer."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The same as plain words."""
        return tuple("".join(piece.text for piece in text) for text in self.says)

    @property
    def left_out_sentence(self) -> str:
        if not self.left_out:
            return ""
        labels = "; ".join(_small(SENSITIVE[name].label) for name in self.left_out)
        return f"Left out because it may be commercially sensitive: {labels}."


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


@dataclass(frozen=True)
class Asked:
    content: Json
    ticks: frozenset[str]
    counts_only: bool

    @property
    def facts(self) -> Json:
        found: Json = self.content["foi"]
        return found

    @property
    def figures(self) -> Mapping[str, Json]:
        return {row["name"]: row for row in self.content["figures"]}

    @property
    def period(self) -> str:
        return period_of(self.content)

    def shown(self, name: str) -> str:
        """A figure of the report, as it is read."""
        return shown_as(self.figures[name], counts_only=self.counts_only)

    def texts(self, says: Iterable[str]) -> tuple[Text, ...]:
        """Paragraphs with the figures named in them."""
        return tuple(
            pieces(text, self.figures, counts_only=self.counts_only, opens=True) for text in says
        )

    def plural(self, name: str, one: str, many: str = "") -> str:
        """A count named in running text, with its noun: ``{contracts_live} contracts``."""
        noun = one if self.value(name) == 1 else many or f"{one}s"
        return f"{{{name}}} {noun}"

    def value(self, name: str) -> Decimal | None:
        text = self.figures[name]["value"]
        return None if text is None else Decimal(text)

    def fact(self, name: str) -> tuple[str, str, bool]:
        row = self.figures[name]
        return row["label"], self.shown(name), row["is_money"]

    def missing(self, *names: str) -> tuple[str, ...]:
        """Those that are not ticked."""
        return tuple(name for name in names if name not in self.ticks)


def share_of(part: Decimal | int, whole: Decimal | int) -> str:
    """``38.0%``; empty of nothing."""
    return percent_text(Decimal(part) * 100 / Decimal(whole), 1) if whole else ""


def or_none(rows: Sequence[Sequence[Value]], table: Table) -> Table | None:
    return table if rows else None


def percent_of(text: str) -> str:
    return f"{quantity_text(Decimal(text))}%"
