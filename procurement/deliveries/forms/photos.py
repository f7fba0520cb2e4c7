"""A photo or a file for a claim that is sent."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.deliveries.forms.fields import ACCEPT, FilesField, FilesInput
from socialvalue.core import widgets
from socialvalue.core.files import ALLOWED_KINDS
from socialvalue.core.forms import BaseForm


class PhotoForm(BaseForm):
    """The camera first, on a phone; any other file beside it."""

    photo = FilesField(
        label="Take a photo",
        required=False,
        help_text="On a phone this opens the camera. The place it was taken is removed from it.",
    )
    file = FilesField(label="Or choose files", required=False)
    has_consent = forms.BooleanField(
        label="People who can be recognised in it or are named in it agreed to it",
        required=False,
        widget=widgets.Checkbox(small=True),
    )

    def __init__(self, *args: Any, max_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = f"up to {max_megabytes} MB each"
        self.fields["photo"].widget = widgets.FileInput(
            attrs={"accept": "image/*", "capture": "environment"}
        )
        self.fields["file"].widget = FilesInput(
            limits=f"{ALLOWED_KINDS}, {limits}", attrs={"accept": ACCEPT, "multiple": True}
        )
