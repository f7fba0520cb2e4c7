"""An authority's own measures are written in a draft that its policy owner alone may see and change."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.toms.proxies.test_own_services.steps import (
    THEME,
    VALUE,
    measure,
    publish,
    started,
    version_of,
    write,
)
from toms.frameworks.models import Edition, Framework, Measure, Outcome, Theme
from toms.proxies.models import Proxy
from toms.proxies.queries import own as queries
from toms.proxies.services import discard_own_version, remove_own_measure, start_own_version

pytestmark = pytest.mark.django_db


def test_the_first_version_begins_empty(owner, county):
    version = started(owner)
    family = Framework.objects.get(slug="own-warwickshire")
    assert (family.name, family.owner, family.holder_id) == (
        "Warwickshire County Council measures", "Warwickshire County Council", county.pk,
    )  # fmt: skip
    assert (version.edition.slug, version.edition.label) == ("own-warwickshire-1", "version 1")
    assert version.lines == ()
    assert queries.lacks(owner, version) == ["There is no measure in this version. Add one."]


def test_one_version_is_written_at_a_time(owner):
    started(owner)
    with pytest.raises(Conflict, match="already"):
        start_own_version(actor=owner)
    assert Edition.objects.filter(holder__isnull=False).count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.POLICY_OWNER])
def test_only_the_policy_owner_writes(county, owner, role):
    if role.value.startswith("supplier"):
        somebody = actor_for_role(role, SupplierFactory())
        with pytest.raises(NotVisible):
            queries.own_shelf(somebody, clock.today())
        with pytest.raises(NotVisible):
            start_own_version(actor=somebody)
        return
    version = write(owner, started(owner))
    somebody = actor_for_role(role, county)
    with pytest.raises(NotVisible):
        queries.own_version(somebody, version.edition.slug)
    assert queries.own_shelf(somebody, clock.today()).lines == ()
    for deed in (
        lambda: start_own_version(actor=somebody),
        lambda: write(somebody, version),
        lambda: publish(somebody, version),
        lambda: discard_own_version(
            actor=somebody, edition_id=version.edition.id, expected=version.seen
        ),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_another_authority_finds_nothing(owner):
    version = write(owner, started(owner))
    other = actor_for_role(Role.POLICY_OWNER)
    pk = version.lines[0].id
    for deed in (
        lambda: queries.own_version(other, version.edition.slug),
        lambda: write(other, version),
        lambda: write(other, version, pk=pk),
        lambda: publish(other, version),
        lambda: remove_own_measure(
            actor=other, edition_id=version.edition.id, expected=version.seen, measure_id=pk
        ),
        lambda: discard_own_version(
            actor=other, edition_id=version.edition.id, expected=version.seen
        ),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert version_of(owner).seen == version.seen


def test_a_measure_keeps_all_that_is_written(owner):
    said = measure(
        kind="proxy",
        target_requirements="Say who advises.",
        is_local_employment=True,
        additionality={"deadweight": "0.27", "leakage": "0"},
    )
    version = write(owner, started(owner), said, VALUE)
    (line,) = version.lines
    assert (line.measure, line.value) == (said, VALUE)
    row = Measure.objects.get(pk=line.id)
    assert [part["name"] for part in row.unit_parts] == ["people", "hours"]
    assert row.code_sort == "WCC000001"
    assert Proxy.objects.get(measure=row).amount == Decimal("21.123456789")
    theme = Theme.objects.get(edition_id=version.edition.id)
    open_theme = Theme.objects.get(edition__slug="open-2026", slug=THEME)
    assert (theme.code, theme.name) == (open_theme.code, open_theme.name)


def test_an_outcome_of_the_edition_in_use_keeps_its_code(owner):
    known = Outcome.objects.filter(theme__slug=THEME, theme__edition__slug="open-2026").first()
    version = write(owner, started(owner), measure(outcome=known.name))
    assert Outcome.objects.get(theme__edition_id=version.edition.id).code == known.code
    version = write(owner, version, measure("WCC2", outcome="Warmer homes"))
    version = write(owner, version, measure("WCC3", outcome="warmer HOMES"))
    outcomes = Outcome.objects.filter(theme__edition_id=version.edition.id)
    assert sorted(outcomes.values_list("code", "name")) == [
        (known.code, known.name), ("T4X1", "Warmer homes"),
    ]  # fmt: skip


def test_codes_are_in_the_order_people_read_them(owner):
    version = started(owner)
    for code in ("WCC10", "WCC2", "WCC1"):
        version = write(owner, version, measure(code))
    assert [line.measure.code for line in version.lines] == ["WCC1", "WCC2", "WCC10"]
    assert queries.suggested_code(queries.owner_of(owner), version) == "WCC11"


@pytest.mark.parametrize(
    ("said", "value", "field"),
    [
        (measure("wcc1"), None, "code"),
        (measure("GSE1"), None, "code"),
        (measure("gse1"), None, "code"),
        (measure("X"), None, "code"),
        (measure("WCC2", theme_slug="nowhere"), None, "outcome"),
        (measure("WCC2", partners=("GSE1",)), None, "partners"),
        (measure("WCC2", partners=("WCC2",)), None, "partners"),
        (measure("WCC2", kind="proxy"), None, "amount"),
        (measure("WCC2", kind="proxy"), replace(VALUE, amount=Decimal(0)), "amount"),
        (measure("WCC2", kind="proxy"), replace(VALUE, amount=Decimal(10**9)), "amount"),
        (measure("WCC2", kind="proxy"), replace(VALUE, amount=Decimal("1234567.123456789")), "amount"),
        (measure("WCC2", kind="proxy"), replace(VALUE, licence=" "), "licence"),
        (measure("WCC2", kind="proxy", aggregation="last"), VALUE, "aggregation"),
        (measure("WCC2"), VALUE, "kind"),
        (measure("WCC2", aggregation="ratio"), None, "numerator_label"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(owner, said, value, field):
    version = write(owner, started(owner))
    with pytest.raises(RuleBroken) as refused:
        write(owner, version, said, value)
    assert refused.value.errors[0][0] == field
    assert version_of(owner).seen == version.seen


def test_who_saves_second_sees_what_differs(owner):
    first = write(owner, started(owner))
    pk = first.lines[0].id
    write(owner, first, measure(title="Hours of advice"), pk=pk)
    with pytest.raises(Conflict) as second:
        write(owner, first, measure(title="Advice, in hours"), pk=pk)
    assert second.value.changed == {"Title": ("Hours of advice", "Advice, in hours")}
    with pytest.raises(Conflict):
        remove_own_measure(
            actor=owner, edition_id=first.edition.id, expected=first.seen, measure_id=pk
        )
    with pytest.raises(Conflict):
        publish(owner, first)
    with pytest.raises(Conflict):
        discard_own_version(actor=owner, edition_id=first.edition.id, expected=first.seen)
    assert [line.measure.title for line in version_of(owner).lines] == ["Hours of advice"]


def test_partners_are_partners_of_each_other(owner):
    version = write(owner, started(owner))
    version = write(owner, version, measure("WCC2", partners=("WCC1",)))
    assert [line.measure.partners for line in version.lines] == [("WCC2",), ("WCC1",)]
    one = version.lines[0]
    version = write(owner, version, replace(one.measure, partners=()), pk=one.id)
    assert [line.measure.partners for line in version.lines] == [(), ()]


def test_a_kind_without_value_drops_the_value(owner):
    version = write(owner, started(owner), measure(kind="proxy"), VALUE)
    version = write(owner, version, measure(), pk=version.lines[0].id)
    assert version.lines[0].value is None
    assert not Proxy.objects.filter(measure__edition_id=version.edition.id).exists()


def test_removing_leaves_no_theme_and_no_value_behind(owner):
    version = write(owner, started(owner), measure(kind="proxy"), VALUE)
    version = write(owner, version, measure("WCC2", partners=("WCC1",)))
    remove_own_measure(
        actor=owner, edition_id=version.edition.id, expected=version.seen,
        measure_id=version.lines[0].id,
    )  # fmt: skip
    version = version_of(owner)
    assert [line.measure.code for line in version.lines] == ["WCC2"]
    remove_own_measure(
        actor=owner, edition_id=version.edition.id, expected=version.seen,
        measure_id=version.lines[0].id,
    )  # fmt: skip
    assert not Theme.objects.filter(edition_id=version.edition.id).exists()
    with pytest.raises(NotVisible):
        remove_own_measure(
            actor=owner, edition_id=version.edition.id, expected=version_of(owner).seen,
            measure_id=Measure.objects.filter(edition__slug="open-2026").first().pk,
        )  # fmt: skip


def test_discarding_leaves_nothing_behind(owner):
    version = write(owner, started(owner), measure(kind="proxy"), VALUE)
    version = write(owner, version, measure("WCC2", partners=("WCC1",)))
    discard_own_version(actor=owner, edition_id=version.edition.id, expected=version.seen)
    assert not Edition.objects.filter(holder__isnull=False).exists()
    assert not Framework.objects.filter(slug="own-warwickshire").exists()
    assert start_own_version(actor=owner) == "own-warwickshire-1"


def test_the_history_says_what_changed(owner):
    version = write(owner, started(owner))
    version = write(owner, version, measure(title="Advice"), pk=version.lines[0].id)
    write(owner, version, measure(title="Advice"), pk=version.lines[0].id)
    lines = history_of(target_type="edition", target_id=version.edition.id)
    assert [line.sentence for line in lines] == [
        "WCC1 Advice was changed: title.",
        "WCC1 Hours of home-energy advice was added.",
        "Warwickshire County Council measures, version 1 was started with 0 measures.",
    ]
