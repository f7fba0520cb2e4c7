"""The list, the page of one story, its words and its photo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from reporting.showcase import queries, services
from reporting.showcase.forms import ChangeStoryForm, PhotoForm, StoryFilterForm, StoryForm
from reporting.showcase.permissions import ANYONE, AUTHOR, BUYER
from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import safe_headers
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Download, FormPage, Page, TableDownload, VersionedDeed

STORIES_A_PAGE = 20
MEGABYTE = 1024 * 1024


def _filters(view: BaseView) -> tuple[StoryFilterForm, queries.StoryFilters]:
    """The filter form as sent; what cannot be read narrows nothing."""
    form = StoryFilterForm(view.request.GET)
    given = form.given
    wanted = queries.StoryFilters(
        given.get("q", ""), given.get("status", ""), given.get("sort", "")
    )
    return form, wanted


class Stories(Page):
    """The authority's stories."""

    access = BUYER
    template_name = "reporting/showcase/list.html"

    def get_page(self) -> dict[str, Any]:
        form, wanted = _filters(self)
        rows = queries.stories_for(self.actor, wanted)
        page = Paginator(rows, STORIES_A_PAGE).get_page(self.request.GET.get("page"))
        return {
            "filter_form": form,
            "page": page,
            "stories": queries.story_lines(page.object_list),
            "may_start": queries.may_start(self.actor),
            "is_filtered": form.is_narrowed,
        }


class Export(TableDownload):
    """The list exactly as filtered."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        return "stories", queries.stories_table(self.actor, _filters(self)[1])


class Start(FormPage):
    access = AUTHOR
    template_name = "reporting/showcase/words.html"
    form_class = StoryForm

    def get_page(self) -> dict[str, Any]:
        return {"back_url": reverse("reporting:showcase:list")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"contracts": queries.contract_choices(self.actor)}

    def perform(self, form: StoryForm) -> str:
        data = dict(form.cleaned_data)
        story = services.start_story(
            actor=self.actor, contract_id=data.pop("contract", None), **data
        )
        messages.success(
            self.request, "The story is kept as a draft. Add a photo, or send it for approval."
        )
        return reverse("reporting:showcase:story", args=[story.pk])


class OfStory(BaseView):
    """A view of one story."""

    kwargs: dict[str, Any]

    @property
    def story_id(self) -> int:
        return int(self.kwargs["pk"])

    @property
    def story_url(self) -> str:
        return reverse("reporting:showcase:story", args=[self.story_id])


class StoryRecord(OfStory, Page):
    access = BUYER
    template_name = "reporting/showcase/story.html"

    def get_page(self) -> dict[str, Any]:
        return {"story": queries.story_page(self.actor, self.story_id)}


class Change(OfStory, FormPage):
    access = AUTHOR
    template_name = "reporting/showcase/words.html"
    form_class = ChangeStoryForm

    @cached_property
    def story(self) -> Any:
        return queries.story_to_change(self.actor, self.story_id)

    def get_page(self) -> dict[str, Any]:
        return {"story": self.story, "back_url": self.story_url}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"contracts": queries.contract_choices(self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return {
            "title": self.story.title,
            "summary": self.story.summary,
            "body": self.story.body,
            "contract": self.story.contract_id,
            "version": self.story.version,
        }

    def version_now(self) -> int:
        return int(self.story.version)

    def perform(self, form: ChangeStoryForm) -> str:
        data = dict(form.cleaned_data)
        services.change_story(
            actor=self.actor,
            story_id=self.story_id,
            expected_version=data.pop("version") or 0,
            contract_id=data.pop("contract", None),
            **data,
        )
        messages.success(self.request, "The story is saved.")
        return self.story_url


class Photo(OfStory, FormPage):
    """A photo and its words. The photo is kept first, so that a missing word never loses it."""

    access = AUTHOR
    template_name = "reporting/showcase/photo.html"
    form_class = PhotoForm

    @cached_property
    def story(self) -> Any:
        return queries.story_to_change(self.actor, self.story_id)

    def get_page(self) -> dict[str, Any]:
        return {"story": self.story, "back_url": self.story_url}

    def get_form_kwargs(self) -> dict[str, Any]:
        megabytes = settings.EVIDENCE_MAX_BYTES // MEGABYTE
        return {"max_megabytes": megabytes, "has_photo": bool(self.story.photo)}

    def get_initial(self) -> dict[str, Any]:
        return {"alt": self.story.photo_alt, "version": self.story.version}

    def version_now(self) -> int:
        return int(self.story.version)

    fault = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = request.FILES.get("photo")
        self.fault = self._keep(sent) if sent else ""
        return super().post(request, *args, **kwargs)

    def build_form(self, *, bound: bool) -> Any:
        form = super().build_form(bound=bound)
        if self.fault:
            form.add_error("photo", self.fault)
        elif bound and self.request.FILES:
            form.see_version(self.story.version)
        return form

    def _keep(self, sent: Any) -> str:
        """Why the photo is not kept; empty when it is. Conflict when the story moved on since the page was opened."""
        text = self.request.POST.get("version", "")
        try:
            services.add_photo(
                actor=self.actor,
                story_id=self.story_id,
                expected_version=int(text) if text.isdecimal() and len(text) < 10 else 0,
                name=sent.name or "photo",
                content=sent.read(settings.EVIDENCE_MAX_BYTES + 1),
            )
        except RuleBroken as error:
            return error.message
        return ""

    def perform(self, form: PhotoForm) -> str:
        services.describe_photo(
            actor=self.actor,
            story_id=self.story_id,
            expected_version=form.cleaned_data["version"],
            alt=form.cleaned_data["alt"],
        )
        messages.success(self.request, "The photo is part of the story.")
        return self.story_url


class RemovePhoto(OfStory, VersionedDeed):
    access = AUTHOR
    page_name = "story"

    def perform(self) -> str:
        services.remove_photo(
            actor=self.actor, story_id=self.story_id, expected_version=self.seen_version
        )
        self.say("The photo is removed.")
        return self.story_url


class PhotoBytes(OfStory, Download):
    """The photo itself: to everybody once the story is published, else to people of the authority."""

    access = ANYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = queries.story_photo(self.actor, self.story_id)
        headers = safe_headers(found.media_type, found.name)
        if found.is_public:
            headers["Cache-Control"] = "public, max-age=300"
        return HttpResponse(found.content, headers=headers)
