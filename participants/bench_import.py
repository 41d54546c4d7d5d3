"""How fast the import is beside django-import-export's default, both measured in turns on the same database."""

from __future__ import annotations

import hashlib
import io
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, transaction
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, ForeignKeyWidget
from tablib import Dataset
from xlsxwriter import Workbook

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.jobs.run import run_job
from latsar.satker.models import Satker, SatkerKind
from participants.nip import parse_nip
from participants.people import Participant
from participants.services import imports
from participants.services.registration import TEXT_FIELDS, take_nip
from participants.workbook.cells import HEADINGS

UNITS = 50
PROVINCE_CODE = "99"  # no region of the country has it
FIRST_BIRTH, BIRTHDAYS, TMT, FIRST_SERIAL = date(1988, 1, 1), 4000, date(2025, 6, 1), 900
COMPARED = ("nip", "satker_id", "province_id", *TEXT_FIELDS, "birth_date", "sex", "tmt_cpns", "deadline", "stage")

Timing = dict[str, float]
Result = TypeVar("Result")


class BaselineResource(ModelResource):  # type: ignore[misc]
    """The resource one writes after reading the manual: a ForeignKeyWidget, each row saved on its own, a dry run before."""

    nip = Field("nip", "NIP")
    full_name = Field("full_name", "Nama Lengkap")
    satker = Field("satker", "Kode Satker", ForeignKeyWidget(Satker, "code"))
    golongan = Field("golongan", "Golongan")
    jabatan = Field("jabatan", "Jabatan")
    education = Field("education", "Pendidikan")
    study_programme = Field("study_programme", "Program Studi")
    birth_place = Field("birth_place", "Tempat Lahir")
    sex = Field("sex", "Jenis Kelamin")
    birth_date = Field("birth_date", "Tanggal Lahir", DateWidget("%d-%m-%Y"))
    religion = Field("religion", "Agama")
    email = Field("email", "Email")
    phone = Field("phone", "No. HP")
    address = Field("address", "Alamat")
    special_needs = Field("special_needs", "Kebutuhan Khusus")

    class Meta:
        model = Participant
        import_id_fields = ("nip",)
        fields = ("nip", "full_name", "satker", "golongan", "jabatan", "education", "study_programme", "birth_place", "sex", "birth_date",
                  "religion", "email", "phone", "address", "special_needs")  # fmt: skip

    def before_save_instance(self, instance: Participant, row: Any, **kwargs: Any) -> None:
        take_nip(instance, parse_nip(instance.nip))
        instance.province_id = instance.satker.province_id  # type: ignore[assignment]


def bench_import(rows: int = 10_000, rounds: int = 3) -> dict[str, Any]:
    """Measure both ways in turns over `rows` synthetic people of 15 columns and return medians, spread and ratio.

    Ours is gate, reading, validation, stored preview and commit with audit and stage rows; the baseline is a dry run and
    the real run. The peak memory is that of the first run, before the baseline has grown the process. Every run happens in a transaction that is rolled back, on units of its own: nobody's data is touched.
    """
    data = _workbook(rows)
    ours: list[Timing] = []
    baseline: list[float] = []
    digests: set[str] = set()
    for _round in range(rounds):
        ours.append(_rolled_back(lambda by: _run_ours(data, by, digests)))
        baseline.append(_rolled_back(lambda _by: _run_baseline(data, digests)))
    first = [run["preview"] + run["commit"] for run in ours]
    again = [run["again"] for run in ours]
    return {
        "bench": "import",
        "database": connection.vendor,
        "rows": rows,
        "rounds": rounds,
        "ours_seconds": round(statistics.median(first), 3),
        "ours_spread": [round(min(first), 3), round(max(first), 3)],
        "preview_seconds": round(statistics.median(run["preview"] for run in ours), 3),
        "commit_seconds": round(statistics.median(run["commit"] for run in ours), 3),
        "baseline_seconds": round(statistics.median(baseline), 3),
        "baseline_spread": [round(min(baseline), 3), round(max(baseline), 3)],
        "ratio": round(statistics.median(baseline) / statistics.median(first), 1),
        "reimport_seconds": round(statistics.median(again), 3),
        "reimport_ratio": round(statistics.median(again) / statistics.median(first), 2),
        "same_content": len(digests) == 1,
        "peak_mb": round(ours[0]["peak_mb"]),
    }


