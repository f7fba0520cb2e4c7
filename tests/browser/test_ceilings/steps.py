"""What these tests share: what a task took, held against its ceiling (docs: UX ceilings).

A field is a question answered, whether by typing or by choosing; the three boxes of a date are one. A click is a
button, a link, a file chosen, or one of many boxes ticked.
"""

from __future__ import annotations

from decimal import Decimal

from procurement.awards import queries as awards
from procurement.deliveries.services import add_evidence, submit_claim
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.jobs import run_inline
from socialvalue.core.periods import add_months, quarter_start
from socialvalue.demo.evidence import pdf
from socialvalue.demo.people import Cast
from tests.browser.hands import Person

COUNCIL = "warwickshire"


def within(person: Person, clicks: int, fields: int) -> None:
    """Hold what it took against the ceiling."""
    assert person.clicks <= clicks, f"{person.clicks} clicks, and {clicks} are allowed"
    assert person.fields <= fields, f"{person.fields} fields, and {fields} are allowed"


def submit(cast: Cast, code: str, quantity: str, *, number: int = 0) -> int:
    supplier: Actor = cast.reporter("puddlestone")
    [contract] = [row for row in awards.contracts_for(supplier) if row.title.startswith("Highways")]
    [commitment] = [row for row in awards.commitments_of(contract.pk) if row.measure.code == code]
    with run_inline():
        file = add_evidence(
            actor=supplier, contract_id=contract.pk, name="proof.pdf", content=pdf([code])
        )
        return submit_claim(
            actor=supplier,
            commitment_id=commitment.id,
            quarter=add_months(quarter_start(clock.today()), -3),
            quantity=Decimal(quantity),
            narrative="Delivered on the roads south of Warwick.",
            evidence_ids=[file.pk],
            submission_key=f"ceiling-{code}-{quantity}-{number}",
        ).pk
