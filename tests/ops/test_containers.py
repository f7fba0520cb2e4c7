"""The image and the compose file, checked as far as that goes without an engine."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.core.management import get_commands
from django.utils.module_loading import import_string
from gunicorn.config import Config

from socialvalue.demo import serve

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["migrate", "protect", "web", "worker", "beat"]
OWNERS = ["migrate", "protect"]
"""They act as the owner of the tables; the others as the role of the web site."""
SECRETS = ["SECRET_KEY", "SEALING_KEY", "POSTGRES_PASSWORD", "WEB_ROLE_PASSWORD"]
GIVEN = {
    "SECRET_KEY": "k" * 50,
    "SEALING_KEY": "s" * 50,
    "POSTGRES_PASSWORD": "letters0and1digits",
    "WEB_ROLE_PASSWORD": "other0letters1digits",
    "ALLOWED_HOSTS": "social-value.example.org",
    "SITE_URL": "https://social-value.example.org",
    "EMAIL_URL": "smtp+tls://sender:word@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "social-value@example.org",
}

OPTIONAL = ["REQUEST_LIMITS", "OIDC_CONNECTIONS", "EVIDENCE_SCANNER", "EVIDENCE_STORAGE"]
"""Handed on when they are set; the site does without. They arrive empty otherwise."""


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest) with continued lines joined and comments dropped."""
    lines = [
        line
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in joined.splitlines()]


