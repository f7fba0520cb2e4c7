"""What a file comes to: the preview, the marked copy, the import itself and its way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from socialvalue.core.sheets import XLSX
from socialvalue.core.views import Deed, Download, FormPage
from toms.imports import forms, queries, renderers, services
from toms.imports.permissions import IMPORTER
from toms.imports.views.steps import PAGE_SIZE, address

SHOWN = 10
"""First measures, and lines that were left out, on the preview."""


class Check(FormPage):
    """Counts, measures by theme, first rows, what is wrong and what is odd; then the licence and the import."""

    access = IMPORTER
    template_name = "toms/imports/check.html"
    form_class = forms.ApplyForm

    @property
    def kept(self) -> Any:
        if not hasattr(self, "_kept"):
            self._kept = queries.framework_import(self.actor, self.kwargs["pk"])
        return self._kept

    def found(self) -> queries.Preview:
        if not hasattr(self, "_found"):
            self._found = queries.preview(self.actor, self.kept)
        return self._found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An import that is not ready, or is over, has its own page."""
        if queries.missing_steps(self.kept) or not queries.is_open(self.kept):
            return HttpResponseRedirect(address("import", self.kept.pk))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A second press, or a second person: what came of the import is shown, not a form that cannot be sent."""
        if not queries.is_open(self.kept):
            messages.info(
                request, f"This file is {self.kept.get_status_display().lower()} already."
            )
            return HttpResponseRedirect(address("import", self.kept.pk))
        return super().post(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        found = self.found()
        problems = [*found.errors, *found.warnings]
        page = Paginator(problems, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "kept": self.kept,
            "found": found,
            "page": page,
            "error_count": len(found.errors),
            "warning_count": len(found.warnings),
            "first": queries.first_measures(found, SHOWN),
            "left_out": found.left_out[:SHOWN],
            "left_out_count": len(found.left_out),
            "is_regional": bool(self.actor.region_ids),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"name": self.actor.name, "has_warnings": bool(self.found().warnings)}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.kept.version, "checksum": self.found().checksum}

    def perform(self, form: forms.ApplyForm) -> str:
        values = form.cleaned_data
        kept = services.apply_import(
            actor=self.actor,
            import_id=self.kept.pk,
            expected_version=values["version"],
            checksum=values["checksum"],
            licence=values["licence"],
            confirmed_by=values["confirmed_by"],
            accepts_warnings=values.get("accepts_warnings", False),
        )
        return address("import", kept.pk)


class MarkedCopy(Download):
    """The person's own file with its wrong cells marked."""

    access = IMPORTER

    def get_file(self) -> tuple[str, str, bytes]:
        kept = queries.framework_import(self.actor, self.kwargs["pk"])
        found = queries.preview(self.actor, kept)
        content = renderers.marked_copy(queries.workbook_of(kept), [*found.errors, *found.warnings])
        return f"{kept.file_name.rsplit('.', 1)[0]}-marked.xlsx", XLSX, content


class Discard(Deed):
    access = IMPORTER

    def perform(self) -> str:
        services.discard_import(actor=self.actor, import_id=self.kwargs["pk"])
        self.say("The file is thrown away. Nothing was imported.")
        return address("list")


class Undo(FormPage):
    """Asked once more, because the edition is gone afterwards."""

    access = IMPORTER
    template_name = "toms/imports/undo.html"
    form_class = forms.UndoForm

    def get_page(self) -> dict[str, Any]:
        return {"kept": queries.framework_import(self.actor, self.kwargs["pk"])}

    def perform(self, form: forms.UndoForm) -> str:
        services.undo_import(actor=self.actor, import_id=self.kwargs["pk"])
        messages.success(self.request, "The import is undone. Its edition is gone.")
        return address("import", self.kwargs["pk"])
