from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, settings

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.models import Institute
from tests import factories

# How long one example takes says nothing on a busy machine; speed is measured by `manage.py bench`.
settings.register_profile("latsar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("latsar")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-db", action="store_true", help="Leave out what touches no database: it has the same answer on every one.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--only-db"):
        return
    uses = {"db", "transactional_db", "django_db_setup"}
    kept = [item for item in items if uses & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True)
def _own_cache() -> None:
    """Begin with nothing kept: rows of another test had the same numbers."""
    cache.clear()


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


def _person(name: str, role: str | None = None, **grant: object) -> User:
    user = factories.UserFactory(username=name.replace("_", "."), full_name=f"{name.replace('_', ' ').title()}, S.H.")
    if role:
        factories.RoleGrantFactory(user=user, role=role, **grant)
    return user


@pytest.fixture
def cast(db: None) -> Cast:
    unit = factories.SatkerFactory
    setjen = unit(code="00", name="Sekretariat Jenderal KPU RI", kind=SatkerKind.SETJEN, parent=None)
    a = unit(
        code="53",
        name="KPU Provinsi Nusa Tenggara Timur",
        kind=SatkerKind.PROVINCE,
        parent=setjen,
        province=None,
        province_name="Nusa Tenggara Timur",
    )
    b = unit(code="51", name="KPU Provinsi Bali", kind=SatkerKind.PROVINCE, parent=setjen, province=None, province_name="Bali")
    for own in (setjen, a, b):
        own.province = own
        own.save()
    kupang = unit(code="53.71", name="KPU Kota Kupang", parent=a, province_name="Nusa Tenggara Timur")
    ende = unit(code="53.08", name="KPU Kabupaten Ende", parent=a, province_name="Nusa Tenggara Timur")
    denpasar = unit(code="51.71", name="KPU Kota Denpasar", parent=b, province_name="Bali")
    badung = unit(code="51.03", name="KPU Kabupaten Badung", parent=b, province_name="Bali")
    institute_a = factories.InstituteFactory(code="bpsdm-ntt", name="BPSDM Provinsi NTT", province=a)
    institute_b = factories.InstituteFactory(code="bpsdm-bali", name="BPSDM Provinsi Bali", city="Denpasar", province=b)
    people = {
        "admin_kupang": _person("admin_kupang", Role.ADMIN_SATKER, satker=kupang),
        "admin_ende": _person("admin_ende", Role.ADMIN_SATKER, satker=ende),
        "admin_denpasar": _person("admin_denpasar", Role.ADMIN_SATKER, satker=denpasar),
        "admin_badung": _person("admin_badung", Role.ADMIN_SATKER, satker=badung),
        "provinsi_a": _person("provinsi_a", Role.ADMIN_PROVINSI, satker=a),
        "provinsi_b": _person("provinsi_b", Role.ADMIN_PROVINSI, satker=b),
        "lembaga_a": _person("lembaga_a", Role.LEMBAGA, institute=institute_a),
        "lembaga_b": _person("lembaga_b", Role.LEMBAGA, institute=institute_b),
    }
    for side in ("a", "b"):
        for role in (Role.MENTOR, Role.COACH, Role.PENGUJI):
            people[f"{role.value}_{side}"] = _person(f"{role.value}_{side}", role)
    return Cast(
        setjen, a, b, kupang, ende, denpasar, badung, institute_a, institute_b,
        pksdm=_person("pksdm_satu", Role.PKSDM), pimpinan=_person("pimpinan_satu", Role.PIMPINAN), stranger=_person("orang_asing"), people=people,
    )  # fmt: skip


@pytest.fixture
def sign_in():
    """Return `sign_in(user) -> Client`, a signed-in client that checks CSRF like a browser's would not need to."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter
