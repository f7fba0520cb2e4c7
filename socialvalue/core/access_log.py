"""The web server's own log of requests: without addresses, without the secret parts of links."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from socialvalue.core.logs import without_people


class AccessLog(Logger):
    """Named in the Dockerfile as ``--logger-class``."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Every part of a line, cleaned."""
        found = super().atoms(resp, req, environ, request_time)
        return {
            name: without_people(value) if isinstance(value, str) else value
            for name, value in found.items()
        }
