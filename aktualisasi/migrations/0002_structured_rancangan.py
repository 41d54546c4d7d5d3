import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('aktualisasi', '0001_initial'),
        ('training', '0013_institute_paper'),
    ]

    operations = [
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('statement', models.CharField(blank=True, max_length=500, verbose_name='isu')),
                ('current', models.TextField(blank=True, max_length=4000, verbose_name='kondisi saat ini')),
                ('expected', models.TextField(blank=True, max_length=4000, verbose_name='kondisi yang diharapkan')),
                ('impact', models.TextField(blank=True, max_length=4000, verbose_name='dampak')),
                ('aktual', models.BooleanField(blank=True, null=True, verbose_name='aktual')),
                ('problematik', models.BooleanField(blank=True, null=True, verbose_name='problematik')),
                ('kekhalayakan', models.BooleanField(blank=True, null=True, verbose_name='kekhalayakan')),
                ('layak', models.BooleanField(blank=True, null=True, verbose_name='layak')),
                ('urgency', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='urgency')),
                ('seriousness', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='seriousness')),
                ('growth', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='growth')),
                ('reason', models.TextField(blank=True, max_length=4000, verbose_name='alasan penilaian')),
                ('rancangan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='issues', to='aktualisasi.rancangan', verbose_name='rancangan')),
            ],
            options={
                'verbose_name': 'isu',
                'verbose_name_plural': 'isu',
                'ordering': ['rancangan', 'order'],
                'constraints': [models.UniqueConstraint(fields=('rancangan', 'order'), name='issue_order_once'), models.CheckConstraint(condition=models.Q(('order__gte', 1), ('order__lte', 5)), name='issue_order_in_range'), models.CheckConstraint(condition=models.Q(('urgency', None), models.Q(('urgency__gte', 1), ('urgency__lte', 5)), _connector='OR'), name='issue_urgency_in_range'), models.CheckConstraint(condition=models.Q(('seriousness', None), models.Q(('seriousness__gte', 1), ('seriousness__lte', 5)), _connector='OR'), name='issue_seriousness_in_range'), models.CheckConstraint(condition=models.Q(('growth', None), models.Q(('growth__gte', 1), ('growth__lte', 5)), _connector='OR'), name='issue_growth_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bone', models.CharField(choices=[('manusia', 'Manusia'), ('metode', 'Metode'), ('mesin', 'Mesin'), ('material', 'Material'), ('lingkungan', 'Lingkungan')], max_length=10, verbose_name='tulang')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='penyebab')),
                ('is_root', models.BooleanField(default=False, verbose_name='akar masalah')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='causes', to='aktualisasi.issue', verbose_name='isu')),
            ],
            options={
                'verbose_name': 'penyebab',
                'verbose_name_plural': 'penyebab',
                'ordering': ['issue', 'bone', 'order'],
                'constraints': [models.UniqueConstraint(fields=('issue', 'bone', 'order'), name='cause_order_once'), models.CheckConstraint(condition=models.Q(('order__gte', 1), ('order__lte', 8)), name='cause_order_in_range')],
            },
        ),
        migrations.CreateModel(
            name='IssueCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('superior_name', models.CharField(max_length=150, verbose_name='nama atasan')),
                ('superior_jabatan', models.CharField(max_length=150, verbose_name='jabatan atasan')),
                ('corrected_on', models.DateField(verbose_name='tanggal')),
                ('text', models.TextField(max_length=4000, verbose_name='koreksi')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrections', to='aktualisasi.issue', verbose_name='isu')),
                ('rancangan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='aktualisasi.rancangan', verbose_name='rancangan')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'koreksi atasan',
                'verbose_name_plural': 'koreksi atasan',
                'ordering': ['-corrected_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Kegiatan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='kegiatan')),
                ('visi_misi', models.TextField(blank=True, max_length=4000, verbose_name='kontribusi visi dan misi')),
                ('penguatan', models.TextField(blank=True, max_length=4000, verbose_name='penguatan nilai organisasi')),
                ('weeks', models.JSONField(blank=True, default=list, verbose_name='minggu pelaksanaan')),
                ('cause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='kegiatan', to='aktualisasi.cause', verbose_name='akar yang dijawab')),
                ('rancangan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kegiatan', to='aktualisasi.rancangan', verbose_name='rancangan')),
            ],
            options={
                'verbose_name': 'kegiatan',
                'verbose_name_plural': 'kegiatan',
                'ordering': ['rancangan', 'order'],
                'constraints': [models.UniqueConstraint(fields=('rancangan', 'order'), name='kegiatan_order_once'), models.CheckConstraint(condition=models.Q(('order__gte', 1), ('order__lte', 8)), name='kegiatan_order_in_range')],
            },
        ),
        migrations.CreateModel(
            name='KegiatanAgenda',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='kaitan')),
                ('kegiatan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda', to='aktualisasi.kegiatan', verbose_name='kegiatan')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.agendasubject', verbose_name='mata pelatihan')),
            ],
            options={
                'verbose_name': 'kaitan agenda III',
                'verbose_name_plural': 'kaitan agenda III',
                'ordering': ['kegiatan', 'subject__order'],
                'constraints': [models.UniqueConstraint(fields=('kegiatan', 'subject'), name='kegiatan_agenda_once')],
            },
        ),
        migrations.CreateModel(
            name='KegiatanValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='kaitan')),
                ('kegiatan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='aktualisasi.kegiatan', verbose_name='kegiatan')),
                ('value', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.curriculumvalue', verbose_name='nilai dasar')),
            ],
            options={
                'verbose_name': 'kaitan nilai dasar',
                'verbose_name_plural': 'kaitan nilai dasar',
                'ordering': ['kegiatan', 'value__order'],
                'constraints': [models.UniqueConstraint(fields=('kegiatan', 'value'), name='kegiatan_value_once')],
            },
        ),
        migrations.CreateModel(
            name='Tahapan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='tahapan')),
                ('output', models.CharField(blank=True, max_length=500, verbose_name='output')),
                ('proof', models.CharField(blank=True, max_length=500, verbose_name='bukti')),
                ('kegiatan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tahapan', to='aktualisasi.kegiatan', verbose_name='kegiatan')),
            ],
            options={
                'verbose_name': 'tahapan',
                'verbose_name_plural': 'tahapan',
                'ordering': ['kegiatan', 'order'],
                'constraints': [models.UniqueConstraint(fields=('kegiatan', 'order'), name='tahapan_order_once'), models.CheckConstraint(condition=models.Q(('order__gte', 1), ('order__lte', 10)), name='tahapan_order_in_range')],
            },
        ),
        migrations.AddField(
            model_name='rancangan',
            name='agenda_summary',
            field=models.TextField(blank=True, max_length=4000, verbose_name='yang dipelajari dari agenda I sampai III'),
        ),
        migrations.AddField(
            model_name='rancangan',
            name='idea',
            field=models.TextField(blank=True, max_length=4000, verbose_name='gagasan kreatif'),
        ),
        migrations.AddField(
            model_name='rancangan',
            name='job_profile',
            field=models.TextField(blank=True, max_length=4000, verbose_name='jabatan dan tugas'),
        ),
        migrations.AddField(
            model_name='rancangan',
            name='tie_reason',
            field=models.TextField(blank=True, max_length=4000, verbose_name='alasan memilih'),
        ),
        migrations.AddField(
            model_name='rancangan',
            name='unit_profile',
            field=models.TextField(blank=True, max_length=4000, verbose_name='profil satker'),
        ),
        migrations.AddField(
            model_name='rancangan',
            name='chosen_issue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='aktualisasi.issue', verbose_name='isu terpilih'),
        ),
    ]
