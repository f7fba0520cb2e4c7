"""Components of every page: one tag, one template in ``templates/components/``.

Tags show what they are given: no query, no rule, no arithmetic beyond the width of a bar. Each is
shown with its source on the style guide page.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from socialvalue.core import money, periods
from socialvalue.core.charts import bar_width
from socialvalue.core.tables import Column, Table, Value

register = template.Library()

DEFAULT_BRAND = "#00524e"

# --- words, money, dates ----------------------------------------------------------------------


@register.filter(name="pounds")
def pounds_filter(value: Decimal | int | None) -> str:
    """``£1,234.50``; an unreported amount is said so and never shown as nought."""
    return "Not reported" if value is None or value == "" else money.pounds(Decimal(value))


@register.filter
def pence(value: int | str | None) -> str:
    """Whole pence as pounds."""
    return "Not reported" if value is None or value == "" else money.pounds_from_pence(int(value))


@register.filter
def pounds_short(value: Decimal | int | None) -> str:
    """``£12.4m``, only where the exact figure is beside it or one click away."""
    return "Not reported" if value is None or value == "" else money.pounds_short(Decimal(value))


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """``1,234.5``."""
    return "Not reported" if value is None or value == "" else money.quantity_text(Decimal(value))


@register.filter
def measured(value: Decimal | int | None, unit: str = "") -> str:
    """``120 staff hours``, or ``£1,200`` where the unit is money."""
    return "Not reported" if value is None or value == "" else money.measured(Decimal(value), unit)


@register.filter
def percent(value: Decimal | int | None, places: int = 0) -> str:
    """``38%`` from a percentage."""
    if value is None or value == "":
        return "Not reported"
    return money.percent_text(Decimal(value), int(places))


@register.filter
def uk_date(value: datetime.date | datetime.datetime | None) -> str:
    """``9 September 2021``, in London."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return periods.uk_date(value)


@register.filter
def uk_datetime(value: datetime.datetime | None) -> str:
    """``9 September 2021, 2:30pm``, in London."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    clock = f"{hour}{half}" if local.minute == 0 else f"{hour}:{local.minute:02d}{half}"
    if (local.hour, local.minute) == (0, 0):
        clock = "midnight"
    if (local.hour, local.minute) == (12, 0):
        clock = "midday"
    return f"{periods.uk_date(local.date())}, {clock}"


@register.filter
def quarter(value: datetime.date | None) -> str:
    """``2026 to 2027, quarter 2``."""
    return periods.quarter_label(value) if value else ""


@register.filter
def financial_year(value: Any) -> str:
    """``2026 to 2027`` from a date or a financial year."""
    if isinstance(value, datetime.date):
        return periods.FinancialYear.of(value).label
    return str(getattr(value, "label", value or ""))


@register.inclusion_tag("components/value.html", takes_context=True)
def value(
    context: Context,
    amount: Decimal | None,
    how_many: Decimal | None = None,
    unit: str = "",
    href: str = "",
) -> dict[str, Any]:
    """Pounds with the quantity beside them, opening to their working. Hides £ in counts-only mode."""
    return {
        "amount": amount,
        "how_many": how_many,
        "unit": unit,
        "href": href,
        "counts_only": bool(context.get("counts_only")),
    }


# --- the frame of a page ----------------------------------------------------------------------


def _brand(context: Context) -> str:
    organisation = context.get("acting_organisation")
    colour = str(getattr(organisation, "brand_colour", "") or "")
    is_hex = len(colour) == 7 and colour[0] == "#"
    if is_hex and all(char in "0123456789abcdefABCDEF" for char in colour[1:]):
        return colour
    return DEFAULT_BRAND


@register.simple_tag(takes_context=True)
def brand_colour(context: Context) -> str:
    """The acting organisation's colour, or ours."""
    return _brand(context)


