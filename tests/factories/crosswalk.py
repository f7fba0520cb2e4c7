"""Regions with measures of their own, and authorities that use others beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from socialvalue.accounts.models import Organisation, Region
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.reporting import region_with
from toms.frameworks.models import Adoption, Edition, Framework, Measure, Outcome, Theme
from toms.frameworks.vocabulary import Aggregation, MeasureKind

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = date(2020, 1, 1)


def edition_of(
    family: str,
    slug: str,
    rows: Iterable[tuple[str, str, str] | tuple[str, str, str, str]],
    *,
    name: str = "",
    holder: Organisation | None = None,
    region: Region | None = None,
) -> Edition:
    """A published edition. Each row is code, title, unit, and how it adds up where that is not as a sum."""
    framework, _ = Framework.objects.get_or_create(
        slug=family, defaults={"name": name or family.title(), "owner": "Us", "licence": "MIT", "holder": holder}
    )  # fmt: skip
    edition = Edition.objects.create(
        framework=framework,
        slug=slug,
        label=slug,
        valid_from=LONG_AGO,
        holder=holder,
        region=region,
    )
    theme = Theme.objects.create(
        edition=edition, code="T", slug=f"{slug}-t", name="Jobs", position=1
    )
    outcome = Outcome.objects.create(theme=theme, code="O", name="More jobs", position=1)
    for code, title, unit, *more in rows:
        aggregation = more[0] if more else Aggregation.SUM
        is_rate = aggregation == Aggregation.RATIO
        Measure.objects.create(
            edition=edition, outcome=outcome, code=code, code_sort=code, title=title,
            description="What is counted.", unit=unit, kind=MeasureKind.RECORD_ONLY,
            aggregation=aggregation, numerator_label="Part" if is_rate else "",
            denominator_label="Whole" if is_rate else "", evidence="A letter.",
            counting_rule="Count once.",
        )  # fmt: skip
    Edition.objects.filter(pk=edition.pk).update(
        status="published", published_at=NOW, checksum="0" * 64
    )
    return edition


def adopted(
    edition: Edition,
    *,
    region: Region | None = None,
    authority: Organisation | None = None,
    is_main: bool = True,
    only: Iterable[str] = (),
    from_on: date = LONG_AGO,
) -> Adoption:
    row = Adoption.objects.create(
        region=region, authority=authority, edition=edition, from_on=from_on, is_main=is_main,
        adopted_at=NOW,
    )  # fmt: skip
    row.measures.set(Measure.objects.filter(edition=edition, code__in=list(only)))
    return row


REGIONAL = (
    ("R1", "Jobs", "FTE-years"),
    ("R2", "Volunteering", "days"),
    ("R3", "Share of local staff", "%", Aggregation.RATIO),
    ("R4", "Trees planted", "trees"),
)
COUNCIL = (
    ("C1", "New jobs", "FTE-years"),
    ("C2", "Volunteering", "hours"),
    ("C3", "Share of local firms", "%", Aggregation.RATIO),
    ("C4", "Trees planted", "trees"),
    ("C5", "Murals", "murals"),
)


@dataclass
class World:
    """A region that uses ``regional``; its member uses ``council`` beside it; a council that is no member."""

    region: Region
    member: Organisation
    regional: Edition
    council: Edition
    owner: Actor
    reader: Actor
    stranger: Actor

    def id(self, code: str) -> int:
        return Measure.objects.get(edition__in=[self.regional, self.council], code=code).pk


def world(*, holder: bool = False) -> World:
    member = AuthorityFactory(slug="member", name="Member Council")
    region = region_with((member, "2020-01-01", None))
    regional = edition_of("regional", "regional-1", REGIONAL)
    council = edition_of("council", "council-1", COUNCIL, holder=member if holder else None)
    adopted(regional, region=region)
    adopted(council, authority=member, is_main=False)
    return World(
        region, member, regional, council,
        owner=actor_for_role(Role.POLICY_OWNER, region.lead),
        reader=actor_for_role(Role.POLICY_OWNER, member),
        stranger=actor_for_role(Role.POLICY_OWNER),
    )  # fmt: skip
