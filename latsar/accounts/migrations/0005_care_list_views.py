from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit")]

    operations = [
        migrations.AlterField(
            model_name="dataview",
            name="kind",
            field=models.CharField(
                choices=[
                    ("page", "Halaman data"),
                    ("story", "Riwayat"),
                    ("file", "Berkas"),
                    ("work", "Rancangan aktualisasi"),
                    ("list", "Daftar dengan isian"),
                    ("export", "Unduhan daftar"),
                ],
                max_length=8,
                verbose_name="yang dibuka",
            ),
        )
    ]
