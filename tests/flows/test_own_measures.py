"""A council writes a measure of its own, publishes it and asks for it in a tender: its bidders see it, nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from procurement.tenders.queries import measure_catalogue, requirements_of
from procurement.tenders.rules import RequirementInput
from procurement.tenders.services import choose_measures
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import NOW, load_everything, measure_id, published, started
from toms.frameworks import queries as frameworks
from toms.frameworks.rules import OwnMeasure
from toms.proxies.queries import own
from toms.proxies.rules import OwnValue
from toms.proxies.services import publish_own_version, save_own_measure, start_own_version

pytestmark = pytest.mark.django_db
WRITTEN = datetime(2026, 2, 1, 9, tzinfo=UTC)
ADVICE = OwnMeasure(
    code="BCC1",
    title="Home-energy advice",
    description="Advice at home.",
    theme_slug="protecting-our-environment",
    outcome="Warmer homes",
    unit="people x hours",
    kind="proxy",
    aggregation="sum",
    evidence="A log.",
    counting_rule="Each hour once.",
    additionality={"deadweight": "0.2"},
)
VALUE = OwnValue(Decimal("21.5"), "2025", "Our prices", "", "OGL v3.0", "Price of an hour.")


def written_and_published(moment: datetime = WRITTEN) -> None:
    load_everything()
    owner = actor_for_role(Role.POLICY_OWNER, organisation("birmingham"))
    with clock.at(moment):
        slug = start_own_version(actor=owner)
        version = own.own_version(owner, slug)
        save_own_measure(
            actor=owner, edition_id=version.edition.id, expected=version.seen, measure_id=None,
            measure=ADVICE, value=VALUE,
        )  # fmt: skip
        version = own.own_version(owner, slug)
        publish_own_version(
            actor=owner, edition_id=version.edition.id, expected=version.seen, from_on=clock.today()
        )


def asked_theme(edition_slug: str) -> str:
    """The theme of the shared set that the measure's figures stand under, by the slug dashboards join them by."""
    themes = frameworks.themes_of(frameworks.edition(edition_slug).pk)
    return next(row.slug for row in themes if row.slug == ADVICE.theme_slug)


def test_a_measure_of_its_own_is_asked_for_and_bid_on():
    written_and_published()
    world = published(codes=["GSE1", "BCC1"])
    asked = {row.measure.code: row for row in requirements_of(world.tender.pk)}
    assert asked["BCC1"].unit_value.amount == VALUE.amount
    assert asked["BCC1"].measure.additionality.kept == Decimal("0.8")
    assert asked["BCC1"].measure.theme_slug == asked_theme("open-2026")
    assert world.tender.edition_id == frameworks.edition("open-2026").pk
    slugs = {row.slug for row in frameworks.edition_infos(world.bidder)}
    assert "own-birmingham-1" not in slugs
    with pytest.raises(NotVisible):
        frameworks.edition_info(world.bidder, "own-birmingham-1")


def test_it_is_offered_beside_the_main_edition():
    written_and_published()
    world = started()
    with clock.at(NOW):
        found = measure_catalogue(world.officer, world.procurement.pk)
    assert "BCC1" in {info.code for info in found.measures}
    assert "GSE1" in {info.code for info in found.measures}


@pytest.mark.parametrize(
    ("authority", "moment"),
    [("warwickshire", WRITTEN), ("birmingham", datetime(2026, 3, 2, 8, tzinfo=UTC))],
    ids=["another authority", "published after the procurement commenced"],
)
def test_it_is_not_offered_elsewhere_or_before(authority, moment):
    written_and_published(moment)
    world = started(authority=authority)
    with clock.at(NOW), pytest.raises(RuleBroken):
        choose_measures(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.tender.version,
            requirements=[RequirementInput(measure_id("BCC1"))],
        )
