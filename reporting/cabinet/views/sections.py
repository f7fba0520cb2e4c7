"""Writing a section: its text, what can be inserted, the preview, drafts; and arranging the sections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from reporting.cabinet import services
from reporting.cabinet.forms import AddSectionForm, HeadingForm, SectionForm
from reporting.cabinet.permissions import AUTHOR
from reporting.cabinet.queries import previewing, reports, sections
from reporting.cabinet.renderers.drawing import drawn
from reporting.cabinet.rules.differing import together
from reporting.cabinet.rules.inserting import inserted
from reporting.cabinet.views.of_report import OfReport
from socialvalue.core import held_forms
from socialvalue.core.errors import Conflict, DomainError, NotVisible, RuleBroken
from socialvalue.core.views import BaseView, Deed, FormPage, ForScript

SIGNED_OUT = "You were signed out. What you typed is still here: check it and save again."


class OfSection(OfReport):
    """A view of one section."""

    @property
    def kind(self) -> str:
        return str(self.kwargs["kind"])

    @property
    def section_url(self) -> str:
        return reverse("reporting:cabinet:section", args=[self.report_id, self.kind])

    @property
    def sections_url(self) -> str:
        return reverse("reporting:cabinet:sections", args=[self.report_id])


class Section(OfSection, BaseView):
    """One page to write on. Besides saving, its buttons show the text as it will be read, put something into it, and
    narrow the list of what can be put into it: each draws the page again with everything typed kept."""

    access = AUTHOR
    template_name = "reporting/cabinet/section.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = held_forms.take(self.request)
        if held is not None:
            section = reports.section_for(self.actor, self.report_id, self.kind)
            messages.info(self.request, SIGNED_OUT)
            return self._again(SectionForm(held, heading=section.heading))
        page = sections.section_page(
            self.actor, self.report_id, self.kind, counts_only=self.counts_only
        )
        form = SectionForm(
            initial={"narrative": page.text, "version": page.text_version}, heading=page.heading
        )
        return self._show(page, form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        section = reports.section_for(self.actor, self.report_id, self.kind)
        form = SectionForm(self.request.POST, heading=section.heading)
        asked = self.request.POST
        if "insert" in asked:
            return self._again(form.with_text(inserted(form.typed, asked["insert"])))
        if "both" in asked:
            return self._again(form.with_text(together(section.narrative, form.typed)))
        if "preview" in asked:
            return self._again(form)
        if not form.is_valid():
            return self._again(form, status=422)
        try:
            services.write_section(
                actor=self.actor,
                report_id=self.report_id,
                kind=self.kind,
                expected_version=form.cleaned_data["version"],
                narrative=form.cleaned_data["narrative"],
            )
        except RuleBroken as error:
            for name, message in error.errors:
                form.add_error(name, message)
            return self._again(form, status=422)
        except Conflict as error:
            return self._again(form, status=409, conflict=error)
        return HttpResponseRedirect(self.section_url if "stay" in asked else self.report_url)

    def _again(
        self, form: SectionForm, *, status: int = 200, conflict: Conflict | None = None
    ) -> HttpResponse:
        page = sections.section_page(
            self.actor,
            self.report_id,
            self.kind,
            typed=form.typed,
            counts_only=self.counts_only,
        )
        if conflict:
            # The saved text is shown beside the typed one: saving again is a choice.
            form.see_version(page.version)
        return self._show(page, form, status=status, conflict=conflict)

    def _show(
        self,
        page: sections.SectionPage,
        form: SectionForm,
        *,
        status: int = 200,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        find = self.request.POST.get("find", "")
        groups = sections.narrowed(page.groups, find)
        values = {
            "section": page,
            "form": form,
            "conflict": conflict,
            "both": sections.both_texts(page.narrative, form.typed) if conflict else (),
            "find": find,
            "groups": groups,
            "has_found": any(group.rows for group in groups),
            "report_url": self.report_url,
            "preview": page.preview,
            "drawn": drawn(page.preview.report, on_page=True),
        }
        return render(self.request, self.template_name, values, status=status)


class Preview(OfSection, BaseView):
    """The text as the report would show it, while it is typed. Nothing is kept."""

    access = AUTHOR
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = previewing.preview(
            self.actor,
            self.report_id,
            self.kind,
            self.request.POST.get("narrative", ""),
            counts_only=self.counts_only,
        )
        values = {"preview": found, "drawn": drawn(found.report, on_page=True)}
        return render(self.request, "reporting/cabinet/_preview.html", values)


class KeepDraft(OfSection, ForScript):
    """Keeps what is typed, for the person alone, and tells who else writes here."""

    access = AUTHOR

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SectionForm(self.request.POST, heading="")
        if not form.is_valid():
            return HttpResponse(status=422)
        try:
            kept = services.keep_draft(
                actor=self.actor,
                report_id=self.report_id,
                kind=self.kind,
                based_on=form.cleaned_data["version"],
                narrative=form.cleaned_data["narrative"],
            )
        except NotVisible:
            raise
        except DomainError:
            return HttpResponse(status=422)
        others = sections.others_writing(self.actor, self.report_id, self.kind)
        answer = render(request, "reporting/cabinet/_others.html", {"others": others, "kept": kept})
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


class DropDraft(OfSection, Deed):
    access = AUTHOR

    def perform(self) -> str:
        services.drop_draft(actor=self.actor, report_id=self.report_id, kind=self.kind)
        self.say("What you had typed is thrown away. Below is what is saved.")
        return self.section_url


class Sections(OfReport, FormPage):
    """The sections in their order, to be moved, renamed and removed; and a new one."""

    access = AUTHOR
    template_name = "reporting/cabinet/sections.html"
    form_class = AddSectionForm

    def get_page(self) -> dict[str, Any]:
        self.page = sections.order_page(self.actor, self.report_id)
        return {"page": self.page, "report_url": self.report_url}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"sections": [(row.kind, row.title) for row in self.page.rows]}

    def get_initial(self) -> dict[str, Any]:
        last = self.page.rows[-1:]
        return {"after": last[0].kind if last else "", "is_numbered": True}

    def perform(self, form: AddSectionForm) -> str:
        section = services.add_section(
            actor=self.actor, report_id=self.report_id, **form.cleaned_data
        )
        return reverse("reporting:cabinet:section", args=[self.report_id, section.kind])


class Heading(OfSection, FormPage):
    """The heading of a section and whether it has numbers; and taking the section out."""

    access = AUTHOR
    template_name = "reporting/cabinet/heading.html"
    form_class = HeadingForm

    def get_page(self) -> dict[str, Any]:
        self.section = reports.section_for(self.actor, self.report_id, self.kind)
        return {
            "section": self.section,
            "report": self.section.report,
            "sections_url": self.sections_url,
        }

    def get_initial(self) -> dict[str, Any]:
        return {
            "heading": self.section.heading,
            "is_numbered": self.section.is_numbered,
            "version": self.section.version,
        }

    def version_now(self) -> int:
        return int(self.section.version)

    def perform(self, form: HeadingForm) -> str:
        data = dict(form.cleaned_data)
        services.change_section(
            actor=self.actor,
            report_id=self.report_id,
            kind=self.kind,
            expected_version=data.pop("version"),
            **data,
        )
        return self.sections_url


class MoveSection(OfSection, Deed):
    access = AUTHOR

    def perform(self) -> str:
        step = -1 if self.request.POST.get("step") == "up" else 1
        section = services.move_section(
            actor=self.actor, report_id=self.report_id, kind=self.kind, step=step
        )
        self.say(f"{section.heading} is moved {'up' if step < 0 else 'down'}.")
        return f"{self.sections_url}#{self.kind}"


class RemoveSection(OfSection, Deed):
    access = AUTHOR

    def perform(self) -> str:
        seen = self.request.POST.get("version", "")
        section = reports.section_for(self.actor, self.report_id, self.kind)
        services.remove_section(
            actor=self.actor,
            report_id=self.report_id,
            kind=self.kind,
            expected_version=int(seen) if seen.isdecimal() else 0,
        )
        self.say(f"{section.heading} is taken out. Its words are in the history of the report.")
        return self.sections_url
