"""Every form there is, found in the code: our own classes below Django's, and a filled instance of each.

A form takes what its page knows (a list of measures, a claim, a date). ``made`` gives it stand-ins of the types that
its signature names, in which every text is hostile too: a label, a hint or a choice is shown like what was typed.
"""

from __future__ import annotations

import ast
import collections.abc
import dataclasses
import enum
import importlib
import inspect
import pkgutil
import re
import sys
import types
import typing
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth import get_user_model
from django.db import models
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from socialvalue.core.actor import ANONYMOUS, Actor
from tests.security.strings import MARKUP

APPS = ("socialvalue", "toms", "procurement", "reporting")
NOT_READ = ("migrations", "management", "settings", "wsgi", "__main__", "child", "trial")
"""Parts of module names that hold no form and do something when they are read."""
DECLARED = Path(__file__).with_name("forms.txt")
WORD = MARKUP["picture"]
"""Every text of a stand-in."""
DAY = date(2026, 4, 1)
TYPED = (forms.CharField, forms.DateField, forms.DecimalField, forms.JSONField)
BOXES = (forms.TextInput, forms.Textarea, forms.HiddenInput)


def declared() -> dict[str, list[str]]:
    """Form classes and their fields that take text, as ``forms.txt`` names them."""
    lines = DECLARED.read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {row[0]: row[1:] for row in rows}


@cache
def classes() -> dict[str, type]:
    """Every form and every set of rows of ours, by its dotted name. A set of rows has the form of one row."""
    for app in APPS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, app + "."):
            if not set(NOT_READ) & set(found.name.split(".")):
                importlib.import_module(found.name)
    ours = {
        name: module
        for name, module in sys.modules.items()
        if name.split(".")[0] in APPS and module is not None
    }
    found: dict[str, type] = {}
    seen: set[type] = set()
    for _, module in sorted(ours.items()):
        for name, value in vars(module).items():
            if not inspect.isclass(value) or not issubclass(value, forms.BaseForm | BaseFormSet):
                continue
            made_here = value.__module__ == "django.forms.formsets" and hasattr(value, "form")
            is_base = value.__name__.startswith("_") and value.__subclasses__()
            if value.__module__ in ours and value.__module__ != module.__name__:
                continue  # imported from one of our own modules, where it is found
            if (value.__module__ in ours or made_here) and value not in seen and not is_base:
                seen.add(value)
                found[f"{module.__name__}.{name}"] = value
    return dict(sorted(found.items()))


def forms_alone() -> dict[str, type]:
    return {name: one for name, one in classes().items() if issubclass(one, forms.BaseForm)}


def rows() -> dict[str, type]:
    """Sets of rows that are drawn: those that know the form of a row."""
    return {
        name: one
        for name, one in classes().items()
        if issubclass(one, BaseFormSet) and hasattr(one, "form")
    }


def text_fields(form: forms.BaseForm) -> list[str]:
    """Fields that take what somebody types."""
    return [
        name
        for name, field in form.fields.items()
        if isinstance(field, TYPED)
        or (isinstance(field.widget, BOXES) and not isinstance(field, forms.ChoiceField))
    ]


# --- making one -----------------------------------------------------------------------------------


def made(form_class: type, data: Any = None, **given: Any) -> Any:
    """The form with what is ``given`` and stand-ins for what else its page gives it, bound to ``data`` if any."""
    passed = wanted(form_class) | given
    if data is None and _asks_for_data(form_class):
        data = QueryDict()
    if data is not None:
        passed["data"] = data
    while True:
        try:
            return form_class(**passed)
        except TypeError as error:
            # What a class between them gives is not for the page to give.
            twice = re.search(r"multiple values for keyword argument '(\w+)'", str(error))
            if twice is None or passed.pop(twice[1], None) is None:
                raise


def wanted(form_class: type) -> dict[str, Any]:
    """Stand-ins for all that a form must be given."""
    found: dict[str, Any] = {}
    for owner in form_class.__mro__:
        own = vars(owner).get("__init__")
        if owner.__module__.startswith("django.") or own is None:
            continue
        for name, parameter in inspect.signature(own).parameters.items():
            by_name = parameter.kind is inspect.Parameter.KEYWORD_ONLY
            if by_name and parameter.annotation is not inspect.Parameter.empty:
                found.setdefault(name, lambda a=parameter.annotation, o=owner: of_type(a, o))
    given = _given(form_class)
    return {name: make() for name, make in found.items() if name not in given} | given


def _asks_for_data(form_class: type) -> bool:
    first = inspect.signature(form_class).parameters.get("data")
    return first is not None and first.default is inspect.Parameter.empty


def _given(form_class: type) -> dict[str, Any]:
    """What no stand-in can be made for: values that the code knows, and the people of allauth's forms."""
    given: dict[str, Any] = {}
    if "allauth" in "".join(one.__module__ for one in form_class.__mro__):
        wants = "".join(
            inspect.getsource(one.__init__)
            for one in form_class.__mro__
            if one.__module__.startswith("allauth") and "__init__" in vars(one)
        )
        given = {
            name: make()
            for name, make in {"user": _somebody, "instance": _passkey}.items()
            if f'kwargs.pop("{name}"' in wants and "user=None" not in wants
        }
        if any("user" in inspect.signature(one.__init__).parameters for one in form_class.__mro__):
            given["user"] = _somebody()
    return given | GIVEN.get(form_class.__name__, {})


