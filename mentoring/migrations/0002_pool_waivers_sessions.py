import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('documents', '0002_upload'),
        ('mentoring', '0001_initial'),
        ('participants', '0029_duties'),
        ('training', '0013_institute_paper'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notes', models.TextField(blank=True, verbose_name='yang sudah disepakati')),
                ('notes_at', models.DateTimeField(blank=True, null=True, verbose_name='ditulis')),
                ('open_points', models.JSONField(default=list, verbose_name='yang masih terbuka')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dibuat')),
                ('received_at', models.DateTimeField(blank=True, null=True, verbose_name='diterima')),
                ('version', models.PositiveIntegerField(default=1)),
                ('after', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='taken_over', to='mentoring.mentorassignment', verbose_name='mentor baru')),
                ('before', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='mentoring.mentorassignment', verbose_name='mentor lama')),
                ('received_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'serah terima bimbingan',
                'verbose_name_plural': 'serah terima bimbingan',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='handover_between_two'), models.CheckConstraint(condition=models.Q(models.Q(('received_at', None), ('received_by', None)), models.Q(('received_at__isnull', False), ('received_by__isnull', False)), _connector='OR'), name='handover_received_paired')],
            },
        ),
        migrations.CreateModel(
            name='MentorCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revoked', models.BooleanField(default=False, verbose_name='dicabut')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentor_certificates', to='training.batch', verbose_name='angkatan')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mentor_certificate', to='documents.issueddocument', verbose_name='dokumen')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='mentoring.mentor', verbose_name='mentor')),
            ],
            options={
                'verbose_name': 'piagam mentor',
                'verbose_name_plural': 'piagam mentor',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked', False)), fields=('mentor', 'batch'), name='mentor_certificate_once')],
            },
        ),
        migrations.CreateModel(
            name='MentoringSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mentor', 'Mentor'), ('coach', 'Coach')], max_length=6, verbose_name='pembimbing sebagai')),
                ('bundle', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('mode', models.CharField(choices=[('offline', 'Luring'), ('online', 'Daring')], default='offline', max_length=7, verbose_name='cara')),
                ('starts_at', models.DateTimeField(verbose_name='mulai')),
                ('ends_at', models.DateTimeField(verbose_name='selesai')),
                ('zone', models.CharField(choices=[('WIB', 'WIB'), ('WITA', 'WITA'), ('WIT', 'WIT')], default='WIB', max_length=4, verbose_name='zona waktu')),
                ('place', models.CharField(blank=True, max_length=150, verbose_name='tempat')),
                ('link', models.URLField(blank=True, max_length=300, verbose_name='tautan ruang daring')),
                ('agenda', models.CharField(max_length=300, verbose_name='acara')),
                ('stage', models.CharField(choices=[('proposed', 'Diusulkan'), ('agreed', 'Disepakati'), ('noted', 'Menunggu paraf'), ('confirmed', 'Diparaf keduanya'), ('cancelled', 'Dibatalkan')], default='proposed', max_length=9, verbose_name='keadaan')),
                ('stage_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sejak')),
                ('last_side', models.CharField(choices=[('guide', 'Pembimbing'), ('participant', 'Peserta')], max_length=11, verbose_name='terakhir diisi')),
                ('notes', models.TextField(blank=True, verbose_name='uraian konsultasi')),
                ('next_steps', models.TextField(blank=True, verbose_name='tindak lanjut')),
                ('guide_confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='paraf pembimbing')),
                ('participant_confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='paraf peserta')),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='alasan batal')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dibuat')),
                ('version', models.PositiveIntegerField(default=1)),
                ('assignment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='mentoring.mentorassignment', verbose_name='penetapan')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diusulkan oleh')),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guided_sessions', to=settings.AUTH_USER_MODEL, verbose_name='pembimbing')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guidance', to='participants.participant', verbose_name='peserta')),
            ],
            options={
                'verbose_name': 'sesi bimbingan',
                'verbose_name_plural': 'sesi bimbingan',
                'ordering': ['-starts_at', '-pk'],
                'indexes': [models.Index(fields=['participant', 'kind', 'starts_at'], name='guidance_person'), models.Index(fields=['guide', 'stage', 'starts_at'], name='guidance_guide'), models.Index(fields=['stage', 'starts_at'], name='guidance_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='guidance_times_in_order', violation_error_message='Selesai harus sesudah mulai.'), models.CheckConstraint(condition=models.Q(('link', ''), ('link__startswith', 'https://'), _connector='OR'), name='guidance_link_is_https'), models.CheckConstraint(condition=models.Q(models.Q(('assignment__isnull', False), ('kind', 'mentor')), models.Q(('assignment', None), ('kind', 'coach')), _connector='OR'), name='guidance_mentor_has_assignment'), models.CheckConstraint(condition=models.Q(models.Q(('guide_confirmed_at__isnull', False), ('participant_confirmed_at__isnull', False), ('stage', 'confirmed')), models.Q(('guide_confirmed_at__isnull', False), ('last_side', 'guide'), ('participant_confirmed_at', None), ('stage', 'noted')), models.Q(('guide_confirmed_at', None), ('last_side', 'participant'), ('participant_confirmed_at__isnull', False), ('stage', 'noted')), models.Q(('guide_confirmed_at', None), ('participant_confirmed_at', None), ('stage__in', ['proposed', 'agreed', 'cancelled'])), _connector='OR'), name='guidance_counts_when_both_confirmed'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['noted', 'confirmed']), _negated=True), models.Q(('notes', ''), _negated=True), _connector='OR'), name='guidance_noted_has_notes'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'cancelled'), models.Q(('cancel_reason', ''), _negated=True)), models.Q(models.Q(('stage', 'cancelled'), _negated=True), ('cancel_reason', '')), _connector='OR'), name='guidance_cancelled_has_reason'), models.UniqueConstraint(fields=('bundle', 'participant'), name='guidance_once_in_bundle')],
            },
        ),
        migrations.CreateModel(
            name='MentorTraining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='tanggal pembekalan')),
                ('organiser', models.CharField(max_length=150, verbose_name='penyelenggara')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='keterangan')),
                ('file', models.FileField(blank=True, upload_to='pembekalan/%Y/%m/', verbose_name='bukti')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='nama berkas')),
                ('file_kind', models.CharField(blank=True, choices=[('pdf', 'PDF'), ('jpeg', 'JPEG'), ('png', 'PNG')], max_length=5)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dicatat')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trainings', to='mentoring.mentor', verbose_name='mentor')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
            ],
            options={
                'verbose_name': 'pembekalan mentor',
                'verbose_name_plural': 'pembekalan mentor',
                'ordering': ['-held_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('mentor', 'held_on', 'organiser'), name='mentor_training_once', violation_error_message='Pembekalan ini sudah tercatat.')],
            },
        ),
        migrations.CreateModel(
            name='MentorWaiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extra_places', models.PositiveSmallIntegerField(verbose_name='tambahan tempat')),
                ('number', models.CharField(max_length=100, verbose_name='nomor keputusan')),
                ('decided_on', models.DateField(verbose_name='tanggal keputusan')),
                ('valid_until', models.DateField(verbose_name='berlaku sampai')),
                ('reason', models.CharField(max_length=500, verbose_name='alasan')),
                ('file', models.FileField(blank=True, upload_to='pengecualian/%Y/%m/', verbose_name='berkas keputusan')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='nama berkas')),
                ('file_kind', models.CharField(blank=True, choices=[('pdf', 'PDF'), ('jpeg', 'JPEG'), ('png', 'PNG')], max_length=5)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dicatat')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='dicabut')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='alasan pencabutan')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='mentoring.mentor', verbose_name='mentor')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
            ],
            options={
                'verbose_name': 'pengecualian batas mentor',
                'verbose_name_plural': 'pengecualian batas mentor',
                'ordering': ['-recorded_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('mentor',), name='waiver_one_open'), models.CheckConstraint(condition=models.Q(('extra_places__gte', 1), ('extra_places__lte', 5)), name='waiver_one_to_five', violation_error_message='Tambahan tempat antara 1 dan 5.'), models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('decided_on'))), name='waiver_ends_after_decision', violation_error_message='Berlaku sampai harus sesudah tanggal keputusan.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='waiver_ended_paired'), models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='waiver_has_number_and_reason')],
            },
        ),
        migrations.CreateModel(
            name='SessionChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=10, verbose_name='langkah')),
                ('old', models.CharField(blank=True, choices=[('proposed', 'Diusulkan'), ('agreed', 'Disepakati'), ('noted', 'Menunggu paraf'), ('confirmed', 'Diparaf keduanya'), ('cancelled', 'Dibatalkan')], max_length=9)),
                ('new', models.CharField(choices=[('proposed', 'Diusulkan'), ('agreed', 'Disepakati'), ('noted', 'Menunggu paraf'), ('confirmed', 'Diparaf keduanya'), ('cancelled', 'Dibatalkan')], max_length=9)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='catatan')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='mentoring.mentoringsession')),
            ],
            options={
                'verbose_name': 'langkah sesi',
                'verbose_name_plural': 'langkah sesi',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SessionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='bimbingan/%Y/%m/', verbose_name='berkas')),
                ('name', models.CharField(max_length=200, verbose_name='nama berkas')),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('jpeg', 'JPEG'), ('png', 'PNG')], max_length=5, verbose_name='jenis')),
                ('size', models.PositiveIntegerField(verbose_name='ukuran (byte)')),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='diunggah')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='mentoring.mentoringsession')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diunggah oleh')),
            ],
            options={
                'verbose_name': 'bukti sesi',
                'verbose_name_plural': 'bukti sesi',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('session', 'sha256'), name='guidance_file_once')],
            },
        ),
        migrations.CreateModel(
            name='WaiverPlace',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('slot', models.PositiveSmallIntegerField(verbose_name='tempat')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extra_slots', to='mentoring.mentor', verbose_name='mentor')),
                ('waiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='granted', to='mentoring.mentorwaiver', verbose_name='keputusan')),
            ],
            options={
                'verbose_name': 'tempat tambahan',
                'verbose_name_plural': 'tempat tambahan',
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slot__gt', 5), ('slot__lte', 10)), name='extra_slot_six_to_ten'), models.CheckConstraint(condition=models.Q(('number', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('mentor'), '*', models.Value(16)), '+', models.F('slot')))), name='extra_slot_names_its_mentor')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='mentorassignment',
            name='mentor_slot_within_limit',
        ),
        migrations.AddField(
            model_name='mentor',
            name='bidang',
            field=models.CharField(blank=True, choices=[('teknis', 'Teknis penyelenggaraan'), ('parmas', 'Partisipasi dan hubungan masyarakat'), ('data', 'Perencanaan, data, dan informasi'), ('hukum', 'Hukum'), ('sdm', 'Sumber daya manusia'), ('keuangan', 'Keuangan'), ('umum', 'Umum dan logistik')], max_length=8, verbose_name='bidang'),
        ),
        migrations.AddField(
            model_name='mentor',
            name='inactive_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='tidak bersedia sejak'),
        ),
        migrations.AddField(
            model_name='mentor',
            name='inactive_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='alasan tidak bersedia'),
        ),
        migrations.AddField(
            model_name='mentor',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='mentorassignment',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='mentoring.waiverplace', verbose_name='tempat tambahan'),
        ),
        migrations.AddConstraint(
            model_name='mentorassignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place', None), ('slot__gte', 1), ('slot__lte', 5)), models.Q(('place', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('mentor'), '*', models.Value(16)), '+', models.F('slot'))), ('place__isnull', False), ('slot__gt', 5), ('slot__lte', 10)), _connector='OR'), name='mentor_slot_within_limit', violation_error_message='Satu mentor paling banyak membimbing 5 peserta.'),
        ),
    ]
