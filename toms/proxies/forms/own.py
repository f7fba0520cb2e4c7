"""Writing an authority's own measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.core.validators import URLValidator

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField, DecimalTextField, PercentField
from socialvalue.core.layouts import Group
from toms.frameworks.queries import ThemeChoice
from toms.frameworks.rules import OwnMeasure, fraction_text
from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.proxies.queries.own import OwnLine
from toms.proxies.rules import OwnValue

TAKEN = ("deadweight", "leakage", "displacement", "substitution")
VALUED = ("amount", "price_year", "source_name", "source_url", "licence", "method")
RATED = ("numerator_label", "denominator_label")
BETWEEN = "|"
"""Between a theme's slug, which never holds it, and the name of its outcome; without a name, another outcome."""
HUNDRED = Decimal(100)
YEAR = re.compile(r"[0-9]{4}")


class SeenForm(BaseForm):
    """Carries what the version said when the person saw it."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AmountField(DecimalTextField):
    """£ of one unit, to nine places."""

    noun = "an amount of money"
    example = "12.50 or 0.123456789"
    places = 9


def _begins(label: str) -> str:
    """The label as a sentence about its box begins."""
    return label.removesuffix(" (optional)")


def _text(label: str, hint: str, *, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=4000,
        widget=widgets.Textarea(rows=rows),
        error_messages={"max_length": f"{_begins(label)} must be 4,000 characters or fewer"},
    )


def _line(label: str, hint: str = "", *, most: int, **options: Any) -> forms.CharField:
    width = options.pop("width", None)
    name = _begins(label)
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        widget=widgets.TextInput(width=width),
        error_messages={
            "required": f"Enter the {name[:1].lower()}{name[1:]}",
            "max_length": f"{name} must be {most} characters or fewer",
        },
        **options,
    )


def _percent(label: str, hint: str) -> PercentField:
    return PercentField(label=label, help_text=hint, required=False)


class MeasureForm(SeenForm):
    """One measure, whole. What is required here is what a draft cannot do without; the rest waits for publication."""

    code = _line(
        "Code",
        "2 to 20 letters, digits and hyphens. It stands beside the measure in every tender and report",
        most=20,
        width=10,
    )
    title = _line("Title", "What is counted, in a few words", most=300)
    description = _text(
        "Description", "What a supplier does, for whom and where. Needed before publication"
    )
    outcome = forms.ChoiceField(
        label="Theme and outcome",
        help_text="Themes are those of the measures you use, so that totals by theme add up",
        widget=widgets.Select(),
        error_messages={"required": "Select the theme and outcome"},
    )
    new_outcome = _line(
        "Name of the other outcome",
        "Only when you selected another outcome above",
        most=300,
        required=False,
    )
    unit = _line(
        "Unit",
        "For example hours, £, or people x hours when two figures are multiplied",
        most=80,
        width=20,
    )
    kind = forms.ChoiceField(
        label="What is one unit worth?",
        choices=[
            (MeasureKind.RECORD_ONLY, "Nothing in pounds: record only"),
            (MeasureKind.POUND_FOR_POUND, "£1 for £1"),
            (MeasureKind.NEGOTIATED, "Negotiated with the bidder"),
            (MeasureKind.PROXY, "A value per unit, from a source"),
        ],
        widget=widgets.Radios(
            hints={
                MeasureKind.RECORD_ONLY.value: "The quantity is counted and reported",
                MeasureKind.POUND_FOR_POUND.value: "What is spent is counted as it is; the unit is £",
                MeasureKind.NEGOTIATED.value: "The bidder proposes a value with its source",
                MeasureKind.PROXY.value: "The same value everywhere in your area",
            },
            reveals={MeasureKind.PROXY.value: VALUED},
        ),
        error_messages={"required": "Select what one unit is worth"},
    )
    amount = AmountField(
        label="Value of one unit",
        help_text="At most 9 decimal places",
        required=False,
        widget=widgets.NumberText(prefix="£"),
    )
    price_year = _line(
        "Price year", "For example 2025 or 2025-26", most=20, width=10, required=False
    )
    source_name = _line(
        "Source", "Who published the figure, and where in it", most=300, required=False
    )
    source_url = forms.URLField(
        label="Link to the source (optional)",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        widget=widgets.TextInput(),
        error_messages={
            "invalid": "Enter a web address, like https://www.gov.uk/guidance",
            "max_length": "The link to the source must be 500 characters or fewer",
        },
    )
    licence = _line(
        "Licence of the source",
        "For example Open Government Licence v3.0",
        most=200,
        required=False,
    )
    method = _text("How the value was worked out", "The sum, in words or figures")
    aggregation = forms.ChoiceField(
        label="How do figures of several quarters come together?",
        choices=[
            (Aggregation.SUM, "Added up"),
            (Aggregation.LAST, "The latest figure counts"),
            (Aggregation.RATIO, "As a ratio of two sums"),
            (Aggregation.NONE, "Not at all: each stands alone"),
        ],
        widget=widgets.Radios(
            hints={
                Aggregation.SUM.value: "Every measure with a value in £ is added up",
                Aggregation.RATIO.value: "For example staff paid a living wage out of all staff",
            },
            reveals={Aggregation.RATIO.value: RATED},
        ),
        error_messages={"required": "Select how the figures come together"},
    )
    numerator_label = _line(
        "What is counted on top", "For example staff paid a living wage", most=100, required=False
    )
    denominator_label = _line(
        "What it is a share of", "For example all staff", most=100, required=False
    )
    counting_rule = _text(
        "Counting rule", "What counts, what does not, and when. Needed before publication"
    )
    target_requirements = _text(
        "What a bidder says (optional)", "What a bid has to state beside its target"
    )
    evidence = _text("Evidence", "What proves the delivery. Needed before publication")
    is_local_employment = forms.BooleanField(
        label="It counts work for local people",
        help_text="Its quantity is then part of the totals of local employment",
        required=False,
        widget=widgets.Checkbox(),
    )
    partners = forms.MultipleChoiceField(
        label="Which of your measures may count the same deed?",
        help_text="Who picks both is warned",
        required=False,
        widget=widgets.Checkboxes(small=True),
    )
    takes_off = forms.BooleanField(
        label="The method takes something off the value",
        help_text="Off for most measures: values of this kind have it inside already",
        required=False,
        widget=widgets.Checkbox(reveals=TAKEN),
    )
    deadweight = _percent("Would have happened anyway", "Deadweight, a percentage")
    leakage = _percent("Benefits people outside the area", "Leakage, of what is left")
    displacement = _percent("Taken from elsewhere", "Displacement, of what is left")
    substitution = _percent("Replaces another activity", "Substitution, of what is left")

    def __init__(
        self,
        *args: Any,
        themes: Sequence[ThemeChoice],
        others: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "outcome", [("", "Select"), *map(_options, themes)])
        if others:
            _choose(self, "partners", others)
        else:
            del self.fields["partners"]
        self.helper.layout = Layout(
            "version",
            Group("What is counted", "code", "title", "description", "outcome", "new_outcome", "unit"),
            Group("What it is worth and how it adds up", "kind", "aggregation", "takes_off"),
            Group("Counting and proof", "counting_rule", "target_requirements", "evidence"),
            Group("Beside other measures", "is_local_employment", *(["partners"] if others else [])),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._forget_hidden(data)
        chosen = data.get("outcome", "")
        if chosen and not chosen.partition(BETWEEN)[2] and not data.get("new_outcome"):
            self.add_error("new_outcome", "Enter the name of the other outcome")
        if data.get("kind") == MeasureKind.PROXY:
            for name, message in REQUIRED.items():
                if name not in self.errors and data.get(name) in (None, ""):
                    self.add_error(name, message)
            if data.get("price_year") and not YEAR.search(data["price_year"]):
                self.add_error(
                    "price_year", "The price year must hold a year, like 2025 or 2025-26"
                )
        is_taken = any(data.get(name) is not None or name in self.errors for name in TAKEN)
        if data.get("takes_off") and not is_taken:
            self.add_error("deadweight", "Enter at least one percentage, or clear the tick above")
        return data

    def _forget_hidden(self, data: dict[str, Any]) -> None:
        """What stands in a box that is not shown is kept in it, and neither asked for nor wrong."""
        hidden: tuple[str, ...] = ()
        if data.get("kind") != MeasureKind.PROXY:
            hidden += VALUED
        if data.get("aggregation") != Aggregation.RATIO:
            hidden += RATED
        if not data.get("takes_off"):
            hidden += TAKEN
        for name in hidden:
            self.errors.pop(name, None)

    def measure(self) -> OwnMeasure:
        data = self.cleaned_data
        slug, _, outcome = data["outcome"].partition(BETWEEN)
        is_rate = data["aggregation"] == Aggregation.RATIO
        return OwnMeasure(
            code=data["code"],
            title=data["title"],
            description=_lines(data["description"]),
            theme_slug=slug,
            outcome=outcome or " ".join(data["new_outcome"].split()),
            unit=" ".join(data["unit"].split()),
            kind=data["kind"],
            aggregation=data["aggregation"],
            numerator_label=data["numerator_label"] if is_rate else "",
            denominator_label=data["denominator_label"] if is_rate else "",
            target_requirements=_lines(data["target_requirements"]),
            evidence=_lines(data["evidence"]),
            counting_rule=_lines(data["counting_rule"]),
            is_local_employment=data["is_local_employment"],
            partners=tuple(data.get("partners", ())),
            additionality={
                name: fraction_text(data[name])
                for name in TAKEN
                if data["takes_off"] and data.get(name) is not None
            },
        )

    def value(self) -> OwnValue | None:
        data = self.cleaned_data
        if data["kind"] != MeasureKind.PROXY:
            return None
        return OwnValue(
            amount=data["amount"],
            price_year=data["price_year"],
            source_name=data["source_name"],
            source_url=data["source_url"],
            licence=data["licence"],
            method=_lines(data["method"]),
        )


REQUIRED = {
    "amount": "Enter the value of one unit",
    "price_year": "Enter the price year, for example 2025",
    "source_name": "Enter the source of the value",
    "licence": "Enter the licence of the source",
    "method": "Say how the value was worked out",
}


def _options(theme: ThemeChoice) -> tuple[str, list[tuple[str, str]]]:
    named = [(f"{theme.slug}{BETWEEN}{name}", name) for _, name in theme.outcomes]
    return theme.name, [*named, (f"{theme.slug}{BETWEEN}", f"Another outcome of {theme.name}")]


def _choose(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def first_answers(line: OwnLine) -> dict[str, Any]:
    """A measure as the form asks for it."""
    measure, value = line.measure, line.value
    found = {name: getattr(measure, name) for name in MEASURE_TEXTS}
    found |= {
        "outcome": f"{measure.theme_slug}{BETWEEN}{measure.outcome}",
        "partners": list(measure.partners),
        "takes_off": bool(measure.additionality),
    }
    found |= {
        name: f"{(Decimal(text) * HUNDRED).normalize():f}"
        for name, text in measure.additionality.items()
    }
    if value is not None:
        found |= {name: getattr(value, name) for name in VALUED}
    return found


MEASURE_TEXTS = (
    "code", "title", "description", "unit", "kind", "aggregation", "numerator_label", "denominator_label",
    "counting_rule", "target_requirements", "evidence", "is_local_employment",
)  # fmt: skip


class PublishForm(SeenForm):
    """From when, and who else may use it."""

    from_on = DateField(
        label="First day",
        help_text="Procurements that commence on this day or later may ask for these measures",
        error_messages={"required": "Enter the first day"},
    )
    reference = _line(
        "Decision (optional)",
        "For example Cabinet, 9 March 2027",
        most=300,
        required=False,
    )
    region = forms.ChoiceField(
        label="Who may use these measures?", widget=widgets.Radios(), required=False
    )

    def __init__(self, *args: Any, regions: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not regions:
            del self.fields["region"]
            return
        _choose(
            self,
            "region",
            [("", "Our authority only"), *((str(pk), f"Offer to the authorities of {name}") for pk, name in regions)],
        )  # fmt: skip

    @property
    def region_id(self) -> int | None:
        chosen = self.cleaned_data.get("region", "")
        return int(chosen) if chosen else None
