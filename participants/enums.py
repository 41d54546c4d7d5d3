from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a CPNS stands, from registration to graduation."""

    REGISTERED = "registered", _("Terdaftar")
    SUBMITTED = "submitted", _("Diajukan ke provinsi")
    RETURNED = "returned", _("Dikembalikan")
    VERIFIED = "verified", _("Terverifikasi")
    APPROVED = "approved", _("Disetujui PKSDM")
    PLACED = "placed", _("Ditempatkan")
    TRAINING = "training", _("Sedang Latsar")
    GRADUATED = "graduated", _("Lulus")
    DEFERRED = "deferred", _("Ditunda")
    WITHDRAWN = "withdrawn", _("Mengundurkan diri")
    DISMISSED = "dismissed", _("Diberhentikan")


REACHED = (Stage.REGISTERED, Stage.SUBMITTED, Stage.VERIFIED, Stage.APPROVED, Stage.PLACED, Stage.TRAINING, Stage.GRADUATED)
"""The stages in the order of the funnel; a returned file counts as registered."""

UNSEATED = (Stage.REGISTERED, Stage.SUBMITTED, Stage.RETURNED, Stage.VERIFIED, Stage.APPROVED, Stage.DEFERRED)
"""No seat, and the clock runs."""

SEATED = (Stage.PLACED, Stage.TRAINING)
"""On a seat, and the clock runs."""

LEFT = (Stage.WITHDRAWN, Stage.DISMISSED)
ENDED = (Stage.GRADUATED, *LEFT)
"""The clock has stopped."""


UNDER_ANSWER = (Stage.SUBMITTED, Stage.VERIFIED)
"""The file lies before a verifier: whatever changes in it makes an answer given without a look at it stale."""
AFTER_ANSWER = (Stage.APPROVED, Stage.PLACED, Stage.TRAINING, Stage.DEFERRED)
"""The file is out of every queue, but documents still run out and institutes still ask for more."""


STAGE_ORDER = {stage: number for number, stage in enumerate((Stage.RETURNED, *REACHED, Stage.DEFERRED, *LEFT), start=1)}
"""In a list by stage, what needs hands first: returned files on top, those who left at the end."""


class Sex(models.TextChoices):
    MALE = "L", _("Laki-laki")
    FEMALE = "P", _("Perempuan")


class Golongan(models.TextChoices):
    """Golongan ruang of a CPNS."""

    II_A = "II/a", "II/a"
    II_B = "II/b", "II/b"
    II_C = "II/c", "II/c"
    III_A = "III/a", "III/a"
    III_B = "III/b", "III/b"


PANGKAT = {
    Golongan.II_A: "Pengatur Muda",
    Golongan.II_B: "Pengatur Muda Tingkat I",
    Golongan.II_C: "Pengatur",
    Golongan.III_A: "Penata Muda",
    Golongan.III_B: "Penata Muda Tingkat I",
}


EDUCATION = ("SMA/SMK", "D-I", "D-II", "D-III", "D-IV", "S-1", "S-2", "S-3")
"""Offered, never required."""


class Religion(models.TextChoices):
    ISLAM = "Islam", _("Islam")
    PROTESTANT = "Kristen", _("Kristen")
    CATHOLIC = "Katolik", _("Katolik")
    HINDU = "Hindu", _("Hindu")
    BUDDHA = "Buddha", _("Buddha")
    KHONGHUCU = "Khonghucu", _("Khonghucu")
    BELIEF = "Kepercayaan", _("Kepercayaan terhadap Tuhan YME")


class ImportState(models.TextChoices):
    PREVIEW = "preview", _("Menunggu keputusan")
    COMMITTING = "committing", _("Sedang disimpan")
    COMMITTED = "committed", _("Tersimpan")
    DISCARDED = "discarded", _("Dibatalkan")
    UNDOING = "undoing", _("Sedang diurungkan")
    UNDONE = "undone", _("Diurungkan")


SAVED_IMPORTS = frozenset({ImportState.COMMITTING, ImportState.COMMITTED, ImportState.UNDOING, ImportState.UNDONE})
"""Imports that somebody decided to save: no longer the uploader's business alone."""


class RowOutcome(models.TextChoices):
    NEW = "new", _("Baru")
    CHANGED = "changed", _("Berubah")
    SAME = "same", _("Sama")
    ERROR = "error", _("Salah")


class ClothingSize(models.TextChoices):
    XS = "XS", "XS"
    S = "S", "S"
    M = "M", "M"
    L = "L", "L"
    XL = "XL", "XL"
    XXL = "XXL", "XXL"
    XXXL = "3XL", "3XL"


class MovementKind(models.TextChoices):
    """What may happen to a CPNS beside the straight way. Ref: PP 11/2017 Pasal 34-36, SE BKN 10/2022."""

    DEFER = "defer", _("Penundaan")
    RESUME = "resume", _("Lanjut sesudah ditunda")
    CHANGE_BATCH = "change_batch", _("Pindah angkatan")
    CHANGE_SATKER = "change_satker", _("Pindah satker")
    EXTEND = "extend", _("Perpanjangan masa percobaan")
    CORRECT_EXTEND = "correct_extend", _("Pembetulan perpanjangan")
    SECOND_ENTRY = "second_entry", _("Dasar mengikuti Latsar lagi")
    WITHDRAW = "withdraw", _("Pengunduran diri")
    DISMISS = "dismiss", _("Pemberhentian")
    REINSTATE = "reinstate", _("Pengaktifan kembali")