@register.simple_tag(takes_context=True)
def brand_style(context: Context) -> SafeString:
    """One rule that gives the page the organisation's colour, with the nonce of the policy."""
    colour = _brand(context)
    if colour == DEFAULT_BRAND:
        return SafeString("")
    request = context.get("request")
    # The nonce is lazy and false until it is read: reading it is what puts it into the header.
    nonce = str(getattr(request, "csp_nonce", ""))
    return format_html('<style nonce="{}">:root{{--sv-brand:{}}}</style>', nonce, colour)


@register.inclusion_tag("components/service_navigation.html", takes_context=True)
def service_navigation(context: Context, items: Iterable[Any]) -> dict[str, Any]:
    """The bar under the header; ``items`` have ``label``, ``url`` and ``is_current``."""
    return {"items": items, "path": getattr(context.get("request"), "path", "")}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: Any) -> dict[str, Any]:
    """Label and address in turn; a last label alone is the page itself."""
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return {"pairs": pairs, "current": parts[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("components/back_link.html")
def back_link(href: str, text: str = "Back") -> dict[str, Any]:
    return {"href": href, "text": text}


@register.inclusion_tag("components/page_heading.html")
def page_heading(title: str, caption: str = "", lead: str = "", size: str = "l") -> dict[str, Any]:
    """The one h1 of a page, with what it belongs to above and one sentence below."""
    return {"title": title, "caption": caption, "lead": lead, "size": size}


@register.inclusion_tag("components/notification.html")
def notification(text: str, kind: str = "info", id: Any = "", title: str = "") -> dict[str, Any]:
    """A message; ``kind`` is success, info, warning or error."""
    titles = {"success": "Done", "warning": "Check this", "error": "There is a problem"}
    return {
        "text": text,
        "kind": kind,
        "id": f"notification-{id or 'title'}",
        "title": title or titles.get(kind, "Important"),
        "is_alert": kind in {"success", "error", "warning"},
    }


@register.inclusion_tag("components/conflict_notice.html", takes_context=True)
def conflict_notice(context: Context, conflict: Any) -> dict[str, Any]:
    """Somebody else changed it first: what is there now beside what was sent."""
    return {"conflict": conflict, "is_form": context.get("form") is not None}


@register.inclusion_tag("components/button.html")
def button(
    text: str,
    href: str = "",
    kind: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
    once: bool = True,
) -> dict[str, Any]:
    """A button named after what happens. ``kind``: empty, start, secondary, warning, inverse."""
    return {
        "text": text,
        "href": href,
        "kind": kind,
        "name": name,
        "value": value,
        "form": form,
        "once": once and not href,
    }


@register.simple_block_tag
def details(content: str, summary: str, is_open: bool = False) -> SafeString:
    """Text that opens on request."""
    return _block("details", content=content, summary=summary, is_open=is_open)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """A paragraph set apart."""
    return _block("inset", content=content)


@register.simple_block_tag
def warning_text(content: str) -> SafeString:
    """A consequence that matters, with a sign that is not only a colour."""
    return _block("warning_text", content=content)


@register.simple_block_tag
def card(content: str, title: str, href: str = "", verb: str = "", level: int = 2) -> SafeString:
    """A framed part of a page with its own heading."""
    return _block("card", content=content, title=title, href=href, verb=verb, level=level)


@register.simple_block_tag
def button_group(content: str) -> SafeString:
    """Buttons and links side by side."""
    return format_html('<div class="govuk-button-group">{}</div>', content)


@register.simple_block_tag
def summary(content: str, title: str = "", href: str = "", verb: str = "Change") -> SafeString:
    """Holds ``summary_row`` tags; with a title it becomes a card."""
    return _block("summary", content=content, title=title, href=href, verb=verb)


@register.simple_block_tag
def summary_row(content: str, key: str, href: str = "", verb: str = "Change") -> SafeString:
    """One question and its answer, with a link to change it."""
    return _block("summary_row", content=content, key=key, href=href, verb=verb)


@register.simple_block_tag
def tiles(content: str) -> SafeString:
    """Holds ``tile`` tags in one row that wraps."""
    return format_html('<ul class="sv-tiles">{}</ul>', content)


def _block(name: str, *, content: str, **values: Any) -> SafeString:
    return SafeString(render_to_string(f"components/{name}.html", {"content": content, **values}))


# --- status -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """A word with a shape and a colour, so that neither has to be seen to read the other."""

    word: str
    shape: str
    colour: str


LOOKS: dict[str, Look] = {
    # how delivery compares with the plan
    "on_track": Look("On track", "circle", "green"),
    "ahead": Look("Ahead", "up", "green"),
    "at_risk": Look("At risk", "diamond", "yellow"),
    "behind": Look("Behind", "down", "red"),
    "overdue": Look("Overdue", "down", "red"),
    "not_due": Look("Not yet due", "ring", "grey"),
    "no_data": Look("Not reported", "dash", "grey"),
    "achieved": Look("Achieved", "check", "green"),
    # tasks
    "not_started": Look("Not started", "ring", "blue"),
    "in_progress": Look("In progress", "half", "blue"),
    "completed": Look("Completed", "check", "plain"),
    "cannot_start": Look("Cannot start yet", "dash", "muted"),
    "optional": Look("Optional", "ring", "grey"),
    "not_needed": Look("Not needed", "dash", "muted"),
    # records
    "draft": Look("Draft", "ring", "grey"),
    "planned": Look("Planned", "ring", "grey"),
    "proposed": Look("Proposed", "half", "blue"),
    "agreed": Look("Agreed", "check", "green"),
    "active": Look("Active", "circle", "green"),
    "live": Look("Live", "circle", "green"),
    "published": Look("Published", "circle", "green"),
    "open": Look("Open", "circle", "green"),
    "closed": Look("Closed", "square", "grey"),
    "sealed": Look("Sealed", "square", "purple"),
    "opened": Look("Opened", "half", "blue"),
    "invited": Look("Invited", "ring", "blue"),
    "submitted": Look("Submitted", "half", "blue"),
    "withdrawn": Look("Withdrawn", "cross", "grey"),
    "declined": Look("Declined", "cross", "grey"),
    "evaluating": Look("Evaluating", "half", "blue"),
    "evaluated": Look("Evaluated", "check", "blue"),
    "awarded": Look("Awarded", "check", "green"),
    "not_awarded": Look("Not awarded", "cross", "grey"),
    "awaiting_verification": Look("Awaiting verification", "half", "blue"),
    "claimed": Look("Claimed", "half", "blue"),
    "committed": Look("Committed", "ring", "blue"),
    "verified": Look("Verified", "check", "green"),
    "returned": Look("Returned", "back", "orange"),
    "rejected": Look("Rejected", "cross", "red"),
    "corrected": Look("Corrected", "diamond", "purple"),
    "reversed": Look("Reversed", "back", "purple"),
    "frozen": Look("Frozen", "square", "blue"),
    "superseded": Look("Superseded", "dash", "grey"),
    "archived": Look("Archived", "square", "grey"),
    "cancelled": Look("Cancelled", "cross", "grey"),
    "finished": Look("Finished", "check", "green"),
    "complete": Look("Complete", "check", "green"),
    "passed": Look("Passed", "check", "green"),
    "failed": Look("Failed", "cross", "red"),
    "routed": Look("Being prepared", "ring", "blue"),
    "ranked": Look("Ranked", "check", "blue"),
    "adopted": Look("Adopted", "circle", "green"),
    "ended": Look("Ended", "square", "grey"),
    # rows of an import
    "created": Look("New", "circle", "green"),
    "updated": Look("Changed", "half", "blue"),
    "unchanged": Look("Unchanged", "dash", "grey"),
    "refused": Look("Refused", "cross", "red"),
    "previewed": Look("Previewed", "ring", "blue"),
    "applied": Look("Applied", "check", "green"),
    # routes
    "light_touch": Look("Light touch", "ring", "grey"),
    "toms_advised": Look("TOMs advised", "half", "blue"),
    "toms_mandatory": Look("TOMs mandatory", "circle", "purple"),
    "not_routed": Look("Not routed", "dash", "grey"),
    # jobs
    "queued": Look("Waiting", "ring", "grey"),
    "running": Look("Running", "half", "blue"),
    "current": Look("Current stage", "half", "blue"),
    "next": Look("Not started", "ring", "grey"),
    "skipped": Look("Not needed", "dash", "grey"),
    "done": Look("Done", "check", "green"),
}


def look_of(key: Any) -> Look:
    """The look of a status; one that is not listed is shown in its own words, in grey."""
    name = str(getattr(key, "value", key)).lower().replace("-", "_").replace(" ", "_")
    found = LOOKS.get(name)
    return found or Look(name.replace("_", " ").capitalize(), "ring", "grey")


@register.inclusion_tag("components/status.html")
def status(key: Any, label: str = "", look: str = "") -> dict[str, Any]:
    """Word, shape and colour of a status. ``label`` changes the word; ``look`` borrows another's shape."""
    known = look_of(look or key)
    return {"word": label or (look_of(key).word if look else known.word), "look": known}


@register.inclusion_tag("components/tag.html")
def tag(text: str, colour: str = "grey") -> dict[str, Any]:
    """A label that is not a status."""
    return {"text": text, "colour": colour}


# --- lists and tables -------------------------------------------------------------------------


def _row(item: Any, *names: str) -> dict[str, Any]:
    """The named values of an object, a mapping or a sequence; ``what|label`` takes the first there is."""
    if isinstance(item, tuple | list) and not hasattr(item, "_fields"):
        values = [*item, *[""] * len(names)]
        return {name.partition("|")[0]: value for name, value in zip(names, values, strict=False)}
    return {name.partition("|")[0]: _first(item, name.split("|")) for name in names}


def _first(item: Any, names: Sequence[str]) -> Any:
    for name in names:
        if isinstance(item, Mapping) and name in item:
            return item[name]
        if not isinstance(item, Mapping) and hasattr(item, name):
            return getattr(item, name)
    return ""


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any], title: str = "") -> dict[str, Any]:
    """Rows of ``(key, value)``, ``(key, value, href)`` or ``(key, value, href, verb)``."""
    return {"rows": [_row(row, "key", "value", "href", "verb") for row in rows], "title": title}


