"""Asking the group that benefited, and its answer."""

from __future__ import annotations

from django import forms

from procurement.deliveries.rules.confirming import MAX_GROUP, MAX_ROLE, MAX_WORDS
from procurement.deliveries.vocabulary import ConfirmationAnswer
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class AskForm(BaseForm):
    """Who benefited, and where to write to."""

    group = forms.CharField(
        label="Who benefited",
        help_text="A school, a charity, a residents' group: the organisation, not a person's name",
        max_length=MAX_GROUP,
        error_messages={
            "required": "Enter who benefited, for example a school or a residents' group"
        },
        widget=widgets.TextInput(),
    )
    email = forms.EmailField(
        label="Their e-mail address",
        help_text="An office address is best. The letter names the supplier, the authority and what is claimed",
        error_messages={
            "required": "Enter one e-mail address, like office@example.org",
            "invalid": "Enter one e-mail address, like office@example.org",
        },
        widget=widgets.TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )


class AnswerForm(BaseForm):
    """What the group says. Complete without JavaScript: the box for what differs is always there."""

    answer = forms.ChoiceField(
        label="Is this right?",
        choices=[
            (ConfirmationAnswer.CONFIRMED.value, "Yes, this is what we received"),
            (ConfirmationAnswer.DISPUTED.value, "No, something differs"),
        ],
        widget=widgets.Radios(),
        error_messages={"required": "Select whether this is right"},
    )
    words = forms.CharField(
        label="What differs",
        help_text="Only if something differs. Do not name people",
        required=False,
        widget=widgets.Textarea(rows=3, max_characters=MAX_WORDS),
    )
    role = forms.CharField(
        label="Your role",
        help_text="For example Head teacher or Centre manager. Do not give your name",
        max_length=MAX_ROLE,
        error_messages={"required": "Enter your role, for example Head teacher or Centre manager"},
        widget=widgets.TextInput(width=20),
    )
