"""Components of govuk-frontend: equal to its own fixtures."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.test import RequestFactory

from tests.socialvalue.core.test_components.steps import draw, outline

COMPONENTS = Path(settings.BASE_DIR, "node_modules/govuk-frontend/dist/govuk/components")
needs_packages = pytest.mark.skipif(
    not COMPONENTS.exists(),
    reason="node_modules is absent: run make assets to fetch govuk-frontend",
)


def fixture(component: str, name: str) -> str:
    everything = json.loads((COMPONENTS / component / "fixtures.json").read_text("utf-8"))
    return next(one["html"] for one in everything["fixtures"] if one["name"] == name)


START = '{% button "Start now button" kind="start" once=False %}'
LONG = (
    "We need to know your nationality so we can work out which elections you’re entitled to vote in. "
    "If you can’t provide your nationality, you’ll have to send copies of identity documents through the post."
)
INSET = "It can take up to 8 weeks to register a lasting power of attorney if there are no mistakes in the application."
SAME = [
    ("button", "default", '{% button "Save and continue" once=False %}'),
    ("button", "prevent double click", '{% button "Submit" %}'),
    ("button", "start", START),
    ("button", "link", '{% button "Link button" href="/" %}'),
    (
        "button",
        "secondary",
        '{% button "Secondary button" kind="secondary" name="secondary" once=False %}',
    ),
    ("button", "warning", '{% button "Warning button" kind="warning" name="Warning" once=False %}'),
    ("details", "default", '{% details "Help with nationality" %}' + LONG + "{% enddetails %}"),
    ("inset-text", "default", "{% inset %}" + INSET + "{% endinset %}"),
    ("tag", "grey", '{% tag "Grey" %}'),
    (
        "summary-list",
        "as a summary card with a text header",
        '{% summary_list rows title="Undergraduate teaching assistant" %}',
    ),
]
ROWS = [("Name", "Firstname Lastname"), ("Date of birth", "13/08/1980")]


@needs_packages
@pytest.mark.parametrize(("component", "name", "source"), SAME)
def test_component_equals_the_fixture(component, name, source):
    assert outline(draw(source, rows=ROWS)) == outline(fixture(component, name))


@needs_packages
@pytest.mark.parametrize(
    ("name", "kind"), [("default", "info"), ("with type as success", "success")]
)
def test_notification_equals_the_fixture(name, kind):
    text = {
        "info": "This publication was withdrawn on 7 March 2014.",
        "success": "Email sent to example@email.com",
    }
    title = {"info": "Important", "success": "Success"}[kind]
    drawn = draw(
        "{% notification text kind=kind title=title %}", text=text[kind], kind=kind, title=title
    )
    wanted = fixture("notification-banner", name).replace(
        "govuk-notification-banner-title", "notification-title"
    )
    assert outline(drawn) == outline(wanted)


@needs_packages
def test_the_back_link_equals_the_fixture_inside_a_landmark():
    found = outline(draw('{% back_link "#" %}'))
    assert found[0][0] == "nav"
    assert found[1:-1] == outline(fixture("back-link", "default"))


@needs_packages
def test_pagination_equals_the_fixture():
    request = RequestFactory().get("/page")
    page = Paginator(range(30), 10).page(2)
    wanted = fixture("pagination", "default")
    for theirs, ours in [
        ("/previous", "?page=1"),
        ("/next", "?page=3"),
        *[(f"/page/{n}", f"?page={n}") for n in (1, 2, 3)],
    ]:
        wanted = wanted.replace(f'href="{theirs}"', f'href="{ours}"')
    assert outline(draw("{% pagination page %}", page=page, request=request)) == outline(wanted)


@needs_packages
def test_breadcrumbs_equal_the_fixture():
    source = '{% breadcrumbs "Home" "/" "Passports, travel and living abroad" "/browse/abroad" "Travel abroad" %}'
    wanted = fixture("breadcrumbs", "with last breadcrumb as current page").replace(
        'class="govuk-breadcrumbs"',
        'class="govuk-breadcrumbs govuk-breadcrumbs--collapse-on-mobile"',
    )
    assert outline(draw(source)) == outline(wanted)


@needs_packages
def test_the_task_list_has_the_shape_of_the_fixture():
    items = [
        {"title": "Company Directors", "href": "#", "status": "completed"},
        {
            "title": "Payment",
            "href": "",
            "status": "cannot_start",
            "hint": "It will cost between £15 and £75",
        },
    ]
    found = outline(draw('{% task_list items prefix="task-list" %}', items=items))
    theirs = outline(fixture("task-list", "with hint text and additional states"))
    last = len(theirs) - 1 - theirs[::-1].index(("li", (("class", "govuk-task-list__item"),)))
    renamed = [str(one).replace("task-list-6", "task-list-2") for one in theirs[last:]]
    first = [str(one) for one in theirs[: theirs.index("/li") + 1]]
    assert [str(one) for one in found] == first + renamed


@needs_packages
def test_the_navigation_equals_the_fixture():
    items = [
        SimpleNamespace(label=f"Navigation item {n}", url=f"#/{n}", is_current=n == 2)
        for n in (1, 2, 3, 4)
    ]
    request = SimpleNamespace(path="#/2")
    drawn = draw("{% service_navigation items %}", items=items, request=request)
    wanted = fixture("service-navigation", "with navigation with a current item")
    assert outline(drawn) == outline(wanted)