@register.inclusion_tag("components/task_list.html")
def task_list(items: Iterable[Any], prefix: str = "task") -> dict[str, Any]:
    """Items with ``title``, ``href``, ``status`` (a key) and an optional ``hint`` and ``word``."""
    shown = []
    for item in items:
        row = _row(item, "title|label", "href|url", "status|state", "hint", "word")
        row["look"] = look_of(row["status"])
        row["word"] = row["word"] or row["look"].word
        shown.append(row)
    return {"items": shown, "prefix": prefix}


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown."""

    text: str
    is_numeric: bool
    href: str = ""


def shown_value(column: Column, value: Value) -> str:
    """A table value as text. Nought is "0"; not reported is a dash with words for a screen reader."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.datetime):
        return uk_datetime(value)
    if isinstance(value, datetime.date):
        return periods.uk_date(value)
    if isinstance(value, Decimal | int):
        number = Decimal(value)
        if column.kind == "money":
            return money.pounds(number)
        if column.kind == "percent":
            return money.percent_text(number)
        return money.quantity_text(number)
    return str(value)


def _cells(table: Table, row: Sequence[Value], href: str = "") -> Iterator[Cell]:
    for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
        yield Cell(shown_value(column, value), column.is_numeric, href if index == 0 else "")


@register.inclusion_tag("components/data_table.html", takes_context=True)
def data_table(
    context: Context,
    table: Table,
    caption_size: str = "m",
    small: bool = False,
    hide_caption: bool = False,
) -> dict[str, Any]:
    """A ``core.tables.Table``: caption, figures to the right, totals row, empty state."""
    links = [*table.links, *[""] * (len(table.rows) - len(table.links))]
    return {
        "table": table,
        "rows": [
            list(_cells(table, row, href)) for row, href in zip(table.rows, links, strict=True)
        ],
        "total": list(_cells(table, table.total)) if table.total else None,
        "caption_size": caption_size,
        "small": small,
        "hide_caption": hide_caption,
    }


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: Context, label: str, key: str, numeric: bool = False, parameter: str = "sort"
) -> dict[str, Any]:
    """A column heading that sorts: ``?sort=key``, then ``?sort=-key``, keeping the other filters."""
    chosen = context["request"].GET.get(parameter, "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(chosen, "none")
    target = f"-{key}" if chosen == key else key
    return {
        "label": label,
        "numeric": numeric,
        "direction": direction,
        "href": _with_query(context, **{parameter: target, "page": None}),
    }


def _with_query(context: Context, **changes: Any) -> str:
    """The page's own address with some parameters changed; ``None`` takes one away."""
    request = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """``?…`` of this page with the given parameters changed."""
    return _with_query(context, **changes)


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Page links that keep every filter. Draws nothing for a single page."""
    pages = page.paginator.num_pages
    shown = [n for n in range(1, pages + 1) if n in (1, pages) or abs(n - page.number) <= 2]
    items: list[dict[str, Any]] = []
    for position, number in enumerate(shown):
        if position and number - shown[position - 1] > 1:
            items.append({"ellipsis": True})
        items.append(
            {
                "number": number,
                "href": _with_query(context, **{parameter: number}),
                "current": number == page.number,
            }
        )
    return {
        "items": items if pages > 1 else [],
        "previous": _with_query(context, **{parameter: page.number - 1})
        if page.has_previous()
        else "",
        "next": _with_query(context, **{parameter: page.number + 1}) if page.has_next() else "",
    }


@register.inclusion_tag("components/result_count.html")
def result_count(page: Page[Any], one: str, many: str = "") -> dict[str, Any]:
    """``Showing 26 to 50 of 112 procurements``."""
    total = page.paginator.count
    return {"page": page, "total": total, "noun": one if total == 1 else many or f"{one}s"}


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: Any, results: str = "results", button_text: str = "Apply filters"
) -> dict[str, Any]:
    """A GET form above a list. With JavaScript the list ``#results`` changes without a reload."""
    request = context.get("request")
    return {
        "form": form,
        "results": results,
        "button_text": button_text,
        "path": getattr(request, "path", ""),
        "is_filtered": bool(getattr(request, "GET", None)),
    }


@register.inclusion_tag("components/downloads.html", takes_context=True)
def downloads(
    context: Context, csv: str = "", xlsx: str = "", pdf: str = "", what: str = "this list"
) -> dict[str, Any]:
    """Links to exactly what is filtered: the page's query goes with them, without the page number."""
    request = context.get("request")
    pairs = [
        (key, text)
        for key, texts in (request.GET.lists() if request is not None else ())
        for text in texts
        if key != "page"
    ]
    query = f"?{urlencode(pairs)}" if pairs else ""
    return {"csv": csv, "xlsx": xlsx, "pdf": pdf, "query": query, "what": what}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, text: str = "", action: str = "", href: str = "", level: int = 2
) -> dict[str, Any]:
    """Nothing yet, and what to do first."""
    return {"title": title, "text": text, "action": action, "href": href, "level": level}


