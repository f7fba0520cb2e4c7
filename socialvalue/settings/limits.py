"""How many requests one network address, or one person, may make in a minute."""

from __future__ import annotations

PER_MINUTE = {
    "pages": 600,
    "forms": 60,
    "files": 120,
    "links": 120,
    "api": 300,
}
"""``pages``: read without signing in, addresses that lead nowhere too; ``forms``: sent without signing in;
``files``: public downloads; ``links``: whatever a link in a letter or a calendar's address opens, signed in or not.
These are counted for each network address, and a whole office may share one. ``api``: for each person who is signed
in, otherwise for each address."""


def read_limits(text: str) -> dict[str, int]:
    """``REQUEST_LIMITS`` of the environment, as ``pages=1200,files=60``, over the numbers above.

    0 is no limit, and ``off`` alone is none of any kind. ValueError with a sentence for what is neither.
    """
    if text.strip() == "off":
        return dict.fromkeys(PER_MINUTE, 0)
    found = dict(PER_MINUTE)
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, _, number = (side.strip() for side in part.partition("="))
        if kind not in found:
            known = ", ".join(sorted(found))
            raise ValueError(
                f"REQUEST_LIMITS names {kind!r}, which is not known. Known are: {known}."
            )
        if not number.isdecimal():
            raise ValueError(
                f"REQUEST_LIMITS gives {number!r} for {kind}. Give a whole number, 0 for no limit."
            )
        found[kind] = int(number)
    return found
