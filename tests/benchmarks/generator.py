"""A region's worth of data for measuring: 25 authorities, 200 measures, 60 months, any number of ledger rows.

Everything follows from its number by arithmetic, so the same size is the same data on every machine and on both
databases. One row of each table is made as the tests make it; the database copies it, set by set, so a column that a
table gains needs nothing here.
"""

# Table and column names come from the models, values from the arithmetic below.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from procurement.awards.models import Award, Commitment, Contract
from procurement.bids.models import Bid
from procurement.deliveries.models import Claim
from procurement.ledger import services as ledger
from procurement.ledger.models import LedgerEntry
from procurement.procurements.models import Procurement
from procurement.tenders.models import Tender
from procurement.verifications.models import Verification
from procurement.verifications.services import verify_claim
from reporting.rollups import services as rollups
from socialvalue.accounts.models import Organisation, Region, RegionMembership
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.accounts import (
    AuthorityFactory,
    SupplierFactory,
    UserFactory,
    actor_for_role,
)
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, latest, measure, posting, rate
from toms.frameworks.models import Measure

AUTHORITIES = 25
SUPPLIERS = 400
MEASURES = 200
VALUED = 188
"""Of the measures, those with a £ value; of the rest the first are rates, the last ones stand alone."""
RATES = 8
THEMES = 5
FIRST = date(2022, 4, 1)
MONTHS = 60
COMMITMENTS_A_CONTRACT = 15
QUARTERS = 11
"""A contract runs this long, from one of ten quarters on: its last month is the last of the sixty."""
BASES = {"committed": QUARTERS, "claimed": 8, "evidenced": 7, "verified": 7}
"""So many of a contract's quarters, the first ones, have an entry of each basis: the rest is still to come."""
ROWS_A_COMMITMENT = sum(BASES.values())
UNIT_PENCE = 1_250
LEDGER = LedgerEntry._meta.db_table


@dataclass(frozen=True)
class Size:
    """How much there is. ``entries`` is about what the name says: whole contracts only."""

    name: str
    contracts: int

    @property
    def commitments(self) -> int:
        return self.contracts * COMMITMENTS_A_CONTRACT

    @property
    def entries(self) -> int:
        return self.commitments * ROWS_A_COMMITMENT


SIZES = {
    size.name: size
    for size in (Size("10k", 20), Size("100k", 202), Size("1m", 2_020), Size("10m", 20_202))
}


@dataclass(frozen=True)
class World:
    """Who to ask as, and where the rows are. The ``lone`` ones have one entry of each basis between them."""

    size: Size
    council: Actor
    region: Actor
    lone_council: Actor
    lone_region: Actor
    first_commitment: int
    entries: int


def generate(size: Size) -> World:
    """Fill an empty database and roll it up. Nothing of it is in the feed."""
    with transaction.atomic():
        authorities = [AuthorityFactory().pk for _ in range(AUTHORITIES)]
        measures = _measures()
        suppliers = [SupplierFactory().pk for _ in range(SUPPLIERS)]
        _months()
        contract = _contracts(size, authorities, suppliers)
        commitment = _commitments(size, contract, measures)
        claim, verification = _claims(size, contract, commitment)
        with _bare_ledger():
            _entries(contract, claim, verification)
        _set_sequences()
        lone = AuthorityFactory(name="Lone Council")
        people = _people(authorities, lone.pk)
        _one_of_each(lone)
        _run("DROP TABLE bench_month")
    rollups.drain()
    rollups.rebuild(actor=SYSTEM)
    if connection.vendor == "postgresql":
        _run("VACUUM (ANALYZE)")
    else:
        _run("ANALYZE")
    return World(size, *people, commitment.pk, LedgerEntry.objects.count())


