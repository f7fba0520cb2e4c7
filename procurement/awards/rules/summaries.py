"""What a bidder is told of its assessment: drafted from the differences, with what is confidential taken out. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

WITHHELD = "[withheld]"
LONGEST_ADVANTAGES = 10_000
FORM = 1
"""Which form of content this is, kept with it: a later form still reads earlier ones."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the table of scores. ``winner`` is empty in the winner's own summary."""

    criterion: str
    weight: str
    own: str
    winner: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why an answer was given its mark."""

    question: str
    verdict: str
    means: str
    """What that mark means on the published scale; empty where there is none."""
    reason: str


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """One measure that was offered, as it counted. ``working`` is the sum behind ``worth``."""

    measure: str
    offered: str
    worth: str
    note: str
    working: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """All that one bidder is told, as people read it."""

    authority: str
    title: str
    reference: str
    bidder: str
    winner: str
    is_winner: bool
    awarded_on: str
    result: str
    """Whether the bid passed, and its place."""
    reason: str
    """Why the contract was awarded to the winner."""
    scores: tuple[ScoreLine, ...]
    answers: tuple[ReasonLine, ...]
    quantities: tuple[QuantityLine, ...]
    social_value: str
    """What the quantities were worth as they counted: the sum of ``quantities``."""
    advantages: str

    @property
    def has_marks(self) -> bool:
        return bool(self.answers)

    @property
    def advantage_paragraphs(self) -> list[str]:
        return [part for part in self.advantages.split("\n\n") if part.strip()]


def as_content(summary: Summary) -> dict[str, Any]:
    """The summary as JSON values, to keep."""
    content: dict[str, Any] = json.loads(json.dumps(asdict(summary)))
    return {"form": FORM, **content}


def from_content(content: Mapping[str, Any]) -> Summary:
    """``from_content(as_content(x)) == x``."""
    kept = {name: value for name, value in content.items() if name != "form"}
    quantities = tuple(
        QuantityLine(**{**row, "working": tuple((what, said) for what, said in row["working"])})
        for row in kept["quantities"]
    )
    return Summary(
        **{
            **kept,
            "scores": tuple(ScoreLine(**row) for row in kept["scores"]),
            "answers": tuple(ReasonLine(**row) for row in kept["answers"]),
            "quantities": quantities,
        }
    )


def free_texts(summary: Summary) -> list[str]:
    """What people wrote in it: the only places where a passage can be withheld."""
    return [
        summary.result,
        summary.reason,
        summary.advantages,
        *(row.reason for row in summary.answers),
        *(row.note for row in summary.quantities),
    ]


def with_redactions(summary: Summary, passages: Sequence[str]) -> Summary:
    """The summary with every passage replaced wherever somebody wrote it."""
    if not passages:
        return summary
    return replace(
        summary,
        result=redacted(summary.result, passages),
        reason=redacted(summary.reason, passages),
        advantages=redacted(summary.advantages, passages),
        answers=tuple(
            replace(row, reason=redacted(row.reason, passages)) for row in summary.answers
        ),
        quantities=tuple(
            replace(row, note=redacted(row.note, passages)) for row in summary.quantities
        ),
    )


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """One question for two bids, as people read it: ``4 of 5``, ``Met``.

    ``own_rank`` and ``winner_rank`` order the verdicts; None: not applicable.
    """

    question: str
    own: str
    winner: str
    own_rank: int | None
    winner_rank: int | None
    winner_reason: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A bid beside the winner's. Points as people read them, None in a pass or fail tender."""

    winner_name: str
    own_failed: str
    """Why the bid did not pass; empty when it did."""
    own_quantities: str = ""
    winner_quantities: str = ""
    is_winner_ahead_on_quantities: bool = False
    more_of: Sequence[str] = ()
    """Measures the winner offered more of. By name only: what it offered is its own."""
    answers: Sequence[ComparedAnswer] = ()
    is_winner_ahead: bool = False


def advantages_in_words(compared: Compared) -> str:
    """A draft of the winner's advantages, one paragraph each. Never the winner's own words or amounts."""
    found = []
    if compared.own_failed:
        found.append(
            f"The bid of {compared.winner_name} passed. This bid did not: {compared.own_failed}"
        )
    if compared.is_winner_ahead_on_quantities:
        text = (
            f"Quantities: the winner earned {compared.winner_quantities} points, this bid "
            f"{compared.own_quantities}."
        )
        if compared.more_of:
            text += f" The winner offered more of: {'; '.join(compared.more_of)}."
        found.append(text)
    found += [_better(answer) for answer in compared.answers if _is_better(answer)]
    if not found:
        found.append(
            "On social value the winner was not ahead of this bid. The reason for the award says "
            "what decided."
        )
    return "\n\n".join(found)


def _is_better(answer: ComparedAnswer) -> bool:
    if answer.own_rank is None or answer.winner_rank is None:
        return False
    return answer.winner_rank > answer.own_rank


def _better(answer: ComparedAnswer) -> str:
    text = f"“{answer.question}”: the winner was given {answer.winner}, this bid {answer.own}."
    if not answer.winner_reason:
        return text
    return f"{text} The panel on the winner's answer: {answer.winner_reason}"


def passages_of(text: str) -> tuple[str, ...]:
    """One passage a line, without blank lines and repeats."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _pattern(passage: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in passage.split()), re.IGNORECASE)


def redacted(text: str, passages: Iterable[str]) -> str:
    """The text with every passage replaced, whatever its case and line breaks; longer passages first."""
    for passage in sorted(passages, key=len, reverse=True):
        text = _pattern(passage).sub(WITHHELD, text)
    return text


def unknown_passages(texts: Iterable[str], passages: Iterable[str]) -> list[str]:
    """Passages that stand in none of the texts."""
    whole = "\n".join(texts)
    return [passage for passage in passages if not _pattern(passage).search(whole)]


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content as canonical JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
