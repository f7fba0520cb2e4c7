"""Taking notices in, and the routes that were decided for what came of them."""

from __future__ import annotations

import json

from procurement.procurements import services
from procurement.procurements.models import RouteDecision
from socialvalue.core.actor import SYSTEM


def take_in(*releases, **more):
    content = json.dumps(list(releases))
    outcome = services.import_notices(
        actor=SYSTEM, content=content, file_name="notices.json", **more
    )
    found = outcome.as_json()
    assert found["read"] == found["created"] + found["updated"] + found["unchanged"] + len(
        found["refused"]
    )
    return found


def routes(procurement):
    rows = RouteDecision.objects.filter(procurement=procurement).order_by("id")
    return [(row.stage, row.route, row.crossed_line) for row in rows]
