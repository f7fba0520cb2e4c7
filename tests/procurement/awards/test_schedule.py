"""The schedule of commitments: what the contract holds its supplier to, for both parties and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.awards.queries import commitments_of
from procurement.awards.queries.schedule import commitments_listed, schedule_document
from procurement.awards.services import apply_change
from procurement.tenders.rules.pack import CLAUSE
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.docx import docx_of
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import measured, pounds
from socialvalue.core.pdf import pdf_of
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated
from tests.factories.documents import (
    docx_text,
    grid_of,
    pdf_text,
    plain,
    rows_by_heading,
    texts,
)
from tests.factories.evaluations import reference_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    reference_data()
    bench = evaluated()
    return bench, awarded(bench)


def test_every_commitment_stands_with_quantity_value_and_the_sum(made):
    bench, contract = made
    document = schedule_document(bench.officer, contract.pk)
    commitments = commitments_of(contract.pk)
    grid = grid_of(document, "What the supplier has committed to")
    assert [
        (row["Code"], row["Quantity"], row["Social value"]) for row in rows_by_heading(grid)
    ] == [(row.measure.code, row.working.quantity_shown, pounds(row.value)) for row in commitments]
    assert grid.total[-1] == pounds(sum((row.value for row in commitments), Decimal(0)))
    rules = rows_by_heading(grid_of(document, "How each is counted"))
    assert [row["Counting rule"] for row in rules] == [
        row.measure.counting_rule for row in commitments
    ]
    words = rows_by_heading(grid_of(document, "How the supplier will deliver"))
    assert {row["Code"]: row["In the bidder's words"] for row in words} == {
        row.measure.code: f"How we deliver {row.measure.code}." for row in commitments
    }


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("252.4", "£252.40"), ("0.8", "£0.80"), ("30180", "£30,180"), ("0.123456789", "£0.123456789")],
)
def test_the_value_of_one_unit_has_pence_of_two_places_or_none(made, amount, shown):
    row = replace(commitments_of(made[1].pk)[0], unit_value=Decimal(amount), place="")
    [grid] = [
        block
        for block in commitments_listed([row])
        if "Value of one unit" in getattr(block, "headings", ())
    ]
    assert rows_by_heading(grid)[0]["Value of one unit"] == shown


def test_the_schedule_holds_the_clause_and_room_to_sign(made):
    bench, contract = made
    document = schedule_document(bench.officer, contract.pk)
    said = texts(document)
    assert all(f"{number}. {text}" in said for number, text in enumerate(CLAUSE, start=1))
    assert [list(row) for row in grid_of(document, "Signed by").rows] == [
        ["For the authority", "", "", ""],
        ["For the supplier", "", "", ""],
    ]
    facts = dict(document.facts)
    assert facts["Contract"] == contract.reference
    assert facts["Contract value"] == "£170,000 excluding VAT"
    assert facts["Term"] == "1 July 2026 to 30 June 2028"


def test_it_says_whether_it_is_signed():
    reference_data()
    bench = evaluated()
    contract = awarded(bench, signed=False)
    assert dict(schedule_document(bench.officer, contract.pk).facts)["Signed"] == "Not yet"


def test_both_parties_read_the_same_and_nobody_else_reads_it(made):
    bench, contract = made
    winner, other = bench.bidders
    assert schedule_document(winner, contract.pk) == schedule_document(bench.officer, contract.pk)
    elsewhere = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (other, elsewhere):
        with pytest.raises(NotVisible):
            schedule_document(actor, contract.pk)


def test_nothing_of_another_bid_is_in_it(made):
    bench, contract = made
    said = " ".join(texts(schedule_document(bench.officer, contract.pk)))
    assert bench.bidders[1].organisation_name not in said
    assert bench.bidders[0].organisation_name in said


def test_pdf_and_docx_say_all_of_it(made):
    bench, contract = made
    document = schedule_document(bench.officer, contract.pk)
    in_pdf, in_docx = pdf_text(pdf_of(document)), docx_text(docx_of(document))
    for text in texts(document):
        assert plain(text) in in_docx, text
        assert all(plain(word) in in_pdf for word in text.split()), text


def test_it_says_what_the_parties_changed_and_what_was_awarded(made):
    bench, contract = made
    assert "Changed since the award" not in texts(schedule_document(bench.officer, contract.pk))
    row = next(row for row in commitments_of(contract.pk) if row.measure.code == "PLB1")
    supplier = bench.bidders[0]
    with clock.at(datetime(2026, 9, 9, 9, tzinfo=UTC)):
        apply_change(
            actor=bench.manager,
            contract_id=contract.pk,
            kind="quantity",
            reason="Two sites closed.",
            asked_by_id=supplier.user_id,
            from_quarter=date(2026, 10, 1),
            commitment_id=row.id,
            quantity=row.quantity / 2,
        )
    document = schedule_document(supplier, contract.pk)
    quantities = {
        line["Code"]: line["Quantity"]
        for line in rows_by_heading(grid_of(document, "What the supplier has committed to"))
    }
    half, whole = measured(row.quantity / 2, "£"), measured(row.quantity, "£")
    assert quantities["PLB1"] == f"{half}\nAwarded: {whole}"
    assert all("Awarded" not in text for code, text in quantities.items() if code != "PLB1")
    (change,) = rows_by_heading(grid_of(document, "What was changed"))
    assert (change["Agreed on"], change["From"], change["Reason"]) == (
        "9 September 2026",
        "2026 to 2027, quarter 3",
        "Two sites closed.",
    )
    assert half in change["Change"]
    assert whole in change["Change"]
