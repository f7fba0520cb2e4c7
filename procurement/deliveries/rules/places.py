"""Where something was delivered: the first half of a postcode, and never the whole of one. Pure."""

from __future__ import annotations

import re

from socialvalue.core.errors import RuleBroken

EXAMPLE = "Enter the first half of a postcode, like CV6 or B1, or leave it empty"
HALF_ONLY = "Enter the first half of the postcode only: {half}"
_HALF = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_DISTRICT = re.compile(_HALF)
_FULL = re.compile(rf"({_HALF})[\s\u00a0.\-]*([0-9][ABD-HJLNP-UW-Z]{{2}})")
_IN_WORDS = re.compile(
    r"(?<![A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]?)([ \t\u00a0]{0,3}\n?)([0-9][ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])",
    re.I,
)
_AREAS = frozenset(
    re.findall(
        r"\w+",
        "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK "
        "FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG "
        "NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR "
        "TS TW UB W WA WC WD WF WN WR WS WV YO ZE",
    )
)


def full_postcodes_in(words: str) -> list[str]:
    """Every whole UK postcode in a text, as it is written there, in order. Codes of no postcode area are none."""
    return [
        f"{found[1]}{found[2]}{found[3]}"
        for found in _IN_WORDS.finditer(words)
        if _is_area(found[1].upper())
    ]


def check_district(words: str) -> str:
    """The first half of a postcode in capitals, ``CV6``; empty stays empty. RuleBroken for a whole one and others."""
    typed = words.strip().upper()
    if not typed:
        return ""
    whole = _FULL.fullmatch(typed)
    if whole and _is_area(whole[1]):
        raise RuleBroken(HALF_ONLY.format(half=whole[1]), field="postcode_district")
    if not _DISTRICT.fullmatch(typed) or not _is_area(typed):
        raise RuleBroken(EXAMPLE, field="postcode_district")
    return typed


def check_no_full_postcode(words: str, field: str = "narrative") -> None:
    """RuleBroken when a text holds a whole postcode: together with a date it can point to one household."""
    found = full_postcodes_in(words)
    if found:
        half = found[0].strip()[:-3].strip()
        raise RuleBroken(
            f"Take the second half off the postcode {found[0]}: write {half.upper()} only. "
            "A whole postcode can point to one household",
            field=field,
        )


def _is_area(half: str) -> bool:
    return re.sub(r"[0-9].*", "", half) in _AREAS
