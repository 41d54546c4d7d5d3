"""A worker process beside the tests: their database, their files, their broker."""

import os
from pathlib import Path

from latsar.settings.test import *  # noqa: F403
from latsar.settings.test import CELERY_BROKER_URL

_shared = Path(os.environ["TEST_FOLDER"])
MEDIA_ROOT = _shared / "media"
STORAGES["default"]["OPTIONS"]["location"] = str(MEDIA_ROOT)  # noqa: F405
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_shared / "broker"),
        "data_folder_out": str(_shared / "broker"),
        "control_folder": str(_shared / "broker-control"),
    }
