import django.db.models.deletion
from django.db import migrations, models

from . import _settled

SEMINARS = {
    "seminar_rancangan": {"rancangan": "Seberapa siap rancangan ini dilaksanakan?"},
    "seminar_hasil": {
        "pelaksanaan": "Sejauh mana kegiatan terlaksana dan apa manfaatnya?",
        "capaian": "Sejauh mana kegiatan yang direncanakan terlaksana?",
        "kemanfaatan": "Apa yang berubah bagi satker dan masyarakat?",
        "komunikasi": "Bagaimana ia menyampaikan dan menjawab?",
    },
}
WORDS = {
    "rancangan": ("Isu, gagasan, dan kegiatan jelas serta siap dilaksanakan", "Siap dilaksanakan dengan sedikit perbaikan", "Perlu perbaikan pada beberapa bagian", "Belum siap dilaksanakan"),
    "pelaksanaan": ("Semua selesai, manfaatnya terukur", "Hampir semua selesai, manfaatnya terasa", "Sebagian selesai", "Sedikit yang selesai"),
    "capaian": ("Semua selesai, bukti lengkap", "Hampir semua selesai", "Sebagian selesai", "Sedikit yang selesai"),
    "kemanfaatan": ("Terukur, dipakai terus", "Terasa, dipakai satker", "Baru sebagian terasa", "Belum terlihat"),
    "komunikasi": ("Runtut dan meyakinkan", "Jelas dan tepat waktu", "Cukup jelas", "Sulit diikuti"),
}
LOWEST = (91, 81, 71, 0)


def name_seminars(apps, schema_editor):
    """Say of the usual components in which seminar they are scored, and what their scores mean: samples, no number changes."""
    component, rubric = apps.get_model("training", "ScoreComponent"), apps.get_model("training", "RubricBand")
    scored = component.objects.filter(rated_by="penguji", parts=None)
    for seminar, questions in SEMINARS.items():
        for code, question in questions.items():
            scored.filter(code=code).update(seminar=seminar, question=question)
    pairs = sorted(set(component.objects.exclude(seminar="").values_list("scheme_id", "code")))
    rubric.objects.bulk_create(
        rubric(scheme_id=scheme, code=code, lowest=lowest, words=words)
        for scheme, code in pairs
        for lowest, words in zip(LOWEST, WORDS[code])
    )
    schema_editor.connection.check_constraints()  # PostgreSQL puts no trigger on a table whose keys are still unchecked


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0013_institute_paper'),
    ]

    operations = [
        _settled.OFF,
        migrations.AddField(
            model_name='regulationscheme',
            name='has_own_examiners',
            field=models.BooleanField(default=False, help_text='Bagi peserta yang sama. Belum dicocokkan dengan naskah peraturan, jadi boleh diubah.', verbose_name='penguji seminar hasil harus lain dari penguji seminar rancangan'),
        ),
        migrations.AddField(
            model_name='scorecomponent',
            name='question',
            field=models.CharField(blank=True, help_text='Yang dijawab penguji dengan nilainya.', max_length=200, verbose_name='pertanyaan rubrik'),
        ),
        migrations.AddField(
            model_name='scorecomponent',
            name='seminar',
            field=models.CharField(blank=True, choices=[('seminar_rancangan', 'Seminar rancangan'), ('seminar_hasil', 'Seminar hasil')], help_text='Kosong: tidak dinilai di seminar.', max_length=18, verbose_name='dinilai di'),
        ),
        migrations.CreateModel(
            name='RubricBand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, verbose_name='kode komponen')),
                ('lowest', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='mulai nilai')),
                ('words', models.CharField(max_length=120, verbose_name='artinya')),
                ('is_verified', models.BooleanField(default=False, verbose_name='sudah dicocokkan')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='sumber')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rubric', to='training.regulationscheme', verbose_name='skema')),
            ],
            options={
                'verbose_name': 'rubrik',
                'verbose_name_plural': 'rubrik',
                'ordering': ['scheme', 'code', '-lowest'],
                'constraints': [models.UniqueConstraint(fields=('scheme', 'code', 'lowest'), name='rubric_once'), models.CheckConstraint(condition=models.Q(('lowest__gte', 0), ('lowest__lte', 100)), name='rubric_lowest_in_range')],
            },
        ),
        migrations.RunPython(name_seminars, migrations.RunPython.noop),
        _settled.ON,
    ]
