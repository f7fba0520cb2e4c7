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


class PanelRole(TextChoices):
    EVALUATOR = "evaluator", "Evaluator"
    MODERATOR = "moderator", "Moderator"
    OBSERVER = "observer", "Observer"


class InterestDecision(TextChoices):
    STAYS = "stays", "Stays on the panel"
    RECUSED = "recused", "Recused"


class EvaluationDeed(TextChoices):
    STARTED = "evaluation_started", "Evaluation started"
    MARKED = "answer_marked", "Answer marked"
    RANKED = "bids_ranked", "Bids ranked"
    REOPENED = "marking_reopened", "Moderation reopened"
    PANEL_JOINED = "panel_joined", "Panel member named"
    PANEL_LEFT = "panel_left", "Panel member taken off"
    INTEREST_DECLARED = "interest_declared", "Interest declared"
    INTEREST_DECIDED = "interest_decided", "Interest decided"
    RECUSED = "evaluator_recused", "Evaluator recused"
    WORDING_SET = "interest_wording_set", "Wording of the declaration set"
    LOCKED = "marks_locked", "Marks locked"
    DISCLOSED = "marks_disclosed", "Marks disclosed"
    MODERATED = "answer_moderated", "Answer moderated"
    RULED_OUT = "claim_ruled_out", "Claim ruled out"
    RULING_LIFTED = "ruling_lifted", "Ruling lifted"
    OTHER_SCORES = "other_scores_entered", "Price and quality scores entered"
