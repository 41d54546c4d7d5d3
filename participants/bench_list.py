"""`manage.py bench list`: the list page at ten thousand people and at a million, for the largest and the smallest office."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.bulk import insert_rows
from latsar.satker.models import Satker, SatkerKind
from participants.enums import Golongan, Stage
from participants.list_query import ListQuery
from participants.models import Participant
from participants.tables import PeopleList
from participants.views.people import participant_list

SIZES = (10_000, 1_000_000)
PROVINCES = 38
UNITS = 13  # satker of each province
CHUNK = 50_000
ROUNDS = 7
SMALL_OFFICE = 3  # people, at either size
BIRTHDAYS = 4_000
RARE = 5  # people, at either size, whose name and birth nobody else has: a search finds as many in both
RARE_BIRTH = date(1987, 1, 1)
STAGES = (Stage.REGISTERED, Stage.SUBMITTED, Stage.VERIFIED, Stage.APPROVED, Stage.APPROVED)
JABATAN = ("Penata Kelola Pemilu Ahli Pertama", "Pranata Komputer Ahli Pertama", "Arsiparis", "Pengelola Layanan Kesehatan")
FIRST = ("Maria", "Yohanes", "Siti", "Agus", "Dewi", "Bernadus", "Ratna", "Frans", "Wahyu", "Lestari")
LAST = ("Lado", "Tallo", "Wolo", "Nggae", "Seran", "Hala", "Padak", "Bria", "Kota", "Rihi", "Leba")


@dataclass(frozen=True)
class Scene:
    """The people of one size and who looks at them."""

    offices: dict[str, User]
    smallest: str
    rare_name: str
    rare_nip: str


def bench_list(sizes: tuple[int, int] = SIZES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure whole list pages in milliseconds at two sizes; `ratio` is the worst page's, large over small.

    Every page is drawn by the view itself: first page, filters, orders, a deep page and searches, for PKSDM, the largest
    province and the smallest satker. Everything happens in a transaction that is rolled back. The heavy pages are told apart, not judged.
    """
    (small, small_heavy), (large, large_heavy) = (_measured(size, rounds) for size in sizes)
    ratios = {name: round(large[name] / small[name], 2) for name in small}
    return {
        "bench": "list",
        "database": connection.vendor,
        "people": list(sizes),
        "rounds": rounds,
        "small_ms": small,
        "large_ms": large,
        "ratios": ratios,
        "ratio": max(ratios.values()),
        "heavy_small_ms": small_heavy,
        "heavy_large_ms": large_heavy,
        "queries_at_3_and_50_rows": _queries(),
    }


def _measured(size: int, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    with transaction.atomic():
        scene = _scene(size)
        found, heavy = (
            {
                f"{office}: {page}": _median(partial(draw, user), rounds)
                for office, user in scene.offices.items()
                for page, draw in pages(scene)
            }
            for pages in (_pages, _heavy_pages)
        )
        transaction.set_rollback(True)
    return found, heavy


def _pages(scene: Scene) -> list[tuple[str, Callable[[User], None]]]:
    return [
        ("first page", lambda user: _draw(user, "")),
        ("filter", lambda user: _draw(user, "?tahap=approved&golongan=III/a")),
        ("by deadline", lambda user: _draw(user, "?urut=batas")),
        ("by stage", lambda user: _draw(user, "?urut=tahap")),
        ("deep page", lambda user: _draw(user, f"?halaman={_deep(user)}")),
        ("search", lambda user: _draw(user, f"?q={scene.rare_name}")),
        ("search by NIP", lambda user: _draw(user, f"?q={scene.rare_nip}")),
        ("search by two words", lambda user: _draw(user, f"?q={scene.rare_name}+kom")),
        ("by golongan", lambda user: _draw(user, "?urut=golongan")),
        ("by registration", lambda user: _draw(user, "?urut=-terdaftar")),
        ("jabatan", lambda user: _draw(user, "?jabatan=Arsiparis")),
        ("clock", lambda user: _draw(user, "?batas=kritis")),
        ("account", lambda user: _draw(user, "?akun=siap")),
    ]


def _heavy_pages(_scene: Scene) -> list[tuple[str, Callable[[User], None]]]:
    """Pages that look at many people one by one: what stands in another table, words that a tenth of all names have."""
    return [
        ("dossier", lambda user: _draw(user, "?berkas=kurang")),
        ("search by common words", lambda user: _draw(user, "?q=maria+tallo")),
    ]


def _deep(user: User) -> str:
    """Find a place far down the list by its key, as somebody who pages on would hold it."""
    last = (
        Participant.objects.visible_to(user).filter(full_name__gte="Siti").order_by("full_name", "pk").values_list("pk", flat=True).first()
    )
    return f"s{last or 0}.500000"


def _draw(user: User, address: str) -> None:
    response = participant_list(_request(user, address))
    if response.status_code != 200:
        raise RuntimeError(f"the list answered {response.status_code}")


def _request(user: User, address: str) -> Any:
    request = RequestFactory().get(f"/peserta/{address}")
    request.user = User.objects.get(pk=user.pk)
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]  # noqa: SLF001 - what the middleware sets
    return request


