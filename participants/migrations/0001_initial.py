import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('documents', '0001_initial'),
        ('jobs', '0001_initial'),
        ('satker', '0001_initial'),
        ('training', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nip', models.CharField(error_messages={'unique': 'NIP ini sudah terdaftar.'}, max_length=18, unique=True, verbose_name='NIP')),
                ('full_name', models.CharField(help_text='Dengan gelar, seperti di SK CPNS.', max_length=150, verbose_name='nama lengkap')),
                ('golongan', models.CharField(choices=[('II/a', 'II/a'), ('II/b', 'II/b'), ('II/c', 'II/c'), ('III/a', 'III/a'), ('III/b', 'III/b')], max_length=5, verbose_name='golongan')),
                ('jabatan', models.CharField(max_length=150, verbose_name='jabatan')),
                ('education', models.CharField(blank=True, max_length=60, verbose_name='pendidikan')),
                ('study_programme', models.CharField(blank=True, max_length=120, verbose_name='program studi')),
                ('birth_place', models.CharField(blank=True, max_length=80, verbose_name='tempat lahir')),
                ('birth_date', models.DateField(verbose_name='tanggal lahir')),
                ('sex', models.CharField(choices=[('L', 'Laki-laki'), ('P', 'Perempuan')], max_length=1, verbose_name='jenis kelamin')),
                ('religion', models.CharField(blank=True, choices=[('Islam', 'Islam'), ('Kristen', 'Kristen'), ('Katolik', 'Katolik'), ('Hindu', 'Hindu'), ('Buddha', 'Buddha'), ('Khonghucu', 'Khonghucu'), ('Kepercayaan', 'Kepercayaan terhadap Tuhan YME')], max_length=20, verbose_name='agama')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='No. HP')),
                ('address', models.CharField(blank=True, max_length=250, verbose_name='alamat')),
                ('special_needs', models.CharField(blank=True, max_length=200, verbose_name='kebutuhan khusus')),
                ('tmt_cpns', models.DateField(verbose_name='TMT CPNS')),
                ('deadline', models.DateField(verbose_name='batas masa percobaan')),
                ('stage', models.CharField(choices=[('registered', 'Terdaftar'), ('submitted', 'Diajukan ke provinsi'), ('returned', 'Dikembalikan'), ('verified', 'Terverifikasi'), ('approved', 'Disetujui PKSDM'), ('placed', 'Ditempatkan'), ('training', 'Sedang Latsar'), ('graduated', 'Lulus')], default='registered', max_length=12, verbose_name='tahap')),
                ('stage_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='tahap sejak')),
                ('return_note', models.CharField(blank=True, max_length=500, verbose_name='catatan pengembalian')),
                ('qualification', models.CharField(blank=True, max_length=40, verbose_name='kualifikasi')),
                ('aktualisasi_title', models.CharField(blank=True, help_text='Dari rancangan yang terakhir disetujui mentor.', max_length=250, verbose_name='judul aktualisasi')),
                ('graduated_on', models.DateField(blank=True, null=True, verbose_name='tanggal lulus')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='training.batch', verbose_name='angkatan')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satker.satker', verbose_name='provinsi')),
                ('satker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='satker.satker', verbose_name='satker')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='participant', to=settings.AUTH_USER_MODEL, verbose_name='akun')),
            ],
            options={
                'verbose_name': 'peserta',
                'verbose_name_plural': 'peserta',
                'ordering': ['full_name', 'pk'],
                'indexes': [models.Index(fields=['province', 'full_name'], name='participant_province_name'), models.Index(fields=['satker', 'full_name'], name='participant_satker_name'), models.Index(fields=['full_name', 'id'], name='participant_name'), models.Index(fields=['deadline', 'id'], name='participant_deadline'), models.Index(fields=['province', 'deadline'], name='participant_prov_deadline'), models.Index(fields=['province', 'stage', 'deadline'], name='participant_funnel'), models.Index(fields=['stage', 'stage_at'], name='participant_queue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('nip__regex', '^[0-9]{18}$')), name='participant_nip_18_digits', violation_error_message='NIP harus 18 angka.'), models.CheckConstraint(condition=models.Q(('deadline__gt', models.F('tmt_cpns'))), name='participant_deadline_after_tmt'), models.CheckConstraint(condition=models.Q(models.Q(('graduated_on__isnull', False), ('stage', 'graduated')), models.Q(models.Q(('stage', 'graduated'), _negated=True), ('graduated_on', None)), _connector='OR'), name='participant_graduated_paired'), models.CheckConstraint(condition=models.Q(models.Q(('batch__isnull', False), ('stage__in', ['placed', 'training', 'graduated'])), models.Q(models.Q(('stage__in', ['placed', 'training', 'graduated']), _negated=True), ('batch', None)), _connector='OR'), name='participant_seated_has_batch')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revoked', models.BooleanField(default=False, verbose_name='dicabut')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='training.batch', verbose_name='angkatan')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='documents.issueddocument', verbose_name='dokumen')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='participants.participant', verbose_name='peserta')),
            ],
            options={
                'verbose_name': 'sertifikat',
                'verbose_name_plural': 'sertifikat',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked', False)), fields=('participant', 'batch'), name='certificate_once')],
            },
        ),
        migrations.CreateModel(
            name='ParticipantImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200, verbose_name='berkas')),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('preview', 'Menunggu keputusan'), ('committing', 'Sedang disimpan'), ('committed', 'Tersimpan'), ('discarded', 'Dibatalkan')], default='preview', max_length=10)),
                ('new_count', models.PositiveIntegerField(default=0)),
                ('changed_count', models.PositiveIntegerField(default=0)),
                ('same_count', models.PositiveIntegerField(default=0)),
                ('error_count', models.PositiveIntegerField(default=0, help_text='Rows with at least one error.')),
                ('problem_count', models.PositiveIntegerField(default=0, help_text='Errors of all rows together.')),
                ('committed_at', models.DateTimeField(null=True)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='participant_import', to='jobs.job')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL, verbose_name='diunggah oleh')),
            ],
            options={
                'verbose_name': 'impor peserta',
                'verbose_name_plural': 'impor peserta',
                'ordering': ['-uploaded_at'],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='The row as Excel numbers it.')),
                ('nip', models.CharField(blank=True, max_length=18)),
                ('label', models.CharField(blank=True, max_length=150)),
                ('outcome', models.CharField(choices=[('new', 'Baru'), ('changed', 'Berubah'), ('same', 'Sama'), ('error', 'Salah')], max_length=8)),
                ('data', models.JSONField(default=dict)),
                ('raw', models.JSONField(default=list)),
                ('changes', models.JSONField(default=dict)),
                ('errors', models.JSONField(default=list)),
                ('base_version', models.PositiveIntegerField(help_text='Version of the person it would change.', null=True)),
                ('saved_at', models.DateTimeField(help_text='Set in the transaction that saved the person, so that it happens once.', null=True)),
                ('participant_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='participants.participantimport')),
            ],
            options={
                'ordering': ['participant_import', 'number'],
                'indexes': [models.Index(fields=['participant_import', 'outcome'], name='import_row_outcome')],
                'constraints': [models.UniqueConstraint(fields=('participant_import', 'number'), name='import_row_once')],
            },
        ),
        migrations.CreateModel(
            name='ParticipantStageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=24)),
                ('old', models.CharField(blank=True, choices=[('registered', 'Terdaftar'), ('submitted', 'Diajukan ke provinsi'), ('returned', 'Dikembalikan'), ('verified', 'Terverifikasi'), ('approved', 'Disetujui PKSDM'), ('placed', 'Ditempatkan'), ('training', 'Sedang Latsar'), ('graduated', 'Lulus')], max_length=12)),
                ('new', models.CharField(choices=[('registered', 'Terdaftar'), ('submitted', 'Diajukan ke provinsi'), ('returned', 'Dikembalikan'), ('verified', 'Terverifikasi'), ('approved', 'Disetujui PKSDM'), ('placed', 'Ditempatkan'), ('training', 'Sedang Latsar'), ('graduated', 'Lulus')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_changes', to='participants.participant')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PhaseProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Belum mulai'), ('running', 'Berjalan'), ('done', 'Selesai')], max_length=8, verbose_name='keadaan')),
                ('marked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='participants.participant', verbose_name='peserta')),
                ('phase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='training.batchphase', verbose_name='fase')),
            ],
            options={
                'verbose_name': 'kemajuan fase',
                'verbose_name_plural': 'kemajuan fase',
                'indexes': [models.Index(fields=['phase', 'state'], name='progress_phase')],
                'constraints': [models.UniqueConstraint(fields=('participant', 'phase'), name='progress_once')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='kelompok')),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ditempatkan')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='dilepas')),
                ('release_reason', models.CharField(blank=True, max_length=300, verbose_name='alasan')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='participants.participant', verbose_name='peserta')),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='training.seat', verbose_name='kursi')),
            ],
            options={
                'verbose_name': 'penempatan',
                'verbose_name_plural': 'penempatan',
                'ordering': ['seat'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('seat',), name='placement_seat_once'), models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('participant',), name='placement_person_once'), models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('released_by', None)), models.Q(('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='placement_released_paired')],
            },
        ),
        migrations.CreateModel(
            name='RegistrationDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='registration_draft', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
