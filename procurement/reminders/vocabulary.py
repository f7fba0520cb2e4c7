from __future__ import annotations

from django.db.models import TextChoices


class ReminderEvent(TextChoices):
    CLAIM_DUE = "claim_due", "A delivery falls due"
    CLAIM_LATE = "claim_late", "A delivery is late"
    CLAIM_RETURNED = "claim_returned", "A claim was returned"
    TO_VERIFY = "to_verify", "Claims wait for a decision"
    STEP_DUE = "step_due", "A step of a rectification plan falls due"
    CHANGE_WAITS = "change_waits", "A change waits for an answer"
    PLAN_WAITS = "plan_waits", "An action plan waits to be agreed"
    KPI_DUE = "kpi_due", "A yearly KPI rating falls due"
    SHORTFALL_WAITS = "shortfall_waits", "A shortfall or a remedy waits for you"
    SIGN_OFF_WAITS = "sign_off_waits", "A report waits to be signed off"
    SHORTFALL_NEWS = "shortfall_news", "Decided on a shortfall or a change"


class ReminderDeed(TextChoices):
    RULE_SET = "reminder_rule_set", "Reminders set"
    SENT = "reminder_sent", "Reminder sent"
    FEED_MADE = "calendar_feed_made", "Calendar feed made"
    FEED_REVOKED = "calendar_feed_revoked", "Calendar feed revoked"
