"""A small world to post in: measures of each kind, contracts with commitments, and entries by hand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

from procurement.awards.models import Award, Commitment, Contract
from procurement.bids.models import Bid, OfferLine
from procurement.ledger.rules import Posting
from procurement.ledger.vocabulary import Basis
from procurement.procurements.models import Procurement
from procurement.tenders.models import Tender, TenderRequirement
from socialvalue.accounts.models import Organisation, User
from tests.factories.accounts import AuthorityFactory, SupplierFactory, UserFactory
from toms.frameworks.models import Edition, Framework, Measure, Outcome, Theme
from toms.frameworks.vocabulary import Aggregation, MeasureKind

_numbers = itertools.count(1)
STARTS, ENDS = date(2025, 4, 1), date(2027, 3, 31)


def edition(slug: str = "measures-of-tests") -> Edition:
    framework, _ = Framework.objects.get_or_create(
        slug="framework-of-tests", defaults={"name": "Framework", "owner": "Us", "licence": "MIT"}
    )
    found, _ = Edition.objects.get_or_create(
        slug=slug, defaults={"framework": framework, "label": slug, "valid_from": date(2025, 1, 1)}
    )
    return found


def theme(code: str = "T1") -> Theme:
    found, _ = Theme.objects.get_or_create(
        edition=edition(),
        code=code,
        defaults={"slug": code.lower(), "name": f"Theme {code}", "position": 1},
    )
    return found


def measure(
    code: str,
    *,
    theme_code: str = "T1",
    unit: str = "hours",
    kind: MeasureKind = MeasureKind.PROXY,
    aggregation: Aggregation = Aggregation.SUM,
) -> Measure:
    """A measure with this code, made once."""
    outcome, _ = Outcome.objects.get_or_create(
        theme=theme(theme_code), code=f"O-{theme_code}", defaults={"name": "Outcome", "position": 1}
    )
    is_rate = aggregation == Aggregation.RATIO
    found, _ = Measure.objects.get_or_create(
        edition=edition(),
        code=code,
        defaults={
            "outcome": outcome,
            "code_sort": code,
            "title": f"Measure {code}",
            "description": "What is counted.",
            "unit": unit,
            "kind": kind,
            "aggregation": aggregation,
            "numerator_label": "Part" if is_rate else "",
            "denominator_label": "Whole" if is_rate else "",
            "evidence": "A letter.",
            "counting_rule": "Count once.",
        },
    )
    return found


rate = partial(measure, unit="%", kind=MeasureKind.RECORD_ONLY, aggregation=Aggregation.RATIO)
latest = partial(measure, unit="yes/no", kind=MeasureKind.RECORD_ONLY, aggregation=Aggregation.LAST)


@dataclass(frozen=True)
class Promise:
    """What to commit to: a measure, how much, and £ of one (None: counted only)."""

    measure: Measure
    quantity: Decimal = Decimal(100)
    unit_value: Decimal | None = Decimal("12.50")
    attribution: Decimal = Decimal(100)


def contract_with(
    *promises: Promise,
    authority: Organisation | None = None,
    supplier: Organisation | None = None,
    starts_on: date = STARTS,
    ends_on: date = ENDS,
) -> tuple[Contract, list[Commitment]]:
    """A live contract with a commitment for each promise, without the stages before it."""
    number = next(_numbers)
    authority = authority or AuthorityFactory()
    supplier = supplier or SupplierFactory()
    officer: User = UserFactory()
    at = datetime(2025, 3, 1, 12, tzinfo=UTC)
    procurement = Procurement.objects.create(
        authority=authority,
        reference=f"L-{number}",
        title=f"Contract {number}",
        category="services",
        estimate=Decimal(300_000),
        estimate_basis="excl",
        commenced_on=date(2025, 1, 1),
        created_at=at,
    )
    tender = Tender.objects.create(procurement=procurement, authority=authority, edition=edition())
    bid = Bid.objects.create(
        tender=tender,
        supplier=supplier,
        status="opened",
        submitted_at=at,
        submitted_by=officer,
        receipt=f"R-{number}",
        content_hash="0" * 64,
        opened_at=at,
        price=Decimal(290_000),
    )
    award = Award.objects.create(
        procurement=procurement,
        bid=bid,
        supplier=supplier,
        reason="Best.",
        decided_at=at,
        decided_by=officer,
    )
    contract = Contract.objects.create(
        award=award,
        procurement=procurement,
        authority=authority,
        supplier=supplier,
        reference=f"L-{number}-C",
        title=procurement.title,
        value=Decimal(290_000),
        value_basis="excl",
        starts_on=starts_on,
        ends_on=ends_on,
        status="live",
        signed_on=starts_on,
    )
    return contract, [_commit(contract, tender, bid, row) for row in promises]


def _commit(contract: Contract, tender: Tender, bid: Bid, promise: Promise) -> Commitment:
    requirement = TenderRequirement.objects.create(
        tender=tender, measure=promise.measure, position=1
    )
    line = OfferLine.objects.create(
        bid=bid, requirement=requirement, measure=promise.measure, quantity=promise.quantity
    )
    worth = Decimal(0)
    if promise.unit_value is not None:
        worth = promise.quantity * promise.unit_value * promise.attribution
    return Commitment.objects.create(
        contract=contract,
        offer_line=line,
        measure=promise.measure,
        edition=promise.measure.edition,
        quantity=promise.quantity,
        unit_value=promise.unit_value,
        unit_value_source="A source of tests" if promise.unit_value is not None else "",
        attribution_percent=promise.attribution,
        value_pence=int(worth),
    )


def posting(
    commitment: Commitment,
    *,
    basis: Basis = Basis.COMMITTED,
    period: date = STARTS,
    quantity: Decimal = Decimal(10),
    value_pence: int = 12_500,
    key: str = "",
    **more,
) -> Posting:
    """A posting for a commitment; give ``claim_id`` and ``verification_id`` where the basis asks for them."""
    contract = commitment.contract
    return Posting(
        basis=basis,
        authority_id=contract.authority_id,
        supplier_id=contract.supplier_id,
        edition_id=commitment.edition_id,
        theme_id=commitment.measure.outcome.theme_id,
        measure_id=commitment.measure_id,
        contract_id=contract.pk,
        commitment_id=commitment.pk,
        period=period,
        quantity=quantity,
        value_pence=value_pence,
        posting_key=key or f"test:{next(_numbers)}",
        **more,
    )
