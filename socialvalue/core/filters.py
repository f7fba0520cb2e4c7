"""The GET form above a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

Choices = Iterable[tuple[Any, Any]]


def choice(label: str, every: str, choices: Choices = ()) -> forms.ChoiceField:
    """A list to narrow by. ``every`` is its first line, which narrows nothing."""
    return forms.ChoiceField(
        label=label, required=False, choices=[("", every), *choices], widget=widgets.Select
    )


class FilterForm(BaseForm):
    """Nothing is required, and what cannot be read narrows nothing: the list then shows more, never something else."""

    sorts: ClassVar[Sequence[str]] = ()
    """What the list is sorted by; ``-`` before it turns the order round."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sort"] = forms.ChoiceField(
            required=False,
            widget=forms.HiddenInput,
            choices=[("", ""), *((sign + key, key) for key in self.sorts for sign in ("", "-"))],
        )

    def offer(self, name: str, every: str, choices: Choices) -> None:
        """Fill a list that depends on who asks. Without anything to choose it is left out."""
        rows = list(choices)
        if rows:
            cast("forms.ChoiceField", self.fields[name]).choices = [("", every), *rows]
        else:
            del self.fields[name]

    @property
    def given(self) -> dict[str, Any]:
        """The answers that can be read and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return any(name != "sort" for name in self.given)
