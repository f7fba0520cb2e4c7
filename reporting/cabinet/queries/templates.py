"""An organisation's own forms of a report, as its authors see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.cabinet.models import CabinetReport, ReportTemplate
from reporting.cabinet.permissions import can_start
from reporting.cabinet.queries.knowing import about_of_form, figure_names
from reporting.cabinet.queries.sections import InsertGroup, InsertRow, narrowed
from reporting.cabinet.rules import words
from reporting.cabinet.rules.exhibits import exhibits_of
from reporting.cabinet.rules.forms import FORMS, Form, form_of
from reporting.figures.permissions import leads_region
from reporting.figures.rules.definitions import FIGURES
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

__all__ = [
    "TemplateLine",
    "TemplatePage",
    "TemplateSectionPage",
    "TemplatesPage",
    "copy_choices",
    "narrowed",
    "section_page",
    "template_page",
    "templates_page",
]

PLACE_MEANINGS = {
    "organisation": "The name of your organisation",
    "committee": "Who the report is for",
    "period": "The financial year or quarter of the report",
    "next_period": "The period after it",
    "directorate": "The directorate the report is about",
    "region": "The region the report is about",
}


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template in the list."""

    id: int
    name: str
    kind: str
    committee: str
    sections: int
    reports: int
    """How many reports were begun from it."""


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    own: tuple[TemplateLine, ...]
    standard: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """One template, to be changed."""

    id: int
    name: str
    kind: str
    committee: str
    sections: tuple[Mapping[str, Any], ...]
    contact_roles: tuple[str, ...]
    sign_off_steps: tuple[str, ...]
    needs_sign_off: bool
    version: int
    history: tuple[HistoryLine, ...]

    @property
    def start_query(self) -> str:
        """What the address of a report begun from it asks."""
        return f"?template={self.id}"

    @property
    def initial(self) -> dict[str, Any]:
        """For the form."""
        return {
            "name": self.name,
            "committee": self.committee,
            "contact_roles": "\n".join(self.contact_roles),
            "sign_off_steps": list(self.sign_off_steps),
            "needs_sign_off": self.needs_sign_off,
            "version": self.version,
        }

    def as_sent(self, sent: Any) -> dict[str, Any]:
        """What stands in the boxes when a row was added or removed."""
        return {
            **{name: sent.get(name, "") for name in self.initial},
            "sign_off_steps": sent.getlist("sign_off_steps"),
            "needs_sign_off": "needs_sign_off" in sent,
        }

    @property
    def section_rows(self) -> list[dict[str, Any]]:
        """For the rows of the form."""
        return [
            {name: row[name] for name in ("kind", "heading", "is_numbered")} | {"place": place}
            for place, row in enumerate(self.sections, start=1)
        ]

    @property
    def headings(self) -> list[dict[str, Any]]:
        """Key, heading with its number, and how much it says, for the list of what is written in each."""
        numbers = words.numbers(row["is_numbered"] for row in self.sections)
        return [
            {
                "kind": row["kind"],
                "title": words.heading_of(row["heading"], number),
                "blocks": len(words.blocks(row["narrative"], None)),
            }
            for row, number in zip(self.sections, numbers, strict=True)
        ]

    @property
    def history_lines(self) -> list[tuple[str, Any, str]]:
        return [(line.sentence, line.at, line.organisation) for line in self.history]


@dataclass(frozen=True, slots=True)
class TemplateSectionPage:
    """The words one section begins with."""

    template_id: int
    template_name: str
    kind: str
    heading: str
    narrative: str
    version: int
    groups: tuple[InsertGroup, ...]


def templates_page(actor: Actor) -> TemplatesPage:
    """The organisation's templates in use, and the forms that come with the service."""
    _author(actor)
    rows = list(_own(actor))
    begun = CabinetReport.objects.filter(template__in=rows).values_list("template_id", flat=True)
    counts: dict[int, int] = {}
    for key in begun:
        counts[key or 0] = counts.get(key or 0, 0) + 1
    return TemplatesPage(
        tuple(
            TemplateLine(
                row.pk,
                row.name,
                row.get_kind_display(),
                row.committee,
                len(row.sections),
                counts.get(row.pk, 0),
            )
            for row in rows
        ),
        tuple(_standard(actor)),
    )


def _standard(actor: Actor) -> list[Form]:
    """The forms that come with the service; the one of a region for who leads one."""
    return [form for form in FORMS.values() if not form.has_region or leads_region(actor)]


def copy_choices(actor: Actor) -> list[tuple[str, str]]:
    """What can be copied: the forms by kind, the organisation's templates by number."""
    _author(actor)
    return [
        *((str(form.kind), form.kind.label) for form in _standard(actor)),
        *((str(row.pk), row.name) for row in _own(actor)),
    ]


def template_page(actor: Actor, template_id: int) -> TemplatePage:
    """One template. NotVisible for another organisation's and for an archived one."""
    row = _one(actor, template_id)
    return TemplatePage(
        row.pk,
        row.name,
        row.get_kind_display(),
        row.committee,
        tuple(row.sections),
        tuple(row.contact_roles),
        tuple(row.sign_off_steps),
        row.needs_sign_off,
        row.version,
        tuple(history_of(target_type="reporttemplate", target_id=row.pk)),
    )


def section_page(actor: Actor, template_id: int, kind: str) -> TemplateSectionPage:
    """The words of one section of a template. NotVisible when it has none of this key."""
    row = _one(actor, template_id)
    found = next((section for section in row.sections if section["kind"] == kind), None)
    if found is None:
        raise NotVisible
    return TemplateSectionPage(
        row.pk,
        row.name,
        found["kind"],
        found["heading"],
        found["narrative"],
        row.version,
        _inserts(form_of(row.kind)),
    )


def _inserts(form: Form) -> tuple[InsertGroup, ...]:
    """What a report of this kind can show, and the words it is told when it is started."""
    scope = about_of_form(form)
    names = figure_names(scope)
    places = {
        name: text
        for name, text in PLACE_MEANINGS.items()
        if (name != "directorate" or form.has_directorate) and (name != "region" or form.has_region)
    }
    exhibits: Sequence[InsertRow] = [
        InsertRow(row.typed, row.title, row.meaning, "", is_block=True)
        for row in exhibits_of(scope)
    ]
    return (
        InsertGroup(
            "Words of the report",
            tuple(
                InsertRow(f"{{{name}}}", text, "Filled in when a report is started.", "")
                for name, text in places.items()
            ),
        ),
        InsertGroup(
            "Figures",
            tuple(
                InsertRow(f"{{{row.name}}}", row.label, row.meaning, "")
                for row in FIGURES.values()
                if row.name in names
            ),
        ),
        InsertGroup("Charts", tuple(row for row in exhibits if row.typed.startswith("{chart:"))),
        InsertGroup("Tables", tuple(row for row in exhibits if row.typed.startswith("{table:"))),
    )


def _author(actor: Actor) -> None:
    if not can_start(actor):
        raise NotAllowed("Only a report author can change the templates of reports.")


def _own(actor: Actor) -> Any:
    return ReportTemplate.objects.filter(authority_id=actor.organisation_id, archived_at=None)


def _one(actor: Actor, template_id: int) -> ReportTemplate:
    _author(actor)
    found: ReportTemplate | None = _own(actor).filter(pk=template_id).first()
    if found is None:
        raise NotVisible
    return found
