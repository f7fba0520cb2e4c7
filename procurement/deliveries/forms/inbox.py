"""What narrows the inbox."""

from __future__ import annotations

from django import forms

from procurement.deliveries.vocabulary import InboxShow
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class InboxFilter(BaseForm):
    """Narrow the inbox."""

    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=widgets.TextInput(width=20),
        help_text="Contract, authority or measure",
    )  # fmt: skip
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", InboxShow.NOW.label),
            *((show.value, show.label) for show in InboxShow if show != InboxShow.NOW),
        ],
        widget=widgets.Select(),
    )
