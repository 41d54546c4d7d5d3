"""Writing an issued file: whole or not at all, under a name that a second try uses again."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage


def write_whole(storage: Storage, name: str, data: bytes) -> None:
    """Write beside the final name, flush to the disk, then put in place.

    The caller holds the lock of the row that names the file, so nobody else writes it. A crash before the row is
    committed leaves a file that the next try replaces.
    """
    path = Path(storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if settings.FILE_UPLOAD_PERMISSIONS is not None:
        part.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    part.replace(path)
