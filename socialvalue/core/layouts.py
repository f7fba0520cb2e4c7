"""Layout objects for a form's ``helper.layout``: a question as the page heading, a group, columns.

``form.helper.layout = Layout(Question("title", heading=True), Group("Dates", "starts_on", "ends_on"))``
"""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Field, LayoutObject
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify


class Question(Field):
    """One field. ``heading`` makes its label the h1 of the page; ``size`` is xl, l, m, s or empty."""

    def __init__(
        self,
        name: str,
        *,
        heading: bool = False,
        size: str | None = None,
        label_hidden: bool = False,
    ) -> None:
        super().__init__(name)
        self.extra = {
            "as_heading": heading,
            "label_size": size if size is not None else ("l" if heading else "s"),
            "label_hidden": label_hidden,
        }

    def render(
        self,
        form: Any,
        context: Any,
        template_pack: Any = None,
        extra_context: Any = None,
        **kwargs: Any,
    ) -> SafeString:
        return super().render(
            form, context, extra_context={**self.extra, **(extra_context or {})}, **kwargs
        )


class Group(LayoutObject):
    """Fields under one legend; ``heading`` makes the legend the h1 of the page."""

    def __init__(
        self,
        legend: str,
        *fields: Any,
        heading: bool = False,
        size: str | None = None,
        hint: str = "",
    ) -> None:
        self.legend, self.hint, self.heading = legend, hint, heading
        self.fields = list(fields)
        self.size = size if size is not None else ("l" if heading else "m")

    def render(
        self, form: Any, context: Any, template_pack: Any = "govuk", **kwargs: Any
    ) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            "govuk/layout/heading_fieldset.html",
            {
                "id": f"group-{slugify(self.legend)}",
                "legend": self.legend,
                "hint": self.hint,
                "size": self.size,
                "as_heading": self.heading,
                "fields": fields,
            },
        )


class Columns(LayoutObject):
    """Fields side by side on a wide screen, one under the other on a narrow one."""

    def __init__(self, *fields: Any) -> None:
        self.fields = list(fields)

    def render(
        self, form: Any, context: Any, template_pack: Any = "govuk", **kwargs: Any
    ) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return format_html('<div class="sv-columns">{}</div>', SafeString(fields))
