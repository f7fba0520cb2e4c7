"""A new table of law from a file: previewed, applied whole or not at all, and nothing decided changes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from procurement.policies import queries, renderers, rules, services
from procurement.policies.models import Threshold, ThresholdImport
from procurement.policies.vocabulary import LineAction
from procurement.procurements.models import RouteDecision
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.sheets import to_csv, to_xlsx
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db
HEADER = ",".join(rules.COLUMNS)
KNOWN = (
    "PA2023,2026-01-01,2027-12-31,incl,goods_services,sub_central,207720,"
    '"SI 2025/1200, PPN 023; https://insights.devonshires.com/post/102lxjy","secondary, 4 sources agree"'
)
NEW = "PA2023,2028-01-01,2029-12-31,incl,goods_services,sub_central,210000,SI 2027/1,primary"


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


def keeper():
    return actor_for_role(Role.POLICY_OWNER, accounts.organisation("wmca"))


def a_file(*lines):
    return "\n".join([HEADER, *lines]).encode()


def preview(*lines, actor=None):
    kept = services.preview_thresholds(
        actor=actor or keeper(), file_name="law.csv", content=a_file(*lines)
    )
    return queries.threshold_import(actor or SYSTEM, kept.pk)


def apply(page, actor=None):
    return services.apply_thresholds(
        actor=actor or keeper(), import_id=page.id, seen=page.fingerprint
    )


def actions(page):
    return [(line.number, line.action) for line in page.lines]


def test_a_file_adds_changes_and_leaves_rows():
    page = preview(
        NEW, KNOWN, KNOWN.replace("goods_services,sub_central,207720", "works,any,5200000")
    )
    assert actions(page) == [
        (2, LineAction.ADDED), (3, LineAction.UNCHANGED), (4, LineAction.CHANGED),
    ]  # fmt: skip
    assert page.lines[2].changes == [
        ("Threshold", "£5,193,000 including VAT", "£5,200,000 including VAT")
    ]
    assert page.counts == {"read": 3, "added": 1, "changed": 1, "unchanged": 1, "refused": 0}
    assert Threshold.objects.count() == 78
    apply(page)
    assert Threshold.objects.count() == 79
    assert (
        Threshold.objects.get(category="works", effective_from=date(2026, 1, 1)).amount == 5200000
    )
    day = date(2028, 1, 1)
    found = rules.threshold_for(queries.thresholds_on(day), category="services", commenced_on=day)
    assert found.amount == 210000
    assert [
        (row.deed, row.before.get("amount_gbp"), row.after.get("amount_gbp"))
        for row in AuditRecord.objects.filter(deed__startswith="threshold_").order_by("pk")
    ] == [("threshold_added", None, "210000"), ("threshold_changed", "5193000", "5200000")]


def test_the_same_file_again_has_nothing_to_apply():
    apply(preview(NEW))
    again = preview(NEW)
    assert actions(again) == [(2, LineAction.UNCHANGED)]
    assert again.why_not.startswith("Every line is in the table already")
    with pytest.raises(RuleBroken, match="nothing to apply"):
        apply(again)


def test_two_people_apply_one_import_and_the_second_is_told():
    page = preview(NEW)
    apply(page)
    with pytest.raises(Conflict, match="applied already"):
        apply(page)
    assert AuditRecord.objects.filter(deed="threshold_added").count() == 1


def test_a_table_that_moved_since_the_preview_is_a_conflict():
    mine = preview(NEW)
    apply(preview(NEW.replace("210000", "211000")))
    with pytest.raises(Conflict, match="has changed since you looked"):
        apply(mine)
    assert Threshold.objects.get(effective_from=date(2028, 1, 1)).amount == 211000
    shown = queries.threshold_import(SYSTEM, mine.id)
    assert actions(shown) == [(2, LineAction.CHANGED)]
    apply(shown)
    assert Threshold.objects.get(effective_from=date(2028, 1, 1)).amount == 210000


def test_an_applied_import_shows_what_it_did_whatever_came_later():
    first = preview(KNOWN.replace("207720", "208000"))
    apply(first)
    apply(preview(KNOWN.replace("207720", "209000")))
    page = queries.threshold_import(SYSTEM, first.id)
    assert page.is_applied
    assert page.lines[0].changes == [
        ("Threshold", "£207,720 including VAT", "£208,000 including VAT")
    ]
    assert [update.changed for update in queries.applied_imports()] == [1, 1]


def test_a_decision_keeps_what_it_was_made_with():
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("warwickshire"))
    decision = RouteDecision.objects.get(procurement=procurement_of(officer))
    before = RouteDecision.objects.values().get(pk=decision.pk)
    page = preview(KNOWN.replace("207720", "300000"))
    assert page.lines[0].decisions == 1
    apply(page)
    assert RouteDecision.objects.values().get(pk=decision.pk) == before
    assert before["inputs"]["threshold_amount"] == "207720.00"
    assert before["route"] == "toms_mandatory"
    assert queries.threshold_import(SYSTEM, page.id).lines[0].decisions == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (NEW.replace("PA2023", "PCR2031"), "Its regime is “PCR2031”. Use one of: PCR2006"),
        (NEW.replace("goods_services", "good_services"), "Its category is “good_services”"),
        (NEW.replace("sub_central", "councils"), "Its authority_type is “councils”"),
        (NEW.replace("incl", "both"), "Its vat_basis is “both”"),
        (NEW.replace("210000", "much"), "Its amount_gbp is “much”. Write a number, like 207720."),
        (NEW.replace("210000", "0"), "must be more than £0"),
        (NEW.replace("210000", "0.001"), "parts of a penny"),
        (
            NEW.replace("2028-01-01", "2028-02-30"),
            "Its effective_from is “2028-02-30”. Write a date",
        ),
        (NEW.replace("2028-01-01", ""), "Its effective_from is “”. Write a date"),
        (NEW.replace("2028-01-01", "2820-01-01"), "Check the year"),
        (NEW.replace("2029-12-31", "2027-12-31"), "It ends before it starts"),
        (NEW.replace("SI 2027/1", ""), "Its source_url is empty"),
        (NEW.replace("primary", ""), "Its certainty is empty"),
        (NEW.replace("primary", "x" * 101), "Its certainty is longer than 100"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_applied(line, said):
    page = preview(NEW.replace("goods_services,sub_central", "works,any"), line)
    assert page.lines[1].action == LineAction.REFUSED
    assert said in page.lines[1].reason
    assert page.why_not == "1 line cannot be read. Mend the file and choose it again."
    with pytest.raises(RuleBroken, match="1 line cannot be read"):
        apply(page)
    assert Threshold.objects.count() == 78


def test_the_same_row_twice_in_a_file_is_refused():
    page = preview(NEW, NEW.replace("210000", "220000"))
    assert page.lines[1].reason == "It is the same row as line 2. Keep one of them."


def test_two_rows_for_one_day_are_flagged_and_not_applied():
    page = preview(NEW.replace("2028-01-01", "2027-12-31"))
    assert [
        (flaw.serious, "End the earlier row on 30 December 2027" in flaw.sentence)
        for flaw in page.flaws
    ] == [(True, True)]
    with pytest.raises(RuleBroken, match="same day"):
        apply(page)
    mended = preview(
        NEW.replace("2028-01-01", "2027-12-31"), KNOWN.replace("2027-12-31", "2027-12-30")
    )
    assert mended.flaws == []
    apply(mended)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            NEW.replace("2028-01-01", "2028-01-02"),
            "No row holds from 1 January 2028 to 1 January 2028",
        ),
        (NEW.replace("incl", "excl"), "is excluding VAT, the row before it is including VAT"),
    ],
)
def test_a_gap_and_a_turn_of_the_vat_basis_are_flagged(line, said):
    page = preview(line)
    assert [(flaw.serious, said in flaw.sentence) for flaw in page.flaws] == [(False, True)]
    apply(page)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "not text"),
        (b"PK\x03\x04 not a workbook", "cannot be opened as a spreadsheet"),
        (HEADER.encode(), "no lines below its headings"),
        (b"a,b\n1,2\n", "The file has no column regime"),
        (b"x" * (services.MAX_BYTES + 1), "larger than 1 MB"),
        (a_file(*["PA2023"] * 2001), "more than 2,000 lines"),
    ],
)
def test_what_is_no_table_of_law_says_so_beside_the_file(content, said):
    with pytest.raises(RuleBroken, match=said) as broken:
        services.preview_thresholds(actor=keeper(), file_name="x", content=content)
    assert broken.value.errors[0][0] == "file"
    assert ThresholdImport.objects.count() == 0


@pytest.mark.parametrize("as_bytes", [to_csv, to_xlsx])
def test_the_exported_table_comes_back_and_changes_nothing(as_bytes):
    content = as_bytes(renderers.thresholds_file(queries.threshold_rows()))
    kept = services.preview_thresholds(actor=keeper(), file_name="law", content=content)
    page = queries.threshold_import(SYSTEM, kept.pk)
    assert page.counts == {"read": 78, "added": 0, "changed": 0, "unchanged": 78, "refused": 0}
    assert page.flaws == []


def test_words_of_a_spreadsheet_in_the_old_code_page_are_read():
    line = NEW.replace("SI 2027/1", "“PPN” – £").encode("cp1252")
    kept = services.preview_thresholds(
        actor=keeper(), file_name="law.csv", content=HEADER.encode() + b"\n" + line
    )
    apply(queries.threshold_import(SYSTEM, kept.pk))
    assert Threshold.objects.get(effective_from=date(2028, 1, 1)).source == "“PPN” – £"


@pytest.mark.parametrize(
    ("role", "slug"),
    [
        (Role.POLICY_OWNER, "warwickshire"),
        (Role.PROCUREMENT_OFFICER, "wmca"),
        (Role.APPROVER, "wmca"),
    ],
)
def test_nobody_else_updates_the_law(role, slug):
    page = preview(NEW)
    other = actor_for_role(role, accounts.organisation(slug))
    with pytest.raises(
        NotAllowed, match="policy owner of a combined authority that leads a region"
    ):
        services.preview_thresholds(actor=other, file_name="x", content=a_file(NEW))
    with pytest.raises(NotAllowed):
        apply(page, actor=other)
    with pytest.raises(NotVisible):
        queries.threshold_import(other, page.id)
    assert Threshold.objects.count() == 78


def test_the_platform_may_too():
    apply(preview(NEW, actor=SYSTEM), actor=SYSTEM)
    assert queries.applied_imports()[0].applied_by == "the platform"


def test_values_and_rows_are_two_ways_to_say_the_same():
    for row in queries.threshold_rows():
        assert rules.read_row(rules.as_values(row)) == replace(row, id=0)
    pennies = replace(row, amount=Decimal("207720.50"))
    assert rules.as_values(pennies)["amount_gbp"] == "207720.50"


def test_the_file_comes_back_with_the_reason_beside_each_line(client):
    kept = preview(NEW, NEW.replace("210000", "much"))
    client.force_login(user_with_role(Role.POLICY_OWNER, accounts.organisation("wmca")))
    response = client.get(f"/policy/thresholds/update/{kept.id}/lines.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["what_happens"] for row in rows] == ["New", "Refused"]
    assert rows[1]["amount_gbp"] == "much"
    assert rows[1]["reason"].startswith("Its amount_gbp")
