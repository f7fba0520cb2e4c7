"""The tender pack: what was published and nothing else, the same for everybody invited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from procurement.tenders.models import TenderClarification
from procurement.tenders.queries import (
    requirements_of,
    scoring_of,
    tender_pack,
    tender_pack_for_bidder,
)
from procurement.tenders.rules import QuestionInput
from procurement.tenders.rules.marks import STANDARD_MARKS
from procurement.tenders.rules.pack import CLAUSE, how_to_bid, with_zone
from procurement.tenders.services import amend_tender, answer, ask
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.core import clock
from socialvalue.core.clock import LONDON
from socialvalue.core.docx import DOCX, docx_of
from socialvalue.core.errors import NotVisible
from socialvalue.core.pdf import PDF, pdf_of
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.documents import (
    captions,
    docx_text,
    grid_of,
    headings,
    pdf_pages,
    pdf_text,
    plain,
    rows_by_heading,
    texts,
)
from tests.factories.reporting import browser
from tests.factories.tenders import (
    DEADLINE,
    NOW,
    asked,
    load_everything,
    prepared,
    published,
    started,
)

pytestmark = pytest.mark.django_db
WARDS = "People from the wards beside the site."
FIND = "How will you find local people?"
PAY = "Do you pay the Real Living Wage?"


def full() -> dict[str, Any]:
    """A tender that uses every rule a measure or a question can have."""
    load_everything()
    two, ten = Decimal(2), Decimal(10)
    return {
        "codes": [
            asked("GSE1", is_mandatory=True, minimum_quantity=two, maximum_quantity=ten, guidance=WARDS),
            asked("PLB1"),
        ],
        "questions": [
            QuestionInput(FIND, "Name your partners.", Decimal(100), minimum_mark=2),
            QuestionInput(PAY, "", None, is_pass_fail=True),
        ],
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def pack_of(world):
    return tender_pack(world.officer, world.procurement.pk)


def test_a_pack_says_what_is_bought_by_whom_until_when():
    world = published(**full())
    document = pack_of(world)
    facts = dict(document.facts)
    assert document.title == world.procurement.title
    assert document.subtitle == f"{world.authority.name} – tender pack: social value"
    assert facts["Reference"] == world.procurement.reference
    assert facts["Who buys"] == world.authority.name
    assert (
        facts["Deadline for bids"] == "1 April 2026, midday, UK time (British Summer Time)"
    )  # 11:00 UTC
    assert facts["Questions until"] == facts["Deadline for bids"]
    assert facts["Published"] == "2 March 2026, 9am, UK time (Greenwich Mean Time)"


def test_a_pack_lists_the_measures_with_every_rule_that_applies():
    world = published(**full())
    document = pack_of(world)
    first, second = requirements_of(world.tender.pk)
    assert rows_by_heading(grid_of(document, "What may be offered")) == [
        {
            "Code": "GSE1",
            "Measure": f"{first.measure.title}\nFrom the authority: {WARDS}",
            "Unit": first.measure.unit,
            "Asked": "Mandatory",
            "Minimum": "2",
            "Most scored": "10",
            "Value of one unit": first.unit_value.shown,
        },
        {
            "Code": "PLB1",
            "Measure": second.measure.title,
            "Unit": second.measure.unit,
            "Asked": "Optional",
            "Minimum": "–",
            "Most scored": "–",
            "Value of one unit": second.unit_value.shown,
        },
    ]
    counted = rows_by_heading(grid_of(document, "How each measure is counted"))
    assert first.measure.counting_rule in counted[0]["How it is counted"]
    assert counted[0]["Evidence"] == first.measure.evidence
    assert counted[0]["Where the value comes from"] == first.unit_value.cited


def test_columns_that_say_nothing_are_left_out():
    document = pack_of(published(codes=["GSE1", "PLB1"]))
    assert list(grid_of(document, "What may be offered").headings) == [
        "Code",
        "Measure",
        "Unit",
        "Asked",
        "Value of one unit",
    ]


def test_a_pack_lists_the_questions_and_what_marks_mean():
    document = pack_of(published(**full()))
    assert [list(row) for row in grid_of(document, "Questions to answer").rows] == [
        ["1", f"{FIND}\nA good answer covers: Name your partners.", "100", "2"],
        ["2", PAY, "Pass or fail", "–"],
    ]  # fmt: skip
    assert [list(row) for row in grid_of(document, "What the marks mean").rows] == [
        [str(mark), meaning] for mark, meaning in enumerate(STANDARD_MARKS)
    ]


def test_questions_that_are_only_pass_or_fail_need_no_scale():
    only = [QuestionInput(PAY, "", None, is_pass_fail=True)]
    document = pack_of(published(codes=["PLB1"], questions=only, quantitative=Decimal(100)))
    assert "What the marks mean" not in captions(document)
    assert list(grid_of(document, "Questions to answer").headings) == [
        "No.",
        "Question",
        "Weight (%)",
    ]


def test_a_pack_holds_the_formula_every_case_and_the_example():
    world = published(**full())
    scoring = scoring_of(world.tender.pk)
    document = pack_of(world)
    said = texts(document)
    assert all(sentence in said for sentence in scoring.sentences)
    example = grid_of(document, "A worked example")
    assert [tuple(row) for row in example.rows] == list(scoring.example)
    assert list(example.total) == ["Result", scoring.example_result]


def test_a_pack_holds_the_clause_and_an_empty_schedule():
    document = pack_of(published(**full()))
    said = texts(document)
    assert all(f"{number}. {text}" in said for number, text in enumerate(CLAUSE, start=1))
    rows = rows_by_heading(grid_of(document, "Schedule of commitments"))
    assert [row["Code"] for row in rows] == ["GSE1", "PLB1"]
    assert {(row["Quantity"], row["Value (£)"]) for row in rows} == {("", "")}


def test_a_draft_says_on_every_page_that_it_is_one():
    document = pack_of(prepared(**full()))
    assert document.notice == "Draft"
    assert dict(document.facts)["Deadline for bids"] == "Set when the tender is published"
    assert "Questions until" not in dict(document.facts)
    pages = pdf_pages(pdf_of(document))
    assert len(pages) > 1
    assert all("Draft" in page for page in pages)


def test_a_published_pack_is_no_draft():
    assert pack_of(published(**full())).notice == ""


def test_a_tender_that_was_just_started_has_a_pack():
    document = pack_of(started())
    assert "This tender asks for no measures." in texts(document)
    assert "Not set yet." in texts(document)
    assert "Questions" not in headings(document)
    assert pdf_of(document).startswith(b"%PDF")


def test_demonstration_data_say_so():
    world = published(**full())
    world.procurement.is_demonstration = True
    world.procurement.save()
    assert pack_of(world).notice == "Demonstration data"


def test_pdf_and_docx_say_all_that_the_document_says():
    document = pack_of(published(**full()))
    in_pdf, in_docx = pdf_text(pdf_of(document)), docx_text(docx_of(document))
    for text in texts(document):
        assert plain(text) in in_docx, text
        # Long words break in narrow columns, and a row may go on on the next page: the words are all there.
        assert all(plain(word) in in_pdf for word in text.split()), text


def test_buyer_and_every_bidder_read_the_same_document():
    world = published(**full())
    mine = tender_pack_for_bidder(world.bidder, world.tender.pk)
    assert mine == pack_of(world)
    assert mine == tender_pack_for_bidder(world.bidders[1], world.tender.pk)


def test_a_pack_names_nobody_who_is_invited_and_does_not_say_how_many():
    world = published(suppliers=3, **full())
    said = " ".join(texts(pack_of(world)))
    assert [row.name for row in world.suppliers if row.name in said] == []
    fewer = published(suppliers=1, **full())
    pack, other = pack_of(world), pack_of(fewer)
    assert pack.blocks == other.blocks


def test_a_pack_is_for_the_invited_only_and_not_before_publication():
    world = published(invite=1, **full())
    draft = prepared(**full())
    for actor, tender in (
        (world.bidders[1], world.tender),
        (actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory()), world.tender),
        (draft.bidder, draft.tender),
        (world.officer, world.tender),
    ):
        with pytest.raises(NotVisible):
            tender_pack_for_bidder(actor, tender.pk)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_every_buyer_of_the_authority_keeps_the_pack(kind):
    world = published(**full())
    url = reverse("procurement:tenders:pack", args=[world.procurement.pk, kind])
    types = {"pdf": PDF, "docx": DOCX}
    for role in sorted(BUYER_ROLES):
        found = browser(actor_for_role(role, world.authority)).get(url)
        assert found.status_code == 200, role
        assert found.headers["Content-Type"] == types[kind]
    name = f"tender-pack-{world.procurement.reference.lower()}.{kind}"
    assert found.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_nobody_else_opens_a_pack():
    world = published(invite=1, **full())
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for url, actor, status in (
        (reverse("procurement:tenders:pack", args=[world.procurement.pk, "pdf"]), stranger, 404),
        (
            reverse("procurement:tenders:pack", args=[world.procurement.pk, "pdf"]),
            world.bidder,
            403,
        ),
        (reverse("procurement:bids:pack", args=[world.tender.pk, "pdf"]), world.bidders[1], 404),
        (reverse("procurement:bids:pack", args=[world.tender.pk, "pdf"]), world.officer, 403),
        (reverse("procurement:bids:pack", args=[world.tender.pk, "docx"]), world.bidder, 200),
    ):
        assert browser(actor).get(url).status_code == status, url


def test_pages_lead_to_the_pack():
    draft, live = prepared(), published()
    for world in (draft, live):
        pk = world.procurement.pk
        page = browser(world.officer).get(reverse("procurement:tenders:task_list", args=[pk]))
        for link in ("pack.pdf", "pack.docx", "offer.xlsx"):
            assert f'href="/procurements/{pk}/tender/{link}"' in page.content.decode()
    pk = live.tender.pk
    page = browser(live.bidder).get(reverse("procurement:bids:offer", args=[pk]))
    for link in ("pack.pdf", "pack.docx"):
        assert f'href="/bids/{pk}/{link}"' in page.content.decode()


def test_changes_and_answers_stand_at_the_end():
    world = published(**full())
    with clock.at(NOW + timedelta(days=2)):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="The site opens later.",
            deadline_at=DEADLINE + timedelta(days=7),
        )
        asked_by = world.bidder
        ask(actor=asked_by, tender_id=world.tender.pk, text="Which wards are meant?")
        waiting = TenderClarification.objects.get()
        answer(
            actor=world.officer,
            clarification_id=waiting.pk,
            published_text="Which wards are these?",
            answer="Those beside the site.",
        )
        ask(actor=asked_by, tender_id=world.tender.pk, text="A question nobody answered.")
    document = pack_of(world)
    assert dict(document.facts)["Changed since"] == "Once, see the end"
    assert dict(document.facts)["Deadline for bids"].startswith("8 April 2026, midday")
    said = texts(document)
    assert "The site opens later." in said
    assert [row[0] for row in grid_of(document, "What change 1 changed").rows] == ["Deadline"]
    assert [list(row) for row in grid_of(document, "Questions about this tender").rows] == [
        ["Which wards are these?", "Those beside the site.", "4 March 2026"]
    ]
    assert "Which wards are meant?" not in said
    assert "A question nobody answered." not in said
    assert world.bidder.organisation_name not in " ".join(said)


def test_the_pack_is_read_in_as_many_queries_for_many_bidders_as_for_one(
    django_assert_max_num_queries,
):
    world = published(suppliers=30, **full())
    with django_assert_max_num_queries(30):
        pack_of(world)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 March 2026, 12:59am, UK time (Greenwich Mean Time)"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026, 2am, UK time (British Summer Time)"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "25 October 2026, 1:59am, UK time (British Summer Time)"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25 October 2026, 1am, UK time (Greenwich Mean Time)"),
    ],
)  # fmt: skip
def test_the_zone_is_named_on_both_sides_of_the_change(moment, said):
    assert with_zone(moment.astimezone(LONDON)) == said


def test_how_to_bid_says_when_it_is_known_and_when_it_is_not():
    known = how_to_bid(
        site="https://s", deadline="noon", questions_until="Monday", has_questions=True
    )
    unknown = how_to_bid(site="https://s", deadline="", questions_until="", has_questions=False)
    assert "Submit before noon." in known[2]
    assert "until Monday." in known[5]
    assert "each measure you offer and the answers, and your price" in known[1]
    assert "Submit before the deadline." in unknown[2]
    assert "until the deadline." in unknown[5]
    assert "each measure you offer, and your price" in unknown[1]


def test_the_deadline_of_the_world_is_noon_in_london():
    assert DEADLINE.astimezone(LONDON).hour == 12
