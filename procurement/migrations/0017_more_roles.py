from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0016_long_files'),
    ]

    operations = [
        migrations.AlterField(
            model_name='policyapproval',
            name='role',
            field=models.CharField(choices=[('organisation_admin', 'Organisation administrator'), ('policy_owner', 'Policy owner'), ('procurement_officer', 'Procurement officer'), ('evaluator', 'Evaluator'), ('approver', 'Approver'), ('contract_manager', 'Contract manager'), ('directorate_manager', 'Directorate manager'), ('report_author', 'Report author'), ('auditor', 'Auditor'), ('regional_analyst', 'Regional analyst'), ('regional_admin', 'Regional administrator'), ('supplier_admin', 'Supplier administrator'), ('supplier_contributor', 'Supplier contributor'), ('member', 'Member, no rights yet')], max_length=30),
        ),
    ]
