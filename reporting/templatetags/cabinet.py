"""Filters of the reports' templates."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reporting.cabinet.rules.content import Piece

register = template.Library()


@register.filter
def running(text: Iterable[Piece]) -> SafeString:
    """Running text whose figures carry their reference, which leads to their definition, and open to their rows."""
    return format_html_join("", "{}", ((_with(_reference(piece), piece),) for piece in text))


@register.filter
def referred(text: Iterable[Piece]) -> SafeString:
    """The same with references that lead nowhere: where the definitions are in the annex alone."""
    return format_html_join("", "{}", ((_with(_bare_reference(piece), piece),) for piece in text))


@register.filter
def opening(text: Iterable[Piece]) -> SafeString:
    """The same without references, where there are no definitions to lead to. What is no figure is no social value."""
    return format_html_join("", "{}", ((_priced(piece),) for piece in text))


def _priced(piece: Piece) -> str:
    is_price = not piece.ref and "£" in piece.text
    return (
        format_html('<span class="sv-price">{}</span>', piece.text) if is_price else _shown(piece)
    )


def _shown(piece: Piece) -> str:
    shown: str = piece.text
    if piece.url:
        shown = format_html('<a class="govuk-link" href="{}">{}</a>', piece.url, piece.text)
    return format_html('<span class="sv-price">{}</span>', shown) if piece.is_price else shown


def _with(reference: str, piece: Piece) -> str:
    """The figure and its reference, which stay on one line."""
    if not reference:
        return _shown(piece)
    return format_html('<span class="report-figure">{} {}</span>', _shown(piece), reference)


def _reference(piece: Piece) -> str:
    if not piece.ref:
        return ""
    return format_html(
        '<a class="report-ref" href="#{}"><span class="report-ref__what">Figure </span>{}</a>',
        piece.anchor,
        piece.ref,
    )


def _bare_reference(piece: Piece) -> str:
    return format_html('<span class="report-ref">{}</span>', piece.ref) if piece.ref else ""
