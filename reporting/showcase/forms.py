"""Forms of a story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from reporting.showcase.rules import (
    LONGEST_ALT,
    LONGEST_BODY,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
)
from reporting.showcase.vocabulary import StoryStatus
from socialvalue.core import widgets
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.forms import BaseForm


class StoryFilterForm(FilterForm):
    """What the list of stories is narrowed to."""

    sorts = ("title", "status", "changed", "published")
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        help_text="Words of the story, or its supplier",
        widget=widgets.TextInput(),
    )
    status = choice("State", "All", StoryStatus.choices)


class StoryForm(BaseForm):
    """The words, and the contract they are about."""

    title = forms.CharField(label="Title", max_length=LONGEST_TITLE, widget=widgets.TextInput())
    summary = forms.CharField(
        label="Summary",
        max_length=LONGEST_SUMMARY,
        help_text="One or two sentences, as lists of stories show them.",
        widget=widgets.Textarea(rows=2, max_characters=LONGEST_SUMMARY),
    )
    body = forms.CharField(
        label="Story",
        max_length=LONGEST_BODY,
        help_text="Plain words. Leave an empty line between paragraphs. Name no person, and leave the figures of the "
        "contract out: they are read from the ledger and stand beside the story.",
        widget=widgets.Textarea(rows=12, max_characters=LONGEST_BODY),
    )
    contract = forms.TypedChoiceField(
        label="Contract it is about (optional)",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="A signed contract. Its supplier and what is verified of it stand beside the story.",
        widget=widgets.Select(),
        error_messages={"invalid_choice": "Select a contract from the list"},
    )

    def __init__(self, *args: Any, contracts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["contract"])
        field.choices = [("", "None"), *contracts]


class ChangeStoryForm(StoryForm):
    """The words of a story that is there, and the version of it that was seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PhotoForm(BaseForm):
    """The photo is kept before this form is read; the words about it can come after."""

    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="The place where it was taken, and everything else a camera writes into it, is taken out.",
    )
    alt = forms.CharField(
        label="What the photo shows",
        max_length=LONGEST_ALT,
        help_text="For people who do not see it, like “Six people plant a tree beside a school”. Name nobody.",
        widget=widgets.Textarea(rows=2, max_characters=LONGEST_ALT),
        error_messages={"required": "Enter what the photo shows"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, max_megabytes: int, has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        photo = self.fields["photo"]
        photo.label = "Another photo (optional)" if has_photo else "Photo"
        photo.widget = widgets.FileInput(
            limits=f"JPEG or PNG, up to {max_megabytes} MB",
            attrs={"accept": "image/jpeg,image/png"},
        )


class SendForm(BaseForm):
    """What its author answers for."""

    has_agreement = forms.BooleanField(
        label="Everybody who can be recognised, in the words or in the photo, has agreed to be shown, and the story "
        "holds no personal data",
        widget=widgets.Checkbox(),
        error_messages={
            "required": "Confirm that everybody who can be recognised has agreed, and that it holds no personal data"
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(BaseForm):
    """Why it is returned or withdrawn."""

    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=widgets.Textarea(rows=4, max_characters=LONGEST_REASON),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint
