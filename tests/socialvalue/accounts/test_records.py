"""The pages of the record: whose it is, what stands in it, what is kept from whom, and the file of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from procurement.evaluations.vocabulary import EvaluationDeed
from procurement.tenders.vocabulary import TenderDeed
from reporting.home.queries import recorded
from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Role
from socialvalue.audit.models import AccessRecord
from socialvalue.audit.queries import records
from socialvalue.audit.queries.records import RecordFilter, deed_names
from socialvalue.audit.services import record, record_access, seal_day
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import (
    AuthorityFactory,
    SupplierFactory,
    actor_for_role,
    actor_of,
    user_with_role,
)
from tests.factories.ledger import contract_with
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db

READERS = {Role.AUDITOR, Role.ORGANISATION_ADMIN, Role.DIRECTORATE_MANAGER, Role.SUPPLIER_ADMIN}
PAGES = ["accounts:record", "accounts:record_accesses"]
FILES = ["accounts:record_export", "accounts:record_accesses_export"]


@pytest.fixture
def council():
    return AuthorityFactory(name="A Council")


@pytest.fixture
def other():
    return AuthorityFactory(name="Another Council")


def client_of(role: Role, organisation) -> Client:
    client = Client()
    client.force_login(user_with_role(role, organisation))
    return client


def did(organisation, sentence: str, *, role=Role.PROCUREMENT_OFFICER, deed="role_granted", **more):
    """A deed of somebody new at the organisation."""
    actor = actor_for_role(role, organisation)
    record(
        actor=actor, deed=deed, sentence=sentence, target=more.pop("target", organisation), **more
    )
    return actor


def looked(organisation, sentence: str):
    actor = actor_for_role(Role.PROCUREMENT_OFFICER, organisation)
    record_access(actor=actor, kind=AccessKind.EXPORTED, sentence=sentence)
    return actor


# --- whose it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(BUYER_ROLES | SUPPLIER_ROLES))
@pytest.mark.parametrize("name", PAGES)
def test_readers_open_it_and_nobody_else(role, name):
    organisation = SupplierFactory() if role in SUPPLIER_ROLES else AuthorityFactory()
    did(organisation, "canary-deed")
    looked(organisation, "canary-access")
    found = client_of(role, organisation).get(reverse(name))
    assert found.status_code == (200 if role in READERS else 403)
    assert (b"canary" in found.content) == (role in READERS)


@pytest.mark.parametrize("role", sorted(BUYER_ROLES | SUPPLIER_ROLES))
def test_seals_are_for_the_readers_of_an_authority(role):
    organisation = SupplierFactory() if role in SUPPLIER_ROLES else AuthorityFactory()
    client = client_of(role, organisation)
    may = role in READERS - SUPPLIER_ROLES
    for name in ("accounts:record_seals", "accounts:record_seals_file"):
        assert client.get(reverse(name)).status_code == (200 if may else 403)


@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_what_another_organisation_did_is_not_in_it(council, other, name):
    did(other, "canary-elsewhere")
    looked(other, "canary-elsewhere")
    record(actor=SYSTEM, deed="x", sentence="canary-system", target=council)
    args = ["csv"] if name in FILES else []
    body = client_of(Role.AUDITOR, council).get(reverse(name, args=args)).content
    assert b"canary" not in body


def test_a_supplier_merged_into_another_is_in_its_record(council):
    from dataclasses import replace

    gone, kept = SupplierFactory(), SupplierFactory()
    did(gone, "Long ago.", role=Role.SUPPLIER_ADMIN)
    actor = actor_for_role(Role.SUPPLIER_ADMIN, kept)
    assert records.deeds_of_organisation(actor, RecordFilter()).count() == 0
    merged = replace(actor, merged_ids=frozenset({gone.pk}))
    assert records.deeds_of_organisation(merged, RecordFilter()).count() == 1


# --- what stands in it ----------------------------------------------------------------------------


def test_a_deed_is_shown_with_what_it_changed(council):
    did(council, "Granted a role.", before={"roles": ["auditor"]}, after={"roles": ["approver"]})
    body = client_of(Role.AUDITOR, council).get(reverse("accounts:record")).content.decode()
    for text in ("Granted a role.", "Role granted", "What changed", "auditor", "approver"):
        assert text in body


@pytest.fixture
def three(council):
    """Three deeds on three days."""
    with clock.at(datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)):
        did(council, "Last of March.", deed="role_ended")
    with clock.at(datetime(2026, 3, 31, 23, 0, tzinfo=UTC)):
        actor = did(council, "First of April, in London.")
    with clock.at(datetime(2026, 4, 2, 9, tzinfo=UTC)):
        did(council, "Second of April.", deed="tender_started")
    return actor


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["Second of April.", "First of April, in London.", "Last of March."]),
        ("sort=at", ["Last of March.", "First of April, in London.", "Second of April."]),
        ("first=1+April+2026", ["Second of April.", "First of April, in London."]),
        ("last=1/4/2026", ["First of April, in London.", "Last of March."]),
        ("first=2026-04-01&last=2026-04-01", ["First of April, in London."]),
        ("q=LONDON", ["First of April, in London."]),
        ("kind=role_ended", ["Last of March."]),
        ("kind=role_ended&q=London", []),
    ],
)
def test_the_record_is_narrowed_and_the_file_is_exactly_that(council, three, query, wanted):
    client = client_of(Role.AUDITOR, council)
    page = client.get(f"{reverse('accounts:record')}?{query}")
    assert [line.sentence for line in page.context["lines"]] == wanted
    file = client.get(f"{reverse('accounts:record_export', args=['csv'])}?{query}")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["What was done"] for row in rows] == wanted


def test_it_is_narrowed_to_a_person(council, three):
    client = client_of(Role.AUDITOR, council)
    found = client.get(f"{reverse('accounts:record')}?person={three.user_id}")
    assert [line.sentence for line in found.context["lines"]] == ["First of April, in London."]


def test_a_day_that_cannot_be_read_is_said_and_narrows_nothing(council, three):
    found = client_of(Role.AUDITOR, council).get(f"{reverse('accounts:record')}?first=soon")
    assert len(found.context["lines"]) == 3
    assert "Write the day like 1 April 2026" in found.content.decode()


@pytest.mark.parametrize("name", ["accounts:record_export", "accounts:record_accesses_export"])
def test_no_file_is_made_of_a_day_that_cannot_be_read(council, three, name):
    """It has no place to say beside its rows that it holds all of them."""
    found = client_of(Role.AUDITOR, council).get(
        f"{reverse(name, args=['csv'])}?first=soon", follow=True
    )
    assert found.redirect_chain
    assert "The file was not made. Write the day like 1 April 2026." in found.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_day_beyond_the_calendar_is_refused_with_the_days_it_takes(council, page):
    found = client_of(Role.AUDITOR, council).get(f"{reverse(page)}?last=9999-12-31")
    assert found.status_code == 200
    assert "Write a day up to 31 December 2100" in found.content.decode()


def test_pages_hold_25_and_the_file_holds_all(council):
    for number in range(26):
        did(council, f"Deed {number}.")
    client = client_of(Role.AUDITOR, council)
    found = client.get(reverse("accounts:record"))
    assert len(found.context["lines"]) == 25
    assert len(client.get(f"{reverse('accounts:record')}?page=2").context["lines"]) == 1
    file = client.get(reverse("accounts:record_export", args=["csv"]))
    assert len(file.content.decode().splitlines()) == 27
    assert client.get(reverse("accounts:record_export", args=["xlsx"])).status_code == 200


def test_a_file_that_would_be_too_long_is_refused_with_the_way_out(council, three, monkeypatch):
    monkeypatch.setattr("socialvalue.accounts.views.records.MOST_ROWS", 2)
    client = client_of(Role.AUDITOR, council)
    found = client.get(reverse("accounts:record_export", args=["csv"]), follow=True)
    assert "Choose the days from and to" in found.content.decode()


def test_formulas_do_not_run_in_the_file(council):
    did(council, "=HYPERLINK(1)", after={"reason": "=1+1"})
    file = client_of(Role.AUDITOR, council).get(reverse("accounts:record_export", args=["csv"]))
    assert "'=HYPERLINK(1)" in file.content.decode()


def test_queries_do_not_grow_with_rows(council, django_assert_max_num_queries):
    did(council, "One.")
    client = client_of(Role.AUDITOR, council)
    client.get(reverse("accounts:record"))
    with django_assert_max_num_queries(60) as few:
        client.get(reverse("accounts:record"))
    for _ in range(3):
        did(council, "More.")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("accounts:record"))


def test_accesses_are_narrowed_and_taken_out(council):
    looked(council, "Took out a.csv.")
    actor = actor_for_role(Role.APPROVER, council)
    record_access(
        actor=actor, kind=AccessKind.REFUSED, sentence="Was refused a page.", address="/x/"
    )
    client = client_of(Role.AUDITOR, council)
    page = client.get(f"{reverse('accounts:record_accesses')}?kind=refused")
    assert [line.sentence for line in page.context["lines"]] == ["Was refused a page."]
    file = client.get(f"{reverse('accounts:record_accesses_export', args=['csv'])}?q=/x/")
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["Kind"], row["Page"]) == ("Page refused", "/x/")


def test_taking_the_record_out_stands_in_it(council):
    client = client_of(Role.AUDITOR, council)
    client.get(reverse("accounts:record_export", args=["csv"]))
    assert AccessRecord.objects.get().subject == "record.csv"


# --- what is kept from whom -----------------------------------------------------------------------


def test_who_is_invited_is_told_once_bids_are_open(council):
    tender = contract_with(authority=council)[0].procurement
    did(council, "canary-invited", deed=TenderDeed.INVITED, target=tender, procurement_id=tender.pk)
    auditor = actor_for_role(Role.AUDITOR, council)

    def told() -> set[str]:
        rows = records.deeds_of_organisation(auditor, RecordFilter())
        searched = records.deeds_of_organisation(auditor, RecordFilter(q="canary"))
        kinds = {code for code, _ in records.deed_kinds(auditor)}
        assert searched.count() == rows.filter(sentence="canary-invited").count()
        assert (TenderDeed.INVITED in kinds) == bool(searched.count())
        return set(rows.values_list("sentence", flat=True))

    assert told() == set()
    elsewhere = contract_with(authority=council)[0].procurement
    did(council, "Opened.", deed=TenderDeed.OPENED, target=elsewhere, procurement_id=elsewhere.pk)
    assert told() == {"Opened."}
    did(council, "Opened.", deed=TenderDeed.OPENED, target=tender, procurement_id=tender.pk)
    assert told() == {"Opened.", "canary-invited"}


@pytest.mark.parametrize(
    ("deed", "readers"),
    [
        (EvaluationDeed.INTEREST_DECLARED, {Role.AUDITOR}),
        (EvaluationDeed.MODERATED, {Role.AUDITOR}),
        ("report_changed", {Role.AUDITOR}),
        ("policy_drafted", {Role.AUDITOR}),
        ("award_proposed", {Role.AUDITOR}),
        ("role_granted", {Role.AUDITOR, Role.ORGANISATION_ADMIN, Role.DIRECTORATE_MANAGER}),
    ],
)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ORGANISATION_ADMIN, Role.DIRECTORATE_MANAGER])
def test_values_keep_their_readers(council, deed, readers, role):
    did(council, "Did it.", deed=deed, after={"text": "canary-value"})
    client = client_of(role, council)
    page = client.get(reverse("accounts:record")).content
    file = client.get(reverse("accounts:record_export", args=["csv"])).content
    for body in (page, file):
        assert b"Did it." in body
        assert (b"canary-value" in body) == (role in readers)


def test_pounds_of_social_value_are_withheld_where_only_counts_are_shown(council):
    did(council, "Committed £4,321 of social value.", after={"said": "£4,321 of social value"})
    client = client_of(Role.AUDITOR, council)
    assert b"4,321" in client.get(reverse("accounts:record")).content
    shown = client.get(f"{reverse('accounts:record')}?counts=1").content
    assert b"Committed" in shown
    assert b"4,321" not in shown


def test_pence_of_social_value_are_left_out_where_only_counts_are_shown(council):
    did(council, "A gap was found.", after={"gap_pence": 432100, "cost_pence": 98700})
    client = client_of(Role.AUDITOR, council)
    for name, args in (("accounts:record", []), ("accounts:record_export", ["csv"])):
        url = reverse(name, args=args)
        all_of_it = client.get(url).content.decode()
        assert "£4,321" in all_of_it
        assert "£987" in all_of_it
        counted = client.get(f"{url}?counts=1").content.decode()
        assert "4,321" not in counted
        assert "£987" in counted


# --- one thing ------------------------------------------------------------------------------------


@pytest.fixture
def procurement(council):
    load_law_and_policies()
    made = procurement_of(actor_for_role(Role.PROCUREMENT_OFFICER, council))
    did(
        council, "Changed the estimate.", deed="procurement_changed", target=made,
        procurement_id=made.pk, before={"estimate": "10"}, after={"estimate": "20"},
    )  # fmt: skip
    return made


def of(procurement, *more: str) -> str:
    name = "accounts:record_of_export" if more else "accounts:record_of"
    return reverse(name, args=["procurement", str(procurement.pk), *more])


@pytest.mark.parametrize("role", sorted(BUYER_ROLES))
def test_whoever_opens_a_thing_reads_its_record_and_readers_its_values(council, procurement, role):
    client = client_of(role, council)
    found = client.get(of(procurement))
    own = client.get(reverse("procurement:threads:procurement", args=[procurement.pk]))
    assert found.status_code == own.status_code == 200
    assert of(procurement) in own.content.decode()
    line = found.context["lines"][0]
    assert line.sentence == "Changed the estimate."
    assert bool(line.changes) == (role in READERS)
    file = client.get(of(procurement, "csv")).content.decode()
    assert ("Estimate: 10 → 20" in file) == (role in READERS)


def test_the_record_of_anothers_thing_is_not_there(procurement, other):
    client = client_of(Role.AUDITOR, other)
    for address in (of(procurement), of(procurement, "csv")):
        found = client.get(address)
        assert found.status_code == 404
        assert b"estimate" not in found.content


def test_somebody_not_signed_in_is_asked_to(procurement):
    assert Client().get(of(procurement)).status_code == 302


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("nothing", "1"),
        ("procurement", "x"),
        ("procurement", "²"),
        ("procurement", "9" * 30),
        ("contract", "1"),
        ("claim", "1"),
        ("mapping", "wmca"),
        ("publication", "region"),
        ("region", "none"),
    ],
)
def test_what_is_no_thing_has_no_record(council, kind, key):
    with pytest.raises(NotVisible):
        recorded.find(actor_for_role(Role.DIRECTORATE_MANAGER, council), kind, key)


def test_the_other_partys_values_are_its_own(council, other, procurement):
    """What another organisation did on a thing is read there, not what it changed."""
    did(
        other, "Said so.", deed="x", target=procurement, procurement_id=procurement.pk,
        after={"remark": "canary-theirs"},
    )  # fmt: skip
    body = client_of(Role.AUDITOR, council).get(of(procurement)).content
    assert b"Said so." in body
    assert b"canary-theirs" not in body


# --- seals ----------------------------------------------------------------------------------------


def test_the_newest_digest_is_on_the_record_and_the_chain_is_a_file(council):
    client = client_of(Role.AUDITOR, council)
    assert b"Nothing is sealed yet" in client.get(reverse("accounts:record")).content
    noon = datetime.now(tz=UTC).replace(hour=12)
    for days in (2, 1):
        with clock.at(noon - timedelta(days=days)):
            made = seal_day(actor=SYSTEM)
    for name in ("accounts:record", "accounts:record_seals"):
        assert made.digest in client.get(reverse(name)).content.decode()
    told = json.loads(client.get(reverse("accounts:record_seals_file")).content)
    assert [row["number"] for row in told["seals"]] == [1, 2]
    assert told["seals"][1]["digest"] == made.digest


# --- the settings ---------------------------------------------------------------------------------


def test_every_deed_has_words():
    """Every vocabulary of deeds is named in the settings."""
    from tests.architecture.house import sources

    found = set()
    for path in sources():
        for line in path.read_text().splitlines():
            if line.startswith("class ") and "Deed(TextChoices)" in line:
                name = line.split()[1].partition("(")[0]
                if name != "Deed":
                    found.add(name)
    assert found == {path.rpartition(".")[2] for path in settings.DEED_NAMES}
    assert all(label for label in deed_names().values())


def test_every_telling_can_be_asked():
    for path in settings.RECORD_TELLINGS:
        assert all(telling.deeds for telling in import_string(path)())
    assert actor_of(user_with_role(Role.AUDITOR)).is_signed_in