def _median(work: Callable[[], None], rounds: int) -> float:
    times = []
    for _round in range(rounds + 1):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(times[1:]), 2)  # the first warms the caches


def _queries() -> list[int]:
    counts = []
    with transaction.atomic():
        scene = _scene(20_000)
        user, today = scene.offices["PKSDM"], timezone.localdate()
        full = Satker.objects.filter(participants__isnull=False).order_by("pk").values_list("code", flat=True)[0]
        for query in (ListQuery(satker=scene.smallest), ListQuery(satker=full)):
            with CaptureQueriesContext(connection) as queries:
                people = PeopleList(query, User.objects.get(pk=user.pk), today=today)
                assert people.rows
                assert people.links.summary
            counts.append(len(queries))
        transaction.set_rollback(True)
    return counts


def _scene(size: int) -> Scene:
    """Make units, admins and people; the first province gets a fifth of all, one satker exactly three."""
    heads = Satker.objects.bulk_create(
        Satker(code=f"Z{n:02d}", name=f"KPU Provinsi Uji {n}", kind=SatkerKind.PROVINCE, province_name=f"Uji {n}") for n in range(PROVINCES)
    )
    for head in heads:
        head.province = head
    Satker.objects.bulk_update(heads, ["province"])
    units = Satker.objects.bulk_create(
        Satker(
            code=f"{head.code}.{n:02d}", name=f"KPU Kabupaten Uji {head.code} {n}", kind=SatkerKind.REGENCY, parent=head, province=head,
            province_name=head.province_name,
        )
        for head in heads
        for n in range(UNITS)
    )  # fmt: skip
    smallest, others = units[-1], units[:-1]
    weighted = others[:UNITS] * 9 + others
    batch: list[Participant] = []
    for person in _people(size, smallest, weighted):
        batch.append(person)
        if len(batch) == CHUNK:
            insert_rows(Participant, batch)
            batch.clear()
    insert_rows(Participant, batch)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT gin_clean_pending_list(c.oid) FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'gin'")
        cursor.execute("ANALYZE")  # what autovacuum does between two days
    return Scene(
        {
            "PKSDM": _user("bench-pksdm", Role.PKSDM),
            "largest province": _user("bench-provinsi", Role.ADMIN_PROVINSI, heads[0]),
            "smallest satker": _user("bench-satker", Role.ADMIN_SATKER, smallest),
        },
        smallest.code,
        "Zulkarnain",
        f"{RARE_BIRTH:%Y%m}",
    )


def _user(username: str, role: str, satker: Satker | None = None) -> User:
    user = User.objects.create_user(username, full_name="Penguji Daftar")
    RoleGrant.objects.create(user=user, role=role, satker=satker)
    return user


def _people(size: int, smallest: Satker, units: list[Satker]) -> Iterator[Participant]:
    today, now = timezone.localdate(), timezone.now()
    golongan = list(Golongan)
    for number in range(size):
        unit = smallest if number < SMALL_OFFICE else units[number * 7919 % len(units)]
        rare, ordinary = divmod(number, size // RARE)
        birth = date(1988, 1, 1) + timedelta(days=number % BIRTHDAYS) if ordinary else RARE_BIRTH + timedelta(days=rare)
        month = number // BIRTHDAYS % 12
        tmt = date(today.year - 1, month + 1, 1)
        serial = 900 + number // (BIRTHDAYS * 12) % 100
        name = f"{FIRST[number % 10]} {LAST[number % 11]} {number % 9973}" if ordinary else f"Zulkarnain {number}"
        yield Participant(
            nip=f"{birth:%Y%m%d}{tmt:%Y%m}{1 + number % 2}{serial}", full_name=f"{name}, S.Kom.", satker_id=unit.pk, province_id=unit.province_id or unit.pk,
            golongan=golongan[number % len(golongan)], jabatan=JABATAN[number % len(JABATAN)], birth_date=birth, sex="LP"[number % 2], email=f"p{number}@contoh.go.id",
            tmt_cpns=tmt, deadline=tmt.replace(year=tmt.year + 1), stage=STAGES[number % len(STAGES)], stage_at=now, created_at=now,
        )  # fmt: skip
