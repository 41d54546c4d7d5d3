import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('satker', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Curriculum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='kode')),
                ('name', models.CharField(max_length=120, verbose_name='nama')),
                ('effective_from', models.DateField(verbose_name='berlaku sejak')),
                ('effective_to', models.DateField(blank=True, null=True, verbose_name='berlaku sampai')),
                ('is_verified', models.BooleanField(default=False, verbose_name='sudah dicocokkan dengan naskah kurikulum')),
                ('source_note', models.TextField(blank=True, verbose_name='catatan sumber')),
            ],
            options={
                'verbose_name': 'kurikulum',
                'verbose_name_plural': 'kurikulum',
                'ordering': ['-effective_from', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Institute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='kode')),
                ('name', models.CharField(max_length=150, verbose_name='nama')),
                ('city', models.CharField(max_length=60, verbose_name='kota')),
                ('accreditation', models.CharField(blank=True, max_length=120, verbose_name='akreditasi')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telepon')),
                ('address', models.CharField(blank=True, max_length=250, verbose_name='alamat')),
                ('is_active', models.BooleanField(default=True, verbose_name='aktif')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='institutes', to='satker.satker', verbose_name='provinsi')),
            ],
            options={
                'verbose_name': 'lembaga pelatihan',
                'verbose_name_plural': 'lembaga pelatihan',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='RegulationScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='kode')),
                ('name', models.CharField(max_length=120, verbose_name='nama')),
                ('regulation', models.CharField(max_length=200, verbose_name='peraturan')),
                ('effective_from', models.DateField(verbose_name='berlaku sejak')),
                ('effective_to', models.DateField(blank=True, null=True, verbose_name='berlaku sampai')),
                ('hours', models.PositiveSmallIntegerField(help_text='1 JP = 45 menit.', verbose_name='jumlah JP')),
                ('max_absence_percent', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='batas tidak hadir (%)')),
                ('is_verified', models.BooleanField(default=False, verbose_name='sudah dicocokkan dengan naskah peraturan')),
                ('source_note', models.TextField(blank=True, verbose_name='catatan sumber')),
            ],
            options={
                'verbose_name': 'skema peraturan',
                'verbose_name_plural': 'skema peraturan',
                'ordering': ['-effective_from', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('effective_to', None), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='scheme_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='gelombang')),
                ('year', models.PositiveSmallIntegerField(verbose_name='tahun')),
            ],
            options={
                'verbose_name': 'gelombang',
                'verbose_name_plural': 'gelombang',
                'ordering': ['-year', 'number'],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='wave_once')],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='Angka biasa; dicetak dengan angka Romawi.', verbose_name='angkatan')),
                ('year', models.PositiveSmallIntegerField(verbose_name='tahun')),
                ('method', models.CharField(choices=[('klasikal_on_off', 'Klasikal (on/off campus)'), ('klasikal', 'Klasikal'), ('blended', 'Blended'), ('jarak_jauh', 'Jarak jauh')], max_length=16, verbose_name='metode')),
                ('golongan', models.CharField(choices=[('II', 'Golongan II'), ('III', 'Golongan III'), ('II/III', 'Golongan II dan III')], default='III', max_length=6, verbose_name='golongan')),
                ('capacity', models.PositiveSmallIntegerField(default=40, verbose_name='kursi')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='tempat klasikal')),
                ('approval_basis', models.CharField(blank=True, help_text='Nomor dan tanggal; wajib untuk klasikal sejak 2024.', max_length=200, verbose_name='persetujuan Kepala LAN')),
                ('stage', models.CharField(choices=[('draft', 'Disiapkan'), ('open', 'Dibuka'), ('running', 'Berjalan'), ('closed', 'Selesai')], default='draft', max_length=8, verbose_name='keadaan')),
                ('starts_on', models.DateField(verbose_name='mulai')),
                ('ends_on', models.DateField(verbose_name='selesai')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='satker.satker', verbose_name='provinsi penyelenggara')),
                ('curriculum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='training.curriculum', verbose_name='kurikulum')),
                ('institute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='training.institute', verbose_name='lembaga')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='training.regulationscheme', verbose_name='skema')),
                ('wave', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='training.wave', verbose_name='gelombang')),
            ],
            options={
                'verbose_name': 'angkatan',
                'verbose_name_plural': 'angkatan',
                'ordering': ['-starts_on', 'institute', 'number'],
                'indexes': [models.Index(fields=['stage', 'ends_on'], name='batch_stage'), models.Index(fields=['institute', '-starts_on'], name='batch_institute')],
                'constraints': [models.UniqueConstraint(fields=('institute', 'year', 'number'), name='batch_once', violation_error_message='Angkatan dengan nomor dan tahun ini sudah ada di lembaga tersebut.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='batch_dates_in_order'), models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('capacity__lte', 200)), name='batch_capacity_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('opened_at', None), ('opened_by', None)), models.Q(('opened_at__isnull', False), ('opened_by__isnull', False)), _connector='OR'), name='batch_opened_paired')],
            },
        ),
        migrations.CreateModel(
            name='BatchStageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old', models.CharField(choices=[('draft', 'Disiapkan'), ('open', 'Dibuka'), ('running', 'Berjalan'), ('closed', 'Selesai')], max_length=8)),
                ('new', models.CharField(choices=[('draft', 'Disiapkan'), ('open', 'Dibuka'), ('running', 'Berjalan'), ('closed', 'Selesai')], max_length=8)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_changes', to='training.batch')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True, verbose_name='tanggal')),
                ('name', models.CharField(max_length=120, verbose_name='nama')),
                ('is_joint_leave', models.BooleanField(default=False, verbose_name='cuti bersama')),
                ('is_own', models.BooleanField(default=False, help_text='Tidak ditimpa saat data rujukan dimuat ulang.', verbose_name='diisi sendiri')),
            ],
            options={
                'verbose_name': 'hari libur',
                'verbose_name_plural': 'hari libur',
                'ordering': ['date'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='holiday_has_name')],
            },
        ),
        migrations.CreateModel(
            name='BatchPhase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('kind', models.CharField(choices=[('mooc', 'MOOC'), ('elearning', 'E-learning'), ('klasikal', 'Klasikal'), ('seminar_rancangan', 'Seminar rancangan'), ('habituasi', 'Habituasi'), ('pktbt', 'PKTBT'), ('seminar_hasil', 'Seminar hasil')], max_length=18, verbose_name='jenis')),
                ('name', models.CharField(max_length=60, verbose_name='nama')),
                ('starts_on', models.DateField(verbose_name='mulai')),
                ('ends_on', models.DateField(verbose_name='selesai')),
                ('day_count', models.CharField(choices=[('kerja', 'hari kerja'), ('kalender', 'hari kalender')], default='kerja', max_length=8, verbose_name='hitungan hari')),
                ('is_parallel', models.BooleanField(default=False, verbose_name='sejajar')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='training.batch', verbose_name='angkatan')),
            ],
            options={
                'verbose_name': 'fase',
                'verbose_name_plural': 'fase',
                'ordering': ['batch', 'order'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'order'), name='phase_order_once'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='phase_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='AgendaSubject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('klasikal_on_off', 'Klasikal (on/off campus)'), ('klasikal', 'Klasikal'), ('blended', 'Blended'), ('jarak_jauh', 'Jarak jauh')], max_length=16, verbose_name='metode')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('agenda', models.CharField(max_length=120, verbose_name='agenda')),
                ('name', models.CharField(max_length=150, verbose_name='mata pelatihan')),
                ('hours', models.PositiveSmallIntegerField(verbose_name='JP')),
                ('curriculum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='training.curriculum', verbose_name='kurikulum')),
            ],
            options={
                'verbose_name': 'mata pelatihan',
                'verbose_name_plural': 'mata pelatihan',
                'ordering': ['curriculum', 'method', 'order'],
                'constraints': [models.UniqueConstraint(fields=('curriculum', 'method', 'order'), name='subject_order_once')],
            },
        ),
        migrations.CreateModel(
            name='CurriculumValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('name', models.CharField(max_length=60, verbose_name='nilai dasar')),
                ('curriculum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='training.curriculum', verbose_name='kurikulum')),
            ],
            options={
                'verbose_name': 'nilai dasar',
                'verbose_name_plural': 'nilai dasar',
                'ordering': ['curriculum', 'order'],
                'constraints': [models.UniqueConstraint(fields=('curriculum', 'name'), name='value_once')],
            },
        ),
        migrations.CreateModel(
            name='DossierRequirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, verbose_name='kode')),
                ('name', models.CharField(max_length=100, verbose_name='berkas')),
                ('method', models.CharField(blank=True, choices=[('klasikal_on_off', 'Klasikal (on/off campus)'), ('klasikal', 'Klasikal'), ('blended', 'Blended'), ('jarak_jauh', 'Jarak jauh')], max_length=16, verbose_name='metode')),
                ('valid_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='masa berlaku (hari)')),
                ('is_required', models.BooleanField(default=True, verbose_name='wajib')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='urutan')),
                ('institute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='dossier_requirements', to='training.institute', verbose_name='lembaga')),
            ],
            options={
                'verbose_name': 'syarat berkas',
                'verbose_name_plural': 'syarat berkas',
                'ordering': ['order', 'code'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('institute__isnull', False)), fields=('code', 'institute', 'method'), name='dossier_requirement_once'), models.UniqueConstraint(condition=models.Q(('institute', None)), fields=('code', 'method'), name='dossier_requirement_general_once')],
            },
        ),
        migrations.CreateModel(
            name='PhaseTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('klasikal_on_off', 'Klasikal (on/off campus)'), ('klasikal', 'Klasikal'), ('blended', 'Blended'), ('jarak_jauh', 'Jarak jauh')], max_length=16, verbose_name='metode')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('kind', models.CharField(choices=[('mooc', 'MOOC'), ('elearning', 'E-learning'), ('klasikal', 'Klasikal'), ('seminar_rancangan', 'Seminar rancangan'), ('habituasi', 'Habituasi'), ('pktbt', 'PKTBT'), ('seminar_hasil', 'Seminar hasil')], max_length=18, verbose_name='jenis')),
                ('name', models.CharField(max_length=60, verbose_name='nama')),
                ('length', models.PositiveSmallIntegerField(verbose_name='lama')),
                ('day_count', models.CharField(choices=[('kerja', 'hari kerja'), ('kalender', 'hari kalender')], default='kerja', max_length=8, verbose_name='hitungan hari')),
                ('offset', models.PositiveSmallIntegerField(default=0, help_text='Hari sesudah fase sebelumnya selesai (atau mulai, bila sejajar).', verbose_name='jeda')),
                ('is_parallel', models.BooleanField(default=False, verbose_name='sejajar')),
                ('is_mandatory', models.BooleanField(default=True, verbose_name='wajib')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phase_templates', to='training.regulationscheme', verbose_name='skema')),
            ],
            options={
                'verbose_name': 'templat fase',
                'verbose_name_plural': 'templat fase',
                'ordering': ['scheme', 'method', 'order'],
                'constraints': [models.UniqueConstraint(fields=('scheme', 'method', 'order'), name='phase_template_order_once'), models.CheckConstraint(condition=models.Q(('length__gte', 1)), name='phase_template_lasts_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Band',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='kualifikasi')),
                ('above', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='di atas')),
                ('passes', models.BooleanField(default=True, verbose_name='lulus')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bands', to='training.regulationscheme', verbose_name='skema')),
            ],
            options={
                'verbose_name': 'kualifikasi',
                'verbose_name_plural': 'kualifikasi',
                'ordering': ['scheme', '-above'],
                'constraints': [models.UniqueConstraint(fields=('scheme', 'name'), name='band_once')],
            },
        ),
        migrations.CreateModel(
            name='SbmRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='tahun')),
                ('training_day', models.PositiveIntegerField(blank=True, null=True, verbose_name='diklat (Rp)')),
                ('out_of_town', models.PositiveIntegerField(blank=True, null=True, verbose_name='luar kota (Rp)')),
                ('in_town_8h', models.PositiveIntegerField(blank=True, null=True, verbose_name='dalam kota 8 jam (Rp)')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sbm_rates', to='satker.satker', verbose_name='provinsi')),
            ],
            options={
                'verbose_name': 'uang harian SBM',
                'verbose_name_plural': 'uang harian SBM',
                'ordering': ['-year', 'province'],
                'constraints': [models.UniqueConstraint(fields=('province', 'year'), name='sbm_once')],
            },
        ),
        migrations.CreateModel(
            name='ScoreComponent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('code', models.SlugField(max_length=30, verbose_name='kode')),
                ('name', models.CharField(max_length=80, verbose_name='komponen')),
                ('weight', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='bobot (%)')),
                ('is_verified', models.BooleanField(default=False, verbose_name='sudah dicocokkan')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='training.regulationscheme', verbose_name='skema')),
            ],
            options={
                'verbose_name': 'komponen nilai',
                'verbose_name_plural': 'komponen nilai',
                'ordering': ['scheme', 'order'],
                'constraints': [models.UniqueConstraint(fields=('scheme', 'code'), name='component_once'), models.CheckConstraint(condition=models.Q(('weight__gt', 0), ('weight__lte', 100)), name='component_weight_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='nomor kursi')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='training.batch', verbose_name='angkatan')),
            ],
            options={
                'verbose_name': 'kursi',
                'verbose_name_plural': 'kursi',
                'ordering': ['batch', 'number'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='seat_once')],
            },
        ),
        migrations.CreateModel(
            name='Tariff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('klasikal_on_off', 'Klasikal (on/off campus)'), ('klasikal', 'Klasikal'), ('blended', 'Blended'), ('jarak_jauh', 'Jarak jauh')], max_length=16, verbose_name='metode')),
                ('year', models.PositiveSmallIntegerField(verbose_name='tahun')),
                ('amount', models.PositiveIntegerField(verbose_name='tarif (Rp)')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='sumber')),
                ('institute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tariffs', to='training.institute', verbose_name='lembaga')),
            ],
            options={
                'verbose_name': 'tarif',
                'verbose_name_plural': 'tarif',
                'ordering': ['-year', 'method'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('institute__isnull', False)), fields=('institute', 'method', 'year'), name='tariff_once'), models.UniqueConstraint(condition=models.Q(('institute', None)), fields=('method', 'year'), name='tariff_national_once')],
            },
        ),
    ]
