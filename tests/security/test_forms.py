"""Every form is known, and what is typed in any of its boxes stays text: on the page it comes back as it was typed."""

from __future__ import annotations

import pytest
from allauth.core.context import request_context
from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from socialvalue.core.templatetags.styleguide import ExampleForm
from tests.security import catalogue
from tests.security.strings import ALL, AT_ONCE, CONTROLS, MARK, TEMPLATE_RAN, read

FEWEST_FORMS = 150
FEWEST_FIELDS = 380
FEWEST_DRAWN = 300
PAGE = Template("{% load crispy_forms_tags govuk %}{% error_summary form %}{% crispy form %}")
PLAIN = Template("{% load crispy_forms_tags govuk %}{% error_summary form %}{{ form|crispy }}")
LINES = "a\r\nBcc: x@y.example \u202e000,1"
ROUNDS = {"everything": AT_ONCE, "lines": LINES, "long": CONTROLS["long"]}


@pytest.fixture
def asked(db):
    """A request is being answered: forms of signing in ask it."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    with request_context(request):
        yield request


def drawn(form) -> str:
    template = PAGE if hasattr(form, "helper") else PLAIN
    return template.render(Context({"form": form}))


def is_shown(form, name) -> bool:
    """A secret that was typed is not given back."""
    return not isinstance(form.fields[name].widget, forms.PasswordInput)


def faults(markup: str) -> list[str]:
    found = read(markup, may_run=False).made
    return found + [f"ran as a template: {text}" for text in TEMPLATE_RAN if text in markup]


def back(form, markup: str, text: str) -> tuple[int, list[str]]:
    """How many boxes were drawn with what was typed, and those in which it is something else."""
    values = read(markup, may_run=False).values
    here = [form.add_prefix(name) for name in catalogue.text_fields(form) if is_shown(form, name)]
    boxes = [one for box in here for one in (box, f"{box}-day") if one in values]
    # A box of several lines gives back one kind of line end; those of a date are read without spaces around.
    typed = text.replace("\r\n", "\n")
    lost = [box for box in boxes if values[box] not in (text, typed, text.strip())]
    return len(boxes), [f"{box} lost what was typed: {values[box][:80]!r}" for box in lost]


def test_every_form_that_takes_text_is_declared(asked, capsys):
    """A form is here with the fields that take what somebody types, so that nobody adds one without having looked."""
    found = {
        name: fields
        for name, one in catalogue.forms_alone().items()
        if (fields := catalogue.text_fields(catalogue.made(one)))
    }
    known = catalogue.declared()
    new = [" ".join((name, *fields)) for name, fields in found.items() if known.get(name) != fields]
    assert new == [], (
        "These forms take text and tests/security/forms.txt says otherwise. Look at every page, file and letter that "
        "shows it, then write these lines there in place of theirs:\n" + "\n".join(new)
    )
    gone = sorted(set(known) - set(found))
    assert gone == [], "Take these lines out of tests/security/forms.txt: no such form takes text."
    count = sum(map(len, found.values()))
    with capsys.disabled():
        print(f"\nforms: {len(found)} take text in {count} fields, {len(catalogue.rows())} in rows")
    assert len(found) >= FEWEST_FORMS
    assert count >= FEWEST_FIELDS


def test_no_form_is_made_where_nobody_finds_it():
    known = set(catalogue.classes().values())
    hidden = [
        f"{one.__module__}.{one.__qualname__}"
        for one in below(forms.BaseForm)
        if one.__module__.split(".")[0] in catalogue.APPS
        and one not in known
        and not one.__name__.startswith("_")
    ]
    assert hidden == [], "Write these forms in a module of their own, not inside a function."


def below(form_class):
    for one in form_class.__subclasses__():
        yield one
        yield from below(one)


@pytest.mark.parametrize("name", ROUNDS)
def test_what_is_typed_in_any_form_stays_text(asked, capsys, name):
    """The boxes hold it as it was typed; labels, hints and choices of ours are as hostile as what is typed."""
    text, boxes, wrong = ROUNDS[name], 0, []
    for form_name, form_class in catalogue.forms_alone().items():
        form = catalogue.made(form_class, catalogue.filled(catalogue.made(form_class), text))
        form.is_valid()
        markup = drawn(form)
        count, lost = back(form, markup, text)
        boxes += count
        wrong += [f"{form_name}: {fault}" for fault in (*faults(markup), *lost)]
    with capsys.disabled():
        print(f"\n{name}: {boxes} boxes drawn with what was typed")
    assert wrong == []
    assert boxes >= FEWEST_DRAWN


def test_what_is_typed_in_rows_stays_text(asked):
    wrong, boxes = [], 0
    for form_name, rows_class in catalogue.rows().items():
        kept = {"form_kwargs": catalogue.wanted(rows_class.form)}
        empty = catalogue.made(rows_class, **kept)
        data = QueryDict(mutable=True)
        data.update({f"{empty.prefix}-{what}": "0" for what in ("INITIAL_FORMS", "MIN_NUM_FORMS")})
        data.update({f"{empty.prefix}-TOTAL_FORMS": "2", f"{empty.prefix}-MAX_NUM_FORMS": "9"})
        one = catalogue.made(rows_class.form)
        for number in range(2):
            one.prefix = f"{empty.prefix}-{number}"
            data.update(catalogue.filled(one, AT_ONCE))
        rows = catalogue.made(rows_class, data, **kept)
        rows.is_valid()
        markup = PLAIN.render(Context({"form": rows}))
        for form in rows.forms:
            count, lost = back(form, markup, AT_ONCE)
            boxes += count
            wrong += [f"{form_name}: {fault}" for fault in lost]
        wrong += [f"{form_name}: {fault}" for fault in faults(markup)]
    assert wrong == []
    assert boxes >= 20


@pytest.mark.parametrize("name", [name for name in ALL if name != "no character"])
def test_every_string_in_every_kind_of_box(name):
    """The style guide's form has a box of each kind. (Posted bytes that are no characters arrive as U+FFFD.)"""
    form = ExampleForm(catalogue.filled(ExampleForm(), ALL[name]))
    form.is_valid()
    markup = drawn(form)
    count, lost = back(form, markup, ALL[name])
    assert (faults(markup), lost) == ([], [])
    assert count >= 6


# --- that these tests can fail --------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        '<input name="x" value="{{ typed|safe }}">',
        '<textarea name="x">{{ typed|safe }}</textarea>',
        "<p class='{{ typed|safe }}'></p>",
        '<a href="{{ link }}">its page</a>',
        "{{ typed|safe|linebreaks }}",
    ],
)
def test_a_page_that_forgets_to_escape_is_seen(template):
    markup = Template(template).render(Context({"typed": AT_ONCE, "link": ALL["link"]}))
    assert read(markup, may_run=False).made
    assert MARK in markup
