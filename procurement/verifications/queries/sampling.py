"""Which claims are opened one by one and why; the rule, the seeds, and the sample drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.verifications.models import SampleSeed, SamplingRule, Verification
from procurement.verifications.permissions import READER, can_set_sampling
from procurement.verifications.rules import (
    Terms,
    how_sampled,
    is_same_draw,
    lot_percent,
    terms_on,
)
from procurement.verifications.vocabulary import Sampled, SampleShown, VerificationDecision
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import from_pence
from socialvalue.core.periods import quarter_label
from socialvalue.core.tables import Column, Table

DISPUTED = "the group that benefited says it is not as claimed"
WHY = {
    Sampled.NO_VALUE: "claims with no value in pounds are always opened",
    Sampled.ABOVE: "claims of this value are always opened",
    Sampled.DRAWN: "it was drawn in the sample of {quarter}",
    Sampled.UNSAID: "the sample of {quarter} is not drawn yet",
}
AT_ONCE = 2000
FINAL = (VerificationDecision.VERIFIED, VerificationDecision.REJECTED)


@dataclass(frozen=True, slots=True)
class Draw:
    """How a claim comes to be looked into. ``why`` it has to be opened is empty when it need not be.

    ``may_tick``: it was not drawn, so it can be verified with others. Without a rule none has to be opened, but for
    what the group that benefited disputes, and none is ticked.
    """

    sampled: Sampled
    why: str

    @property
    def must_open(self) -> bool:
        return bool(self.why)

    @property
    def may_tick(self) -> bool:
        return self.sampled == Sampled.NOT_DRAWN and not self.why


def draws_of(claims: Sequence[deliveries.ClaimRow]) -> dict[int, Draw]:
    """By claim, in three queries. The caller has shown that the claims may be read."""
    authorities = {claim.authority_id for claim in claims}
    rules = _terms_by_authority(authorities)
    seeds = _seeds(authorities)
    disputed = deliveries.disputed_claims([claim.id for claim in claims])
    return {
        claim.id: _draw(
            claim,
            rules.get(claim.authority_id, []),
            seeds.get((claim.authority_id, claim.quarter)),
            claim.id in disputed,
        )
        for claim in claims
    }


def _draw(
    claim: deliveries.ClaimRow, rules: Sequence[Terms], seed: str | None, is_disputed: bool
) -> Draw:
    sampled = _sampled(claim, terms_on(rules, _sent_on(claim)), seed)
    if is_disputed:
        return Draw(sampled, DISPUTED)
    return Draw(sampled, WHY.get(sampled, "").format(quarter=quarter_label(claim.quarter)))


def _sampled(claim: deliveries.ClaimRow, terms: Terms | None, seed: str | None) -> Sampled:
    value = claim.value_pence if claim.working.is_valued else None
    return how_sampled(terms, value_pence=value, seed=seed, claim_id=claim.id)


def _sent_on(claim: deliveries.ClaimRow) -> date:
    return claim.submitted_at.astimezone(clock.LONDON).date()


def _terms_by_authority(authority_ids: Iterable[int]) -> dict[int, list[Terms]]:
    found: dict[int, list[Terms]] = {}
    for row in SamplingRule.objects.filter(authority_id__in=set(authority_ids)):
        terms = Terms(row.from_date, row.always_above_pence, row.share_percent)
        found.setdefault(row.authority_id, []).append(terms)
    return found


def _seeds(authority_ids: Iterable[int]) -> dict[tuple[int, date], str]:
    rows = SampleSeed.objects.filter(authority_id__in=set(authority_ids))
    return {(row.authority_id, row.quarter): row.seed for row in rows}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A sampling rule as it is shown. ``stands``: coming, in_force or over."""

    from_date: date
    always_above: Decimal
    share_percent: Decimal
    reason: str
    made_at: datetime
    made_by: str
    stands: str


@dataclass(frozen=True, slots=True)
class SeedRow:
    quarter: date
    seed: str
    drawn_at: datetime

    @property
    def label(self) -> str:
        return quarter_label(self.quarter)


@dataclass(frozen=True, slots=True)
class SamplingPage:
    """The rules, newest first, and the seeds."""

    rules: tuple[RuleRow, ...]
    seeds: tuple[SeedRow, ...]
    may_set: bool

    @property
    def in_force(self) -> RuleRow | None:
        return next((rule for rule in self.rules if rule.stands == "in_force"), None)


