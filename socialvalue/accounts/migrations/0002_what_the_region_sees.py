from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="regionmembership",
            name="is_withheld",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="regionmembership",
            name="in_benchmark",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="regionmembership",
            name="choice_version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="regionmembership",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_withheld", False), ("in_benchmark", False), _connector="OR"),
                name="region_membership_withheld_is_not_compared",
            ),
        ),
    ]
