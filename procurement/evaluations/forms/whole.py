"""What price and quality count of the award, and every bid's scores for them: one form, one save."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from procurement.evaluations import rules
from procurement.evaluations.queries import WholeAward, WholeRow
from procurement.tenders.rules import plain
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, PercentField
from socialvalue.core.layouts import Columns, Group
from socialvalue.core.money import pounds


class ScoreField(PercentField):
    """A score out of 100, as exact as it is kept. ``subject`` begins its errors: whose score it is."""

    places = 6
    noun = "a number from 0 to 100"
    example = "72.5"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.TextInput(width=5))
        super().__init__(**kwargs)


class WholeForm(BaseForm):
    """Two weights, and two scores a bid. A price score by the usual formula stands there until another is entered."""

    def __init__(self, *args: Any, award: WholeAward, **kwargs: Any) -> None:
        self.award = award
        super().__init__(*args, **kwargs)
        for key, noun in (("price", "Price"), ("quality", "Quality apart from social value")):
            self.fields[f"{key}_percent"] = PercentField(
                label=f"{noun} counts",
                initial=_shown(getattr(award, f"{key}_percent"))
                or _shown(getattr(award, f"suggested_{key}_percent")),
                error_messages={
                    "required": f"Enter what {key} counts of the award, for example 40"
                },
            )
        rows = sorted(award.rows, key=lambda row: row.supplier_name)
        for row in rows:
            self._add_bid(row)
        self.helper.layout = Layout(
            Group(
                "Weights of the whole award",
                Columns("price_percent", "quality_percent"),
                hint=_weights_hint(award),
            ),
            *(
                Group(
                    row.supplier_name,
                    Columns(f"price_{row.bid_id}", f"quality_{row.bid_id}"),
                    f"version_{row.bid_id}",
                    size="s",
                    hint=_price_hint(row),
                )
                for row in rows
            ),
        )

    def _add_bid(self, row: WholeRow) -> None:
        name = row.supplier_name
        usual = row.usual_price_score
        suggested = usual.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if usual else None
        price = row.price_score if row.price_score is not None else suggested
        for key, initial in (("price", price), ("quality", row.quality_score)):
            self.fields[f"{key}_{row.bid_id}"] = ScoreField(
                label=f"{key.capitalize()} score",
                subject=f"The {key} score of {name}",
                initial=_shown(initial),
                error_messages={
                    "required": f"Enter the {key} score of {name}, from 0 to 100; 0 for none"
                },
            )
        self.fields[f"version_{row.bid_id}"] = forms.IntegerField(
            min_value=0, required=False, widget=forms.HiddenInput, initial=row.version
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        price, quality = cleaned.get("price_percent"), cleaned.get("quality_percent")
        if price is not None and quality is not None:
            missing = rules.weights_missing(
                rules.Weights(self.award.social_percent, price, quality)
            )
            if missing:
                self.add_error("price_percent", missing)
        return cleaned

    def given(self) -> Iterable[tuple[int, Decimal, Decimal, int]]:
        """Bid, price score, quality score, version seen."""
        cleaned = self.cleaned_data
        for row in self.award.rows:
            pk = row.bid_id
            yield (
                pk,
                cleaned[f"price_{pk}"],
                cleaned[f"quality_{pk}"],
                cleaned.get(f"version_{pk}") or 0,
            )

    def see_versions(self, award: WholeAward) -> None:
        """Carry the versions that are there now; what was typed stays."""
        data: Any = self.data
        data = data.copy()
        for row in award.rows:
            data[f"version_{row.bid_id}"] = str(row.version)
        self.data = data


def _shown(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def _weights_hint(award: WholeAward) -> str:
    if award.social_percent is None:
        return "Social value is pass or fail, so price and quality add to 100%."
    return (
        f"Social value counts {plain(award.social_percent)}%, so price and quality add to "
        f"{plain(award.left_percent)}%."
    )


def _price_hint(row: WholeRow) -> str:
    if row.price is None:
        return "No price was given, so nothing is suggested for it."
    return f"Price {pounds(row.price)}."
