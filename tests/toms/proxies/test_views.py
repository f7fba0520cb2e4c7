"""The page that shows what a newer edition does differently."""

from __future__ import annotations

import copy
import io
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import AuthorityFactory, user_with_role
from toms.frameworks.models import Edition
from toms.frameworks.queries import current_edition, edition_infos
from toms.imports.services import OPEN_SET, load_measure_set, load_shipped_sets
from toms.proxies.queries.comparing import compare_editions, usual_pair

pytestmark = pytest.mark.django_db
PAGE = "/measures/differences/"


@pytest.fixture
def signed_in(client):
    client.force_login(user_with_role(Role.POLICY_OWNER))
    return client


def changed_edition(tmp_path):
    """A later edition: one measure gone, one new, a unit changed, a value moved, a rule reworded."""
    data = json.loads(OPEN_SET.read_text())
    data["edition"] = data["edition"] | {
        "slug": "open-later", "label": "Open measures, later", "valid_from": "2030-04-01",
    }  # fmt: skip
    rows = {row["code"]: row for row in data["measures"]}
    new = copy.deepcopy(rows["PLB7"]) | {"code": "PLB77", "title": "Firms of another kind"}
    data["measures"] = [row for row in data["measures"] if row["code"] != "ENV7"] + [new]
    for pack in data["packs"]:
        pack["measures"] = [code for code in pack["measures"] if code != "ENV7"]
    data["double_counting"] = [pair for pair in data["double_counting"] if "ENV7" not in pair]
    rows["ENV3a"]["unit"] = "hundred miles"
    rows["GSE2"]["proxies"][0]["amount"] = "9900.000000001"
    rows["GSE9"]["counting_rule"] = "Count otherwise."
    path = tmp_path / "later.json"
    path.write_text(json.dumps(data))
    load_measure_set(actor=SYSTEM)
    load_measure_set(actor=SYSTEM, source=path)


def test_each_kind_of_change_has_its_place(signed_in, tmp_path):
    changed_edition(tmp_path)
    page = signed_in.get(f"{PAGE}?before=open-2026&after=open-later")
    found = page.context["found"].found
    assert [row.code for row in found.added] == ["PLB77"]
    assert [row.code for row in found.removed] == ["ENV7"]
    assert [(row.code, row.before, row.after) for row in found.units] == [
        ("ENV3a", "miles", "hundred miles")
    ]
    assert [row.code for row in found.moved] == ["GSE2"]
    assert [row.code for row in found.reworded] == ["GSE9"]
    assert found.same == 52 - 1 - 3
    text = page.content.decode()
    assert "£9,800.00" in text
    assert "£9,900.000000001" in text
    assert "+1.0%" in text
    assert 'href="/measures/open-later/PLB77/"' in text
    assert 'href="/measures/open-2026/ENV7/"' in text


def test_the_shipped_editions_are_compared_unasked(signed_in):
    load_shipped_sets(actor=SYSTEM)
    page = signed_in.get(PAGE)
    found = page.context["found"]
    assert (found.before.slug, found.after.slug) == ("open-2026", "open-2026-27")
    assert len(found.found.added) == 22
    assert (found.found.removed, found.found.units, found.found.reworded) == ((), (), ())
    assert {row.code for row in found.found.moved} == {"ENV1", "ENV2", "ENV3"}
    assert {row.since.year for row in found.found.moved} == set(range(2031, 2036))


def test_two_families_are_said_to_be_two(signed_in):
    load_shipped_sets(actor=SYSTEM)
    text = signed_in.get(f"{PAGE}?before=open-2026&after=social-value-model-2025").content.decode()
    assert "different families" in text


@pytest.mark.parametrize("asked", ["", "?before=open-2026&after=open-2026"])
def test_nothing_to_compare_says_what_to_do(signed_in, asked):
    load_measure_set(actor=SYSTEM)
    assert b"Choose two different editions" in signed_in.get(PAGE + asked).content


def test_an_unknown_edition_is_404(signed_in):
    load_shipped_sets(actor=SYSTEM)
    assert signed_in.get(f"{PAGE}?before=open-2026&after=nope").status_code == 404
    assert signed_in.get(f"{PAGE}export.csv?before=nope&after=open-2026").status_code == 404


def test_the_file_holds_every_difference(signed_in, tmp_path):
    changed_edition(tmp_path)
    asked = "?before=open-2026&after=open-later"
    found = signed_in.get(PAGE + asked).context["found"].found
    lines = sum(map(len, (found.added, found.removed, found.units, found.moved, found.reworded)))
    csv = signed_in.get(f"{PAGE}export.csv{asked}").content.decode("utf-8-sig")
    book = signed_in.get(f"{PAGE}export.xlsx{asked}").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert csv.count("\r\n") - 1 == lines
    assert rows[-1][0] == f"{lines} rows"


def test_it_takes_as_many_queries_for_small_editions_as_for_large(signed_in):
    load_shipped_sets(actor=SYSTEM)

    def count(before, after):
        with CaptureQueriesContext(connection) as found:
            signed_in.get(f"{PAGE}?before={before}&after={after}")
        return len(found)

    assert count("social-value-model-2020", "social-value-model-2025") == count(
        "open-2026", "open-2026-27"
    )


def licensed(holder, *, slug="county-2026"):
    """An edition held under the licence of one organisation."""
    load_shipped_sets(actor=SYSTEM)
    family = Edition.objects.get(slug="open-2026").framework
    return Edition.objects.create(
        framework=family, slug=slug, label="Licensed", valid_from="2026-10-01", holder=holder,
        status="published", published_at="2026-10-01T00:00:00Z", checksum="x",
    )  # fmt: skip


def test_a_licensed_edition_is_for_its_holder(signed_in):
    holder, other = AuthorityFactory(), AuthorityFactory()
    licensed(holder)
    ours, theirs = (
        Actor(user_id=1, organisation_id=holder.pk),
        Actor(user_id=2, organisation_id=other.pk),
    )
    assert "county-2026" in {row.slug for row in edition_infos(ours)}
    assert "county-2026" not in {row.slug for row in edition_infos(theirs)}
    assert usual_pair(theirs) == ("open-2026", "open-2026-27")
    with pytest.raises(NotVisible):
        compare_editions(theirs, "open-2026", "county-2026")
    for address in (
        "/measures/?edition=county-2026",
        "/measures/county-2026/GSE1/",
        f"{PAGE}?before=open-2026&after=county-2026",
    ):
        assert signed_in.get(address).status_code == 404


def test_the_national_model_never_becomes_the_edition_in_force():
    load_shipped_sets(actor=SYSTEM)
    chosen = {day: current_edition(day).slug for day in (
        date(2020, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2030, 1, 1),
    )}  # fmt: skip
    assert list(chosen.values()) == ["open-2026", "open-2026", "open-2026-27", "open-2026-27"]
