from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("participants", "0016_lists_words")]

    operations = [
        migrations.AlterModelOptions(
            name="dossierziprow",
            options={
                "ordering": ["archive", "number"],
                "verbose_name": "baris ZIP berkas",
                "verbose_name_plural": "baris ZIP berkas",
            },
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["golongan", "full_name", "id"], name="participant_golongan"),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["province", "golongan", "full_name"], name="participant_prov_golongan"),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["created_at", "id"], name="participant_created"),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["province", "created_at"], name="participant_prov_created"),
        ),
    ]
