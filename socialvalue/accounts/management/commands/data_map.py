"""``manage.py data_map``: the data map as Markdown, for ``docs/privacy/data-map.md``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from socialvalue.accounts.queries.privacy import data_map

HEAD = """# Data map

What this service keeps about people. Made by `manage.py data_map` from `socialvalue/accounts/rules/data_map.py`; a test
holds the two together, and another finds a column that is in neither list. The page `/privacy/` shows the same.

How long is in days in `RETENTION` (see `socialvalue/settings/privacy.py`); the environment can change it, as
`RETENTION=claim_drafts=180,letter_files=7`. `manage.py purge_expired --dry-run` says what would go now.
"""


class Command(BaseCommand):
    help = "Print the data map as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(as_markdown(), ending="")


def as_markdown() -> str:
    """One section a kind."""
    parts = [HEAD]
    for row in data_map():
        where = ", ".join(f"`{place}`" for place in row.places) or "in no column of its own"
        parts.append(
            f"\n## {row.key.replace('_', ' ').capitalize()}\n\n"
            f"- **What**: {row.what}\n- **Why**: {row.why}\n- **Lawful basis**: {row.basis}\n"
            f"- **Who sees it**: {row.who}\n- **How long**: {row.kept}\n- **Where**: {where}\n"
        )
    return "".join(parts)
