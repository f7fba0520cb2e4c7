"""The door to the figures: one reading of a scope, and every figure asked of it by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from procurement.ledger.vocabulary import Basis
from reporting.figures.queries.counting import Counted
from reporting.figures.queries.positions import positions
from reporting.figures.queries.scopes import Scope
from reporting.figures.rules.definitions import FIGURES, Definition, Figure, Opens, measured
from reporting.figures.rules.positions import Position
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.proofs import BegunProcurement
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups
from reporting.rollups.queries import Freshness
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.addresses import address
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read of one scope at one moment."""

    scope: Scope
    now: Position
    earlier: Position
    outside: Position
    as_at: datetime | None
    pending: int
    version: int
    counted: Counted | None = None
    """None where nothing is counted from records: in a region."""
    actor: Actor | None = None
    """Who reads; None where nobody has to be named."""

    @property
    def contracts(self) -> tuple[ContractProgress, ...]:
        """The contracts of the period, worst first."""
        return self.counted.contracts if self.counted is not None else ()

    @property
    def has_procurements(self) -> bool:
        """Whether procurements are counted: in no region, and for no past date."""
        return self.counted is not None and self.scope.at is None

    @property
    def begun(self) -> tuple[BegunProcurement, ...]:
        return self.counted.begun if self.counted is not None and self.has_procurements else ()

    def figure(self, name: str) -> Figure:
        """A figure by name. NotVisible when there is none, or when it is not one of a region."""
        return self._measured(name, self.now, self.scope)

    def earlier_figure(self, name: str) -> Figure:
        """The same figure for the same period one year before. Counts are of the present period only."""
        return self._measured(name, self.earlier, self.scope.of(self.scope.span.earlier()))

    def figures(self, *, money: bool = True) -> list[Figure]:
        """Every figure this scope has, in the order of the glossary; ``money`` False leaves £ out."""
        names = [d.name for d in FIGURES.values() if self._has(d) and (money or not d.is_money)]
        return [self.figure(name) for name in names]

    def has(self, name: str) -> bool:
        """Whether this scope has the figure: a region has no counts of its members' records, and of records only
        contracts are known as they stood on a past date."""
        return name in FIGURES and self._has(FIGURES[name])

    def _has(self, definition: Definition) -> bool:
        if self.scope.at is not None and definition.opens not in (Opens.ENTRIES, Opens.CONTRACTS):
            return False
        return self.scope.region_id is None or definition.for_region

    def _measured(self, name: str, position: Position, scope: Scope) -> Figure:
        definition = FIGURES.get(name)
        if definition is None or not self._has(definition):
            raise NotVisible(f"There is no figure called {name!r} here.")
        return measured(definition, position, opens_url(definition, scope, self.now))


def read(actor: Actor, scope: Scope, fresh: Freshness | None = None) -> Reading:
    """One reading, in a number of queries that does not grow with the rows.

    The scope was made for this actor by ``council_scope`` or ``region_scope``. ``fresh``, if it was read already, is
    not read again.
    """
    fresh = fresh or rollups.freshness()
    if scope.at is not None:
        fresh = replace(fresh, as_at=clock.end_of(scope.at), pending=0)
    found = positions(scope)
    is_own = scope.region_id is None
    counted = Counted(actor, scope.span, scope.directorate, scope.at) if is_own else None
    return Reading(
        scope,
        found.now if counted is None else replace(found.now, counts=counted),
        found.earlier,
        found.outside,
        fresh.as_at,
        fresh.pending,
        fresh.version,
        counted,
        actor,
    )


def figure(name: str, *, actor: Actor, scope: Scope) -> Figure:
    """One figure by name."""
    return read(actor, scope).figure(name)


def entries_url(
    scope: Scope,
    *,
    basis: str = "",
    theme_ids: Iterable[int] = (),
    measure_ids: Iterable[int] = (),
    authority_id: int | None = None,
) -> str:
    """The ledger rows under a figure, which add up to it."""
    return entries_urls(
        scope,
        (basis,),
        theme_ids=theme_ids,
        measure_ids=measure_ids,
        authority_id=authority_id,
    )[0]


def entries_urls(
    scope: Scope,
    bases: Iterable[str] = tuple(Basis.values),
    *,
    theme_ids: Iterable[int] = (),
    measure_ids: Iterable[int] = (),
    authority_id: int | None = None,
) -> list[str]:
    """The ledger rows under the same figure on each basis.

    A page has hundreds of them: numbers and days need no quoting, and what they share is written once.
    """
    asks = [
        _of_authorities(scope.authority_ids if authority_id is None else (authority_id,)),
        _of("theme", theme_ids),
        _of("measure", measure_ids),
        urlencode({"directorate": scope.directorate}) if scope.directorate else "",
        _in_time(scope.span, scope.at),
    ]
    page, rest = address("procurement:ledger:entries"), "&".join(filter(None, asks))
    return [f"{page}?basis={basis}&{rest}" if basis else f"{page}?{rest}" for basis in bases]


def _of(name: str, keys: Iterable[int]) -> str:
    """All of them in one, with commas between: a region's page has hundreds of addresses that name each member."""
    joined = ",".join(map(str, keys))
    return f"{name}={joined}" if joined else ""


@lru_cache(maxsize=64)
def _of_authorities(keys: tuple[int, ...]) -> str:
    return _of("authority", keys)


@lru_cache(maxsize=64)
def _in_time(span: Span, at: date | None) -> str:
    asked = f"from={span.first.isoformat()}&to={span.last.isoformat()}"
    return asked if at is None else f"{asked}&at={at.isoformat()}"


def proof_url(
    name: str, span: Span, *, route: str = "", directorate: str = "", at: date | None = None
) -> str:
    """The contracts, procurements or other records under a counted figure; ``route``, ``directorate`` and ``at`` as
    ``proof`` takes them."""
    asked = {"year": span.year.slug} | ({"quarter": str(span.quarter)} if span.quarter else {})
    asked |= {"route": route} if route else {}
    asked |= {"directorate": directorate} if directorate else {}
    asked |= {"at": at.isoformat()} if at else {}
    return f"{reverse('reporting:figures:proof', args=[name])}?{urlencode(asked)}"


def opens_url(definition: Definition, scope: Scope, position: Position) -> str:
    """Where the rows under a figure are listed."""
    if definition.opens != Opens.ENTRIES:
        return proof_url(definition.name, scope.span, directorate=scope.directorate, at=scope.at)
    wanted = definition.measures
    ids = sorted(m.id for m in position.measures.values() if wanted(m)) if wanted else []
    if wanted and not ids:
        return ""
    return entries_url(scope, basis=definition.basis, measure_ids=ids)
