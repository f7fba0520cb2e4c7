"""Forms that ask for one thing of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms

from procurement.policies.queries import Source, Start
from procurement.policies.rules import toolkit_lines
from procurement.policies.vocabulary import ShareOf, VatBasis
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm, DateField, PercentField
from socialvalue.core.layouts import Columns, Question

EMPTY = "empty"


class VersionedForm(BaseForm):
    """Carries the lock of the draft that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class StartForm(BaseForm):
    """What to begin with; the title only for an authority's first policy."""

    title = forms.CharField(
        label="Title of the policy",
        help_text="As it is published, for example Coventry City Council Social Value Policy",
        max_length=200,
        error_messages={"required": "Enter the title of the policy"},
    )
    copy_from = forms.ChoiceField(
        label="What should the draft start from?",
        widget=widgets.Radios(),
        error_messages={"required": "Select what the draft starts from"},
    )

    def __init__(self, *args: Any, start: Start, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if start.own_title:
            del self.fields["title"]
        field = cast(forms.ChoiceField, self.fields["copy_from"])
        field.choices = [
            *((str(row.version_id), f"A copy of {row.label}") for row in start.sources),
            (EMPTY, "An empty page"),
        ]

    @property
    def origin(self) -> int | None:
        chosen = self.cleaned_data["copy_from"]
        return None if chosen == EMPTY else int(chosen)


class DatesForm(VersionedForm):
    valid_from = DateField(
        label="First day it applies",
        help_text="For procurements that commence on this day or later. For example, 1 4 2027",
        error_messages={"required": "Enter the first day it applies"},
    )
    valid_to = DateField(
        label="Last day it applies (optional)",
        help_text="Leave empty: it then applies until another version takes its place",
        required=False,
    )
    review_on = DateField(
        label="Review by",
        help_text="The day by which the policy is looked at again",
        error_messages={"required": "Enter the day by which the policy is reviewed"},
    )
    source = forms.CharField(
        label="Where was it decided?",
        help_text="For example, report to Cabinet, 9 September 2021. Shown wherever the policy is cited.",
        max_length=300,
        error_messages={"required": "Say where the policy was decided, for example a report"},
    )


class WhoseBandsForm(VersionedForm):
    whose = forms.ChoiceField(
        label="Whose bands apply?",
        error_messages={"required": "Select whose bands apply"},
    )

    def __init__(self, *args: Any, can_follow: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["whose"])
        field.widget = widgets.Radios(
            hints={
                "follow": "By reference: when the regional table changes, it changes here too",
                "own": "You state each edge, route and paragraph yourself",
            }
        )
        # Set once, whole: the widget keeps a copy of the list.
        follow = [("follow", f"Those of {can_follow}")] if can_follow else []
        field.choices = [*follow, ("own", "Bands of our own")]
        self.helper.layout = Layout("version", Question("whose", heading=True))


class AmountsForm(VersionedForm):
    vat_basis = forms.ChoiceField(
        label="Do the policy's amounts include VAT?",
        help_text="A line such as £50,000 is compared with the estimate on this basis. "
        "The statutory threshold brings its own.",
        choices=[(VatBasis.EXCL, "No, they exclude VAT"), (VatBasis.INCL, "Yes, they include VAT")],
        widget=widgets.Radios(),
        error_messages={"required": "Select whether the amounts include VAT"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("version", Question("vat_basis", heading=True))


class WeightingForm(VersionedForm):
    least = PercentField(
        label="Lowest weighting", error_messages={"required": "Enter the lowest weighting"}
    )
    most = PercentField(
        label="Highest weighting",
        above_zero=True,
        error_messages={"required": "Enter the highest weighting"},
    )
    share_of = forms.ChoiceField(
        label="What is the weighting a share of?",
        choices=ShareOf.choices,
        widget=widgets.Radios(
            hints={
                ShareOf.TOTAL.value: "10% of social value counts 10% of the award",
                ShareOf.QUALITY.value: "20% of a quality score that counts 60% is 12% of the award",
            }
        ),
        error_messages={"required": "Select what the weighting is a share of"},
    )
    pass_fail_allowed = forms.BooleanField(
        label="A tender may make social value pass or fail instead",
        required=False,
        widget=widgets.Checkbox(),
    )
    paragraph = forms.CharField(
        label="Paragraph of the policy",
        help_text="For example 6.0, weighting",
        max_length=100,
        widget=widgets.TextInput(width=20),
        error_messages={"required": "Name the paragraph that sets the weighting"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "version", Columns("least", "most"), "share_of", "pass_fail_allowed", "paragraph"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        least, most = data.get("least"), data.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", "The highest weighting must be the same as the lowest or more")
        return data


class ToolkitForm(VersionedForm):
    toolkit = forms.CharField(
        label="What to ask and do while taking quotations",
        help_text="One thing a line, five to eight lines. It stands beside the light-touch note.",
        required=False,
        max_length=6000,
        widget=widgets.Textarea(rows=14, max_characters=6000),
    )

    def clean_toolkit(self) -> str:
        try:
            return "\n".join(toolkit_lines(self.cleaned_data["toolkit"]))
        except RuleBroken as error:
            raise forms.ValidationError(error.message) from error


class SendBackForm(VersionedForm):
    reason = forms.CharField(
        label="What has to change?",
        help_text="The person who wrote it sees this, and it stays in the history.",
        max_length=1000,
        widget=widgets.Textarea(rows=5, max_characters=1000),
        error_messages={"required": "Say what has to change"},
    )


class CompareForm(BaseForm):
    """Two versions to lay side by side. A filter: nothing is saved."""

    left = forms.ChoiceField(label="On the left", widget=widgets.Select())
    right = forms.ChoiceField(label="On the right", widget=widgets.Select())

    def __init__(self, *args: Any, versions: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.version_id), row.label) for row in versions]
        for name in ("left", "right"):
            cast(forms.ChoiceField, self.fields[name]).choices = choices
