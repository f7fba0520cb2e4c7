"""Money and quantities as ``Decimal``. Pounds have two places, quantities three, proxies nine. No floats."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

PENNY = Decimal("0.01")
MILLI = Decimal("0.001")
MAX_POUNDS = Decimal("99999999999.99")
MAX_QUANTITY = Decimal("99999999999.999")
_NUMBER = re.compile(r"^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$|^-?\.\d+$")
_POUNDS = re.compile(r"£(\d[\d,]*(?:\.\d+)?)")
_SOCIAL_VALUE = re.compile(r"£\d[\d,]*(?:\.\d+)?\s+of social value")
_BUT_A_PRICE = re.compile(r"(?<!price of )£\d[\d,]*(?:\.\d+)?")
_SPACED = re.compile(r"^-?\s?\d{1,3}( \d{3})+(\.\d+)?$")


def parse_decimal(text: str) -> Decimal:
    """A number as people type it: ``180000``, ``180,000``, ``180 000``, ``£180,000.50``.

    Raises ValueError for anything else: a stray space (``4 50``) is never taken for a point.
    """
    cleaned = text.replace("\u00a0", " ").strip().replace("£", "", 1).strip()
    if _SPACED.match(cleaned):
        cleaned = cleaned.replace(" ", "")
    if not _NUMBER.match(cleaned):
        raise ValueError(f"{text!r} is not a number")
    try:
        return Decimal(cleaned.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a number") from error


def to_pence(pounds: Decimal) -> int:
    """Pounds to whole pence, rounded once, half up (away from zero for negatives, so that a reversal cancels)."""
    return int((pounds * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_pence(pence: int) -> Decimal:
    """Whole pence to pounds with two places."""
    return (Decimal(pence) / 100).quantize(PENNY)


def round_pounds(pounds: Decimal) -> Decimal:
    """Pounds to the penny, half up."""
    return pounds.quantize(PENNY, rounding=ROUND_HALF_UP)


def pounds(value: Decimal | int) -> str:
    """``£1,234.50``; whole pounds without pence: ``£1,234``; negatives ``−£12``."""
    amount = round_pounds(Decimal(value))
    sign = "−" if amount < 0 else ""
    amount = abs(amount)
    text = f"{amount:,.2f}"
    return f"{sign}£{text.removesuffix('.00')}"


def pounds_from_pence(pence: int) -> str:
    return pounds(from_pence(pence))


def pounds_short(value: Decimal) -> str:
    """``£12.4m``, ``£684k``, ``£950``: for tiles and ticks, always beside or opening to the exact figure."""
    amount = abs(value)
    sign = "−" if value < 0 else ""
    for unit, size in (("bn", Decimal(10**9)), ("m", Decimal(10**6)), ("k", Decimal(10**3))):
        if amount >= size:
            shown = (amount / size).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
            return f"{sign}£{f'{shown:,}'.removesuffix('.0')}{unit}"
    return f"{sign}£{round_pounds(amount).normalize():f}" if amount else "£0"


def quantity_text(value: Decimal) -> str:
    """``1,234.5``: grouped, without trailing zeros."""
    text = f"{value:,.3f}"
    return text.rstrip("0").rstrip(".")


_PEOPLE = {"people": "person", "children": "child"}


def unit_text(quantity: Decimal, unit: str) -> str:
    """The unit as it stands behind a quantity: ``FTE-years``, and behind 1 ``FTE-year``."""
    return " x ".join(map(_one, unit.split(" x "))) if abs(quantity) == 1 else unit


def _one(words: str) -> str:
    head, space, last = words.rpartition(" ")
    is_plural = len(last) > 3 and last.endswith("s") and not last.endswith("ss")
    return f"{head}{space}{_PEOPLE.get(last, last[:-1] if is_plural else last)}"


def measured(quantity: Decimal, unit: str) -> str:
    """``120 staff hours``, ``1 staff hour``; a quantity of money is written ``£1,200``."""
    if unit == "£":
        return pounds(quantity)
    shown = quantity_text(quantity).replace("-", "−")
    return f"{shown}%" if unit == "%" else f"{shown} {unit_text(quantity, unit)}".strip()


def without_sign(text: str) -> str:
    """A quantity of money in words, where no £ is shown: ``£1,200`` is ``1,200 pounds``."""
    return "pounds" if text == "£" else _POUNDS.sub(r"\1 pounds", text)


def without_social_value(sentence: str) -> str:
    """A sentence of the record, ``worth £1,200 of social value``, without that figure."""
    return _SOCIAL_VALUE.sub("(£ not shown) of social value", sentence)


def without_pounds(sentence: str) -> str:
    """A sentence whose amounts are all social value but a ``price of £1,200``, without them."""
    return _BUT_A_PRICE.sub("(£ not shown)", sentence)


def percent_text(value: Decimal, places: int = 0) -> str:
    """``38%`` from 38.4 (already a percentage)."""
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)}%"


def split_evenly(total: Decimal, parts: int, step: Decimal = MILLI) -> list[Decimal]:
    """``total`` in ``parts`` shares that are multiples of ``step`` and add up to it exactly; the rest goes last."""
    if parts < 1:
        raise ValueError("parts must be at least 1")
    share = (total / parts).quantize(step, rounding="ROUND_DOWN")
    return [*([share] * (parts - 1)), total - share * (parts - 1)]


def count_text(number: int | Decimal, one: str, many: str = "") -> str:
    """How many there are: ``1 bid``, ``1,200 bids``; ``many`` for nouns that do not take an s."""
    return f"{quantity_text(Decimal(number))} {one if number == 1 else many or one + 's'}"
