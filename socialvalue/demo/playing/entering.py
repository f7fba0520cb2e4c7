"""The first steps: the record and its route, the light-touch note, a withdrawal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.procurements.queries import consideration_missing
from procurement.procurements.services import (
    create_procurement,
    finish_light_touch,
    record_consideration,
    withdraw_procurement,
)
from socialvalue.core import clock
from socialvalue.demo.playing.scene import Scene
from socialvalue.demo.stories.shape import Ending
from socialvalue.demo.words import CONSIDERED

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement


def submission_key(key: str) -> str:
    """By this a story is known to have been entered."""
    return f"demonstration:{key}"


def enter(scene: Scene) -> Procurement:
    """The officer enters the procurement and the route is decided."""
    story, day = scene.story, _entered_on(scene)
    with clock.at(scene.days.by_now(day, 9, 20)):
        return create_procurement(
            actor=scene.officer,
            title=story.title,
            category=story.category,
            estimate=Decimal(story.estimate),
            estimate_basis="excl",
            vat_rate_percent=Decimal(20),
            commenced_on=scene.days.lawful(day, story.category),
            starts_on=scene.starts_on,
            ends_on=scene.ends_on,
            cpv=story.cpv,
            description=story.description,
            directorate=story.directorate,
            submission_key=submission_key(story.key),
        )


def _entered_on(scene: Scene) -> date:
    story = scene.story
    if story.ending in (Ending.ROUTED, Ending.DRAFTED):
        return scene.days.today - timedelta(days=story.days)
    if story.ending in (Ending.NOTED, Ending.CROSSED):
        return scene.starts_on - timedelta(days=20)
    return scene.deadline_on - timedelta(days=80)


def consider(scene: Scene, procurement: Procurement) -> None:
    """Services above the threshold: what the Social Value Act asks to be considered is recorded before the tender."""
    if not consideration_missing(procurement.pk):
        return
    said = CONSIDERED[scene.story.category]
    with clock.at(scene.days.by_now(_entered_on(scene), 9, 35)):
        record_consideration(
            actor=scene.officer,
            procurement_id=procurement.pk,
            economic=said.economic,
            social=said.social,
            environmental=said.environmental,
            process=said.process,
            was_consulted=bool(said.consulted),
            consultation=said.consulted or said.why_not,
            considered_on=clock.today(),
            considered_by=f"Head of commissioning, {scene.story.directorate}"
            if scene.story.directorate
            else "Head of commissioning",
        )


def note(scene: Scene, procurement: Procurement) -> None:
    """Under £50,000: the officer finishes the note; one that cost more crosses the line there."""
    story = scene.story
    with clock.at(scene.days.moment(scene.starts_on - timedelta(days=6), 15, 10)):
        finish_light_touch(
            actor=scene.officer,
            procurement_id=procurement.pk,
            considered=story.considered,
            objectives=story.objectives,
            quotations_sought=3,
            local_quotations=story.local_quotations,
            chosen_supplier=story.supplier,
            chosen_value=story.contract_value,
            is_local_or_sme=True,
            agreed=story.agreed,
        )


def withdraw(scene: Scene, procurement: Procurement) -> None:
    with clock.at(scene.days.moment(scene.deadline_on - timedelta(days=12), 14)):
        withdraw_procurement(
            actor=scene.officer,
            procurement_id=procurement.pk,
            reason="The budget for this work was moved to next year's programme.",
        )
