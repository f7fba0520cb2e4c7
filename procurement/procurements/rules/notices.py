"""The reading of published notices (OCDS releases). Pure.

What a notice says is taken as follows; each choice is stated on the decision that rests on it.

* Estimate: the tender value; without one, the award value. Contracts Finder publishes values net of VAT.
* Commencement: the first of ``DATE_ORDER`` that the notice gives, as a date in London.
* Several releases of one notice in a file count as one story: later facts replace earlier ones, and a fact that a later
  release leaves out stays.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from procurement.procurements.rules.records import CPV_CODE, MAX_TITLE
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_POUNDS, parse_decimal, pounds, round_pounds

LONDON = ZoneInfo("Europe/London")
MAX_OCID = 120
DATE_ORDER = (
    "the day the tender opened",
    "the day the notice was published",
    "the day the tender closed",
    "the day of the award",
    "the day the award was published",
)
AWARDED, OPEN, WITHDRAWN = "awarded", "open", "withdrawn"
_WITHDRAWN_TAGS = {"tenderCancellation", "awardCancellation"}
_WITHDRAWN_STATUS = {"cancelled", "unsuccessful", "withdrawn"}
_CATEGORIES = {"goods": "goods", "services": "services", "works": "works"}
_LOST_BREAKS = re.compile(r"(?:rn){2,}")
_LOST_BREAK = re.compile(r"(?<=[\s.:;,!?)])rn(?=[A-Z0-9\s•*(-]|$)")

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALVES = re.compile("[\ud800-\udfff]")


class NoticeRefused(Exception):
    """Why one notice cannot be taken in, as a sentence."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One published notice, mended. Values are pounds net of VAT; None is "not given", and a value of 0 is none."""

    ocid: str
    buyer: str
    title: str
    description: str
    category: str
    cpv: str
    tender_value: Decimal | None
    award_value: Decimal | None
    commenced_on: date | None
    commenced_from: str
    awarded_on: date | None
    starts_on: date | None
    ends_on: date | None
    state: str

    @property
    def estimate(self) -> Decimal | None:
        return self.tender_value if self.tender_value is not None else self.award_value

    @property
    def estimate_from(self) -> str:
        return "tender value" if self.tender_value is not None else "award value"

    @property
    def remark(self) -> str:
        """What the decision's explanation adds: which date and value of the notice were used."""
        said = f" The notice does not name the day it commenced; {self.commenced_from} is used."
        if self.tender_value is None:
            said += " The notice gives no tender value, so the award value is used."
        return said

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the notice says here: the same story gives the same one."""
        facts = {
            name: None if value is None else str(value) for name, value in asdict(self).items()
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def read_releases(text: str) -> list[Any]:
    """The releases of a file: a list, a release or record package, one release. RuleBroken for other files."""
    try:
        data = json.loads(text, parse_float=Decimal)
        if _HALF.search(text):
            data = _whole(data)
    except (ValueError, RecursionError) as error:
        raise RuleBroken(
            "The file is not JSON. Choose an OCDS release file.", field="file"
        ) from error
    if isinstance(data, Mapping):
        if isinstance(data.get("releases"), list):
            data = data["releases"]
        elif isinstance(data.get("records"), list):
            data = [
                row.get("compiledRelease") if isinstance(row, Mapping) else row
                for row in data["records"]
            ]
        elif "ocid" in data:
            data = [data]
    if not isinstance(data, list):
        raise RuleBroken(
            "The file holds no OCDS releases. Choose a release file or package.", field="file"
        )
    return data


def _whole(data: Any) -> Any:
    """The same without halves of characters, which JSON can spell and no database takes: each is shown as lost."""
    if isinstance(data, str):
        return _HALVES.sub("\ufffd", data)
    if isinstance(data, list):
        return [_whole(one) for one in data]
    if isinstance(data, dict):
        return {_whole(name): _whole(value) for name, value in data.items()}
    return data


def ocid_of(release: Any) -> str:
    found = release.get("ocid") if isinstance(release, Mapping) else None
    return _text(found)


def group_releases(releases: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """The releases by notice, oldest first within one; without an identifier each stands alone."""
    groups: dict[str, list[Any]] = {}
    for number, release in enumerate(releases):
        groups.setdefault(ocid_of(release) or f"#{number}", []).append(release)
    return [
        (ocid_of(found[0]), sorted(found, key=lambda release: str(_get(release, "date") or "")))
        for found in groups.values()
    ]


def read_story(releases: Sequence[Any]) -> Notice:
    """One notice from all its releases, oldest first. NoticeRefused with the first reason that stands."""
    notice = read_notice(releases[0])
    for release in releases[1:]:
        notice = _merge(notice, read_notice(release))
    return notice


def _merge(earlier: Notice, later: Notice) -> Notice:
    """The later facts; what the later release leaves out stays. The first known commencement holds."""
    kept: dict[str, Any] = {
        name: value
        for name, value in ((n, getattr(earlier, n)) for n in Notice.__slots__)
        if not getattr(later, name)
    }
    if earlier.commenced_on and _rank(earlier.commenced_from) <= _rank(later.commenced_from):
        kept |= {"commenced_on": earlier.commenced_on, "commenced_from": earlier.commenced_from}
    return replace(later, **kept)


def _rank(source: str) -> int:
    return DATE_ORDER.index(source) if source in DATE_ORDER else len(DATE_ORDER)


def read_notice(release: Any) -> Notice:
    """What one release says. NoticeRefused when it cannot be read; what it leaves out is judged by ``why_refused``."""
    if not isinstance(release, Mapping):
        raise NoticeRefused("It is not an OCDS release.")
    if not ocid_of(release):
        raise NoticeRefused("It has no ocid, so it cannot be recognised again.")
    if len(ocid_of(release)) > MAX_OCID:
        raise NoticeRefused(f"Its ocid is longer than {MAX_OCID} characters.")
    tender = _mapping(release, "tender")
    awards = [
        a for a in _list(release, "awards") if _text(a.get("status")) not in _WITHDRAWN_STATUS
    ]
    tag = release.get("tag")
    tags: list[Any] = tag if isinstance(tag, list) else []
    commenced_on, commenced_from = _commenced(release, tender, awards, tags)
    period = _mapping(tender, "contractPeriod") or next(
        (p for p in (_mapping(a, "contractPeriod") for a in awards) if p), {}
    )
    award_value = _award_value(awards)
    starts_on, ends_on = _day(period.get("startDate")), _day(period.get("endDate"))
    if starts_on and ends_on and ends_on < starts_on:
        starts_on = ends_on = None
    return Notice(
        ocid=ocid_of(release),
        buyer=_buyer(release),
        title=_title(tender.get("title") or release.get("title")),
        description=mend(_text(tender.get("description") or release.get("description"))),
        category=_CATEGORIES.get(_text(tender.get("mainProcurementCategory")), ""),
        cpv=_cpv(tender),
        tender_value=_value(_mapping(tender, "value")),
        award_value=award_value,
        commenced_on=commenced_on,
        commenced_from=commenced_from,
        awarded_on=min((d for d in map(_award_day, awards) if d), default=None),
        starts_on=starts_on,
        ends_on=ends_on,
        state=_state(tender, tags, awards),
    )


def why_refused(notice: Notice) -> str:
    """The reason why a readable notice still cannot be routed; empty when it can."""
    if not notice.title:
        return "It has no title."
    if not notice.buyer:
        return "It names no buyer."
    if notice.estimate is None:
        return "It gives no value above £0, for the tender or for an award, so no route can be decided."
    if not notice.category:
        return "It does not say whether it is for goods, services or works."
    if notice.commenced_on is None:
        return "It gives no date, so the law and the policy of its day are not known."
    return ""


def mend(text: str) -> str:
    """Text with the line breaks that were lost on the way (``rnrn``, or ``rn`` after a stop) put back."""
    mended = text.replace("\r\n", "\n").replace("\r", "\n")
    mended = _LOST_BREAK.sub("\n", _LOST_BREAKS.sub("\n\n", mended))
    lines = (" ".join(line.split()) for line in mended.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    found = _get(value, name)
    return found if isinstance(found, Mapping) else {}


def _list(value: Any, name: str) -> list[Mapping[str, Any]]:
    found = _get(value, name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _text(value: Any) -> str:
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _title(value: Any) -> str:
    title = " ".join(mend(_text(value)).split())
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1].rstrip() + "…"


def _buyer(release: Mapping[str, Any]) -> str:
    named = _text(_mapping(release, "buyer").get("name"))
    if named:
        return named
    for party in _list(release, "parties"):
        if "buyer" in str(party.get("roles")):
            return _text(party.get("name"))
    return ""


def _cpv(tender: Mapping[str, Any]) -> str:
    found = _mapping(tender, "classification")
    code = str(found.get("id") or "").strip()
    return code if found.get("scheme") in ("CPV", None) and CPV_CODE.match(code) else ""


def _value(value: Mapping[str, Any]) -> Decimal | None:
    """Pounds above 0, or None. NoticeRefused for another currency or something that is no number."""
    amount = value.get("amount")
    if amount is None or amount == "":
        return None
    currency = value.get("currency") or "GBP"
    try:
        number = parse_decimal(amount) if isinstance(amount, str) else Decimal(str(amount))
        number = round_pounds(number) if abs(number) <= MAX_POUNDS else number
    except (ValueError, InvalidOperation) as error:
        raise NoticeRefused(f"Its value {str(amount)[:60]!r} is not an amount of money.") from error
    if number <= 0:
        return None
    if currency != "GBP":
        raise NoticeRefused(
            f"Its value is in {currency}; only pounds can be held against the thresholds."
        )
    return _not_absurd(number)


def _not_absurd(number: Decimal) -> Decimal:
    if number > MAX_POUNDS:
        raise NoticeRefused(f"Its value must be {pounds(MAX_POUNDS)} or less.")
    return number


def _award_value(awards: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """All awards of the notice together."""
    values = [
        value
        for value in (_value(_mapping(award, "value")) for award in awards)
        if value is not None
    ]
    return _not_absurd(sum(values, Decimal(0))) if values else None


def _award_day(award: Mapping[str, Any]) -> date | None:
    return _day(award.get("date")) or _day(award.get("datePublished"))


def _state(tender: Mapping[str, Any], tags: Sequence[Any], awards: Sequence[Any]) -> str:
    if (
        _WITHDRAWN_TAGS & {str(tag) for tag in tags}
        or _text(tender.get("status")) in _WITHDRAWN_STATUS
    ):
        return WITHDRAWN
    return AWARDED if awards else OPEN


def _commenced(
    release: Mapping[str, Any],
    tender: Mapping[str, Any],
    awards: Sequence[Mapping[str, Any]],
    tags: Sequence[Any],
) -> tuple[date | None, str]:
    """The best known day of commencement and where it comes from."""
    period = _mapping(tender, "tenderPeriod")
    # The date of an award release is that of the award notice, often years later: never a commencement.
    released = None if awards or "award" in tags else release.get("date")
    notices = [
        d.get("datePublished")
        for d in _list(tender, "documents")
        if d.get("documentType") == "tenderNotice"
    ]
    known = (
        (period.get("startDate"),),
        (tender.get("datePublished"), *notices, released),
        (period.get("endDate"),),
        tuple(award.get("date") for award in awards),
        tuple(award.get("datePublished") for award in awards),
    )
    for source, texts in zip(DATE_ORDER, known, strict=True):
        days = [day for day in map(_day, texts) if day]
        if days:
            # "Published" prefers the tender's own date over the release's; awards the first of several.
            return (days[0] if source == DATE_ORDER[1] else min(days)), source
    return None, ""


def _day(value: Any) -> date | None:
    """The date in London of ``2025-01-23``, ``2025-01-23T15:32:09Z`` or ``…+01:00``; None for anything else."""
    text = _text(value)
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return moment.astimezone(LONDON).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None
