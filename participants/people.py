from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from participants.enums import PANGKAT, Golongan, Religion, Sex, Stage

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: AnyUser) -> ParticipantQuerySet:
        """Nation: all. Units: their own people. Institute: who is placed there. Participant: oneself."""
        scope = user.scope
        if scope.nation:
            return self
        allowed = Q(pk__in=[])
        if scope.satker_ids:
            allowed |= Q(satker_id__in=scope.satker_ids)
        if scope.province_ids:
            allowed |= Q(province_id__in=scope.province_ids)
        if scope.institute_ids:
            allowed |= Q(batch__institute_id__in=scope.institute_ids)
        if Role.PESERTA in scope.roles:
            allowed |= Q(user_id=scope.user_id)
        return self.filter(allowed)

    def search(self, text: str) -> ParticipantQuerySet:
        """Match part of a name, or of a NIP typed with or without its spaces."""
        text = text.strip()
        digits = text.replace(" ", "").replace(".", "")
        if digits.isdigit():
            return self.filter(nip__contains=digits)
        return self.filter(full_name__icontains=text) if text else self


class Participant(models.Model):
    """One CPNS. `deadline` is the end of the probation year (TMT CPNS + 1 year). Ref: PP 11/2017 jo 17/2020 Pasal 34-36."""

    nip = models.CharField(_("NIP"), max_length=18, unique=True, error_messages={"unique": _("NIP ini sudah terdaftar.")})
    full_name = models.CharField(_("nama lengkap"), max_length=150, help_text=_("Dengan gelar, seperti di SK CPNS."))
    satker = models.ForeignKey("satker.Satker", models.PROTECT, related_name="participants", verbose_name=_("satker"))
    province = models.ForeignKey("satker.Satker", models.PROTECT, related_name="+", verbose_name=_("provinsi"))
    golongan = models.CharField(_("golongan"), max_length=5, choices=Golongan)
    jabatan = models.CharField(_("jabatan"), max_length=150)
    education = models.CharField(_("pendidikan"), max_length=60, blank=True)
    study_programme = models.CharField(_("program studi"), max_length=120, blank=True)
    birth_place = models.CharField(_("tempat lahir"), max_length=80, blank=True)
    birth_date = models.DateField(_("tanggal lahir"))
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex)
    religion = models.CharField(_("agama"), max_length=20, choices=Religion, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("No. HP"), max_length=20, blank=True)
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    special_needs = models.CharField(_("kebutuhan khusus"), max_length=200, blank=True)
    tmt_cpns = models.DateField(_("TMT CPNS"))
    deadline = models.DateField(_("batas masa percobaan"))
    stage = models.CharField(_("tahap"), max_length=12, choices=Stage, default=Stage.REGISTERED)
    stage_at = models.DateTimeField(_("tahap sejak"), default=timezone.now)
    return_note = models.CharField(_("catatan pengembalian"), max_length=500, blank=True)
    batch = models.ForeignKey(
        "training.Batch", models.PROTECT, null=True, blank=True, related_name="participants", verbose_name=_("angkatan")
    )
    qualification = models.CharField(_("kualifikasi"), max_length=40, blank=True)
    aktualisasi_title = models.CharField(
        _("judul aktualisasi"), max_length=250, blank=True, help_text=_("Dari rancangan yang terakhir disetujui mentor.")
    )
    graduated_on = models.DateField(_("tanggal lulus"), null=True, blank=True)
    user = models.OneToOneField("accounts.User", models.SET_NULL, null=True, blank=True, related_name="participant", verbose_name=_("akun"))
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["full_name", "pk"]
        verbose_name = _("peserta")
        verbose_name_plural = _("peserta")
        indexes = [
            models.Index(fields=["province", "full_name"], name="participant_province_name"),
            models.Index(fields=["satker", "full_name"], name="participant_satker_name"),
            models.Index(fields=["full_name", "id"], name="participant_name"),
            models.Index(fields=["deadline", "id"], name="participant_deadline"),
            models.Index(fields=["province", "deadline"], name="participant_prov_deadline"),
            models.Index(fields=["province", "stage", "deadline"], name="participant_funnel"),
            models.Index(fields=["stage", "stage_at"], name="participant_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(nip__regex=r"^[0-9]{18}$"), name="participant_nip_18_digits", violation_error_message=_("NIP harus 18 angka.")
            ),
            models.CheckConstraint(condition=Q(deadline__gt=F("tmt_cpns")), name="participant_deadline_after_tmt"),
            models.CheckConstraint(
                condition=Q(stage=Stage.GRADUATED, graduated_on__isnull=False) | (~Q(stage=Stage.GRADUATED) & Q(graduated_on=None)),
                name="participant_graduated_paired",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.PLACED, Stage.TRAINING, Stage.GRADUATED], batch__isnull=False)
                | (~Q(stage__in=[Stage.PLACED, Stage.TRAINING, Stage.GRADUATED]) & Q(batch=None)),
                name="participant_seated_has_batch",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("participant_detail", args=[self.pk])

    @property
    def dossier_url(self) -> str:
        return reverse("dossier", args=[self.pk])

    @property
    def rank(self) -> str:
        """Pangkat and golongan ruang as printed: "Penata Muda, III/a"."""
        return f"{PANGKAT.get(Golongan(self.golongan), '')}, {self.golongan}".removeprefix(", ")


class ParticipantStageChange(models.Model):
    """The story beside the state: append-only."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="stage_changes")
    action = models.CharField(max_length=24)
    old = models.CharField(max_length=12, choices=Stage, blank=True)
    new = models.CharField(max_length=12, choices=Stage)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return " → ".join(filter(None, (self.get_old_display(), self.get_new_display())))
