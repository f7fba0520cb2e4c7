"""Asking the site: the address of a route, the answer as the declaration would put it, and the text that it gave."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from django.http import HttpResponseBase
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from socialvalue.core.views import Download
from tests.permissions.matrix.declared import Answer, Row
from tests.permissions.matrix.objects import Thing
from tests.permissions.test_every_address import addresses


def routes() -> dict[str, list[tuple[str, ...]]]:
    """Every named route that is not Django's admin, with the arguments of each of its addresses."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for name, route, _ in addresses():
        if name and not name.startswith("admin:"):
            plain = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route)
            found.setdefault(name, []).append(tuple(re.findall(r"<(?:\w+:)?(\w+)>", plain)))
    return found


def address_of(row: Row, arguments: tuple[str, ...], thing: Thing) -> str:
    values = {name: thing.values[name] for name in arguments}
    try:
        return reverse(row.route, kwargs=values)
    except NoReverseMatch:
        # A pattern with a narrower form: a document, a table, a calendar.
        for form in ("xlsx", "pdf", "html", "json", "ics"):
            try:
                return reverse(row.route, kwargs=values | {"form": form})
            except NoReverseMatch:
                continue
        raise


def as_declared(response: HttpResponseBase) -> Answer:
    code = response.status_code
    if code == 401 or (
        code == 302 and response.headers.get("Location", "").startswith("/account/login/")
    ):
        return Answer.SIGN_IN
    return {403: Answer.REFUSED, 404: Answer.NOT_FOUND}.get(code, Answer.SHOWN)


def text_of(response: Any) -> str:
    """Everything an answer says: its headers too, and what is packed in a workbook or a document."""
    content = b"".join(response) if response.streaming else response.content
    said = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return said + "\n" + content.decode(errors="replace")


def buttons() -> set[str]:
    """Routes that only take a POST."""
    return {
        name
        for name, _, view in addresses()
        if (view_class := getattr(view, "view_class", None)) and not hasattr(view_class, "get")
    }


def opened(client: Any, address: str) -> Any:
    """The answer of an address; where it leads to itself with a key of its own, what is there."""
    response = client.get(address)
    on = response.headers.get("Location", "")
    return client.get(on) if on.startswith(f"{address}?") else response


def takes_posts() -> set[str]:
    """Routes whose view answers a POST."""
    return {
        name for name, _, view in addresses() if hasattr(getattr(view, "view_class", None), "post")
    }


FILES = (".csv", ".xlsx", ".json")
"""Public tables are no ``Download``: their bodies are kept for everybody."""


def kind_of(path: str) -> tuple[str, bool]:
    """The name of the view at this address, and whether it gives a file."""
    try:
        found = resolve(path)
    except Resolver404:
        return path, False
    view = getattr(found.func, "view_class", None)
    is_file = bool(view and issubclass(view, Download)) or path.endswith(FILES)
    return found.view_name or path, is_file
