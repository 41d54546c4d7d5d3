"""The running product for the journeys: real web and worker processes on the test database, and a mail sink."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sink(Message):
    """Keeps every mail that arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[tuple[str, str]] = []

    def handle_message(self, message) -> None:
        plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
        body = plain.get_payload(decode=True).decode()
        self.mails.append((message["To"], body))


@dataclass
class Portal:
    """`base` is the address; `mails` what the portal sent."""

    base: str
    sink: Sink
    processes: list[subprocess.Popen] = field(default_factory=list)
    log: Path | None = None

    def wait_for_mail(self, to: str, seconds: float = 30) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for address, body in self.sink.mails:
                if to in address:
                    return body
            time.sleep(0.1)
        raise AssertionError(f"no mail to {to} within {seconds} s; log:\n{self.log.read_text()[-3000:] if self.log else ''}")

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def database_url() -> str:
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    password = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    return f"postgres://{facts['USER']}{password}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def environment(var: Path, base: str, smtp_port: int) -> dict[str, str]:
    broker = settings.CELERY_BROKER_URL
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "latsar.settings.dev",
        "SECRET_KEY": settings.SECRET_KEY,  # a journey may read and age the sessions that the portal signs
        "VAR_ROOT": str(var),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker,
        "CELERY_QUEUE": f"journey-{os.getpid()}",
        "CACHE_URL": "locmemcache://journey" if broker.startswith("filesystem") else os.environ.get("CACHE_URL", "locmemcache://journey"),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "PUBLIC_URL": base,
        "PYTHONUNBUFFERED": "1",
    }


def start(var: Path) -> Portal:
    """Start web and worker: `manage.py portal` on SQLite, gunicorn and a Celery worker of their own otherwise."""
    port, sink = free_port(), Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    base = f"http://127.0.0.1:{port}"
    env = environment(var, base, controller.port)
    log = var / "portal.log"
    portal = Portal(base, sink, log=log)
    if env["CELERY_BROKER_URL"].startswith("filesystem"):
        commands = [[sys.executable, "manage.py", "portal", "--port", str(port)]]
    else:
        web = [sys.executable, "-m", "gunicorn", "latsar.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
        worker = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "latsar",
            "worker",
            "-B",
            "-s",
            str(var / "beat"),
            "--pool",
            "threads",
            "-c",
            "2",
            "--loglevel",
            "WARNING",
        ]
        commands = [web, worker]
    with log.open("ab") as stream:
        portal.processes = [subprocess.Popen(command, cwd=ROOT, env=env, stdout=stream, stderr=stream) for command in commands]
    _await(portal, f"{base}/healthz")
    portal.processes.append(_Stopper(controller))  # type: ignore[arg-type]
    return portal


class _Stopper:
    """Lets the mail sink stop with the processes."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller

    def send_signal(self, number: int) -> None:
        self.controller.stop()

    def poll(self) -> None:
        return None

    def wait(self, seconds: float | None = None) -> None: ...

    def kill(self) -> None: ...


def _await(portal: Portal, url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if any(p.poll() is not None for p in portal.processes):
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    portal.stop()
    raise AssertionError(f"the portal did not start; log:\n{portal.log.read_text()[-4000:] if portal.log else ''}")
