"""Writing reports, freezing them, and the forms they begin from."""

from reporting.cabinet.services.arranging import (
    add_section,
    change_section,
    move_section,
    remove_section,
)
from reporting.cabinet.services.drafts import KeptDraft, drop_draft, keep_draft
from reporting.cabinet.services.freezing import freeze_report
from reporting.cabinet.services.starting import start_report
from reporting.cabinet.services.templates import (
    TemplateSection,
    archive_template,
    change_template,
    copy_form,
    write_template_section,
)
from reporting.cabinet.services.writing import (
    Contact,
    change_report,
    set_contacts,
    write_section,
)

__all__ = [
    "Contact",
    "KeptDraft",
    "TemplateSection",
    "add_section",
    "archive_template",
    "change_report",
    "change_section",
    "change_template",
    "copy_form",
    "drop_draft",
    "freeze_report",
    "keep_draft",
    "move_section",
    "remove_section",
    "set_contacts",
    "start_report",
    "write_section",
    "write_template_section",
]
