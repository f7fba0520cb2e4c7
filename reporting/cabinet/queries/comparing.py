"""Two issues of a report, read beside each other. Nothing is written, and nothing frozen is worked out anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from procurement.ledger import queries as ledger
from procurement.ledger.rules import Stretch
from procurement.ledger.vocabulary import Basis
from reporting.cabinet.models import CabinetReport
from reporting.cabinet.queries.listing import clock_date
from reporting.cabinet.queries.reports import content_for, report_for
from reporting.cabinet.queries.rows import part_of
from reporting.cabinet.rules import comparing
from reporting.cabinet.rules.comparing import Comparison, Known, Moved, Moving, Record, Why
from reporting.cabinet.rules.content import Json, in_this_format
from reporting.cabinet.rules.content.standing import span_of
from reporting.cabinet.vocabulary import ReportStatus
from reporting.figures.queries.positions import measure_facts
from reporting.figures.rules.definitions import FIGURES, Definition, Opens, shown
from reporting.figures.rules.positions import MeasureFacts
from reporting.figures.rules.shapes import Kind
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.money import count_text, pounds, quantity_text
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Table
from toms.frameworks.vocabulary import Aggregation

AT_ONCE = 5_000
SHARE = "A share moves with the figures it is made of: before, {before}; after, {after}."
NOTHING = "–"
NOT_BEFORE = "The earlier issue did not have this figure."
NOT_AFTER = "The later issue does not have this figure."


@dataclass(frozen=True, slots=True)
class Other:
    """Another frozen issue it can be compared with."""

    id: int
    number: int
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ComparePage:
    """A report and the issue it is compared with."""

    id: int
    earlier_id: int
    title: str
    sides: tuple[tuple[str, str], ...]
    others: tuple[Other, ...]
    comparison: Comparison

    @property
    def moved_caption(self) -> str:
        return f"{count_text(len(self.comparison.moved), 'figure')} moved"

    @property
    def unmoved_summary(self) -> str:
        return f"{count_text(len(self.comparison.unmoved), 'figure')} did not move"

    @property
    def alone_summary(self) -> str:
        count = count_text(len(self.comparison.alone), "figure")
        return f"{count} that only one of the two issues has"


def compare_page(
    actor: Actor, report_id: int, other_id: int | None = None, *, counts_only: bool = False
) -> ComparePage:
    """What moved since the issue before, or since another frozen report of the same authority about the same.

    NotVisible for another authority's, RuleBroken where there is nothing to compare with.
    """
    report, earlier = _both(actor, report_id, other_id)
    found = comparison(actor, earlier, report)
    chain = [row for row in _issues_before(report) if row.pk != earlier.pk]
    return ComparePage(
        report.pk,
        earlier.pk,
        report.title,
        (("Before", _said(earlier)), ("After", _said(report))),
        tuple(Other(row.pk, row.issue, row.frozen_at) for row in chain),
        found.counts_only() if counts_only else found,
    )


def compare_table(
    actor: Actor, report_id: int, other_id: int | None = None, *, counts_only: bool = False
) -> Table:
    """The same as a table, one row a figure, for CSV and XLSX."""
    report, earlier = _both(actor, report_id, other_id)
    found = comparison(actor, earlier, report)
    rows = (found.counts_only() if counts_only else found).rows
    return comparing.table(f"{_said(earlier)} and {_said(report)}", rows)


def _both(
    actor: Actor, report_id: int, other_id: int | None
) -> tuple[CabinetReport, CabinetReport]:
    report = report_for(actor, report_id)
    earlier = report_for(actor, other_id) if other_id is not None else report.replaces
    if earlier is None:
        raise NotVisible("There is no earlier issue of this report to compare it with.")
    if earlier.status != ReportStatus.FROZEN or earlier.pk == report.pk:
        raise RuleBroken("A report is compared with another one that is frozen.")
    if _about(earlier) != _about(report):
        raise RuleBroken("Only reports about the same period and the same figures are compared.")
    return report, earlier


def _about(report: CabinetReport) -> tuple[object, ...]:
    return report.financial_year, report.quarter, report.directorate, report.region_id


def _issues_before(report: CabinetReport) -> Iterable[CabinetReport]:
    found = report.replaces
    while found is not None:
        yield found
        found = found.replaces


def _said(report: CabinetReport) -> str:
    if report.frozen_at is None:
        return f"Issue {report.issue}, a draft, with its figures as they are now"
    return f"Issue {report.issue}, frozen {uk_date(clock_date(report.frozen_at))}"


# --- the figures ------------------------------------------------------------------------------


def comparison(actor: Actor, earlier: CabinetReport, later: CabinetReport) -> Comparison:
    """Every figure of both. The caller has shown that the actor may read them."""
    before = in_this_format(content_for(actor, earlier))
    after = in_this_format(content_for(actor, later))
    moving = _Moving(earlier, before, after)
    was = {row["name"]: row for row in before["figures"]}
    names = [row["name"] for row in after["figures"]]
    now = {row["name"]: row for row in after["figures"]}
    gone = [name for name in was if name not in now]
    return Comparison(
        tuple(
            _moved(was.get(name), now.get(name), moving, before, after) for name in [*names, *gone]
        )
    )


def _moved(was: Json | None, now: Json | None, moving: _Moving, before: Json, after: Json) -> Moved:
    row = now or was
    assert row is not None  # noqa: S101  # the name came from one of the two
    old, new = _value(was), _value(now)
    movement = comparing.movement_of(old, new) if was and now else None
    definition = FIGURES.get(row["name"])
    found = Moved(
        name=row["name"],
        label=row["label"],
        unit=row["unit"],
        is_money=row["is_money"],
        before=_start(was["shown"]) if was else NOTHING,
        after=_start(now["shown"]) if now else NOTHING,
        movement=movement,
        shown=_signed(row, movement),
        before_value=old,
        after_value=new,
        note="" if was and now else (NOT_AFTER if was else NOT_BEFORE),
        is_in_both=bool(was and now),
    )
    if not (was and now) or definition is None:
        return found
    return _explained(found, definition, was, now, moving, before, after)


def _explained(
    row: Moved,
    definition: Definition,
    was: Json,
    now: Json,
    moving: _Moving,
    before: Json,
    after: Json,
) -> Moved:
    if definition.opens != Opens.ENTRIES:
        if not (before["counted"] and after["counted"]):
            # A region, or a report of the first format: no records were kept.
            return row
        came, left, changed = comparing.records_moved(
            _records(before, row.name), _records(after, row.name)
        )
        return replace(row, came=came, left=left, changed=changed)
    if definition.kind == Kind.PERCENT:
        note = SHARE.format(before=was["beside"], after=now["beside"]) if row.movement else ""
        return replace(row, note=note)
    if row.movement is None:
        return row
    parts = moving.parts(definition, row.movement)
    return replace(
        row, parts=tuple(replace(part, shown=signed(row.name, part.amount)) for part in parts)
    )


def _value(row: Json | None) -> Decimal | None:
    return None if row is None or row["value"] is None else Decimal(row["value"])


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _signed(row: Json, movement: Decimal | None) -> str:
    if movement is None:
        return NOTHING
    return signed(row["name"], movement)


def signed(name: str, amount: Decimal) -> str:
    """An amount of a figure with its sign, as it is read."""
    definition = FIGURES.get(name)
    if not amount:
        return "0"
    text = shown(definition, abs(amount)) if definition else f"{abs(amount):f}"
    if definition is not None and definition.kind == Kind.PERCENT:
        text = f"{text.removesuffix('%')} points"
    return f"{'+' if amount > 0 else '−'}{text}"


def _records(content: Json, name: str) -> dict[int, Record]:
    """By key, the records that a counted figure counts, as they were kept. Of one that has several rows the numbers
    stand beside each other."""
    found: dict[int, Record] = {}
    sheet = next((one for one in content["counted"] if name in one["figures"]), None)
    if sheet is None:
        return found
    part, columns = part_of(name), sheet["table"]["columns"]
    for key, row in zip(sheet["ids"], sheet["table"]["rows"], strict=True):
        number = "" if part is None else _number(row[part], columns[part]["kind"])
        if part is not None and row[part] is not None and not Decimal(row[part]):
            continue
        before = f"{found[key].number}, " if key in found else ""
        found[key] = Record(str(row[0]), f"{before}{number}")
    return found


def _number(text: str | None, kind: str) -> str:
    if text is None:
        return ""
    return pounds(Decimal(text)) if kind == "money" else quantity_text(Decimal(text))


# --- the entries between ----------------------------------------------------------------------


class _Moving:
    """The entries that one of two contents counts and the other does not, read once."""

    def __init__(self, earlier: CabinetReport, before: Json, after: Json) -> None:
        old, new = _entry_ids(earlier, before), _entry_ids(earlier, after)
        self.came = list(_entries(new - old))
        self.left = list(_entries(old - new))
        self.why = comparing.reasons(self.came, _known(before, self.came, old))
        ids = {entry.measure_id for entry in (*self.came, *self.left)}
        # Their titles are not told here, so nobody reads them.
        self.measures: dict[int, MeasureFacts] = measure_facts(ids, None) if ids else {}

    def parts(self, definition: Definition, movement: Decimal) -> tuple[comparing.Part, ...]:
        def counts(entry: Moving) -> bool:
            if entry.basis != definition.basis:
                return False
            return definition.measures is None or definition.measures(
                self.measures[entry.measure_id]
            )

        amount: Callable[[Moving], Decimal] = (
            comparing.pounds_of if definition.kind == Kind.MONEY else comparing.quantity_of
        )
        came = [entry for entry in self.came if counts(entry)]
        left = [entry for entry in self.left if counts(entry)]
        has_latest = definition.kind == Kind.QUANTITY and any(
            self.measures[entry.measure_id].aggregation == Aggregation.LAST
            for entry in (*came, *left)
        )
        rest = Why.LATEST if has_latest else Why.UNEXPLAINED
        return comparing.parts_of(movement, came, left, self.why, amount, rest=rest)


def _entry_ids(report: CabinetReport, content: Json) -> frozenset[int]:
    """The entries a content counts: those it names, or, of the first format, those of its authority and year up to
    its place in the ledger."""
    kept = content["entries"]
    if kept is not None:
        return frozenset(int(row[0]) for row in kept["rows"])
    span = span_of(content)
    stretch = Stretch((report.authority_id,), span.first, span.last)
    rows = ledger.visible_entries(SYSTEM).filter(
        ledger.within([stretch]), pk__lte=content["ledger_position"]
    )
    return frozenset(rows.order_by().values_list("pk", flat=True))


def _entries(ids: frozenset[int]) -> Iterable[Moving]:
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        for row in ledger.entries_by_ids(listed[start : start + AT_ONCE]):
            yield Moving(
                row.pk,
                row.basis,
                row.measure_id,
                row.commitment_id,
                row.claim_id,
                row.edition_id,
                row.corrects_id,
                row.quantity,
                row.value_pence,
            )


def _known(before: Json, came: list[Moving], old: frozenset[int]) -> Known:
    """What had been posted for the commitments of the new entries up to the earlier issue's place in the ledger."""
    wanted = {entry.commitment_id for entry in came if entry.basis == Basis.COMMITTED}
    posted = ledger.visible_entries(SYSTEM).filter(pk__lte=before["ledger_position"]).order_by()
    commitments = posted.filter(commitment_id__in=wanted, basis=Basis.COMMITTED)
    editions: set[int] = set()
    listed = sorted(old)
    for start in range(0, len(listed), AT_ONCE):
        rows = posted.filter(pk__in=listed[start : start + AT_ONCE])
        editions |= set(rows.values_list("edition_id", flat=True).distinct())
    return Known(
        frozenset(commitments.values_list("commitment_id", flat=True).distinct()),
        frozenset(editions),
    )
