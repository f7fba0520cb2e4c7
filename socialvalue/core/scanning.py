"""Looking for viruses. A scanner that is named and does not answer lets nothing in; none named is said on the page."""

from __future__ import annotations

import logging
import re
import socket
import struct
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from socialvalue.core.errors import RuleBroken

logger = logging.getLogger(__name__)
EXAMPLE = "Use clamd://HOST:PORT, clamd:///PATH/OF/SOCKET, or leave it empty for no scanner."
FOUND = "A virus was found in the file: {found}. It was not kept. Clean your device, then send a clean file."
UNREACHABLE = (
    "Files cannot be checked for viruses just now, so this one was not kept. Send it again in a few minutes; "
    "what you typed is kept. If it goes on, tell the people who run this service."
)
TOO_LARGE = "The file is too large for the virus scanner. Choose a smaller one."
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096
_CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scanner said. ``found`` is the virus's name, empty when there is none; ``by`` the scanner's version."""

    found: str
    by: str

    @property
    def is_clean(self) -> bool:
        return not self.found


class Scanner(Protocol):
    """Looks into bytes. ``name`` is for people. RuleBroken when it cannot tell."""

    @property
    def name(self) -> str: ...

    def scan(self, content: bytes) -> Finding: ...


@dataclass(frozen=True, slots=True)
class Clamd:
    """ClamAV's daemon, asked with INSTREAM over TCP or, where ``path`` is given, a socket of this machine.

    ``seconds`` is for the whole of one question: a scanner that answers a byte at a time is stopped too.
    """

    host: str = ""
    port: int = 0
    path: str = ""
    seconds: int = 20
    name: str = "ClamAV"

    def scan(self, content: bytes) -> Finding:
        try:
            answer = self._ask(b"zINSTREAM\0", content)
            if answer.endswith(" FOUND"):
                virus = answer.removesuffix(" FOUND").removeprefix("stream: ")
                return Finding(re.sub(r"[^\w.\-/: ]", "", virus)[:80] or "unnamed", self.name)
            if "size limit exceeded" in answer:
                raise RuleBroken(TOO_LARGE, field="file")
            if answer != "stream: OK":
                raise OSError(f"The scanner answered: {answer[:200]}")
            return Finding("", self._ask(b"zVERSION\0")[:100] or self.name)
        except OSError as error:
            logger.error("The virus scanner could not be asked: %s", error)
            raise RuleBroken(UNREACHABLE, field="file") from error

    def _ask(self, command: bytes, content: bytes | None = None) -> str:
        """One question on a connection of its own; the answer without its closing zero byte."""
        until = time.monotonic() + self.seconds
        with self._connected() as line:
            try:
                _send(line, command, until)
                if content is not None:
                    for start in range(0, len(content), _PIECE):
                        piece = content[start : start + _PIECE]
                        _send(line, struct.pack("!I", len(piece)) + piece, until)
                    _send(line, struct.pack("!I", 0), until)
            except (BrokenPipeError, ConnectionResetError):
                # It stops listening once a file is too long for it, and says so.
                return _heard(line, until)
            return _heard(line, until)

    def _connected(self) -> socket.socket:
        patience = min(self.seconds, _CONNECT_SECONDS)
        if not self.path:
            return socket.create_connection((self.host, self.port), timeout=patience)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(patience)
            line.connect(self.path)
        except OSError:
            line.close()
            raise
        return line


def _send(line: socket.socket, words: bytes, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(words)


def _heard(line: socket.socket, until: float) -> str:
    answer = b""
    while not answer.endswith(b"\0"):
        line.settimeout(_left(until))
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
        if len(answer) > _LONGEST_ANSWER:
            raise OSError("The scanner's answer has no end.")
    return answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("The scanner took too long.")
    return left


def scanner() -> Scanner | None:
    """The scanner that the settings name; None when they name none. ImproperlyConfigured for a name nobody can read."""
    return _scanner_of(settings.EVIDENCE_SCANNER, settings.EVIDENCE_SCANNER_SECONDS)


@lru_cache(maxsize=8)
def _scanner_of(address: str, seconds: int) -> Scanner | None:
    if not address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"EVIDENCE_SCANNER is {address!r}. {EXAMPLE}") from error
    if parts.scheme == "clamd" and parts.hostname and port and not parts.path.strip("/"):
        return Clamd(host=parts.hostname, port=port, seconds=seconds)
    if parts.scheme == "clamd" and not parts.netloc and len(parts.path) > 1:
        return Clamd(path=parts.path, seconds=seconds)
    raise ImproperlyConfigured(f"EVIDENCE_SCANNER is {address!r}. {EXAMPLE}")


def scanned(content: bytes) -> Finding | None:
    """What the scanner says of bytes in which nothing was found; None when nobody looked.

    RuleBroken (field ``file``) when something was found, or when the scanner is named and does not answer.
    """
    looking = scanner()
    if looking is None:
        return None
    finding = looking.scan(content)
    if not finding.is_clean:
        raise RuleBroken(FOUND.format(found=finding.found), field="file")
    return finding
