import django.db.models.deletion
import participants.imports
from django.conf import settings
from django.db import migrations, models


def give_keys(apps, schema_editor):
    """Give the drafts of before a key of their own."""
    drafts = apps.get_model("participants", "RegistrationDraft")
    for draft in drafts.objects.using(schema_editor.connection.alias).iterator():
        draft.key = participants.imports.new_draft_key()
        draft.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0015_person_movements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="registrationdraft",
            options={"verbose_name": "ketikan yang belum disimpan", "verbose_name_plural": "ketikan yang belum disimpan"},
        ),
        migrations.AlterField(
            model_name="registrationdraft",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="registration_drafts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="registrationdraft",
            name="key",
            field=models.CharField(default=participants.imports.new_draft_key, max_length=32),
        ),
        migrations.AddField(
            model_name="registrationdraft",
            name="participant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="typing_drafts",
                to="participants.participant",
            ),
        ),
        migrations.AddField(
            model_name="registrationdraft",
            name="used_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="registrationdraft",
            constraint=models.UniqueConstraint(fields=("user", "key"), name="draft_once"),
        ),
    ]
