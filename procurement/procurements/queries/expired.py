"""What of this room has had its time. Read by the clock alone, for nobody in particular."""

from __future__ import annotations

from django.db.models import QuerySet

from procurement.procurements.models import NoticeImport
from socialvalue.core.purging import kept_since


def old_notice_files() -> QuerySet[NoticeImport]:
    """Files of published notices, in which buyers and suppliers name contact persons."""
    rows = NoticeImport.objects.filter(uploaded_at__lt=kept_since("notice_files"))
    return rows.exclude(content="").order_by()
