"""A name in braces that the report cannot show is told before it is kept, or before the freeze."""

from __future__ import annotations

import pytest

from reporting.cabinet.rules.inserting import inserted
from reporting.cabinet.rules.references import Known, misspelt, problems

KNOWN = Known(
    figures=frozenset({"committed_total", "verified_total"}),
    charts=frozenset({"themes"}),
    tables=frozenset({"themes", "quarters"}),
    stories=frozenset({"a-warm-home"}),
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no braces",
        "{committed_total} of { verified_total }",
        "{chart:themes}",
        "{table:quarters | With a caption}",
        "{story:a-warm-home}",
        "Words.\n- {verified_total}\n\n{chart:themes}",
    ],
)
def test_what_the_report_can_show_is_no_problem(text: str):
    assert problems(text, KNOWN) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{comitted_total}", "{comitted_total} is not the name of a figure."),
        ("{}", "{} is not the name of a figure."),
        ("{committed_total", "{ is not the name of a figure."),
        ("committed_total}", "} is not the name of a figure."),
        ("{a} {b}", "{a}, {b} are not names of figures."),
        # A figure of other reports, like one that a region does not have.
        ("{contracts_live}", "{contracts_live} is not a figure of this kind of report."),
        ("{chart:quarters}", "{chart:quarters} names no chart of this report."),
        ("{table:nonsense}", "{table:nonsense} names no table of this report."),
        ("See {chart:themes}.", "{chart:themes} stands inside a paragraph."),
        ("{chart:the themes}", "{chart:the themes} is not the name of a figure."),
    ],
)
def test_anything_else_is_a_sentence_that_says_how_to_mend_it(text: str, said: str):
    found = misspelt(text, KNOWN)
    assert len(found) == 1
    assert found[0].startswith(said)
    assert found[0].endswith(".")
    assert problems(text, KNOWN) == found


def test_a_story_that_is_not_published_stands_in_the_way_of_the_freeze_and_not_of_saving():
    text = "{story:withdrawn-since}"
    assert misspelt(text, KNOWN) == []
    assert problems(text, KNOWN) == [
        "{story:withdrawn-since}: no story of this name is published. "
        "Insert one from the list, or take the line away."
    ]


def test_the_words_of_a_template_are_known_in_a_template_only():
    template = Known(
        figures=frozenset(),
        charts=frozenset(),
        tables=frozenset(),
        places=frozenset({"period"}),
    )
    assert misspelt("In {period}", template) == []
    assert len(misspelt("In {period}", KNOWN)) == 1


def test_without_a_cursor_a_reference_is_put_at_the_end():
    assert inserted("Words", "{verified_total}") == "Words {verified_total}"
    assert inserted("Words\r\n", "{chart:themes}") == "Words\n\n{chart:themes}"
    assert inserted("{chart:themes}\n", "{verified_total}") == "{chart:themes}\n\n{verified_total}"
    assert inserted("", "{chart:themes}") == "{chart:themes}"
    assert inserted("Words", "<script>") == "Words"
