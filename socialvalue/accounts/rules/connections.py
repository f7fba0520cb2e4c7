"""Single sign-on: the connections to organisations' own sign-in services, as the environment gives them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from typing import Any
from urllib.parse import urlsplit

_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_DOMAIN = re.compile(r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+$")


@dataclass(frozen=True, slots=True)
class Connection:
    """One organisation's own sign-in service (OpenID Connect), bound to the domains of its e-mail addresses."""

    organisation: str
    """Slug of the organisation whose people sign in there."""
    name: str
    """What the button says: the organisation, as its people call it."""
    domains: tuple[str, ...]
    """Domains of the e-mail addresses it answers for, without @."""
    server_url: str
    client_id: str
    secret: str
    sign_in_origin: str = ""
    """Where its sign-in page is, if that is another host than ``server_url``: the browser may be sent there."""
    second_step: bool = False
    """It asks for a second step itself, so that none is asked for here."""
    passwords_too: bool = False
    """People of these domains may also sign in with a password of this site."""

    @property
    def origin(self) -> str:
        """Scheme and host of the page people are sent to."""
        parts = urlsplit(self.sign_in_origin or self.server_url)
        return f"{parts.scheme}://{parts.netloc}"


def read_connections(text: str, *, https_only: bool) -> tuple[Connection, ...]:
    """The connections in a JSON list of objects. ValueError with a sentence that says which part is wrong."""
    if not text.strip():
        return ()
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"OIDC_CONNECTIONS is not JSON: {error}.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("OIDC_CONNECTIONS must be a list of objects, one for each organisation.")
    found = tuple(_read(row, number, https_only) for number, row in enumerate(rows, start=1))
    for what, values in (
        ("organisation", [row.organisation for row in found]),
        ("domain", [domain for row in found for domain in row.domains]),
    ):
        twice = next((value for value in values if values.count(value) > 1), "")
        if twice:
            raise ValueError(f"OIDC_CONNECTIONS names the {what} {twice} more than once.")
    return found


def _read(row: dict[str, Any], number: int, https_only: bool) -> Connection:
    where = f"Connection {number} of OIDC_CONNECTIONS"
    known = {field.name: field for field in fields(Connection)}
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise ValueError(
            f"{where} has {unknown[0]!r}, which is not known. Known: {', '.join(known)}."
        )
    for name, field in known.items():
        if field.default is MISSING and not row.get(name):
            raise ValueError(f"{where} has no {name}.")
        wanted = {"domains": list, "second_step": bool, "passwords_too": bool}.get(name, str)
        if name in row and not isinstance(row[name], wanted):
            raise ValueError(f"{name} of {where} must be a {wanted.__name__}.")
    domains = tuple(str(domain).lower() for domain in row["domains"])
    wrong = next((domain for domain in domains if not _DOMAIN.match(domain)), "")
    if wrong:
        raise ValueError(f"{wrong!r} in {where} is not a domain like council.gov.uk.")
    if not _SLUG.match(row["organisation"]):
        raise ValueError(f"The organisation of {where} must be its slug, like coventry.")
    for name in ("server_url", "sign_in_origin"):
        scheme = urlsplit(row.get(name, "")).scheme
        if row.get(name) and scheme not in ({"https"} if https_only else {"https", "http"}):
            raise ValueError(f"{name} of {where} must begin with https://.")
    return Connection(**(row | {"domains": domains}))


def connection_for(email: str, connections: Iterable[Connection]) -> Connection | None:
    """The connection that answers for this address; sub-domains are other domains."""
    domain = email.rpartition("@")[2].strip().lower()
    return next((row for row in connections if domain in row.domains), None)


def connection_of(organisation: str, connections: Iterable[Connection]) -> Connection | None:
    """The connection of the organisation with this slug."""
    return next((row for row in connections if row.organisation == organisation), None)


def providers(connections: Iterable[Connection]) -> dict[str, Any]:
    """The same as allauth's ``SOCIALACCOUNT_PROVIDERS``."""
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": row.organisation,
                    "name": row.name,
                    "client_id": row.client_id,
                    "secret": row.secret,
                    "settings": {"server_url": row.server_url},
                }
                for row in connections
            ],
        }
    }
