"""The words of a report: headings, paragraphs, references to figures, and what it suggests to begin with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reporting.cabinet.vocabulary import SectionKind
from reporting.figures.rules.definitions import FIGURES, Figure

# The form of a report to Cabinet, in the order and with the capitals members are used to.
HEADINGS: dict[str, str] = {
    SectionKind.RECOMMENDATION: "Recommendation",
    SectionKind.EXECUTIVE_SUMMARY: "Executive Summary",
    SectionKind.FINANCIAL: "Financial Implications",
    SectionKind.ENVIRONMENTAL: "Environmental Implications",
    SectionKind.SUPPORTING: "Supporting Information",
    SectionKind.TIMESCALES: "Timescales associated with the decision and next steps",
    SectionKind.APPENDICES: "Appendices",
    SectionKind.BACKGROUND_PAPERS: "Background Papers",
}
NUMBERED = (
    SectionKind.EXECUTIVE_SUMMARY,
    SectionKind.FINANCIAL,
    SectionKind.ENVIRONMENTAL,
    SectionKind.SUPPORTING,
    SectionKind.TIMESCALES,
)
CONTACT_ROLES = ("Report Author", "Assistant Director", "Strategic Director", "Portfolio Holder")

_MARKS = ("\ue000", "\ue001", "\ue002")
"""Characters that no text has: no keyboard types them."""
REFERENCE = re.compile(r"\{\s*([A-Za-z0-9_. -]*?)\s*\}")
WITHHELD = "(£ not shown)"
SHARE_WITHHELD = "(percentage not shown)"
"""Of a figure that is made of pounds without being pounds itself."""


def number_of(kind: str) -> int | None:
    """1 to 5 for the numbered sections."""
    return NUMBERED.index(SectionKind(kind)) + 1 if kind in NUMBERED else None


def heading_of(kind: str) -> str:
    """``1. Executive Summary``; ``Recommendation``."""
    number = number_of(kind)
    return f"{number}. {HEADINGS[kind]}" if number else HEADINGS[kind]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``number`` is ``1.1``, empty where paragraphs have none. ``bullets`` follow the text."""

    number: str
    text: str
    bullets: tuple[str, ...] = ()


def paragraphs(narrative: str, section: int | None) -> list[Paragraph]:
    """Paragraphs of a narrative: an empty line ends one, a line that begins with ``- `` is a bullet of it."""
    found: list[Paragraph] = []
    for block in re.split(r"\n\s*\n", narrative.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if not lines:
            continue
        text, bullets = _lines(lines)
        number = f"{section}.{len(found) + 1}" if section else ""
        found.append(Paragraph(number, text, tuple(bullets)))
    return found


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


def references(narrative: str) -> list[str]:
    """The names in braces, in order, each once."""
    return list(dict.fromkeys(REFERENCE.findall(narrative)))


def unknown_references(narrative: str) -> list[str]:
    """Names in braces that are no figure; a brace without its partner is one too."""
    unknown = [name for name in references(narrative) if name not in FIGURES]
    rest = REFERENCE.sub("", narrative)
    return unknown + [brace for brace in ("{", "}") if brace in rest]


def unknown_sentence(unknown: Iterable[str]) -> str:
    """What is wrong with the references and how to mend it; empty when nothing is."""
    names = [name if name in "{}" else f"{{{name}}}" for name in unknown]
    if not names:
        return ""
    what = "is not the name of a figure" if len(names) == 1 else "are not names of figures"
    return (
        f"{', '.join(names)} {what}. Use a name from the list of figures, like {{committed_total}}, "
        "or take the braces away."
    )


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


def suggested(
    kind: str, *, organisation: str, year: str, next_year: str, figures: Mapping[str, Figure]
) -> str:
    """Opening paragraphs that hold for these figures, with references the report fills in."""

    def has(name: str) -> bool:
        return figures[name].value is not None

    texts = {
        SectionKind.RECOMMENDATION: [
            f"That Cabinet notes the social value committed and delivered through contracts in {year}.",
            "That Cabinet supports the next steps set out in section 5.",
        ],
        SectionKind.EXECUTIVE_SUMMARY: _summary(organisation, year, has),
        SectionKind.FINANCIAL: [
            "The values in this report stand for benefits to the area, worked out with published proxy values. "
            "They are not cashable savings and should not be read as such.",
            "Pay of local people makes up {verified_local_employment} of the verified social value. "
            "Without it, {verified_without_local_employment} has been verified.",
            "The table below shows what was committed, claimed and verified in each quarter.",
        ],
        SectionKind.ENVIRONMENTAL: _environment(has),
        SectionKind.SUPPORTING: _supporting(has, bool(figures["procurements_count"].value)),
        SectionKind.TIMESCALES: [
            "Suppliers report what they delivered each quarter, and contract managers verify it against evidence.",
            f"The next annual report will set out the position for {next_year}.",
        ],
        SectionKind.APPENDICES: [
            "Appendix A: The figures in this report and how they are worked out"
        ],
        SectionKind.BACKGROUND_PAPERS: ["None"],
    }
    return "\n\n".join(texts[SectionKind(kind)])


def _summary(organisation: str, year: str, has: Callable[[str], bool]) -> list[str]:
    share = ", which is {verified_share} of what was committed" if has("verified_share") else ""
    return [
        f"This report sets out the social value that suppliers committed to and delivered through the contracts of "
        f"{organisation} in {year}.",
        "The Public Services (Social Value) Act 2012 asks public bodies to consider, before they buy services, how "
        "what they buy might improve the economic, social and environmental well-being of the area.",
        "{contracts_live} contracts with {commitments_count} social value commitments ran in the year. For delivery "
        "in the year suppliers committed social value of {committed_total}.",
        "Suppliers claim to have delivered {claimed_total}. Contract managers have checked {verified_total} "
        f"against evidence and verified it{share}.",
        "The chart and the table below show the position for each theme.",
    ]


def _environment(has: Callable[[str], bool]) -> list[str]:
    if not has("tco2e_committed") and not has("tco2e_verified"):
        return ["No avoided greenhouse gas emissions were committed or reported for the year."]
    if not has("tco2e_verified"):
        return [
            "Suppliers committed to avoid {tco2e_committed} of greenhouse gas emissions in the year. "
            "None has been verified yet."
        ]
    if not has("tco2e_committed"):
        return ["{tco2e_verified} of avoided greenhouse gas emissions has been verified."]
    return [
        "Suppliers committed to avoid {tco2e_committed} of greenhouse gas emissions in the year, and "
        "{tco2e_verified} has been verified."
    ]


def _supporting(has: Callable[[str], bool], begun: bool) -> list[str]:
    weighting = (
        " Their tenders gave social value an average weighting of {average_weighting}."
        if has("average_weighting")
        else ""
    )
    procurements = (
        "{procurements_count} procurements began in the year, and {procurements_with_social_value} of them have asked "
        f"suppliers for social value in a published tender.{weighting}"
    )
    return [
        *([procurements] if begun else []),
        "Of {commitments_count} commitments in the contracts that ran in the year, {commitments_on_track} keep up "
        "with their plan today.",
        "Verified means that a contract manager of the authority has checked a delivery against evidence. Committed, "
        "claimed and verified are three views of the same promises and are never added together.",
        "The tables below compare the year with the one before and show every measure, with its quantity.",
    ]
