from __future__ import annotations

from django.db.models import TextChoices


class StoryStatus(TextChoices):
    DRAFT = "draft", "Draft"
    AWAITING = "awaiting_approval", "Awaiting approval"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class StoryDeed(TextChoices):
    STARTED = "story_started", "Story started"
    CHANGED = "story_changed", "Story changed"
    PHOTO_ADDED = "story_photo_added", "Photo added to a story"
    PHOTO_DESCRIBED = "story_photo_described", "Photo of a story described"
    PHOTO_REMOVED = "story_photo_removed", "Photo of a story removed"
    SENT = "story_sent", "Story sent for approval"
    TAKEN_BACK = "story_taken_back", "Story taken back"
    RETURNED = "story_returned", "Story returned"
    PUBLISHED = "story_published", "Story published"
    WITHDRAWN = "story_withdrawn", "Story withdrawn"
    REOPENED = "story_reopened", "Story opened again"
