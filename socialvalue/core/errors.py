"""Expected failures. Each kind is mapped to one answer, once, in ``core.views``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A failure a person can understand. ``message`` is a whole sentence that says how to mend it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotVisible(DomainError):
    """Another organisation's row, or none at all: answered 404, so that its existence is not told."""

    def __init__(
        self, message: str = "This page does not exist, or it belongs to another organisation."
    ) -> None:
        super().__init__(message)


class NotAllowed(DomainError):
    """The actor may see the thing but not do the deed: answered 403 with the reason."""


class RuleBroken(DomainError):
    """Input or state breaks a rule: answered as a form error. ``field`` names the form field, None the whole form."""

    def __init__(
        self, message: str, *, field: str | None = None, more: Sequence[tuple[str | None, str]] = ()
    ) -> None:
        super().__init__(message)
        self.errors: list[tuple[str | None, str]] = [(field, message), *more]


class Conflict(DomainError):
    """Somebody else was first: answered 409. ``changed`` maps a label to (what is there now, what was sent)."""

    def __init__(
        self, message: str, *, changed: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        super().__init__(message)
        self.changed = dict(changed or {})