def of_kind(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def final_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[start:]


def filled(text: str) -> str:
    """``text`` as compose would fill it from GIVEN."""
    return re.sub(
        r"\$\{(\w+)(?::([?-])([^}]*))?\}",
        lambda m: GIVEN.get(m[1]) or (m[3] if m[2] == "-" else ""),
        text,
    )


# --- the image ------------------------------------------------------------------------------------


def test_images_are_pinned_to_a_version() -> None:
    images = [rest.split()[0] for rest in of_kind("FROM")]
    images += [row["image"] for name, row in SERVICES.items() if name not in OURS]
    assert [i for i in images if not re.fullmatch(r"[a-z]+:\d[\w.-]*", i)] == []


def test_the_image_runs_as_a_person_without_rights() -> None:
    stage = final_stage()
    users = [number for number, (name, _) in enumerate(stage) if name == "USER"]
    assert [stage[number][1] for number in users] == ["site"]
    assert "useradd --system --uid 10001" in " ".join(rest for _, rest in stage)
    after = [name for name, _ in stage[users[0] :]]
    assert after == ["USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"]


def test_the_image_carries_no_secret() -> None:
    named = [rest for name, rest in instructions() if name in ("ENV", "ARG")]
    assert [rest for rest in named if re.search("KEY|PASSWORD|SECRET|TOKEN", rest)] == []


def test_the_image_installs_only_what_has_a_hash() -> None:
    installs = [rest for rest in of_kind("RUN") if "pip install" in rest]
    assert [rest for rest in installs if "--require-hashes" not in rest] == []
    assert len(installs) == 1


def test_the_image_has_the_libraries_that_make_run_asks_for() -> None:
    common = (ROOT / ".make" / "common.sh").read_text()
    wanted = re.search(r'PANGO_PACKAGES="([^"]+)"', common)
    assert wanted is not None
    assert wanted[1] in " ".join(of_kind("RUN"))


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    ignored = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    sources = [
        source
        for rest in of_kind("COPY")
        if not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [s for s in sources if any(fnmatch.fnmatch(s, pattern) for pattern in ignored)] == []


def test_every_package_of_ours_is_in_the_image() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    copied = {rest.split()[0] for _, rest in final_stage() if rest.count(" ") == 1}
    assert packages
    assert packages - copied == set()


def test_the_health_check_compiles_and_asks_healthz() -> None:
    (check,) = of_kind("HEALTHCHECK")
    command = json.loads(check.split("CMD ", 1)[1])
    assert command[:2] == ["python", "-c"]
    assert "/healthz" in command[2]
    compile(command[2], "HEALTHCHECK", "exec")


# --- what is started ------------------------------------------------------------------------------


def commands() -> list[tuple[str, list[str]]]:
    """Every command that the image, compose or the demonstration starts of ours."""
    (image_command,) = of_kind("CMD")
    found = [("image", json.loads(image_command))]
    found += [(name, SERVICES[name]["command"]) for name in OURS if "command" in SERVICES[name]]
    found += [
        (child.name, list(child.command[2:])) for child in serve.site_children(8000, Path("var"))
    ]
    return found


# Nothing is collected here, and the web application says so when it is made.
@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.parametrize("command", [c for _, c in commands()], ids=[n for n, _ in commands()])
def test_every_command_exists_and_knows_its_options(command: list[str]) -> None:
    program, *arguments = command
    if program == "gunicorn":
        options = Config().parser().parse_args(arguments)
        assert callable(import_string(options.args[0].replace(":", ".")))
    elif program == "celery":
        assert arguments[:2] == ["-A", "socialvalue.celery"]
        assert import_string("socialvalue.celery.app").main == "socialvalue"
        sub = celery_command.commands[arguments[2]]
        assert sub.make_parser(click.Context(sub)).parse_args(arguments[3:])
    else:
        assert command[:2] == ["python", "manage.py"]
        assert (ROOT / "manage.py").exists()
        assert command[2] in get_commands()
    installed = Path(sys.executable).parent / program
    assert installed.exists()


# --- compose --------------------------------------------------------------------------------------


def test_the_services_are_these() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


def test_every_lasting_service_has_a_health_check() -> None:
    assert of_kind("HEALTHCHECK")  # the web server's
    without = [n for n, row in SERVICES.items() if n != "web" and "healthcheck" not in row]
    assert without == []
    assert [n for n, row in SERVICES.items() if row.get("healthcheck", {}).get("disable")] == OWNERS


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_site_waits_for_what_it_needs(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "protect": {"condition": "service_completed_successfully"},
    }


def test_rights_are_set_when_the_tables_are_there() -> None:
    assert SERVICES["protect"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }
    command = SERVICES["protect"]["command"]
    assert command[2:] == ["protect_database", "--web-role", "socialvalue_web", "--create", "--rls"]


@pytest.mark.parametrize("name", OURS)
def test_only_who_makes_the_tables_owns_them(name: str) -> None:
    environment = SERVICES[name]["environment"]
    role = environment["DATABASE_URL"].split("//")[1].split(":")[0]
    assert role == ("socialvalue" if name in OWNERS else "socialvalue_web")
    assert environment["ROW_LEVEL_SECURITY"] == ("off" if name in OWNERS else "on")
    # Neither has the other's password in its own settings, but for the one that makes the web role.
    text = json.dumps(environment)
    assert ("${POSTGRES_PASSWORD:" in text) == (name in OWNERS)
    assert ("${WEB_ROLE_PASSWORD:" in text) == (name not in OWNERS or name == "protect")


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in SECRETS:
        used = re.findall(r"\$\{" + name + r"([^}]*)\}", text)
        assert used
        assert [rest for rest in used if not rest.startswith(":?")] == []


def test_only_the_site_is_reachable_and_only_from_this_host() -> None:
    ports = {name: row["ports"] for name, row in SERVICES.items() if "ports" in row}
    assert ports == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_every_name_is_read_by_the_settings() -> None:
    settings = (ROOT / "socialvalue" / "settings" / "__init__.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|secret|env)\(\s*"(\w+)"', settings))
    named = {name for ours in OURS for name in SERVICES[ours]["environment"]}
    image = {
        match
        for rest in (rest for name, rest in final_stage() if name == "ENV")
        for match in re.findall(r"\b([A-Z_]+)=", rest)
    }
    known_to_python = {
        "PATH",
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
        "DJANGO_SETTINGS_MODULE",
    }
    assert named - read == set()
    assert image - read - known_to_python == set()


def test_every_named_volume_is_declared() -> None:
    used = {v.split(":")[0] for row in SERVICES.values() for v in row.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def production_environment(tmp_path: Path) -> dict[str, str]:
    environment = {name: filled(text) for name, text in SERVICES["web"]["environment"].items()}
    assert [name for name, text in environment.items() if not text] == OPTIONAL
    return {**environment, "PATH": os.environ["PATH"], "SV_VAR": str(tmp_path)}


def test_the_environment_of_compose_is_all_that_production_needs(tmp_path: Path) -> None:
    asked = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SV_ENV, s.DATABASES['default']['HOST'], s.CELERY_BROKER_URL, s.EMAIL_HOST,"
        " s.ALLOWED_HOSTS[0], s.SITE_URL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={**production_environment(tmp_path), "DJANGO_SETTINGS_MODULE": "socialvalue.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [
        "production",
        "postgres",
        "redis://redis:6379/0",
        "mail.example.org",
        "social-value.example.org",
        "https://social-value.example.org",
    ], done.stderr


def test_what_is_optional_is_handed_on_when_it_is_set(tmp_path: Path) -> None:
    for name in OPTIONAL:
        assert {SERVICES[ours]["environment"][name] for ours in OURS} == {f"${{{name}:-}}"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**production_environment(tmp_path), "OIDC_CONNECTIONS": "[{"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "OIDC_CONNECTIONS is not JSON" in done.stderr


def test_compose_hands_on_every_variable_that_the_readme_offers() -> None:
    table = (ROOT / "README.md").read_text().split("| variable | holds |")[1].split("\n\n")[0]
    offered = set(
        re.findall(r"`([A-Z_]{5,})`", "\n".join(re.findall(r"^\|([^|]+)\|", table, re.M)))
    )
    assert {"MFA_REQUIRED", "EVIDENCE_SCANNER", "REQUEST_LIMITS"} <= offered
    # Of the owner of the tables and of the role: they are told to the services that need them.
    theirs = {"POSTGRES_PASSWORD", "WEB_ROLE_PASSWORD"}
    assert offered - theirs - set(SERVICES["web"]["environment"]) == set()


def test_a_second_step_is_asked_for_unless_it_is_turned_off() -> None:
    assert SERVICES["web"]["environment"]["MFA_REQUIRED"] == "${MFA_REQUIRED:-true}"


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEALING_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_without_it_stops_and_names_it(tmp_path: Path, name: str) -> None:
    environment = production_environment(tmp_path)
    del environment[name]
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"{name} is not set." in done.stderr


def test_collectstatic_of_the_image_finds_every_file_that_is_named(tmp_path: Path) -> None:
    assert (ROOT / "static" / "build" / "app.css").exists(), "Build it first: make assets"
    collected = tmp_path / "static"
    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"],
        cwd=ROOT,
        env={**production_environment(tmp_path), "SV_STATIC_ROOT": str(collected)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    named = json.loads((collected / "staticfiles.json").read_text())["paths"]
    assert {"build/app.css", "build/govuk-frontend.min.js"} <= set(named)


def _has_compose() -> bool:
    if not shutil.which("docker"):
        return False
    return not subprocess.run(
        shlex.split("docker compose version"), capture_output=True, check=False
    ).returncode


@pytest.mark.skipif(not _has_compose(), reason="docker compose is not installed")
def test_compose_reads_its_file() -> None:
    done = subprocess.run(
        shlex.split("docker compose config --quiet"),
        cwd=ROOT,
        env={**GIVEN, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
