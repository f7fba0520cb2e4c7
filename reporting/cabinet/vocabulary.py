from __future__ import annotations

from django.db.models import TextChoices


class ReportStatus(TextChoices):
    DRAFT = "draft", "Draft"
    FROZEN = "frozen", "Frozen"


class SectionKind(TextChoices):
    RECOMMENDATION = "recommendation", "Recommendation"
    EXECUTIVE_SUMMARY = "executive_summary", "Executive summary"
    FINANCIAL = "financial", "Financial implications"
    ENVIRONMENTAL = "environmental", "Environmental implications"
    SUPPORTING = "supporting", "Supporting information"
    TIMESCALES = "timescales", "Timescales associated with the decision and next steps"
    APPENDICES = "appendices", "Appendices"
    BACKGROUND_PAPERS = "background_papers", "Background papers"


class CabinetDeed(TextChoices):
    STARTED = "report_started", "Report started"
    CHANGED = "report_changed", "Report changed"
    FROZEN = "report_frozen", "Report frozen"
