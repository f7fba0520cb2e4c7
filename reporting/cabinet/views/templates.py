"""An organisation's own forms of a report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from reporting.cabinet import services
from reporting.cabinet.forms import CopyForm, SectionForm, TemplateForm, TemplateSections
from reporting.cabinet.permissions import AUTHOR
from reporting.cabinet.queries import templates
from reporting.cabinet.rules.inserting import inserted
from reporting.cabinet.views.sections import SIGNED_OUT
from socialvalue.core import held_forms
from socialvalue.core.errors import Conflict, RuleBroken
from socialvalue.core.views import BaseView, FormPage, Page, VersionedDeed


class Templates(Page):
    """The organisation's own forms, and those that come with the service."""

    access = AUTHOR
    template_name = "reporting/cabinet/templates.html"

    def get_page(self) -> dict[str, Any]:
        return {"page": templates.templates_page(self.actor)}


class CopyTemplate(FormPage):
    """A copy of a form to make one's own."""

    access = AUTHOR
    template_name = "reporting/cabinet/template_new.html"
    form_class = CopyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"choices": templates.copy_choices(self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return {"copy_of": self.request.GET.get("copy", "")}

    def perform(self, form: CopyForm) -> str:
        copy_of = form.cleaned_data["copy_of"]
        template = services.copy_form(
            actor=self.actor,
            name=form.cleaned_data["name"],
            kind="" if copy_of.isdecimal() else copy_of,
            template_id=int(copy_of) if copy_of.isdecimal() else None,
        )
        messages.success(self.request, "The template is made. Change what your organisation needs.")
        return reverse("reporting:cabinet:template", args=[template.pk])


class OfTemplate(BaseView):
    """A view of one template."""

    kwargs: dict[str, Any]

    @property
    def template_id(self) -> int:
        return int(self.kwargs["pk"])

    @property
    def template_url(self) -> str:
        return reverse("reporting:cabinet:template", args=[self.template_id])


class Template(OfTemplate, BaseView):
    """Its name, committee, headings, roles and sign-off."""

    access = AUTHOR
    template_name = "reporting/cabinet/template.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = templates.template_page(self.actor, self.template_id)
        form = TemplateForm(initial=page.initial)
        rows = TemplateSections(initial=page.section_rows, prefix="sections")
        return self._show(page, form, rows)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = templates.template_page(self.actor, self.template_id)
        rows: Any = TemplateSections(self.request.POST, prefix="sections")
        form = TemplateForm(self.request.POST)
        is_good = rows.is_valid() & form.is_valid()
        if rows.rows_changed:
            return self._show(page, TemplateForm(initial=page.as_sent(self.request.POST)), rows)
        if not is_good:
            return self._show(page, form, rows, status=422)
        data = dict(form.cleaned_data)
        try:
            services.change_template(
                actor=self.actor,
                template_id=self.template_id,
                expected_version=data["version"],
                name=data["name"],
                committee=data["committee"],
                sections=[services.TemplateSection(**row) for row in rows.in_order()],
                contact_roles=form.roles(),
                sign_off_steps=data["sign_off_steps"],
                needs_sign_off=data["needs_sign_off"],
            )
        except RuleBroken as error:
            for name, message in error.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(page, form, rows, status=422)
        except Conflict as error:
            form.see_version(page.version)
            return self._show(page, form, rows, status=409, conflict=error)
        messages.success(
            self.request, "The template is saved. Reports begun from it stay as they are."
        )
        return HttpResponseRedirect(self.template_url)

    def _show(
        self,
        page: templates.TemplatePage,
        form: TemplateForm,
        rows: Any,
        *,
        status: int = 200,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        values = {"page": page, "form": form, "formset": rows, "conflict": conflict}
        return render(
            self.request, self.template_name, values | {"may_save_again": True}, status=status
        )


class TemplateSection(OfTemplate, BaseView):
    """The words a section of a template begins with."""

    access = AUTHOR
    template_name = "reporting/cabinet/template_section.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = templates.section_page(self.actor, self.template_id, str(self.kwargs["kind"]))
        held = held_forms.take(self.request)
        if held is not None:
            messages.info(self.request, SIGNED_OUT)
            return self._show(page, SectionForm(held, heading=page.heading))
        form = SectionForm(
            initial={"narrative": page.narrative, "version": page.version}, heading=page.heading
        )
        return self._show(page, form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = templates.section_page(self.actor, self.template_id, str(self.kwargs["kind"]))
        form = SectionForm(self.request.POST, heading=page.heading)
        if "insert" in self.request.POST:
            text = inserted(form.typed, self.request.POST["insert"])
            return self._show(page, form.with_text(text))
        if "preview" in self.request.POST:
            return self._show(page, form)
        if not form.is_valid():
            return self._show(page, form, status=422)
        try:
            services.write_template_section(
                actor=self.actor,
                template_id=self.template_id,
                kind=page.kind,
                expected_version=form.cleaned_data["version"],
                narrative=form.cleaned_data["narrative"],
            )
        except RuleBroken as error:
            for name, message in error.errors:
                form.add_error(name, message)
            return self._show(page, form, status=422)
        except Conflict as error:
            form.see_version(page.version)
            return self._show(page, form, status=409, conflict=error)
        return HttpResponseRedirect(self.template_url)

    def _show(
        self,
        page: templates.TemplateSectionPage,
        form: SectionForm,
        *,
        status: int = 200,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        find = self.request.POST.get("find", "")
        groups = templates.narrowed(page.groups, find)
        values = {
            "page": page,
            "form": form,
            "conflict": conflict,
            "may_save_again": True,
            "find": find,
            "groups": groups,
            "has_found": any(group.rows for group in groups),
            "template_url": self.template_url,
        }
        return render(self.request, self.template_name, values, status=status)


class ArchiveTemplate(OfTemplate, VersionedDeed):
    access = AUTHOR
    page_name = "template"

    def perform(self) -> str:
        template = services.archive_template(
            actor=self.actor, template_id=self.template_id, expected_version=self.seen_version
        )
        self.say(f"“{template.name}” is archived. Reports begun from it stay as they are.")
        return reverse("reporting:cabinet:templates")
