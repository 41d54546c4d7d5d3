import hashlib
import io
import os
import re
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from latsar.documents.intake import pdf_worker
from latsar.documents.intake.cell import FOLDER, CellLimits, CellStopped, run_cell
from latsar.documents.intake.pdf_check import PdfFacts, inspect_pdf
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES, MESSAGES, UploadRefused
from tests.corpus import pdfs


def refusal(data: bytes, **options: CellLimits) -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        inspect_pdf(data, **options)
    return caught.value


@pytest.mark.parametrize("name", pdfs.CLEAN)
def test_inspect_pdf_clean_is_accepted_with_its_facts(name: str) -> None:
    data = pdfs.CLEAN[name]()
    pages = 300 if name == "three_hundred_pages" else 1
    assert inspect_pdf(data) == PdfFacts(pages, hashlib.sha256(data).hexdigest(), len(data), is_signed=name == "signed")


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in_object_stream"])
@pytest.mark.parametrize("name", pdfs.ACTIVE)
def test_inspect_pdf_active_is_refused_with_its_reason(name: str, packed: bool) -> None:
    assert refusal(pdfs.active(name, packed=packed)).code == pdfs.ACTIVE[name][1]


@pytest.mark.parametrize("name", pdfs.ACTIVE)
def test_active_corpus_without_the_check_opens_like_any_pdf(name: str) -> None:
    for packed in (False, True):
        with pikepdf.open(io.BytesIO(pdfs.active(name, packed=packed)), attempt_recovery=False) as pdf:
            assert len(pdf.pages) == 1
            assert pdf.get_warnings() == []


def test_byte_search_instead_of_a_structural_check_misses_packed_and_escaped_scripts() -> None:
    def search(data: bytes) -> bool:
        return re.search(rb"/JavaScript|/OpenAction|/JS\b", data) is not None

    assert search(pdfs.active("javascript_on_open", packed=False))
    assert not search(pdfs.active("javascript_on_open", packed=True))


@pytest.mark.parametrize("name", pdfs.DAMAGED)
def test_inspect_pdf_damaged_is_refused_with_its_reason(name: str) -> None:
    make, code = pdfs.DAMAGED[name]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert refusal(make()).code == code
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 11  # CPU seconds: the cell's own limit is 10


def test_inspect_pdf_bomb_in_object_stream_is_refused() -> None:
    assert refusal(pdfs.bomb_in_object_stream()).code in {"bomb", "too_heavy"}


def test_inspect_pdf_ten_megabytes_is_the_limit() -> None:
    nearly = pdfs.build(pdfs.stream(b"0" * (MAX_UPLOAD_BYTES - 1000)))
    largest = nearly + b"\n" * (MAX_UPLOAD_BYTES - len(nearly))
    assert len(largest) == MAX_UPLOAD_BYTES
    assert inspect_pdf(largest).size == MAX_UPLOAD_BYTES
    assert refusal(largest + b"\n").code == "too_large"


def test_inspect_pdf_path_gives_the_same_facts_and_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "rancangan.pdf"
    file.write_bytes(pdfs.signed())
    before = file.stat().st_mtime_ns
    assert inspect_pdf(file) == inspect_pdf(pdfs.signed())
    assert file.read_bytes() == pdfs.signed()
    assert file.stat().st_mtime_ns == before


def test_inspect_pdf_signed_keeps_a_valid_signature_where_rewriting_breaks_it() -> None:
    def is_intact(data: bytes) -> bool:
        signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=[]))
        return bool(status.intact and status.valid)

    data = pdfs.signed()
    assert inspect_pdf(data).is_signed
    assert is_intact(data)
    rewritten = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(rewritten)
    assert not is_intact(rewritten.getvalue())


def test_inspect_pdf_repairing_reader_would_open_what_is_refused() -> None:
    with pikepdf.open(io.BytesIO(pdfs.shifted_xref())) as repaired:
        assert len(repaired.pages) == 1
    assert refusal(pdfs.shifted_xref()).code == "broken_pdf"


def test_inspect_pdf_doubled_key_without_the_rule_would_pass() -> None:
    with pikepdf.open(io.BytesIO(pdfs.doubled_key()), attempt_recovery=False) as pdf:
        assert pdf_worker.inspect(pdf)["pages"] == 1


