import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('participants', '0001_initial'),
        ('satker', '0001_initial'),
        ('training', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('defer', 'Penundaan'), ('resume', 'Lanjut sesudah ditunda'), ('change_batch', 'Pindah angkatan'), ('change_satker', 'Pindah satker'), ('extend', 'Perpanjangan masa percobaan'), ('second_entry', 'Dasar mengikuti Latsar lagi'), ('withdraw', 'Pengunduran diri'), ('dismiss', 'Pemberhentian'), ('reinstate', 'Pengaktifan kembali')], max_length=14, verbose_name='jenis')),
                ('reason', models.CharField(choices=[('pregnancy', 'Hamil'), ('birth', 'Melahirkan'), ('illness', 'Sakit'), ('duty', 'Tugas kedinasan'), ('budget', 'Anggaran'), ('facilities', 'Sarana atau kursi'), ('trainers', 'Tenaga pelatih'), ('policy', 'Kebijakan'), ('mutation', 'Mutasi'), ('own_request', 'Permintaan sendiri'), ('not_passed', 'Tidak lulus'), ('discipline', 'Hukuman disiplin'), ('death', 'Meninggal dunia'), ('other', 'Lainnya, jelaskan di uraian')], max_length=12, verbose_name='alasan')),
                ('note', models.CharField(max_length=500, verbose_name='uraian')),
                ('effective_on', models.DateField(verbose_name='berlaku sejak')),
                ('until', models.DateField(blank=True, null=True, verbose_name='sampai')),
                ('basis_number', models.CharField(blank=True, max_length=100, verbose_name='nomor surat dasar')),
                ('basis_date', models.DateField(blank=True, null=True, verbose_name='tanggal surat')),
                ('evidence', models.FileField(blank=True, upload_to='movements/%Y/%m/', verbose_name='bukti')),
                ('evidence_name', models.CharField(blank=True, max_length=200)),
                ('evidence_sha256', models.CharField(blank=True, max_length=64)),
                ('from_stage', models.CharField(blank=True, choices=[('registered', 'Terdaftar'), ('submitted', 'Diajukan ke provinsi'), ('returned', 'Dikembalikan'), ('verified', 'Terverifikasi'), ('approved', 'Disetujui PKSDM'), ('placed', 'Ditempatkan'), ('training', 'Sedang Latsar'), ('graduated', 'Lulus'), ('deferred', 'Ditunda'), ('withdrawn', 'Mengundurkan diri'), ('dismissed', 'Diberhentikan')], max_length=12)),
                ('from_deadline', models.DateField(null=True)),
                ('state', models.CharField(choices=[('proposed', 'Menunggu PKSDM'), ('applied', 'Berlaku'), ('refused', 'Ditolak'), ('cancelled', 'Ditarik')], default='proposed', max_length=9, verbose_name='keadaan')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='diusulkan')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='diputus')),
                ('decision_note', models.CharField(blank=True, max_length=500, verbose_name='catatan keputusan')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diputus oleh')),
                ('from_batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.batch')),
                ('from_satker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satker.satker')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='participants.participant', verbose_name='peserta')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diusulkan oleh')),
                ('to_batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.batch', verbose_name='angkatan tujuan')),
                ('to_satker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='satker.satker', verbose_name='satker tujuan')),
            ],
            options={
                'verbose_name': 'perubahan status',
                'verbose_name_plural': 'perubahan status',
                'ordering': ['-proposed_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'proposed_at'], name='movement_queue')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('participant',), name='movement_one_open_proposal'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='movement_decided_paired'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('decision_note', ''), _negated=True), _connector='OR'), name='movement_refusal_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('change_satker', 'extend', 'second_entry', 'dismiss')), _negated=True), models.Q(('basis_number', ''), _negated=True), _connector='OR'), name='movement_rests_on_letter'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'extend'), _negated=True), ('until__isnull', False), _connector='OR'), name='movement_extension_has_end'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'change_satker'), ('to_satker__isnull', False)), models.Q(models.Q(('kind', 'change_satker'), _negated=True), ('to_satker', None)), _connector='OR'), name='movement_satker_paired'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'change_batch'), ('to_batch__isnull', False)), models.Q(models.Q(('kind', 'change_batch'), _negated=True), ('to_batch', None)), _connector='OR'), name='movement_batch_paired'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('effective_on')), _connector='OR'), name='movement_dates_in_order')],
            },
        ),
        migrations.AddField(
            model_name='participant',
            name='clothing_size',
            field=models.CharField(blank=True, choices=[('XS', 'XS'), ('S', 'S'), ('M', 'M'), ('L', 'L'), ('XL', 'XL'), ('XXL', 'XXL'), ('3XL', '3XL')], max_length=4, verbose_name='ukuran baju'),
        ),
        migrations.AddField(
            model_name='participant',
            name='deferred_until',
            field=models.DateField(blank=True, null=True, verbose_name='ditunda, perkiraan sampai'),
        ),
        migrations.AddField(
            model_name='participant',
            name='entries_allowed',
            field=models.PositiveSmallIntegerField(default=1, help_text='Satu, ditambah setiap dasar mengikuti lagi yang dicatat.', verbose_name='kali boleh mulai'),
        ),
        migrations.AddField(
            model_name='participant',
            name='extended_until',
            field=models.DateField(blank=True, help_text='Dari perpanjangan masa percobaan yang berlaku.', null=True, verbose_name='diperpanjang sampai'),
        ),
        migrations.AddField(
            model_name='participant',
            name='latsar_entries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='kali mulai Latsar'),
        ),
        migrations.AddField(
            model_name='participant',
            name='pregnancy_on',
            field=models.DateField(blank=True, null=True, verbose_name='usia kehamilan dicatat'),
        ),
        migrations.AddField(
            model_name='participant',
            name='pregnancy_weeks',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Pada tanggal dicatat; portal menghitung lanjutannya.', null=True, verbose_name='usia kehamilan (minggu)'),
        ),
        migrations.AddField(
            model_name='participant',
            name='shoe_size',
            field=models.CharField(blank=True, choices=[('34', '34'), ('35', '35'), ('36', '36'), ('37', '37'), ('38', '38'), ('39', '39'), ('40', '40'), ('41', '41'), ('42', '42'), ('43', '43'), ('44', '44'), ('45', '45'), ('46', '46'), ('47', '47'), ('48', '48')], max_length=2, verbose_name='ukuran sepatu'),
        ),
        migrations.AlterField(
            model_name='participant',
            name='stage',
            field=models.CharField(choices=[('registered', 'Terdaftar'), ('submitted', 'Diajukan ke provinsi'), ('returned', 'Dikembalikan'), ('verified', 'Terverifikasi'), ('approved', 'Disetujui PKSDM'), ('placed', 'Ditempatkan'), ('training', 'Sedang Latsar'), ('graduated', 'Lulus'), ('deferred', 'Ditunda'), ('withdrawn', 'Mengundurkan diri'), ('dismissed', 'Diberhentikan')], default='registered', max_length=12, verbose_name='tahap'),
        ),
        migrations.AlterField(
            model_name='participantstagechange',
            name='new',
            field=models.CharField(choices=[('registered', 'Terdaftar'), ('submitted', 'Diajukan ke provinsi'), ('returned', 'Dikembalikan'), ('verified', 'Terverifikasi'), ('approved', 'Disetujui PKSDM'), ('placed', 'Ditempatkan'), ('training', 'Sedang Latsar'), ('graduated', 'Lulus'), ('deferred', 'Ditunda'), ('withdrawn', 'Mengundurkan diri'), ('dismissed', 'Diberhentikan')], max_length=12),
        ),
        migrations.AlterField(
            model_name='participantstagechange',
            name='old',
            field=models.CharField(blank=True, choices=[('registered', 'Terdaftar'), ('submitted', 'Diajukan ke provinsi'), ('returned', 'Dikembalikan'), ('verified', 'Terverifikasi'), ('approved', 'Disetujui PKSDM'), ('placed', 'Ditempatkan'), ('training', 'Sedang Latsar'), ('graduated', 'Lulus'), ('deferred', 'Ditunda'), ('withdrawn', 'Mengundurkan diri'), ('dismissed', 'Diberhentikan')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('latsar_entries__lte', models.F('entries_allowed'))), name='participant_latsar_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pregnancy_on', None), ('pregnancy_weeks', None)), models.Q(('pregnancy_on__isnull', False), ('pregnancy_weeks__range', (1, 42)), ('sex', 'P')), _connector='OR'), name='participant_pregnancy_paired'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('deferred_until', None), ('stage', 'deferred'), _connector='OR'), name='participant_deferral_is_stage'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('extended_until', None), ('extended_until', models.F('deadline')), _connector='OR'), name='participant_extension_is_deadline'),
        ),
    ]
