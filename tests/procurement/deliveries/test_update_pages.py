"""The quarterly update page: one page, one deed, without JavaScript, and nothing typed is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.deliveries import services
from procurement.deliveries.models import Claim, ClaimDraft, Evidence, NilReturn
from procurement.ledger.models import LedgerEntry
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_of, user_with_role
from tests.factories.deliveries import PDF, QUARTER, claim, world
from tests.factories.ledger import Promise, contract_with, measure

pytestmark = pytest.mark.django_db


def url_of(w, quarter="2025-04-01", name="update") -> str:
    return reverse(f"procurement:deliveries:{name}", args=[w.contract.pk, quarter])


def boxes(w, **changes) -> dict[str, object]:
    """What a page with every box empty sends. Names are ``hours__quantity``."""
    rows = {"hours": w.hours, "share": w.share, "yes": w.yes}
    names = ("quantity", "narrative", "postcode_district")
    sent: dict[str, object] = {f"c{row.pk}-{name}": "" for row in rows.values() for name in names}
    sent |= {
        f"c{w.share.pk}-denominator": "",
        "version": "0",
        "seen": "0.0.0",
        "submission_key": "form-1",
    }
    for name, value in changes.items():
        row, _, box = name.partition("__")
        sent[f"c{rows[row].pk}-{box}" if box else name] = value
    return sent


def pdf(name: str = "letter.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def press(client, w, button, sent=None, **changes):
    return client.post(url_of(w), (sent or boxes(w, **changes)) | {button: "1"})


def sent_on(answer) -> dict[str, object]:
    """The hidden boxes of the check page."""
    found: dict[str, list[str]] = {}
    for name, value in answer.context["sent"]:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def test_everything_due_in_the_quarter_is_on_one_page_with_one_box_each(supplier, w) -> None:
    page = supplier.get(url_of(w))
    text = page.content.decode()
    for label in ("M1 Measure M1", "R1 Measure R1", "Y1 Measure Y1"):
        assert label in text
    assert "Planned: 25 hours" in strip_tags(text)
    assert "Late:" in text
    assert f'data-autosave-url="{url_of(w, name="update_autosave")}"' in text
    assert Claim.objects.count() == ClaimDraft.objects.count() == 0


def test_check_shows_the_sums_and_sends_nothing(supplier, w) -> None:
    answer = press(
        supplier,
        w,
        "check",
        hours__quantity="10",
        share__quantity="30",
        share__denominator="50",
        yes__nothing="on",
    )
    assert answer.status_code == 200
    text = " ".join(answer.content.decode().split())
    for shown in (
        "10 hours",
        "30 of 50 (60%)",
        "Nothing this period",
        "£125",
        "10 hours of 100 hours",
    ):
        assert shown in text, shown
    assert text.count("No evidence yet") == 2
    assert Claim.objects.count() == LedgerEntry.objects.count() == 0


def test_the_check_is_sent_as_it_was_shown_and_twice_is_once(supplier, w) -> None:
    check = press(
        supplier,
        w,
        "check",
        hours__quantity="1,000.5",
        hours__narrative="Words.",
        yes__nothing="on",
    )
    for _ in range(2):
        answer = press(supplier, w, "send", sent_on(check))
        assert answer.url == url_of(w)
    row = Claim.objects.get()
    assert (row.quantity, row.narrative) == (Decimal("1000.5"), "Words.")
    assert NilReturn.objects.get().commitment_id == w.yes.pk
    text = supplier.get(url_of(w)).content.decode()
    assert "No evidence yet." in text
    assert reverse("procurement:deliveries:photo", args=[row.pk]) in text


def test_change_it_brings_everything_typed_back(supplier, w) -> None:
    check = press(
        supplier,
        w,
        "check",
        hours__quantity="10",
        hours__narrative="Words.",
        share__quantity="1",
        share__denominator="2",
    )
    answer = press(supplier, w, "edit", sent_on(check))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="10"' in text
    assert "Words." in text
    assert "govuk-error-summary" not in text


def test_one_error_a_row_and_nothing_typed_is_lost(supplier, w) -> None:
    answer = press(
        supplier, w, "check",
        hours__quantity="lots", hours__narrative="Words.",
        share__quantity="60", share__denominator="50", yes__quantity="2",
    )  # fmt: skip
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == sorted(
        f"c{row.pk}-quantity" for row in (w.hours, w.share, w.yes)
    )
    text = answer.content.decode()
    assert "M1 must be a number, like 12 or 12.5" in text
    assert "R1: enter 50 or less for part" in text
    assert "Y1: enter 1 when it was done" in text
    for typed in ('value="lots"', "Words.", 'value="60"', 'value="2"'):
        assert typed in text, typed
    assert Claim.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Enter a figure for at least one commitment"),
        ({"hours__quantity": "1", "hours__nothing": "on"}, "M1: enter a figure or tick nothing this period, not both"),
        ({"hours__narrative": "Words."}, "M1: enter a figure, or tick"),
        ({"share__quantity": "1"}, "R1: enter whole, so that"),
        ({"share__denominator": "1"}, "R1: enter part"),
        ({"hours__quantity": "1", "hours__postcode_district": "nowhere"}, "M1: enter the first half of a postcode"),
        ({"hours__quantity": "1", "hours__narrative": "At CV6 1AB."}, "M1: take the second half off"),
        ({"hours__quantity": "-1"}, "M1 must be 0 or more"),
    ],
)  # fmt: skip
def test_faults_say_how_to_mend_them(supplier, w, changes, sentence) -> None:
    answer = press(supplier, w, "check", **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_nought_of_what_adds_up_is_nothing_this_period(supplier, w) -> None:
    press(supplier, w, "send", hours__quantity="0", yes__quantity="0")
    assert [row.commitment_id for row in NilReturn.objects.all()] == [w.hours.pk]
    # No to a yes-or-no question is an answer.
    assert Claim.objects.get().commitment_id == w.yes.pk


def test_nothing_for_the_rest_ticks_what_is_empty_and_is_checked_first(supplier, w) -> None:
    check = press(supplier, w, "rest", hours__quantity="10")
    assert NilReturn.objects.count() == 0
    text = check.content.decode()
    assert text.count("Nothing this period") == 2
    press(supplier, w, "send", sent_on(check))
    assert {row.commitment_id for row in NilReturn.objects.all()} == {w.share.pk, w.yes.pk}
    assert Claim.objects.get().commitment_id == w.hours.pk


def test_nothing_is_undone_and_what_was_typed_beside_it_stays(supplier, w) -> None:
    said = services.report_nothing(actor=supplier.actor, commitment_id=w.yes.pk, quarter=QUARTER)
    assert "Undo" in supplier.get(url_of(w)).content.decode()
    for _ in range(2):
        answer = supplier.post(url_of(w), boxes(w, hours__quantity="7") | {"undo": str(said.pk)})
        assert answer.status_code == 200
        assert 'value="7"' in answer.content.decode()
    assert NilReturn.objects.count() == 0


def test_files_are_kept_before_anything_is_read_and_go_with_their_claim(supplier, w) -> None:
    answer = press(
        supplier, w, "check", hours__quantity="lots", hours__file=pdf(), yes__file=pdf("yes.pdf")
    )
    assert answer.status_code == 422
    assert "letter.pdf" in answer.content.decode()
    first, second = Evidence.objects.order_by("pk")
    assert [(row.commitment_id, row.quarter) for row in (first, second)] == [
        (w.hours.pk, QUARTER),
        (w.yes.pk, QUARTER),
    ]
    again = press(supplier, w, "check", hours__quantity="1", hours__evidence=[str(first.pk)])
    assert "1 file" in again.content.decode()
    press(supplier, w, "send", sent_on(again))
    assert [row.pk for row in Claim.objects.get().evidence.all()] == [first.pk]


def test_a_page_sent_twice_keeps_its_file_once_and_for_each_commitment(supplier, w) -> None:
    for _ in range(2):
        press(supplier, w, "check", hours__quantity="4", hours__file=pdf())
    assert [file.commitment_id for file in Evidence.objects.all()] == [w.hours.pk]
    press(supplier, w, "check", share__file=pdf())
    sent = claim(w.claimant, w.hours)
    Evidence.objects.filter(commitment=w.hours).update(claim=sent)
    press(supplier, w, "check", hours__quantity="4", hours__file=pdf())
    assert Evidence.objects.filter(commitment__isnull=False).count() == 3


def test_a_file_that_is_unticked_is_left_out_and_a_foreign_one_is_refused(supplier, w) -> None:
    other = world()
    foreign = services.add_evidence(
        actor=other.claimant, contract_id=other.contract.pk, name="secret.pdf", content=PDF
    )
    press(supplier, w, "save", hours__quantity="1", hours__file=pdf())
    answer = press(
        supplier, w, "send", version="1", hours__quantity="1", hours__evidence=[str(foreign.pk)]
    )
    assert answer.status_code == 422
    press(supplier, w, "send", hours__quantity="1")
    assert Claim.objects.get().evidence.count() == 0


def test_a_wrong_file_is_said_beside_its_row_and_the_right_one_is_kept(supplier, w) -> None:
    answer = press(
        supplier,
        w,
        "check",
        hours__quantity="1",
        hours__file=[pdf("good.pdf"), pdf("bad.pdf", b"MZ\x00")],
    )
    assert answer.status_code == 422
    assert "bad.pdf" in str(answer.context["form"].errors[f"c{w.hours.pk}-file"])
    assert "good.pdf" in answer.content.decode()


def test_a_draft_is_saved_with_the_button_and_found_again(supplier, w) -> None:
    answer = press(supplier, w, "save", hours__quantity="about ten", share__narrative="Later.")
    assert answer.url == url_of(w)
    text = supplier.get(url_of(w)).content.decode()
    assert 'value="about ten"' in text
    assert "Later." in text
    stale = press(supplier, w, "save", hours__quantity="eleven")
    assert stale.status_code == 409
    assert 'value="eleven"' in stale.content.decode()
    assert ClaimDraft.objects.get(commitment=w.hours).quantity == "about ten"


def test_autosave_keeps_what_is_typed_quietly(supplier, client, w) -> None:
    url = url_of(w, name="update_autosave")
    answer = supplier.post(url, boxes(w, hours__quantity="1"))
    assert (answer.status_code, answer.headers["X-Version"], answer.content) == (204, "1", b"")
    assert supplier.post(url, boxes(w, hours__quantity="2")).status_code == 409
    assert (
        supplier.post(url, boxes(w, hours__quantity="2", version="1")).headers["X-Version"] == "2"
    )
    assert supplier.post(url, boxes(w, hours__quantity="2", version="x")).status_code == 409
    assert Claim.objects.count() == 0
    client.logout()
    assert client.post(url, boxes(w)).status_code == 401


def test_a_colleagues_claims_are_said_before_a_second_set_is_sent(supplier, w) -> None:
    claim(w.claimant, w.hours)
    answer = press(supplier, w, "send", hours__quantity="10")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'value="10"' in text
    assert f'name="seen" value="{answer.context["update"].seen}"' in text
    assert Claim.objects.count() == 1
    press(supplier, w, "send", seen=answer.context["update"].seen, hours__quantity="10")
    assert Claim.objects.count() == 2


def test_back_and_sent_again_with_more_is_told_and_then_adds(supplier, w) -> None:
    sent = sent_on(press(supplier, w, "check", hours__quantity="4"))
    supplier.post(url_of(w), sent | {"send": "1"})
    # The page as the browser kept it, with one figure more.
    again = sent | {f"c{w.share.pk}-quantity": "30", f"c{w.share.pk}-denominator": "50"}
    for button in ("check", "send"):
        answer = supplier.post(url_of(w), again | {button: "1"})
        assert answer.status_code == 409
        assert Claim.objects.count() == 1
        assert f'name="c{w.share.pk}-quantity" value="30"' in answer.content.decode()
    form = answer.context["form"]
    assert form.data["submission_key"] != sent["submission_key"]
    mended = form.data.dict() | {f"c{w.hours.pk}-quantity": ""}
    del mended["send"]
    check = press(supplier, w, "check", sent=mended)
    assert check.status_code == 200
    assert supplier.post(url_of(w), sent_on(check) | {"send": "1"}).status_code == 302
    assert sorted(row.quantity for row in Claim.objects.all()) == [Decimal(4), Decimal(30)]


def test_the_check_says_when_there_is_a_claim_for_the_quarter_already(supplier, w) -> None:
    claim(w.claimant, w.hours)
    seen = supplier.get(url_of(w)).context["update"].seen
    text = press(supplier, w, "check", hours__quantity="4", seen=seen).content.decode()
    assert "1 claim stands for this quarter already. This comes on top." in text


def test_words_beside_nothing_are_kept_and_shown(supplier, w) -> None:
    words = {"hours__nothing": "on", "hours__narrative": "No site was open."}
    sent = sent_on(press(supplier, w, "check", **words))
    supplier.post(url_of(w), sent | {"send": "1"})
    assert "“No site was open.”" in supplier.get(url_of(w)).content.decode()
    long = {"yes__nothing": "on", "yes__narrative": "x" * 501}
    answer = press(supplier, w, "check", seen="0.0.0", **long)
    assert answer.status_code == 422
    assert "500 characters or less" in answer.content.decode()


def test_what_stands_once_a_quarter_has_no_box_once_it_is_claimed(supplier, w) -> None:
    claim(w.claimant, w.yes, quantity=Decimal(1))
    page = supplier.get(url_of(w))
    assert {row.id for row in page.context["form"].open_rows} == {w.hours.pk, w.share.pk}


def test_other_quarters_and_late_ones_are_reached_from_here(supplier, w) -> None:
    text = supplier.get(url_of(w, "2025-07-01")).content.decode()
    assert url_of(w) in text
    assert "Not reported in full" in text
    for outside in ("2025-10-01", "2025-01-01", "2025-05-01", "someday"):
        assert supplier.get(url_of(w, outside)).status_code == 404


def test_what_is_not_planned_for_the_quarter_can_be_entered_all_the_same(supplier, w) -> None:
    Milestone.objects.filter(plan=ActionPlan.objects.get(), commitment=w.hours).delete()
    page = supplier.get(url_of(w))
    assert [row.id for row in page.context["update"].others] == [w.hours.pk]
    press(supplier, w, "send", hours__quantity="3")
    assert Claim.objects.get().commitment_id == w.hours.pk
    # Nothing for the rest says nothing of what was not planned.
    assert (
        "Nothing this period"
        not in press(supplier, w, "rest", seen="1.1.1", hours__quantity="")
        .content.decode()
        .split("M1 Measure M1")[-1][:10]
    )


@pytest.fixture
def jobs(client):
    """A supplier with a promise of jobs and one of staff hours, and a browser."""
    other = world()
    contract, commitments = contract_with(
        Promise(measure("J1", unit="FTE-years")), Promise(measure("S1", unit="staff hours")),
        authority=other.authority, supplier=other.supplier,
    )  # fmt: skip
    plan = ActionPlan.objects.create(contract=contract)
    for row in commitments:
        Milestone.objects.create(
            plan=plan, commitment=row, quarter=QUARTER, due_on=date(2025, 6, 30), quantity=5
        )
    user = user_with_role(Role.SUPPLIER_CONTRIBUTOR, other.supplier)
    client.force_login(user)
    client.actor = actor_of(user)
    client.url = reverse("procurement:deliveries:update", args=[contract.pk, "2025-04-01"])
    client.rows = commitments
    return client


def test_the_calculators_work_out_a_figure_without_javascript(jobs) -> None:
    job, staff = jobs.rows
    sent = {
        "version": "0", "seen": "0.0.0", "submission_key": "k",
        f"c{job.pk}-calc-people": "4", f"c{job.pk}-calc-hours": "17.5", f"c{job.pk}-calc-weeks": "13",
        f"c{staff.pk}-calc-people": "3", f"c{staff.pk}-calc-hours": "", f"c{staff.pk}-narrative": "Words.",
    }  # fmt: skip
    answer = jobs.post(jobs.url, sent | {"calculate": str(job.pk)})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "4 x 17.5 / 35 x 13 / 52 = 0.5" in text
    assert (
        f'name="c{job.pk}-quantity" value="0.5"' in " ".join(text.split()) or 'value="0.5"' in text
    )
    assert "Words." in text
    missing = jobs.post(jobs.url, sent | {"calculate": str(staff.pk)})
    assert missing.status_code == 422
    assert list(missing.context["form"].errors) == [f"c{staff.pk}-calc-hours"]
    assert Claim.objects.count() == ClaimDraft.objects.count() == 0


def test_the_page_is_for_the_supplier_of_the_contract(client, w) -> None:
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get(url_of(w)).status_code == 404
    assert press(client, w, "send", hours__quantity="1", hours__file=pdf()).status_code == 404
    assert (
        client.post(url_of(w, name="update_autosave"), boxes(w, hours__quantity="1")).status_code
        == 404
    )
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    assert client.get(url_of(w)).status_code == 403
    assert press(client, w, "send", hours__quantity="1").status_code == 403
    assert Claim.objects.count() == ClaimDraft.objects.count() == Evidence.objects.count() == 0


def test_the_page_costs_no_more_queries_with_more_claims(supplier, w) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            supplier.get(url_of(w))
        return len(caught)

    claim(w.claimant, w.hours)
    before = cost()
    for _ in range(5):
        claim(w.claimant, w.hours, quantity=Decimal(1))
    assert cost() == before


# --- from the inbox --------------------------------------------------------------------------------


def test_the_inbox_leads_to_the_update_and_says_nothing_in_one_click(supplier, w) -> None:
    inbox = reverse("procurement:deliveries:inbox")
    text = supplier.get(inbox).content.decode()
    assert url_of(w) in text
    nothing = reverse("procurement:deliveries:nothing", args=[w.hours.pk, "2025-04-01"])
    assert nothing in text
    assert supplier.post(nothing).url == inbox
    said = NilReturn.objects.get()
    assert nothing not in supplier.get(inbox).content.decode()
    everything = supplier.get(inbox, {"show": "all"}).content.decode()
    undo = reverse("procurement:deliveries:nothing_undo", args=[said.pk])
    assert undo in everything
    assert supplier.post(undo).url == url_of(w)
    assert NilReturn.objects.count() == 0
    assert supplier.get(nothing).status_code == 405


# --- a photo for a claim that is sent --------------------------------------------------------------


def test_a_photo_is_added_to_a_claim_that_is_sent(supplier, w) -> None:
    sent = services.submit_claim(
        actor=supplier.actor,
        commitment_id=w.hours.pk,
        quarter=QUARTER,
        quantity=Decimal(1),
        submission_key="s",
    )
    waiting = supplier.get(
        reverse("procurement:deliveries:inbox"), {"show": "waiting"}
    ).content.decode()
    url = reverse("procurement:deliveries:photo", args=[sent.pk])
    assert "No evidence yet" in waiting
    assert url in waiting
    page = supplier.get(url).content.decode()
    assert 'capture="environment"' in page
    assert supplier.post(url, {}).status_code == 422
    assert supplier.post(url, {"photo": pdf("bad.pdf", b"MZ\x00")}).status_code == 422
    answer = supplier.post(url, {"photo": pdf("good.pdf"), "has_consent": "on"})
    assert answer.url == reverse("procurement:deliveries:claim", args=[sent.pk])
    assert [row.has_consent for row in sent.evidence.all()] == [True]


def test_a_photo_is_only_for_the_supplier_and_an_open_claim(client, supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    url = reverse("procurement:deliveries:photo", args=[sent.pk])
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    assert supplier.get(url).status_code == 302
    assert supplier.post(url, {"photo": pdf()}).status_code == 409
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get(url).status_code == 404
    assert client.post(url, {"photo": pdf()}).status_code == 404
    assert sent.evidence.count() == 1