# --- figures ----------------------------------------------------------------------------------


@register.inclusion_tag("components/tile.html")
def tile(
    label: str, figure: Any, note: str = "", href: str = "", kind: str = "", unit: str = ""
) -> dict[str, Any]:
    """One number with its name and what it is out of. ``kind``: empty, alert, quiet."""
    return {
        "label": label,
        "figure": figure,
        "note": note,
        "href": href,
        "kind": kind,
        "unit": unit,
        "is_words": not any(letter.isdigit() for letter in str(figure)),
    }


@register.inclusion_tag("components/progress.html")
def progress(
    done: Decimal | int | None,
    total: Decimal | int | None,
    label: str = "",
    unit: str = "",
    is_money: bool = False,
) -> dict[str, Any]:
    """A bar with its percentage and the two numbers it comes from."""
    has_share = done is not None and total is not None and Decimal(total) > 0
    share = Decimal(done or 0) * 100 / Decimal(total) if has_share and total else None
    show = money.pounds if is_money else money.quantity_text
    return {
        "share": None if share is None else money.percent_text(share),
        "width": bar_width(Decimal(done or 0), Decimal(total or 0)),
        "done": None if done is None else show(Decimal(done)),
        "total": None if total is None else show(Decimal(total)),
        "label": label,
        "unit": unit,
    }


