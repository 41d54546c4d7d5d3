import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('aktualisasi', '0004_papers_settled'),
        ('participants', '0029_duties'),
        ('training', '0014_seminar_rubric'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seminar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('seminar_rancangan', 'Seminar rancangan'), ('seminar_hasil', 'Seminar hasil')], max_length=18, verbose_name='jenis')),
                ('group', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='kelompok')),
                ('starts_at', models.DateTimeField(verbose_name='mulai')),
                ('ends_at', models.DateTimeField(verbose_name='selesai')),
                ('zone', models.CharField(choices=[('WIB', 'WIB'), ('WITA', 'WITA'), ('WIT', 'WIT')], default='WIB', max_length=4, verbose_name='zona waktu')),
                ('minutes', models.PositiveSmallIntegerField(default=45, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)], verbose_name='menit tiap orang')),
                ('room', models.CharField(blank=True, max_length=120, verbose_name='ruang')),
                ('link', models.URLField(blank=True, max_length=300, verbose_name='tautan ruang daring')),
                ('chair', models.CharField(blank=True, max_length=150, verbose_name='pemandu acara')),
                ('notes', models.CharField(blank=True, max_length=500, verbose_name='catatan bagi yang diundang')),
                ('state', models.CharField(choices=[('draft', 'Disusun'), ('announced', 'Diumumkan'), ('running', 'Berlangsung'), ('done', 'Selesai'), ('cancelled', 'Dibatalkan')], default='draft', max_length=9, verbose_name='keadaan')),
                ('state_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('cancel_reason', models.CharField(blank=True, max_length=500, verbose_name='alasan batal')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='diubah')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seminars', to='training.batch', verbose_name='angkatan')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'seminar',
                'verbose_name_plural': 'seminar',
                'ordering': ['starts_at', 'group', 'pk'],
                'indexes': [models.Index(fields=['batch', 'kind', 'starts_at'], name='seminar_batch'), models.Index(fields=['state', 'starts_at'], name='seminar_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('starts_at'))), name='seminar_times_in_order'), models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 240)), name='seminar_minutes_in_range'), models.CheckConstraint(condition=models.Q(('cancel_reason', ''), ('state', 'cancelled'), _negated=True), name='seminar_cancelled_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='SeminarExaminer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='penguji ke')),
                ('seminar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='examiners', to='aktualisasi.seminar', verbose_name='seminar')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='examined_seminars', to=settings.AUTH_USER_MODEL, verbose_name='penguji')),
            ],
            options={
                'verbose_name': 'penguji seminar',
                'verbose_name_plural': 'penguji seminar',
                'ordering': ['seminar', 'number'],
                'constraints': [models.UniqueConstraint(fields=('seminar', 'number'), name='seminar_examiner_number_once'), models.UniqueConstraint(fields=('seminar', 'user'), name='seminar_examiner_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 5)), name='seminar_examiner_in_range')],
            },
        ),
        migrations.CreateModel(
            name='SeminarTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='giliran')),
                ('starts_at', models.DateTimeField(verbose_name='mulai')),
                ('ends_at', models.DateTimeField(verbose_name='selesai')),
                ('break_after', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(240)], verbose_name='jeda sesudahnya (menit)')),
                ('outcome', models.CharField(blank=True, choices=[('accepted', 'Diterima'), ('revise', 'Diterima dengan perbaikan'), ('repeat', 'Diulang')], max_length=8, verbose_name='hasil')),
                ('outcome_at', models.DateTimeField(blank=True, null=True, verbose_name='dicatat')),
                ('revision_due_on', models.DateField(blank=True, null=True, verbose_name='perbaikan paling lambat')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='catatan berita acara')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='nomor berita acara')),
                ('version', models.PositiveIntegerField(default=1)),
                ('outcome_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seminar_turns', to='participants.participant', verbose_name='peserta')),
                ('seminar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='aktualisasi.seminar', verbose_name='seminar')),
            ],
            options={
                'verbose_name': 'giliran seminar',
                'verbose_name_plural': 'giliran seminar',
                'ordering': ['seminar', 'order'],
                'indexes': [models.Index(fields=['participant', 'starts_at'], name='seminar_turn_person')],
                'constraints': [models.UniqueConstraint(fields=('seminar', 'participant'), name='seminar_turn_once'), models.UniqueConstraint(fields=('seminar', 'order'), name='seminar_turn_order_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='seminar_turn_times_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('outcome_at', None), ('outcome_by', None)), models.Q(models.Q(('outcome', ''), _negated=True), ('outcome_at__isnull', False), ('outcome_by__isnull', False)), _connector='OR'), name='seminar_turn_outcome_paired'), models.CheckConstraint(condition=models.Q(('revision_due_on', None), ('outcome', 'revise'), ('outcome', 'repeat'), _connector='OR'), name='seminar_turn_due_needs_revision')],
            },
        ),
        migrations.CreateModel(
            name='SeminarMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rated_by', models.CharField(choices=[('lembaga', 'Lembaga'), ('penguji', 'Penguji'), ('coach', 'Coach'), ('mentor', 'Mentor'), ('satker', 'Satker')], max_length=8, verbose_name='dinilai oleh')),
                ('rater', models.PositiveSmallIntegerField(default=1, verbose_name='penilai ke')),
                ('state', models.CharField(choices=[('draft', 'Belum dikirim'), ('sent', 'Terkirim')], default='draft', max_length=5, verbose_name='keadaan')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='catatan')),
                ('note_version', models.PositiveIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='dikirim')),
                ('by_deputy', models.BooleanField(default=False, verbose_name='disalin dari kertas')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('scorer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seminar_marks', to=settings.AUTH_USER_MODEL, verbose_name='penilai')),
                ('typed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diketik oleh')),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='aktualisasi.seminarturn', verbose_name='giliran')),
            ],
            options={
                'verbose_name': 'nilai seminar',
                'verbose_name_plural': 'nilai seminar',
                'ordering': ['turn', 'rated_by', 'rater'],
                'constraints': [models.UniqueConstraint(fields=('turn', 'rated_by', 'rater'), name='seminar_mark_once'), models.CheckConstraint(condition=models.Q(('rater__gte', 1), ('rater__lte', 5)), name='seminar_mark_rater_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at', None), ('state', 'draft')), models.Q(('sent_at__isnull', False), ('state', 'sent')), _connector='OR'), name='seminar_mark_sent_paired')],
            },
        ),
        migrations.CreateModel(
            name='SeminarMarkChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=8)),
                ('values', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mark', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='aktualisasi.seminarmark')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SeminarMarkScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='nilai')),
                ('version', models.PositiveIntegerField(default=1)),
                ('cell_version', models.PositiveIntegerField(default=0)),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.scorecomponent', verbose_name='komponen')),
                ('mark', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='aktualisasi.seminarmark', verbose_name='nilai seminar')),
            ],
            options={
                'verbose_name': 'nilai komponen',
                'verbose_name_plural': 'nilai komponen',
                'ordering': ['mark', 'component__order'],
                'constraints': [models.UniqueConstraint(fields=('mark', 'component'), name='seminar_mark_score_once'), models.CheckConstraint(condition=models.Q(('value', None), models.Q(('value__gte', 0), ('value__lte', 100)), _connector='OR'), name='seminar_mark_0_to_100')],
            },
        ),
        migrations.CreateModel(
            name='SeminarStageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=12)),
                ('old', models.CharField(choices=[('draft', 'Disusun'), ('announced', 'Diumumkan'), ('running', 'Berlangsung'), ('done', 'Selesai'), ('cancelled', 'Dibatalkan')], max_length=9)),
                ('new', models.CharField(choices=[('draft', 'Disusun'), ('announced', 'Diumumkan'), ('running', 'Berlangsung'), ('done', 'Selesai'), ('cancelled', 'Dibatalkan')], max_length=9)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seminar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_changes', to='aktualisasi.seminar')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SeminarRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='nomor')),
                ('text', models.CharField(max_length=500, verbose_name='catatan perbaikan')),
                ('part', models.CharField(blank=True, max_length=60, verbose_name='bagian')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='diperbaiki')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='diperiksa')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='aktualisasi.seminarturn', verbose_name='giliran')),
            ],
            options={
                'verbose_name': 'perbaikan seminar',
                'verbose_name_plural': 'perbaikan seminar',
                'ordering': ['turn', 'number'],
                'constraints': [models.UniqueConstraint(fields=('turn', 'number'), name='seminar_revision_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='seminar_revision_done_paired'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('done_at__isnull', False)), _connector='OR'), name='seminar_revision_confirmed_after_done')],
            },
        ),
        migrations.CreateModel(
            name='SeminarPresence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('penguji', 'Penguji'), ('coach', 'Coach'), ('mentor', 'Mentor'), ('peserta', 'Peserta')], max_length=8, verbose_name='sebagai')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('name', models.CharField(max_length=150, verbose_name='nama')),
                ('nip', models.CharField(blank=True, max_length=18, verbose_name='NIP')),
                ('presence', models.CharField(choices=[('onsite', 'Hadir, luring'), ('online', 'Hadir, daring'), ('absent', 'Tidak hadir')], max_length=7, verbose_name='kehadiran')),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='aktualisasi.seminarturn', verbose_name='giliran')),
            ],
            options={
                'verbose_name': 'kehadiran seminar',
                'verbose_name_plural': 'kehadiran seminar',
                'ordering': ['turn', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('turn', 'role', 'number'), name='seminar_presence_once')],
            },
        ),
        migrations.CreateModel(
            name='SeminarPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='berita-acara/%Y/%m/')),
                ('name', models.CharField(max_length=200, verbose_name='nama berkas')),
                ('size', models.PositiveIntegerField(verbose_name='ukuran (byte)')),
                ('pages', models.PositiveSmallIntegerField(verbose_name='halaman')),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='aktualisasi.seminarturn', verbose_name='giliran')),
            ],
            options={
                'verbose_name': 'berita acara bertanda tangan',
                'verbose_name_plural': 'berita acara bertanda tangan',
                'ordering': ['-uploaded_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('turn', 'sha256'), name='seminar_paper_once')],
            },
        ),
    ]
