"""An organisation's own forms of a report. Reports begun from one keep their words when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from reporting.cabinet.models import ReportTemplate
from reporting.cabinet.permissions import can_start
from reporting.cabinet.queries.knowing import known_of_form
from reporting.cabinet.rules import arranging
from reporting.cabinet.rules.forms import form_of
from reporting.cabinet.rules.templates import copied
from reporting.cabinet.services.guards import CHANGED, check_references
from reporting.cabinet.vocabulary import CabinetDeed, ReportKind, SignOffStep
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

LONGEST_NAME = 120
LONGEST_COMMITTEE = 80
LONGEST_ROLE = 100
MOST_ROLES = 12
LONGEST_TEXT = 20_000
NOT_AUTHOR = (
    "Only a report author can do this. Ask your organisation's administrator for that role."
)


@dataclass(frozen=True, slots=True)
class TemplateSection:
    """One heading as the form of the template sends it: ``kind`` is empty for a new one."""

    kind: str
    heading: str
    is_numbered: bool


@transaction.atomic
def copy_form(
    *, actor: Actor, name: str, kind: str = "", template_id: int | None = None
) -> ReportTemplate:
    """A template of the actor's organisation: a copy of the form of a kind, or of another template of it.

    RuleBroken for a name in use and for a kind that is none.
    """
    authority_id = _author(actor)
    if template_id is not None:
        other = _own(actor, template_id)
        facts: dict[str, Any] = {
            "kind": other.kind,
            "committee": other.committee,
            "sections": other.sections,
            "contact_roles": other.contact_roles,
            "sign_off_steps": other.sign_off_steps,
            "needs_sign_off": other.needs_sign_off,
        }
    elif kind in ReportKind.values:
        form = form_of(kind)
        facts = {
            "kind": form.kind,
            "committee": form.committee,
            "sections": copied(form),
            "contact_roles": list(form.contact_roles),
            "sign_off_steps": list(form.sign_off_steps),
        }
    else:
        raise RuleBroken("Select the template to copy from the list.", field="kind")
    template = ReportTemplate(authority_id=authority_id, name=_name(name), **facts)
    _save(template)
    _tell(actor, template, "made", {"kind": template.kind})
    return template


@transaction.atomic
def change_template(
    *,
    actor: Actor,
    template_id: int,
    expected_version: int,
    name: str,
    committee: str,
    sections: Sequence[TemplateSection],
    contact_roles: Sequence[str],
    sign_off_steps: Sequence[str],
    needs_sign_off: bool,
) -> ReportTemplate:
    """Its name, who it is for, its headings in order, the roles of its contacts and the steps of its sign-off.

    A heading keeps the words it had; a heading that is left out takes its words along. Conflict when somebody else
    was first, RuleBroken for what cannot be kept.
    """
    template = _to_write(actor, template_id)
    after: dict[str, Any] = {
        "name": _name(name),
        "committee": _committee(committee),
        "sections": _arranged(template, sections),
        "contact_roles": _roles(contact_roles),
        "sign_off_steps": _steps(sign_off_steps),
        "needs_sign_off": needs_sign_off,
    }
    if needs_sign_off and not after["sign_off_steps"]:
        raise RuleBroken(
            "Select at least one step of the sign-off, or let reports be frozen without it.",
            field="sign_off_steps",
        )
    before = {key: getattr(template, key) for key in after}
    _check_version(template, expected_version, _differ(before, after))
    for key, value in after.items():
        setattr(template, key, value)
    template.version += 1
    _save(template)
    _tell(actor, template, "changed", _told(after))
    return template


@transaction.atomic
def write_template_section(
    *, actor: Actor, template_id: int, kind: str, expected_version: int, narrative: str
) -> ReportTemplate:
    """The words a section begins with. RuleBroken for a name in braces that reports of this kind do not have."""
    template = _to_write(actor, template_id)
    section = next((row for row in template.sections if row["kind"] == kind), None)
    if section is None:
        raise NotVisible
    text = narrative.replace("\r\n", "\n").strip()
    heading = section["heading"]
    _check_version(
        template,
        expected_version,
        differences({kind: f"Words of {heading}"}, {kind: section["narrative"]}, {kind: text}),
    )
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(
            f"A section must be {LONGEST_TEXT:,} characters or fewer. Shorten it.",
            field="narrative",
        )
    check_references(text, known_of_form(form_of(template.kind)))
    template.sections = [
        {**row, "narrative": text} if row["kind"] == kind else row for row in template.sections
    ]
    template.version += 1
    _save(template)
    _tell(actor, template, f"changed the words of {heading} in", {"narrative": text})
    return template


@transaction.atomic
def archive_template(*, actor: Actor, template_id: int, expected_version: int) -> ReportTemplate:
    """No report is started from it any more; its name is free again. Reports begun from it stay as they are."""
    template = _to_write(actor, template_id)
    _check_version(template, expected_version, {})
    template.archived_at = clock.now()
    template.version += 1
    template.save(update_fields=["archived_at", "version"])
    record(
        actor=actor,
        deed=CabinetDeed.TEMPLATE_ARCHIVED,
        sentence=f"{actor.name} archived the report template “{template.name}”.",
        target=template,
    )
    return template


def _author(actor: Actor) -> int:
    """The organisation whose templates the actor writes."""
    if not can_start(actor) or actor.organisation_id is None:
        raise NotAllowed(NOT_AUTHOR)
    return actor.organisation_id


def _own(actor: Actor, template_id: int) -> ReportTemplate:
    """A template of the actor's organisation that is in use, under a lock."""
    found = (
        ReportTemplate.objects.select_for_update(of=("self",))
        .filter(pk=template_id, authority_id=actor.organisation_id, archived_at=None)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def _to_write(actor: Actor, template_id: int) -> ReportTemplate:
    _author(actor)
    return _own(actor, template_id)


def _check_version(
    template: ReportTemplate, expected: int, changed: dict[str, tuple[str, str]]
) -> None:
    if template.version != expected:
        raise Conflict(CHANGED.replace("report", "template"), changed=changed)


def _save(template: ReportTemplate) -> None:
    """RuleBroken where another template in use has the name."""
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise RuleBroken(
            "Another template of your organisation has this name. Choose another.", field="name"
        ) from error


def _tell(actor: Actor, template: ReportTemplate, did: str, after: dict[str, Any]) -> None:
    record(
        actor=actor,
        deed=CabinetDeed.TEMPLATE_SAVED,
        sentence=f"{actor.name} {did} the report template “{template.name}”.",
        target=template,
        after=after,
    )


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise RuleBroken("Enter a name for the template", field="name")
    if len(name) > LONGEST_NAME:
        raise RuleBroken(f"The name must be {LONGEST_NAME} characters or fewer.", field="name")
    return name


def _committee(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise RuleBroken("Enter who the reports are for, like Cabinet", field="committee")
    if len(name) > LONGEST_COMMITTEE:
        raise RuleBroken(
            f"Who the reports are for must be {LONGEST_COMMITTEE} characters or fewer.",
            field="committee",
        )
    return name


def _arranged(template: ReportTemplate, rows: Sequence[TemplateSection]) -> list[dict[str, Any]]:
    """The headings in their order, each with the words it has."""
    if not rows:
        raise RuleBroken("A template needs at least one section.", field="sections")
    if len(rows) > arranging.MOST_SECTIONS:
        raise RuleBroken(f"A report holds at most {arranging.MOST_SECTIONS} sections.")
    had = {row["kind"]: row["narrative"] for row in template.sections}
    taken = {row.kind for row in rows if row.kind in had}
    found: list[dict[str, Any]] = []
    for row in rows:
        heading = arranging.heading_of(row.heading, [other["heading"] for other in found])
        kind = row.kind if row.kind in had else arranging.key_of(heading, taken)
        if kind in {other["kind"] for other in found}:
            raise RuleBroken("The same section is there twice. Open the template again.")
        taken.add(kind)
        found.append(
            {
                "kind": kind,
                "heading": heading,
                "is_numbered": row.is_numbered,
                "narrative": had.get(kind, ""),
            }
        )
    return found


def _roles(roles: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(role.split()) for role in roles if role.strip()))
    if len(found) > MOST_ROLES:
        raise RuleBroken(f"Name at most {MOST_ROLES} roles.", field="contact_roles")
    if any(len(role) > LONGEST_ROLE for role in found):
        raise RuleBroken(
            f"A role must be {LONGEST_ROLE} characters or fewer.", field="contact_roles"
        )
    return found


def _steps(steps: Sequence[str]) -> list[str]:
    """In the order of the vocabulary, whatever was ticked first."""
    if set(steps) - set(SignOffStep.values):
        raise RuleBroken("Select the steps of the sign-off from the list.", field="sign_off_steps")
    return [step for step in SignOffStep.values if step in steps]


def _differ(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return differences(
        {
            "name": "Name",
            "committee": "Who the reports are for",
            "sections": "Sections",
            "contact_roles": "Roles of the contacts",
            "sign_off_steps": "Steps of the sign-off",
            "needs_sign_off": "Frozen only when signed off",
        },
        before,
        after,
        words={
            "sections": lambda rows: "; ".join(row["heading"] for row in rows),
            "contact_roles": "; ".join,
            "sign_off_steps": lambda rows: ", ".join(SignOffStep(step).label for step in rows),
            "needs_sign_off": lambda needed: "Yes" if needed else "No",
        },
    )


def _told(after: dict[str, Any]) -> dict[str, Any]:
    return {**after, "sections": [row["heading"] for row in after["sections"]]}
