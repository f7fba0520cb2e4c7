"""Forms of reports, their sections and templates."""

from reporting.cabinet.forms.reports import (
    ChangeForm,
    CirculationForm,
    ContactForm,
    ContactFormSet,
    ReportFilterForm,
    StartForm,
)
from reporting.cabinet.forms.sections import AddSectionForm, HeadingForm, SectionForm
from reporting.cabinet.forms.signing import SignForm
from reporting.cabinet.forms.templates import CopyForm, TemplateForm, TemplateSections

__all__ = [
    "AddSectionForm",
    "ChangeForm",
    "CirculationForm",
    "ContactForm",
    "ContactFormSet",
    "CopyForm",
    "HeadingForm",
    "ReportFilterForm",
    "SectionForm",
    "SignForm",
    "StartForm",
    "TemplateForm",
    "TemplateSections",
]
