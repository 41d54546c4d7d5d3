"""Themes to begin with, and the words of the originality statement; both are edited in the admin."""

from datetime import date

from django.db import migrations

THEMES = (
    "Pelayanan informasi publik",
    "Arsip dan dokumentasi hukum",
    "Data pemilih",
    "Logistik dan aset",
    "Sosialisasi dan pendidikan pemilih",
    "Teknologi informasi",
    "Keuangan dan perencanaan",
    "Sumber daya manusia",
    "Tata kelola tahapan",
    "Lainnya",
)
STATEMENT = (
    "Saya menyatakan dengan sebenarnya bahwa laporan aktualisasi ini adalah karya saya sendiri, disusun dari kegiatan yang sungguh saya laksanakan "
    "di satuan kerja saya. Bukti yang saya lampirkan asli dan tidak saya ubah maknanya. Bagian yang berasal dari orang lain saya sebutkan sumbernya. "
    "Bila di kemudian hari pernyataan ini tidak benar, saya bersedia menerima sanksi sesuai peraturan yang berlaku."
)


def add(apps, schema_editor):
    theme = apps.get_model("aktualisasi", "Theme")
    for number, name in enumerate(THEMES, start=1):
        theme.objects.get_or_create(name=name, defaults={"order": number * 10})
    statement = apps.get_model("aktualisasi", "OriginalityStatement")
    if not statement.objects.exists():
        statement.objects.create(text=STATEMENT, effective_from=date(2021, 1, 1))


class Migration(migrations.Migration):
    dependencies = [("aktualisasi", "0007_habituasi_laporan_library")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
