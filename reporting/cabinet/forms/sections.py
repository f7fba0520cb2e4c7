"""Forms of the sections of a report."""

from __future__ import annotations

from typing import Any

from django import forms

from reporting.cabinet.rules.arranging import LONGEST_HEADING
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

HOW = (
    "Leave an empty line between paragraphs. Begin a line with “- ” for a bullet. A name in braces, like "
    "{committed_total}, becomes the figure; a line like {chart:themes | Your caption} becomes the chart."
)


class SectionForm(BaseForm):
    """The words under one heading."""

    narrative = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        help_text=HOW,
        widget=widgets.Textarea(rows=18, attrs={"data-editor-text": True, "spellcheck": "true"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, heading: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["narrative"].label = f"Text of {heading}"

    @property
    def typed(self) -> str:
        """The text in the box, as it stands."""
        return str(self["narrative"].value() or "")

    @property
    def seen(self) -> int:
        """The version that the text began from; 0 when it was not sent."""
        text = str(self["version"].value() or "")
        return int(text) if text.isdecimal() else 0

    def with_text(self, text: str) -> SectionForm:
        """Another text in the box; the rest as sent."""
        sent: Any = self.data
        data = sent.copy()
        data["narrative"] = text
        self.data = data
        return self


class HeadingFields(BaseForm):
    """What a section is called, and whether it is numbered."""

    heading = forms.CharField(
        label="Heading", max_length=LONGEST_HEADING, widget=widgets.TextInput()
    )
    is_numbered = forms.BooleanField(
        label="Number this section and its paragraphs, like 1.1",
        required=False,
        widget=widgets.Checkbox(),
    )


class HeadingForm(HeadingFields):
    """The heading of a section that is there."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AddSectionForm(HeadingFields):
    """A new section and its place."""

    after = forms.ChoiceField(label="After", widget=widgets.Select())

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["after"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = sections
