"""A file of thresholds held against the table: what is read, what would change, what does not fit. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from procurement.policies.rules.lines import OTHER_LINES
from procurement.policies.rules.thresholds import (
    ANY,
    BASIS_WORDS,
    CATEGORY_KEYS,
    REGIME_NAMES,
    UTILITY_TYPES,
    ThresholdRow,
)
from procurement.policies.vocabulary import AuthorityType, LineAction, VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_POUNDS, count_text, parse_decimal, pounds, round_pounds
from socialvalue.core.periods import uk_date

COLUMNS = (
    "regime", "effective_from", "effective_to", "vat_basis", "category", "authority_type",
    "amount_gbp", "source_url", "certainty",
)  # fmt: skip
CATEGORIES = frozenset(CATEGORY_KEYS.values()) | frozenset(OTHER_LINES)
AUTHORITY_TYPES = (
    AuthorityType.CENTRAL.value, AuthorityType.SUB_CENTRAL.value, "other_than_central", *UTILITY_TYPES, ANY,
)  # fmt: skip
MAX_LINES = 2000
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
Key = tuple[str, str, str, date]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of the file as written, and either the row that it says or why it is refused."""

    number: int
    text: Mapping[str, str]
    row: ThresholdRow | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What applying the file does with a line. ``before``: the row as it stands, where there is one."""

    line: FileLine
    action: str
    before: ThresholdRow | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something about the table as it would be. One that is ``serious`` leaves a day with two answers."""

    sentence: str
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything applying a file would do; ``read`` lines are the sum of the four actions."""

    outcomes: list[LineOutcome]
    flaws: list[Flaw] = field(default_factory=list)

    def of(self, action: LineAction) -> list[LineOutcome]:
        return [outcome for outcome in self.outcomes if outcome.action == action]

    @property
    def changes(self) -> list[LineOutcome]:
        return self.of(LineAction.ADDED) + self.of(LineAction.CHANGED)

    @property
    def why_not(self) -> str:
        """Why the file cannot be applied as it is; empty when it can."""
        refused = self.of(LineAction.REFUSED)
        if refused:
            return f"{count_text(len(refused), 'line')} cannot be read. Mend the file and choose it again."
        if any(flaw.serious for flaw in self.flaws):
            return "Two rows would hold on the same day. Mend the file and choose it again."
        if not self.changes:
            return "Every line is in the table already, so there is nothing to apply."
        return ""

    @property
    def fingerprint(self) -> str:
        """The same for the same changes to the same rows: a table that moved meanwhile gives another."""
        seen = [
            (o.action, _facts(o.line.row), _facts(o.before)) for o in self.outcomes if o.line.row
        ]
        return hashlib.sha256(repr(seen).encode()).hexdigest()


def key_of(row: ThresholdRow) -> Key:
    """What makes it the same row: whose line it is, under which law, from which day."""
    return row.regime, row.category, row.authority_type, row.effective_from


def _facts(row: ThresholdRow | None) -> tuple[object, ...] | None:
    """What a row says, whatever its number in the table."""
    if row is None:
        return None
    return (
        *key_of(row), row.vat_basis, str(round_pounds(row.amount)), row.effective_to, row.source, row.certainty,
    )  # fmt: skip


def row_name(row: ThresholdRow) -> str:
    """``PA2023 goods_services sub_central from 1 January 2026``: as the file names it."""
    return f"{row.regime} {row.category} {row.authority_type} from {uk_date(row.effective_from)}"


def read_lines(text: str) -> list[FileLine]:
    """Each line of a CSV file with the columns of the table. RuleBroken (field ``file``) when it is no such file."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
    try:
        names = [(name or "").strip() for name in reader.fieldnames or []]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise RuleBroken(
                f"The file has no column {', '.join(missing)}. Take the current table as a pattern.",
                field="file",
            )
        reader.fieldnames = names
        found = []
        for raw in reader:
            values = {name: str(raw.get(name) or "").strip() for name in COLUMNS}
            if any(values.values()):
                found.append((reader.line_num, values))
    except csv.Error as error:
        raise RuleBroken(f"The file cannot be read as CSV: {error}.", field="file") from error
    if not found:
        raise RuleBroken("The file has no lines below its headings.", field="file")
    if len(found) > MAX_LINES:
        raise RuleBroken(f"The file has more than {MAX_LINES:,} lines.", field="file")
    return read_values(found)


def read_values(lines: Sequence[tuple[int, dict[str, str]]]) -> list[FileLine]:
    """Each line number with its values by column: the row that they say, or why they say none."""
    found = []
    for number, values in lines:
        try:
            found.append(FileLine(number, values, read_row(values)))
        except ValueError as error:
            found.append(FileLine(number, values, None, str(error)))
    return found


def as_values(row: ThresholdRow) -> dict[str, str]:
    """A row as the file writes it; ``read_row`` gives it back."""
    return {
        "regime": row.regime,
        "effective_from": row.effective_from.isoformat(),
        "effective_to": row.effective_to.isoformat() if row.effective_to else "",
        "vat_basis": row.vat_basis,
        "category": row.category,
        "authority_type": row.authority_type,
        "amount_gbp": f"{row.amount:f}".removesuffix(".00"),
        "source_url": row.source,
        "certainty": row.certainty,
    }


def read_row(values: Mapping[str, str]) -> ThresholdRow:
    """ValueError with a sentence that says what to mend."""
    starts = _day(values["effective_from"], "effective_from")
    ends = _day(values["effective_to"], "effective_to") if values["effective_to"] else None
    if ends is not None and ends < starts:
        raise ValueError("It ends before it starts. Check effective_from and effective_to.")
    for name, longest in (("source_url", 500), ("certainty", 100)):
        if not values[name]:
            raise ValueError(
                f"Its {name} is empty. Say where the amount comes from and how sure it is."
            )
        if len(values[name]) > longest:
            raise ValueError(f"Its {name} is longer than {longest} characters. Shorten it.")
    return ThresholdRow(
        id=0,
        regime=_one_of(values["regime"], "regime", REGIME_NAMES),
        category=_one_of(values["category"], "category", sorted(CATEGORIES)),
        authority_type=_one_of(values["authority_type"], "authority_type", AUTHORITY_TYPES),
        vat_basis=_one_of(values["vat_basis"], "vat_basis", VatBasis.values),
        amount=_amount(values["amount_gbp"]),
        effective_from=starts,
        effective_to=ends,
        source=values["source_url"],
        certainty=values["certainty"],
    )


def _one_of(value: str, name: str, known: Iterable[str]) -> str:
    if value not in known:
        raise ValueError(f"Its {name} is “{value}”. Use one of: {', '.join(known)}.")
    return value


def _amount(text: str) -> Decimal:
    try:
        amount = parse_decimal(text)
    except ValueError:
        raise ValueError(f"Its amount_gbp is “{text}”. Write a number, like 207720.") from None
    if not 0 < amount <= MAX_POUNDS:
        raise ValueError(f"Its amount_gbp must be more than £0 and at most {pounds(MAX_POUNDS)}.")
    if amount != round_pounds(amount):
        raise ValueError("Its amount_gbp has parts of a penny. Write at most two places.")
    return round_pounds(amount)


def _day(text: str, name: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
        if EARLIEST <= day <= LATEST:
            return day
        raise ValueError(f"Its {name} is {uk_date(day)}. Check the year.")
    raise ValueError(f"Its {name} is “{text}”. Write a date, like 2028-01-01.")


def plan_for(lines: Sequence[FileLine], table: Sequence[ThresholdRow]) -> Plan:
    """What the file would do to the table. Rows of the table that the file leaves out stay as they are."""
    known = {key_of(row): row for row in table}
    seen: dict[Key, int] = {}
    outcomes = []
    for line in lines:
        if line.row is None:
            outcomes.append(LineOutcome(line, LineAction.REFUSED))
            continue
        key = key_of(line.row)
        if key in seen:
            reason = f"It is the same row as line {seen[key]}. Keep one of them."
            refused = FileLine(line.number, line.text, None, reason)
            outcomes.append(LineOutcome(refused, LineAction.REFUSED))
            continue
        seen[key] = line.number
        outcomes.append(_outcome(line, line.row, known.get(key)))
    changed = {key_of(o.line.row): o.line.row for o in outcomes if o.line.row and _moves(o)}
    return Plan(outcomes, flaws_of({**known, **changed}.values(), changed))


def _moves(outcome: LineOutcome) -> bool:
    return outcome.action in (LineAction.ADDED, LineAction.CHANGED)


def _outcome(line: FileLine, row: ThresholdRow, before: ThresholdRow | None) -> LineOutcome:
    if before is None:
        return LineOutcome(line, LineAction.ADDED)
    if _facts(row) == _facts(before):
        return LineOutcome(line, LineAction.UNCHANGED, before)
    return LineOutcome(replace(line, row=replace(row, id=before.id)), LineAction.CHANGED, before)


def flaws_of(rows: Iterable[ThresholdRow], touched: Iterable[Key]) -> list[Flaw]:
    """Overlaps, gaps and turns of the VAT basis next to a row that the file touches."""
    keys = set(touched)
    lines: dict[tuple[str, str, str], list[ThresholdRow]] = {}
    for row in rows:
        lines.setdefault(key_of(row)[:3], []).append(row)
    found = []
    for line in lines.values():
        ordered = sorted(line, key=lambda row: row.effective_from)
        for earlier, later in pairwise(ordered):
            if keys & {key_of(earlier), key_of(later)}:
                found += _between(earlier, later)
    return found


def _between(earlier: ThresholdRow, later: ThresholdRow) -> list[Flaw]:
    if earlier.effective_to is None or earlier.effective_to >= later.effective_from:
        last = uk_date(later.effective_from - timedelta(days=1))
        return [
            Flaw(
                f"{row_name(earlier)} still holds when {row_name(later)} begins. "
                f"End the earlier row on {last}, in the same file.",
                serious=True,
            )
        ]
    found = []
    first = earlier.effective_to + timedelta(days=1)
    if first < later.effective_from:
        last_day = later.effective_from - timedelta(days=1)
        found.append(
            Flaw(
                f"No row holds from {uk_date(first)} to {uk_date(last_day)} before {row_name(later)}."
            )
        )
    if earlier.vat_basis != later.vat_basis:
        words = BASIS_WORDS[VatBasis(later.vat_basis)], BASIS_WORDS[VatBasis(earlier.vat_basis)]
        found.append(Flaw(f"{row_name(later)} is {words[0]}, the row before it is {words[1]}."))
    return found
