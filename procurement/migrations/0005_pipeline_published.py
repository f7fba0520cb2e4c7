"""When the pipeline notice of a year was published, and where to see it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0004_guards_again")]

    operations = [
        migrations.AddField(
            model_name="yearlyspend",
            name="pipeline_published_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="yearlyspend",
            name="pipeline_reference",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
    ]
