"""From a draft to a version that binds: proposed by one person, adopted or sent back by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from procurement.policies.models import PolicyVersion
from procurement.policies.permissions import WHY_NOT_ADOPT, WHY_NOT_ALONE, can_adopt
from procurement.policies.queries import draft_for
from procurement.policies.services.drafts import check_follows_the_last
from procurement.policies.services.holding import hold_draft, locked, note, save
from procurement.policies.vocabulary import SENT_BACK, PolicyDeed, PolicyStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date

DAY = timedelta(days=1)
ANSWERED = (
    "Somebody else answered this proposal meanwhile. Open the policy to see what was decided."
)
CHANGED = (
    "This proposal is not the one you read: it was changed meanwhile. Read it again, then answer."
)


@transaction.atomic
def propose_version(*, actor: Actor, version_id: int, expected_lock: int) -> PolicyVersion:
    """Ask a second person to adopt the draft. RuleBroken lists everything it still lacks."""
    version = hold_draft(actor, version_id, expected_lock)
    today = clock.today()
    lacks = draft_for(actor, version_id, today).lacks
    if lacks:
        raise RuleBroken(lacks[0].message, more=[(None, row.message) for row in lacks[1:]])
    _check_start(version, today)
    version = save(
        version,
        status=PolicyStatus.PROPOSED,
        proposed_at=clock.now(),
        proposed_by_id=actor.person_id,
    )
    note(
        actor,
        PolicyDeed.POLICY_PROPOSED,
        f"{version} was proposed, to apply from {uk_date(version.valid_from)}.",
        version,
    )
    return version


@transaction.atomic
def adopt_version(*, actor: Actor, version_id: int, expected_lock: int) -> PolicyVersion:
    """Make a proposal bind from its first day; the version before it ends the day before.

    NotAllowed for the person who proposed it. RuleBroken when it would reach back over decisions that were taken:
    they keep theirs, and what bound them then does not change afterwards. Conflict when somebody else was first.
    """
    version = _to_answer(actor, version_id, expected_lock)
    today = clock.today()
    _check_start(version, today)
    ended = _end_the_one_before(version)
    version = save(
        version,
        status=PolicyStatus.ADOPTED,
        adopted_at=clock.now(),
        adopted_by_id=actor.person_id,
    )
    tail = f" {ended} ends the day before." if ended else ""
    note(
        actor,
        PolicyDeed.POLICY_ADOPTED,
        f"{version} was adopted and applies from {uk_date(version.valid_from)}.{tail}",
        version,
        after={"valid_from": str(version.valid_from), "adopted_by": actor.name},
    )
    return version


@transaction.atomic
def send_back_version(
    *, actor: Actor, version_id: int, expected_lock: int, reason: str
) -> PolicyVersion:
    """The proposal is a draft again, with the reason in its history."""
    version = _to_answer(actor, version_id, expected_lock)
    if not reason.strip():
        raise RuleBroken("Say what has to change", field="reason")
    version = save(version, status=PolicyStatus.DRAFT, proposed_at=None, proposed_by_id=None)
    note(actor, PolicyDeed.POLICY_SENT_BACK, f"{SENT_BACK}{reason.strip()}", version)
    return version


@transaction.atomic
def take_back_version(*, actor: Actor, version_id: int, expected_lock: int) -> PolicyVersion:
    """The person who proposed it makes it a draft again."""
    version = locked(actor, version_id)
    if version.proposed_by_id != actor.user_id:
        raise NotAllowed("Only the person who proposed this version can take it back.")
    _check_open(version, expected_lock)
    version = save(version, status=PolicyStatus.DRAFT, proposed_at=None, proposed_by_id=None)
    note(actor, PolicyDeed.POLICY_CHANGED, f"{version} was taken back to change it.", version)
    return version


def _to_answer(actor: Actor, version_id: int, expected_lock: int) -> PolicyVersion:
    version = locked(actor, version_id)
    if not can_adopt(actor, version.policy.organisation_id):
        raise NotAllowed(WHY_NOT_ADOPT)
    _check_open(version, expected_lock)
    if version.proposed_by_id == actor.user_id:
        raise NotAllowed(WHY_NOT_ALONE)
    return version


def _check_open(version: PolicyVersion, expected_lock: int) -> None:
    if version.status != PolicyStatus.PROPOSED:
        raise Conflict(ANSWERED)
    if version.lock != expected_lock:
        raise Conflict(CHANGED)


def _check_start(version: PolicyVersion, today: date) -> None:
    """A first day in the past is for a policy nothing was decided under; later rooms say whether something was."""
    check_follows_the_last(version.policy_id, version.valid_from)
    if version.valid_to is not None and version.valid_to < today:
        raise RuleBroken(
            f"The last day, {uk_date(version.valid_to)}, is past. A version that has ended binds nobody.",
            field="valid_to",
        )
    if version.valid_from < today:
        _check_reaches_over_nothing(version, today)


def _check_reaches_over_nothing(version: PolicyVersion, today: date) -> None:
    between: Callable[..., tuple[int, date | None]] = import_string(settings.DECISIONS_BETWEEN)
    number, last = between(
        policy_id=version.policy_id,
        authority_id=version.policy.organisation_id,
        first=version.valid_from,
        before=today,
    )
    if last is None:
        return
    have = "procurement that commenced" if number == 1 else "procurements that commenced"
    keep = "It keeps its decision" if number == 1 else "They keep their decisions"
    raise RuleBroken(
        f"{number} {have} from {uk_date(version.valid_from)} on {'has' if number == 1 else 'have'} been decided "
        f"under the policy of the day. {keep}, so this version can start on {uk_date(last + DAY)} at the earliest.",
        field="valid_from",
    )


def _end_the_one_before(version: PolicyVersion) -> str:
    """The last day of what is in force on the new version's first day becomes the day before; its label, or nothing."""
    before = (
        PolicyVersion.objects.select_for_update(of=("self",))
        .select_related("policy")
        .filter(policy_id=version.policy_id, status=PolicyStatus.ADOPTED)
        .order_by("-valid_from")
        .first()
    )
    if before is None or (before.valid_to is not None and before.valid_to < version.valid_from):
        return ""
    PolicyVersion.objects.filter(pk=before.pk).update(valid_to=version.valid_from - DAY)
    return f"Version {before.number}"
