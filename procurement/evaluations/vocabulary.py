from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class EvaluationStatus(TextChoices):
    OPEN = "open", "Being marked"
    RANKED = "ranked", "Ranked"


class Mark(IntegerChoices):
    """The scale of a mark. Published with the tender; every question uses it."""

    NONE = 0, "Not answered, or nothing that addresses the question"
    POOR = 1, "Poor: addresses little of the question, serious doubts"
    LIMITED = 2, "Limited: addresses part of the question, some doubts"
    SATISFACTORY = 3, "Satisfactory: addresses the question, small gaps"
    GOOD = 4, "Good: addresses the whole question, with evidence"
    EXCELLENT = 5, "Excellent: addresses the whole question, with strong evidence and added benefit"


class EvaluationDeed(TextChoices):
    STARTED = "evaluation_started", "Evaluation started"
    MARKED = "answer_marked", "Answer marked"
    RANKED = "bids_ranked", "Bids ranked"
    REOPENED = "marking_reopened", "Marking reopened"