def _rolled_back(work: Callable[[User], Result]) -> Result:
    with transaction.atomic():
        result = work(_stage())
        transaction.set_rollback(True)
    return result


def _stage() -> User:
    """Make a province with its satker and an admin for it, inside the transaction of one run."""
    province = Satker.objects.create(code=PROVINCE_CODE, name="KPU Provinsi Uji", kind=SatkerKind.PROVINCE)
    Satker.objects.filter(pk=province.pk).update(province=province)
    Satker.objects.bulk_create(
        Satker(code=_code(n), name=f"KPU Kabupaten Uji {n}", kind=SatkerKind.REGENCY, parent=province, province=province)
        for n in range(UNITS)
    )
    admin = User.objects.create_user("bench-import", full_name="Penguji Impor")
    RoleGrant.objects.create(user=admin, role=Role.ADMIN_PROVINSI, satker=province)
    return admin


def _run_ours(data: bytes, by: User, digests: set[str]) -> Timing:
    _reset_peak()
    started = time.perf_counter()
    upload = imports.preview_import(source=data, filename="bench.xlsx", by=by)
    previewed = time.perf_counter()
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=by)
    run_job(job.pk, imports.save_rows)
    connection.check_constraints()  # what a commit would still do
    saved = time.perf_counter()
    peak = _peak_mb()
    digests.add(_digest())
    repeated = time.perf_counter()
    again = imports.preview_import(source=data, filename="bench.xlsx", by=by)
    ended = time.perf_counter()
    job.refresh_from_db()
    if job.state != "done" or again.same_count != upload.new_count or again.ready_count:
        raise RuntimeError("the import did not do what it is measured for")
    return {"preview": previewed - started, "commit": saved - previewed, "again": ended - repeated, "peak_mb": peak}


def _run_baseline(data: bytes, digests: set[str]) -> float:
    started = time.perf_counter()
    dataset = Dataset().load(data, format="xlsx")
    for dry_run in (True, False):
        BaselineResource().import_data(dataset, dry_run=dry_run, raise_errors=True)
    connection.check_constraints()
    seconds = time.perf_counter() - started
    digests.add(_digest())
    return seconds


def _digest() -> str:
    """Fingerprint the people of the units made for the run; units and people get new numbers each time, so codes stand for them."""
    names = [name.replace("satker_id", "satker__code").replace("province_id", "province__code") for name in COMPARED]
    people = Participant.objects.filter(province__code=PROVINCE_CODE).order_by("nip").values_list(*names)
    return hashlib.sha256(repr(list(people)).encode()).hexdigest()


def _workbook(rows: int) -> bytes:
    stream = io.BytesIO()
    with Workbook(stream, {"constant_memory": True}) as book:
        page = book.add_worksheet("CPNS")
        page.write_row(0, 0, HEADINGS)
        for number in range(rows):
            page.write_row(number + 1, 0, _person(number))
    return stream.getvalue()


def _person(number: int) -> tuple[str, ...]:
    birth = FIRST_BIRTH + timedelta(days=number % BIRTHDAYS)
    sex = "LP"[number % 2]
    nip = f"{birth:%Y%m%d}{TMT:%Y%m}{number % 2 + 1}{FIRST_SERIAL + number // BIRTHDAYS}"
    return (
        nip, f"Peserta Uji {number}, S.Kom.", _code(number % UNITS), "III/a", "Pranata Komputer Ahli Pertama", "S-1", "Ilmu Komputer", "Kupang",
        sex, f"{birth:%d-%m-%Y}", "Katolik", f"peserta{number}@contoh.go.id", f"0812{number:08d}", f"Jalan Contoh {number}", "Tidak ada",
    )  # fmt: skip


def _code(number: int) -> str:
    return f"{PROVINCE_CODE}.{number + 1:02d}"


def _reset_peak() -> None:
    """Let the kernel count the peak memory from here; where it cannot, the peak of the whole process is told."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _peak_mb() -> float:
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
