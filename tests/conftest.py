from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.core import serializers
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.models import Institute
from tests import factories, schedule, template

# How long one example takes says nothing on a busy machine; speed is measured by `manage.py bench`.
settings.register_profile("latsar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("latsar")

MAKER = pytest.StashKey[template.Maker]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-db", action="store_true", help="Leave out what touches no database: it has the same answer on every one.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--only-db"):
        return
    uses = {"db", "transactional_db", "django_db_setup"}
    kept = [item for item in items if uses & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("tx", None) and not hasattr(config, "workerinput") and not config.option.collectonly:
        config.stash[MAKER] = template.Maker()


def pytest_configure_node(node) -> None:
    node.workerinput["template"] = str(node.config.stash[MAKER].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if MAKER in config.stash:
        with config.stash[blocking_manager_key].unblock():
            config.stash[MAKER].clear()


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> schedule.LongestFirst:
    return schedule.LongestFirst(config, log)


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> None:
    if folder := getattr(request.config, "workerinput", {}).get("template"):
        template.copy_from(Path(folder))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Put the rows that migrations wrote back after every test that empties the database, so that the next one begins with them too."""
    own = ("contenttypes", "auth")  # these write their rows back themselves
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            template.empty_by_deleting()
        kept = {
            config.label: [serializers.serialize("json", rows) for model in config.get_models() if (rows := model._default_manager.all())]
            for config in apps.get_app_configs()
            if config.label not in own
        }

    def put_back(app_config: AppConfig, **facts: object) -> None:
        for rows in kept.get(app_config.label, ()):
            for row in serializers.deserialize("json", rows):
                row.save()

    post_migrate.connect(put_back)
    yield
    post_migrate.disconnect(put_back)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Begin with an empty cache, for rows of another test had the same numbers, and without the language and zone of its last reader."""
    cache.clear()
    translation.deactivate()
    timezone.deactivate()


@dataclass
class Cast:
    """Two provinces, two satker each, one person per role in each, and a stranger.

    `a` is NTT with Kupang and Ende, `b` is Bali with Denpasar and Badung.
    """

    setjen: Satker
    province_a: Satker
    province_b: Satker
    kupang: Satker
    ende: Satker
    denpasar: Satker
    badung: Satker
    institute_a: Institute
    institute_b: Institute
    pksdm: User
    pimpinan: User
    stranger: User
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        """`cast.admin_kupang`, `cast.provinsi_a`, `cast.lembaga_a`, `cast.mentor_a`, `cast.coach_a`, `cast.penguji_a` and the `_b`, `_ende` ... twins."""
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def _units() -> dict[str, Satker]:
    """Three bulk inserts, level by level: this fixture stands before most tests, and a row at a time is five times as slow."""
    unit = factories.SatkerFactory.build
    setjen = unit(code="00", name="Sekretariat Jenderal KPU RI", kind=SatkerKind.SETJEN, parent=None)
    Satker.objects.bulk_create([setjen])
    ntt, bali = "Nusa Tenggara Timur", "Bali"
    a = unit(code="53", name=f"KPU Provinsi {ntt}", kind=SatkerKind.PROVINCE, parent=setjen, province=None, province_name=ntt)
    b = unit(code="51", name=f"KPU Provinsi {bali}", kind=SatkerKind.PROVINCE, parent=setjen, province=None, province_name=bali)
    Satker.objects.bulk_create([a, b])
    for own in (setjen, a, b):
        own.province = own
    Satker.objects.bulk_update([setjen, a, b], ["province"])
    regencies = {
        "kupang": unit(code="53.71", name="KPU Kota Kupang", parent=a, province_name=ntt),
        "ende": unit(code="53.08", name="KPU Kabupaten Ende", parent=a, province_name=ntt),
        "denpasar": unit(code="51.71", name="KPU Kota Denpasar", parent=b, province_name=bali),
        "badung": unit(code="51.03", name="KPU Kabupaten Badung", parent=b, province_name=bali),
    }
    Satker.objects.bulk_create(regencies.values())
    return {"setjen": setjen, "province_a": a, "province_b": b, **regencies}


def _people(posts: dict[str, tuple[str, dict[str, object]]]) -> dict[str, User]:
    people = {
        name: factories.UserFactory.build(username=name.replace("_", "."), full_name=f"{name.replace('_', ' ').title()}, S.H.")
        for name in posts
    }
    User.objects.bulk_create(people.values())
    RoleGrant.objects.bulk_create(
        [factories.RoleGrantFactory.build(user=people[name], role=role, **where) for name, (role, where) in posts.items() if role]
    )
    return people


@pytest.fixture
def cast(db: None) -> Cast:
    units = _units()
    a, b = units["province_a"], units["province_b"]
    institute_a = factories.InstituteFactory.build(code="bpsdm-ntt", name="BPSDM Provinsi NTT", province=a)
    institute_b = factories.InstituteFactory.build(code="bpsdm-bali", name="BPSDM Provinsi Bali", city="Denpasar", province=b)
    Institute.objects.bulk_create([institute_a, institute_b])
    people = _people(
        {
            **{f"admin_{name}": (Role.ADMIN_SATKER, {"satker": units[name]}) for name in ("kupang", "ende", "denpasar", "badung")},
            "provinsi_a": (Role.ADMIN_PROVINSI, {"satker": a}),
            "provinsi_b": (Role.ADMIN_PROVINSI, {"satker": b}),
            "lembaga_a": (Role.LEMBAGA, {"institute": institute_a}),
            "lembaga_b": (Role.LEMBAGA, {"institute": institute_b}),
            **{f"{role.value}_{side}": (role, {}) for side in ("a", "b") for role in (Role.MENTOR, Role.COACH, Role.PENGUJI)},
            "pksdm_satu": (Role.PKSDM, {}),
            "pimpinan_satu": (Role.PIMPINAN, {}),
            "orang_asing": ("", {}),
        }
    )
    leaders = {"pksdm": people.pop("pksdm_satu"), "pimpinan": people.pop("pimpinan_satu"), "stranger": people.pop("orang_asing")}
    return Cast(**units, institute_a=institute_a, institute_b=institute_b, **leaders, people=people)


@pytest.fixture
def sign_in():
    """Return `sign_in(user) -> Client`, a signed-in client that checks CSRF like a browser's would not need to."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter
