"""What every chart is made of: the frame with its words, patterns, legend, and the table below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from socialvalue.core.charts.scale import full_label
from socialvalue.core.tables import Column, Kind, Table

FONT = "'Source Sans 3', 'Segoe UI', Arial, sans-serif"
INK = "#14211f"
MUTED = "#47544f"
GRID = "#d5ddda"
LIGHT = "#a6cac4"
BRAND = "#00524e"

# Looks in the order series take them: each differs by more than its colour.
LOOKS: dict[int, tuple[str, ...]] = {
    1: ("solid",),
    2: ("light", "solid"),
    3: ("light", "hatch", "solid"),
    4: ("light", "hatch", "dots", "solid"),
}


@dataclass(frozen=True)
class Series:
    """One kind of figure over all categories; ``None`` is never nought."""

    name: str
    values: Sequence[Decimal | None]
    absent: str = "not reported"
    """What None means, in two words of which the first is "not"."""

    @property
    def absent_short(self) -> str:
        """``n/r``"""
        return f"n/{self.absent.split()[-1][0]}"


@dataclass(frozen=True)
class Chart:
    """A drawing for wide screens and paper, one for narrow screens, and the figures as a table."""

    title: str
    svg: SafeString
    narrow_svg: SafeString
    table: Table
    note: str = ""
    is_empty: bool = False


def looks_for(count: int) -> tuple[str, ...]:
    if count not in LOOKS:
        raise ValueError(f"A chart shows 1 to {max(LOOKS)} series, not {count}")
    return LOOKS[count]


def joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def frame(
    parts: Iterable[SafeString],
    *,
    uid: str,
    width: int,
    height: Decimal | int,
    title: str,
    description: str,
    role: str = "img",
) -> SafeString:
    """The root element: named, described, with its own font and no inherited style."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="sv-svg" role="{role}" aria-labelledby="{uid}-title" '
        'aria-describedby="{uid}-desc" viewBox="0 0 {width} {height}" '
        'width="{width}" height="{height}" font-family="{font}">'
        '<title id="{uid}-title">{title}</title><desc id="{uid}-desc">{description}</desc>'
        "{patterns}{parts}</svg>",
        role=role,
        uid=uid,
        width=width,
        height=height,
        font=FONT,
        title=title,
        description=description,
        patterns=patterns(uid),
        parts=joined(parts),
    )


def patterns(uid: str) -> SafeString:
    """Hatching and dots, under ids of this drawing alone."""
    return format_html(
        '<defs><pattern id="{0}-hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="#fff"/><path class="sv-mark-line" d="M-1.5 1.5l3-3M0 6l6-6M4.5 7.5l3-3" '
        'stroke="{1}" stroke-width="1.6"/></pattern>'
        '<pattern id="{0}-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="#fff"/>'
        '<circle class="sv-mark-solid" cx="3" cy="3" r="1.5" fill="{1}"/></pattern></defs>',
        uid,
        BRAND,
    )


def block(
    x: Decimal | int,
    y: Decimal | int,
    width: Decimal | int,
    height: Decimal | int,
    *,
    look: str,
    uid: str,
    words: str = "",
) -> SafeString:
    """A bar or a legend key in one of the looks; ``words`` is what a pointer shows."""
    fill = {"solid": BRAND, "light": LIGHT}.get(look, f"url(#{uid}-{look})")
    return format_html(
        '<rect class="sv-mark-{}" x="{}" y="{}" width="{}" height="{}" '
        'fill="{}" stroke="{}" stroke-width="1.2">{}</rect>',
        look,
        x,
        y,
        width,
        height,
        fill,
        BRAND,
        format_html("<title>{}</title>", words) if words else "",
    )


def line(
    x1: Decimal | int, y1: Decimal | int, x2: Decimal | int, y2: Decimal | int, colour: str = GRID
) -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1"/>',
        x1,
        y1,
        x2,
        y2,
        colour,
    )


def words(
    text: str,
    x: Decimal | int,
    y: Decimal | int,
    *,
    anchor: str = "start",
    size: int = 14,
    colour: str = INK,
    bold: bool = False,
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}"{}>{}</text>',
        x,
        y,
        anchor,
        size,
        colour,
        SafeString(' font-weight="700"') if bold else "",
        text,
    )


def wrapped(text: str, longest: int, most: int = 3) -> list[str]:
    """Words in lines of at most ``longest`` letters; what does not fit ``most`` lines ends in an ellipsis."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= longest or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"{lines[most - 1]}…"]


def legend(
    names: Sequence[str], looks: Sequence[str], *, uid: str, x: int, y: int, width: int
) -> tuple[SafeString, int]:
    """Keys with their names, wrapped to the width; and how high they are."""
    parts, left, row = [], x, 0
    for name, look in zip(names, looks, strict=True):
        need = 26 + 8 * len(name) + 22
        if left > x and left + need > x + width:
            left, row = x, row + 1
        top = y + row * 24
        parts.append(block(left, top, 15, 15, look=look, uid=uid))
        parts.append(words(name, left + 22, top + 13))
        left += need
    return joined(parts), (row + 1) * 24


def kind_of(unit: str) -> Kind:
    return {"£": "money", "%": "percent"}.get(unit, "number")  # type: ignore[return-value]


def with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def table_of(
    *,
    caption: str,
    heading: str,
    categories: Sequence[str],
    series: Sequence[Series],
    unit: str,
    has_total: bool,
    links: Sequence[str] = (),
) -> Table:
    """The same figures as rows. A column without any figure has no total."""
    rows = [
        (category, *(one.values[index] for one in series))
        for index, category in enumerate(categories)
    ]
    return Table(
        caption=caption,
        columns=[
            Column(heading),
            *(Column(with_unit(one.name, unit), kind_of(unit)) for one in series),
        ],
        rows=rows,
        total=("Total", *(_sum(one.values) for one in series)) if has_total and rows else None,
        empty="There are no figures for this period yet.",
        links=links,
    )


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def description_of(categories: Sequence[str], series: Sequence[Series], unit: str) -> str:
    """Every figure in a sentence, for those who do not see the drawing."""
    sentences = []
    for index, category in enumerate(categories):
        figures = ", ".join(
            f"{one.name} {said(one.values[index], unit, one.absent)}" for one in series
        )
        sentences.append(f"{category}: {figures}.")
    return " ".join(sentences)


def said(value: Decimal | None, unit: str, absent: str = "not reported") -> str:
    return absent if value is None else full_label(value, unit)


def check(categories: Sequence[str], series: Sequence[Series]) -> None:
    """Every series has one value a category."""
    for one in series:
        if len(one.values) != len(categories):
            raise ValueError(
                f"{one.name} has {len(one.values)} values for {len(categories)} categories"
            )


def has_no_figures(series: Sequence[Series]) -> bool:
    return not any(value is not None for one in series for value in one.values)
