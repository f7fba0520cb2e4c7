"""One story from its first day to where it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from socialvalue.demo.playing import contracting, entering, tendering
from socialvalue.demo.playing.scene import Scene
from socialvalue.demo.stories.shape import Ending

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement


@transaction.atomic
def play(scene: Scene) -> None:
    """All of it or nothing: a story that is cut off leaves no trace, and can be played again."""
    procurement = entering.enter(scene)
    match scene.story.ending:
        case Ending.ROUTED:
            return
        case Ending.NOTED | Ending.CROSSED:
            entering.note(scene, procurement)
        case _:
            _tender(scene, procurement)


def _tender(scene: Scene, procurement: Procurement) -> None:
    ending = scene.story.ending
    if ending != Ending.DRAFTED:
        # One that is still being written lacks it, as happens.
        entering.consider(scene, procurement)
    tender = tendering.prepare(scene, procurement)
    if ending == Ending.DRAFTED:
        return
    if scene.story.bidders or scene.story.invited:
        tendering.publish(scene, tender)
    if ending == Ending.WITHDRAWN:
        entering.withdraw(scene, procurement)
        return
    tendering.receive_bids(scene, tender)
    if ending != Ending.SEALED:
        tendering.name_panel(scene, tender)
    if ending in (Ending.SEALED, Ending.CLOSED):
        return
    evaluation = tendering.open_bids(scene, tender)
    marked = scene.story.bidders[:1] if ending == Ending.MARKING else scene.story.bidders
    tendering.mark(scene, tender, evaluation, bidders=marked)
    if ending == Ending.MARKING:
        return
    tendering.agree_marks(scene, tender, evaluation)
    tendering.rank(scene, evaluation)
    if ending == Ending.RANKED:
        return
    contract = tendering.award(scene, tender, procurement)
    if ending != Ending.AWARDED:
        tendering.sign(scene, contract)
    contracting.follow(scene, contract)
