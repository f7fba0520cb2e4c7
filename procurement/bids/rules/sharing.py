"""What is wrong with the parts of a line that partners and sub-contractors deliver. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procurement.bids.rules.offers import (
    MAX_PART_NAME,
    MAX_PARTS,
    Asked,
    LineInput,
    PartInput,
    Wrong,
    in_order,
    part_name,
    quantity_name,
)
from procurement.bids.vocabulary import PartKind
from socialvalue.core.money import MAX_QUANTITY, measured, quantity_text


def kept_parts(line: LineInput) -> tuple[PartInput, ...]:
    """The parts that say anything, in the order they are kept in, which is the order their boxes are named in."""
    return in_order(part for part in line.parts if not part.is_blank)


def wrong_with_parts(asked: Asked, line: LineInput) -> list[Wrong]:
    """What no draft may hold either: too many parts, parts of what cannot be shared, a quantity below 0."""
    parts = kept_parts(line)
    if parts and not asked.takes_parts:
        name = quantity_name(asked.requirement_id)
        said = f"{asked.label} cannot be shared out. Remove its partners and sub-contractors"
        return [Wrong(name, said)]
    if len(parts) > MAX_PARTS:
        box = part_name(asked.requirement_id, MAX_PARTS, "name")
        said = f"Name at most {MAX_PARTS} partners and sub-contractors of {asked.label}, and remove the rest"
        return [Wrong(box, said)]
    return [
        Wrong(part_name(asked.requirement_id, number, box), said)
        for number, part in enumerate(parts)
        for box, said in _out_of_range(asked, part)
    ]


def _out_of_range(asked: Asked, part: PartInput) -> Iterator[tuple[str, str]]:
    if part.kind not in PartKind.values:
        yield "kind", f"Say whether {_who(asked, part)} is a consortium partner or a sub-contractor"
    if len(part.name) > MAX_PART_NAME:
        yield "name", f"A name beside {asked.label} must be {MAX_PART_NAME} characters or fewer"
    if part.quantity is not None and not 0 <= part.quantity <= MAX_QUANTITY:
        yield (
            "quantity",
            f"The part of {_who(asked, part)} must be 0 or more and at most {quantity_text(MAX_QUANTITY)}",
        )


def wrong_with_sharing(asked: Asked, line: LineInput) -> list[Wrong]:
    """What stands between the parts of a line and its submission, beyond ``wrong_with_parts``."""
    found: list[Wrong] = []
    seen: set[str] = set()
    parts = kept_parts(line)
    for number, part in enumerate(parts):
        for box, said in _incomplete(asked, part, seen):
            found.append(Wrong(part_name(asked.requirement_id, number, box), said))
        seen.add(part.name.casefold())
    shared = sum((part.quantity or Decimal(0) for part in parts), Decimal(0))
    if parts and not line.is_offered:
        said = f"Enter how much of {asked.label} you offer in all, or remove its partners and sub-contractors"
        found.append(Wrong(quantity_name(asked.requirement_id), said))
    elif line.quantity is not None and shared > line.quantity:
        shares, whole = measured(shared, asked.unit), measured(line.quantity, asked.unit)
        said = (
            f"Partners and sub-contractors deliver {shares} of {asked.label}, and you offer {whole} in all. "
            f"Take {measured(shared - line.quantity, asked.unit)} away from them, or offer more"
        )
        found.append(Wrong(part_name(asked.requirement_id, 0, "quantity"), said))
    return found


def _incomplete(asked: Asked, part: PartInput, seen: set[str]) -> Iterator[tuple[str, str]]:
    if not part.name:
        yield "name", f"Enter the name of who delivers part of {asked.label}, or remove that row"
    elif part.name.casefold() in seen:
        yield (
            "name",
            f"{part.name} stands beside {asked.label} twice. Make it one row with the whole quantity",
        )
    if part.quantity is None or part.quantity == 0:
        yield (
            "quantity",
            f"Enter how much of {asked.label} {part.name or 'this part'} delivers, more than 0, or remove that row",
        )


def _who(asked: Asked, part: PartInput) -> str:
    return f"“{part.name}” beside {asked.label}" if part.name else f"a row beside {asked.label}"
