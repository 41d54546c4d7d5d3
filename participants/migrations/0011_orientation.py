import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('documents', '0001_initial'),
        ('participants', '0010_imports'),
        ('satker', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrientationProgramme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=150, verbose_name='judul')),
                ('method', models.CharField(choices=[('daring', 'Daring'), ('luring', 'Luring'), ('campuran', 'Daring dan luring')], default='daring', max_length=8, verbose_name='cara')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='tempat')),
                ('link', models.URLField(blank=True, max_length=300, verbose_name='tautan ruang daring')),
                ('starts_on', models.DateField(verbose_name='mulai')),
                ('ends_on', models.DateField(verbose_name='selesai')),
                ('min_attendance_percent', models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='kehadiran paling sedikit (%)')),
                ('state', models.CharField(choices=[('open', 'Berjalan'), ('finished', 'Selesai')], default='open', max_length=8, verbose_name='keadaan')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='diselesaikan')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orientations', to='satker.satker', verbose_name='provinsi penyelenggara')),
            ],
            options={
                'verbose_name': 'orientasi tugas',
                'verbose_name_plural': 'orientasi tugas',
                'ordering': ['-starts_on', '-pk'],
                'indexes': [models.Index(fields=['state', 'starts_on'], name='orientation_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='orientation_dates_in_order'), models.CheckConstraint(condition=models.Q(('min_attendance_percent__lte', 100)), name='orientation_percent'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('finished_by', None), ('state', 'open')), models.Q(('finished_at__isnull', False), ('finished_by__isnull', False), ('state', 'finished')), _connector='OR'), name='orientation_finished_paired')],
            },
        ),
        migrations.CreateModel(
            name='OrientationMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standing', models.CharField(choices=[('taking', 'Mengikuti'), ('passed', 'Menyelesaikan'), ('short', 'Kehadiran kurang'), ('removed', 'Dikeluarkan')], default='taking', max_length=8, verbose_name='keadaan')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ditambahkan')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='dikeluarkan')),
                ('remove_reason', models.CharField(blank=True, max_length=300, verbose_name='alasan')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orientations', to='participants.participant', verbose_name='peserta')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='participants.orientationprogramme', verbose_name='orientasi tugas')),
            ],
            options={
                'verbose_name': 'peserta orientasi tugas',
                'verbose_name_plural': 'peserta orientasi tugas',
                'ordering': ['participant__full_name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'participant'), name='orientation_member_once'), models.UniqueConstraint(condition=models.Q(('standing__in', ['taking', 'passed'])), fields=('participant',), name='orientation_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', False), ('removed_by__isnull', False), ('standing', 'removed'), models.Q(('remove_reason', ''), _negated=True)), models.Q(models.Q(('standing', 'removed'), _negated=True), ('remove_reason', ''), ('removed_at', None), ('removed_by', None)), _connector='OR'), name='orientation_removed_paired')],
            },
        ),
        migrations.CreateModel(
            name='OrientationSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='hari')),
                ('starts_at', models.TimeField(verbose_name='mulai')),
                ('ends_at', models.TimeField(verbose_name='selesai')),
                ('hours', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='JP')),
                ('title', models.CharField(max_length=150, verbose_name='materi')),
                ('speaker', models.CharField(blank=True, max_length=150, verbose_name='pemateri')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='participants.orientationprogramme', verbose_name='orientasi tugas')),
            ],
            options={
                'verbose_name': 'sesi orientasi tugas',
                'verbose_name_plural': 'sesi orientasi tugas',
                'ordering': ['programme', 'day', 'starts_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at')), ('hours__gte', 1)), name='orientation_session_in_order', violation_error_message='Sesi selesai sesudah mulai, dengan paling sedikit 1 JP.')],
            },
        ),
        migrations.CreateModel(
            name='OrientationAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(choices=[('H', 'Hadir'), ('I', 'Izin'), ('S', 'Sakit'), ('A', 'Alpa'), ('T', 'Terlambat')], max_length=1, verbose_name='kehadiran')),
                ('marked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dicatat')),
                ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='participants.orientationmember', verbose_name='peserta')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='participants.orientationsession', verbose_name='sesi')),
            ],
            options={
                'verbose_name': 'kehadiran orientasi tugas',
                'verbose_name_plural': 'kehadiran orientasi tugas',
                'ordering': ['session', 'member'],
                'constraints': [models.UniqueConstraint(fields=('session', 'member'), name='orientation_attendance_once'), models.CheckConstraint(condition=models.Q(('mark__in', ['H', 'I', 'S', 'A', 'T'])), name='orientation_mark_known')],
            },
        ),
        migrations.CreateModel(
            name='OrientationCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revoked', models.BooleanField(default=False, verbose_name='dicabut')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='orientation_certificate', to='documents.issueddocument', verbose_name='dokumen')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='participants.orientationmember', verbose_name='peserta')),
            ],
            options={
                'verbose_name': 'sertifikat orientasi tugas',
                'verbose_name_plural': 'sertifikat orientasi tugas',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked', False)), fields=('member',), name='orientation_certificate_once')],
            },
        ),
    ]
