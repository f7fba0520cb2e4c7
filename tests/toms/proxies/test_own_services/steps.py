"""What these tests share: a measure of one's own, written and published."""

from __future__ import annotations

from decimal import Decimal

from socialvalue.core import clock
from toms.frameworks.rules import OwnMeasure
from toms.proxies.queries import own as queries
from toms.proxies.rules import OwnValue
from toms.proxies.services import publish_own_version, save_own_measure, start_own_version

THEME = "protecting-our-environment"
VALUE = OwnValue(Decimal("21.123456789"), "2025", "Our prices", "", "OGL v3.0", "Price of an hour.")


def measure(code="WCC1", **more):
    texts = {
        "title": "Hours of home-energy advice", "description": "Advice at home.", "theme_slug": THEME,
        "outcome": "Warmer homes", "unit": "people x hours", "kind": "record_only", "aggregation": "sum",
        "evidence": "A log.", "counting_rule": "Each hour once.",
    }  # fmt: skip
    return OwnMeasure(code=code, **(texts | more))


def started(owner):
    return queries.own_version(owner, start_own_version(actor=owner))


def version_of(owner, slug="own-warwickshire-1"):
    return queries.own_version(owner, slug)


def write(owner, version, said=None, value=None, pk=None):
    save_own_measure(
        actor=owner,
        edition_id=version.edition.id,
        expected=version.seen,
        measure_id=pk,
        measure=said or measure(),
        value=value,
    )
    return queries.own_version(owner, version.edition.slug)


def publish(owner, version, from_on=None, **more):
    publish_own_version(
        actor=owner,
        edition_id=version.edition.id,
        expected=version.seen,
        from_on=from_on or clock.today(),
        **more,
    )
    return queries.own_version(owner, version.edition.slug)
