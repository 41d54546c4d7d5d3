"""`manage.py portal`: the whole portal on one machine, web and worker in one process group."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from latsar.accounts.models import User
from latsar.satker.models import Satker

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
WEB_THREADS = 8
STOP_SECONDS = 15


class Command(BaseCommand):
    help = "Jalankan portal lengkap (web dan pekerja) di satu mesin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--prepare", action="store_true", help="Siapkan basis data, data rujukan, dan data contoh bila belum ada.")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        _require_free(host, port)
        os.environ.setdefault("PUBLIC_URL", f"http://{host}:{port}")
        settings.PUBLIC_URL = os.environ["PUBLIC_URL"]
        if options["prepare"]:
            self._prepare()
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        web = _start_web(host, port)
        worker = current_app.WorkController(pool="threads", concurrency=2, hostname=f"portal@{socket.gethostname()}", loglevel="INFO")
        threading.Thread(target=worker.start, name="worker", daemon=True).start()
        threading.Thread(target=_rounds, args=(stop,), name="rounds", daemon=True).start()
        self.stdout.write(f"Portal Latsar: http://{host}:{port}/  (Ctrl+C untuk berhenti)")
        self.stdout.flush()
        self._show_accounts()
        while not stop.wait(0.5):
            if web.poll() is not None:
                stop.set()
        code = _stop_web(web)
        worker.stop()
        if code not in (0, -signal.SIGTERM):
            raise CommandError(f"Server web berhenti dengan kode {code}.")

    def _prepare(self) -> None:
        """Bring an empty or older database up to date; a database with people in it gets no demo data."""
        call_command("migrate", verbosity=0, interactive=False)
        if not Satker.objects.exists():
            self.stdout.write("Memuat data rujukan ...")
            call_command("load_reference", stdout=self.stdout)
        if not User.objects.exists():
            self.stdout.write("Membuat data contoh ...")
            call_command("load_demo", stdout=self.stdout)

    def _show_accounts(self) -> None:
        path = settings.DEMO_ACCOUNTS_FILE
        if path.exists():
            self.stdout.write(f"Akun contoh (peran, nama akun, kata sandi), juga di {path}:\n{path.read_text()}")
            self.stdout.flush()


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} sedang dipakai. Hentikan programnya, atau pakai port lain: manage.py portal --port 8123"
            ) from error


def _start_web(host: str, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "latsar.wsgi:application", "--bind", f"{host}:{port}", "--worker-class", "gthread"]
    command += ["--workers", "1", "--threads", str(WEB_THREADS), "--timeout", "120", "--graceful-timeout", "5", "--log-level", "warning"]
    return subprocess.Popen(command, env={**os.environ, "PYTHONUNBUFFERED": "1"})  # noqa: S603


def _stop_web(web: subprocess.Popen[bytes]) -> int:
    web.terminate()
    try:
        return web.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        web.kill()
        return web.wait()


def _rounds(stop: threading.Event) -> None:
    """Do what beat does in production: run the periodic tasks of the settings, each as often as it says."""
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    due = dict.fromkeys(schedule, 0.0)
    while not stop.is_set():
        for name, entry in schedule.items():
            if time.monotonic() >= due[name]:
                _run(entry["task"])
                due[name] = time.monotonic() + entry["schedule"]
        stop.wait(LOOK_SECONDS)


def _run(task: str) -> None:
    close_old_connections()
    try:
        current_app.tasks[task]()
    except Exception:
        log.exception("%s failed, its next round tries again", task)
    finally:
        close_old_connections()
