from django.db import migrations

ROWS = [
    ("margin_days", "Sela aman antara selesai dan batas (hari)", 14),
    ("notice_days", "Mulai paling cepat sesudah hari ini (hari)", 7),
    ("pregnancy_weeks", "Batas kehamilan saat tatap muka (minggu)", 32),
]


def fill(apps, schema_editor):
    rule = apps.get_model("participants", "PlanningRule")
    for code, name, value in ROWS:
        rule.objects.get_or_create(code=code, defaults={"name": name, "value": value, "source": "Belum dikukuhkan aturan"})


class Migration(migrations.Migration):
    dependencies = [("participants", "0025_plans")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
