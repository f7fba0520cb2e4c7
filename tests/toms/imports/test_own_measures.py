"""An authority's own measures written out and read again are the same edition."""

from __future__ import annotations

from decimal import Decimal

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory, actor_for_role
from toms.frameworks.rules import OwnMeasure
from toms.imports import queries, renderers
from toms.imports import services as imports
from toms.imports.queries.exporting import content_checksum, exported
from toms.imports.services import load_measure_set
from toms.proxies.queries import own
from toms.proxies.rules import OwnValue
from toms.proxies.services import publish_own_version, save_own_measure, start_own_version

pytestmark = pytest.mark.django_db
VALUE = OwnValue(
    Decimal("0.123456789"), "2025", "Our prices", "https://www.example.org/", "OGL v3.0", "A sum."
)


def measure(code: str, **more) -> OwnMeasure:
    texts = {
        "title": "Advice", "description": "First line.\nSecond line.", "outcome": "Warmer homes",
        "theme_slug": "protecting-our-environment", "unit": "people x hours", "kind": "record_only",
        "aggregation": "sum", "evidence": "A log.", "counting_rule": "Each hour once.",
    }  # fmt: skip
    return OwnMeasure(code=code, **(texts | more))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_written_out_is_read_as_the_same_edition(form):
    load_measure_set(actor=SYSTEM)
    owner = actor_for_role(Role.POLICY_OWNER, AuthorityFactory(slug="shire", name="Shire Council"))
    slug = start_own_version(actor=owner)
    rated = {"numerator_label": "Paid a living wage", "denominator_label": "All staff"}
    for said, value in (
        (measure("SC1", kind="proxy", additionality={"deadweight": "0.27"}), VALUE),
        (measure("SC2", partners=("SC1",), is_local_employment=True), None),
        (measure("SC10", outcome="Fair pay", aggregation="ratio", unit="%", **rated), None),
    ):
        version = own.own_version(owner, slug)
        save_own_measure(
            actor=owner, edition_id=version.edition.id, expected=version.seen, measure_id=None,
            measure=said, value=value,
        )  # fmt: skip
    version = own.own_version(owner, slug)
    publish_own_version(
        actor=owner, edition_id=version.edition.id, expected=version.seen, from_on=clock.today()
    )
    content = exported(owner, slug)
    write = renderers.edition_xlsx if form == "xlsx" else renderers.edition_csv
    kept = imports.upload_framework(actor=owner, file_name=f"own.{form}", content=write(content))
    found = queries.preview(owner, kept)
    assert found.errors == ()
    assert found.same_as is not None
    assert found.same_as.slug == slug
    assert content_checksum(found.same_as) == found.checksum
