import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('participants', '0026_planning_numbers'),
        ('training', '0011_sessions'),
    ]

    operations = [
        migrations.CreateModel(
            name='AbsenceWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('ok', 'Aman'), ('warn', 'Mendekati batas'), ('over', 'Melewati batas')], max_length=4)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absence_warnings', to='training.batch')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absence_warnings', to='participants.participant')),
            ],
            options={
                'verbose_name': 'peringatan kehadiran',
                'verbose_name_plural': 'peringatan kehadiran',
                'ordering': ['-since'],
                'indexes': [models.Index(fields=['state', 'batch'], name='absence_warning_state')],
                'constraints': [models.UniqueConstraint(fields=('participant', 'batch'), name='absence_warning_once')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(choices=[('H', 'Hadir'), ('I', 'Izin'), ('S', 'Sakit'), ('A', 'Alpa'), ('T', 'Terlambat')], max_length=1, verbose_name='kehadiran')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='catatan')),
                ('source', models.CharField(choices=[('click', 'Lembar kehadiran'), ('file', 'Berkas'), ('self', 'Lapor hadir sendiri')], default='click', max_length=5, verbose_name='lewat')),
                ('marked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dicatat')),
                ('version', models.PositiveIntegerField(default=1)),
                ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='participants.participant', verbose_name='peserta')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='training.trainingsession', verbose_name='sesi')),
            ],
            options={
                'verbose_name': 'kehadiran',
                'verbose_name_plural': 'kehadiran',
                'ordering': ['session', 'participant'],
                'constraints': [models.UniqueConstraint(fields=('participant', 'session'), name='attendance_once'), models.CheckConstraint(condition=models.Q(('mark__in', ['H', 'I', 'S', 'A', 'T'])), name='attendance_mark_known')],
            },
        ),
        migrations.CreateModel(
            name='AttendanceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old', models.CharField(blank=True, max_length=1)),
                ('new', models.CharField(choices=[('H', 'Hadir'), ('I', 'Izin'), ('S', 'Sakit'), ('A', 'Alpa'), ('T', 'Terlambat')], max_length=1)),
                ('source', models.CharField(choices=[('click', 'Lembar kehadiran'), ('file', 'Berkas'), ('self', 'Lapor hadir sendiri')], max_length=5)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('attendance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='participants.attendance')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'perubahan kehadiran',
                'verbose_name_plural': 'perubahan kehadiran',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CalendarAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=32)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dibuat')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_address', to=settings.AUTH_USER_MODEL, verbose_name='akun')),
            ],
            options={
                'verbose_name': 'alamat kalender',
                'verbose_name_plural': 'alamat kalender',
            },
        ),
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('progress', 'Kemajuan fase'), ('attendance', 'Kehadiran'), ('timetable', 'Acara')], max_length=10, verbose_name='isi')),
                ('phase_kind', models.CharField(blank=True, choices=[('mooc', 'MOOC'), ('elearning', 'E-learning'), ('klasikal', 'Klasikal'), ('seminar_rancangan', 'Seminar rancangan'), ('habituasi', 'Habituasi'), ('pktbt', 'PKTBT'), ('seminar_hasil', 'Seminar hasil')], max_length=18, verbose_name='jenis fase')),
                ('mapping', models.JSONField(default=dict)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('institute', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.institute', verbose_name='lembaga')),
                ('updated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pilihan kolom',
                'verbose_name_plural': 'pilihan kolom',
                'constraints': [models.UniqueConstraint(fields=('institute', 'kind', 'phase_kind'), name='column_mapping_once')],
            },
        ),
        migrations.CreateModel(
            name='PktbtActivity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=150, verbose_name='topik')),
                ('form', models.CharField(choices=[('coaching', 'Coaching atau mentoring'), ('training', 'Pelatihan atau bimtek'), ('seminar', 'Seminar atau lokakarya'), ('self_study', 'Belajar mandiri'), ('assignment', 'Penugasan')], default='coaching', max_length=12, verbose_name='bentuk')),
                ('starts_on', models.DateField(verbose_name='mulai')),
                ('ends_on', models.DateField(verbose_name='selesai')),
                ('hours', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(200)], verbose_name='JP')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='dilaksanakan')),
                ('evidence', models.FileField(blank=True, upload_to='pktbt/%Y/%m/', verbose_name='bukti')),
                ('evidence_name', models.CharField(blank=True, max_length=150, verbose_name='nama berkas')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pktbt', to='participants.participant', verbose_name='peserta')),
                ('phase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pktbt', to='training.batchphase', verbose_name='fase')),
            ],
            options={
                'verbose_name': 'kegiatan PKTBT',
                'verbose_name_plural': 'kegiatan PKTBT',
                'ordering': ['starts_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='pktbt_dates_in_order', violation_error_message='Selesai harus sesudah mulai.'), models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('hours__lte', 200)), name='pktbt_hours_in_range')],
            },
        ),
        migrations.CreateModel(
            name='TableUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('progress', 'Kemajuan fase'), ('attendance', 'Kehadiran'), ('timetable', 'Acara')], max_length=10, verbose_name='isi')),
                ('filename', models.CharField(max_length=150, verbose_name='berkas')),
                ('sha256', models.CharField(max_length=64)),
                ('headings', models.JSONField(default=list)),
                ('rows', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=dict)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='diunggah')),
                ('saved_at', models.DateTimeField(blank=True, null=True, verbose_name='disimpan')),
                ('saved_rows', models.PositiveIntegerField(default=0)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.batch', verbose_name='angkatan')),
                ('phase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.batchphase', verbose_name='fase')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.trainingsession', verbose_name='sesi')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diunggah oleh')),
            ],
            options={
                'verbose_name': 'unggahan tabel',
                'verbose_name_plural': 'unggahan tabel',
                'ordering': ['-uploaded_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'progress'), ('phase__isnull', False), ('session', None)), models.Q(('kind', 'attendance'), ('phase', None), ('session__isnull', False)), models.Q(('kind', 'timetable'), ('phase', None), ('session', None)), _connector='OR'), name='table_upload_has_its_place')],
            },
        ),
        migrations.AddField(
            model_name='phaseprogress',
            name='detail',
            field=models.CharField(blank=True, max_length=80, verbose_name='rincian'),
        ),
        migrations.AddField(
            model_name='phaseprogress',
            name='percent',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='kemajuan (%)'),
        ),
        migrations.AddField(
            model_name='phaseprogress',
            name='source',
            field=models.CharField(choices=[('form', 'Dicatat di portal'), ('import', 'Dari berkas'), ('satker', 'Dilaporkan satker')], default='form', max_length=6, verbose_name='sumber'),
        ),
        migrations.AddConstraint(
            model_name='phaseprogress',
            constraint=models.CheckConstraint(condition=models.Q(('percent', None), ('percent__lte', 100), _connector='OR'), name='progress_percent_in_range'),
        ),
    ]
