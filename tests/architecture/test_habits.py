"""Habits that import contracts cannot see: who writes, who asks the clock, who takes a request."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from tests.architecture.house import APPS, ROOT, calls, role_of, sources, tree

WRITES = {
    "save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete",
    "select_for_update",
}  # fmt: skip
ROOMS = (*APPS, "socialvalue/accounts", "socialvalue/audit")


def where(path, line):
    return f"{path.relative_to(ROOT)}:{line}"


def test_only_services_write():
    """Models' managers may make a row (``UserManager``); everything else goes through a service."""
    found = []
    for path in sources(of=ROOMS):
        if role_of(path) in ("services", "models"):
            continue
        for line, name, node in calls(path):
            method = name.rsplit(".", 1)[-1]
            if "." in name and method in WRITES and not _is_plain_value(name):
                found.append(where(path, line) + f" {name}")
            if method == "update" and _is_queryset_update(name, node):
                found.append(where(path, line) + f" {name}")
    assert found == []


def _is_plain_value(name: str) -> bool:
    return name.startswith(("json.", "io.", "book.", "workbook.", "image."))


def _is_queryset_update(name: str, node: ast.Call) -> bool:
    """``rows.filter(...).update(field=...)``; a dict's update takes a mapping."""
    return bool(node.keywords) and not node.args and ("objects" in name or "filter(" in name)


def test_no_table_is_reached_by_a_side_door():
    found = []
    for path in sources(of=ROOMS):
        role = role_of(path)
        for line, name, _ in calls(path):
            method = name.rsplit(".", 1)[-1]
            if method in ("get_model", "get_models"):
                found.append(where(path, line) + f" {name}")
            if method in ("cursor", "raw", "RawSQL") and role != "services":
                found.append(where(path, line) + f" {name}")
    # The health page asks the database whether it is there; the guard wraps the connection.
    assert found == []


def test_only_the_clock_knows_the_time():
    """Rules take dates; services ask core.clock; nobody else asks anything."""
    asking = {
        "date.today",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "timezone.now",
        "timezone.localdate",
        "time.time",
    }
    found = [
        where(path, line) + f" {name}"
        for path in sources()
        for line, name, _ in calls(path)
        if name in asking or name.endswith((".date.today", ".datetime.now"))
        if path.relative_to(ROOT).as_posix() != "socialvalue/core/clock.py"
    ]
    assert found == []


def test_rules_never_ask_the_clock():
    for path in sources():
        if role_of(path) == "rules":
            assert "clock" not in path.read_text().replace("no clock", "").replace(
                "# clock", ""
            ) or not [name for _, name, _ in calls(path) if name.startswith("clock.")]


def test_services_take_no_request():
    found = []
    for path in sources():
        if role_of(path) != "services":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                names = {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
                if names & {"request", "messages"}:
                    found.append(where(path, node.lineno))
    assert found == []


def test_public_services_are_keyword_only_and_ask_for_the_actor_first():
    """Jobs that act for nobody (drain, reconcile) take no actor at all."""
    found = []
    for path in sources():
        if role_of(path) != "services":
            continue
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.args.args and "transaction.atomic" in {
                ast.unparse(d) for d in node.decorator_list
            }:
                found.append(where(path, node.lineno) + f" {node.name}: positional")
            keyword = [arg.arg for arg in node.args.kwonlyargs]
            if "actor" in keyword and keyword[0] != "actor":
                found.append(where(path, node.lineno) + f" {node.name}: actor is not first")
    assert found == []


def test_no_float_in_the_house():
    """Money and quantities are Decimal; nothing here converts to a float."""
    found = [
        where(path, line)
        for path in sources(of=ROOMS)
        for line, name, _ in calls(path)
        if name == "float"
    ]
    assert found == []


def test_jobs_are_enqueued_by_paths_that_exist():
    found = []
    for path in sources():
        for line, name, node in calls(path):
            if name.rsplit(".", 1)[-1] == "enqueue_on_commit" and path.name != "jobs.py":
                assert isinstance(node.args[0], ast.Constant), where(path, line)
                module, _, task = node.args[0].value.rpartition(".")
                if not hasattr(importlib.import_module(module), task):
                    found.append(where(path, line) + f" {node.args[0].value}")
    assert found == []


def test_scheduled_tasks_exist():
    from socialvalue.schedule import BEAT_SCHEDULE

    for entry in BEAT_SCHEDULE.values():
        module, _, task = entry["task"].rpartition(".")
        assert hasattr(importlib.import_module(module), task)


def test_models_do_nothing_on_save():
    found = []
    for path in sources():
        if role_of(path) != "models":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete"):
                found.append(where(path, node.lineno))
    assert found == []


def test_migrations_import_nothing_of_ours_but_field_callables():
    for path in ROOT.glob("*/migrations/0*.py"):
        text = path.read_text()
        ours = re.findall(
            r"^(?:from|import) ((?:socialvalue|toms|procurement|reporting)[\w.]*)", text, re.M
        )
        assert set(ours) <= {"socialvalue.core.files"}, path


@pytest.mark.parametrize("folder", ["templates"])
def test_templates_hold_no_inline_script_or_style(folder):
    found = []
    for path in (ROOT / folder).rglob("*.html"):
        text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
        if "cabinet" in path.parts and path.name.startswith("pdf"):
            continue
        if re.search(
            r"<style(?![^>]*nonce)|\sstyle=|\son\w+=\"|<script(?![^>]*(?:nonce|src|application/json))",
            text,
        ):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_nothing_of_this_machine_or_of_others_is_committed():
    import subprocess

    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert [
        name for name in listed if name.endswith((".woff", ".woff2", ".min.js", ".min.css"))
    ] == []
    assert [
        name for name in listed if name.startswith(("node_modules/", "static/build/", "var/"))
    ] == []


def test_digits_are_asked_for_with_isdecimal():
    """``"²".isdigit()`` is true and ``int("²")`` fails: an address could end in a server error."""
    found = [str(path) for path in sources() if ".isdigit(" in path.read_text("utf-8")]
    assert found == []


ROLES_ASKED_BY_NAME = {
    "procurement/tenders/queries/approving.py": "the role is the one that the policy names",
    "procurement/tenders/services/approving.py": "the role is the one that the policy names",
    "reporting/home/queries/buyer.py": "what is shown first, no right",
    "reporting/home/queries/preparing.py": "what is shown first, no right",
}


def test_who_may_do_what_is_asked_of_the_table():
    """``allowed(actor, Deed.…)``: a role asked by name would be missing from the page and docs/roles.md."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for _, name, _ in calls(path)
        if name.rsplit(".", 1)[-1] == "has" and name.endswith("actor.has")
    }
    assert found == set(ROLES_ASKED_BY_NAME)
