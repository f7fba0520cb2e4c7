"""One real delivery counted in parts: never more than the whole, and each authority sees its own part only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.deliveries import queries, services
from procurement.deliveries.models import Allocation, SharedDelivery
from procurement.deliveries.rules import Whole, check_claim_holds, check_part, rest_in_words
from procurement.verifications.services import reject_claim, return_claim, verify_claim
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role, user_with_role
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure

pytestmark = pytest.mark.django_db


def apprentice(w, *, quantity: str = "1", number: int = 17, unit: str = "hours") -> SharedDelivery:
    return services.record_shared_delivery(
        actor=w.claimant,
        what="Apprentice, bricklaying",
        number=number,
        unit=unit,
        quantity=Decimal(quantity),
        delivered_on=date(2025, 8, 1),
    )


def count(w, sent, delivery, part: str) -> Allocation:
    return services.allocate(
        actor=w.claimant, claim_id=sent.pk, delivery_id=delivery.pk, quantity=Decimal(part)
    )


def allocated(delivery: SharedDelivery) -> Decimal:
    delivery.refresh_from_db()
    return delivery.allocated


@pytest.fixture
def elsewhere(w):
    """A commitment of the same supplier to another authority, and its manager."""
    other = AuthorityFactory()
    _, (hours,) = contract_with(Promise(measure("M1")), authority=other, supplier=w.supplier)
    return hours, actor_for_role(Role.CONTRACT_MANAGER, other), other


# --- the rules --------------------------------------------------------------------------------------

WHOLE = Whole("Apprentice 17", "FTE", Decimal(1), Decimal("0.7"), Decimal("0.2"))


@pytest.mark.parametrize("part", ["0", "0.5"])
def test_what_is_left_can_be_counted(part) -> None:
    check_part(WHOLE, Decimal(part), unit="FTE", adds_up=True)


@pytest.mark.parametrize(
    ("part", "unit", "adds_up", "field"),
    [
        ("0.501", "FTE", True, "quantity"),
        ("-0.001", "FTE", True, "quantity"),
        ("0.5", "hours", True, "delivery"),
        ("0.5", "FTE", False, "delivery"),
    ],
)
def test_more_than_is_left_or_another_unit_cannot(part, unit, adds_up, field) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_part(WHOLE, Decimal(part), unit=unit, adds_up=adds_up)
    assert refused.value.errors[0][0] == field


def test_a_claim_says_at_least_its_parts() -> None:
    check_claim_holds(Decimal(1), Decimal(1), "FTE")
    with pytest.raises(RuleBroken):
        check_claim_holds(Decimal("0.999"), Decimal(1), "FTE")


@pytest.mark.parametrize(
    ("quantity", "counted", "part", "told"),
    [
        ("1", "1", "0.5", "0.5 FTE is counted elsewhere"),
        ("1", "0.7", "0.5", "0.2 FTE is counted elsewhere; 0.3 FTE is not counted yet"),
        ("1", "1", "1", "nothing of it is counted elsewhere"),
    ],
)
def test_where_the_rest_is(quantity, counted, part, told) -> None:
    numbers = (Decimal(quantity), Decimal(counted), Decimal(part))
    assert rest_in_words(*numbers, "FTE") == told


# --- recording --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": "Mrs Jones"}, "what"),
        ({"what": "jo@example.org"}, "what"),
        ({"what": " "}, "what"),
        ({"number": 0}, "number"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"delivered_on": date(2025, 8, 16)}, "delivered_on"),
        ({"number": 17, "what": "apprentice, BRICKLAYING"}, "number"),
    ],
)
def test_what_cannot_be_recorded(w, changed, field) -> None:
    apprentice(w)
    known = {
        "what": "Apprentice",
        "number": 18,
        "unit": "hours",
        "quantity": Decimal(1),
        "delivered_on": date(2025, 8, 15),
    }
    with pytest.raises(RuleBroken) as refused:
        services.record_shared_delivery(actor=w.claimant, **(known | changed))
    assert refused.value.errors[0][0] == field
    with pytest.raises(NotAllowed):
        services.record_shared_delivery(actor=w.manager, **known)


# --- counting parts ---------------------------------------------------------------------------------


def test_parts_over_two_authorities_come_to_the_whole_and_no_more(w, elsewhere) -> None:
    delivery, hours = apprentice(w), elsewhere[0]
    here, there = claim(w.claimant, w.hours), claim(w.claimant, hours)
    count(w, here, delivery, "0.5")
    count(w, there, delivery, "0.5")
    assert allocated(delivery) == Decimal(1)
    third = claim(w.claimant, w.hours)
    with pytest.raises(RuleBroken, match="nothing of it is left"):
        count(w, third, delivery, "0.001")
    count(w, here, delivery, "0.25")
    assert allocated(delivery) == Decimal("0.75")
    with pytest.raises(RuleBroken, match=r"Enter 0\.25 hours or less"):
        count(w, third, delivery, "0.251")


@pytest.mark.owner
def test_the_database_itself_refuses_more_than_the_whole(w) -> None:
    delivery, sent = apprentice(w), claim(w.claimant, w.hours)
    row = count(w, sent, delivery, "1")
    with pytest.raises(IntegrityError, match="at_most_whole"), transaction.atomic():
        Allocation.objects.filter(pk=row.pk).update(quantity=Decimal("1.001"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=row.pk).delete()
    other = claim(w.claimant, w.hours)
    with pytest.raises(IntegrityError, match="at_most_whole"), transaction.atomic():
        Allocation.objects.create(
            delivery=delivery,
            claim=other,
            quantity=Decimal("0.001"),
            made_at=clock.now(),
            made_by_id=w.claimant.user_id,
        )
    assert allocated(delivery) == Decimal(1)


def test_a_claim_counts_no_more_parts_than_it_claims(w) -> None:
    sent = claim(w.claimant, w.hours)  # 10 hours
    first, second = apprentice(w, quantity="8"), apprentice(w, quantity="8", number=18)
    count(w, sent, first, "8")
    with pytest.raises(RuleBroken, match="more than the 10 hours it claims"):
        count(w, sent, second, "2.001")
    count(w, sent, second, "2")
    assert (allocated(first), allocated(second)) == (Decimal(8), Decimal(2))


@pytest.mark.parametrize("deed", [return_claim, reject_claim])
def test_what_is_sent_back_frees_its_parts(w, deed) -> None:
    delivery, sent = apprentice(w), claim(w.claimant, w.hours)
    count(w, sent, delivery, "1")
    deed(actor=w.manager, claim_id=sent.pk, expected_version=2, reason="No.")
    assert allocated(delivery) == Decimal(0)
    count(w, claim(w.claimant, w.hours), delivery, "1")


def test_what_is_withdrawn_frees_its_parts(w) -> None:
    delivery, sent = apprentice(w), claim(w.claimant, w.hours)
    count(w, sent, delivery, "1")
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=2)
    assert allocated(delivery) == Decimal(0)


def test_a_returned_claim_counts_again_what_is_left_and_is_checked_when_sent(w) -> None:
    delivery, sent = apprentice(w, quantity="6"), claim(w.claimant, w.hours)
    count(w, sent, delivery, "6")
    return_claim(actor=w.manager, claim_id=sent.pk, expected_version=2, reason="Which?")
    count(w, claim(w.claimant, w.hours), delivery, "4")
    with pytest.raises(RuleBroken):
        count(w, sent, delivery, "6")
    count(w, sent, delivery, "2")
    sent.refresh_from_db()
    again = {
        "actor": w.claimant,
        "claim_id": sent.pk,
        "expected_version": sent.version,
        "narrative": "Two hours.",
    }
    with pytest.raises(RuleBroken, match="more than the 1 hour it claims"):
        services.resubmit_claim(**again, quantity=Decimal(1))
    services.resubmit_claim(**again, quantity=Decimal(2))
    assert allocated(delivery) == Decimal(6)


def test_parts_can_be_named_when_the_claim_is_sent(w) -> None:
    delivery = apprentice(w, quantity="6")
    about = {
        "actor": w.claimant,
        "commitment_id": w.hours.pk,
        "quarter": date(2025, 4, 1),
        "quantity": Decimal(5),
    }
    with pytest.raises(RuleBroken):
        services.submit_claim(
            **about, submission_key="a", allocations=[(delivery.pk, Decimal("5.001"))]
        )
    sent = services.submit_claim(
        **about, submission_key="a", allocations=[(delivery.pk, Decimal(5))]
    )
    assert (allocated(delivery), sent.version) == (Decimal(5), 1)


def test_a_part_changed_meanwhile_is_seen_before_it_is_verified(w) -> None:
    delivery, sent = apprentice(w), claim(w.claimant, w.hours)
    count(w, sent, delivery, "1")
    with pytest.raises(Conflict):
        verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=2)
    with pytest.raises(Conflict):
        count(w, sent, delivery, "0")
    assert allocated(delivery) == Decimal(1)


# --- who sees what ----------------------------------------------------------------------------------


def test_each_authority_sees_its_part_and_never_who_counts_the_rest(w, elsewhere, client) -> None:
    delivery, (hours, _, other) = apprentice(w), elsewhere
    here, there = claim(w.claimant, w.hours), claim(w.claimant, hours)
    count(w, here, delivery, "0.5")
    count(w, there, delivery, "0.5")
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    for url in ("/verify/", f"/verify/{here.pk}/"):
        page = client.get(url).content.decode()
        assert "Apprentice, bricklaying 17" in page
        assert "0.5 hours is counted elsewhere" in page
        assert other.name not in page
    for url in ("shared/", f"shared/{delivery.pk}/", f"{here.pk}/parts/"):
        assert client.get(f"/deliveries/{url}").status_code == 403


def test_the_supplier_sees_who_counts_what_and_counts_on_a_page(w, elsewhere, supplier) -> None:
    delivery, (hours, _, other) = apprentice(w), elsewhere
    here, there = claim(w.claimant, w.hours), claim(w.claimant, hours)
    count(w, there, delivery, "0.25")
    url = f"/deliveries/{here.pk}/parts/"
    assert "0.75 hours of 1 hour left" in supplier.get(url).content.decode()
    refused = supplier.post(url, {"delivery": delivery.pk, "quantity": "0.8"})
    assert (refused.status_code, allocated(delivery)) == (422, Decimal("0.25"))
    assert supplier.post(url, {"delivery": delivery.pk, "quantity": "0.75"}).url == url
    page = supplier.get(f"/deliveries/shared/{delivery.pk}/").content.decode()
    assert other.name in page
    assert w.authority.name in page
    assert "Apprentice, bricklaying 17" in supplier.get("/deliveries/shared/").content.decode()
    made = supplier.post(
        "/deliveries/shared/new/",
        {
            "what": "Work placement",
            "number": "3",
            "quantity": "2",
            "unit": "hours",
            "delivered_on-day": "1",
            "delivered_on-month": "8",
            "delivered_on-year": "2025",
        },
    )
    assert made.status_code == 302
    assert SharedDelivery.objects.get(title="Work placement 3").supplier_id == w.supplier.pk


def test_a_delivery_of_another_supplier_is_not_found(w, supplier) -> None:
    from tests.factories.deliveries import world

    other = world()
    theirs, own = apprentice(other), claim(w.claimant, w.hours)
    with pytest.raises(NotVisible):
        count(w, own, theirs, "0.5")
    assert supplier.get(f"/deliveries/shared/{theirs.pk}/").status_code == 404
    assert (
        supplier.post(
            f"/deliveries/{own.pk}/parts/", {"delivery": theirs.pk, "quantity": "0.5"}
        ).status_code
        == 422
    )
    foreign = claim(other.claimant, other.hours)
    assert supplier.get(f"/deliveries/{foreign.pk}/parts/").status_code == 404
    assert queries.parts_of([own.pk, foreign.pk]) == {}
