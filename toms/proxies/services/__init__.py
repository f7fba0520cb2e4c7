"""Values of measures, and an authority's own measures with theirs."""

from __future__ import annotations

from toms.proxies.services.own import (
    discard_own_version,
    publish_own_version,
    remove_own_measure,
    save_own_measure,
    start_own_version,
)
from toms.proxies.services.values import add_proxies, remove_proxies

__all__ = [
    "add_proxies",
    "discard_own_version",
    "publish_own_version",
    "remove_own_measure",
    "remove_proxies",
    "save_own_measure",
    "start_own_version",
]
