
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0006_care_entry_golongan'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='kode')),
                ('name', models.CharField(max_length=100, verbose_name='nama')),
                ('working_days', models.PositiveSmallIntegerField(help_text='Paling lama sekian hari kerja sesudah masuk.', verbose_name='hari kerja')),
            ],
            options={
                'verbose_name': 'waktu jawab',
                'verbose_name_plural': 'waktu jawab',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('working_days__range', (1, 20))), name='answer_time_within_reason', violation_error_message='Isi antara 1 dan 20 hari kerja.')],
            },
        ),
    ]
