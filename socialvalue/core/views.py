"""Base views. A view parses the request, calls one service or query, and answers; failures are mapped here, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from socialvalue.core import documents, held_forms
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor
from socialvalue.core.counts import counts_only
from socialvalue.core.database import wide
from socialvalue.core.documents import Document
from socialvalue.core.docx import DOCX, docx_of
from socialvalue.core.errors import Conflict, DomainError, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.files import disposition
from socialvalue.core.pdf import PDF, pdf_of
from socialvalue.core.sheets import CSV, XLSX, to_csv, to_xlsx
from socialvalue.core.tables import Table


class ActorRequest(HttpRequest):
    """For annotations: a request that has passed the actor middleware."""

    actor: Actor


class BaseView(View):
    """A view with a declared ``access`` and the actor at hand. Subclasses must set ``access``."""

    access: ClassVar[Access]
    reads_across: ClassVar[str] = ""
    """What gives the right to read rows of other organisations here (``socialvalue.core.database``); mostly nothing."""
    limit: ClassVar[str] = "pages"
    """Which limit on requests counts here (``socialvalue.settings.limits``); empty for none."""
    request: ActorRequest

    @property
    def actor(self) -> Actor:
        return self.request.actor

    @property
    def counts_only(self) -> bool:
        """Pounds of social value are hidden: see ``socialvalue.core.counts``."""
        return counts_only(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if self.access.needs_sign_in and not actor.is_signed_in:
            return self._ask_to_sign_in(request)
        try:
            if not self.access.allows(actor):
                raise NotAllowed(self.access.reason)
            if not self.reads_across:
                return super().dispatch(request, *args, **kwargs)
            with wide(self.reads_across):
                return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return answer(request, error)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A page in house style; somebody who opened a button's address is shown the page the button is on."""
        response = render(request, "405.html", {"back_url": page_above(request.path)}, status=405)
        response.headers["Allow"] = ", ".join(
            name.upper() for name in self.http_method_names if hasattr(self, name)
        )
        return response

    def _ask_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        """And back afterwards: to the page, to the form with what was typed, or to where the button is."""
        if request.method == "GET":
            return redirect_to_login(request.get_full_path())
        if not hasattr(self, "get"):
            return redirect_to_login(came_from(request))
        held_forms.hold(request)
        return redirect_to_login(request.path)


class ForScript(BaseView):
    """What a script of a page posts to by itself, such as a draft that is kept while it is typed."""

    http_method_names = ["post", "options"]

    def _ask_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        """401: a redirect to the sign-in page would look like success to a script."""
        return HttpResponse(status=401)


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The one mapping from a domain error to a page."""
    if isinstance(error, NotVisible):
        raise Http404(error.message)
    if isinstance(error, NotAllowed):
        return render(request, "403.html", {"reason": error.message}, status=403)
    if isinstance(error, Conflict):
        # A button has no page of its own to open again: the page it was pressed on has.
        back_url = came_from(request) if request.method == "POST" else request.path
        return render(request, "409.html", {"conflict": error, "back_url": back_url}, status=409)
    # A broken rule outside a form: a deed on a button. Say it on the page the person came from.
    messages.error(request, error.message)
    return HttpResponseRedirect(came_from(request))


def came_from(request: HttpRequest, default: str = "/") -> str:
    """The page a deed was pressed on, if it is ours."""
    for target in (request.POST.get("next", ""), request.META.get("HTTP_REFERER", "")):
        if target and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
            return target
    return default


@lru_cache(maxsize=512)
def view_at(path: str) -> type:
    """The class of the view at an address; a plain ``View`` when there is none or it is not a class.

    Kept: each page asks for the addresses of its navigation, and finding one out takes a quarter of a millisecond.
    """
    try:
        found = getattr(resolve(path).func, "view_class", View)
    except Resolver404:
        return View
    return found if isinstance(found, type) else View


def page_above(path: str) -> str:
    """The nearest page above an address that can be opened; the home page when there is none."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        above = f"/{'/'.join(parts)}/"
        if hasattr(view_at(above), "get"):
            return above
        parts.pop()
    return "/"