class MovementReason(models.TextChoices):
    PREGNANCY = "pregnancy", _("Hamil")
    BIRTH = "birth", _("Melahirkan")
    ILLNESS = "illness", _("Sakit")
    DUTY = "duty", _("Tugas kedinasan")
    BUDGET = "budget", _("Anggaran")
    FACILITIES = "facilities", _("Sarana atau kursi")
    TRAINERS = "trainers", _("Tenaga pelatih")
    POLICY = "policy", _("Kebijakan")
    MUTATION = "mutation", _("Mutasi")
    OWN_REQUEST = "own_request", _("Permintaan sendiri")
    NOT_PASSED = "not_passed", _("Tidak lulus")
    DISCIPLINE = "discipline", _("Hukuman disiplin")
    DEATH = "death", _("Meninggal dunia")
    MISTAKE = "mistake", _("Salah catat")
    OTHER = "other", _("Lainnya, jelaskan di uraian")


class MovementState(models.TextChoices):
    PROPOSED = "proposed", _("Menunggu PKSDM")
    APPLIED = "applied", _("Berlaku")
    REFUSED = "refused", _("Ditolak")
    CANCELLED = "cancelled", _("Ditarik")


class ProgressState(models.TextChoices):
    WAITING = "waiting", _("Belum mulai")
    RUNNING = "running", _("Berjalan")
    DONE = "done", _("Selesai")


class DossierState(models.TextChoices):
    """What the verifier said about one document of a dossier."""

    WAITING = "waiting", _("Menunggu diperiksa")
    ACCEPTED = "accepted", _("Diterima")
    RETURNED = "returned", _("Dikembalikan")


class ClosedWhy(models.TextChoices):
    """Why a document is no longer the current one."""

    REPLACED = "replaced", _("Diganti")
    REMOVED = "removed", _("Dihapus")


MAX_DOCUMENT_VERSIONS = 30
"""Files kept of one person for one requirement."""
EXPIRING_WITHIN_DAYS = 30
"""From how many days before its last day a document may be replaced and is shown as running out."""


class ZipOutcome(models.TextChoices):
    """What would happen to one file of a ZIP of documents."""

    ATTACH = "attach", _("Ditambahkan")
    REPLACE = "replace", _("Mengganti")
    SAME = "same", _("Sudah ada")
    UNKNOWN_NIP = "nip", _("NIP tidak dikenal")
    UNKNOWN_CODE = "code", _("Kode tidak dikenal")
    LOCKED = "locked", _("Terkunci")
    UNSAFE = "unsafe", _("Tidak diterima")


READY_OUTCOMES = (ZipOutcome.ATTACH, ZipOutcome.REPLACE)


class OrientationMethod(models.TextChoices):
    """How an orientasi tugas is held."""

    ONLINE = "daring", _("Daring")
    ON_SITE = "luring", _("Luring")
    MIXED = "campuran", _("Daring dan luring")


class OrientationState(models.TextChoices):
    OPEN = "open", _("Berjalan")
    FINISHED = "finished", _("Selesai")


class OrientationStanding(models.TextChoices):
    """How one person stands in an orientasi tugas."""

    TAKING = "taking", _("Mengikuti")
    PASSED = "passed", _("Menyelesaikan")
    SHORT = "short", _("Kehadiran kurang")
    REMOVED = "removed", _("Dikeluarkan")


class AttendanceMark(models.TextChoices):
    """Stored as the letter that the sheet shows."""

    PRESENT = "H", _("Hadir")
    LEAVE = "I", _("Izin")
    ILL = "S", _("Sakit")
    ABSENT = "A", _("Alpa")
    LATE = "T", _("Terlambat")


ATTENDED = (AttendanceMark.PRESENT, AttendanceMark.LATE)
"""Who came late took part: the JP count."""


class MarkSource(models.TextChoices):
    """How a mark came to be written."""

    CLICK = "click", _("Lembar kehadiran")
    FILE = "file", _("Berkas")
    SELF = "self", _("Lapor hadir sendiri")


class AbsenceState(models.TextChoices):
    """How far somebody is from the scheme's limit of absence."""

    OK = "ok", _("Aman")
    WARN = "warn", _("Mendekati batas")
    OVER = "over", _("Melewati batas")


class ProgressSource(models.TextChoices):
    """Where the progress of a phase comes from."""

    FORM = "form", _("Dicatat di portal")
    IMPORT = "import", _("Dari berkas")
    UNIT = "satker", _("Dilaporkan satker")


class TableKind(models.TextChoices):
    """What a table that an institute brings is about."""

    PROGRESS = "progress", _("Kemajuan fase")
    ATTENDANCE = "attendance", _("Kehadiran")
    TIMETABLE = "timetable", _("Acara")
    SCORES = "scores", _("Nilai")
    STTP = "sttp", "STTP"


class PktbtForm(models.TextChoices):
    """How competence of the own field is strengthened. Ref: PerLAN 1/2021."""

    COACHING = "coaching", _("Coaching atau mentoring")
    TRAINING = "training", _("Pelatihan atau bimtek")
    SEMINAR = "seminar", _("Seminar atau lokakarya")
    SELF_STUDY = "self_study", _("Belajar mandiri")
    ASSIGNMENT = "assignment", _("Penugasan")


class DutySource(models.TextChoices):
    """Who says that a person is called to work."""

    SATKER = "satker", _("Satker")
    PERSON = "peserta", _("Peserta")
    MENTOR = "mentor", _("Mentor")
    INSTITUTE = "lembaga", _("Lembaga")
