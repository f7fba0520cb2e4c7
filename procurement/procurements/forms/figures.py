"""The answers that a route rests on: what, how much, with which VAT, from when."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from procurement.policies.rules import main_category
from procurement.policies.vocabulary import Category
from procurement.procurements.rules import clean_cpv, made_up_of, parts_of
from procurement.procurements.vocabulary import EstimateBasis
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm, DateField, MoneyField, PercentField

CATEGORY_CHOICES = [
    (Category.GOODS.value, "Goods"),
    (Category.SERVICES.value, "Services"),
    (Category.WORKS.value, "Works"),
    (Category.LIGHT_TOUCH.value, "Light-touch services"),
    (Category.CONCESSION.value, "A concession"),
]
CATEGORY_HINTS = {
    Category.LIGHT_TOUCH.value: "For example social care, education or legal services",
    Category.CONCESSION.value: "The supplier is paid by those who use the service",
}


PART_LABELS = {
    Category.GOODS.value: "Goods",
    Category.SERVICES.value: "Services",
    Category.WORKS.value: "Works",
    Category.LIGHT_TOUCH.value: "Light-touch services",
    Category.CONCESSION.value: "Concession",
}
UNKNOWN, KNOWN, EXEMPT, MIXED = "unknown", "known", "exempt", "mixed"
MADE_UP_OF = ("estimate_initial", "estimate_extensions", "estimate_options")


class EstimateForm(BaseForm):
    """What is bought and for how much: where a route and a plan both begin."""

    category = forms.ChoiceField(
        label="What is being bought",
        choices=CATEGORY_CHOICES,
        widget=widgets.Radios(hints=CATEGORY_HINTS, small=True),
        error_messages={"required": "Select what is being bought"},
    )
    estimate = MoneyField(
        label="Estimated value over the whole life",
        help_text="In pounds, with every extension and option",
        above_zero=True,
        error_messages={"required": "Enter the estimated value, like 75,000"},
    )
    estimate_basis = forms.ChoiceField(
        label="Does the estimate include VAT?",
        choices=[
            (EstimateBasis.EXCL.value, "No, VAT comes on top"),
            (EstimateBasis.INCL.value, "Yes, VAT is in it"),
        ],
        widget=widgets.Radios(inline=True, small=True),
        error_messages={"required": "Select whether the estimate includes VAT"},
    )

    def clean_cpv(self) -> str:
        try:
            return clean_cpv(self.cleaned_data["cpv"])
        except RuleBroken as error:
            raise forms.ValidationError(error.message) from error


class AdviceForm(EstimateForm):
    """The answers that the route rests on."""

    vat_kind = forms.ChoiceField(
        label="VAT (optional)",
        required=False,
        choices=[
            (UNKNOWN, "Not known yet: 20% is used"),
            (KNOWN, "One rate"),
            (EXEMPT, "Exempt from VAT"),
            (MIXED, "Mixed: several rates"),
        ],
        initial=UNKNOWN,
        widget=widgets.Radios(
            small=True, reveals={KNOWN: ["vat_rate_percent"], MIXED: ["estimate_other"]}
        ),
    )
    vat_rate_percent = PercentField(label="VAT rate", required=False)
    estimate_other = MoneyField(
        label="The estimate on the other VAT basis",
        required=False,
        above_zero=True,
        help_text="With VAT if the estimate above is without it, and the other way round",
    )
    is_utilities = forms.BooleanField(
        label="It is bought for a utility activity",
        required=False,
        help_text="For example trams, a heat network or a port. Other lines of law apply.",
        widget=widgets.Checkbox(small=True),
    )
    is_mixed = forms.BooleanField(
        label="It is a mixed contract",
        required=False,
        help_text="Goods, services or works together. It counts as what most of the money is for.",
        widget=widgets.Checkbox(small=True, reveals=[f"part_{c}" for c in PART_LABELS]),
    )
    has_makeup = forms.BooleanField(
        label="Say how the estimate is made up",
        required=False,
        widget=widgets.Checkbox(small=True, reveals=MADE_UP_OF),
    )
    estimate_initial = MoneyField(label="Initial term", required=False)
    estimate_extensions = MoneyField(label="All extensions", required=False)
    estimate_options = MoneyField(label="All options", required=False)
    commenced_on = DateField(
        label="Date it commences",
        help_text="The day of the first notice or invitation. It decides which law and which policy apply.",
        error_messages={"required": "Enter the date it commences, like 27 3 2026"},
    )
    title = forms.CharField(required=False)
    cpv = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category, label in PART_LABELS.items():
            self.fields[f"part_{category}"] = MoneyField(label=label, required=False)

    def clean_cpv(self) -> str:
        """While the officer types, half a code is none."""
        try:
            return clean_cpv(self.cleaned_data["cpv"])
        except RuleBroken:
            return ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._clean_vat(cleaned)
        self._clean_makeup(cleaned)
        self._clean_parts(cleaned)
        return cleaned

    def _clean_vat(self, cleaned: dict[str, Any]) -> None:
        rate, other = cleaned.get("vat_rate_percent"), cleaned.get("estimate_other")
        # Somebody who types a rate and no kind means the rate.
        typed = MIXED if other is not None else KNOWN if rate is not None else UNKNOWN
        kind = cleaned.get("vat_kind") or typed
        if kind == KNOWN and rate is None and "vat_rate_percent" not in self.errors:
            self.add_error("vat_rate_percent", "Enter the VAT rate, like 20")
        if kind == MIXED and other is None and "estimate_other" not in self.errors:
            self.add_error(
                "estimate_other", "Enter the estimate on the other VAT basis, like 90,000"
            )
        rates = {KNOWN: rate, EXEMPT: Decimal(0)}
        cleaned["vat_rate_percent"] = rates.get(kind)
        cleaned["estimate_other"] = other if kind == MIXED else None

    def _clean_makeup(self, cleaned: dict[str, Any]) -> None:
        amounts = [cleaned.get(name) for name in MADE_UP_OF]
        made: tuple[Decimal | None, ...] | None = None
        if cleaned.get("has_makeup") and not {*MADE_UP_OF, "estimate"} & {*self.errors}:
            try:
                made = made_up_of(cleaned["estimate"], *amounts)
            except RuleBroken as error:
                self.add_error(*error.errors[0])
                return
        cleaned |= dict(zip(MADE_UP_OF, made or (None, None, None), strict=True))

    def _clean_parts(self, cleaned: dict[str, Any]) -> None:
        """The parts by category; the category follows from the main one."""
        names = {category: f"part_{category}" for category in PART_LABELS}
        cleaned["parts"] = {}
        if not cleaned.get("is_mixed") or {*names.values(), "estimate"} & {*self.errors}:
            return
        typed = {category: cleaned.get(name) for category, name in names.items()}
        given = {category: amount for category, amount in typed.items() if amount}
        try:
            cleaned["parts"] = parts_of(cleaned["estimate"], given)
            if not given:
                raise RuleBroken("Enter the amount of each part, or untick the mixed contract.")
        except RuleBroken as error:
            self.add_error("is_mixed", error.message)
            return
        cleaned["category"] = main_category(cleaned["parts"])

    @property
    def decided_by(self) -> dict[str, Any]:
        """The arguments of the routing question."""
        cleaned = self.cleaned_data
        return {
            "category": cleaned["category"],
            "amount": cleaned["estimate"],
            "basis": cleaned["estimate_basis"],
            "vat_rate_percent": cleaned["vat_rate_percent"],
            "other_amount": cleaned["estimate_other"],
            "is_utilities": cleaned["is_utilities"],
            "parts": cleaned["parts"] or None,
            "commenced_on": cleaned["commenced_on"],
        }


def figures_shown(stored: Mapping[str, Any]) -> dict[str, Any]:
    """How the stored figures stand in the form: the kind of VAT, and what is ticked open."""
    rate = stored["vat_rate_percent"]
    kind = UNKNOWN if rate is None else KNOWN if rate else EXEMPT
    return {
        "vat_kind": MIXED if stored["estimate_other"] is not None else kind,
        "has_makeup": stored["estimate_initial"] is not None,
        "is_mixed": bool(stored["parts"]),
        **{f"part_{category}": amount for category, amount in stored["parts"].items()},
    }
