from django.db import migrations

SAVED = ("committing", "committed", "undoing", "undone")


def file_saved(apps, schema_editor):
    """Keep what was saved before under the unit that its uploader's roles and its rows point to, as saving does now."""
    alias = schema_editor.connection.alias
    uploads = apps.get_model("participants", "ParticipantImport").objects.using(alias)
    rows = apps.get_model("participants", "ImportRow").objects.using(alias)
    grants = apps.get_model("accounts", "RoleGrant").objects.using(alias)
    provinces = dict(apps.get_model("satker", "Satker").objects.using(alias).values_list("pk", "province_id"))
    for upload in uploads.filter(state__in=SAVED).order_by("pk").iterator():
        held = set(grants.filter(user_id=upload.uploaded_by_id).values_list("role", "satker_id"))
        if any(role == "pksdm" for role, _satker in held):
            continue
        written = rows.filter(participant_import_id=upload.pk, outcome__in=("new", "changed")).order_by()
        units = set(written.values_list("data__satker", flat=True).distinct()) & provinces.keys()
        if len(units) == 1 and ("admin_satker", *units) in held:
            upload.satker_id = next(iter(units))
        if len({provinces[unit] for unit in units}) == 1:
            upload.province_id = provinces[next(iter(units))]
        upload.save(update_fields=["satker", "province"])


class Migration(migrations.Migration):
    dependencies = [("participants", "0020_import_unit"), ("accounts", "0002_initial")]

    operations = [migrations.RunPython(file_saved, migrations.RunPython.noop)]
