from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Method(models.TextChoices):
    ON_OFF_CAMPUS = "klasikal_on_off", _("Klasikal (on/off campus)")
    KLASIKAL = "klasikal", _("Klasikal")
    BLENDED = "blended", _("Blended")
    DISTANCE = "jarak_jauh", _("Jarak jauh")


class PhaseKind(models.TextChoices):
    MOOC = "mooc", _("MOOC")
    E_LEARNING = "elearning", _("E-learning")
    CLASSICAL = "klasikal", _("Klasikal")
    PROPOSAL_SEMINAR = "seminar_rancangan", _("Seminar rancangan")
    HABITUASI = "habituasi", _("Habituasi")
    PKTBT = "pktbt", _("PKTBT")
    RESULT_SEMINAR = "seminar_hasil", _("Seminar hasil")


class SeminarKind(models.TextChoices):
    """The two seminars of aktualisasi; the values are those of the phases in which they are held."""

    PROPOSAL = PhaseKind.PROPOSAL_SEMINAR.value, _("Seminar rancangan")
    RESULT = PhaseKind.RESULT_SEMINAR.value, _("Seminar hasil")


class DayCount(models.TextChoices):
    WORKING = "kerja", _("hari kerja")
    CALENDAR = "kalender", _("hari kalender")


class BatchStage(models.TextChoices):
    DRAFT = "draft", _("Disiapkan")
    OPEN = "open", _("Dibuka")
    RUNNING = "running", _("Berjalan")
    CLOSED = "closed", _("Selesai")


class GolonganGroup(models.TextChoices):
    II = "II", _("Golongan II")
    III = "III", _("Golongan III")
    MIXED = "II/III", _("Golongan II dan III")


class Rater(models.TextChoices):
    """Whose judgement a component's score is."""

    INSTITUTE = "lembaga", _("Lembaga")
    EXAMINER = "penguji", _("Penguji")
    COACH = "coach", _("Coach")
    MENTOR = "mentor", _("Mentor")
    UNIT = "satker", _("Satker")


class SessionMode(models.TextChoices):
    """How a session is held. Ref: PerLAN 1/2021, blended and distance learning."""

    SYNC = "sync", _("Sinkron, daring")
    ASYNC = "async", _("Asinkron, mandiri")
    CLASSICAL = "klasikal", _("Klasikal")


class ShortAttendance(models.TextChoices):
    """What follows when somebody missed more than the scheme allows."""

    DEFERRED = "deferred", _("Kelulusan ditunda")
    FAILED = "failed", _("Tidak lulus")


class RequestState(models.TextChoices):
    """Where a request for seats stands."""

    DRAFT = "draft", _("Konsep")
    SENT = "sent", _("Menunggu jawaban")
    GRANTED = "granted", _("Dikabulkan")
    REFUSED = "refused", _("Ditolak")
    AGREED = "agreed", _("PKS ditandatangani")
    CLOSED = "closed", pgettext_lazy("request", "Selesai")
    WITHDRAWN = "withdrawn", _("Ditarik")


class LetterKind(models.TextChoices):
    """Which paper of a request for seats a file is."""

    LETTER = "surat", _("Surat permohonan")
    ANSWER = "jawaban", _("Surat jawaban")
    AGREEMENT = "pks", _("PKS")


class StageScope(models.TextChoices):
    """Whose work a stage of an election is."""

    NATION = "nation", _("Nasional")
    PROVINCE = "province", _("Provinsi")
    SATKER = "satker", _("Satker")
