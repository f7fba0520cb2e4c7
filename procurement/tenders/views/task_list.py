"""Where a tender stands, and its start."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from procurement.tenders.permissions import who_sees_tender
from procurement.tenders.queries import (
    RequirementInfo,
    TenderOverview,
    amendments_for,
    priorities_served,
    tender_being_prepared,
    unanswered,
)
from procurement.tenders.rules import MOST_MEASURES, lacks_only_approval, plain
from procurement.tenders.services import start_tender, use_edition
from procurement.tenders.views.prepare import OFFICER, OfTender
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.views import Deed, Page

PAGE_OF = {
    "procurement:tenders:why_not": "procurement:tenders:measures",
    "procurement:tenders:details": "procurement:tenders:measures",
}
"""A gap that is mended on a page of its own belongs to this task."""


class TaskList(OfTender, Page):
    """Where the tender stands: what is done, what is missing, what is next."""

    access = BUYER
    template_name = "procurement/tenders/task_list.html"

    def get_page(self) -> dict[str, Any]:
        overview = self.overview
        return {
            "most_measures": MOST_MEASURES,
            "overview": overview,
            "who": who_sees_tender(
                (self.actor.organisation_id or 0, overview.authority_name),
                is_published=not overview.is_draft,
            )
            if overview.tender
            else (),
            "tasks": self.tasks(overview),
            "next_task": self.next_task(overview),
            **self.dialogue(overview),
            "served": priorities_served(self.actor, overview.procurement_id)
            if overview.requirements
            else [],
        }

    def dialogue(self, overview: TenderOverview) -> dict[str, Any]:
        """What was changed and asked since publication."""
        if overview.tender is None or overview.is_draft:
            return {}
        tender_id = overview.tender.pk
        return {
            "amendments": amendments_for(self.actor, tender_id),
            "waiting_count": unanswered([tender_id]).get(tender_id, 0),
        }

    def tasks(self, overview: TenderOverview) -> list[dict[str, str]]:
        missing: dict[str, str] = {}
        for row in overview.missing:
            missing.setdefault(PAGE_OF.get(row.url_name, row.url_name), row.label)
        rows = [
            (
                "measures",
                "Choose measures",
                "measures" if overview.gates.not_usable or not overview.requirements else "details",
                self.measures_hint(),
            ),
            ("scoring", "Set the scoring", "scoring", self.scoring_hint()),
            ("questions", "Write the questions", "questions", self.questions_hint()),
            ("suppliers", "Invite suppliers", "suppliers", self.suppliers_hint()),
        ]
        started = {
            "measures": bool(overview.requirements),
            "scoring": bool(overview.tender and overview.tender.weighting_kind),
            "questions": bool(overview.questions),
            "suppliers": bool(overview.invited),
        }
        tasks = []
        for name, title, page, hint in rows:
            is_missing = self.url_name(name) in missing
            state = "completed"
            if is_missing:
                state = "in_progress" if started[name] else "not_started"
            elif not started[name]:
                state = "optional"
            tasks.append(self.task(title, page, state, missing.get(self.url_name(name)) or hint))
        if overview.has_localised:
            tasks.insert(1, self.place_task(overview))
        if overview.gates.approvals:
            tasks.append(self.approval_task(overview))
        tasks.append(
            self.task("Check and publish", "publish", "not_started", "")
            if not missing
            else {"title": "Check and publish", "href": "", "status": "cannot_start", "hint": ""}
        )
        return tasks

    def task(self, title: str, page: str, state: str, hint: str) -> dict[str, str]:
        href = self.to(page) if self.overview.can_prepare else ""
        return {"title": title, "href": href, "status": state, "hint": hint}

    def url_name(self, name: str) -> str:
        return f"procurement:tenders:{name}"

    def approval_task(self, overview: TenderOverview) -> dict[str, str]:
        wanted = overview.gates.wanted
        if not wanted:
            state, hint = "completed", "Given. A change asks for it anew."
        elif lacks_only_approval(overview.missing):
            state, hint = "in_progress", f"Waiting for {' and '.join(wanted)}"
        else:
            state, hint = "cannot_start", f"By {' and '.join(wanted)}, once the rest is done"
        return {
            "title": "Approval before publication",
            "href": self.to("approve"),
            "status": state,
            "hint": hint,
        }

    def place_task(self, overview: TenderOverview) -> dict[str, str]:
        title = "Set the place and the sector" if overview.has_sectors else "Set the place"
        waiting = overview.awaiting_place
        if overview.valued_at and not (overview.has_sectors and waiting):
            hint = f"Localised measures are valued at {overview.valued_at}"
            return self.task(title, "place", "completed", hint)
        lacks = list(dict.fromkeys(row.awaits_until for row in waiting))
        verb = "measure has" if len(waiting) == 1 else "measures have"
        hint = f"{len(waiting)} {verb} no value until {' or '.join(lacks)}" if waiting else ""
        return self.task(title, "place", "optional", hint)

    def measures_hint(self) -> str:
        codes = ", ".join(measure_hint(row) for row in self.overview.requirements)
        tender = self.overview.tender
        reason = tender.no_measures_reason if tender else ""
        return codes or (f"None asked for. Reason: {reason}" if reason else "")

    def scoring_hint(self) -> str:
        return self.overview.scoring.formula[0] if self.overview.scoring else ""

    def questions_hint(self) -> str:
        many = len(self.overview.questions)
        judged = sum(row.is_pass_fail for row in self.overview.questions)
        more = f", {judged} of them pass or fail" if judged else ""
        return f"{many} question{'' if many == 1 else 's'}{more}" if many else "None asked"

    def suppliers_hint(self) -> str:
        many = len(self.overview.invited)
        return f"{many} invited" if many else ""

    def next_task(self, overview: TenderOverview) -> dict[str, str] | None:
        if not (overview.is_draft and overview.can_prepare):
            return None
        labels = {
            "measures": "Choose measures",
            "details": "Mend the weights of measures",
            "scoring": "Set the scoring",
            "questions": "Write the questions",
            "suppliers": "Invite suppliers",
            "consideration": "Record what was considered",
            "why_not": "Write down why",
            "approve": "See the approval",
        }
        if not overview.missing:
            return {"label": "Check and publish", "href": self.to("publish")}
        first = overview.missing[0].url_name
        return {
            "label": labels[first.rsplit(":", 1)[-1]],
            "href": reverse(first, args=[self.procurement_pk]),
        }


def measure_hint(row: RequirementInfo) -> str:
    """Its code, and its weight where each measure has one."""
    return row.code if row.weight_percent is None else f"{row.code} {plain(row.weight_percent)}%"


class UseEdition(OfTender, Deed):
    """Another edition, while nothing is asked for; the page carries the version the person saw."""

    access = OFFICER

    def perform(self) -> str:
        version = self.request.POST.get("version", "")
        use_edition(
            actor=self.actor,
            tender_id=tender_being_prepared(self.actor, self.procurement_pk).pk,
            expected_version=int(version) if version.isdecimal() else 0,
        )
        self.say("The tender asks from the edition your organisation uses now.")
        return self.to("measures")


class StartTender(OfTender, Deed):
    """Starts it and goes straight to what comes first: the measures."""

    access = OFFICER

    def perform(self) -> str:
        start_tender(actor=self.actor, procurement_id=self.procurement_pk)
        return self.to("measures")
