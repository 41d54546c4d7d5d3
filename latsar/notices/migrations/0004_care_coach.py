from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_notices")]

    operations = [
        migrations.AlterField(
            model_name="reminderrule",
            name="audience",
            field=models.CharField(
                choices=[
                    ("person", "Yang bersangkutan"),
                    ("satker", "Admin Satker"),
                    ("province", "Admin Provinsi"),
                    ("pksdm", "PKSDM"),
                    ("institute", "Lembaga Pelatihan"),
                    ("mentor", "Mentor"),
                    ("coach", "Coach"),
                ],
                max_length=12,
                verbose_name="untuk",
            ),
        )
    ]
