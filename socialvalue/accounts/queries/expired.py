"""What of people and their sign-ins has had its time. Read by the clock alone, for nobody in particular."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from socialvalue.accounts.models import Invitation, Membership, PurgeRun, User
from socialvalue.core import clock
from socialvalue.core.purging import kept_since

FILES = "django.core.mail.backends.filebased.EmailBackend"


def ended_sessions() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=clock.now()).order_by()


def forgotten_devices() -> QuerySet[UserSession]:
    """Devices of sessions that are over."""
    live = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gte=clock.now())
    return UserSession.objects.exclude(Exists(live)).order_by()


def old_confirmations() -> QuerySet[EmailConfirmation]:
    """Letters about a changed address that nobody answered."""
    return EmailConfirmation.objects.all_expired().order_by()


def idle_accounts() -> QuerySet[User]:
    """People who belong to no organisation, long after their last sign-in and the end of their last role."""
    belongs = Membership.objects.filter(user_id=OuterRef("pk"), ended_at__isnull=True)
    last = Greatest(
        F("date_joined"),
        Coalesce("last_login", "date_joined"),
        Coalesce(Max("memberships__ended_at"), "date_joined"),
    )
    return (
        User.objects.filter(Q(erased_at__isnull=True, is_staff=False))
        .exclude(Exists(belongs))
        .annotate(last_at=last)
        .filter(last_at__lt=kept_since("idle_accounts"))
        .order_by("pk")
    )


def old_invitations() -> QuerySet[Invitation]:
    """Invitations to an organisation that were used, revoked or have expired long enough ago."""
    before = kept_since("account_invitations")
    ended = (
        Q(accepted_at__lt=before)
        | Q(revoked_at__lt=before)
        | Q(expires_at__lt=before, accepted_at__isnull=True, revoked_at__isnull=True)
    )
    return Invitation.objects.filter(ended).order_by("pk")


def old_letter_files() -> list[Path]:
    """Letters that were written to files instead of being sent: only where the settings say so."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if settings.EMAIL_BACKEND != FILES or not folder.is_dir():
        return []
    before = kept_since("letter_files").timestamp()
    return sorted(path for path in folder.glob("*.log") if path.stat().st_mtime < before)


def was_purged_on(day: date) -> bool:
    """Everything was gone through on this day in London, and nothing broke off."""
    return PurgeRun.objects.filter(
        started_at__gte=clock.start_of(day),
        started_at__lt=clock.end_of(day),
        ended_at__isnull=False,
        failed=[],
    ).exists()


def last_purge() -> PurgeRun | None:
    """The newest that came to its end."""
    return PurgeRun.objects.filter(ended_at__isnull=False).order_by("-pk").first()
