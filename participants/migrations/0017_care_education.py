from __future__ import annotations

from django.db import migrations

from participants.education import normalise_education


def normalise(apps, schema_editor):
    """Write every education in the spelling of the list: one update a spelling."""
    people = apps.get_model("participants", "Participant").objects.order_by()
    for typed in list(people.exclude(education="").values_list("education", flat=True).distinct()):
        if (kept := normalise_education(typed)) != typed:
            people.filter(education=typed).update(education=kept)


class Migration(migrations.Migration):
    dependencies = [("participants", "0015_person_movements")]

    operations = [migrations.RunPython(normalise, migrations.RunPython.noop)]
