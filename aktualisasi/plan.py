"""What a rancangan says, row by row: issues, causes, kegiatan, tahapan. Ref: PerLAN 1/2021, pedoman 13/K.1/PDP.07/2022."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import LONG, MAX_CAUSES, MAX_ISSUES, MAX_KEGIATAN, MAX_TAHAPAN, SENTENCE, Bone

if TYPE_CHECKING:
    from aktualisasi.rancangan import Rancangan
    from latsar.accounts.models import AnyUser

PARKED = 0
"""The order of a row while two rows change places: a unique order lets nobody stand on the same place for a moment."""

USG = [MinValueValidator(1), MaxValueValidator(5)]


def _usg_in_range(name: str) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__gte": 1, f"{name}__lte": 5})


class Issue(models.Model):
    """One issue of the own satker: screened by APKL (yes or no each, None before), ranked by USG (1 to 5 each)."""

    rancangan = models.ForeignKey("aktualisasi.Rancangan", models.CASCADE, related_name="issues", verbose_name=_("rancangan"))
    order = models.PositiveSmallIntegerField(_("urutan"))
    statement = models.CharField(_("isu"), max_length=SENTENCE, blank=True)
    current = models.TextField(_("kondisi saat ini"), max_length=LONG, blank=True)
    expected = models.TextField(_("kondisi yang diharapkan"), max_length=LONG, blank=True)
    impact = models.TextField(_("dampak"), max_length=LONG, blank=True)
    aktual = models.BooleanField(_("aktual"), null=True, blank=True)
    problematik = models.BooleanField(_("problematik"), null=True, blank=True)
    kekhalayakan = models.BooleanField(_("kekhalayakan"), null=True, blank=True)
    layak = models.BooleanField(_("layak"), null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True, blank=True, validators=USG)
    seriousness = models.PositiveSmallIntegerField(_("seriousness"), null=True, blank=True, validators=USG)
    growth = models.PositiveSmallIntegerField(_("growth"), null=True, blank=True, validators=USG)
    reason = models.TextField(_("alasan penilaian"), max_length=LONG, blank=True)

    class Meta:
        ordering = ["rancangan", "order"]
        verbose_name = _("isu")
        verbose_name_plural = _("isu")
        constraints = [
            models.UniqueConstraint(fields=["rancangan", "order"], name="issue_order_once"),
            models.CheckConstraint(condition=Q(order__lte=MAX_ISSUES), name="issue_order_in_range"),
            *(
                models.CheckConstraint(condition=_usg_in_range(name), name=f"issue_{name}_in_range")
                for name in ("urgency", "seriousness", "growth")
            ),
        ]

    def __str__(self) -> str:
        return self.statement or str(_("Isu %(n)s") % {"n": self.order})

    @property
    def apkl(self) -> tuple[bool | None, bool | None, bool | None, bool | None]:
        return self.aktual, self.problematik, self.kekhalayakan, self.layak

    @property
    def passes_apkl(self) -> bool:
        """Whether all four are answered with yes: only then the issue is ranked."""
        return all(self.apkl)

    @property
    def total(self) -> int | None:
        """The USG sum, 3 to 15; None while the issue is not ranked."""
        marks = (self.urgency, self.seriousness, self.growth)
        if not self.passes_apkl or None in marks:
            return None
        return sum(mark or 0 for mark in marks)


class IssueCorrection(models.Model):
    """What the participant's superior corrected in the issues; the words of a person who need not have an account."""

    rancangan = models.ForeignKey("aktualisasi.Rancangan", models.CASCADE, related_name="corrections", verbose_name=_("rancangan"))
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="corrections", verbose_name=_("isu"))
    superior_name = models.CharField(_("nama atasan"), max_length=150)
    superior_jabatan = models.CharField(_("jabatan atasan"), max_length=150)
    corrected_on = models.DateField(_("tanggal"))
    text = models.TextField(_("koreksi"), max_length=LONG)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-corrected_on", "-pk"]
        verbose_name = _("koreksi atasan")
        verbose_name_plural = _("koreksi atasan")

    def __str__(self) -> str:
        return f"{self.superior_name}: {self.text[:60]}"


