"""One record: its answers, tasks, stages, history and who can see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from socialvalue.core import money
from socialvalue.core.templatetags.ui.registry import block, register, row_of
from socialvalue.core.templatetags.ui.statuses import look_of


@register.simple_block_tag
def summary(content: str, title: str = "", href: str = "", verb: str = "Change") -> SafeString:
    """Holds ``summary_row`` tags; with a title it becomes a card."""
    return block("summary", content=content, title=title, href=href, verb=verb)


@register.simple_block_tag
def summary_row(content: str, key: str, href: str = "", verb: str = "Change") -> SafeString:
    """One question and its answer, with a link to change it."""
    return block("summary_row", content=content, key=key, href=href, verb=verb)


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any], title: str = "") -> dict[str, Any]:
    """Rows of ``(key, value)``, ``(key, value, href)`` or ``(key, value, href, verb)``."""
    return {"rows": [row_of(row, "key", "value", "href", "verb") for row in rows], "title": title}


@register.inclusion_tag("components/task_list.html", takes_context=True)
def task_list(context: Context, items: Iterable[Any], prefix: str = "task") -> dict[str, Any]:
    """Items with ``title``, ``href``, ``status`` (a key) and an optional ``hint`` and ``word``."""
    hides_pounds = bool(context.get("counts_only"))
    shown = []
    for item in items:
        row = row_of(item, "title|label", "href|url", "status|state", "hint", "word")
        if hides_pounds:
            # A claim of money, "£500", is a quantity: it stays, in words.
            row["title"] = money.without_sign(str(row["title"]))
        row["look"] = look_of(row["status"])
        row["word"] = row["word"] or (row["look"].word if row["status"] else "")
        shown.append(row)
    return {"items": shown, "prefix": prefix}


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
        row = row_of(stage, "label|name", "state", "href|url", "note|summary")
        row["state"] = str(getattr(row["state"], "value", row["state"]) or "next")
        row["word"] = words.get(row["state"], "")
        shown.append(row)
    return {"stages": shown, "label": label}


@register.inclusion_tag("components/history_list.html", takes_context=True)
def history_list(
    context: Context,
    entries: Iterable[Any],
    title: str = "History",
    level: int = 2,
    show: int = 10,
    of_quantities: bool = False,
    record: str = "",
    key: object = "",
) -> dict[str, Any]:
    """What happened, newest first: ``sentence``, ``at``, ``by``. Beyond ``show`` the older ones open on request.

    ``record`` and ``key`` say which thing it is (``reporting.home.queries.recorded``): its full record is linked to.

    What was said stays as it was said; counts only withholds the pounds of social value in it, and writes those of a
    quantity out (``of_quantities``: the sentences tell no price).
    """
    rows = [row_of(entry, "sentence", "at", "by|who", "organisation") for entry in entries]
    if context.get("counts_only"):
        for row in rows:
            told = money.without_social_value(str(row["sentence"]))
            row["sentence"] = money.without_sign(told) if of_quantities else told
    return {
        "newest": rows[:show],
        "older": rows[show:],
        "older_summary": f"Show all {len(rows)} deeds",
        "title": title,
        "level": level,
        "record": record if key else "",
        "key": key,
    }


@register.inclusion_tag("components/who_can_see.html")
def who_can_see(people: Iterable[Any], summary: str = "Who can see this") -> dict[str, Any]:
    """Who sees the record, one line each: a sentence, or ``who``, ``what`` and ``until``."""
    rows = list(people)
    # Where everybody sees it there is nobody else to speak of.
    is_public = any(getattr(row, "deeds", None) == frozenset() for row in rows)
    return {"people": rows, "summary": summary, "is_public": is_public}


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
