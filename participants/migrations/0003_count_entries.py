from django.db import migrations


def count(apps, schema_editor):
    """Whoever is or was in training has begun once; there was no way to begin again before."""
    people = apps.get_model("participants", "Participant").objects.using(schema_editor.connection.alias)
    people.filter(stage__in=["training", "graduated"]).update(latsar_entries=1)


class Migration(migrations.Migration):
    dependencies = [("participants", "0002_movement")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
