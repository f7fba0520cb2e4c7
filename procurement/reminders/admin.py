"""What was sent and set, to read."""

from __future__ import annotations

from django.contrib import admin

from procurement.reminders.models import Digest, Reminder, ReminderRule
from socialvalue.core.admin import ReadOnlyAdmin

admin.site.register([Digest, Reminder, ReminderRule], ReadOnlyAdmin)
