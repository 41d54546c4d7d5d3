"""One migrated database for all processes of a run: made while they collect, copied by each. `python -m tests.template FILE` makes it."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Maker:
    """Makes the template in a process of its own. The lock is that process's: it is free when the process has ended, in whatever way."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="latsar-template-"))
        with (self.folder / "lock").open("w") as lock, (self.folder / "log").open("w") as log:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.template", str(self.folder)], cwd=ROOT, stdout=log, stderr=log, pass_fds=[lock.fileno()]
            )

    def clear(self) -> None:
        """Remove what was made, or half made. Call when no copy is wanted any more."""
        from django.db import connection

        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        if connection.vendor == "postgresql":
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name_in(self.folder))} WITH (FORCE)")
        shutil.rmtree(self.folder)


def name_in(folder: Path) -> str:
    """Return the name of the template, which on SQLite is a file."""
    from django.db import connection

    return str(folder / "template.sqlite3") if connection.vendor == "sqlite" else f"test_{connection.settings_dict['NAME']}_template"


def copy_from(folder: Path) -> None:
    """Let the test database of this process begin as a copy of the template."""
    from django.db import connection

    create: Callable[..., Any] = connection.creation._create_test_db

    def begin(*args: Any, **options: Any) -> Any:
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # waits for the maker, and for the other copy
            ready = folder / "ready"
            if not ready.exists():
                raise RuntimeError(f"no template of the test database:\n{(folder / 'log').read_text()[-4000:]}")
            connection.settings_dict["TEST"]["TEMPLATE"] = ready.read_text()
            made = create(*args, **options)
            if connection.vendor == "sqlite":
                shutil.copy(ready.read_text(), connection.settings_dict["TEST"]["NAME"])
        return made

    connection.creation._create_test_db = begin


def empty_by_deleting() -> None:
    """Empty PostgreSQL row by row: TRUNCATE gives each of over a hundred tables new files, and waits for the disk with each."""
    from django.db import connection

    truncate: Callable[..., list[str]] = connection.ops.sql_flush
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() != ("on",):
            return

    def delete(style: Any, tables: list[str], *, reset_sequences: bool = False, allow_cascade: bool = False) -> list[str]:
        if reset_sequences:
            return truncate(style, tables, reset_sequences=True, allow_cascade=allow_cascade)
        # As with TRUNCATE no trigger speaks up and no order of tables matters; both hold to the end of the transaction.
        return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {connection.ops.quote_name(name)}" for name in tables)]

    connection.ops.sql_flush = delete


def main(folder: Path) -> None:
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = name_in(folder)
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()  # the last connection folds the log of SQLite into its file
    (folder / "ready").write_text(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
