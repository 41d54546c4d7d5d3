
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0017_care_education'),
        ('satker', '0001_initial'),
        ('training', '0007_verify_answer_times'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['jabatan', 'full_name', 'id'], name='participant_jabatan'),
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['province', 'jabatan', 'full_name'], name='participant_prov_jabatan'),
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['satker', 'created_at', 'id'], name='participant_satker_created'),
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['satker', 'golongan', 'full_name', 'id'], name='participant_satker_golongan'),
        ),
    ]
