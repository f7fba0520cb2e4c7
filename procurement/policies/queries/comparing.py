"""Any two versions the actor may read, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from procurement.policies import rules
from procurement.policies.models import PolicyVersion
from procurement.policies.permissions import can_see_drafts
from procurement.policies.queries.drafts import Source, theme_names, value_of_version
from procurement.policies.queries.versions import default_for
from procurement.policies.rules import ComparedLine, PolicyInForce
from procurement.policies.vocabulary import PolicyStatus
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left`` and ``right`` are None while there are not two versions to compare."""

    versions: list[Source]
    left_id: int | None
    right_id: int | None
    left: PolicyInForce | None
    right: PolicyInForce | None
    lines: list[ComparedLine]

    @property
    def different(self) -> int:
        return sum(line.differs for line in self.lines)


def comparison(
    actor: Actor, today: date, *, left: int | None = None, right: int | None = None
) -> Comparison:
    """Every adopted version of every policy may be compared, and the drafts the actor may see.

    Without a choice: the regional default on the left and the newest own version on the right. NotVisible for a version
    the actor may not read.
    """
    rows = [row for row in _rows() if _readable(actor, row)]
    known = {row.pk for row in rows}
    if {left, right} - known - {None}:
        raise NotVisible
    default = default_for(actor.organisation_id, today)
    own = [row.pk for row in rows if row.policy.organisation_id == actor.organisation_id]
    left = left or (default.pk if default else next(iter(own), None))
    right = right or next((pk for pk in [*own, *(row.pk for row in rows)] if pk != left), None)
    one = value_of_version(actor, left, today) if left else None
    other = value_of_version(actor, right, today) if right else None
    themes = theme_names(today, actor.organisation_id)
    lines = rules.compare(one, other, themes) if one and other else []
    versions = [Source(row.pk, _label(row)) for row in rows]
    return Comparison(versions, left, right, one, other, lines)


def _rows() -> list[PolicyVersion]:
    return list(
        PolicyVersion.objects.select_related("policy__organisation").order_by(
            "policy__organisation__name", "policy__title", "-number"
        )
    )


def _readable(actor: Actor, row: PolicyVersion) -> bool:
    return row.status == PolicyStatus.ADOPTED or can_see_drafts(actor, row.policy.organisation_id)


def _label(row: PolicyVersion) -> str:
    tail = (
        "" if row.status == PolicyStatus.ADOPTED else f" ({PolicyStatus(row.status).label.lower()})"
    )
    return f"{row.policy.title}, version {row.number}{tail}"
