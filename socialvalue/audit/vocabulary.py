from __future__ import annotations

from django.db.models import TextChoices


class AccessKind(TextChoices):
    """What is kept of coming in, looking and being refused. A deed that changes something is no access."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    SIGNED_OUT = "signed_out", "Signed out"
    SESSION_ENDED = "session_ended", "Session ended"
    SECOND_STEP_ADDED = "second_step_added", "Second step added"
    SECOND_STEP_REMOVED = "second_step_removed", "Second step removed"
    RECOVERY_CODES_MADE = "recovery_codes_made", "Recovery codes made"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    ADDRESS_CHANGED = "address_changed", "E-mail address changed"
    EXPORTED = "exported", "File taken out"
    REFUSED = "refused", "Page refused"
    NOT_SHOWN = "not_shown", "Page not shown"
    PLATFORM_ACCESS = "platform_access", "Looked at by a platform operator"
