"""Rules of measures and their words. Pure."""

from __future__ import annotations

from toms.frameworks.rules.adoption import (
    MOST_ASKED,
    MOST_PACKS,
    Adopter,
    PackInput,
    Span,
    best_pack,
    check_dates,
    check_ends,
    check_most,
    check_once,
    check_packs,
    check_prefixes,
    check_subset,
    pack_slug,
    read_prefixes,
    state_of,
)
from toms.frameworks.rules.certainty import MARK, split_certainty, with_certainty
from toms.frameworks.rules.own import (
    OwnMeasure,
    fraction_text,
    initials,
    missing_from,
    next_code,
    own_edition,
    own_family,
    wrong_with,
)

__all__ = [
    "MARK",
    "MOST_ASKED",
    "MOST_PACKS",
    "Adopter",
    "OwnMeasure",
    "PackInput",
    "Span",
    "best_pack",
    "check_dates",
    "check_ends",
    "check_most",
    "check_once",
    "check_packs",
    "check_prefixes",
    "check_subset",
    "fraction_text",
    "initials",
    "missing_from",
    "next_code",
    "own_edition",
    "own_family",
    "pack_slug",
    "read_prefixes",
    "split_certainty",
    "state_of",
    "with_certainty",
    "wrong_with",
]
