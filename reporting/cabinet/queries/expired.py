"""What of this room has had its time. Read by the clock alone, for nobody in particular."""

from __future__ import annotations

from django.db.models import QuerySet

from reporting.cabinet.models import SectionDraft
from socialvalue.core.purging import kept_since


def old_section_drafts() -> QuerySet[SectionDraft]:
    return SectionDraft.objects.filter(kept_at__lt=kept_since("kept_texts")).order_by()
