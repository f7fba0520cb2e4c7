"""More than the page asks for: boxes that it does not have, ids of others in boxes that it has, files that lie.

Ids in addresses are tried for everybody by the matrix (tests/permissions/matrix); ids of evidence, measures, panel
members and lots in the rooms that take them. Here is what is sent beside.
"""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement.deliveries.models import Claim
from procurement.ledger.models import LedgerEntry
from procurement.procurements.models import Procurement
from socialvalue.accounts.models import Membership, User
from socialvalue.accounts.queries import registration_path
from socialvalue.accounts.services.invitations import invite_administrator
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.architecture.house import calls, sources
from tests.factories.accounts import AuthorityFactory, UserFactory, user_with_role
from tests.factories.deliveries import PDF, claim, world
from tests.socialvalue.core.hostile import OLE, SCRIPT, docx, gigabyte_pdf, lying_zip, many_parts
from toms.frameworks.models import Measure

pytestmark = pytest.mark.django_db

GRABBED = {
    "is_staff": "on", "is_superuser": "on", "is_active": "", "id": "1", "pk": "1", "user": "1", "user_id": "1",
    "role": "organisation_admin", "roles": ["organisation_admin", "policy_owner"], "organisation": "1",
    "organisation_id": "1", "authority": "1", "authority_id": "1", "supplier": "1", "supplier_id": "1",
    "kind": "combined_authority", "slug": "grabbed", "status": "verified", "is_verified": "on", "verified_at":
    "2026-01-01", "verified_by": "1", "value_pence": "99999999", "unit_value": "999", "merged_into": "1",
    "is_demonstration": "on", "email": "grabbed@evil.example", "created_at": "2020-01-01", "claimed_by": "1",
}  # fmt: skip
"""What somebody would add who has read the names of our columns."""


def facts(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def changed(row):
    """Names of the columns that changed."""
    before = facts(row)
    row.refresh_from_db()
    return {name for name, value in facts(row).items() if value != before[name]}


def test_no_form_is_made_from_a_table():
    """So no box can reach a column that its service does not take by name."""
    found = [
        f"{path}:{line}"
        for path in sources()
        for line, name, _ in calls(path)
        if name.rsplit(".", 1)[-1]
        in ("modelform_factory", "modelformset_factory", "inlineformset_factory")
    ]
    found += [str(path) for path in sources() if "ModelForm)" in path.read_text()]
    assert found == []


def test_ones_own_name_changes_nothing_else(client):
    user = user_with_role(Role.SUPPLIER_CONTRIBUTOR)
    client.force_login(user)
    answer = client.post("/account/name/", GRABBED | {"full_name": "New Name"})
    assert answer.status_code == 302
    assert changed(user) == {"full_name"}
    assert Membership.objects.filter(user=user).values_list("role", flat=True).get() == (
        Role.SUPPLIER_CONTRIBUTOR
    )


def test_an_organisation_says_about_itself_what_it_may(client):
    user = user_with_role(Role.SUPPLIER_ADMIN)
    organisation = Membership.objects.get(user=user).organisation
    client.force_login(user)
    typed = {
        "is_sme": "yes",
        "is_vcse": "no",
        "company_number": "01234567",
        "place": "",
        "name": "Grabbed",
    }
    assert client.post("/organisations/own/", GRABBED | typed).status_code == 302
    assert changed(organisation) <= {
        "is_sme", "is_vcse", "company_number", "place", "postcode_district", "described_at",
    }  # fmt: skip


def test_who_registers_gets_the_address_of_the_letter_and_one_role():
    AuthorityFactory()
    typed = {
        "organisation_name": "Hazel",
        "full_name": "Bid manager",
        "password": "walnut-harvest-basket",
    }
    answer = Client().post(registration_path("bids@hazel.example"), GRABBED | typed)
    assert answer.status_code == 302
    user = User.objects.get(full_name="Bid manager")
    assert (user.email, user.is_staff, user.is_superuser, user.is_active) == (
        "bids@hazel.example", False, False, True,
    )  # fmt: skip
    (seat,) = Membership.objects.filter(user=user)
    assert (seat.role, seat.organisation.kind) == (Role.SUPPLIER_ADMIN, "supplier")
    assert seat.organisation.slug != "grabbed"


def test_who_is_invited_gets_the_roles_of_the_invitation():
    council, other = AuthorityFactory(), AuthorityFactory()
    _, path = invite_administrator(
        actor=SYSTEM, organisation_slug=council.slug, email="new@council.example"
    )
    typed = {
        "full_name": "New Comer", "password": "walnut-harvest-basket", "organisation": other.slug,
        "organisation_id": other.pk,
    }  # fmt: skip
    assert Client().post(path, GRABBED | typed).status_code == 302
    user = User.objects.get(full_name="New Comer")
    assert (user.email, user.is_staff, user.is_superuser) == ("new@council.example", False, False)
    seats = Membership.objects.filter(user=user).values_list("organisation_id", "role")
    assert list(seats) == [(council.pk, Role.ORGANISATION_ADMIN)]


def test_a_claim_is_its_own_suppliers_waits_and_has_the_value_that_was_promised(client):
    w, other = world(), world()
    client.force_login(user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier))
    url = reverse("procurement:deliveries:claim_new", args=[w.hours.pk, "2025-04-01"])
    typed = {
        "quarter": "2025-04-01", "quantity": "10", "narrative": "Ten hours.", "submission_key": "form-1",
        "file": SimpleUploadedFile("letter.pdf", PDF), "contract": other.contract.pk, "version": "7",
        "contract_id": other.contract.pk, "commitment": other.hours.pk, "commitment_id": other.hours.pk,
        "supplier_id": other.supplier.pk, "authority_id": other.authority.pk,
    }  # fmt: skip
    assert client.post(url, GRABBED | typed).status_code == 302
    made = Claim.objects.get()
    assert (made.status, made.contract_id, made.commitment_id, made.supplier_id, made.version) == (
        "submitted", w.contract.pk, w.hours.pk, w.supplier.pk, 1,
    )  # fmt: skip
    assert LedgerEntry.objects.filter(basis="verified").count() == 0


def test_claims_of_another_authority_cannot_be_ticked_along(client):
    """Ids in boxes: theirs or none, the answer is the same, and nothing is verified with it."""
    w, other = world(), world()
    own, theirs = claim(w.claimant, w.hours), claim(other.claimant, other.hours)
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))

    def tick(*ids):
        return client.post("/verify/ticked/", GRABBED | {"seen": [f"{pk}:1" for pk in ids]})

    foreign, missing = tick(own.pk, theirs.pk), tick(own.pk, 999_999_999)
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert other.supplier.name not in foreign.content.decode()
    assert (changed(own), changed(theirs)) == (set(), set())
    reached = client.get(tick(own.pk).url).content.decode()
    assert f"Claim {own.pk} is not verified." in reached, (
        "one's own is found, and said to have to be opened"
    )


@pytest.mark.parametrize(
    "seen",
    ["x", "1", "1:", ":1", "1:x", "1:1:1", "-1:1", "9" * 39, "9" * 30 + ":1", "٣:١", "1:1\x00"],
)
def test_a_box_with_nonsense_is_no_fault_of_ours(client, seen):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER))
    assert client.post("/verify/ticked/", {"seen": seen}).status_code in (302, 404)


@pytest.mark.parametrize("wanted", ["", "nowhere", "1", "../x", "\x00", "x" * 5_000])
def test_one_cannot_act_for_what_one_does_not_belong_to(client, wanted):
    client.force_login(UserFactory())
    assert client.post("/organisations/switch/", {"organisation": wanted}).status_code == 404


# --- files that lie, where workbooks and notices come in ----------------------------------------------------

LIES = {
    "a page": b"<!doctype html><title>x</title>" + SCRIPT,
    "a program": b"MZ" + bytes(4096),
    "an old workbook with macros": OLE,
    "another kind of archive": docx(),
    "an archive that lies": lying_zip(),
    "an archive of many parts": many_parts(),
    "a PDF that unpacks for ever": gigabyte_pdf(),
    "bytes": b"\x00\xff\xfe" * 200,
    "deep JSON": b"[" * 60_000,
    "a number too long": b'{"releases": [{"ocid": ' + b"9" * 20_000 + b"}]}",
}
NAMES = (
    "../../../../etc/cron.d/x.xlsx",
    "claims.xlsx.exe",
    "claims.php.csv",
    "..\\..\\x.json",
    "x\x00.xlsx",
    "CON.csv",
)
DOORS = {
    "/deliveries/uploads/": Role.SUPPLIER_ADMIN,
    "/measures/imports/new/": Role.POLICY_OWNER,
    "/procurements/import/": Role.PROCUREMENT_OFFICER,
}


def below(folder=""):
    """Every kept file."""
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from below(f"{folder}/{name}".strip("/"))


@pytest.mark.parametrize("door", DOORS)
def test_a_file_that_lies_does_nothing(client, door):
    client.force_login(user_with_role(DOORS[door]))
    measures, tried = Measure.objects.count(), 0
    for number, (what, content) in enumerate(LIES.items()):
        name = NAMES[number % len(NAMES)]
        for kind in ("text/csv", "application/vnd.ms-excel"):
            sent = SimpleUploadedFile("x", content, content_type=kind)
            sent._name = name  # past Django's own cleaning on the way out
            answer = client.post(door, {"file": sent, "match": "own"}, follow=True)
            tried += 1
            assert answer.status_code in (200, 422), (what, answer.status_code)
            assert SCRIPT.decode() not in answer.content.decode(errors="replace"), what
    assert tried == 2 * len(LIES)
    assert (Claim.objects.count(), Procurement.objects.count()) == (0, 0)
    assert Measure.objects.count() == measures
    kept = list(below())
    assert not [path for path in kept if ".." in path or path.endswith((".exe", ".php"))]


@pytest.mark.parametrize("door", DOORS)
def test_a_form_without_its_file_says_so(client, door):
    client.force_login(user_with_role(DOORS[door]))
    for sent in ({}, {"file": "not a file"}, {"file": SimpleUploadedFile("x.csv", b"")}):
        answer = client.post(door, sent)
        assert answer.status_code == 422
        assert "Choose" in answer.content.decode()
