"""Read-only: procurements change through their services."""

from __future__ import annotations

from django.contrib import admin

from procurement.procurements.models import LightTouchNote, NoticeImport, Procurement, RouteDecision
from socialvalue.core.admin import ReadOnlyAdmin

admin.site.register([Procurement, RouteDecision, LightTouchNote, NoticeImport], ReadOnlyAdmin)
