"""Charts, tables and stories of a report, built when its words ask for them."""

from reporting.cabinet.queries.exhibits.registry import built, has_rows, story

__all__ = ["built", "has_rows", "story"]
