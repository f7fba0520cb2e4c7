"""Serve the demonstration site: ``python -m socialvalue.demo``, after the set-up of ``make run``.

The port comes from ``--port`` or PORT. ``--check-port`` only looks whether that port is free.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from socialvalue.demo import serve


def say(text: str) -> None:
    print(text, flush=True)


def prepare() -> None:
    """Bring the database up to date and fill it once. Django is loaded here, not at the top."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database…")
        call_command("migrate", verbosity=0)
    from socialvalue.demo import seed

    if not seed.is_seeded():
        say("Entering the demonstration data (first run only)…")
        seed.seed(say)
    connection.close()


def fingerprint(var: Path) -> str:
    """What the last set-up stands for: the migrations there are, and which database they were run on."""
    root = Path(__file__).resolve().parents[2]
    apps = ("socialvalue", "toms", "procurement", "reporting")
    migrations = sorted(
        path.relative_to(root).as_posix()
        for app in apps
        for path in (root / app).glob("**/migrations/0*.py")
    )
    database = os.environ.get("DATABASE_URL") or str((var / "db.sqlite3").exists())
    return hashlib.sha256("\n".join([*migrations, database]).encode()).hexdigest()


def people(var: Path) -> list[list[str]]:
    """Who can sign in: role, e-mail and password. Sets up what is missing; a second start finds it noted.

    The note spares the second start from loading Django twice.
    """
    note = var / "prepared.json"
    if note.exists():
        found = json.loads(note.read_text())
        if found["fingerprint"] == fingerprint(var):
            return found["sign_ins"]
    prepare()
    from socialvalue.demo.seed import sign_ins

    rows = [list(row) for row in sign_ins()]
    note.write_text(json.dumps({"fingerprint": fingerprint(var), "sign_ins": rows}))
    return rows


def announce(url: str, rows: list[list[str]]) -> None:
    """Tell where the site is and who can sign in."""
    role_width = max(len(role) for role, _, _ in rows)
    email_width = max(len(email) for _, email, _ in rows)
    say(f"\nThe site is running at {url}  (Ctrl+C stops it)\n")
    say(f"  {'Sign in as':<{role_width}}  {'e-mail':<{email_width}}  password")
    for role, email, password in rows:
        say(f"  {role:<{role_width}}  {email:<{email_width}}  {password}")
    say("")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m socialvalue.demo", description=__doc__)
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
    parser.add_argument("--check-port", action="store_true", help="only look whether it is free")
    options = parser.parse_args(arguments)
    try:
        port = serve.port_from(options.port)
        serve.require_free_port(port)
        if options.check_port:
            return 0
        # The name and not the number: browsers keep passkeys for names only.
        url = f"http://localhost:{port}/"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")
        os.environ.setdefault("SITE_URL", url.rstrip("/"))
        var = Path(
            os.environ.get("SV_VAR") or Path(__file__).resolve().parents[2] / "var"
        ).resolve()
        rows = people(var)
        say("Starting the web server, the worker and the clock…")
        serve.Supervisor(serve.site_children(port, var), var / "log").run(
            is_ready=lambda: serve.answers(f"http://{serve.HOST}:{port}/healthz"),
            when_ready=lambda: announce(url, rows),
        )
    except serve.CannotServe as reason:
        print(reason, file=sys.stderr)
        return 1
    say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
