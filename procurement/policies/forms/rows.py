"""Forms of rows that a person adds and removes: bands, rules on measures, approvals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from procurement.policies.rules import (
    MOST_BANDS,
    MOST_RULES,
    ApprovalInput,
    ApprovalRule,
    Band,
    BandInput,
    MeasureRule,
    MeasureRuleInput,
    wrong_bands,
    wrong_measure_rules,
)
from procurement.policies.vocabulary import MeasureRuleKind, Route
from socialvalue.accounts.permissions import roles_for
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, MoneyField
from socialvalue.core.formsets import VersionedRows

AMOUNT, THRESHOLD, NO_LIMIT = "amount", "threshold", "none"
APPROVING_ROLES = roles_for(Deed.APPROVE_TENDER)


class PolicyRows(VersionedRows):
    """Rows of a draft policy: a rule names the box it finds wrong."""

    def say(self, row: int, name: str, message: str) -> None:
        """An error beside the box of a row."""
        self.forms[row].add_error(name, message)


class BandForm(BaseForm):
    name = forms.CharField(
        label="Name",
        help_text="For example Under £50,000",
        max_length=100,
        error_messages={"required": "Enter a name for this band"},
    )
    lower_kind = forms.ChoiceField(
        label="From (included)",
        choices=[(AMOUNT, "An amount"), (THRESHOLD, "The statutory threshold")],
        widget=widgets.Radios(small=True, reveals={AMOUNT: ["lower"]}),
        error_messages={"required": "Select where this band starts"},
    )
    lower = MoneyField(label="Starts at", required=False)
    upper_kind = forms.ChoiceField(
        label="To (not included)",
        choices=[
            (AMOUNT, "An amount"),
            (THRESHOLD, "The statutory threshold"),
            (NO_LIMIT, "No upper limit"),
        ],
        widget=widgets.Radios(small=True, reveals={AMOUNT: ["upper"]}),
        error_messages={"required": "Select where this band ends"},
    )
    upper = MoneyField(label="Ends below", required=False, above_zero=True)
    route = forms.ChoiceField(
        label="Route",
        choices=Route.choices,
        widget=widgets.Radios(small=True),
        error_messages={"required": "Select the route of this band"},
    )
    paragraph = forms.CharField(
        label="Paragraph of the policy",
        max_length=100,
        widget=widgets.TextInput(width=20),
        error_messages={"required": "Name the paragraph this band rests on"},
    )
    guidance = forms.CharField(
        label="What to do",
        max_length=1000,
        widget=widgets.Textarea(rows=3, max_characters=1000),
        error_messages={"required": "Say what an officer does in this band"},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for edge in ("lower", "upper"):
            is_amount = data.get(f"{edge}_kind") == AMOUNT
            if is_amount and data.get(edge) is None and edge not in self.errors:
                self.add_error(edge, "Enter the amount, for example 50,000")
            if not is_amount:
                data[edge] = None
        return data


class BaseBands(PolicyRows):
    """From £0 up, without a gap or an overlap; the edge to mend is named."""

    row_title = "Band"
    add_text = "Add a band"

    def clean(self) -> None:
        if any(self.errors):
            return
        for row, edge, message in wrong_bands(self.inputs()):
            self.say(row, self._box(row, edge), message)

    def _box(self, row: int, edge: str) -> str:
        if edge == "route":
            return edge
        kind = self.forms[row].cleaned_data.get(f"{edge}_kind")
        return edge if kind == AMOUNT else f"{edge}_kind"

    def inputs(self) -> list[BandInput]:
        return [
            BandInput(
                name=row["name"],
                lower=row["lower"],
                lower_is_threshold=row["lower_kind"] == THRESHOLD,
                upper=row["upper"],
                upper_is_threshold=row["upper_kind"] == THRESHOLD,
                route=row["route"],
                paragraph=row["paragraph"],
                guidance=row["guidance"],
            )
            for row in self.filled()
        ]


def first_bands(bands: tuple[Band, ...]) -> list[dict[str, Any]]:
    """What the boxes show at first; one band that covers everything when there is none."""
    rows = [
        {
            "name": band.name,
            "lower_kind": THRESHOLD if band.lower_is_threshold else AMOUNT,
            "lower": band.lower,
            "upper_kind": THRESHOLD
            if band.upper_is_threshold
            else (NO_LIMIT if band.upper is None else AMOUNT),
            "upper": band.upper,
            "route": band.route,
            "paragraph": band.paragraph,
            "guidance": band.guidance,
        }
        for band in bands
    ]
    return rows or [{"lower_kind": AMOUNT, "lower": 0, "upper_kind": NO_LIMIT}]


BandsFormSet = forms.formset_factory(
    BandForm, formset=BaseBands, extra=0, can_delete=False, max_num=MOST_BANDS
)


class MeasureRuleForm(BaseForm):
    kind = forms.ChoiceField(
        label="The tender asks for",
        choices=MeasureRuleKind.choices,
        widget=widgets.Radios(inline=True, small=True),
        error_messages={"required": "Select at most or at least"},
    )
    number = forms.IntegerField(
        label="How many measures",
        min_value=1,
        max_value=50,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter how many measures",
            "invalid": "The number must be a whole number, like 6",
            "min_value": "The number must be 1 or more",
            "max_value": "The number must be 50 or less",
        },
    )
    theme_slug = forms.ChoiceField(label="Of which theme", required=False, widget=widgets.Select())
    codes = forms.CharField(
        label="Or of these measures (optional)",
        help_text="Codes from the catalogue with commas between them, for example GSE1, GSE2",
        required=False,
        max_length=300,
    )
    from_value = MoneyField(
        label="At or above which estimate (optional)",
        help_text="Leave empty when it always holds",
        required=False,
        above_zero=True,
    )
    paragraph = forms.CharField(
        label="Paragraph of the policy",
        max_length=100,
        widget=widgets.TextInput(width=20),
        error_messages={"required": "Name the paragraph this rule rests on"},
    )

    def __init__(
        self, *args: Any, themes: Mapping[str, str], known_codes: set[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known_codes = known_codes
        field = cast(forms.ChoiceField, self.fields["theme_slug"])
        field.choices = [("", "Any theme"), *themes.items()]

    def clean_codes(self) -> tuple[str, ...]:
        typed = self.cleaned_data["codes"].replace(";", ",").upper().split(",")
        codes = tuple(dict.fromkeys(code.strip() for code in typed if code.strip()))
        known = {code.upper(): code for code in self.known_codes}
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(
                f"{', '.join(unknown)} is not in the catalogue of measures. Check the code."
            )
        return tuple(known[code] for code in codes)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("theme_slug") and data.get("codes"):
            self.add_error("codes", "Choose a theme or name measures, not both")
        return data


class BaseMeasureRules(PolicyRows):
    row_title = "Rule"
    add_text = "Add a rule"

    def clean(self) -> None:
        if any(self.errors):
            return
        for row, box, message in wrong_measure_rules(self.inputs()):
            self.say(row, box, message)

    def inputs(self) -> list[MeasureRuleInput]:
        return [
            MeasureRuleInput(
                kind=row["kind"],
                number=row["number"],
                paragraph=row["paragraph"],
                theme_slug=row["theme_slug"],
                codes=row["codes"],
                from_value=row["from_value"],
            )
            for row in self.filled()
        ]


def first_measure_rules(rules: tuple[MeasureRule, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": rule.kind,
            "number": rule.number,
            "theme_slug": rule.theme_slug,
            "codes": ", ".join(rule.codes),
            "from_value": rule.from_value,
            "paragraph": rule.paragraph,
        }
        for rule in rules
    ]


MeasureRulesFormSet = forms.formset_factory(
    MeasureRuleForm, formset=BaseMeasureRules, extra=0, can_delete=False, max_num=MOST_RULES
)


class ApprovalForm(BaseForm):
    role = forms.ChoiceField(
        label="Who approves",
        choices=[(role.value, role.label) for role in APPROVING_ROLES],
        widget=widgets.Select(),
        error_messages={"required": "Select who approves"},
    )
    route = forms.ChoiceField(
        label="On which route",
        required=False,
        choices=[
            ("", "Every route with a tender"),
            *((r.value, r.label) for r in Route if r != Route.LIGHT_TOUCH),
        ],
        widget=widgets.Select(),
    )
    from_value = MoneyField(
        label="At or above which estimate (optional)",
        help_text="Leave empty when it is always needed",
        required=False,
        above_zero=True,
    )
    paragraph = forms.CharField(
        label="Paragraph of the policy",
        max_length=100,
        widget=widgets.TextInput(width=20),
        error_messages={"required": "Name the paragraph this approval rests on"},
    )


class BaseApprovals(PolicyRows):
    row_title = "Approval"
    add_text = "Add an approval"

    def clean(self) -> None:
        if any(self.errors):
            return
        seen: set[tuple[Any, ...]] = set()
        for index, row in enumerate(self.filled()):
            key = (row["role"], row["route"], row["from_value"])
            if key in seen:
                self.say(index, "role", "This approval is stated above already. Remove this one.")
            seen.add(key)

    def inputs(self) -> list[ApprovalInput]:
        return [
            ApprovalInput(row["role"], row["paragraph"], row["route"], row["from_value"])
            for row in self.filled()
        ]


def first_approvals(rules: tuple[ApprovalRule, ...]) -> list[dict[str, Any]]:
    return [
        {
            "role": rule.role,
            "route": rule.route,
            "from_value": rule.from_value,
            "paragraph": rule.paragraph,
        }
        for rule in rules
    ]


ApprovalsFormSet = forms.formset_factory(
    ApprovalForm, formset=BaseApprovals, extra=0, can_delete=False, max_num=MOST_RULES
)
