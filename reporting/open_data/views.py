"""The public pages, the same for everybody and cacheable; and the choice to have one, with its preview."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from reporting.open_data import renderers, services
from reporting.open_data.forms import PublicationForm
from reporting.open_data.permissions import MANAGER
from reporting.open_data.queries import pages, publications, versions
from reporting.open_data.queries.publications import Publisher
from socialvalue.accounts.permissions import ANYONE
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from socialvalue.core.views import BaseView, Deed, FormPage, Page

CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=240"
"""Copies are at most five minutes old: so long a page can be seen after it was stopped."""


class Told(BaseView):
    """A body that is the same for everybody who may have it. Subclasses give ``get_body()``."""

    http_method_names = ["get", "head", "options"]
    reads_across = "What is published is made of several organisations' rows."
    kwargs: dict[str, Any]

    def get_body(self) -> tuple[str, bytes]:
        """Media type and bytes."""
        raise NotImplementedError

    def publisher(self) -> Publisher:
        """Whose page it is. NotVisible when this reader may not have it."""
        return publications.publisher_at(self.kwargs["slug"])

    def years(self) -> tuple[FinancialYear, ...]:
        return pages.years_until(clock.today())

    def chosen_year(self) -> FinancialYear:
        """The year in the address, else this one. NotVisible for one that is not offered."""
        asked = self.request.GET.get("year", "")
        years = self.years()
        found = next((year for year in years if year.slug == asked), None)
        if asked and found is None:
            raise NotVisible("There is no such year on this page.")
        return found or years[0]

    def page(self) -> pages.PublicPage:
        return pages.page_of(self.publisher(), self.chosen_year(), self.years())

    def filename(self) -> str:
        """What the body is saved as; empty for a page."""
        return ""

    def answer(self) -> HttpResponse:
        media_type, content = self.get_body()
        response = HttpResponse(content, content_type=media_type)
        if name := self.filename():
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.answer()


class Cacheable(Told):
    """For everybody: with a version, so that who has it already is told so."""

    access = ANYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "slug" in self.kwargs:
            self.publisher()
        seen = versions.version_seen()
        parts = (seen.key, request.get_full_path(), settings.SITE_URL)
        etag = quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])
        changed = int(seen.changed_at.timestamp()) if seen.changed_at else None
        known = get_conditional_response(request, etag, changed)
        response = known if known is not None and known.status_code == 304 else self.answer()
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = CACHE_CONTROL
        if seen.changed_at:
            response.headers["Last-Modified"] = versions.http_moment(seen.changed_at)
        return response


class Index(Cacheable):
    """Who publishes."""

    def get_body(self) -> tuple[str, bytes]:
        page = {
            "publishers": publications.publishers(),
            "canonical_url": canonical(reverse("reporting:open_data:index")),
        }
        return HTML, renderers.html(
            "reporting/open_data/index.html", page, counts_only=self.counts_only
        )


HTML = "text/html; charset=utf-8"


def canonical(path: str) -> str:
    """The one address of a page, whatever name the site was asked by."""
    return settings.SITE_URL.rstrip("/") + path


class PageBody(Told):
    """The page of one year."""

    def get_body(self) -> tuple[str, bytes]:
        return HTML, renderers.page_html(self.page(), canonical, counts_only=self.counts_only)


class FileBody(Told):
    """One of its tables, or all of them."""

    def get_body(self) -> tuple[str, bytes]:
        found = renderers.file_of(
            self.page(), self.kwargs["table"], self.kwargs["form"], counts_only=self.counts_only
        )
        if found is None:
            raise NotVisible("There is no such file.")
        return found

    def filename(self) -> str:
        whose = self.kwargs.get("slug") or self.kwargs["own_slug"]
        return f"{whose}-{self.kwargs['table']}-{self.chosen_year().slug}.{self.kwargs['form']}"


class StoryBody(Told):
    """One of its stories."""

    def get_body(self) -> tuple[str, bytes]:
        publisher = self.publisher()
        story = pages.story_of(publisher, self.kwargs["story"], self.years()[0])
        return HTML, renderers.story_html(publisher, story, canonical, counts_only=self.counts_only)


class PublicPage(PageBody, Cacheable):
    pass


class PublicFile(FileBody, Cacheable):
    limit = "files"


class PublicStory(StoryBody, Cacheable):
    pass


class Previewed(Told):
    """Exactly what the public would see, for who decides about it."""

    access = MANAGER

    def publisher(self) -> Publisher:
        return publications.choice_of(self.actor, self.kwargs["owner"], self.kwargs["own_slug"])


class Preview(PageBody, Previewed):
    pass


class PreviewFile(FileBody, Previewed):
    pass


class PreviewStory(StoryBody, Previewed):
    pass


class Choices(Page):
    """What this organisation may make public."""

    access = MANAGER
    template_name = "reporting/open_data/choices.html"

    def get_page(self) -> dict[str, Any]:
        return {"choices": publications.choices_of(self.actor)}


class Choose(FormPage):
    """One choice: the words, the preview, one button."""

    access = MANAGER
    template_name = "reporting/open_data/choose.html"
    form_class = PublicationForm
    kwargs: dict[str, Any]

    def chosen(self) -> Publisher:
        return publications.choice_of(self.actor, self.kwargs["owner"], self.kwargs["own_slug"])

    def get_page(self) -> dict[str, Any]:
        chosen = self.chosen()
        return {"chosen": chosen, "history": publications.history(self.actor, chosen)}

    def get_initial(self) -> dict[str, Any]:
        chosen = self.chosen()
        return {
            "intro": chosen.intro,
            "licence": chosen.licence,
            "data_note": chosen.data_note,
            "version": chosen.version,
        }

    def version_now(self) -> int:
        return self.chosen().version

    def perform(self, form: PublicationForm) -> str:
        given = form.cleaned_data
        services.choose_public(
            actor=self.actor,
            kind=self.kwargs["owner"],
            own_slug=self.kwargs["own_slug"],
            intro=given["intro"],
            licence=given["licence"],
            data_note=given["data_note"],
            expected_version=given["version"] or 0,
        )
        return reverse(
            "reporting:open_data:choose", args=[self.kwargs["owner"], self.kwargs["own_slug"]]
        )


class Stop(Deed):
    """The page is no longer public."""

    access = MANAGER
    kwargs: dict[str, Any]

    def perform(self) -> str:
        version = self.request.POST.get("version", "")
        services.stop(
            actor=self.actor,
            kind=self.kwargs["owner"],
            own_slug=self.kwargs["own_slug"],
            expected_version=int(version) if version.isdecimal() else 0,
        )
        self.say(
            "The page is no longer public. Copies that others keep can be seen for five minutes."
        )
        return reverse(
            "reporting:open_data:choose", args=[self.kwargs["owner"], self.kwargs["own_slug"]]
        )
