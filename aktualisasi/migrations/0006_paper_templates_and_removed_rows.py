import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('aktualisasi', '0005_seminars'),
        ('training', '0013_institute_paper'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('rancangan', 'Rancangan'), ('laporan', 'Laporan')], max_length=10, verbose_name='dokumen')),
                ('parts', models.JSONField(blank=True, default=list, verbose_name='bagian')),
                ('cover', models.TextField(blank=True, default='{judul}\n\nDisusun oleh:\n{nama}\nNIP {nip}\n\n{pelatihan}\n{lembaga}\n{tahun}', max_length=1000, verbose_name='kata di sampul')),
                ('closing', models.CharField(blank=True, default='Demikian untuk digunakan sebagaimana mestinya.', max_length=300, verbose_name='kalimat penutup')),
                ('city', models.CharField(blank=True, max_length=60, verbose_name='kota penandatanganan')),
                ('font', models.CharField(choices=[('serif', 'Berkait (Source Serif)'), ('sans', 'Tanpa kait (Plus Jakarta Sans)')], default='serif', max_length=6, verbose_name='huruf')),
                ('version', models.PositiveIntegerField(default=1)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('institute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='paper_templates', to='training.institute', verbose_name='lembaga')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'templat dokumen aktualisasi',
                'verbose_name_plural': 'templat dokumen aktualisasi',
                'ordering': ['kind', 'institute__name'],
                'constraints': [models.UniqueConstraint(fields=('institute', 'kind'), name='paper_template_once'), models.UniqueConstraint(condition=models.Q(('institute', None)), fields=('kind',), name='paper_template_common_once')],
            },
        ),
        migrations.CreateModel(
            name='RemovedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('label', models.CharField(max_length=120)),
                ('rows', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('removed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('restored_at', models.DateTimeField(blank=True, null=True)),
                ('rancangan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removed_rows', to='aktualisasi.rancangan', verbose_name='rancangan')),
                ('removed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'baris yang dihapus',
                'verbose_name_plural': 'baris yang dihapus',
                'ordering': ['-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='cause',
            name='cause_order_in_range',
        ),
        migrations.RemoveConstraint(
            model_name='issue',
            name='issue_order_in_range',
        ),
        migrations.RemoveConstraint(
            model_name='kegiatan',
            name='kegiatan_order_in_range',
        ),
        migrations.RemoveConstraint(
            model_name='tahapan',
            name='tahapan_order_in_range',
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(('order__lte', 8)), name='cause_order_in_range'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(('order__lte', 5)), name='issue_order_in_range'),
        ),
        migrations.AddConstraint(
            model_name='kegiatan',
            constraint=models.CheckConstraint(condition=models.Q(('order__lte', 8)), name='kegiatan_order_in_range'),
        ),
        migrations.AddConstraint(
            model_name='tahapan',
            constraint=models.CheckConstraint(condition=models.Q(('order__lte', 10)), name='tahapan_order_in_range'),
        ),
    ]
