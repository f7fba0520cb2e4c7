"""Download, work offline, upload: what comes back is what went out, through the pages as a bidder uses them."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.bids.queries import my_offer
from procurement.bids.rules import AnswerInput, LineInput, OfferInput, PartInput, is_same_offer
from procurement.bids.services import save_offer
from procurement.tenders.queries import questions_of, requirements_of
from socialvalue.core import clock
from socialvalue.core.workbooks import fits_cell
from tests.factories.bids import SOON
from tests.factories.tenders import published
from tests.procurement.bids.test_views import client_of, url

pytestmark = pytest.mark.django_db
CODES = ["GSE1", "PLB1", "HSC1", "GSE11", "ENV5", "INN1"]
TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
    | st.sampled_from("=+-@'\"\n\t_x0041£\u00a0;,"),
    max_size=60,
).filter(fits_cell)
START = st.sampled_from(["", "=", "+", "-", "@", "=HYPERLINK(1)", "'", "\n"])
WORDS = st.tuples(START, TEXT).map("".join).map(str.strip)
"""As the offer page keeps them: without the space around them."""
SHARE = st.decimals("0.01", "100", places=2)


PARTS = st.lists(
    st.builds(
        PartInput,
        st.sampled_from(["partner", "subcontractor"]),
        WORDS,
        st.none() | st.decimals("0", "90", places=3),
    ),
    max_size=10,
)
"""In any order; a draft may lack a name or a quantity, and may name somebody twice."""


def number(top: str, places: int) -> st.SearchStrategy[Decimal | None]:
    return st.none() | st.decimals("0", top, places=places)


@st.composite
def offers(draw: st.DrawFn, requirements, questions) -> OfferInput:
    lines = []
    for row in requirements:
        unit = row.measure.unit
        top = {"%": "100", "yes/no": "1"}.get(unit, "90")
        lines.append(
            LineInput(
                row.id,
                draw(number(top, 0 if unit == "yes/no" else 3)),
                draw(SHARE) if row.measure.adds_up else Decimal(100),
                draw(number("999999999.999999999", 9)) if row.is_negotiated else None,
                draw(WORDS),
                draw(WORDS) if row.measure.adds_up else "",
                tuple(draw(PARTS)) if unit not in ("%", "yes/no") else (),
            )
        )
    return OfferInput(
        draw(st.none() | st.decimals("0.01", "99999999999.99", places=2)),
        tuple(lines),
        tuple(AnswerInput(row.id, draw(WORDS)) for row in questions),
    )


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def upload(client, world, content, name="offer.xlsx"):
    return client.post(url(world, "workbook"), {"file": SimpleUploadedFile(name, content)})


def keep(world, offer):
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer,
        expected_version=my_offer(world.bidder, world.tender.pk).version,
    )


def test_a_partner_whose_name_is_one_sign_nobody_sees_is_still_there():
    """A control character can be pasted into a box: the row it stands in is no blank row."""
    with clock.at(SOON):
        world = published(codes=["GSE1"])
        requirement, client = requirements_of(world.tender.pk)[0], client_of(world.bidder)
        part = PartInput("partner", "\x1b", None)
        line = LineInput(requirement.id, None, Decimal(100), None, "", "", (part,))
        keep(world, OfferInput(None, (line,), ()))
        same = upload(client, world, client.get(url(world, "download")).content)
        assert (same.status_code, same.context["changes"]) == (200, {})


def test_whatever_is_offered_comes_back_unchanged():
    with clock.at(SOON):
        world = published(codes=CODES)
        requirements, questions = requirements_of(world.tender.pk), questions_of(world.tender.pk)
        client = client_of(world.bidder)

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(offer=offers(requirements, questions))
        def there_and_back(offer):
            with undone():
                keep(world, offer)
                content = client.get(url(world, "download")).content
                same = upload(client, world, content)
                assert same.status_code == 200
                assert same.context["changes"] == {}
                keep(world, OfferInput())
                other = upload(client, world, content)
                boxes = dict(other.context["found"].boxes) | {"draft": "1"}
                assert client.post(url(world, "offer"), boxes).status_code == 302
                assert is_same_offer(my_offer(world.bidder, world.tender.pk).offer, offer)

        there_and_back()


def test_the_same_offer_gives_the_same_bytes():
    with clock.at(SOON):
        world = published()
        client = client_of(world.bidder)
        assert (
            client.get(url(world, "download")).content == client.get(url(world, "download")).content
        )
