"""Which run a person asks for."""

from __future__ import annotations

from django import forms

from reporting.rollups.vocabulary import RunKind, RunState
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class RestartForm(BaseForm):
    kind = forms.ChoiceField(choices=RunKind.choices)


class RunFilter(BaseForm):
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All kinds"), *RunKind.choices],
        widget=widgets.Select(),
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "All states"), *RunState.choices],
        widget=widgets.Select(),
    )
