"""The cuts of the ledger ask the database the same as the rules say."""

from __future__ import annotations

from itertools import product

import pytest

from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries.cuts import CUTS, Cut, cut_in_words, narrowed, size_is
from procurement.ledger.rules import size_of
from procurement.ledger.vocabulary import SupplierSize
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import reported

pytestmark = pytest.mark.django_db


def test_the_database_and_the_rule_agree_on_every_size():
    world = reported()
    for is_sme, is_vcse in product((True, False, None), repeat=2):
        Organisation.objects.filter(pk=world.supplier.pk).update(is_sme=is_sme, is_vcse=is_vcse)
        fits = [size for size in SupplierSize if LedgerEntry.objects.filter(size_is(size)).exists()]
        assert fits == [size_of(is_sme, is_vcse)]


def test_no_cut_leaves_every_entry_and_says_nothing():
    world = reported()
    rows = LedgerEntry.objects.all()
    assert narrowed(world.author, rows, Cut()).count() == rows.count() > 0
    assert cut_in_words(world.author, rows, Cut()) == []


@pytest.mark.parametrize("name", ["directorate", "route", "place"])
def test_what_an_authority_keeps_to_itself_cuts_its_own_entries_only(name):
    """Of somebody who sees others' entries: not even that there are some without it."""
    world, rows = reported(), LedgerEntry.objects.all()
    cut = Cut(**{name: "-"})
    stranger = actor_for_role(Role.REGIONAL_ANALYST)
    assert narrowed(stranger, rows, cut).count() == 0
    assert narrowed(world.author, rows, cut).count() == rows.count()
    assert narrowed(SYSTEM, rows, cut).count() == rows.count()


def test_every_cut_has_words_for_those_without():
    world = reported()
    rows = LedgerEntry.objects.all()
    said = cut_in_words(world.author, rows, Cut(**dict.fromkeys(CUTS, "-")))
    assert dict(said) == {
        "Directorate": "None recorded",
        "Place": "No postcode district given",
        "Size of the supplier": "-",
        "Route": "No route decided",
        "Outcome": "None that you can see",
        "Objective": "None named by the measure",
        "National priority": "None of a statement in force when the procurement commenced",
    }
