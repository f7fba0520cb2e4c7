"""Status as a word, a shape and a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from socialvalue.core.templatetags.ui.registry import register


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
    "missed": Look("Missed", "cross", "red"),
    "complete": Look("Complete", "check", "green"),
    "overdue": Look("Overdue", "down", "red"),
    "not_due": Look("Not yet due", "ring", "grey"),
    "due": Look("Due", "diamond", "yellow"),
    "not_known": Look("Not known", "dash", "grey"),
    "followed": Look("Followed", "check", "green"),
    "explained": Look("With a reason", "diamond", "yellow"),
    "not_followed": Look("Not followed", "cross", "red"),
    "no_data": Look("Not reported", "dash", "grey"),
    "achieved": Look("Achieved", "check", "green"),
    # shortfalls and requests
    "rectifying": Look("Being put right", "half", "blue"),
    "remedied": Look("Remedy decided", "check", "green"),
    "in_conversation": Look("In conversation", "diamond", "yellow"),
    # tasks
    "not_started": Look("Not started", "ring", "blue"),
    "in_progress": Look("In progress", "half", "blue"),
    "completed": Look("Completed", "check", "plain"),
    "incomplete": Look("Incomplete", "half", "orange"),
    "cannot_start": Look("Cannot start yet", "dash", "muted"),
    "optional": Look("Optional", "ring", "grey"),
    "not_needed": Look("Not needed", "dash", "muted"),
    # records
    "draft": Look("Draft", "ring", "grey"),
    "planned": Look("Planned", "ring", "grey"),
    "started": Look("Started", "half", "blue"),
    "dropped": Look("Dropped", "cross", "grey"),
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
    "awaiting_approval": Look("Awaiting approval", "half", "blue"),
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
    "passed": Look("Passed", "check", "green"),
    "failed": Look("Failed", "cross", "red"),
    # panels
    "undeclared": Look("Interests to declare", "ring", "blue"),
    "undecided": Look("Interest to decide", "diamond", "yellow"),
    "cleared": Look("Declared", "check", "green"),
    "recused": Look("Recused", "cross", "grey"),
    "locked": Look("Locked", "square", "green"),
    "marking": Look("Marking", "half", "blue"),
    # lines of a bid
    "counts": Look("Counts", "check", "green"),
    "counts_in_part": Look("Counts up to the most that is scored", "half", "blue"),
    "ruled_out": Look("Ruled out", "cross", "red"),
    # overrides of a route
    "asked": Look("Waiting for a second person", "half", "blue"),
    "approved": Look("Approved", "check", "green"),
    "taken_back": Look("Taken back", "back", "grey"),
    "routed": Look("Being prepared", "ring", "blue"),
    "ranked": Look("Ranked", "check", "blue"),
    "adopted": Look("Adopted", "circle", "green"),
    "in_force": Look("In force", "circle", "green"),
    "coming": Look("Coming", "ring", "blue"),
    "past": Look("Past", "square", "grey"),
    "ended": Look("Ended", "square", "grey"),
    # how a measure counts in its region's own
    "not_mapped": Look("Not mapped", "diamond", "yellow"),
    "mapped": Look("Mapped", "check", "green"),
    "carried": Look("Carried by code", "circle", "green"),
    "excluded": Look("Deliberately not counted", "dash", "grey"),
    "itself": Look("Regional measure", "circle", "blue"),
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
