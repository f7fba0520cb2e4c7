"""Log lines without people: addresses and the secret parts of links are taken out of every line and traceback."""

from __future__ import annotations

import logging
import re

ADDRESS = re.compile(r"[\w.!#$'*+^{|}~%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.I)
SECRET = re.compile(r"(?<=/)[\w.:=~%-]{40,}")
"""A part of an address that is as long as our tokens are: whoever reads it could open the link."""


def without_people(line: str) -> str:
    """The line with every e-mail address as ``[address]`` and every token in a link as ``[link]``."""
    return SECRET.sub("[link]", ADDRESS.sub("[address]", line))


class PrivateFormatter(logging.Formatter):
    """Formats a line, then takes people out of it: also what an exception or its traceback says."""

    def format(self, record: logging.LogRecord) -> str:
        return without_people(super().format(record))
