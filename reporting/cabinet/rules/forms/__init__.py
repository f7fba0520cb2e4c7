"""The forms that come with the service, one a kind of report."""

from reporting.cabinet.rules.forms import annual, cabinet, directorate, region, statement, summary
from reporting.cabinet.rules.forms.shapes import LEANED_ON, PLACES, Facts, Form, FormSection
from reporting.cabinet.vocabulary import ReportKind

__all__ = ["FORMS", "LEANED_ON", "PLACES", "Facts", "Form", "FormSection", "form_of"]

FORMS: dict[str, Form] = {
    form.kind: form
    for form in (
        cabinet.FORM,
        annual.FORM,
        directorate.FORM,
        region.FORM,
        summary.FORM,
        statement.FORM,
    )
}


def form_of(kind: str) -> Form:
    """The form of a kind. KeyError names one that is none."""
    return FORMS[ReportKind(kind)]