@register.inclusion_tag("components/bar_rows.html")
def bar_rows(
    rows: Iterable[Any], caption: str, unit: str = "", out_of: Decimal | int | None = None
) -> dict[str, Any]:
    """Rows of ``label``, ``number``, ``shown`` and optional ``note`` and ``href``, to one scale.

    A full bar is ``out_of`` (100 for percentages), or the largest number shown.
    """
    shown = [_row(row, "label", "number", "shown", "note", "href|url") for row in rows]
    largest = (
        Decimal(out_of)
        if out_of
        else max((Decimal(row["number"] or 0) for row in shown), default=Decimal(0))
    )
    for row in shown:
        row["width"] = bar_width(Decimal(row["number"] or 0), largest)
    return {"rows": shown, "caption": caption, "unit": unit}


@register.inclusion_tag("components/chart.html")
def chart(drawing: Any, level: int = 2, show_title: bool = True) -> dict[str, Any]:
    """A ``core.charts.Chart``: heading, drawing for wide and narrow screens, and its table."""
    return {"chart": drawing, "level": level, "show_title": show_title}


@register.inclusion_tag("components/working.html")
def working(
    lines: Iterable[Any], result: str = "", summary: str = "How this is worked out"
) -> dict[str, Any]:
    """The sum behind a figure, line by line: ``(what, how much)`` or ``(what, how much, source)``."""
    shown = [_row(line, "what|label", "figure|shown", "source") for line in lines]
    return {
        "has_sources": any(line["source"] for line in shown),
        "lines": shown,
        "result": result,
        "summary": summary,
    }


