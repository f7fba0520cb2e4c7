"""Letters: what a title, a name or a reason holds never ends the subject, adds a header or becomes markup."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.template.base import VariableNode
from django.template.loader import get_template

from socialvalue.core.letters import send_now
from tests.security.strings import ALL, MARKUP

FOLDER = Path(settings.BASE_DIR, "templates/emails")
TEMPLATES = sorted(str(path.relative_to(FOLDER))[:-4] for path in FOLDER.rglob("*.txt"))
OURS = {
    "subject",
    "from",
    "to",
    "date",
    "message-id",
    "content-type",
    "mime-version",
    "content-transfer-encoding",
}
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
KNOWN: dict[str, Any] = {
    "how_many": 2, "token": "a-token", "path": "/x/",
    "uid": "1", "key": "a-key", "url": "http://127.0.0.1/x/", "code": "123456",
}  # fmt: skip
"""What letters take besides texts."""
IDS = ("tender_id", "procurement_id", "claim_id", "contract_id", "merge_id")
HEADER = ALL["header"]
STRINGS = {
    "header": HEADER, "return alone": "a\rBcc: x@y.example", "everything": "".join(MARKUP.values()),
    "other line ends": "a\u2028b\x0bc\x85d\x1ee",
}  # fmt: skip


class Words(str):
    """A text whose every part is the same text: ``contract.title``."""

    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return str(self)


def context_for(template: str, text: str) -> dict[str, Any]:
    """The text for every variable the template shows that is no date, number or address of ours."""
    found: Any = get_template(f"emails/{template}.txt")
    shown = found.template.nodelist.get_nodes_by_type(VariableNode)
    values: dict[str, Any] = {}
    for node in shown:
        filters = {function.__name__ for function, _ in node.filter_expression.filters}
        is_time = any("date" in name or "quarter" in name for name in filters)
        name = str(node.filter_expression.var).split(".")[0]
        values[name] = NOON if is_time else Words(text)
    return values | KNOWN | dict.fromkeys(IDS, 1)


def sent(template: str, text: str):
    mail.outbox = []
    assert send_now("somebody@example.org", template, context_for(template, text), name="one")
    return mail.outbox[0]


def test_there_are_letters_to_look_at():
    assert len(TEMPLATES) >= 40
    titled = [name for name in TEMPLATES if "{{" in _first_line(name)]
    assert len(titled) >= 12


def _first_line(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text().partition("\n")[0]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_letter_says_what_it_was_given_and_does_nothing_else(template):
    for name, text in STRINGS.items():
        letter = sent(template, text)
        assert letter.subject.isprintable(), name
        headers = {header.lower() for header, _ in letter.message().items()}
        assert headers <= OURS, name
        assert letter.recipients() == ["somebody@example.org"]
        assert letter.content_subtype == "plain"
        assert not getattr(letter, "alternatives", [])
        assert "somebody@example.org" not in letter.subject
        if "{{ title }}" in _first_line(template):
            assert " ".join(text.split()) in letter.subject, name
            assert not letter.body.startswith("Bcc"), name


@pytest.mark.parametrize("template", ["amended", "award_refused", "withdrawn", "panel_named"])
def test_a_letter_is_plain_text_and_holds_it_as_it_was(template):
    text = STRINGS["everything"]
    assert text in sent(template, text).body
