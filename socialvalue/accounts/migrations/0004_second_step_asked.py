from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="asks_second_step",
            field=models.BooleanField(default=False),
        ),
    ]
