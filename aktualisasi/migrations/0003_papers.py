import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def move(apps, schema_editor):
    """Give each rancangan its paper, and hang versions and changes of stage on it."""
    rancangan, paper = apps.get_model("aktualisasi", "Rancangan"), apps.get_model("aktualisasi", "Paper")
    change, version = apps.get_model("aktualisasi", "PaperStageChange"), apps.get_model("aktualisasi", "PaperVersion")
    for row in rancangan.objects.order_by("pk").iterator():
        first = change.objects.filter(rancangan=row, action="submit").order_by("at").first()
        since = first.at if first else (row.stage_at if row.stage != "draft" else None)
        made = paper.objects.create(
            rancangan=row, kind="rancangan", stage=row.stage, stage_at=row.stage_at, due_on=row.due_on,
            first_submitted_at=since, submitted_late=row.submitted_late, late_days=0,
        )  # fmt: skip
        version.objects.filter(rancangan=row).update(paper=made)
        change.objects.filter(rancangan=row).update(paper=made)


class Migration(migrations.Migration):
    dependencies = [
        ("aktualisasi", "0002_structured_rancangan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("RancanganFile", "PaperVersion"),
        migrations.RenameModel("RancanganStageChange", "PaperStageChange"),
        migrations.RenameField("ReviewNote", "file", "version"),
        migrations.RemoveConstraint("ReviewAnswer", "review_answer_once"),
        migrations.RenameField("ReviewAnswer", "file", "version"),
        migrations.RemoveConstraint("PaperVersion", "rancangan_file_once"),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("rancangan", "Rancangan"), ("laporan", "Laporan")], max_length=10, verbose_name="naskah")),
                ("stage", models.CharField(choices=[("draft", "Disusun"), ("submitted", "Menunggu mentor"), ("returned", "Dikembalikan"), ("at_coach", "Menunggu coach"), ("approved", "Disetujui")], default="draft", max_length=10, verbose_name="keadaan")),
                ("stage_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="batas")),
                ("first_submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="pertama diajukan")),
                ("submitted_late", models.BooleanField(default=False, verbose_name="terlambat")),
                ("late_days", models.PositiveSmallIntegerField(default=0, verbose_name="terlambat (hari kerja)")),
                ("rancangan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="aktualisasi.rancangan", verbose_name="rancangan")),
            ],
            options={"verbose_name": "naskah aktualisasi", "verbose_name_plural": "naskah aktualisasi", "ordering": ["-stage_at", "-pk"]},
        ),
        migrations.AddField("PaperVersion", "paper", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="aktualisasi.paper", verbose_name="naskah")),
        migrations.AddField("PaperStageChange", "paper", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="stage_changes", to="aktualisasi.paper")),
        migrations.RunPython(move, migrations.RunPython.noop, elidable=True),
    ]
