"""Accesses of platform operators, the one that is open now and all there were, and who tried to come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from allauth.account.authentication import get_authentication_records
from django.db.models import QuerySet
from django.http import HttpRequest

from socialvalue.accounts.models import Organisation, PlatformAccess, User
from socialvalue.accounts.permissions import OPERATOR
from socialvalue.accounts.queries.seats import Seat, actor_in
from socialvalue.accounts.vocabulary import AUTHORITY_KINDS, Role
from socialvalue.audit.queries.failures import failed_sign_ins_of_nobody
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed

WHOLE_SERVICE = "The whole service"
EVERYTHING = "*"
"""Stands for it among slugs."""
STRANGER_DAYS = 14
"""How many days of failed sign-ins are shown, today included."""
LOOKING_AS = frozenset({str(Role.AUDITOR)})
"""An operator with an access reads what an auditor of the organisation reads, and writes nothing."""


@dataclass(frozen=True, slots=True)
class OpenAccess:
    """An access that holds now. ``seat`` is where the operator sits; None for the whole service."""

    access_id: int
    until_at: datetime
    reason: str
    seat: Seat | None

    @property
    def is_whole_service(self) -> bool:
        return self.seat is None

    @property
    def where(self) -> str:
        return self.seat.name if self.seat else WHOLE_SERVICE.lower()


def open_access_of(user: User) -> OpenAccess | None:
    """The access this operator has now; None for anybody else, and once its time is over."""
    if not user.is_staff:
        return None
    now = clock.now()
    found = (
        PlatformAccess.objects.filter(
            operator=user, from_at__lte=now, until_at__gt=now, ended_at__isnull=True
        )
        .select_related("organisation")
        .first()
    )
    if found is None:
        return None
    at = found.organisation
    seat = (
        Seat(
            at.pk, at.name, at.slug, at.kind, at.brand_colour, at.is_demonstration, LOOKING_AS,
            at.asks_second_step,
        )
        if at
        else None
    )  # fmt: skip
    return OpenAccess(found.pk, found.until_at, found.reason, seat)


def operator_at(user: User, seat: Seat) -> Actor:
    """The actor of an operator with an access to this organisation."""
    found = actor_in(user, seat)
    return Actor(
        user_id=found.user_id,
        name=f"{found.name} (platform operator)",
        organisation_id=found.organisation_id,
        organisation_name=found.organisation_name,
        organisation_kind=found.organisation_kind,
        roles=found.roles,
        is_operator=True,
    )


def second_step_made_at(request: HttpRequest) -> datetime | None:
    """When this session last made a second step: an app's code, a passkey or a recovery code."""
    records = get_authentication_records(request, request.user)
    times = [row["at"] for row in records if row.get("method") == "mfa"]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def where_to_look() -> list[tuple[str, str]]:
    """Slug and name of what an access can be opened to: authorities. Nobody looks into a supplier's offers."""
    rows = Organisation.objects.filter(kind__in=AUTHORITY_KINDS).order_by("name", "pk")
    return [*rows.values_list("slug", "name"), (EVERYTHING, WHOLE_SERVICE)]


def organisations_to_administer() -> list[tuple[str, str]]:
    """Slug and name of every organisation that somebody could be invited to administer."""
    rows = Organisation.objects.filter(merged_into__isnull=True).order_by("name", "pk")
    return list(rows.values_list("slug", "name"))


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One access as the list shows it."""

    operator: str
    where: str
    reason: str
    from_at: datetime
    until_at: datetime
    """When it ended: by hand, or by itself."""
    is_open: bool
    ended_early: bool


def accesses(actor: Actor) -> QuerySet[PlatformAccess]:
    """Every access there was, newest first. NotAllowed for anybody but platform operators."""
    if not OPERATOR.allows(actor):
        raise NotAllowed(OPERATOR.reason)
    return PlatformAccess.objects.select_related("operator", "organisation").order_by(
        "-from_at", "-pk"
    )


def access_rows(rows: list[PlatformAccess]) -> list[AccessRow]:
    now = clock.now()
    return [
        AccessRow(
            str(row.operator),
            row.organisation.name if row.organisation else WHOLE_SERVICE,
            row.reason,
            row.from_at,
            row.ended_at or row.until_at,
            row.ended_at is None and row.until_at > now,
            row.ended_at is not None and row.ended_at < row.until_at,
        )
        for row in rows
    ]


def strangers(actor: Actor) -> list[tuple[date, int]]:
    """By day, newest first, how often somebody tried to sign in with an address that nobody has here.

    Days without any are left out. NotAllowed for anybody but platform operators.
    """
    if not OPERATOR.allows(actor):
        raise NotAllowed(OPERATOR.reason)
    return failed_sign_ins_of_nobody(clock.today() - timedelta(days=STRANGER_DAYS - 1))
