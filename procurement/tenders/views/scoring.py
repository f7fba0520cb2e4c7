"""How the offers are scored: the weighting, the split, and the questions."""

from __future__ import annotations

from typing import Any

from procurement.policies.rules import whole_percent
from procurement.tenders.forms import QuestionsFormSet, ScoringForm, question_row
from procurement.tenders.queries import tender_being_prepared
from procurement.tenders.services import set_questions, set_scoring
from procurement.tenders.views.prepare import OFFICER, OfTender, PreparePage
from socialvalue.core.views import Page


class Scoring(PreparePage):
    template_name = "procurement/tenders/scoring.html"
    form_class = ScoringForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"allowed": self.overview.allowed, "mark_scale": self.overview.mark_scale}

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"scoring": self.overview.scoring}

    def get_initial(self) -> dict[str, Any]:
        tender = self.tender
        return super().get_initial() | {
            "weighting_kind": tender.weighting_kind,
            "weighting_percent": tender.weighting_percent,
            "quality_percent": tender.quality_percent,
            "quantitative_percent": tender.quantitative_percent,
            "formula": tender.formula,
            "target_value": tender.target_value,
            "tie_rule": tender.tie_rule,
        }

    def keep(self, form: ScoringForm) -> str:
        set_scoring(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            weighting_kind=form.cleaned_data["weighting_kind"],
            weighting_percent=form.cleaned_data["weighting_percent"],
            quality_percent=form.cleaned_data.get("quality_percent"),
            quantitative_percent=form.cleaned_data["quantitative_percent"],
            formula=form.cleaned_data["formula"],
            target_value=form.cleaned_data["target_value"],
            tie_rule=form.cleaned_data["tie_rule"],
            mark_scale=form.mark_scale(),
        )
        return self.to("task_list")


class ScoringAdvice(OfTender, Page):
    """The formula in words for what is typed so far: a fragment of the scoring page."""

    access = OFFICER
    template_name = "procurement/tenders/_scoring_in_words.html"

    def get_page(self) -> dict[str, Any]:
        tender_being_prepared(self.actor, self.procurement_pk)
        form = ScoringForm(self.request.GET, allowed=self.overview.allowed)
        form.is_valid()
        typed = form.cleaned_data
        if typed.get("quantitative_percent") is None:
            return {"scoring": None}
        percent, quality = typed.get("weighting_percent"), typed.get("quality_percent")
        is_of_quality = self.overview.allowed.is_share_of_quality
        return {
            "scoring": self.overview.scoring_if(
                kind=typed.get("weighting_kind", ""),
                percent=whole_percent(
                    percent, is_share_of_quality=is_of_quality, quality_percent=quality
                ),
                quantitative_percent=typed["quantitative_percent"],
                of_quality=(percent, quality) if is_of_quality and percent and quality else None,
                formula=typed["formula"],
                target=typed.get("target_value"),
                tie_rule=typed["tie_rule"],
            )
        }


class Questions(PreparePage):
    template_name = "procurement/tenders/questions.html"
    form_class = QuestionsFormSet

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"version": self.tender.version, "prefix": "questions"}

    def get_initial(self) -> Any:
        return [question_row(row) for row in self.overview.questions] or [{}]

    def keep(self, form: Any) -> str:
        set_questions(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.expected_version,
            questions=form.inputs(),
        )
        return self.to("task_list")
