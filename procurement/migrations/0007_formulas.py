"""More formulas than one; a target where the formula has one. Frozen with the rest of the tender."""

from importlib import import_module

from django.db import migrations, models

guards = import_module("procurement.migrations.0004_guards_again")
sector = import_module("procurement.migrations.0006_tender_sector")


def install(apps, schema_editor):
    sector.put(schema_editor, (*sector.COLUMNS, "target_value"))


class Migration(migrations.Migration):
    dependencies = [("procurement", "0006_tender_sector")]

    operations = [
        # SQLite copies a table to alter it: the guards step aside and come back at the end.
        migrations.RunPython(guards.remove, sector.install),
        migrations.AddField(
            model_name="tender",
            name="target_value",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AlterField(
            model_name="tender",
            name="formula",
            field=models.CharField(
                choices=[
                    ("share_of_highest", "Share of the highest social value offered"),
                    ("share_of_price", "Social value for the price, as a share of the highest"),
                    ("target", "Share of a target"),
                ],
                default="share_of_highest",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("formula", "target"), ("target_value__gt", 0))
                | models.Q(models.Q(("formula", "target"), _negated=True), ("target_value__isnull", True)),
                name="tender_target_with_its_formula",
            ),
        ),
        migrations.RunPython(install, guards.remove),
    ]
