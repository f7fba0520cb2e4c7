"""Amounts, dates and periods as words."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from socialvalue.core import money, periods
from socialvalue.core.templatetags.ui.registry import register


@register.filter(name="pounds")
def pounds_filter(value: Decimal | int | None) -> str:
    """``£1,234.50``; an unreported amount is said so and never shown as nought."""
    return "Not reported" if value is None or value == "" else money.pounds(Decimal(value))


@register.filter
def pence(value: int | str | None) -> str:
    """Whole pence as pounds."""
    return "Not reported" if value is None or value == "" else money.pounds_from_pence(int(value))


@register.filter
def in_pounds(value: int | str | None) -> Decimal | None:
    """Whole pence as a number of pounds, for the components that take one."""
    return None if value is None or value == "" else money.from_pence(int(value))


@register.filter
def web_address(text: str) -> str:
    """An address that somebody wrote, if a browser opens a page by it; else nothing: it is no link then."""
    return text if text.lower().startswith(("https://", "http://")) else ""


@register.filter
def price(value: Decimal | int | None) -> SafeString | str:
    """What something costs: an estimate, a price, a threshold, a spend. Stays when only counts are shown."""
    if value is None or value == "":
        return "Not reported"
    return format_html('<span class="sv-price">{}</span>', money.pounds(Decimal(value)))


@register.filter
def pounds_short(value: Decimal | int | None) -> str:
    """``£12.4m``, only where the exact figure is beside it or one click away."""
    return "Not reported" if value is None or value == "" else money.pounds_short(Decimal(value))


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """``1,234.5``."""
    return "Not reported" if value is None or value == "" else money.quantity_text(Decimal(value))


@register.filter
def measured(value: Decimal | int | None, unit: str = "") -> str:
    """``120 staff hours``, or ``£1,200`` where the unit is money."""
    return "Not reported" if value is None or value == "" else money.measured(Decimal(value), unit)


@register.filter
def percent(value: Decimal | int | None, places: int = 0) -> str:
    """``38%`` from a percentage."""
    if value is None or value == "":
        return "Not reported"
    return money.percent_text(Decimal(value), int(places))


@register.filter
def uk_date(value: datetime.date | datetime.datetime | None) -> str:
    """``9 September 2021``, in London."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return periods.uk_date(value)


@register.filter
def uk_datetime(value: datetime.datetime | None) -> str:
    """``9 September 2021, 2:30pm``, in London."""
    if not value:
        return ""
    return periods.uk_moment(timezone.localtime(value) if timezone.is_aware(value) else value)


@register.filter
def quarter(value: datetime.date | None) -> str:
    """``2026 to 2027, quarter 2``."""
    return periods.quarter_label(value) if value else ""


@register.filter
def financial_year(value: Any) -> str:
    """``2026 to 2027`` from a date or a financial year."""
    if isinstance(value, datetime.date):
        return periods.FinancialYear.of(value).label
    return str(getattr(value, "label", value or ""))