class Page(BaseView):
    """A page that is read. Subclasses give ``template_name`` and ``get_page()``."""

    template_name: ClassVar[str]
    http_method_names = ["get", "head", "options"]

    def get_page(self) -> dict[str, Any]:
        """The values of the page, ready to show."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.get_page())


class FormPage(BaseView):
    """A page with one form.

    Subclasses give ``template_name``, ``form_class`` and ``perform(form)``, which calls one service and returns the
    address to go to. A broken rule comes back as a form error, a conflict as a 409 page with everything typed kept.
    """

    template_name: ClassVar[str]
    form_class: ClassVar[Callable[..., Any]]
    """A form, or a formset: it is drawn and checked like one."""
    held_because: ClassVar[str] = "You were signed out."
    """Why what was typed was held, said when it is shown again."""

    def get_page(self) -> dict[str, Any]:
        return {}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def version_now(self) -> Any:
        """What the form carries after a conflict, so that saving again is a choice; None where it has none."""
        return None

    def perform(self, form: Any) -> str:
        raise NotImplementedError(f"{type(self).__name__}.perform")

    def build_form(self, *, bound: bool) -> Any:
        kwargs = self.get_form_kwargs() | {"initial": self.get_initial()}
        if bound:
            return self.form_class(self.request.POST, self.request.FILES, **kwargs)
        held = held_forms.take(self.request)
        if held is not None:
            messages.info(
                self.request,
                f"{self.held_because} What you typed is still here: check it and save again.",
            )
            return self.form_class(held, None, **kwargs)
        return self.form_class(**kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.get_page()
        return render(request, self.template_name, page | {"form": self.build_form(bound=False)})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.get_page()
        form = self.build_form(bound=True)
        conflict: Conflict | None = None
        may_save_again = False
        if form.is_valid():
            try:
                return HttpResponseRedirect(self.perform(form))
            except RuleBroken as error:
                for name, message in error.errors:
                    form.add_error(name if name in form.fields else None, message)
            except Conflict as error:
                conflict = error
                now = self.version_now()
                if now is not None:
                    form.see_version(now)
                    may_save_again = True
        status = 409 if conflict else 422
        page |= {"form": form, "conflict": conflict, "may_save_again": may_save_again}
        return render(request, self.template_name, page, status=status)


class Deed(BaseView):
    """One button, one service. POST only; ``perform()`` returns the address to go to."""

    http_method_names = ["post", "options"]

    def perform(self) -> str:
        raise NotImplementedError(f"{type(self).__name__}.perform")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.perform())

    def say(self, message: str) -> None:
        messages.success(self.request, message)


class VersionedDeed(Deed):
    """A button that carries the version of the page it was pressed on, in the box ``version``."""

    page_name: ClassVar[str] = "page"
    """What to open again when the button came without one."""

    @property
    def seen_version(self) -> int:
        text = self.request.POST.get("version", "")
        if not text.isdecimal():
            raise RuleBroken(f"Open the {self.page_name} again, then press the button on it.")
        return int(text)


class Download(BaseView):
    """Bytes to keep: CSV, XLSX, PDF, evidence. ``get_file()`` returns name, media type and bytes."""

    http_method_names = ["get", "head", "options"]
    inline: ClassVar[bool] = False

    def get_file(self) -> tuple[str, str, bytes]:
        raise NotImplementedError(f"{type(self).__name__}.get_file")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name, media_type, content = self.get_file()
        response = HttpResponse(content, content_type=media_type)
        response.headers["Content-Disposition"] = disposition(name, inline=self.inline)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        return response


class TableDownload(Download):
    """A table as CSV or XLSX, as ``form`` in the address says. ``get_table()`` returns the file's name without its
    ending, and the table: exactly what is filtered, every page of it, without its pounds of social value where the
    person sees counts only."""

    def get_table(self) -> tuple[str, Table]:
        raise NotImplementedError(f"{type(self).__name__}.get_table")

    def get_file(self) -> tuple[str, str, bytes]:
        name, table = self.get_table()
        if self.counts_only:
            table = table.counts_only()
        if self.kwargs["form"] == "csv":
            return f"{name}.csv", CSV, to_csv(table)
        return f"{name}.xlsx", XLSX, to_xlsx(table)


class DocumentDownload(Download):
    """A document as PDF or DOCX, as ``kind`` in the address says. ``get_document()`` returns the file's name without
    its ending, and the document; where the person sees counts only, they get a copy that says so."""

    def get_document(self) -> tuple[str, Document]:
        raise NotImplementedError(f"{type(self).__name__}.get_document")

    def get_file(self) -> tuple[str, str, bytes]:
        name, document = self.get_document()
        if self.counts_only:
            document = documents.counts_only(document)
        if self.kwargs["kind"] == "pdf":
            return f"{name}.pdf", PDF, pdf_of(document)
        if self.kwargs["kind"] != "docx":
            raise NotVisible
        return f"{name}.docx", DOCX, docx_of(document)
