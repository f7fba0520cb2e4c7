"""Measures of Warwickshire's own: written by its policy owner, published, and asked for beside the shared ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import add_months
from socialvalue.demo.dates import OLDEST_QUARTER, Days
from socialvalue.demo.people import Cast
from toms.frameworks.rules import OwnMeasure
from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.proxies.queries import own
from toms.proxies.rules import OwnValue
from toms.proxies.services import publish_own_version, save_own_measure, start_own_version

AUTHORITY = "warwickshire"

ADVICE = OwnMeasure(
    code="WCC1",
    title="Home-energy advice given to households in fuel poverty",
    description="Hours of advice on heating, draughts, meters and bills, given in person at home or at a drop-in.",
    theme_slug="protecting-our-environment",
    outcome="Warmer homes",
    unit="people x hours",
    kind=MeasureKind.PROXY,
    aggregation=Aggregation.SUM,
    target_requirements="Say who advises, with which training, and how households are found.",
    evidence="A log of visits with date, length and district, without names; the adviser's certificate.",
    counting_rule="Count the hours of each session times the households advised. Travel and preparation do not count.",
)
ADVICE_VALUE = OwnValue(
    amount=Decimal("30.00"),
    price_year="2023",
    source_name="The county's own price for an hour of an adviser, as an example",
    source_url="",
    licence="The authority's own",
    method="£21 pay and £9 on-costs for one hour of an adviser: 21 + 9 = 30. An example, not a real price.",
)
HEDGEROW = OwnMeasure(
    code="WCC2",
    title="Hedgerow planted or restored",
    description="Metres of native hedgerow planted, laid or gapped up in the county.",
    theme_slug="protecting-our-environment",
    outcome="More room for nature",
    unit="metres",
    kind=MeasureKind.RECORD_ONLY,
    aggregation=Aggregation.SUM,
    target_requirements="Name the places, the mix of species and who looks after it for five years.",
    evidence="A plan with lengths, photos before and after, and the landowner's consent.",
    counting_rule="Count each metre once, in the quarter in which the planting is finished.",
)
CARE_LEAVERS = OwnMeasure(
    code="WCC3",
    title="Care leavers mentored by staff who are still in touch after six months",
    description="Young people leaving the county's care who are mentored, and how many are still in touch.",
    theme_slug="growth-skills-and-employment",
    outcome="A good start for care leavers",
    unit="%",
    kind=MeasureKind.RECORD_ONLY,
    aggregation=Aggregation.RATIO,
    numerator_label="Mentored and in touch after six months",
    denominator_label="Mentored in all",
    target_requirements="Say how mentors are chosen, checked and supported.",
    evidence="The mentoring record without names, confirmed by the leaving care team.",
    counting_rule="Count a young person once, six months after the first meeting.",
)
MEASURES = ((ADVICE, ADVICE_VALUE), (HEDGEROW, None), (CARE_LEAVERS, None))


def is_unplayed(days: Days, cast: Cast) -> bool:
    """Whether the first version is still to be published."""
    try:
        shelf = own.own_shelf(cast.at(AUTHORITY, Role.POLICY_OWNER), days.today)
    except NotVisible:
        return True
    return all(line.edition.is_draft for line in shelf.lines)


def published_on(days: Days) -> date:
    """Before anything was tendered, also where a procurement is entered under the thresholds of an earlier year."""
    commenced = days.lawful(days.today, "services")
    return min(days.quarter(OLDEST_QUARTER - 4), add_months(commenced, -24))


def play(days: Days, cast: Cast) -> None:
    """Before the procurements: one of them asks for these measures."""
    if not is_unplayed(days, cast):
        return
    owner = cast.at(AUTHORITY, Role.POLICY_OWNER)
    with clock.at(days.moment(published_on(days), 12)):
        draft = own.own_shelf(owner, clock.today()).draft
        slug = draft.slug if draft else start_own_version(actor=owner)
        for measure, value in MEASURES:
            version = own.own_version(owner, slug)
            if measure.code not in {line.measure.code for line in version.lines}:
                save_own_measure(
                    actor=owner,
                    edition_id=version.edition.id,
                    expected=version.seen,
                    measure_id=None,
                    measure=measure,
                    value=value,
                )
        version = own.own_version(owner, slug)
        publish_own_version(
            actor=owner,
            edition_id=version.edition.id,
            expected=version.seen,
            from_on=clock.today(),
            reference="Decision of the portfolio holder",
        )
