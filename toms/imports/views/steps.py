"""Upload, sheet, columns, edition: each step is a page that can be opened again."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from socialvalue.core.views import FormPage, Page
from toms.imports import forms, queries, services
from toms.imports.permissions import IMPORTER
from toms.imports.vocabulary import ThemeSource

PAGE_SIZE = 25


def address(name: str, *args: Any) -> str:
    return reverse(f"toms:imports:{name}", args=args)


class ImportList(Page):
    """Files of this organisation, newest first."""

    access = IMPORTER
    template_name = "toms/imports/list.html"

    def get_page(self) -> dict[str, Any]:
        rows = queries.imports(self.actor)
        return {"page": Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))}


class Upload(FormPage):
    access = IMPORTER
    template_name = "toms/imports/upload.html"
    form_class = forms.UploadForm

    def perform(self, form: forms.UploadForm) -> str:
        uploaded = form.cleaned_data["file"]
        kept = services.upload_framework(
            actor=self.actor,
            file_name=uploaded.name,
            # One byte more than the limit is enough to know that it is too large.
            content=uploaded.read(services.MAX_BYTES + 1),
        )
        return address("check" if kept.is_export else "sheet", kept.pk)


class ImportPage(Page):
    """The import as a list of its steps, or what came of it."""

    access = IMPORTER
    template_name = "toms/imports/import.html"

    def get_page(self) -> dict[str, Any]:
        kept = queries.framework_import(self.actor, self.kwargs["pk"])
        return {"kept": kept, "is_open": queries.is_open(kept), "steps": _steps(kept)}


def _steps(kept: Any) -> list[dict[str, Any]]:
    missing = queries.missing_steps(kept)
    steps = [
        ("sheet", "Sheet and headings", kept.sheet),
        ("columns", "Columns", f"{len(kept.columns)} columns chosen" if kept.columns else ""),
        (
            "about",
            "Framework and edition",
            f"{kept.framework_name}, {kept.edition_label}".strip(", "),
        ),
    ]
    found = []
    is_blocked = False
    for name, title, said in [] if kept.is_export else steps:
        is_done = name not in missing
        found.append(
            {
                "title": title,
                "hint": said,
                "href": "" if is_blocked else address(name, kept.pk),
                "status": "done" if is_done else "next",
            }
        )
        is_blocked = is_blocked or (not is_done and name == "sheet")
    check = "" if missing else address("check", kept.pk)
    found.append({"title": "Check and import", "hint": "", "href": check, "status": "next"})
    return found


class _Step(FormPage):
    """A step of an import that is still open."""

    access = IMPORTER

    @property
    def kept(self) -> Any:
        if not hasattr(self, "_kept"):
            self._kept = queries.framework_import(self.actor, self.kwargs["pk"])
        return self._kept

    def after(self, name: str) -> str:
        """The next step, or the list of steps when that one is done already."""
        fresh = queries.framework_import(self.actor, self.kwargs["pk"])
        missing = queries.missing_steps(fresh)
        return address(missing[0] if missing else "check", fresh.pk)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


class ImportSheet(_Step):
    template_name = "toms/imports/sheet.html"
    form_class = forms.SheetForm

    def get_page(self) -> dict[str, Any]:
        return {"kept": self.kept, "sheets": self._sheets()}

    def _book(self) -> Any:
        if not hasattr(self, "_read"):
            self._read = queries.workbook_of(self.kept)
        return self._read

    def _sheets(self) -> list[queries.SheetView]:
        return queries.sheets_of(self._book())

    def get_form_kwargs(self) -> dict[str, Any]:
        named = [
            (
                sheet.name,
                f"{sheet.name} ({_many(sheet.lines, 'row')}, {_many(sheet.columns, 'column')})",
            )
            for sheet in self._sheets()
        ]
        return {"sheets": named}

    def get_initial(self) -> dict[str, Any]:
        guess = queries.headings_for(self.kept, self._book())
        return {
            "version": self.kept.version, "sheet": guess.sheet, "first": guess.first, "last": guess.last,
        }  # fmt: skip

    def perform(self, form: forms.SheetForm) -> str:
        values = form.cleaned_data
        services.choose_sheet(
            actor=self.actor,
            import_id=self.kept.pk,
            expected_version=values["version"],
            sheet=values["sheet"],
            first=values["first"],
            last=values["last"],
        )
        return self.after("sheet")


class ImportColumns(_Step):
    template_name = "toms/imports/columns.html"
    form_class = forms.ColumnsForm

    def get_page(self) -> dict[str, Any]:
        return {"kept": self.kept, "columns": self._columns()}

    def _columns(self) -> queries.Columns:
        if not hasattr(self, "_found"):
            book = queries.workbook_of(self.kept)
            self._found = queries.columns_for(self.actor, self.kept, book)
        return self._found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"columns": self._columns().choices}

    def get_initial(self) -> dict[str, Any]:
        found = self._columns()
        chosen = {name: str(index) for name, index in found.chosen.items()}
        return {"version": self.kept.version, "theme_source": found.theme_source} | chosen

    def perform(self, form: forms.ColumnsForm) -> str:
        services.choose_columns(
            actor=self.actor,
            import_id=self.kept.pk,
            expected_version=form.cleaned_data["version"],
            columns=form.chosen(),
            theme_source=ThemeSource(form.cleaned_data["theme_source"]),
        )
        return self.after("columns")


class About(_Step):
    template_name = "toms/imports/about.html"
    form_class = forms.AboutForm

    def get_page(self) -> dict[str, Any]:
        return {"kept": self.kept}

    def get_initial(self) -> dict[str, Any]:
        """What was said of this file; of a new one, what was said of the file before it."""
        kept = self.kept
        said = kept if kept.framework_name else queries.described_before(kept) or kept
        found = {
            "version": kept.version, "framework_name": said.framework_name,
            "framework_owner": said.framework_owner,
        }  # fmt: skip
        if not queries.is_open(said):
            return found
        return found | {
            "edition_label": said.edition_label, "valid_from": said.valid_from, "valid_to": said.valid_to,
        }  # fmt: skip

    def perform(self, form: forms.AboutForm) -> str:
        values = form.cleaned_data
        services.describe_edition(
            actor=self.actor,
            import_id=self.kept.pk,
            expected_version=values["version"],
            framework_name=values["framework_name"],
            framework_owner=values["framework_owner"],
            edition_label=values["edition_label"],
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
        )
        return self.after("about")