class Cause(models.Model):
    """One cause on the fishbone of an issue; the roots are answered by kegiatan."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="causes", verbose_name=_("isu"))
    bone = models.CharField(_("tulang"), max_length=10, choices=Bone)
    order = models.PositiveSmallIntegerField(_("urutan"))
    text = models.CharField(_("penyebab"), max_length=SENTENCE, blank=True)
    is_root = models.BooleanField(_("akar masalah"), default=False)

    class Meta:
        ordering = ["issue", "bone", "order"]
        verbose_name = _("penyebab")
        verbose_name_plural = _("penyebab")
        constraints = [
            models.UniqueConstraint(fields=["issue", "bone", "order"], name="cause_order_once"),
            models.CheckConstraint(condition=Q(order__lte=MAX_CAUSES), name="cause_order_in_range"),
        ]

    def __str__(self) -> str:
        return self.text


class Kegiatan(models.Model):
    """An activity of the matrix. `weeks` are numbers of weeks of the habituasi, the first is 1: a phase that moves takes the plan along."""

    rancangan: models.ForeignKey[Rancangan] = models.ForeignKey(
        "aktualisasi.Rancangan", models.CASCADE, related_name="kegiatan", verbose_name=_("rancangan")
    )
    order = models.PositiveSmallIntegerField(_("urutan"))
    title = models.CharField(_("kegiatan"), max_length=SENTENCE, blank=True)
    cause = models.ForeignKey(Cause, models.SET_NULL, null=True, blank=True, related_name="kegiatan", verbose_name=_("akar yang dijawab"))
    visi_misi = models.TextField(_("kontribusi visi dan misi"), max_length=LONG, blank=True)
    penguatan = models.TextField(_("penguatan nilai organisasi"), max_length=LONG, blank=True)
    weeks = models.JSONField(_("minggu pelaksanaan"), default=list, blank=True)

    class Meta:
        ordering = ["rancangan", "order"]
        verbose_name = _("kegiatan")
        verbose_name_plural = _("kegiatan")
        constraints = [
            models.UniqueConstraint(fields=["rancangan", "order"], name="kegiatan_order_once"),
            models.CheckConstraint(condition=Q(order__lte=MAX_KEGIATAN), name="kegiatan_order_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"


class KegiatanValue(models.Model):
    """How a kegiatan lives one value of the batch's curriculum: one sentence."""

    kegiatan = models.ForeignKey(Kegiatan, models.CASCADE, related_name="values", verbose_name=_("kegiatan"))
    value = models.ForeignKey("training.CurriculumValue", models.PROTECT, related_name="+", verbose_name=_("nilai dasar"))
    text = models.CharField(_("kaitan"), max_length=SENTENCE, blank=True)

    class Meta:
        ordering = ["kegiatan", "value__order"]
        verbose_name = _("kaitan nilai dasar")
        verbose_name_plural = _("kaitan nilai dasar")
        constraints = [models.UniqueConstraint(fields=["kegiatan", "value"], name="kegiatan_value_once")]

    def __str__(self) -> str:
        return self.text


class KegiatanAgenda(models.Model):
    """How a kegiatan relates to one subject of the third agenda (Manajemen ASN, Smart ASN, ...)."""

    kegiatan = models.ForeignKey(Kegiatan, models.CASCADE, related_name="agenda", verbose_name=_("kegiatan"))
    subject = models.ForeignKey("training.AgendaSubject", models.PROTECT, related_name="+", verbose_name=_("mata pelatihan"))
    text = models.CharField(_("kaitan"), max_length=SENTENCE, blank=True)

    class Meta:
        ordering = ["kegiatan", "subject__order"]
        verbose_name = _("kaitan agenda III")
        verbose_name_plural = _("kaitan agenda III")
        constraints = [models.UniqueConstraint(fields=["kegiatan", "subject"], name="kegiatan_agenda_once")]

    def __str__(self) -> str:
        return self.text


class TahapanQuerySet(models.QuerySet["Tahapan"]):
    def visible_to(self, user: AnyUser) -> TahapanQuerySet:
        """Return the steps of the rancangan that this person may read."""
        from aktualisasi.rancangan import Rancangan

        return self.filter(kegiatan__rancangan__in=Rancangan.objects.visible_to(user))


class Tahapan(models.Model):
    """A step of a kegiatan, its output and what will prove it."""

    kegiatan = models.ForeignKey(Kegiatan, models.CASCADE, related_name="tahapan", verbose_name=_("kegiatan"))
    order = models.PositiveSmallIntegerField(_("urutan"))
    text = models.CharField(_("tahapan"), max_length=SENTENCE, blank=True)
    output = models.CharField(_("output"), max_length=SENTENCE, blank=True)
    proof = models.CharField(_("bukti"), max_length=SENTENCE, blank=True)

    objects = TahapanQuerySet.as_manager()

    class Meta:
        ordering = ["kegiatan", "order"]
        verbose_name = _("tahapan")
        verbose_name_plural = _("tahapan")
        constraints = [
            models.UniqueConstraint(fields=["kegiatan", "order"], name="tahapan_order_once"),
            models.CheckConstraint(condition=Q(order__lte=MAX_TAHAPAN), name="tahapan_order_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.text}"


class RemovedRow(models.Model):
    """A row that the participant took away, whole with what hung on it, so that it can come back under its own number."""

    rancangan = models.ForeignKey("aktualisasi.Rancangan", models.CASCADE, related_name="removed_rows", verbose_name=_("rancangan"))
    kind = models.CharField(max_length=10)
    label = models.CharField(max_length=120)
    rows = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    removed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(default=timezone.now)
    restored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("baris yang dihapus")
        verbose_name_plural = _("baris yang dihapus")

    def __str__(self) -> str:
        return self.label
