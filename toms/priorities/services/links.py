"""Which outcomes and measures serve a priority."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from toms.frameworks import queries as frameworks
from toms.priorities.models import PriorityLink
from toms.priorities.permissions import why_not_link
from toms.priorities.queries import link_choices, links_of, statement
from toms.priorities.rules import Link, link_of
from toms.priorities.services.holding import check_version, held_for_links, touch
from toms.priorities.vocabulary import StatementDeed


@transaction.atomic
def set_links(
    *, actor: Actor, priority_id: int, expected_version: int, chosen: Collection[str]
) -> None:
    """Link these of what is on offer, and nothing else of it: keys like ``open/outcome/T1O1``.

    On offer are the outcomes and measures of the editions in use. Links to what is not in use stay as they are.
    """
    priority = held_for_links(actor, priority_id, why_not_link)
    found = priority.priority_set
    check_version(found, expected_version, {})
    info = statement(actor, found.slug)
    row = next(each for each in info.priorities if each.id == priority_id)
    offered = {each.link for each in link_choices(actor, info, row, clock.today())}
    wanted = _wanted(chosen, offered)
    before = links_of([priority_id]).get(priority_id, frozenset())
    gone, new = (before & offered) - wanted, wanted - before
    if not gone and not new:
        return
    for link in gone:
        PriorityLink.objects.filter(
            priority=priority, framework__slug=link.family, kind=link.kind, code=link.code
        ).delete()
    families = frameworks.family_ids(link.family for link in new)
    PriorityLink.objects.bulk_create(
        PriorityLink(
            priority=priority, framework_id=families[link.family], kind=link.kind, code=link.code
        )
        for link in sorted(new, key=lambda each: each.key)
    )
    touch(found)
    record(
        actor=actor,
        deed=StatementDeed.PRIORITY_LINKED,
        sentence=f"What serves “{priority.name}” changed: {_count(new)} linked, {_count(gone)} taken away.",
        target=found,
        before={"links": sorted(link.key for link in before)},
        after={"links": sorted(link.key for link in (before - gone) | new)},
    )


def _wanted(chosen: Collection[str], offered: set[Link]) -> set[Link]:
    found = {link_of(key) for key in chosen}
    wanted = {link for link in found if link is not None}
    if len(wanted) != len(found) or not wanted <= offered:
        raise RuleBroken("Choose outcomes and measures from the list.", field="links")
    return wanted


def _count(links: Collection[Link]) -> str:
    return str(len(links))