@dataclass(frozen=True, slots=True)
class DrawnAgain:
    """One claim of a quarter drawn again. ``recorded`` is what its last decision kept; empty while it has none."""

    claim_id: int
    measure: str
    status: str
    share: Decimal | None
    sampled: Sampled
    recorded: str | None
    seed: str

    @property
    def lot(self) -> Decimal:
        return lot_percent(self.seed, self.claim_id)

    @property
    def status_label(self) -> str:
        return str(ClaimStatus(self.status).label)

    @property
    def is_same(self) -> bool | None:
        """None when nothing was recorded yet, or the claim was decided on before samples were."""
        return is_same_draw(self.recorded, self.sampled) if self.recorded else None


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample of one quarter drawn again, beside what was recorded when the claims were decided on.

    ``rows`` are all of its claims; ``compared`` counts those that have a record.
    """

    seed: SeedRow
    rows: tuple[DrawnAgain, ...]
    drawn: tuple[DrawnAgain, ...]
    differing: tuple[DrawnAgain, ...]
    compared: int

    def shown(self, which: str) -> tuple[DrawnAgain, ...]:
        """A part of the rows, as ``SampleShown`` names it."""
        if which == SampleShown.DRAWN:
            return self.drawn
        return self.differing if which == SampleShown.DIFFERING else self.rows


def sampling_page(actor: Actor) -> SamplingPage:
    """The actor's own authority. NotAllowed for who is of none."""
    authority_id = _authority(actor)
    today = clock.today()
    rows = list(
        SamplingRule.objects.filter(authority_id=authority_id)
        .select_related("made_by")
        .order_by("-from_date")
    )
    in_force = max((row.from_date for row in rows if row.from_date <= today), default=None)
    return SamplingPage(
        rules=tuple(
            RuleRow(
                row.from_date,
                from_pence(row.always_above_pence),
                row.share_percent,
                row.reason,
                row.made_at,
                str(row.made_by),
                "coming"
                if row.from_date > today
                else "in_force"
                if row.from_date == in_force
                else "over",
            )
            for row in rows
        ),
        seeds=tuple(
            SeedRow(row.quarter, row.seed, row.drawn_at)
            for row in SampleSeed.objects.filter(authority_id=authority_id).order_by("-quarter")
        ),
        may_set=can_set_sampling(actor),
    )


def sample_of(actor: Actor, quarter: date) -> Sample:
    """Every claim of a quarter drawn again with its seed. NotVisible when the quarter has no seed.

    An upload may bring 100,000 claims, so none becomes an object with its evidence: what the draw needs is read once.
    """
    authority_id = _authority(actor)
    seed = SampleSeed.objects.filter(authority_id=authority_id, quarter=quarter).first()
    if seed is None:
        raise NotVisible
    found = (
        deliveries.claims_for(actor, deliveries.ClaimFilters(quarter=quarter, order="submitted"))
        .filter(authority_id=authority_id)
        .exclude(status=ClaimStatus.WITHDRAWN)
        .select_related(None)
    )
    again = _Again(
        seed=seed.seed,
        rules=_terms_by_authority([authority_id]).get(authority_id, []),
        promised=awards.commitment_infos(
            found.order_by().values_list("commitment_id", flat=True).distinct()
        ),
        recorded=dict(
            Verification.objects.filter(
                claim__authority_id=authority_id, claim__quarter=quarter, decision__in=FINAL
            ).values_list("claim_id", "sampled")
        ),
    )
    needed = found.values_list("pk", "commitment_id", "status", "value_pence", "submitted_at")
    rows = tuple(again.row(*claim) for claim in needed.iterator(AT_ONCE))
    return Sample(
        seed=SeedRow(seed.quarter, seed.seed, seed.drawn_at),
        rows=rows,
        drawn=tuple(row for row in rows if row.sampled == Sampled.DRAWN),
        differing=tuple(row for row in rows if row.is_same is False),
        compared=sum(row.is_same is not None for row in rows),
    )


@dataclass(frozen=True, slots=True)
class _Again:
    """What the claims of a quarter are drawn again with."""

    seed: str
    rules: Sequence[Terms]
    promised: Mapping[int, awards.CommitmentInfo]
    recorded: Mapping[int, str]
    terms: dict[date, Terms | None] = field(default_factory=dict)

    def row(
        self, claim_id: int, commitment_id: int, status: str, value_pence: int, sent_at: datetime
    ) -> DrawnAgain:
        day = sent_at.astimezone(clock.LONDON).date()
        if day not in self.terms:
            self.terms[day] = terms_on(self.rules, day)
        terms = self.terms[day]
        promise = self.promised[commitment_id]
        return DrawnAgain(
            claim_id=claim_id,
            measure=promise.measure.label,
            status=status,
            share=None if terms is None else terms.share_percent,
            sampled=how_sampled(
                terms,
                value_pence=None if promise.unit_value is None else value_pence,
                seed=self.seed,
                claim_id=claim_id,
            ),
            recorded=self.recorded.get(claim_id),
            seed=self.seed,
        )


def sample_table(actor: Actor, quarter: date) -> Table:
    """The sample of a quarter as a file, with what is needed to draw it elsewhere."""
    sample = sample_of(actor, quarter)
    return Table(
        caption=f"Sample of {quarter_label(quarter)}, seed {sample.seed.seed}",
        columns=(
            Column("Claim", "number", 10),
            Column("Measure", width=40),
            Column("Status", width=24),
            Column("Lot (%)", "number"),
            Column("Share opened (%)", "number"),
            Column("Drawn again", width=40),
            Column("Recorded", width=40),
        ),
        rows=[
            (
                row.claim_id,
                row.measure,
                row.status_label,
                row.lot,
                row.share,
                row.sampled.label,
                "" if row.recorded is None else Sampled(row.recorded).label,
            )
            for row in sample.rows
        ],
    )


def _authority(actor: Actor) -> int:
    if not is_buyer(actor) or actor.organisation_id is None:
        raise NotAllowed(READER.reason)
    return actor.organisation_id
