"""What these races share: an evaluation that is ready, and deeds that start at once."""

from __future__ import annotations

import threading

from procurement.evaluations.services import lock_marks, recuse
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import AFTER, Bench, offered, opened, published
from tests.procurement.evaluations.panel_steps import declare, mark_all, member_of, name

ROUNDS = 2


def now(deed, **given):
    """A deed of after the opening: what another thread runs has a clock of its own."""

    def run():
        with clock.at(AFTER):
            return deed(**given)

    return run


def barriers(number: int = 2) -> list[threading.Barrier]:
    return [threading.Barrier(2, timeout=10) for _ in range(number)]


def open_bench(*, third: bool = False) -> Bench:
    """Two open bids and two evaluators, or three, who have marked everything. ``evaluator`` gave 3, others 4."""
    bench = published()
    people = [bench.evaluator, bench.evaluator2]
    if third:
        bench.third = actor_for_role(Role.EVALUATOR, bench.authority)
        name(bench, bench.third)
        declare(bench, bench.third)
        people.append(bench.third)
    offered(bench, 0, {"PLB1": "10000"})
    offered(bench, 1, {"PLB1": "5000"})
    opened(bench)
    for number, actor in enumerate(people):
        mark_all(bench, actor, 3 if number == 0 else 4)
    return bench


def locking(bench: Bench, actor):
    return now(lock_marks, actor=actor, evaluation_id=bench.evaluation.pk)


def recusing(bench: Bench, actor):
    member = member_of(bench, actor)
    return now(recuse, actor=bench.officer, member_id=member.pk, reason="Works for a bidder.")


def deeds_of(bench: Bench, *kinds: str) -> list[str]:
    """In the order they took effect."""
    rows = AuditRecord.objects.filter(procurement_id=bench.procurement.pk, deed__in=kinds)
    return list(rows.order_by("pk").values_list("deed", flat=True))
