"""Who acts: one frozen value, carried by ``request.actor`` and given to every service and query."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from socialvalue.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for one organisation with the roles held there.

    ``user_id`` is None for somebody signed out and for the system itself; ``is_system`` tells these apart.
    ``region_ids`` are the regions the acting organisation leads, ``merged_ids`` the suppliers that were merged into it.
    """

    user_id: int | None = None
    name: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    organisation_kind: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    region_ids: frozenset[int] = field(default_factory=frozenset)
    request_id: str = ""
    is_system: bool = False
    merged_ids: frozenset[int] = field(default_factory=frozenset)
    is_operator: bool = False
    """Keeps the service running. It opens no organisation: that takes an access with a reason, for a time."""

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The acting organisation and what was merged into it: whose rows are its own. Empty for who acts for none."""
        if self.organisation_id is None:
            return frozenset()
        return self.merged_ids | {self.organisation_id}

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def person_id(self) -> int:
        """The signed-in person. NotAllowed for the system and for somebody signed out: a person must answer for it."""
        if self.user_id is None:
            raise NotAllowed("Only a signed-in person can do this.")
        return self.user_id

    def has(self, *roles: str) -> bool:
        """True when the actor holds any of these roles in the acting organisation."""
        return not self.roles.isdisjoint(roles)

    def within(self, request_id: str) -> Actor:
        return replace(self, request_id=request_id)


ANONYMOUS = Actor()
SYSTEM = Actor(name="Social value system", is_system=True)
