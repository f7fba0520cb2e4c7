"""Secrets come from the environment: no file of the repository holds one, and production has its guards on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from tests.architecture.house import ROOT

SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b"),
    "a token of a service": re.compile(
        r"\b(?:gh[pousr]_\w{36,}|glpat-[\w-]{20,}|xox[abp]-[\w-]{20,}|sk_live_\w{20,}|pypi-\w{40,})"
    ),
    "a password in an address": re.compile(
        r"\b\w+(?:\+\w+)?://[^\s/:@$\"'{}]+:(?!/)[^\s/@$\"'{}]+@"
    ),
    "a secret given a value": re.compile(
        r"""(?i)\b[\w.]*(?:secret(?:_?key)?|passw(?:or)?d|api_?key|sealing_key|token)\b["']?\s*[:=]\s*["'](?!socialvalue\.)[^"'\s{}$<>]{12,}["']"""
    ),
}
PUBLIC = {
    "socialvalue/demo/people.py": "the demonstration's password, which make run prints",
}
"""Files outside the tests that hold one, and why it is none."""


def files():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, listed):
        path = ROOT / name
        # Tests make up passwords of their own; keys and tokens of real services are looked for there too.
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 2_000_000:
            yield name, path.read_text(errors="ignore")


def test_no_file_holds_a_secret():
    found, looked = [], 0
    for name, text in files():
        looked += 1
        made_up = name.startswith("tests/") or name in PUBLIC
        for what, pattern in SECRETS.items():
            if made_up and what in ("a password in an address", "a secret given a value"):
                continue
            found += [f"{name}: {what}: {match[0][:60]!r}" for match in pattern.finditer(text)]
    assert found == []
    assert looked > 1_000


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a private key", "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE"),
        ("a key of a cloud", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("a token of a service", "ghp_" + "a" * 36),
        ("a password in an address", "postgres://sv:" + "walnut@db/sv"),
        ("a secret given a value", 'SECRET_KEY = "' + 'walnut-harvest-basket"'),
        ("a secret given a value", "'api_key': '" + "walnut-harvest-basket'"),
    ],
)
def test_the_search_knows_one(what, text):
    assert SECRETS[what].search(text)


def test_settings_read_every_secret_from_the_environment():
    """Nothing that is called a secret has a value in the settings' own text."""
    text = "\n".join(path.read_text() for path in (ROOT / "socialvalue/settings").glob("*.py"))
    given = re.findall(r"^(\w*(?:SECRET|PASSWORD|_KEY|TOKEN)\w*)\s*=\s*(.+)$", text, re.M)
    assert dict(given) == {
        "SECRET_KEY": 'secret("SECRET_KEY")',
        "SEALING_KEY": 'secret("SEALING_KEY")',
        "WEB_ROLE_PASSWORD": 'env.str("WEB_ROLE_PASSWORD", default="")',
        "PASSWORD_HASHERS": "[",
        "AUTH_PASSWORD_VALIDATORS": "[",
        "SOCIALACCOUNT_STORE_TOKENS": "False",
    }


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """The settings of a site as a council would run it."""
    asked = (
        "import json, django; django.setup(); from django.conf import settings as s; "
        "from allauth.account import app_settings as a; print(json.dumps({"
        "'limits': s.REQUEST_LIMITS, 'sign_in': a.RATE_LIMITS, 'hosts': s.ALLOWED_HOSTS, "
        "'forwarded': s.USE_X_FORWARDED_HOST, 'debug': s.DEBUG, 'second_step': s.MFA_REQUIRED, "
        "'cookies': [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY], "
        "'hsts': s.SECURE_HSTS_SECONDS, 'counters': s.CACHES['limits']['BACKEND'], 'proxies': "
        "s.ALLAUTH_TRUSTED_PROXY_COUNT}))"
    )
    given = {
        "PATH": os.environ["PATH"], "SV_VAR": str(tmp_path_factory.mktemp("var")), "SV_ENV": "production",
        "SECRET_KEY": "k" * 40, "SEALING_KEY": "s" * 40, "ALLOWED_HOSTS": "site.example", "TRUSTED_PROXY_COUNT": "1",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "CACHE_URL": "redis://127.0.0.1:1/1",
        "DJANGO_SETTINGS_MODULE": "socialvalue.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_has_its_limits_on(production):
    assert production["limits"] == {
        "pages": 600,
        "forms": 60,
        "files": 120,
        "links": 120,
        "api": 300,
    }
    assert set(production["sign_in"]) >= {
        "login",
        "login_failed",
        "reset_password",
        "reauthenticate",
    }
    assert "RedisCache" in production["counters"]
    assert production["proxies"] == 1


def test_production_answers_to_its_own_name_and_keeps_its_cookies(production):
    assert production["hosts"] == ["site.example"]
    assert production["forwarded"] is False
    assert production["debug"] is False
    assert production["second_step"] is True
    assert production["cookies"] == [True, True, True]
    assert production["hsts"] >= 31_536_000


@pytest.mark.parametrize("length", [0, 31])
def test_production_takes_no_short_key(length, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import socialvalue.settings"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "SV_ENV": "production", "SV_VAR": str(tmp_path), "SECRET_KEY": "k" * length},
    )  # fmt: skip
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr
    assert "k" * 31 not in done.stderr
