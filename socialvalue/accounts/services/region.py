"""What an authority lets its region see."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from socialvalue.accounts.models import RegionMembership
from socialvalue.accounts.permissions import (
    AUTHORITY_MANAGER,
    manages_authority,
)
from socialvalue.accounts.queries import (
    region_choice,
)
from socialvalue.accounts.rules import RegionSees, check_region_sees, in_words
from socialvalue.accounts.vocabulary import AccountDeed
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible


@transaction.atomic
def choose_region_sees(
    *, actor: Actor, region_slug: str, is_withheld: bool, in_benchmark: bool, expected_version: int
) -> None:
    """Whether a region's totals hold the acting authority's figures, and whether it is compared there.

    Holds for all the time the authority ever spent in the region. NotAllowed for who is no manager of it, NotVisible
    for a region it never belonged to, RuleBroken for both at once, Conflict when somebody chose since the page was
    read.
    """
    if not manages_authority(actor):
        raise NotAllowed(AUTHORITY_MANAGER.reason)
    wanted = RegionSees(is_withheld, in_benchmark)
    check_region_sees(wanted)
    rows = RegionMembership.objects.filter(
        region__slug=region_slug, authority_id=actor.organisation_id
    )
    # Read once the rows are held, so that of two who choose at once the second sees the first.
    held = list(rows.select_for_update(of=("self",)).order_by("from_on"))
    choice = region_choice(actor, region_slug)
    if choice is None or not held:
        raise NotVisible
    if choice.version != expected_version:
        raise Conflict("Somebody else changed what the region sees while you were deciding.")
    if choice.sees == wanted:
        return
    rows.update(
        is_withheld=is_withheld,
        in_benchmark=in_benchmark,
        choice_version=F("choice_version") + 1,
    )
    record(
        actor=actor,
        deed=AccountDeed.REGION_SEES,
        sentence=f"{actor.organisation_name} now {in_words(choice.sees, wanted)}: {choice.name}.",
        target=held[-1],
        before={
            "is_withheld": choice.sees.is_withheld,
            "in_benchmark": choice.sees.in_benchmark,
        },
        after={"is_withheld": is_withheld, "in_benchmark": in_benchmark},
    )
