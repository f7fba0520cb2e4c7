"""The words of a report: headings, blocks, references to figures, and charts, tables and stories between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

_MARKS = ("\ue000", "\ue001", "\ue002")
"""Characters that no text has: no keyboard types them."""
REFERENCE = re.compile(r"\{\s*([A-Za-z0-9_. -]*?)\s*\}")
EXHIBIT = re.compile(
    r"\{\s*(chart|table|story)\s*:\s*([A-Za-z0-9_-]+)\s*(?:\|\s*([^{}|\n]*?)\s*)?\}"
)
WITHHELD = "(£ not shown)"
SHARE_WITHHELD = "(percentage not shown)"
"""Of a figure that is made of pounds without being pounds itself."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``number`` is ``1.1``, empty where paragraphs have none. ``bullets`` follow the text."""

    number: str
    text: str
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart, a table or a story that stands between paragraphs. ``caption`` is empty for its own."""

    kind: str
    """``chart``, ``table`` or ``story``."""
    name: str
    caption: str = ""

    @property
    def typed(self) -> str:
        """As it is written in the text."""
        caption = f" | {self.caption}" if self.caption else ""
        return f"{{{self.kind}:{self.name}{caption}}}"


def numbers(are_numbered: Iterable[bool]) -> list[int | None]:
    """1, 2, 3 … for the sections that are numbered, in their order; None for the others."""
    found: list[int | None] = []
    last = 0
    for is_numbered in are_numbered:
        last += is_numbered
        found.append(last if is_numbered else None)
    return found


def heading_of(heading: str, number: int | None) -> str:
    """``1. Executive Summary``; ``Recommendation``."""
    return f"{number}. {heading}" if number else heading


def blocks(narrative: str, number: int | None) -> list[Paragraph | Exhibit]:
    """A narrative in its blocks, in order: paragraphs, and what stands between them.

    An empty line ends a paragraph, a line that begins with ``- `` is a bullet of it, and a line that is only
    ``{chart:…}``, ``{table:…}`` or ``{story:…}`` stands by itself. ``number`` is the section's, None without one.
    """
    found: list[Paragraph | Exhibit] = []
    paragraph = 0
    for part in re.split(r"\n\s*\n", narrative.replace("\r\n", "\n").strip()):
        for piece in _pieces(part.split("\n")):
            if isinstance(piece, Exhibit):
                found.append(piece)
                continue
            paragraph += 1
            text, bullets = _lines(piece)
            found.append(Paragraph(f"{number}.{paragraph}" if number else "", text, tuple(bullets)))
    return found


def paragraphs(narrative: str, number: int | None) -> list[Paragraph]:
    """The paragraphs alone."""
    return [block for block in blocks(narrative, number) if isinstance(block, Paragraph)]


def exhibits(narrative: str) -> list[Exhibit]:
    """What stands between the paragraphs, in order."""
    return [block for block in blocks(narrative, None) if isinstance(block, Exhibit)]


def _pieces(lines: Iterable[str]) -> list[list[str] | Exhibit]:
    """Runs of lines of text, cut where a line is an exhibit."""
    found: list[list[str] | Exhibit] = []
    run: list[str] = []
    for line in (line.strip() for line in lines):
        mark = EXHIBIT.fullmatch(line)
        if mark is not None:
            if run:
                found.append(run)
            run = []
            found.append(Exhibit(mark.group(1), mark.group(2), mark.group(3) or ""))
        elif line:
            run.append(line)
    return [*found, run] if run else found


def _lines(lines: Iterable[str]) -> tuple[str, list[str]]:
    text: list[str] = []
    bullets: list[str] = []
    for line in lines:
        if line.startswith(("- ", "• ", "* ")):
            bullets.append(line[2:].strip())
        elif bullets:
            bullets[-1] = f"{bullets[-1]} {line}"
        else:
            text.append(line)
    return " ".join(text), bullets


def running_text(narrative: str) -> str:
    """The narrative without what stands between its paragraphs: where references to figures are looked for."""
    parts: Sequence[Paragraph] = paragraphs(narrative, None)
    return "\n".join(line for part in parts for line in (part.text, *part.bullets))


def references(narrative: str) -> list[str]:
    """The names of figures in braces, in order, each once."""
    return list(dict.fromkeys(REFERENCE.findall(running_text(narrative))))


def opening(url: str, shown: str) -> str:
    """A figure in running text, marked with the address of its rows; ``opened`` takes the marks apart."""
    return f"{_MARKS[0]}{url}{_MARKS[1]}{shown}{_MARKS[2]}"


def opened(text: str) -> list[tuple[str, str]]:
    """The pieces of a text in order: the address it opens to, empty for plain words, and what is read."""
    pieces = []
    for part in text.split(_MARKS[0]):
        url, mark, rest = part.partition(_MARKS[1])
        shown, _, after = rest.partition(_MARKS[2])
        pieces += [(url, shown), ("", after)] if mark else [("", part)]
    return [piece for piece in pieces if piece[1]]


def resolve(narrative: str, shown: Mapping[str, str]) -> str:
    """The narrative with each reference replaced. KeyError names a reference without a figure."""
    replace: Callable[[re.Match[str]], str] = lambda found: shown[found.group(1)]  # noqa: E731
    return REFERENCE.sub(replace, narrative)
