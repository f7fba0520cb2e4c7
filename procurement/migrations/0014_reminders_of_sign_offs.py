from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0013_when_a_contract_ended"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reminder",
            name="event",
            field=models.CharField(
                choices=[
                    ("claim_due", "A delivery falls due"),
                    ("claim_late", "A delivery is late"),
                    ("claim_returned", "A claim was returned"),
                    ("to_verify", "Claims wait for a decision"),
                    ("step_due", "A step of a rectification plan falls due"),
                    ("change_waits", "A change waits for an answer"),
                    ("plan_waits", "An action plan waits to be agreed"),
                    ("kpi_due", "A yearly KPI rating falls due"),
                    ("shortfall_waits", "A shortfall or a remedy waits for you"),
                    ("sign_off_waits", "A report waits to be signed off"),
                    ("shortfall_news", "Decided on a shortfall or a change"),
                ],
                max_length=20,
            ),
        ),
    ]
