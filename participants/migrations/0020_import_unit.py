
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0002_invite'),
        ('participants', '0019_led_by_name'),
        ('satker', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='participantimport',
            name='province',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satker.satker', verbose_name='provinsi'),
        ),
        migrations.AddField(
            model_name='participantimport',
            name='satker',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satker.satker', verbose_name='satker'),
        ),
        migrations.AddIndex(
            model_name='participantimport',
            index=models.Index(fields=['-uploaded_at', '-id'], name='import_newest'),
        ),
        migrations.AddIndex(
            model_name='participantimport',
            index=models.Index(fields=['province', '-uploaded_at'], name='import_province'),
        ),
    ]
