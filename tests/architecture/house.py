"""The house as data: its rooms, their files, the order they stand in."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("toms", "procurement", "reporting")
LAYERS = {
    "toms": ("valuation", "frameworks", "proxies", "priorities", "imports"),
    "procurement": (
        "downloads", "ledger", "policies", "procurements", "tenders", "bids", "evaluations", "awards",
        "action_plans", "deliveries", "verifications", "remedies", "reminders", "initiatives", "duties", "threads",
    ),
    "reporting": (
        "rollups", "figures", "showcase", "open_data", "dashboards", "cabinet", "home",
    ),
}  # fmt: skip
ROOM_FILES = {
    "urls", "views", "tasks", "admin", "receivers", "forms", "services", "renderers", "queries",
    "permissions", "models", "rules", "vocabulary", "__init__",
}  # fmt: skip
# Named by Django, allauth or the settings.
ACCOUNTS_FILES = {"apps", "middleware", "adapter", "context"}
APP_FILES = {"__init__", "apps", "models", "urls", "tasks", "admin", "events"}
APP_FOLDERS = {"migrations", "management", "templatetags"}


def rooms() -> list[Path]:
    """Every room's folder."""
    return [ROOT / app / room for app in APPS for room in LAYERS[app]]


def sources(*, of: tuple[str, ...] = ("socialvalue", *APPS)) -> list[Path]:
    """Every Python file of ours, migrations left out."""
    return sorted(
        path
        for name in of
        for path in (ROOT / name).rglob("*.py")
        if "migrations" not in path.parts
    )


def role_of(path: Path) -> str:
    """The room file a source belongs to: ``queries`` for queries.py and for queries/lines.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    known = ROOM_FILES - {"__init__"}
    return next((part for part in reversed(parts) if part in known), parts[-1])


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def calls(path: Path) -> list[tuple[int, str, ast.Call]]:
    """Line, dotted name as written, and node of every call in a file."""
    return [
        (node.lineno, ast.unparse(node.func), node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
    ]


def config() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())
