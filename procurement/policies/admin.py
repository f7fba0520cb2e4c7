"""Read-only: thresholds and policies are loaded from files."""

from __future__ import annotations

from django.contrib import admin

from procurement.policies.models import Policy, PolicyBand, PolicyVersion, Threshold
from socialvalue.core.admin import ReadOnlyAdmin

admin.site.register([Threshold, Policy, PolicyVersion, PolicyBand], ReadOnlyAdmin)
