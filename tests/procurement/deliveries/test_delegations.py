"""A link touches one commitment, for a while; nothing of the contract shows through it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from procurement.deliveries import queries, services
from procurement.deliveries.models import Claim, Contribution, Delegation, Evidence
from procurement.deliveries.rules import UpdateLine
from procurement.deliveries.rules.passing_on import hash_of
from procurement.ledger.models import LedgerEntry
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import actor_for_role
from tests.factories.deliveries import PDF, QUARTER, world

pytestmark = pytest.mark.django_db
HERE = "depot@puddlestone.example"


@pytest.fixture
def pass_on(w, django_capture_on_commit_callbacks):
    """Pass a commitment on; the token as it stands in the letter."""

    def make(commitment=None, *, email=HERE, site="Walsall depot", **more) -> str:
        with django_capture_on_commit_callbacks(execute=True), run_inline():
            services.delegate(
                actor=w.claimant,
                commitment_id=(commitment or w.hours).pk,
                email=email,
                site=site,
                **more,
            )
        return re.search(r"/deliveries/hand-in/([\w-]+)/", mail.outbox[-1].body)[1]

    return make


def hand_in(token, quantity="4", **more) -> Contribution:
    return services.hand_in(
        actor=ANONYMOUS,
        token=token,
        quarter=more.pop("quarter", QUARTER),
        quantity=Decimal(quantity),
        **more,
    )


def test_the_link_is_in_the_letter_and_only_its_hash_is_kept(w, pass_on) -> None:
    token = pass_on(email=" Depot@Puddlestone.example ")
    link = Delegation.objects.get()
    assert (link.email, link.site, link.token_hash) == (HERE, "Walsall depot", hash_of(token))
    assert len(token) >= 43
    [letter] = mail.outbox
    assert letter.to == [HERE]
    assert w.contract.title not in letter.body + letter.subject
    told = "".join(f"{row.sentence}{row.after}" for row in AuditRecord.objects.all())
    assert (token in told, "Walsall depot" in told) == (False, True)


def test_the_letter_goes_past_the_queue_which_would_keep_the_token(
    w, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    queued: list[str] = []
    monkeypatch.setattr(
        "socialvalue.core.letters.enqueue_on_commit", lambda *sent: queued.append(str(sent))
    )
    with django_capture_on_commit_callbacks(execute=True):
        services.delegate(actor=w.claimant, commitment_id=w.hours.pk, email=HERE, site="Depot")
    assert ([letter.to for letter in mail.outbox], queued) == ([[HERE]], [])


def test_figures_through_a_link_are_no_claim_and_stand_filled_in(w, pass_on) -> None:
    token, other = pass_on(), pass_on(email="yard@puddlestone.example", site="Dudley yard")
    hand_in(token, "4", narrative="Four at the school.")
    hand_in(other, "2.5")
    assert (Claim.objects.count(), LedgerEntry.objects.count()) == (0, 0)
    page = queries.update_page(w.claimant, w.contract.pk, QUARTER, clock.today())
    row = next(row for row in page.rows if row.id == w.hours.pk)
    assert row.first == {
        "quantity": "6.5",
        "denominator": "",
        "narrative": "Walsall depot: Four at the school.",
    }
    line = UpdateLine(w.hours.pk, Decimal("6.5"))
    (made,) = services.submit_update(
        actor=w.claimant,
        contract_id=w.contract.pk,
        quarter=QUARTER,
        lines=[line],
        submission_key="u",
    )
    assert {part.claim_id for part in Contribution.objects.all()} == {made.pk}
    # What comes in afterwards is a new one, and changes nothing of what was sent.
    hand_in(token, "1")
    made.refresh_from_db()
    assert (made.quantity, Contribution.objects.count()) == (Decimal("6.5"), 3)


def test_the_parts_of_a_rate_are_added_each_by_itself(w, pass_on) -> None:
    hand_in(pass_on(w.share), "10", denominator=Decimal(20))
    hand_in(pass_on(w.share, email="b@x.example"), "5", denominator=Decimal(30))
    page = queries.update_page(w.claimant, w.contract.pk, QUARTER, clock.today())
    row = next(row for row in page.rows if row.id == w.share.pk)
    assert (row.first["quantity"], row.first["denominator"]) == ("15", "50")


def test_handing_in_again_takes_the_place_and_a_stale_page_is_a_conflict(w, pass_on) -> None:
    token = pass_on()
    hand_in(token, "4")
    with pytest.raises(Conflict):
        hand_in(token, "5")
    hand_in(token, "5", expected_version=1)
    assert [(row.quantity, row.version) for row in Contribution.objects.all()] == [(Decimal(5), 2)]
    handed = AuditRecord.objects.filter(deed="figures_handed_in").order_by("pk")
    assert [(row.actor_name, row.user_id) for row in handed] == [
        ("Walsall depot, by link", None)
    ] * 2


def test_pressed_twice_it_is_handed_in_once(client, w, pass_on) -> None:
    token = pass_on()
    sent = {
        "quarter": "2025-04-01",
        "quantity": "4",
        "narrative": "At the school. ",
        "version": "0",
    }
    for _ in range(2):
        answer = client.post(
            reverse("procurement:deliveries:hand_in", args=[token]),
            sent | {"file": SimpleUploadedFile("letter.pdf", PDF)},
        )
        assert answer.status_code == 302
    assert [row.version for row in Contribution.objects.all()] == [1]
    assert Evidence.objects.count() == 1
    with pytest.raises(Conflict):
        hand_in(token, "5", narrative="At the school.")


def test_faults_of_the_figures_are_refused(w, pass_on) -> None:
    token = pass_on()
    for changes in ({"quantity": "0"}, {"quantity": "-1"}, {"denominator": Decimal(3)}):
        with pytest.raises(RuleBroken):
            hand_in(token, **changes)
    with pytest.raises(RuleBroken):
        hand_in(token, quarter=QUARTER.replace(year=2026))
    assert Contribution.objects.count() == 0


def test_a_link_works_before_its_expiry_and_not_at_it(w, pass_on) -> None:
    token = pass_on(days=14)
    ends = Delegation.objects.get().expires_at
    with clock.at(ends - timedelta(microseconds=1)):
        hand_in(token)
    with clock.at(ends), pytest.raises(Conflict):
        hand_in(token, expected_version=1)


def test_an_ended_link_no_longer_works_and_what_came_in_stays(w, pass_on) -> None:
    token = pass_on()
    hand_in(token)
    link = Delegation.objects.get()
    for _ in range(2):
        services.end_delegation(actor=w.claimant, delegation_id=link.pk)
    with pytest.raises(Conflict):
        hand_in(token, expected_version=1)
    assert Contribution.objects.count() == 1
    assert AuditRecord.objects.filter(deed="delegation_ended").count() == 1


def test_a_new_link_to_an_address_ends_the_one_it_had(w, pass_on) -> None:
    first, second = pass_on(), pass_on()
    with pytest.raises(Conflict):
        hand_in(first)
    hand_in(second)
    assert Delegation.objects.filter(ended_at__isnull=True).count() == 1


def test_only_the_supplier_passes_on_and_ends(w, pass_on) -> None:
    pass_on()
    link = Delegation.objects.get()
    for actor, error in (
        (actor_for_role(Role.SUPPLIER_ADMIN), NotVisible),
        (w.manager, NotAllowed),
    ):
        with pytest.raises(error):
            services.delegate(actor=actor, commitment_id=w.hours.pk, email="a@b.example", site="X")
        with pytest.raises(error):
            services.end_delegation(actor=actor, delegation_id=link.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "nobody"}, "email"), ({"site": "  "}, "site"), ({"site": "x" * 151}, "site"), ({"days": 15}, "days")],
)  # fmt: skip
def test_faults_of_passing_on_are_named(w, changes, field) -> None:
    given = {"email": "a@b.example", "site": "X", "days": 30} | changes
    with pytest.raises(RuleBroken) as raised:
        services.delegate(actor=w.claimant, commitment_id=w.hours.pk, **given)
    assert [name for name, _ in raised.value.errors] == [field]


# --- the pages -------------------------------------------------------------------------------------


def page_of(token: str) -> str:
    return reverse("procurement:deliveries:hand_in", args=[token])


def filled(**changes):
    return {"quarter": "2025-04-01", "version": "0", "quantity": "4", "narrative": ""} | changes


def test_the_public_page_shows_one_commitment_and_nothing_else_of_the_contract(
    client, w, pass_on
) -> None:
    token = pass_on()
    text = client.get(page_of(token)).content.decode()
    assert "Measure M1" in text
    assert w.supplier.name in text
    for hidden in (
        w.contract.title,
        w.contract.reference,
        w.authority.name,
        "Measure R1",
        "Measure Y1",
        "£",
        "12.50",
    ):
        assert hidden not in text, hidden
    assert Delegation.objects.get().last_used_at is None, "looking at the page is no use of it"


def test_somebody_without_an_account_hands_in_a_figure_and_a_file(client, w, pass_on) -> None:
    token = pass_on()
    answer = client.post(page_of(token), filled(file=SimpleUploadedFile("proof.pdf", PDF)))
    assert answer.status_code == 302
    text = client.get(answer.url).content.decode()
    assert "proof.pdf" in text
    assert "4 hours" in text
    file = Evidence.objects.get()
    assert (file.delegation.token_hash, file.uploaded_by, file.commitment_id) == (
        hash_of(token),
        None,
        w.hours.pk,
    )
    assert Contribution.objects.get().quantity == Decimal(4)


def test_a_fault_keeps_what_was_typed_and_the_file(client, w, pass_on) -> None:
    token = pass_on()
    sent = filled(
        quantity="many", narrative="At the school.", file=SimpleUploadedFile("proof.pdf", PDF)
    )
    answer = client.post(page_of(token), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="many"' in text
    assert "At the school." in text
    assert "proof.pdf" in text
    assert Contribution.objects.count() == 0


def test_wrong_ended_and_expired_links_open_nothing(client, w, pass_on) -> None:
    assert client.get(page_of("x" * 43)).status_code == 404
    assert client.post(page_of("x" * 43), filled()).status_code == 404
    token = pass_on()
    services.end_delegation(actor=w.claimant, delegation_id=Delegation.objects.get().pk)
    for answer in (client.get(page_of(token)), client.post(page_of(token), filled())):
        assert answer.status_code == 410
        assert "Measure M1" not in answer.content.decode()
    assert Contribution.objects.count() == 0


def test_a_link_of_a_contract_that_has_not_begun_says_when_to_come_back(client, w, pass_on) -> None:
    """Signed and passed on before its first quarter: there is no quarter to choose, nor one to post."""
    with clock.at(datetime(2025, 3, 20, 9, tzinfo=UTC)):
        token = pass_on()
        for answer in (client.get(page_of(token)), client.post(page_of(token), filled())):
            assert answer.status_code == 200
            assert "Nothing to hand in yet" in answer.content.decode()
            assert "begins on 1 April 2025" in answer.content.decode()
    assert Contribution.objects.count() == 0
    with clock.at(datetime(2025, 4, 2, 9, tzinfo=UTC)):
        assert 'name="quantity"' in client.get(page_of(token)).content.decode()


def test_the_supplier_makes_lists_and_ends_links(supplier, w) -> None:
    url = reverse("procurement:deliveries:pass_on", args=[w.hours.pk])
    answer = supplier.post(url, {"site": "Walsall depot", "email": HERE, "days": "30"})
    assert answer.url == url
    text = supplier.get(url).content.decode()
    assert "Walsall depot" in text
    link = Delegation.objects.get()
    supplier.post(reverse("procurement:deliveries:pass_on_end", args=[link.pk]))
    assert "Ended" in supplier.get(url).content.decode()
    wrong = supplier.post(url, {"site": "", "email": "x", "days": "30"})
    assert wrong.status_code == 422
    assert "Enter a role or a site" in wrong.content.decode()


def test_links_of_another_supplier_are_not_shown_or_ended(client, w, supplier, pass_on) -> None:
    other = world()
    assert (
        supplier.get(reverse("procurement:deliveries:pass_on", args=[other.hours.pk])).status_code
        == 404
    )
    pass_on()
    from tests.factories.accounts import user_with_role

    client.force_login(user_with_role(Role.SUPPLIER_ADMIN, other.supplier))
    link = Delegation.objects.get()
    assert (
        client.post(reverse("procurement:deliveries:pass_on_end", args=[link.pk])).status_code
        == 404
    )
    link.refresh_from_db()
    assert link.ended_at is None
