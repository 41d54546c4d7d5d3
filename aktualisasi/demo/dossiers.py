"""Believable dossiers for the people of the story: one sample file per requirement, shared by everybody's rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image, ImageDraw
from weasyprint import HTML

from aktualisasi.demo.batches import Rules
from latsar.documents.intake.kinds import FileKind
from latsar.training.models import DossierRequirement
from participants.dossier.checklist import Checklists
from participants.enums import DossierState, Stage
from participants.models import DossierDocument, Participant

CHUNK = 2000
PHOTO = "pas-foto"
TEXTS = {
    "sk-cpns": ("Keputusan Sekretaris Jenderal", "Mengangkat yang namanya tercantum dalam lampiran sebagai Calon Pegawai Negeri Sipil."),
    "spmt": ("Surat Pernyataan Melaksanakan Tugas", "Dengan ini dinyatakan telah nyata melaksanakan tugas terhitung mulai tanggal 1."),
    "surat-tugas": ("Surat Tugas", "Untuk mengikuti Pelatihan Dasar Calon Pegawai Negeri Sipil sampai selesai."),
    "surat-sehat": ("Surat Keterangan Sehat", "Telah diperiksa kesehatannya dan dinyatakan sehat jasmani dan rohani."),
    "surat-pernyataan": ("Surat Pernyataan", "Bersedia mengikuti seluruh kegiatan pelatihan dan menaati tata tertibnya."),
    "skp": ("Sasaran Kinerja Pegawai", "Rencana hasil kerja, indikator, dan target tahun berjalan."),
}
REASONS = {
    "surat-sehat": "Surat lebih tua dari tiga bulan saat pelatihan mulai. Mintakan yang baru.",
    PHOTO: "Latar belakang bukan merah. Unggah foto dengan latar merah.",
    "sk-cpns": "Halaman kedua terpotong. Pindai ulang seluruh halaman.",
}
NAMES = {"surat-sehat": "Surat keterangan sehat", PHOTO: "Pas foto", "sk-cpns": "SK CPNS"}
DONE = frozenset({Stage.VERIFIED, Stage.APPROVED, Stage.PLACED, Stage.TRAINING})
JUDGED_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Sample:
    stored: str
    name: str
    kind: FileKind
    size: int
    sha256: str


def fill(rules: Rules, *, limit: int) -> int:
    """Give the first people that have not graduated a dossier that fits their stage; return how many files."""
    people = Participant.objects.exclude(stage=Stage.GRADUATED).select_related("batch").order_by("-province__code", "pk")[:limit]
    checklists = Checklists.read()
    samples = {line.code: _sample(line) for line in checklists.variant(None, "") if line.is_required}
    rows = [row for person in people for row in _dossier(rules, person, checklists, samples)]
    DossierDocument.objects.bulk_create(rows, batch_size=CHUNK)
    return len(rows)


def returned_code(person: Participant) -> str:
    """Choose which document of a returned person is the wrong one, always the same for the same person."""
    return Random(int(person.nip)).choice(list(REASONS))  # noqa: S311


def return_note(person: Participant) -> str:
    """Say of a returned file what is wrong with its document."""
    code = returned_code(person)
    return f"{NAMES[code]}: {REASONS[code]}"


def _dossier(rules: Rules, person: Participant, checklists: Checklists, samples: dict[str, Sample]) -> list[DossierDocument]:
    rng = Random(int(person.nip))  # noqa: S311
    lines = [line for line in checklists.of(person) if line.code in samples]
    if person.stage == Stage.REGISTERED:
        lines = lines[: rng.randrange(len(lines))]
    elif person.stage == Stage.SUBMITTED and rng.random() < 0.25:
        lines = lines[:-1]
    bad = returned_code(person) if person.stage == Stage.RETURNED else ""
    return [_document(rules, person, line, samples[line.code], rng, is_bad=line.code == bad) for line in lines]


def _document(rules: Rules, person: Participant, line: DossierRequirement, sample: Sample, rng: Random, *, is_bad: bool) -> DossierDocument:
    uploaded_at = person.stage_at - timedelta(days=3, minutes=rng.randrange(300))
    row = DossierDocument(participant=person, code=line.code, number=1, file=sample.stored, name=sample.name, kind=sample.kind.value)
    row.size, row.pages, row.sha256, row.source_sha256 = sample.size, 1, sample.sha256, sample.sha256
    row.uploaded_by, row.uploaded_at = rules.by, uploaded_at
    if line.valid_days:
        age = rng.randrange(5, line.valid_days + 8 if person.stage in DONE else line.valid_days - 20)
        row.issued_on = min(rules.today - timedelta(days=age), timezone.localdate(uploaded_at))
        row.expires_on = row.issued_on + timedelta(days=line.valid_days)
    if is_bad:
        row.state, row.reason = DossierState.RETURNED, REASONS[line.code]
    elif person.stage in DONE or person.stage == Stage.RETURNED:
        row.state = DossierState.ACCEPTED
    if row.state != DossierState.WAITING:
        row.judged_by, row.judged_at = rules.by, max(person.stage_at - JUDGED_BEFORE, uploaded_at)
    return row


def _sample(line: DossierRequirement) -> Sample:
    kind, content = (FileKind.JPEG, _photo()) if line.code == PHOTO else (FileKind.PDF, _letter(line))
    ending = "jpg" if kind == FileKind.JPEG else "pdf"
    stored = default_storage.save(f"berkas/contoh/{line.code}.{ending}", ContentFile(content))
    return Sample(stored, f"{line.name}.{ending}", kind, len(content), hashlib.sha256(content).hexdigest())


def _letter(line: DossierRequirement) -> bytes:
    title, text = TEXTS.get(line.code, (line.name, ""))
    css = "@page{size:A4;margin:25mm}body{font-size:12pt;line-height:1.6}h1,h2{text-align:center;font-size:14pt;margin:0}hr{margin:6mm 0}"
    body = f"<h1>KOMISI PEMILIHAN UMUM</h1><h2>Contoh dokumen untuk data tiruan</h2><hr><h2>{title}</h2><p>{text}</p><p>Ditandatangani</p>"
    pdf = HTML(string=f"<html lang=id><head><title>{title}</title><style>{css}</style></head><body>{body}</body></html>").write_pdf()
    assert pdf is not None
    return pdf


def _photo() -> bytes:
    picture = Image.new("RGB", (600, 800), "#a3152a")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((200, 170, 400, 430), fill="#d9b08c")
    pen.pieslice((100, 460, 500, 1140), 180, 360, fill="#f4f1ec")
    written = BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()
