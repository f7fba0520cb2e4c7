"""What of this room has had its time. Read by the clock alone, for nobody in particular."""

from __future__ import annotations

from django.db.models import QuerySet

from reporting.showcase.models import Story
from reporting.showcase.vocabulary import StoryStatus
from socialvalue.core.purging import kept_since


def old_photos() -> QuerySet[Story]:
    """Stories that were withdrawn long ago and still hold a photo, on which people may be seen."""
    rows = Story.objects.filter(
        status=StoryStatus.WITHDRAWN, withdrawn_at__lt=kept_since("story_photos")
    )
    return rows.exclude(photo="").order_by("pk")
