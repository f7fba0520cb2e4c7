"""Which figures of a year are not told, so that no subtraction reveals a small number. Pure.

What is told of one part (an authority in the months of one membership) is a tree: measures add up to their theme,
themes to the total. Measures with a small number are *few*: neither quantity nor £ is told. Whoever knows the other
figures could subtract, so more is hidden until, in each sum that is still told, other hidden measures could take up any
change of the few between none and five. Then every number from above none to below five stays possible for each.

A region tells a figure only where each of its parts tells it. What it tells is then made of what may be told
anyway, and it reveals nothing more.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.open_data.rules.people import FEWEST


@dataclass(frozen=True, slots=True)
class Leaf:
    """One measure of one part and one basis: what is added up to its theme."""

    theme: Hashable
    quantity: Decimal
    pence: int
    is_small: bool = False
    counts_people: bool = False
    may_cover: bool = True
    """False where its figure is known from elsewhere, so that hiding it here hides nothing."""

    @property
    def most(self) -> Decimal:
        """Pence that would have to be taken up if this small number were five."""
        if not self.pence or not self.quantity:
            return Decimal(0)
        return abs(self.pence * FEWEST / self.quantity) - abs(self.pence)

    @property
    def room(self) -> Decimal:
        """Pence this measure could be lower by, hidden and known not to be small."""
        if self.is_small or not self.may_cover or self.pence <= 0:
            return Decimal(0)
        if not self.counts_people:
            return Decimal(self.pence)
        if self.quantity <= FEWEST:
            return Decimal(0)
        return self.pence - self.pence * FEWEST / self.quantity


Part = Mapping[Hashable, Leaf]
"""The measures of one part by key."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is not told: measures that are few, measures that cover them, themes, and whether the total is."""

    few: frozenset[Hashable] = frozenset()
    covers: frozenset[Hashable] = frozenset()
    themes: frozenset[Hashable] = frozenset()
    total: bool = False

    @property
    def measures(self) -> frozenset[Hashable]:
        return self.few | self.covers

    @property
    def is_nothing(self) -> bool:
        return not (self.few or self.covers or self.themes or self.total)

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(
            self.few | other.few,
            self.covers | other.covers,
            self.themes | other.themes,
            self.total or other.total,
        )


def hidden_of_all(each: Iterable[Hidden]) -> Hidden:
    """What a sum of these may not tell: whatever one of them does not."""
    found = Hidden()
    for hidden in each:
        found |= hidden
    return found


def hidden_of(parts: Sequence[Part]) -> Hidden:
    """What the parts of one authority do not tell. Each is told by itself somewhere, so one answer holds for all."""
    return _Hiding(parts).done()


class _Hiding:
    """Hides until every sum that is told is safe in every part."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.few = {key for part in parts for key, leaf in part.items() if leaf.is_small}
        self.covers: set[Hashable] = set()
        self.themes: set[Hashable] = set()
        self.total = False

    def done(self) -> Hidden:
        for theme in sorted({leaf.theme for leaf in self._few_leaves()}, key=str):
            if not self._covered({theme}):
                self.themes.add(theme)
        while self.themes and not self.total and not self._is_safe(self.themes):
            self._hide_another_theme()
        return Hidden(
            frozenset(self.few), frozenset(self.covers), frozenset(self.themes), self.total
        )

    def _few_leaves(self) -> list[Leaf]:
        return [part[key] for part in self.parts for key in self.few if key in part]

    def _hidden_in(self, part: Part, themes: Iterable[Hashable]) -> list[Leaf]:
        wanted = set(themes)
        keys = self.few | self.covers
        return [leaf for key, leaf in part.items() if key in keys and leaf.theme in wanted]

    def _is_safe(self, themes: Iterable[Hashable]) -> bool:
        """True when in each part the hidden measures of these themes, told as one sum, cover the few among them."""
        for part in self.parts:
            leaves = self._hidden_in(part, themes)
            need = max((leaf.most for leaf in leaves if self._needs_cover(leaf)), default=None)
            if need is None:
                continue
            room = sum((leaf.room for leaf in leaves), Decimal(0))
            if room == 0 or room < need:
                return False
        return True

    @staticmethod
    def _needs_cover(leaf: Leaf) -> bool:
        """A measure that is counted and not valued is in no sum."""
        return leaf.is_small and leaf.pence != 0

    def _covered(self, themes: set[Hashable]) -> bool:
        """Hides the smallest measures that are enough, or, where none is, as many as there are."""
        while not self._is_safe(themes):
            best = self._best_cover(themes)
            if best is None:
                return False
            self.covers.add(best)
        return True

    def _best_cover(self, themes: set[Hashable]) -> Hashable | None:
        """Of the measures that can cover: the least that is enough by itself, else the one with the most room."""
        needs = [
            max((x.most for x in self._hidden_in(p, themes) if self._needs_cover(x)), default=None)
            for p in self.parts
        ]
        rooms: dict[Hashable, list[Decimal]] = {}
        for number, part in enumerate(self.parts):
            for key, leaf in part.items():
                if leaf.theme in themes and key not in self.few | self.covers and leaf.room:
                    rooms.setdefault(key, [Decimal(0)] * len(self.parts))[number] = leaf.room
        rooms = {
            key: found
            for key, found in rooms.items()
            if any(room and need is not None for room, need in zip(found, needs, strict=True))
        }
        if not rooms:
            return None

        def is_enough(found: list[Decimal]) -> bool:
            return all(
                need is None or (room and room >= need)
                for room, need in zip(found, needs, strict=True)
            )

        enough = {key: sum(found) for key, found in rooms.items() if is_enough(found)}
        if enough:
            return min(enough, key=lambda key: (enough[key], str(key)))
        return max(rooms, key=lambda key: (sum(rooms[key]), str(key)))

    def _hide_another_theme(self) -> None:
        """The sum of the hidden themes is told by the total: a measure of one more theme covers, or the total goes."""
        everything = {leaf.theme for part in self.parts for leaf in part.values()}
        best = self._best_cover(everything)
        if best is None:
            self.total = True
            return
        self.covers.add(best)
        self.themes.add(next(part[best].theme for part in self.parts if best in part))
