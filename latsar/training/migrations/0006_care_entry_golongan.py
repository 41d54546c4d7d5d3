from __future__ import annotations

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0005_person_extension")]

    operations = [
        migrations.CreateModel(
            name="EntryGolongan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("education", models.CharField(help_text="Seperti di formulir, misalnya S-1.", max_length=60, verbose_name="pendidikan")),
                (
                    "golongan",
                    models.CharField(
                        max_length=5,
                        validators=[django.core.validators.RegexValidator("^(II|III)/[a-d]$", "Tulis seperti II/c atau III/a.")],
                        verbose_name="golongan",
                    ),
                ),
            ],
            options={
                "verbose_name": "golongan menurut pendidikan",
                "verbose_name_plural": "golongan menurut pendidikan",
                "ordering": ["education", "golongan"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["education", "golongan"], name="entry_golongan_once", violation_error_message="Pasangan ini sudah ada."
                    )
                ],
            },
        )
    ]
