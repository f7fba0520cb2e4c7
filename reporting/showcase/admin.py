from __future__ import annotations

from django.contrib import admin

from reporting.showcase.models import Story
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Story)
class StoryAdmin(ReadOnlyAdmin):
    list_display = ("id", "authority", "title", "status", "changed_at", "approved_at")
    list_filter = ("status",)
    search_fields = ("title", "summary")
