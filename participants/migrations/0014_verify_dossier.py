import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0012_quality'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='fieldnote',
            name='field_note_known_field',
        ),
        migrations.AddConstraint(
            model_name='fieldnote',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ('nip', 'full_name', 'birth_place', 'birth_date', 'religion', 'sex', 'satker', 'jabatan', 'golongan', 'education', 'study_programme', 'email', 'phone', 'address', 'special_needs', 'clothing_size', 'shoe_size'))), name='field_note_known_field'),
        ),
        migrations.AddField(
            model_name='dossierziprow',
            name='base',
            field=models.ForeignKey(help_text='The current file when the archive was looked at.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='participants.dossierdocument'),
        ),
    ]
