"""No log line holds a person's address or the secret part of a link."""

from __future__ import annotations

import ast
import logging
from io import StringIO

import pytest
from django.conf import settings

from socialvalue.core.access_log import AccessLog
from socialvalue.core.logs import PrivateFormatter, without_people
from tests.architecture.house import calls, sources

TOKEN = "k3Jx9_dQ2mVt7yZ1rB5wN8sLpHcGfEaU0oXiTqYvK4M"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Sent to jo.o'neil+x@example.org.uk, once", "Sent to [address], once"),
        (
            "Not Found: /register/?email=jo%40example.org&x=1",
            "Not Found: /register/?email=[address]&x=1",
        ),
        ("<jo@example.org>", "<[address]>"),
        (f"GET /deliveries/hand-in/{TOKEN}/ HTTP/1.1", "GET /deliveries/hand-in/[link]/ HTTP/1.1"),
        ("Nobody at all, 12 @ 3, id 9f8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d", None),
        ("GET /procurements/12/tender/ HTTP/1.1", None),
    ],
)
def test_a_line_keeps_what_names_nobody(line, kept):
    assert without_people(line) == (line if kept is None else kept)


def logged(deed) -> str:
    """What the site's own set-up of logging writes for one deed."""
    out = StringIO()
    handler = logging.StreamHandler(out)
    config = dict(settings.LOGGING["formatters"]["line"])
    assert config.pop("()") == "socialvalue.core.logs.PrivateFormatter"
    handler.setFormatter(PrivateFormatter(config["format"], style=config["style"]))
    logger = logging.Logger("of-a-test")
    logger.addHandler(handler)
    deed(logger)
    return out.getvalue()


def test_arguments_and_tracebacks_are_cleaned_too():
    def deed(logger):
        try:
            raise ValueError("550 jo@example.org: mailbox unavailable")
        except ValueError:
            logger.exception("No letter to %s", "sam@example.org")

    said = logged(deed)
    assert "@" not in said
    assert "No letter to [address]" in said
    assert "550 [address]: mailbox unavailable" in said
    assert "ValueError" in said


def test_every_line_of_the_site_is_formatted_so():
    handlers = settings.LOGGING["handlers"].values()
    assert {handler["formatter"] for handler in handlers} == {"line"}


def test_workers_use_the_same_lines(monkeypatch):
    """Celery would set up its own; whoever answers its signal does it instead."""
    from celery.signals import setup_logging

    given = []
    monkeypatch.setattr("socialvalue.celery.dictConfig", given.append)
    root = logging.getLogger()
    before = root.level
    setup_logging.send(sender=None, loglevel="INFO")
    assert given == [settings.LOGGING]
    assert root.level == logging.INFO
    root.setLevel(before)


def test_the_web_servers_log_is_cleaned(monkeypatch):
    monkeypatch.setattr(
        "gunicorn.glogging.Logger.atoms",
        lambda *args: {
            "r": f"GET /confirm/{TOKEN}/?to=jo@example.org HTTP/1.1",
            "s": "200",
            "B": 7,
        },
    )
    log = AccessLog.__new__(AccessLog)
    assert log.atoms(None, None, None, None) == {
        "r": "GET /confirm/[link]/?to=[address] HTTP/1.1",
        "s": "200",
        "B": 7,
    }


PERSONAL = {"name", "email", "full_name", "user", "person", "actor", "recipient", "to", "address"}


def test_no_line_is_given_a_person():
    """The formatter cannot know names: no call of a logger is given one."""
    found = []
    for path in sources():
        for line, name, node in calls(path):
            if not name.startswith(("logger.", "logging.")) or name.endswith("getLogger"):
                continue
            for arg in node.args[1:]:
                last = ast.unparse(arg).rsplit(".", 1)[-1]
                if last in PERSONAL and ast.unparse(arg) not in ALLOWED:
                    found.append(f"{path.name}:{line} {ast.unparse(arg)}")
    assert found == []


ALLOWED = {"name"}
"""In ``core.letters`` the name of a letter, by which it is known when it is tried again."""
