"""Fields that several forms of deliveries share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from socialvalue.core import widgets

ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.csv,.txt"


class FilesInput(widgets.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files are stored by the view before the form is read, so nothing is left for the form to clean."""

    def clean(self, value: Any, initial: Any = None) -> None:
        return None


class EvidenceField(forms.MultipleChoiceField):
    """Files that are kept already, ticked: to untick one is to leave it out."""

    widget = widgets.Checkboxes(small=True)

    def clean(self, value: Any) -> list[int]:
        return [int(pk) for pk in super().clean(value)]


def ids_of(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19]
