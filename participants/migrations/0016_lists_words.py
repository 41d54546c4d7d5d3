from django.db import migrations
from django.db.models import F, Q
from django.db.models.functions import Lower

TEXTS = ("full_name", "jabatan", "education", "study_programme", "birth_place", "address", "special_needs")
CHUNK = 1000


def tidy_stored(apps, schema_editor):
    """Keep what the form stored as the import would: mail addresses in lower case, single spaces between words."""
    people = apps.get_model("participants", "Participant").objects.using(schema_editor.connection.alias)
    untidy = ~Q(email=Lower(F("email")))
    for name in TEXTS:
        untidy |= Q(**{f"{name}__contains": "  "}) | Q(**{f"{name}__startswith": " "}) | Q(**{f"{name}__endswith": " "})
    keys = list(people.filter(untidy).order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        rows = list(people.filter(pk__in=keys[start : start + CHUNK]).only("email", *TEXTS))
        for row in rows:
            row.email = row.email.strip().lower()
            for name in TEXTS:
                setattr(row, name, " ".join(getattr(row, name).split()))
        people.bulk_update(rows, ["email", *TEXTS], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("participants", "0016_lists_drafts")]

    operations = [migrations.RunPython(tidy_stored, migrations.RunPython.noop)]
