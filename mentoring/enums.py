from django.db import models
from django.utils.translation import gettext_lazy as _

MENTEE_LIMIT = 5
"""At most five participants per mentor over all running batches. Ref: rakor KPU, November 2025."""
WAIVED_LIMIT = 10
"""With a recorded decision of PKSDM; the decision says how many places above five."""


class Bidang(models.TextChoices):
    """What a mentor knows best, after the subbagian of a secretariat."""

    TEKNIS = "teknis", _("Teknis penyelenggaraan")
    PARMAS = "parmas", _("Partisipasi dan hubungan masyarakat")
    DATA = "data", _("Perencanaan, data, dan informasi")
    HUKUM = "hukum", _("Hukum")
    SDM = "sdm", _("Sumber daya manusia")
    KEUANGAN = "keuangan", _("Keuangan")
    UMUM = "umum", _("Umum dan logistik")


class GuideKind(models.TextChoices):
    """Whose consultation card a session belongs to."""

    MENTOR = "mentor", _("Mentor")
    COACH = "coach", _("Coach")


class Side(models.TextChoices):
    """The two sides of a session."""

    GUIDE = "guide", _("Pembimbing")
    PARTICIPANT = "participant", _("Peserta")


class MeetingMode(models.TextChoices):
    OFFLINE = "offline", _("Luring")
    ONLINE = "online", _("Daring")


class SessionStage(models.TextChoices):
    PROPOSED = "proposed", _("Diusulkan")
    AGREED = "agreed", _("Disepakati")
    NOTED = "noted", _("Menunggu paraf")
    CONFIRMED = "confirmed", _("Diparaf keduanya")
    CANCELLED = "cancelled", _("Dibatalkan")
