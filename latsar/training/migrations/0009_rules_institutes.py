import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('satker', '0001_initial'),
        ('training', '0008_scheme_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeatRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='dari bulan')),
                ('ends_on', models.DateField(verbose_name='sampai bulan')),
                ('method', models.CharField(choices=[('klasikal_on_off', 'Klasikal (on/off campus)'), ('klasikal', 'Klasikal'), ('blended', 'Blended'), ('jarak_jauh', 'Jarak jauh')], max_length=16, verbose_name='metode')),
                ('golongan', models.CharField(choices=[('II', 'Golongan II'), ('III', 'Golongan III'), ('II/III', 'Golongan II dan III')], default='III', max_length=6, verbose_name='golongan')),
                ('seats_asked', models.PositiveSmallIntegerField(verbose_name='kursi diminta')),
                ('seats_granted', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='kursi dikabulkan')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='catatan')),
                ('state', models.CharField(choices=[('draft', 'Konsep'), ('sent', 'Menunggu jawaban'), ('granted', 'Dikabulkan'), ('refused', 'Ditolak'), ('agreed', 'PKS ditandatangani'), ('closed', 'Selesai'), ('withdrawn', 'Ditarik')], default='draft', max_length=9, verbose_name='keadaan')),
                ('letter_number', models.CharField(blank=True, max_length=100, verbose_name='nomor surat')),
                ('letter_date', models.DateField(blank=True, null=True, verbose_name='tanggal surat')),
                ('answer_number', models.CharField(blank=True, max_length=100, verbose_name='nomor surat jawaban')),
                ('answer_date', models.DateField(blank=True, null=True, verbose_name='tanggal jawaban')),
                ('agreement_number', models.CharField(blank=True, max_length=100, verbose_name='nomor PKS')),
                ('agreement_date', models.DateField(blank=True, null=True, verbose_name='tanggal PKS')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='dikirim')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='dijawab')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seat_requests', to='training.institute', verbose_name='lembaga')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seat_requests', to='satker.satker', verbose_name='pemohon')),
            ],
            options={
                'verbose_name': 'permohonan kursi',
                'verbose_name_plural': 'permohonan kursi',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'sent_at'], name='seat_request_state'), models.Index(fields=['province', 'state'], name='seat_request_province')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='seat_request_dates_in_order'), models.CheckConstraint(condition=models.Q(('seats_asked__gte', 1), ('seats_asked__lte', 2000)), name='seat_request_asked_in_range'), models.CheckConstraint(condition=models.Q(('seats_granted', None), models.Q(('seats_granted__gte', 1), ('seats_granted__lte', 2000)), _connector='OR'), name='seat_request_granted_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('sent', 'granted', 'refused', 'agreed', 'closed')), _negated=True), models.Q(('letter_date__isnull', False), ('sent_at__isnull', False), models.Q(('letter_number', ''), _negated=True)), _connector='OR'), name='seat_request_sent_has_letter'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('granted', 'agreed')), _negated=True), models.Q(('answered_at__isnull', False), ('seats_granted__isnull', False)), _connector='OR'), name='seat_request_granted_has_seats'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'agreed'), _negated=True), models.Q(('agreement_date__isnull', False), models.Q(('agreement_number', ''), _negated=True)), _connector='OR'), name='seat_request_agreed_has_number')],
            },
        ),
        migrations.CreateModel(
            name='SeatRequestFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('surat', 'Surat permohonan'), ('jawaban', 'Surat jawaban'), ('pks', 'PKS')], max_length=8, verbose_name='jenis')),
                ('file', models.FileField(upload_to='seat_requests/%Y/%m/', verbose_name='berkas')),
                ('name', models.CharField(max_length=200, verbose_name='nama berkas')),
                ('size', models.PositiveIntegerField()),
                ('pages', models.PositiveSmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='training.seatrequest', verbose_name='permohonan')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'berkas permohonan',
                'verbose_name_plural': 'berkas permohonan',
                'ordering': ['-uploaded_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SeatRequestStageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=12)),
                ('old', models.CharField(blank=True, choices=[('draft', 'Konsep'), ('sent', 'Menunggu jawaban'), ('granted', 'Dikabulkan'), ('refused', 'Ditolak'), ('agreed', 'PKS ditandatangani'), ('closed', 'Selesai'), ('withdrawn', 'Ditarik')], max_length=9)),
                ('new', models.CharField(choices=[('draft', 'Konsep'), ('sent', 'Menunggu jawaban'), ('granted', 'Dikabulkan'), ('refused', 'Ditolak'), ('agreed', 'PKS ditandatangani'), ('closed', 'Selesai'), ('withdrawn', 'Ditarik')], max_length=9)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_changes', to='training.seatrequest')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='InstituteContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=1, verbose_name='urutan')),
                ('name', models.CharField(max_length=120, verbose_name='nama')),
                ('duty', models.CharField(blank=True, help_text='Misalnya Bidang penyelenggaraan.', max_length=120, verbose_name='tugas')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telepon')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('institute', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='training.institute', verbose_name='lembaga')),
            ],
            options={
                'verbose_name': 'kontak lembaga',
                'verbose_name_plural': 'kontak lembaga',
                'ordering': ['institute', 'order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('phone', ''), _negated=True), models.Q(('email', ''), _negated=True), _connector='OR'), name='institute_contact_is_reachable', violation_error_message='Isi telepon atau e-mailnya.')],
            },
        ),
        migrations.CreateModel(
            name='SeatOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='dari bulan')),
                ('ends_on', models.DateField(verbose_name='sampai bulan')),
                ('method', models.CharField(choices=[('klasikal_on_off', 'Klasikal (on/off campus)'), ('klasikal', 'Klasikal'), ('blended', 'Blended'), ('jarak_jauh', 'Jarak jauh')], max_length=16, verbose_name='metode')),
                ('golongan', models.CharField(choices=[('II', 'Golongan II'), ('III', 'Golongan III'), ('II/III', 'Golongan II dan III')], default='II/III', max_length=6, verbose_name='golongan')),
                ('seats', models.PositiveSmallIntegerField(verbose_name='kursi')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='catatan')),
                ('institute', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='training.institute', verbose_name='lembaga')),
            ],
            options={
                'verbose_name': 'kursi yang ditawarkan',
                'verbose_name_plural': 'kursi yang ditawarkan',
                'ordering': ['institute', 'starts_on', 'method', 'golongan'],
                'constraints': [models.UniqueConstraint(fields=('institute', 'starts_on', 'method', 'golongan'), name='seat_offer_once', violation_error_message='Metode dan golongan ini sudah ada untuk bulan mulai yang sama.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='seat_offer_dates_in_order'), models.CheckConstraint(condition=models.Q(('seats__gte', 1), ('seats__lte', 2000)), name='seat_offer_in_range')],
            },
        ),
        migrations.AddField(
            model_name='institute',
            name='accreditation_number',
            field=models.CharField(blank=True, max_length=100, verbose_name='nomor akreditasi'),
        ),
        migrations.AddField(
            model_name='institute',
            name='accredited_until',
            field=models.DateField(blank=True, null=True, verbose_name='akreditasi berlaku sampai'),
        ),
        migrations.AddField(
            model_name='institute',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='institute',
            name='accreditation',
            field=models.CharField(blank=True, help_text='Tingkat atau bunyinya, misalnya A.', max_length=120, verbose_name='akreditasi'),
        ),
        migrations.AddField(
            model_name='batch',
            name='seat_request',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='training.seatrequest', verbose_name='permohonan kursi'),
        ),
    ]
