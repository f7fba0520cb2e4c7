"""The rule by which claims are looked into one by one, and the seeds it draws with."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from procurement.deliveries import queries as deliveries
from procurement.verifications.models import SampleSeed, SamplingRule
from procurement.verifications.permissions import SAMPLER, VERIFIER, can_set_sampling
from procurement.verifications.rules import Terms, check_terms, sample_quarters
from procurement.verifications.vocabulary import SamplingDeed
from socialvalue.accounts.permissions import is_buyer
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken
from socialvalue.core.money import percent_text, pounds_from_pence
from socialvalue.core.periods import quarter_label, uk_date

SEED_BYTES = 32


@transaction.atomic
def set_sampling_rule(
    *,
    actor: Actor,
    from_date: date,
    always_above_pence: int,
    share_percent: Decimal,
    reason: str,
) -> SamplingRule:
    """Say which claims of the actor's authority are opened one by one, of those sent from a coming day on.

    A rule is never changed: a newer one takes its place from its own first day. The seeds it needs are drawn at once.
    NotAllowed without the role, RuleBroken with every fault of the form and for a day that has a rule already.
    """
    if not can_set_sampling(actor) or actor.organisation_id is None:
        raise NotAllowed(SAMPLER.reason)
    terms = Terms(from_date, always_above_pence, share_percent)
    reason = check_terms(terms, reason, clock.today())
    try:
        with transaction.atomic():
            rule = SamplingRule.objects.create(
                authority_id=actor.organisation_id,
                from_date=from_date,
                always_above_pence=always_above_pence,
                share_percent=share_percent,
                reason=reason,
                made_at=clock.now(),
                made_by_id=actor.person_id,
            )
    except IntegrityError as error:
        raise RuleBroken(
            f"There is a rule from {uk_date(from_date)} already. Choose another day",
            field="from_date",
        ) from error
    above, share = pounds_from_pence(always_above_pence), percent_text(share_percent, 2)
    record(
        actor=actor,
        deed=SamplingDeed.RULE_SET,
        sentence=f"From {uk_date(from_date)} every claim worth {above} of social value or more is opened, and"
        f" {share} of the others. Reason: {reason}",
        target=rule,
        after={"always_above_pence": str(always_above_pence), "share_percent": str(share_percent)},
    )
    _draw(actor, {(actor.organisation_id, day) for day in sample_quarters(clock.today())})
    return rule


@transaction.atomic
def draw_samples(*, actor: Actor) -> int:
    """Draw the seeds that are missing for the current quarter and every quarter of which a claim waits.

    Of the actor's own authority for a person, of all authorities with a rule for the clock. Returns how many were
    drawn: running it again draws none.
    """
    ruled = set(SamplingRule.objects.order_by().values_list("authority_id", flat=True).distinct())
    if not actor.is_system:
        if not (is_buyer(actor) and VERIFIER.allows(actor)):
            raise NotAllowed(VERIFIER.reason)
        ruled &= {actor.organisation_id}
    wanted = {pair for pair in deliveries.waiting_quarters() if pair[0] in ruled}
    current = sample_quarters(clock.today())[-1]
    return _draw(actor, wanted | {(authority_id, current) for authority_id in ruled})


def seed_of(actor: Actor, authority_id: int, quarter: date) -> str:
    """The seed of an authority's quarter, drawn now if there is none."""
    _draw(actor, {(authority_id, quarter)})
    return SampleSeed.objects.get(authority_id=authority_id, quarter=quarter).seed


def _draw(actor: Actor, wanted: Iterable[tuple[int, date]]) -> int:
    wanted = set(wanted)
    known = SampleSeed.objects.filter(authority_id__in={authority for authority, _ in wanted})
    missing = wanted - set(known.values_list("authority_id", "quarter"))
    return sum(_draw_one(actor, authority, quarter) for authority, quarter in sorted(missing))


def _draw_one(actor: Actor, authority_id: int, quarter: date) -> bool:
    """False when somebody else drew it in this moment: theirs is the one."""
    try:
        with transaction.atomic():
            seed = SampleSeed.objects.create(
                authority_id=authority_id,
                quarter=quarter,
                seed=secrets.token_hex(SEED_BYTES),
                drawn_at=clock.now(),
            )
    except IntegrityError:
        return False
    record(
        actor=actor,
        deed=SamplingDeed.DRAWN,
        sentence=f"Drew the seed of the sample of {quarter_label(quarter)}: {seed.seed}.",
        target=seed,
        after={"seed": seed.seed},
    )
    return True
