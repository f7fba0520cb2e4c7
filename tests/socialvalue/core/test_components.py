"""Components: equal to govuk-frontend's fixtures where it has one, and honest about figures."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from socialvalue.core.errors import Conflict
from socialvalue.core.tables import Column, Table
from socialvalue.core.templatetags import ui

COMPONENTS = Path(settings.BASE_DIR, "node_modules/govuk-frontend/dist/govuk/components")
VOID = {"input", "img", "br", "hr", "meta", "link", "path"}
needs_packages = pytest.mark.skipif(
    not COMPONENTS.exists(),
    reason="node_modules is absent: run make assets to fetch govuk-frontend",
)


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: " ".join((value or "").split()) for name, value in attrs}
        if "class" in kept:
            kept["class"] = " ".join(sorted(kept["class"].split()))
        self.found.append((tag, tuple(sorted(kept.items()))))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self.found.append(text)


def outline(markup: str) -> list[Any]:
    parser = Outline()
    parser.feed(markup)
    parser.close()
    return parser.found


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


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


def test_many_pages_show_the_ends_and_the_neighbours():
    page = Paginator(range(400), 10).page(10)
    drawn = draw("{% pagination page %}", page=page, request=RequestFactory().get("/"))
    shown = [text for text in outline(drawn) if isinstance(text, str) and not text.startswith("/")]
    assert shown == [
        "Previous",
        "page",
        "1",
        "⋯",
        "8",
        "9",
        "10",
        "11",
        "12",
        "⋯",
        "40",
        "Next",
        "page",
    ]


def test_page_links_keep_every_filter():
    request = RequestFactory().get("/?q=roads&route=a&route=b&page=2")
    page = Paginator(range(30), 10).page(2)
    drawn = draw("{% pagination page %}", page=page, request=request)
    assert 'href="?q=roads&amp;route=a&amp;route=b&amp;page=3"' in drawn


def test_one_page_needs_no_links():
    page = Paginator(range(10), 10).page(1)
    assert draw("{% pagination page %}", page=page, request=RequestFactory().get("/")).strip() == ""


def test_downloads_take_the_filters_but_not_the_page():
    request = RequestFactory().get("/?q=a+b%26c&page=3")
    drawn = draw('{% downloads csv="/list.csv" %}', request=request)
    assert 'href="/list.csv?q=a+b%26c"' in drawn


def test_sorting_turns_round_and_says_so():
    first = draw('{% sort_header "Title" "title" %}', request=RequestFactory().get("/?q=x&page=4"))
    again = draw('{% sort_header "Title" "title" %}', request=RequestFactory().get("/?sort=title"))
    back = draw('{% sort_header "Title" "title" %}', request=RequestFactory().get("/?sort=-title"))
    assert 'aria-sort="none"' in first
    assert 'href="?q=x&amp;sort=title"' in first
    assert 'aria-sort="ascending"' in again
    assert 'href="?sort=-title"' in again
    assert 'aria-sort="descending"' in back
    assert 'href="?sort=title"' in back


@pytest.mark.parametrize("key", sorted(ui.LOOKS))
def test_every_status_is_a_word_and_a_shape(key):
    drawn = draw("{% status key %}", key=key)
    assert ui.LOOKS[key].word in drawn
    assert "<svg" in drawn
    assert 'aria-hidden="true"' in drawn


def test_an_unlisted_status_is_shown_in_its_own_words():
    assert "Sent to legal" in draw('{% status "sent_to_legal" %}')


def table(**more: Any) -> Table:
    columns = [Column("Contract"), Column("Committed (£)", "money"), Column("Hours", "number")]
    rows = [("Roads", Decimal("1200.50"), Decimal("0")), ("Care", Decimal(300), None)]
    return Table(**{"caption": "Contracts", "columns": columns, "rows": rows, **more})


def test_a_table_shows_nought_and_says_what_is_not_reported():
    drawn = draw(
        "{% data_table table %}", table=table(total=("Total", Decimal("1500.50"), Decimal(0)))
    )
    found = outline(drawn)
    assert found.count("£1,200.50") == 1
    assert found.count("£1,500.50") == 1
    assert found.count("0") == 2
    assert found.count("Not reported") == 1
    assert sum(tag[0] == "caption" for tag in found if isinstance(tag, tuple)) == 1
    headers = [
        dict(tag[1]).get("scope") for tag in found if isinstance(tag, tuple) and tag[0] == "th"
    ]
    assert headers == ["col", "col", "col", "row", "row", "row"]


def test_an_empty_table_says_what_to_do():
    drawn = draw("{% data_table table %}", table=table(rows=[], empty="Award a tender first."))
    assert "Award a tender first." in drawn
    assert "<table" not in drawn


def test_a_table_escapes_what_people_typed():
    drawn = draw("{% data_table table %}", table=table(rows=[("<b>x</b>", None, None)]))
    assert "<b>" not in drawn


@pytest.mark.parametrize(
    ("done", "total", "share", "width"),
    [
        (Decimal(0), Decimal(10), "0%", "0.0"),
        (Decimal("9.99"), Decimal(10), "100%", "99.9"),
        (Decimal(10), Decimal(10), "100%", "100.0"),
        (Decimal(12), Decimal(10), "120%", "100.0"),
    ],
)
def test_progress_shows_both_numbers_beside_the_share(done, total, share, width):
    drawn = draw("{% progress done total %}", done=done, total=total)
    assert share in drawn
    assert f'width="{width}"' in drawn
    assert f"of {total}" in drawn


@pytest.mark.parametrize(
    ("done", "total"), [(None, Decimal(5)), (Decimal(5), None), (Decimal(5), Decimal(0))]
)
def test_progress_without_a_share_says_so(done, total):
    drawn = draw("{% progress done total %}", done=done, total=total)
    assert "Not yet measurable" in drawn
    assert "%" not in drawn


def test_pounds_stand_beside_their_quantity():
    drawn = draw('{% value amount 450 "hours" href="/w" %}', amount=Decimal("120000"))
    found = [text for text in outline(drawn) if isinstance(text, str) and not text.startswith("/")]
    assert found == ["£120,000", "450 hours"]


def test_counts_only_hides_every_pound():
    drawn = draw(
        '{% value amount 450 "hours" href="/w" %}', amount=Decimal("120000"), counts_only=True
    )
    assert "£" not in drawn
    assert "450 hours" in drawn


@pytest.mark.parametrize(
    ("source", "given", "shown"),
    [
        ("{{ x|pounds }}", Decimal("1234.5"), "£1,234.50"),
        ("{{ x|pounds }}", Decimal(0), "£0"),
        ("{{ x|pounds }}", None, "Not reported"),
        ("{{ x|pence }}", 12345, "£123.45"),
        ("{{ x|pence }}", None, "Not reported"),
        ("{{ x|quantity }}", Decimal("1234.500"), "1,234.5"),
        ("{{ x|percent }}", Decimal("14.6"), "15%"),
        ("{{ x|percent:1 }}", Decimal("14.6"), "14.6%"),
        ("{{ x|uk_date }}", datetime.date(2021, 9, 9), "9 September 2021"),
        ("{{ x|financial_year }}", datetime.date(2027, 3, 31), "2026 to 2027"),
        ("{{ x|financial_year }}", datetime.date(2027, 4, 1), "2027 to 2028"),
        ("{{ x|quarter }}", datetime.date(2026, 9, 9), "2026 to 2027, quarter 2"),
        (
            "{{ x|uk_datetime }}",
            datetime.datetime(2026, 7, 1, 13, 5, tzinfo=datetime.UTC),
            "1 July 2026, 2:05pm",
        ),
        (
            "{{ x|uk_date }}",
            datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC),
            "2 July 2026",
        ),
        (
            "{{ x|uk_datetime }}",
            datetime.datetime(2026, 1, 1, 12, 0, tzinfo=datetime.UTC),
            "1 January 2026, midday",
        ),
    ],
)
def test_figures_and_dates_read_like_english(source, given, shown):
    assert draw(source, x=given) == shown


def test_breadcrumbs_end_with_the_page_itself():
    found = outline(draw('{% breadcrumbs "Home" "/" "Roads" %}'))
    assert ("li", (("aria-current", "page"), ("class", "govuk-breadcrumbs__list-item"))) in found
    assert found.count("Roads") == 1


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


def test_the_stage_tracker_names_the_current_step():
    stages = [("Route", "done", "/r", "TOMs advised"), ("Bids", "current"), ("Award", "next")]
    found = outline(draw("{% stage_tracker stages %}", stages=stages))
    current = [
        tag for tag in found if isinstance(tag, tuple) and ("aria-current", "step") in tag[1]
    ]
    assert len(current) == 1
    assert "Current stage" in found
    assert "Not started" in found


def test_the_working_shows_every_line():
    lines = [("Quantity", "120 hours", "Claim 14"), ("Proxy", "£16.93", "Source A")]
    drawn = draw('{% working lines result="£2,031.60" %}', lines=lines)
    for text in ("120 hours", "Claim 14", "£16.93", "Source A", "£2,031.60"):
        assert text in drawn


def test_the_brand_colour_is_one_rule_with_the_nonce():
    context = {
        "request": SimpleNamespace(csp_nonce="abc"),
        "acting_organisation": SimpleNamespace(brand_colour="#123abc"),
    }
    assert (
        draw("{% brand_style %}", **context)
        == '<style nonce="abc">:root{--sv-brand:#123abc}</style>'
    )


@pytest.mark.parametrize("colour", ["", None, "red", "#12345", "#12345g", "#1234567", "};*{x:y"])
def test_a_colour_that_is_none_leaves_ours(colour):
    context = {"acting_organisation": SimpleNamespace(brand_colour=colour)}
    assert draw("{% brand_style %}{% brand_colour %}", **context) == ui.DEFAULT_BRAND


@pytest.mark.parametrize(
    ("name", "context", "words"),
    [
        ("400.html", {}, "could not be read"),
        (
            "403.html",
            {"reason": "Only a contract manager can verify."},
            "Only a contract manager can verify.",
        ),
        ("403_csrf.html", {}, "open too long"),
        ("404.html", {}, "Page not found"),
        (
            "409.html",
            {
                "conflict": Conflict(
                    "Saved by another person at 2:30pm.", changed={"Weighting": ("10%", "15%")}
                )
            },
            "15%",
        ),
        ("500.html", {}, "The fault is ours"),
        ("core/accessibility.html", {}, "WCAG"),
        ("core/privacy.html", {}, "data controller"),
        ("core/cookies.html", {}, "sv_session"),
    ],
)
def test_the_page_is_drawn_without_a_visitor(name, context, words):
    drawn = render_to_string(name, context)
    assert words in drawn
    found = [tag[0] for tag in outline(drawn) if isinstance(tag, tuple)]
    assert found.count("h1") == 1
    assert found.count("main") == 1


def test_the_style_guide_shows_every_component():
    request = RequestFactory().get("/styleguide/")
    request.user = SimpleNamespace(is_authenticated=False)
    drawn = render_to_string("core/styleguide.html", {"request": request})
    for folder in ("sv-tiles", "sv-stages", "sv-chart", "sv-status", "govuk-pagination", "sv-row"):
        assert folder in drawn
    assert " style=" not in drawn
    assert "onclick" not in drawn


@pytest.mark.parametrize(("deeds", "is_folded"), [(10, False), (11, True)])
def test_a_long_history_shows_the_newest_and_folds_the_rest(deeds, is_folded):
    at = datetime.datetime(2026, 4, 1, 9, tzinfo=datetime.UTC)
    entries = [(f"Deed {number}.", at, "An officer") for number in range(deeds, 0, -1)]
    drawn = draw("{% history_list entries %}", entries=entries)
    newest, _, older = drawn.partition("<details")
    assert drawn.count("sv-history__item") == deeds
    assert (newest.count("sv-history__item"), bool(older)) == (10, is_folded)
    assert (f"Show all {deeds} deeds" in older) == is_folded
    assert f"Deed {deeds}." in newest


def test_a_history_of_nothing_says_so():
    assert "Nothing has happened yet." in draw("{% history_list entries %}", entries=[])
