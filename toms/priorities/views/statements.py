"""Statements of priorities: the list of them, one of them against the measures in use, and a council's own to write."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.tables import Table
from socialvalue.core.views import FormPage, Page, TableDownload
from toms.priorities import forms, queries, services
from toms.priorities.permissions import (
    READER,
    WRITER,
    may_link,
    may_start,
    may_write,
    who_reads,
    why_not_link,
    why_not_write,
)
from toms.priorities.vocabulary import PriorityLevel, Standing


def page_of(slug: str) -> str:
    return reverse("toms:priorities:statement", args=[slug])


class Shelf(Page):
    """The statements in force on a day, by level; those still to come, and those past."""

    access = READER
    template_name = "toms/priorities/priorities.html"

    def get_page(self) -> dict[str, Any]:
        today = clock.today()
        form = forms.DayFilter(self.request.GET)
        on = form.given.get("on") or today
        return {
            "filter": form,
            "shelf": queries.shelf(self.actor, on),
            "is_today": on == today,
            "may_start": may_start(self.actor),
        }


class OfStatement:
    """What the pages of one statement share."""

    kwargs: dict[str, Any]
    actor: Any

    @cached_property
    def statement(self) -> queries.PrioritySetInfo:
        return queries.statement(self.actor, self.kwargs["slug"])


class StatementPage(OfStatement, Page):
    """Each priority with what serves it in the measures in use; what nothing serves; what serves none."""

    access = READER
    template_name = "toms/priorities/priority_statement.html"

    def get_page(self) -> dict[str, Any]:
        found, today = self.statement, clock.today()
        level, owner = found.level, found.authority_id
        is_own = level == PriorityLevel.COUNCIL
        return {
            "statement": found,
            "standing": found.standing(today),
            "map": queries.map_of(self.actor, found, today),
            "may_write": may_write(self.actor, level, owner),
            "may_link": may_link(self.actor, level, owner),
            "is_coming": found.standing(today) == Standing.COMING,
            "history": history_of(target_type="priorityset", target_id=found.id) if is_own else (),
            "who": who_reads(level, found.authority_name),
        }


class StatementExport(OfStatement, TableDownload):
    """The whole map: every priority with every measure that serves it, and what is left over."""

    access = READER

    def get_table(self) -> tuple[str, Table]:
        found = self.statement
        mapped = queries.map_of(self.actor, found, clock.today())
        return f"priorities-{found.slug}", queries.map_table(found, mapped)


class WritePage(OfStatement, FormPage):
    """A page on which the statement changes. Afterwards it leads back to the statement."""

    access = WRITER

    def get_page(self) -> dict[str, Any]:
        found = self.statement
        if reason := why_not_write(self.actor, found.level, found.authority_id):
            raise NotAllowed(reason)
        return {"statement": found, "back_url": page_of(found.slug)}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.statement.version}

    def version_now(self) -> Any:
        return self.statement.version

    def perform(self, form: Any) -> str:
        """After a conflict the form carries the version that is there now, so that saving again is a choice."""
        self.keep(form)
        return page_of(self.statement.slug)

    def keep(self, form: Any) -> None:
        raise NotImplementedError(f"{type(self).__name__}.keep")


class WithRows(FormPage):
    """A form that holds rows: what is wrong in them stands in the page's summary and title too."""

    @cached_property
    def row_sets(self) -> list[Any]:
        return []

    def build_form(self, *, bound: bool) -> Any:
        form = super().build_form(bound=bound)
        self.row_sets[:] = [form.rows]
        return form


