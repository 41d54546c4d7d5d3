"""The production files agree with each other and with the settings that read them."""

import http.server
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
PORTAL = ("migrate", "web", "worker", "beat")
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
NGINX = (ROOT / "deploy/nginx.conf").read_text()


def read_by_settings() -> set[str]:
    source = "".join(path.read_text() for path in (ROOT / "latsar/settings").glob("*.py"))
    return set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", source)) - {"TEST_EMAIL_BACKEND"}


def named_in_compose() -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE_TEXT))


def required_in_compose() -> set[str]:
    return set(re.findall(r"\$\{(\w+):\?", COMPOSE_TEXT))


def assigned_in_example() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def test_env_example_names_every_variable_of_settings_and_compose() -> None:
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert read_by_settings() | named_in_compose() <= named


def test_env_example_gives_no_secret_a_value() -> None:
    assigned = assigned_in_example()
    secrets = {name for name in assigned if re.search(r"SECRET|PASSWORD|EMAIL_URL", name)}
    assert {assigned[name] for name in secrets} == {""}
    assert {name for name in required_in_compose() if assigned[name]} == set()


def test_compose_every_variable_without_default_is_required_by_name() -> None:
    without_default = {n for n, op in re.findall(r"(?<!\$)\$\{(\w+)(:\?|:-)?", COMPOSE_TEXT) if not op}
    assert without_default == set()
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "ALLOWED_HOSTS", "PUBLIC_URL", "SERVER_NAME"} <= required_in_compose()
    assert not re.search(r"\$\{\w*(SECRET_KEY|POSTGRES_PASSWORD|REDIS_PASSWORD):-", COMPOSE_TEXT)


@pytest.mark.parametrize("service", PORTAL)
def test_compose_portal_service_has_its_settings_and_is_locked_down(service: str) -> None:
    definition = SERVICES[service]
    assert read_by_settings() - {"CELERY_QUEUE", "JOB_LEASE_SECONDS", "VAR_ROOT"} <= definition["environment"].keys() | {
        "DJANGO_SETTINGS_MODULE"
    }
    assert definition["environment"]["DJANGO_SETTINGS_MODULE"] == "latsar.settings.production"
    assert definition["read_only"] is True
    assert definition["cap_drop"] == ["ALL"]
    assert definition["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in definition


def test_compose_only_the_proxy_opens_ports_and_stores_have_no_way_out() -> None:
    assert [name for name, definition in SERVICES.items() if "ports" in definition] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["outside"]


def test_compose_order_tables_before_portal_before_proxy() -> None:
    for service in ("web", "worker", "beat"):
        assert SERVICES[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}
    assert SERVICES["proxy"]["depends_on"]["web"] == {"condition": "service_healthy"}
    assert all("healthcheck" in SERVICES[name] for name in ("db", "redis", "web", "proxy"))


def test_compose_foreign_images_are_pinned_to_a_version() -> None:
    images = {name: definition["image"] for name, definition in SERVICES.items() if name not in PORTAL}
    assert {name for name, image in images.items() if not re.search(r":\d", image)} == set()
    assert images["db"].startswith("postgres:17")
    assert images["redis"].startswith("redis:7")


def test_compose_files_and_group_fit_the_image_and_the_proxy() -> None:
    assert "groupadd --gid 10001 latsar" in DOCKERFILE
    assert SERVICES["proxy"]["user"].endswith(":10001")
    assert "media:/srv/latsar/media" in SERVICES["web"]["volumes"]
    assert "media:/srv/latsar/media:ro" in SERVICES["proxy"]["volumes"]
    assert "alias /srv/latsar/media/;" in NGINX
    assert (ROOT / "deploy/healthcheck.py").is_file()


def test_dockerfile_is_pinned_hashed_and_not_root() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", bases[0])
    assert "--require-hashes" in DOCKERFILE
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["latsar"]
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", "var", "tests"} <= set(ignored)


def test_nginx_private_files_are_internal_and_uploads_limited() -> None:
    private = re.search(r"location /_berkas/ \{(.*?)\n    \}", NGINX, re.DOTALL)
    assert private is not None
    assert "internal;" in private[1]
    assert "nosniff" in private[1]
    assert "sandbox" in private[1]
    assert "client_max_body_size 12m;" in NGINX
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in NGINX
    assert re.findall(r"\$\{(\w+)\}", NGINX.split("\n", 1)[1]) == ["SERVER_NAME"] * 2


def test_operations_every_compose_service_is_described() -> None:
    guide = (ROOT / "docs/operations.md").read_text()
    assert {name for name in SERVICES if f"| `{name}` |" not in guide} == set()


class OnlyTheNamedHost(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_known = self.headers["Host"] == "latsar.example" and self.headers["X-Forwarded-Proto"] == "https"
        self.send_response(200 if is_known and self.path == "/healthz" else 503)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


def test_healthcheck_exit_code_follows_the_answer() -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), OnlyTheNamedHost)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def run(page: str) -> int:
        env = {**os.environ, "PORT": str(server.server_port), "ALLOWED_HOSTS": "latsar.example,lain.example"}
        return subprocess.run([sys.executable, str(ROOT / "deploy/healthcheck.py"), page], env=env, check=False).returncode

    try:
        assert run("healthz") == 0
        assert run("readyz") == 1
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert run("healthz") == 1
