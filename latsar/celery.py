import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "latsar.settings.dev")

app = Celery("latsar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")
