"""Reports: list, start, write, sign, freeze, read, keep."""

from reporting.cabinet.views.details import Change, Contacts
from reporting.cabinet.views.files import Annex, Everything, FiguresCsv, Html, Pack, Pdf, Twin
from reporting.cabinet.views.foi import Foi, FoiFile
from reporting.cabinet.views.freezing import Freeze, Job, MakeFiles, Report
from reporting.cabinet.views.listing import Export, Reports, Start
from reporting.cabinet.views.reissuing import Compare, CompareExport, Reissue
from reporting.cabinet.views.sections import (
    DropDraft,
    Heading,
    KeepDraft,
    MoveSection,
    Preview,
    RemoveSection,
    Section,
    Sections,
)
from reporting.cabinet.views.signing import AskForSignOff, SignOff
from reporting.cabinet.views.templates import (
    ArchiveTemplate,
    CopyTemplate,
    Template,
    Templates,
    TemplateSection,
)

__all__ = [
    "Annex",
    "ArchiveTemplate",
    "AskForSignOff",
    "Change",
    "Compare",
    "CompareExport",
    "Contacts",
    "CopyTemplate",
    "DropDraft",
    "Everything",
    "Export",
    "FiguresCsv",
    "Foi",
    "FoiFile",
    "Freeze",
    "Heading",
    "Html",
    "Job",
    "KeepDraft",
    "MakeFiles",
    "MoveSection",
    "Pack",
    "Pdf",
    "Preview",
    "Reissue",
    "RemoveSection",
    "Report",
    "Reports",
    "Section",
    "Sections",
    "SignOff",
    "Start",
    "Template",
    "TemplateSection",
    "Templates",
    "Twin",
]