def test_inspect_pdf_zip_inside_is_a_readable_archive_without_the_rule() -> None:
    data = pdfs.zip_inside()
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["evil.txt"]
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        assert pdf_worker.inspect(pdf)["pages"] == 1


def hard_work() -> bytes:
    """A hundred scanned pages: several seconds of honest unpacking."""
    size = b"/Subtype /Image /Width 2480 /Height 3508 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode"
    return pdfs.build(*([pdfs.stream(pdfs.flate(b"\xff" * (2480 * 3508 * 3)), size)] * 100))


def test_inspect_pdf_cpu_limit_stops_hard_work_that_a_larger_one_lets_pass() -> None:
    assert refusal(hard_work(), limits=CellLimits(cpu=1)).code == "too_slow"
    assert inspect_pdf(hard_work()).pages == 1


def test_inspect_pdf_wall_limit_kills_the_child() -> None:
    started = time.monotonic()
    assert refusal(hard_work(), limits=CellLimits(wall=1)).code == "too_slow"
    assert time.monotonic() - started < 10  # the work itself takes far longer


def test_inspect_pdf_memory_limit_stops_what_a_larger_one_unpacks() -> None:
    data = pdfs.bomb_run_length()
    assert refusal(data).code == "too_heavy"
    assert refusal(data, limits=CellLimits(memory=2048 * 1024 * 1024)).code == "bomb"


def test_refusals_each_have_their_own_indonesian_message_that_says_what_to_do() -> None:
    codes = {code for _, code in pdfs.ACTIVE.values()} | {code for _, code in pdfs.DAMAGED.values()}
    assert codes <= MESSAGES.keys()
    texts = [str(MESSAGES[code]) for code in MESSAGES]
    assert len(set(texts)) == len(texts)
    assert all("unggah lagi" in text or "coba lagi" in text for text in texts)
    assert str(refusal(pdfs.truncated())).startswith("PDF rusak atau terpotong.")


def test_pdf_worker_every_code_it_can_give_has_a_message() -> None:
    source = (FOLDER / "pdf_worker.py").read_text() + (FOLDER / "image_worker.py").read_text()
    given = set(re.findall(r"Refused\(\"(\w+)\"", source)) | set(pdf_worker.GRAVITY) | set(pdf_worker.ACTIONS.values())
    given |= set(pdf_worker.SUBTYPES.values()) | set(pdf_worker.KEYS.values())
    assert given <= MESSAGES.keys()
    assert set(pdf_worker.ACTIONS.values()) | set(pdf_worker.SUBTYPES.values()) | set(pdf_worker.KEYS.values()) <= set(pdf_worker.GRAVITY)


def test_pdf_worker_loads_neither_django_nor_the_project() -> None:
    probe = (
        "import runpy, sys\n"
        f"runpy.run_path({str(FOLDER / 'pdf_worker.py')!r})\n"
        "print([m for m in sys.modules if m.split('.')[0] in {'django', 'celery', 'latsar'}])"
    )
    shown = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def write_worker(folder: Path, body: str) -> str:
    file = folder / "worker.py"
    file.write_text(body)
    return str(file)


def test_run_cell_child_sees_no_environment_and_no_project_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "must-not-be-seen")
    worker = write_worker(tmp_path, "import os, sys; print(os.getcwd(), 'SECRET_KEY' in os.environ, 'latsar' in sys.modules)")
    assert run_cell(worker, b"").decode().strip() == "/ False False"
    assert os.environ["SECRET_KEY"] == "must-not-be-seen"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("while True: pass", "too_slow"),
        ("import time; time.sleep(60)", "too_slow"),
        ("bytearray(1 << 30)", "too_heavy"),
        ("import sys; sys.stdout.write('x' * (1 << 20))", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("raise ValueError", "crashed"),
    ],
    ids=["busy", "asleep", "memory", "long_answer", "segfault", "error"],
)
def test_run_cell_bad_worker_is_stopped(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(CellStopped, match=reason):
        run_cell(write_worker(tmp_path, body), b"", limits=CellLimits(cpu=1, wall=2))


def test_run_cell_worker_within_limits_answers(tmp_path: Path) -> None:
    worker = write_worker(tmp_path, "import sys; sys.stdout.write(sys.stdin.read() * 2 + sys.argv[1])")
    assert run_cell(worker, b"ab", "c") == b"ababc"
