"""Claims without a rule and claims without a value have words of their own. What is recorded stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0018_what_may_go"),
    ]

    operations = [
        migrations.AlterField(
            model_name="verification",
            name="sampled",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not recorded"),
                    ("no_rule", "No sampling rule was in force when the claim was sent"),
                    (
                        "no_value",
                        "Checked in full: it has no value in pounds, and every such claim is",
                    ),
                    ("above", "Checked in full: above the value at which every claim is"),
                    ("drawn", "Checked in full: drawn in the sample"),
                    ("not_drawn", "Not drawn: accepted on the claim and its evidence"),
                ],
                default="",
                max_length=10,
            ),
        ),
    ]
