from __future__ import annotations

from django.db.models import TextChoices


class ReportKind(TextChoices):
    """What a report is for; each kind has its own starting form."""

    CABINET = "cabinet", "Cabinet report"
    ANNUAL = "annual", "Annual social value report"
    DIRECTORATE = "directorate", "Quarterly directorate pack"
    REGION = "region", "Regional board report"
    SUMMARY = "summary", "One-page summary"
    STATEMENT = "statement", "Social value statement"


class ReportStatus(TextChoices):
    DRAFT = "draft", "Draft"
    FROZEN = "frozen", "Frozen"


class SectionKind(TextChoices):
    """The keys of the sections of a report to Cabinet. Other sections have keys made of their headings."""

    RECOMMENDATION = "recommendation", "Recommendation"
    EXECUTIVE_SUMMARY = "executive_summary", "Executive summary"
    FINANCIAL = "financial", "Financial implications"
    ENVIRONMENTAL = "environmental", "Environmental implications"
    SUPPORTING = "supporting", "Supporting information"
    TIMESCALES = "timescales", "Timescales associated with the decision and next steps"
    APPENDICES = "appendices", "Appendices"
    BACKGROUND_PAPERS = "background_papers", "Background papers"


class SignOffStep(TextChoices):
    """Who agrees to a report before it is frozen."""

    FINANCE = "finance", "Finance"
    LEGAL = "legal", "Legal"
    DIRECTOR = "director", "Director"


class SignOffAnswer(TextChoices):
    AGREED = "agreed", "Agreed"
    RETURNED = "returned", "Returned"


class JobKind(TextChoices):
    FREEZE = "freeze", "Freezing"
    FILES = "files", "Making the files"


class JobStatus(TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class OutputKind(TextChoices):
    PDF = "pdf", "PDF"
    HTML = "html", "HTML"
    XLSX = "xlsx", "Excel annex"
    CSV = "csv", "Figures (CSV)"
    JSON = "json", "Everything (JSON)"
    ZIP = "zip", "All of it"


class CabinetDeed(TextChoices):
    STARTED = "report_started", "Report started"
    CHANGED = "report_changed", "Report changed"
    FROZEN = "report_frozen", "Report frozen"
    REISSUED = "report_reissued", "Report issued again"
    ASKED = "report_sign_off_asked", "Sign-off of a report asked for"
    SIGNED = "report_signed", "Report signed off"
    RETURNED = "report_returned", "Report returned at sign-off"
    TEMPLATE_SAVED = "report_template_saved", "Report template saved"
    TEMPLATE_ARCHIVED = "report_template_archived", "Report template archived"