def _run(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def _series(count: int) -> str:
    """``WITH`` for a table ``s`` of the numbers ``n`` from 1 on."""
    if connection.vendor == "postgresql":
        return f"WITH s AS (SELECT generate_series(1, {count}) AS n)"
    return f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"


def _copies(row: Any, count: int, tables: str = "", **given: str) -> None:
    """Copies ``one`` of a row, numbered ``n`` from 1, their keys following on its own. ``given`` names columns by
    their model's names and says what is in them instead."""
    if count < 1:
        return
    fields = row._meta.concrete_fields
    table = row._meta.db_table
    values = [
        "one.id + n" if f.primary_key else given.get(f.attname, f"one.{f.column}") for f in fields
    ]
    assert given.keys() <= {field.attname for field in fields}
    columns = ", ".join(field.column for field in fields)
    _run(
        f"{_series(count)} INSERT INTO {table} ({columns}) SELECT {', '.join(values)} "
        f"FROM {table} AS one CROSS JOIN s {tables} WHERE one.id = {row.pk}"
    )


def _following(keys: list[int]) -> int:
    """The first of keys that follow each other."""
    assert keys == list(range(keys[0], keys[0] + len(keys)))
    return keys[0]


def _measures() -> list[int]:
    themes = [f"T{number % THEMES}" for number in range(MEASURES)]
    kinds = [measure] * VALUED + [rate] * RATES + [latest] * (MEASURES - VALUED - RATES)
    return [
        make(f"B{number:03}", theme_code=theme).pk
        for number, (make, theme) in enumerate(zip(kinds, themes, strict=True))
    ]


def month(number: int) -> date:
    months = FIRST.month - 1 + number
    return date(FIRST.year + months // 12, months % 12 + 1, 1)


def _months() -> None:
    """A table of the sixty months: the first and last day, and when their entries were posted."""
    when = "timestamptz" if connection.vendor == "postgresql" else "datetime"
    _run(
        "CREATE TEMPORARY TABLE bench_month "
        f"(number integer, first_day date, last_day date, posted_at {when})"
    )
    rows = [
        (
            number,
            str(month(number)),
            str(month(number + 1) - timedelta(days=1)),
            f"{month(number + 1)} 12:00:00" + ("+00" if when == "timestamptz" else ""),
        )
        for number in range(MONTHS)
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bench_month VALUES (%s, %s, %s, %s)", rows)


def _start(number: str) -> str:
    """The quarter in which a contract begins: each authority has contracts that begin in different ones."""
    return f"(({number} + {number} / {AUTHORITIES}) % 10)"


def _contracts(size: Size, authorities: list[int], suppliers: list[int]) -> Contract:
    """The first contract; each next one belongs to the next authority and supplier, and begins a quarter later."""
    authority = f"{_following(authorities)} + n % {AUTHORITIES}"
    supplier = f"{_following(suppliers)} + n % {SUPPLIERS}"
    contract, _ = contract_with(
        authority=Organisation.objects.get(pk=authorities[0]),
        supplier=Organisation.objects.get(pk=suppliers[0]),
        starts_on=month(0),
        ends_on=month(QUARTERS * 3) - timedelta(days=1),
    )
    more = size.contracts - 1
    award = contract.award
    procurement, bid = award.procurement, award.bid
    words = {
        "reference": f"'BENCH-{procurement.pk}-' || n",
        "submission_key": f"'bench-{procurement.pk}-' || n",
    }
    _copies(procurement, more, authority_id=authority, title="'Contract ' || n", **words)
    _copies(bid.tender, more, authority_id=authority, procurement_id="one.procurement_id + n")
    _copies(bid, more, tender_id="one.tender_id + n", supplier_id=supplier, receipt="'BENCH-' || n")
    links = {"procurement_id": "one.procurement_id + n", "supplier_id": supplier}
    _copies(award, more, bid_id="one.bid_id + n", **links)
    _copies(
        contract,
        more,
        f"JOIN bench_month AS first_month ON first_month.number = 3 * ({_start('n')}) "
        f"JOIN bench_month AS last_month ON last_month.number = 3 * ({_start('n')}) + {3 * QUARTERS - 1}",
        award_id="one.award_id + n",
        authority_id=authority,
        reference="'BENCH-' || n",
        title="'Contract ' || n",
        starts_on="first_month.first_day",
        ends_on="last_month.last_day",
        signed_on="first_month.first_day",
        **links,
    )
    return contract


def _commitments(size: Size, contract: Contract, measures: list[int]) -> Commitment:
    """Fifteen a contract, of fifteen measures that step through all of them."""
    place = f"(n / {COMMITMENTS_A_CONTRACT} * 7 + n % {COMMITMENTS_A_CONTRACT} * 13) % {MEASURES}"
    first = Commitment.objects.create(
        contract=contract,
        measure_id=measures[0],
        edition_id=Measure.objects.get(pk=measures[0]).edition_id,
        quantity=100,
        unit_value="12.50",
        unit_value_source="A source of tests",
        attribution_percent=100,
        value_pence=100 * UNIT_PENCE,
    )
    valued = f"CASE WHEN {place} < {VALUED} THEN "
    _copies(
        first,
        size.commitments - 1,
        contract_id=f"one.contract_id + n / {COMMITMENTS_A_CONTRACT}",
        measure_id=f"{_following(measures)} + {place}",
        unit_value=f"{valued} one.unit_value END",
        unit_value_source=f"{valued} one.unit_value_source ELSE '' END",
        value_pence=f"{valued} one.value_pence ELSE 0 END",
    )
    return first


def _claims(size: Size, contract: Contract, commitment: Commitment) -> tuple[Claim, Verification]:
    """One of each a contract: what its claimed and verified entries name."""
    claimant, verifier = UserFactory(), UserFactory()
    at = datetime(2022, 7, 5, tzinfo=UTC)
    claim = Claim.objects.create(
        commitment=commitment,
        contract=contract,
        authority_id=contract.authority_id,
        supplier_id=contract.supplier_id,
        quarter=FIRST,
        quantity=10,
        value_pence=10 * UNIT_PENCE,
        status="verified",
        submission_key="bench",
        submitted_at=at,
        submitted_by=claimant,
        decided_at=at,
    )
    verification = Verification.objects.create(
        claim=claim,
        decision="verified",
        quantity=10,
        decided_at=at,
        decided_by=verifier,
        organisation_id=contract.authority_id,
        claimant_organisation_id=contract.supplier_id,
        claimant=claimant,
    )
    sides = f"JOIN {Contract._meta.db_table} AS k ON k.id = {contract.pk} + n"
    _copies(
        claim,
        size.contracts - 1,
        sides,
        commitment_id=f"one.commitment_id + n * {COMMITMENTS_A_CONTRACT}",
        contract_id="k.id",
        authority_id="k.authority_id",
        supplier_id="k.supplier_id",
        submission_key="'bench-' || n",
    )
    _copies(
        verification,
        size.contracts - 1,
        sides,
        claim_id="one.claim_id + n",
        organisation_id="k.authority_id",
        claimant_organisation_id="k.supplier_id",
    )
    return claim, verification


@contextmanager
def _bare_ledger() -> Iterator[None]:
    """PostgreSQL: without the secondary indexes, made again at the end, and without asking for each row whether what it
    names is there: it was made a line above."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i "
            "WHERE i.indrelid = %s::regclass "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)",
            [LEDGER],
        )
        indexes = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _entries(contract: Contract, claim: Claim, verification: Verification) -> None:
    """In the order in which they would have been posted: by month."""
    size = "(c.id * 37 + q.n * 11) % 500 + 1"
    bases = " UNION ALL ".join(
        f"SELECT '{basis}' AS basis, {quarters} AS quarters" for basis, quarters in BASES.items()
    )
    _run(
        f"{_series(QUARTERS)}, bases AS ({bases}) "
        f"INSERT INTO {LEDGER} (basis, authority_id, supplier_id, edition_id, theme_id, measure_id, contract_id, "
        "commitment_id, claim_id, verification_id, period, quantity, denominator, value_pence, reason, posting_key, "
        "posted_at) "
        "SELECT b.basis, k.authority_id, k.supplier_id, c.edition_id, o.theme_id, c.measure_id, k.id, c.id, "
        f"CASE WHEN b.basis <> 'committed' THEN {claim.pk} + k.id - {contract.pk} END, "
        f"CASE WHEN b.basis = 'verified' THEN {verification.pk} + k.id - {contract.pk} END, "
        f"m.first_day, {size} + c.id % 8 * 0.125, CASE WHEN t.aggregation = 'ratio' THEN 600 END, "
        f"CASE WHEN c.unit_value IS NULL THEN 0 ELSE {UNIT_PENCE} * ({size}) END, '', "
        "'bench:' || c.id || ':' || q.n || ':' || b.basis, m.posted_at "
        f"FROM {Commitment._meta.db_table} AS c JOIN {Contract._meta.db_table} AS k ON k.id = c.contract_id "
        "JOIN toms_measure AS t ON t.id = c.measure_id JOIN toms_outcome AS o ON o.id = t.outcome_id "
        f"CROSS JOIN s AS q JOIN bases AS b ON q.n <= b.quarters JOIN bench_month AS m "
        f"ON m.number = 3 * ({_start(f'(k.id - {contract.pk})')} + q.n - 1) + c.id % 3 "
        "ORDER BY m.number, c.id, b.basis"
    )


def _set_sequences() -> None:
    models = [Procurement, Tender, Bid, Award, Contract, Commitment, Claim, Verification]
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        _run(statement)


def _people(authorities: list[int], lone: int) -> tuple[Actor, Actor, Actor, Actor]:
    """A contract manager and a regional analyst of the many, and of the one. The tenth authority has contracts that
    run to the last month whatever the size."""

    def analyst(slug: str, members: list[int]) -> Actor:
        lead = AuthorityFactory(kind="combined_authority", name=f"{slug.title()} Authority")
        region = Region.objects.create(slug=slug, name=slug.title(), lead=lead)
        for key in members:
            RegionMembership.objects.create(
                region=region, authority_id=key, status="constituent", from_on=FIRST
            )
        return actor_for_role(Role.REGIONAL_ANALYST, lead)

    def manager(key: int) -> Actor:
        return actor_for_role(Role.CONTRACT_MANAGER, Organisation.objects.get(pk=key))

    return (
        manager(authorities[9]),
        analyst("bench-region", authorities),
        manager(lone),
        analyst("lone-region", [lone]),
    )


def _one_of_each(authority: Organisation) -> None:
    """One commitment with one claim, verified: an entry of each basis, as the services post them."""
    supplier = SupplierFactory(name="Lone Supplier")
    _, (commitment,) = contract_with(
        Promise(measure("B000")), authority=authority, supplier=supplier
    )
    quarter = date(2025, 4, 1)
    ledger.post_entries(actor=SYSTEM, postings=[posting(commitment, period=quarter)])
    with clock.at(datetime(2025, 7, 3, 9, tzinfo=UTC)):
        sent = claim(
            actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier), commitment, quarter=quarter
        )
        manager = actor_for_role(Role.CONTRACT_MANAGER, authority)
        verify_claim(actor=manager, claim_id=sent.pk, expected_version=sent.version)


def digest() -> str:
    """What the entries say, keys of rows left out: the same for the same size, whatever was made before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.period, e.basis, COUNT(*), SUM(CAST(e.quantity * 8 AS bigint)), SUM(e.value_pence) "
            f"FROM {LEDGER} AS e GROUP BY e.period, e.basis ORDER BY e.period, e.basis"
        )
        rows = cursor.fetchall()
    return json.dumps([[str(value) for value in row] for row in rows])