CODES = {("MeasureInfo", "kind"): "proxy", ("MeasureInfo", "aggregation"): "sum"}
"""Texts of a stand-in that are no words: one of those that the code knows."""
GIVEN: dict[str, dict[str, Any]] = {
    "AddMemberForm": {"roles": ["evaluator", "moderator"]},
    "ScoringForm": {"mark_scale": [WORD] * 6},
}


def _somebody() -> Any:
    return get_user_model()(pk=1, email="somebody@example.org", full_name=WORD)


def _passkey() -> Any:
    return Authenticator(user=_somebody(), type="webauthn", data={"name": WORD})


def filled(form: forms.BaseForm, text: str) -> QueryDict:
    """``text`` in every box of the form, also in those that offer a choice."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        box = form.add_prefix(name)
        for part in ("", "-day", "-month", "-year"):
            data[box + part] = text
    return data


@cache
def _names(module_name: str) -> dict[str, Any]:
    """What a module knows by name, with what it imports for its annotations only."""
    module = importlib.import_module(module_name)
    found = dict(vars(typing)) | dict(vars(collections.abc)) | dict(vars(module))
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module:
            source = importlib.import_module(node.module)
            for alias in node.names:
                if hasattr(source, alias.name):
                    found.setdefault(alias.asname or alias.name, getattr(source, alias.name))
    return found


def of_type(annotation: Any, owner: type, depth: int = 0) -> Any:
    """A value of the annotated type; ``owner`` is the class whose module knows the names in it."""
    if isinstance(annotation, str):
        annotation = eval(annotation, _names(owner.__module__))  # noqa: S307  # our own source
    if isinstance(annotation, typing.ForwardRef):
        return of_type(annotation.__forward_arg__, owner, depth)
    plain = {
        str: WORD, int: 1, bool: True, Decimal: Decimal("0.5"), date: DAY, type(None): None, Any: WORD, object: WORD,
        datetime: datetime(2026, 4, 1, tzinfo=UTC), Actor: ANONYMOUS, QueryDict: QueryDict(), bytes: b"",
    }  # fmt: skip
    if annotation in plain:
        return plain[annotation]
    if hasattr(annotation, "__value__"):
        return of_type(annotation.__value__, owner, depth)
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        empty = type(None) in inner and depth > 4
        return None if empty else of_type(inner[0], owner, depth)
    if origin is typing.Literal:
        return inner[0]
    if origin in (typing.Annotated, typing.ClassVar, typing.Final):
        return of_type(inner[0], owner, depth)
    if origin is collections.abc.Callable or annotation is collections.abc.Callable:
        return lambda *args, **kwargs: of_type(inner[1], owner, depth) if inner else WORD
    if origin is tuple or annotation is tuple:
        if inner and inner[-1] is not Ellipsis:
            return tuple(of_type(one, owner, depth + 1) for one in inner)
        return tuple(_one(inner, owner, depth))
    for kind, maker in _HOLDERS.items():
        if kind in (origin, annotation):
            return maker(_one(inner, owner, depth))
    if origin in (dict, collections.abc.Mapping) or annotation in (dict, collections.abc.Mapping):
        if not inner or depth > 5:
            return {}
        return {of_type(inner[0], owner, depth + 1): of_type(inner[1], owner, depth + 1)}
    if inspect.isclass(annotation):
        return _instance(annotation, depth)
    raise TypeError(f"{owner.__name__}: nothing can stand in for {annotation!r}")


_HOLDERS: dict[Any, Any] = {
    list: list, set: set, frozenset: frozenset, collections.abc.Sequence: list, collections.abc.Iterable: list,
    collections.abc.Collection: list, collections.abc.Set: set, collections.abc.Iterator: iter,
}  # fmt: skip


def _one(inner: tuple[Any, ...], owner: type, depth: int) -> list[Any]:
    return [of_type(inner[0], owner, depth + 1)] if inner and depth < 6 else []


def _instance(wanted: type, depth: int) -> Any:
    if issubclass(wanted, enum.Enum):
        return next(iter(wanted))
    if issubclass(wanted, models.Model):
        texts = (models.CharField, models.TextField)
        own = [f.attname for f in wanted._meta.concrete_fields if isinstance(f, texts)]
        return wanted(pk=1, **dict.fromkeys(own, WORD))
    if dataclasses.is_dataclass(wanted):
        wants = [(f.name, f.type) for f in dataclasses.fields(wanted) if f.init]
    else:
        wants = list(getattr(wanted, "__annotations__", {}).items())
    values = {name: of_type(kind, _owner(wanted, name), depth + 1) for name, kind in wants}
    codes = {field: code for (owner, field), code in CODES.items() if owner == wanted.__name__}
    return wanted(**values | codes)


def _owner(wanted: type, name: str) -> type:
    """The class in whose body a field is declared: its module knows the names of its type."""
    return next(c for c in wanted.__mro__ if name in vars(c).get("__annotations__", {}))
