"""Sections know their own heading and number, and name their charts and tables in the text as the writer would."""

from django.db import migrations

HEADINGS = {
    "recommendation": ("Recommendation", False),
    "executive_summary": ("Executive Summary", True),
    "financial": ("Financial Implications", True),
    "environmental": ("Environmental Implications", True),
    "supporting": ("Supporting Information", True),
    "timescales": ("Timescales associated with the decision and next steps", True),
    "appendices": ("Appendices", False),
    "background_papers": ("Background Papers", False),
}
EXHIBITS = {
    "executive_summary": ("{chart:themes}", "{table:themes}"),
    "financial": ("{chart:quarters}", "{table:quarters}"),
    "environmental": ("{table:environment}",),
    "supporting": ("{table:compared}", "{table:contracts}", "{table:measures}"),
    "appendices": ("{table:definitions}",),
}


def tell(apps, schema_editor):
    section = apps.get_model("reporting", "CabinetSection")
    for row in section.objects.select_related("report"):
        row.heading, row.is_numbered = HEADINGS[row.kind]
        if row.report.status == "draft":
            row.narrative = "\n\n".join([row.narrative, *EXHIBITS.get(row.kind, ())]).strip()
        row.save(update_fields=["heading", "is_numbered", "narrative"])


def untell(apps, schema_editor):
    section = apps.get_model("reporting", "CabinetSection")
    for row in section.objects.filter(report__status="draft"):
        for exhibit in EXHIBITS.get(row.kind, ()):
            row.narrative = row.narrative.replace(exhibit, "")
        row.narrative = row.narrative.strip()
        row.save(update_fields=["narrative"])


class Migration(migrations.Migration):
    dependencies = [("reporting", "0007_report_kinds")]

    operations = [migrations.RunPython(tell, untell)]