@register.inclusion_tag("components/figure_link.html")
def figure_link(text: str, href: str, meaning: str = "") -> dict[str, Any]:
    """A figure that opens to the rows under it; ``meaning`` says what it counts."""
    return {"text": text, "href": href, "meaning": meaning}


@register.inclusion_tag("components/stage_tracker.html")
def stage_tracker(stages: Iterable[Any], label: str = "Stages") -> dict[str, Any]:
    """Where a record stands: ``label``, ``state`` (done, current, next, skipped), ``href``, ``note``."""
    words = {
        "done": "Completed",
        "current": "Current stage",
        "next": "Not started",
        "skipped": "Not needed",
    }
    shown = []
    for stage in stages:
        row = _row(stage, "label|name", "state", "href|url", "note|summary")
        row["state"] = str(getattr(row["state"], "value", row["state"]) or "next")
        row["word"] = words.get(row["state"], "")
        shown.append(row)
    return {"stages": shown, "label": label}


@register.inclusion_tag("components/history_list.html")
def history_list(entries: Iterable[Any], title: str = "History", level: int = 2) -> dict[str, Any]:
    """What happened, newest first: ``sentence``, ``at``, ``by``."""
    shown = [_row(entry, "sentence", "at", "by|who", "organisation") for entry in entries]
    return {"entries": shown, "title": title, "level": level}


@register.inclusion_tag("components/who_can_see.html")
def who_can_see(people: Iterable[str], summary: str = "Who can see this") -> dict[str, Any]:
    """The people who can open this page, one line each."""
    return {"people": list(people), "summary": summary}


@register.inclusion_tag("components/job_progress.html")
def job_progress(
    done: int, total: int | None, is_finished: bool, refresh_url: str = "", what: str = "rows"
) -> dict[str, Any]:
    """Long work: how far it is. Refreshes itself and is safe to leave."""
    return {
        "done": done,
        "total": total,
        "is_finished": is_finished,
        "refresh_url": refresh_url,
        "what": what,
    }
