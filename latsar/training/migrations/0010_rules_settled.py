from django.db import migrations

from . import _settled


class Migration(migrations.Migration):
    """Published rules keep their numbers, in the database itself. Stays behind every migration that alters these tables."""

    dependencies = [
        ('training', '0009_rules_institutes'),
    ]

    operations = [_settled.ON]
