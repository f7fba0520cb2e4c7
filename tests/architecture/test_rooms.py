"""Rooms hold only the files that have a meaning, and everything in a room is gathered where Django looks."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.house import (
    ACCOUNTS_FILES,
    APP_FILES,
    APP_FOLDERS,
    APPS,
    LAYERS,
    ROOM_FILES,
    ROOT,
    rooms,
    sources,
)

TOP_LEVEL = {
    "manage.py", "pyproject.toml", "docker-compose.yml", "README.md", "CHANGELOG.md", "LICENSE",
    "Makefile", "Dockerfile", "package.json", "package-lock.json", "requirements", "docs",
    "socialvalue", "procurement", "toms", "reporting", "templates", "static", "tests",
}  # fmt: skip
MADE = {"node_modules", "var", "__pycache__"}


def test_the_top_level_holds_what_the_architecture_names():
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - TOP_LEVEL - MADE == set()


@pytest.mark.parametrize("app", APPS)
def test_an_app_holds_its_rooms_and_the_files_that_gather_them(app):
    folder = ROOT / app
    folders = {path.name for path in folder.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders - APP_FOLDERS == set(LAYERS[app])
    assert {path.stem for path in folder.glob("*.py")} <= APP_FILES


@pytest.mark.parametrize("room", rooms(), ids=lambda path: f"{path.parent.name}.{path.name}")
def test_a_room_holds_only_known_files(room):
    stems = {path.stem for path in room.glob("*.py")}
    folders = {path.name for path in room.iterdir() if path.is_dir()} - {"__pycache__", "data"}
    assert stems | folders <= ROOM_FILES


def test_accounts_and_audit_hold_only_known_files():
    for name, more in (("accounts", ACCOUNTS_FILES), ("audit", {"apps", "middleware"})):
        stems = {path.stem for path in (ROOT / "socialvalue" / name).glob("*.py")}
        assert stems <= ROOM_FILES | more


def _classes_of(module_name: str) -> set[type[Model]]:
    module = importlib.import_module(module_name)
    return {
        value
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, Model) and value.__module__.startswith(module_name)
    }


@pytest.mark.parametrize("app", APPS)
def test_every_table_of_a_room_is_gathered(app):
    gathered = importlib.import_module(f"{app}.models")
    for room in LAYERS[app]:
        if (ROOT / app / room / "models.py").exists():
            for model in _classes_of(f"{app}.{room}.models"):
                assert getattr(gathered, model.__name__, None) is model
                assert model.__name__ in gathered.__all__


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("kind", ["tasks", "admin", "urls"])
def test_every_entry_point_of_a_room_is_gathered(app, kind):
    gathering = ROOT / app / f"{kind}.py"
    text = gathering.read_text() if gathering.exists() else ""
    for room in LAYERS[app]:
        if (ROOT / app / room / f"{kind}.py").exists():
            assert f"{app}.{room}.{kind}" in text or f"from {app}.{room} import {kind}" in text


def test_every_address_of_a_room_is_served():
    served = {
        pattern.callback.view_class.__module__
        for pattern in _patterns(get_resolver())
        if hasattr(pattern.callback, "view_class")
    }
    for app in APPS:
        for room in LAYERS[app]:
            if (ROOT / app / room / "urls.py").exists():
                assert any(name.startswith(f"{app}.{room}.views") for name in served), room


def _patterns(resolver):
    for item in resolver.url_patterns:
        if isinstance(item, URLResolver):
            yield from _patterns(item)
        elif isinstance(item, URLPattern):
            yield item


def test_foreign_keys_point_to_an_earlier_room():
    order = {f"{app}.{room}": position for app in APPS for position, room in enumerate(LAYERS[app])}
    height = {"core": 0, "audit": 1, "accounts": 2, "toms": 3, "procurement": 4, "reporting": 5}
    # The ledger knows its source above it; audit knows the user, by setting.
    allowed = {
        ("procurement.ledger", "procurement.awards"),
        ("procurement.ledger", "procurement.deliveries"),
        ("procurement.ledger", "procurement.verifications"),
    }
    wrong = []
    for model in apps.get_models():
        here = _room(model)
        if here is None:
            continue
        for field in model._meta.get_fields():
            if not getattr(field, "concrete", False) or not field.related_model:
                continue
            there = _room(field.related_model)
            if there is None or there == here:
                continue
            by_setting = field.related_model._meta.label == "accounts.User"
            if (
                height[model._meta.app_label] > height[field.related_model._meta.app_label]
                or by_setting
            ):
                pass
            elif order.get(there, -1) >= order.get(here, -1) and (here, there) not in allowed:
                wrong.append(f"{model._meta.label}.{field.name} -> {there}")
            if (
                getattr(field.remote_field, "related_name", None) != "+"
                and field.remote_field.is_hidden() is False
            ):
                wrong.append(
                    f"{model._meta.label}.{field.name} gives {there} a name for what comes later"
                )
    assert wrong == []


def _room(model) -> str | None:
    parts = model.__module__.split(".")
    if parts[0] in APPS:
        return ".".join(parts[:2])
    if parts[0] == "socialvalue":
        return parts[1]
    return None


def test_the_project_package_is_empty():
    assert (ROOT / "socialvalue/__init__.py").read_text() == ""


def test_no_file_outgrows_itself():
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources()
        if (count := len(path.read_text().splitlines())) > 450
    }
    assert long == {}


def test_no_junk_drawer():
    names = {path.stem for path in sources()} | {p.parent.name for p in sources()}
    assert names & {"utils", "helpers", "common", "misc"} == set()


def test_a_room_has_one_noun_in_its_class_names():
    """Two rooms may not both have a class of one name."""
    seen: dict[str, Path] = {}
    for path in sources(of=APPS):
        if path.name == "models.py" and path.parent.parent.name in APPS:
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    assert node.name not in seen
                    seen[node.name] = path
