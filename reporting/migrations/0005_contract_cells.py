from django.db import migrations, models

TAKEN = {
    "postgresql": "SELECT CAST(jsonb_array_elements_text(entry_ids) AS BIGINT) FROM procurement_pendingposting",
    "sqlite": "SELECT one.value FROM procurement_pendingposting, json_each(entry_ids) AS one",
}


def fill(apps, schema_editor):
    """The cells of what is rolled up already: every entry but those that wait in the feed."""
    waiting = TAKEN[schema_editor.connection.vendor]
    schema_editor.execute(
        "INSERT INTO reporting_contractcell (contract_id, basis, period, value_pence, entries) "
        "SELECT contract_id, basis, period, SUM(value_pence), COUNT(*) FROM procurement_ledgerentry "
        f"WHERE id NOT IN ({waiting}) GROUP BY contract_id, basis, period"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0011_life_of_a_contract"),
        ("reporting", "0004_publications"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContractCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("basis", models.CharField(max_length=10)),
                ("contract_id", models.BigIntegerField()),
                ("period", models.DateField()),
                ("value_pence", models.BigIntegerField()),
                ("entries", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("contract_id", "basis", "period"), name="contract_cell_once")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.DeleteModel(name="ContractTotal"),
    ]
