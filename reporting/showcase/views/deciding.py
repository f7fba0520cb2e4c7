"""The way to publication and back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.utils.functional import cached_property

from reporting.showcase import queries, services
from reporting.showcase.forms import ReasonForm, SendForm
from reporting.showcase.permissions import APPROVER, AUTHOR, AUTHOR_OR_APPROVER
from reporting.showcase.views.stories import OfStory
from socialvalue.core.views import FormPage, VersionedDeed


class _OneStory(OfStory, FormPage):
    """A form about a story, which carries the version that was read."""

    title: ClassVar[str]
    button: ClassVar[str]
    template_name = "reporting/showcase/deed.html"
    lead: ClassVar[str] = ""
    deed: ClassVar[str]

    @cached_property
    def story(self) -> queries.StoryPage:
        return queries.story_page_to(self.actor, self.story_id, self.deed)

    def get_page(self) -> dict[str, Any]:
        return {
            "story": self.story,
            "story_url": self.story_url,
            "title": self.title,
            "button": self.button,
            "lead": self.lead,
        }

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.story.version}

    def version_now(self) -> int:
        return self.story.version


class Send(_OneStory):
    """What its author answers for, then it waits for an approver."""

    access = AUTHOR
    form_class = SendForm
    title = "Send the story for approval"
    button = "Send for approval"
    lead = "An approver who wrote no part of it reads it next. It is shown to nobody outside before that."
    deed = "send"

    def perform(self, form: SendForm) -> str:
        data = form.cleaned_data
        services.send_story(
            actor=self.actor,
            story_id=self.story_id,
            expected_version=data["version"],
            has_agreement=data["has_agreement"],
        )
        messages.success(self.request, "The story waits for an approver.")
        return self.story_url


class Return(_OneStory):
    access = APPROVER
    form_class = ReasonForm
    title = "Return the story"
    button = "Return to its author"
    lead = "It becomes a draft again. Its authors see the reason."
    deed = "return"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"hint": "Say what to change."}

    def perform(self, form: ReasonForm) -> str:
        data = form.cleaned_data
        services.return_story(
            actor=self.actor,
            story_id=self.story_id,
            expected_version=data["version"],
            reason=data["reason"],
        )
        messages.success(self.request, "The story is returned to its author.")
        return self.story_url


class Withdraw(_OneStory):
    access = AUTHOR_OR_APPROVER
    form_class = ReasonForm
    title = "Withdraw the story"
    button = "Withdraw"
    lead = (
        "A published story is taken down at once. The story, its reason and its history stay here."
    )
    deed = "withdraw"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"hint": "Your organisation can read it, nobody outside."}

    def perform(self, form: ReasonForm) -> str:
        data = form.cleaned_data
        services.withdraw_story(
            actor=self.actor,
            story_id=self.story_id,
            expected_version=data["version"],
            reason=data["reason"],
        )
        messages.success(self.request, "The story is withdrawn.")
        return self.story_url


class _Button(OfStory, VersionedDeed):
    page_name = "story"


class TakeBack(_Button):
    access = AUTHOR

    def perform(self) -> str:
        services.take_back_story(
            actor=self.actor, story_id=self.story_id, expected_version=self.seen_version
        )
        self.say("The story is a draft again.")
        return self.story_url


class Publish(_Button):
    access = APPROVER

    def perform(self) -> str:
        services.publish_story(
            actor=self.actor, story_id=self.story_id, expected_version=self.seen_version
        )
        self.say("The story is published.")
        return self.story_url


class Reopen(_Button):
    access = AUTHOR

    def perform(self) -> str:
        services.reopen_story(
            actor=self.actor, story_id=self.story_id, expected_version=self.seen_version
        )
        self.say("The story is a draft again.")
        return self.story_url
