"""The scanner is asked with its real protocol over a real socket. When it is named and does not answer, nothing comes
in."""

from __future__ import annotations

import socket

import pytest
from django.core.exceptions import ImproperlyConfigured

from socialvalue.core.errors import RuleBroken
from socialvalue.core.scanning import Clamd, scanned, scanner
from tests.socialvalue.core.clamd import VIRUS, clamd


@pytest.fixture
def named(settings):
    def name(address, seconds=20):
        settings.EVIDENCE_SCANNER, settings.EVIDENCE_SCANNER_SECONDS = address, seconds

    return name


def test_none_is_named(named):
    named("")
    assert scanner() is None
    assert scanned(b"anything") is None


@pytest.mark.parametrize("content", [b"x", b"x" * 65_536, b"x" * 200_001])
def test_a_clean_file_over_tcp(named, content):
    with clamd() as server:
        named(f"clamd://127.0.0.1:{server.port}")
        found = scanned(content)
        assert found is not None
        assert (found.is_clean, found.by) == (True, "ClamAV 1.4.3/27800/Sat Nov 21 2026")
        assert server.heard == [content]


def test_a_clean_file_over_a_socket_of_this_machine(named, tmp_path):
    path = tmp_path / "c"
    with clamd(path=path) as server:
        named(f"clamd://{path}")
        assert scanned(b"clean") is not None
        assert server.heard == [b"clean"]


def test_a_virus_is_named_and_refused(named):
    with clamd() as server:
        named(f"clamd://127.0.0.1:{server.port}")
        with pytest.raises(
            RuleBroken, match=r"A virus was found in the file: Win.Test.EICAR_HDB-1\."
        ) as error:
            scanned(b"a" * 70_000 + VIRUS)
        assert error.value.errors[0][0] == "file"


@pytest.mark.parametrize("mood", ["mute", "slow", "rude", "cut"])
def test_a_scanner_that_does_not_answer_lets_nothing_in(named, mood):
    with clamd(mood) as server:
        named(f"clamd://127.0.0.1:{server.port}", seconds=1)
        with pytest.raises(RuleBroken, match="cannot be checked for viruses just now"):
            scanned(b"clean")


def test_nobody_there(named):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    named(f"clamd://127.0.0.1:{port}", seconds=1)
    with pytest.raises(RuleBroken, match="cannot be checked for viruses just now"):
        scanned(b"clean")


def test_no_socket_there(named, tmp_path):
    named(f"clamd://{tmp_path}/none", seconds=1)
    with pytest.raises(RuleBroken, match="cannot be checked for viruses just now"):
        scanned(b"clean")


def test_a_file_too_large_for_it(named):
    with clamd("small") as server:
        named(f"clamd://127.0.0.1:{server.port}")
        with pytest.raises(RuleBroken, match=r"too large for the virus scanner|cannot be checked"):
            scanned(b"x" * 3_000_000)


@pytest.mark.parametrize(
    "address",
    ["clamav", "http://host:3310", "clamd://host", "clamd://", "clamd:///", "clamd://host:x", "clamd://host:3310/a"],
)  # fmt: skip
def test_an_address_nobody_can_read_stops_with_a_sentence(named, address):
    named(address)
    with pytest.raises(ImproperlyConfigured, match=r"EVIDENCE_SCANNER is .*clamd://HOST:PORT"):
        scanner()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("clamd://scanner.internal:3310", Clamd(host="scanner.internal", port=3310)),
        ("clamd://[::1]:3310", Clamd(host="::1", port=3310)),
        ("clamd:///run/clamav/clamd.ctl", Clamd(path="/run/clamav/clamd.ctl")),
    ],
)
def test_addresses(named, address, expected):
    named(address)
    assert scanner() == expected
