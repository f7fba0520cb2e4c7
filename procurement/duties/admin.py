"""Duties done, to read."""

from __future__ import annotations

from django.contrib import admin

from procurement.duties.models import DutyRecord
from socialvalue.core.admin import ReadOnlyAdmin

admin.site.register([DutyRecord], ReadOnlyAdmin)