class StartStatement(WithRows):
    """The acting authority's next statement."""

    access = WRITER
    template_name = "toms/priorities/priority_form.html"
    form_class = forms.StatementForm

    def get_page(self) -> dict[str, Any]:
        if not may_start(self.actor):
            raise NotAllowed(why_not_write(self.actor, PriorityLevel.COUNCIL, None))
        return {
            "statement": None,
            "back_url": reverse("toms:priorities:priorities"),
            "forms": self.row_sets,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rows": [{}, {}, {}]}

    def perform(self, form: forms.StatementForm) -> str:
        data = form.cleaned_data
        slug = services.start_statement(
            actor=self.actor,
            name=data["name"],
            document=data["document"],
            address=data["address"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            rows=form.inputs(),
        )
        messages.success(
            self.request, "The statement is kept. Now choose what serves each priority."
        )
        return page_of(slug)


class CorrectStatement(WithRows, WritePage):
    """Words and priorities; the days too while it is still to come."""

    template_name = "toms/priorities/priority_form.html"
    form_class = forms.StatementForm

    @cached_property
    def has_begun(self) -> bool:
        return self.statement.standing(clock.today()) != Standing.COMING

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"has_begun": self.has_begun, "forms": self.row_sets}

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = [
            {"id": row.id, "code": row.code, "name": row.name, "about": row.about}
            for row in self.statement.priorities
        ]
        return {"rows": rows, "has_begun": self.has_begun}

    def get_initial(self) -> dict[str, Any]:
        found = self.statement
        return super().get_initial() | {
            "name": found.name,
            "document": found.document,
            "address": found.address,
            "valid_from": found.valid_from,
            "valid_to": found.valid_to,
        }

    def keep(self, form: forms.StatementForm) -> None:
        data = form.cleaned_data
        services.correct_statement(
            actor=self.actor,
            slug=self.statement.slug,
            expected_version=data["version"] or 0,
            name=data["name"],
            document=data["document"],
            address=data["address"],
            rows=form.inputs(),
            valid_from=data.get("valid_from"),
            valid_to=data.get("valid_to"),
        )
        messages.success(self.request, "The statement is corrected.")


class LastDay(WritePage):
    """End it, or let it run on."""

    template_name = "toms/priorities/priority_last_day.html"
    form_class = forms.LastDayForm

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"valid_to": self.statement.valid_to}

    def keep(self, form: forms.LastDayForm) -> None:
        services.set_last_day(
            actor=self.actor,
            slug=self.statement.slug,
            expected_version=form.cleaned_data["version"],
            valid_to=form.cleaned_data["valid_to"],
        )
        messages.success(self.request, "The last day is changed.")


class DropStatement(WritePage):
    """Are you sure? A statement that is taken away does not come back."""

    template_name = "toms/priorities/priority_drop.html"
    form_class = forms.DropForm

    def get_page(self) -> dict[str, Any]:
        found = self.statement
        page = super().get_page()
        linked = sum(map(len, queries.links_of(row.id for row in found.priorities).values()))
        return page | {"linked": linked, "standing": found.standing(clock.today())}

    def perform(self, form: forms.DropForm) -> str:
        services.drop_statement(
            actor=self.actor,
            slug=self.statement.slug,
            expected_version=form.cleaned_data["version"],
        )
        messages.success(self.request, "The statement is taken away.")
        return reverse("toms:priorities:priorities")


class Links(WritePage):
    """Which outcomes and measures serve one priority."""

    template_name = "toms/priorities/priority_links.html"
    form_class = forms.LinksForm

    @cached_property
    def priority(self) -> queries.PriorityInfo:
        for row in self.statement.priorities:
            if row.id == self.kwargs["pk"]:
                return row
        raise NotVisible

    def get_page(self) -> dict[str, Any]:
        found = self.statement
        if reason := why_not_link(self.actor, found.level, found.authority_id):
            raise NotAllowed(reason)
        return {
            "statement": found,
            "priority": self.priority,
            "back_url": page_of(found.slug),
            "is_shared": found.level == PriorityLevel.REGIONAL,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        choices = queries.link_choices(self.actor, self.statement, self.priority, clock.today())
        return {"choices": choices}

    def keep(self, form: forms.LinksForm) -> None:
        services.set_links(
            actor=self.actor,
            priority_id=self.priority.id,
            expected_version=form.cleaned_data["version"],
            chosen=form.chosen,
        )
        messages.success(self.request, f"What serves “{self.priority.name}” is kept.")
