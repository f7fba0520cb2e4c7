"""What needs somebody at an authority now, by the roles they hold."""

from __future__ import annotations

from django.urls import reverse

from procurement.procurements.permissions import ANSWERER
from reporting.dashboards import rules as dashboard_rules
from reporting.figures.permissions import leads_region
from reporting.figures.queries.reading import Reading, read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules.spans import Span
from reporting.home.queries.agreeing import (
    approval_panels,
    overrides_panel,
    plan_panels,
    policy_panel,
    region_panel,
    reports_panel,
    story_panels,
)
from reporting.home.queries.delivering import behind_panel, claim_tiles, claims_panel, duty_tiles
from reporting.home.queries.preparing import (
    opening_panels,
    pipeline_panels,
    preparation_panel,
    seat_panels,
    signing_panels,
    tender_panels,
)
from reporting.home.queries.putting_right import remedy_panels
from reporting.home.rules import (
    Errand,
    Landing,
    NumberTile,
    Panel,
)
from socialvalue.accounts.permissions import allowed
from socialvalue.accounts.vocabulary import Deed, Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import FinancialYear

NUMBERS = ("committed_total", "verified_total", "verified_share", "commitments_on_track")
COUNTS = ("contracts_live", "commitments_count", "commitments_on_track", "fte_years_verified")
"""What stands there when only counts are shown."""


def buyer_landing(actor: Actor, *, money: bool = True) -> Landing:
    """One screen: what waits, by when, then this year's numbers of the authority; ``money`` False leaves £ out."""
    span = Span(FinancialYear.of(clock.today()))
    reading = read(actor, council_scope(actor, span))
    tiles: list[NumberTile] = []
    panels: list[Panel] = []
    if allowed(actor, Deed.MANAGE_CONTRACT):
        tiles += claim_tiles(actor)
        panels += [*plan_panels(actor), claims_panel(actor), behind_panel(reading)]
    panels += remedy_panels(actor, money=money)
    if allowed(actor, Deed.RECORD_DUTY):
        tiles += duty_tiles(actor)
    if allowed(actor, Deed.RECORD_PIPELINE):
        panels += pipeline_panels(actor)
    panels += opening_panels(actor)
    panels += seat_panels(actor)
    if actor.has(Role.PROCUREMENT_OFFICER):
        panels += tender_panels(actor)
    if allowed(actor, Deed.PREPARE_PROCUREMENT):
        panels.append(preparation_panel(actor))
    panels += signing_panels(actor)
    if ANSWERER.allows(actor):
        panels.append(overrides_panel(actor))
    panels += approval_panels(actor)
    if allowed(actor, Deed.WRITE_REPORT):
        panels += [reports_panel(actor), *story_panels(actor)]
    if allowed(actor, Deed.WRITE_POLICY):
        panels.append(policy_panel(actor))
    if actor.has(Role.DIRECTORATE_MANAGER, Role.APPROVER) and not actor.has(Role.CONTRACT_MANAGER):
        panels.append(behind_panel(reading))
    if leads_region(actor):
        panels.append(region_panel())
    if not panels:
        panels.append(_places_to_read(actor))
    return Landing(
        heading="What needs you now",
        caption=actor.organisation_name,
        tiles=tuple(tiles),
        panels=tuple(panels),
        numbers=tuple(_numbers(reading, money=money)),
        numbers_note=f"{span.label}. {dashboard_rules.waiting(reading.pending)}",
    )


def _numbers(reading: Reading, *, money: bool) -> list[NumberTile]:
    figures = [reading.figure(name) for name in (NUMBERS if money else COUNTS)]
    return [
        NumberTile(f.label, f.short, dashboard_rules.tile_note(f), f.opens_url) for f in figures
    ]


def _places_to_read(actor: Actor) -> Panel:
    own = (
        (Deed.MANAGE_PEOPLE, "People", "accounts:people", "Who acts for your organisation, and as what"),
        (Deed.KEEP_MEMBERSHIPS, "Members of the region", "accounts:region_members", "Who belongs to it, and when"),
    )  # fmt: skip
    places = (
        *((title, name, hint) for deed, title, name, hint in own if allowed(actor, deed)),
        ("Dashboard", "reporting:dashboards:council", "This year’s figures, each opening to its rows"),
        ("Compliance register", "procurement:threads:compliance", "Which routes were followed, and why not"),
        ("Register of overrides", "procurement:procurements:overrides", "Who left the rule’s route, and who agreed"),
        ("Duties", "procurement:duties:list", "What the law asks, by when, and what was done"),
        ("Reports", "reporting:cabinet:list", "Reports that were frozen"),
    )  # fmt: skip
    return Panel(
        "Where to look",
        tuple(Errand(title, reverse(name), "", hint) for title, name, hint in places),
    )
