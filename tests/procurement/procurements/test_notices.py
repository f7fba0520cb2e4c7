"""Published notices in: what is read, mended, refused, and that the same file again changes nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string
from hypothesis import given
from hypothesis import strategies as st

from procurement.procurements import queries, rules, services
from procurement.procurements.models import NoticeImport, Procurement, RouteDecision
from procurement.procurements.rules import (
    NoticeRefused,
    mend,
    read_notice,
    read_releases,
    why_refused,
)
from procurement.procurements.vocabulary import BuyerMatch
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import award_release, procurement_of, release

REAL = Path(settings.BASE_DIR).parent / "shared/data/contracts-finder-west-midlands.json"


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.rnrnTwo.", "One.\n\nTwo."),
        ("ONErnrnAdditional information: rnTwo", "ONE\n\nAdditional information:\nTwo"),
        ("Background:rn      The council", "Background:\nThe council"),
        (
            "A modern return of eastern furniture. Government.",
            "A modern return of eastern furniture. Government.",
        ),
        ("One\r\nTwo\r\n\r\n\r\n\r\nThree", "One\nTwo\n\nThree"),
        ("", ""),
    ],
)
def test_lost_line_breaks_are_put_back_and_words_left_whole(text, expected):
    assert mend(text) == expected


def read(**more):
    return read_notice(json.loads(json.dumps(release(**more)), parse_float=Decimal))


def test_a_tender_release_is_read():
    notice = read()
    assert (notice.estimate, notice.estimate_from, notice.state) == (
        Decimal("60000.00"),
        "tender value",
        "open",
    )
    assert (notice.commenced_on, notice.commenced_from) == (
        date(2025, 1, 23),
        "the day the notice was published",
    )
    # Midnight in summer time: still 1 April in London, and the last day is the last day.
    assert (notice.starts_on, notice.ends_on) == (date(2025, 4, 1), date(2026, 3, 31))
    assert (notice.cpv, notice.buyer) == ("50000000", "Coventry City Council")
    assert why_refused(notice) == ""


@pytest.mark.parametrize(
    ("tender", "expected", "source"),
    [
        (
            {"tenderPeriod": {"startDate": "2025-01-10", "endDate": "2025-02-14"}},
            date(2025, 1, 10),
            "opened",
        ),
        ({}, date(2025, 1, 23), "published"),
        ({"datePublished": None}, date(2025, 2, 14), "closed"),
        ({"datePublished": None, "tenderPeriod": None}, date(2025, 3, 4), "award"),
    ],
)
def test_the_best_known_day_of_commencement_in_its_order(tender, expected, source):
    notice = read_notice(award_release(tender=tender))
    assert notice.commenced_on == expected
    assert source in notice.commenced_from


def test_the_date_of_an_award_release_is_never_a_commencement():
    release_ = award_release(tender={"datePublished": None, "tenderPeriod": None})
    release_["awards"][0] |= {"date": None, "datePublished": None}
    assert why_refused(read_notice(release_)) == (
        "It gives no date, so the law and the policy of its day are not known."
    )


def test_a_tender_release_without_other_dates_commenced_when_released():
    notice = read(tender={"datePublished": None, "tenderPeriod": None})
    assert notice.commenced_on == date(2025, 1, 23)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2025-07-31T23:30:00Z", date(2025, 8, 1)),
        ("2025-07-31T23:30:00+01:00", date(2025, 7, 31)),
        ("2025-01-31T23:30:00Z", date(2025, 1, 31)),
    ],
)
def test_both_date_forms_are_days_in_london(moment, day):
    assert read(tender={"datePublished": moment}).commenced_on == day


def test_without_a_tender_value_the_award_value_is_the_estimate_and_it_is_said():
    notice = read_notice(award_release(tender={"value": None}))
    assert (notice.estimate, notice.tender_value) == (Decimal("62400.00"), None)
    assert "The notice gives no tender value, so the award value is used." in notice.remark


def test_several_awards_are_one_value_and_a_cancelled_one_is_none():
    release_ = award_release(100)
    release_["awards"] += [
        {"value": {"amount": 50.5}, "date": "2025-03-05"},
        {"status": "cancelled", "value": {"amount": 9}},
        {"value": {"amount": 0}},
    ]
    assert read_notice(release_).award_value == Decimal("150.50")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tender": {"value": {"amount": 0, "currency": "GBP"}}}, "no value above £0"),
        ({"tender": {"value": {"amount": -5}}}, "no value above £0"),
        ({"tender": {"value": None}}, "no value above £0"),
        ({"tender": {"title": ""}}, "no title"),
        ({"tender": {"mainProcurementCategory": None}}, "goods, services or works"),
        ({"buyer": {}}, "names no buyer"),
    ],
)
def test_what_cannot_be_routed_has_a_reason(more, said):
    assert said in why_refused(read(**more))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tender": {"value": {"amount": "lots"}}}, "not an amount of money"),
        ({"tender": {"value": {"amount": 5, "currency": "EUR"}}}, "in EUR"),
        ({"ocid": ""}, "no ocid"),
        ({"ocid": "x" * 121}, "longer than 120"),
        ({"tender": {"value": {"amount": 10**15}}}, "£99,999,999,999.99 or less"),
    ],
)
def test_what_cannot_be_read_has_a_reason(more, said):
    with pytest.raises(NoticeRefused, match=said):
        read(**more)


def test_a_character_that_no_database_keeps_is_dropped():
    assert read(tender={"title": "A\x00B"}).title == "AB"


def test_money_as_text_is_read():
    assert read(tender={"value": {"amount": "£60,000.50"}}).estimate == Decimal("60000.50")


def test_a_buyer_named_among_the_parties_only_is_found():
    parties = [
        {"name": "Supplier", "roles": ["supplier"]},
        {"name": "Dudley Council", "roles": ["buyer"]},
    ]
    assert read(buyer={}, parties=parties).buyer == "Dudley Council"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"ocid": "a"}]),
        json.dumps({"releases": [{"ocid": "a"}]}),
        json.dumps({"records": [{"compiledRelease": {"ocid": "a"}}]}),
        json.dumps({"ocid": "a"}),
    ],
)
def test_a_list_a_package_and_one_release_are_read(text):
    assert read_releases(text) == [{"ocid": "a"}]


@pytest.mark.parametrize("text", ["", "not json", "5", '{"a": 1}', '"text"'])
def test_another_file_is_a_sentence(text):
    with pytest.raises(RuleBroken, match="OCDS release"):
        read_releases(text)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(max_size=12)
    | st.just("0001-01-01T00:00:00+14:00"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
PLACES = [
    "date", "tag", "buyer", "parties", "awards", "tender", "tender.title", "tender.value", "tender.status",
    "tender.value.amount", "tender.value.currency", "tender.tenderPeriod", "tender.tenderPeriod.startDate",
    "tender.classification", "tender.documents", "awards.0.value.amount", "awards.0.status", "awards.0.date",
    "awards.0.contractPeriod", "parties.0.roles", "ocid",
]  # fmt: skip


@given(place=st.sampled_from(PLACES), value=json_values)
def test_whatever_stands_in_a_notice_it_is_read_or_refused(place, value):
    """Never another failure: one bad notice must not stop a file."""
    found = award_release(
        buyer={}, parties=[{"name": "A council", "roles": ["buyer"]}], tender={"documents": []}
    )
    *path, last = place.split(".")
    inside = found
    for step in path:
        inside = inside[int(step)] if step.isdigit() else inside[step]
    inside[last] = value
    try:
        notice = read_notice(found)
    except NoticeRefused:
        return
    assert isinstance(why_refused(notice), str)
    assert len(notice.fingerprint) == 64


# --- taking in --------------------------------------------------------------------------------


@pytest.fixture
def law(db):
    load_law_and_policies()


def take_in(*releases, **more):
    content = json.dumps(list(releases))
    outcome = services.import_notices(
        actor=SYSTEM, content=content, file_name="notices.json", **more
    )
    found = outcome.as_json()
    assert found["read"] == found["created"] + found["updated"] + found["unchanged"] + len(
        found["refused"]
    )
    return found


def routes(procurement):
    rows = RouteDecision.objects.filter(procurement=procurement).order_by("id")
    return [(row.stage, row.route, row.crossed_line) for row in rows]


def test_a_call_off_that_grew_shows_both_values_and_both_routes(law):
    take_in(award_release(tender={"value": {"amount": 40000}}))
    found = Procurement.objects.get()
    assert (found.estimate, found.award_value, found.status) == (
        Decimal("40000"),
        Decimal("62400"),
        "awarded",
    )
    assert (found.estimate_basis, found.award_basis, found.awarded_on) == (
        "excl",
        "excl",
        date(2025, 3, 4),
    )
    assert routes(found) == [("entry", "light_touch", False), ("award", "toms_advised", True)]
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    listed = queries.procurement_list(officer).get()
    assert (listed.first_route, listed.award_route, listed.route) == (
        "light_touch", "toms_advised", "toms_advised",
    )  # fmt: skip


def test_the_decision_says_which_date_and_value_of_the_notice_were_used(law):
    take_in(award_release(tender={"value": None, "datePublished": None}))
    decision = RouteDecision.objects.order_by("id").first()
    assert decision.inputs["amount_from"] == "award value"
    assert "because it commenced on 14 February 2025" in decision.explanation
    assert "the day the tender closed is used" in decision.explanation


def test_the_same_file_again_changes_nothing(law):
    file = [release(), award_release(ocid="b"), release(ocid="c", tender={"value": {"amount": 0}})]
    first = take_in(*file)
    assert (first["created"], len(first["refused"])) == (2, 1)
    before = (
        AuditRecord.objects.count(),
        NoticeImport.objects.count(),
        RouteDecision.objects.count(),
    )
    rows = list(Procurement.objects.order_by("pk").values())
    again = take_in(*file)
    assert (again["created"], again["updated"], again["unchanged"], len(again["refused"])) == (
        0,
        0,
        2,
        1,
    )
    assert (
        AuditRecord.objects.count(),
        NoticeImport.objects.count(),
        RouteDecision.objects.count(),
    ) == before
    assert list(Procurement.objects.order_by("pk").values()) == rows


def test_two_releases_of_one_notice_in_a_file_are_one_story(law):
    file = [award_release(tender={"value": None}), release()]
    assert take_in(*file)["updated"] == 1
    found = Procurement.objects.get()
    # The later release leaves the tender value out: the earlier one's stays.
    assert (found.estimate, found.award_value) == (Decimal("60000"), Decimal("62400"))
    assert take_in(*file)["unchanged"] == 2


def test_a_later_file_with_the_award_updates_and_the_older_file_does_not_undo_it(law):
    take_in(release())
    assert Procurement.objects.get().status == "routed"
    assert take_in(award_release(tender={"value": None}))["updated"] == 1
    found = Procurement.objects.get()
    assert (found.status, found.estimate, found.award_value) == (
        "awarded",
        Decimal("60000"),
        Decimal("62400"),
    )
    assert found.commenced_on == date(2025, 1, 23)
    assert take_in(release())["unchanged"] == 1
    found.refresh_from_db()
    assert found.status == "awarded"


def test_a_changed_value_is_decided_again(law):
    take_in(release(tender={"value": {"amount": 40000}}))
    take_in(release(tender={"value": {"amount": 60000}}))
    assert routes(Procurement.objects.get()) == [
        ("entry", "light_touch", False),
        ("change", "toms_advised", True),
    ]


def test_a_cancelled_tender_is_withdrawn(law):
    take_in(release(tender={"status": "cancelled"}))
    assert Procurement.objects.get().status == "withdrawn"


def test_what_was_carried_on_here_is_no_longer_changed_by_a_notice(law):
    take_in(release())
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    procurement = Procurement.objects.get()
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    found = take_in(release(tender={"value": {"amount": 1}}))
    assert "carried on here" in found["refused"][0]["reason"]
    procurement.refresh_from_db()
    assert (procurement.estimate, procurement.status) == (Decimal("60000"), "published")


def test_a_refused_notice_leaves_nothing_behind(law):
    # Readable, with a value, but of a day for which the table has no law.
    found = take_in(
        release(tender={"datePublished": "2010-01-01", "tenderPeriod": None}), release(ocid="b")
    )
    assert found["refused"][0]["ocid"] == "ocds-test-1"
    assert "no statutory threshold" in found["refused"][0]["reason"]
    assert [p.ocid for p in Procurement.objects.all()] == ["b"]


def test_an_absurd_value_and_a_thing_that_is_no_release_are_refused(law):
    found = take_in(release(tender={"value": {"amount": 10**15}}), "text", None, {"ocid": 5})
    assert [row["ocid"] for row in found["refused"]] == ["ocds-test-1", "", "", ""]
    assert "£99,999,999,999.99 or less" in found["refused"][0]["reason"]


def test_an_unknown_buyer_is_refused_and_added_only_when_asked(law):
    stranger = release(buyer={"name": "Elsewhere  Borough Council"})
    before = Organisation.objects.count()
    assert "No authority is known as Elsewhere" in take_in(stranger)["refused"][0]["reason"]
    assert Organisation.objects.count() == before
    assert take_in(stranger, create_buyers=True)["created"] == 1
    added = Organisation.objects.get(slug="elsewhere-borough-council")
    assert (added.kind, added.is_demonstration) == ("council", False)
    # Known now, by whatever spelling of case.
    assert take_in(release(ocid="b", buyer={"name": "ELSEWHERE BOROUGH COUNCIL"}))["created"] == 1


def test_a_buyer_is_not_added_for_a_notice_that_is_refused(law):
    before = Organisation.objects.count()
    take_in(
        release(buyer={"name": "Elsewhere"}, tender={"value": {"amount": 0}}), create_buyers=True
    )
    assert Organisation.objects.count() == before


def test_the_name_of_a_supplier_cannot_become_a_buyer(law):
    Organisation.objects.create(kind="supplier", name="Elsewhere", slug="elsewhere")
    found = take_in(release(buyer={"name": "Elsewhere"}), create_buyers=True)
    assert "There is an organisation called elsewhere already" in found["refused"][0]["reason"]


def test_everything_can_be_put_under_one_authority(law):
    take_in(release(), release(ocid="b", buyer={"name": "Nobody"}), authority_slug="dudley")
    assert {p.authority.slug for p in Procurement.objects.all()} == {"dudley"}


def test_a_notice_of_one_authority_does_not_move_to_another(law):
    take_in(release())
    found = take_in(release(tender={"title": "Other"}), authority_slug="dudley")
    assert found["refused"][0]["reason"] == "It is recorded for another authority already."
    assert Procurement.objects.get().title == "Repair of benches"


def test_a_dry_run_counts_the_same_and_writes_nothing(law):
    file = [release(), release(ocid="b", buyer={"name": "Elsewhere"})]
    models = (Procurement, RouteDecision, AuditRecord, NoticeImport, Organisation)
    before = [model.objects.count() for model in models]
    rehearsed = take_in(*file, create_buyers=True, dry_run=True)
    assert [model.objects.count() for model in models] == before
    assert take_in(*file, create_buyers=True) == rehearsed


def test_only_the_platform_imports_for_everybody(law):
    officer = actor_for_role(Role.PROCUREMENT_OFFICER)
    with pytest.raises(NotAllowed):
        services.import_notices(actor=officer, content="[]", file_name="x")


def test_the_callable_that_adds_a_buyer_exists():
    assert callable(import_string(settings.ADD_BUYER))


# --- upload -----------------------------------------------------------------------------------


@pytest.fixture
def officer(law):
    return actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))


def preview(actor, *releases, match=BuyerMatch.OWN):
    content = json.dumps(list(releases)).encode()
    return services.preview_notices(
        actor=actor, file_name="notices.json", content=content, match=match
    )


def test_a_preview_saves_no_procurement_and_applying_does_what_it_showed(officer):
    kept = preview(officer, release(), release(ocid="b", buyer={"name": "Dudley Council"}))
    assert Procurement.objects.count() == RouteDecision.objects.count() == 0
    assert (kept.outcome["created"], len(kept.outcome["refused"])) == (1, 1)
    assert "not your organisation" in kept.outcome["refused"][0]["reason"]
    applied = services.apply_notices(actor=officer, import_id=kept.pk)
    assert {k: applied.outcome[k] for k in ("read", "created", "refused")} == {
        k: kept.outcome[k] for k in ("read", "created", "refused")
    }
    found = Procurement.objects.get()
    assert (found.authority_id, found.owner_id) == (officer.organisation_id, officer.user_id)
    assert applied.outcome["rows"][0]["procurement_id"] == found.pk


def test_a_file_is_applied_once(officer):
    kept = preview(officer, release())
    services.apply_notices(actor=officer, import_id=kept.pk)
    with pytest.raises(Conflict, match="applied already"):
        services.apply_notices(actor=officer, import_id=kept.pk)
    assert Procurement.objects.count() == 1


def test_an_officer_may_take_every_notice_as_ours(officer):
    kept = preview(officer, release(buyer={"name": "Our shared service"}), match=BuyerMatch.ALL)
    services.apply_notices(actor=officer, import_id=kept.pk)
    assert Procurement.objects.get().authority_id == officer.organisation_id


def test_another_authority_neither_sees_nor_applies_a_file(officer):
    kept = preview(officer, release())
    other = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("dudley"))
    with pytest.raises(NotVisible):
        queries.notice_import(other, kept.pk)
    with pytest.raises(NotVisible):
        services.apply_notices(actor=other, import_id=kept.pk)
    assert Procurement.objects.count() == 0


def test_a_colleague_without_the_role_cannot_import(officer):
    kept = preview(officer, release())
    auditor = actor_for_role(Role.AUDITOR, accounts.organisation("coventry"))
    with pytest.raises(NotAllowed):
        preview(auditor, release())
    with pytest.raises(NotAllowed):
        services.apply_notices(actor=auditor, import_id=kept.pk)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"x" * (services.MAX_BYTES + 1), "larger than 5 MB"), (b"\x81\x8d", "not")],
)
def test_a_file_that_cannot_be_read_is_a_sentence_at_the_file_box(officer, content, said):
    with pytest.raises(RuleBroken, match=said) as broken:
        services.preview_notices(
            actor=officer, file_name="x.json", content=content, match=BuyerMatch.OWN
        )
    assert broken.value.errors[0][0] == "file"


def test_a_file_in_the_old_windows_encoding_is_read(officer):
    content = json.dumps([release(tender={"title": "Café £5"})], ensure_ascii=False).encode(
        "cp1252"
    )
    kept = services.preview_notices(
        actor=officer, file_name="x.json", content=content, match=BuyerMatch.OWN
    )
    assert kept.outcome["rows"][0]["title"] == "Café £5"


def test_a_file_tells_nothing_of_another_authoritys_row(officer):
    take_in(release(buyer={"name": "Dudley Council"}))
    row = preview(officer, release(buyer={"name": "Dudley Council"}), match=BuyerMatch.ALL).outcome[
        "rows"
    ][0]
    assert row["reason"] == "It is recorded for another authority already."
    assert (row["procurement_id"], row["estimate"], row["route"]) == (None, "", "")


def test_a_finished_light_touch_purchase_is_not_reopened_by_a_notice(officer):
    take_in(release(tender={"value": {"amount": 100}}))
    Procurement.objects.update(status="complete")
    assert "carried on here" in take_in(award_release(90))["refused"][0]["reason"]
    assert Procurement.objects.get().status == "complete"


def test_a_notice_with_another_value_leaves_out_how_the_old_one_was_made_up(officer):
    services.apply_notices(
        actor=officer, import_id=preview(officer, release(), match=BuyerMatch.ALL).pk
    )
    found = Procurement.objects.get()
    services.change_procurement(
        actor=officer, procurement_id=found.pk, expected_version=found.version,
        estimate_initial=Decimal(50000), estimate_extensions=Decimal(10000),
    )  # fmt: skip
    newer = release(tender={"value": {"amount": 70000, "currency": "GBP"}})
    services.apply_notices(
        actor=officer, import_id=preview(officer, newer, match=BuyerMatch.ALL).pk
    )
    found.refresh_from_db()
    assert (found.estimate, found.estimate_initial) == (Decimal(70000), None)


def test_an_officers_own_entry_is_not_touched_by_an_import(officer):
    own = procurement_of(officer, title="Repair of benches")
    take_in(release())
    own.refresh_from_db()
    assert (own.version, own.source, Procurement.objects.count()) == (1, "entered", 2)


# --- the real notices -------------------------------------------------------------------------


@pytest.fixture
def real(law):
    if not REAL.exists():
        pytest.skip("the published notices are not beside this checkout")
    return str(REAL)


def command(capsys, *args):
    call_command("import_notices", *args, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_real_notices_are_taken_in_twice_with_the_same_result(real, capsys):
    rehearsed = command(capsys, real, "--create-buyers", "--dry-run")
    assert Procurement.objects.count() == 0
    first = command(capsys, real, "--create-buyers")
    assert first == rehearsed
    assert (first["read"], first["created"], first["updated"], first["unchanged"]) == (13, 10, 0, 0)
    assert {row["reason"].split(",")[0] for row in first["refused"]} == {
        "It gives no value above £0"
    }
    again = command(capsys, real, "--create-buyers")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 10)
    assert again["refused"] == first["refused"]


def test_without_new_buyers_only_known_authorities_are_taken_in(real, capsys):
    found = command(capsys, real)
    assert (found["created"], len(found["refused"])) == (4, 9)


def test_the_real_call_off_crossed_the_line(real, capsys):
    command(capsys, real)
    found = Procurement.objects.get(authority__slug="wmca")
    assert (found.estimate, found.award_value) == (Decimal("40000"), Decimal("62400"))
    assert routes(found) == [("entry", "light_touch", False), ("award", "toms_advised", True)]
    # Commenced before 24 February 2025, so the old regulations hold at the award too.
    regimes = RouteDecision.objects.filter(procurement=found).values_list(
        "threshold__regime", flat=True
    )
    assert set(regimes) == {"PCR2015"}


def test_no_real_description_keeps_a_lost_line_break(real, capsys):
    command(capsys, real, "--create-buyers")
    assert not Procurement.objects.filter(description__contains="rnrn").exists()
    assert Procurement.objects.filter(description__contains="\n\n").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["not json", "[", ""])
def test_a_bad_file_ends_with_2_and_says_why(tmp_path, capsys, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(SystemExit) as ended:
        call_command("import_notices", str(path), "--json")
    assert ended.value.code == 2
    assert "OCDS" in json.loads(capsys.readouterr().out)["error"]


def test_rules_name_every_source_of_a_date_once():
    assert len(set(rules.DATE_ORDER)) == 5
