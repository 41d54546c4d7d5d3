from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.satker.models import Satker
from latsar.ui.numbers import only_digits
from participants.enums import PANGKAT, STAGE_ORDER, ClothingSize, Golongan, MovementReason, Religion, Sex, Stage

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


SHOE_SIZES = [(str(size), str(size)) for size in range(34, 49)]
PREGNANCY_WEEKS = 42
YOUNGEST, OLDEST = 17 * 365, 60 * 366  # days
SEARCH_WORDS = 8
_UNIT_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}")
UNITS_MATCHED = 40
"""More satker than that share a word such as "kota", which then names nobody."""


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

    def administered_by(self, user: AnyUser) -> ParticipantQuerySet:
        """Whom the person registers and corrects: PKSDM everybody, units their own people; narrower than who is visible."""
        return self if Role.PKSDM in user.scope.roles else self.filter(user.scope.units_q())

    def search(self, text: str, user: AnyUser | None = None) -> ParticipantQuerySet:
        """Match every word in the name or every word in the satker's, part of a NIP with or without its spaces, or a satker's code.

        `user` bounds the satker looked up to those that this person sees.
        """
        words = text.split()[:SEARCH_WORDS]
        units = Satker.objects.all() if user is None else Satker.objects.visible_to(user)
        if len(words) == 1 and _UNIT_CODE.fullmatch(words[0]):
            unit = units.filter(code=words[0]).values_list("pk", flat=True).first()
            if unit is not None:
                return self.filter(satker_id=unit)
        digits = "".join(words).replace(".", "")
        if only_digits(digits):
            return self.filter(nip__startswith=digits) if _begins_a_nip(digits) else self.filter(nip__contains=digits)
        if not words:
            return self
        named, at_unit = Q(), Q()
        for word in words:
            named &= Q(full_name__icontains=word)
            at_unit &= Q(name__icontains=word)
        found = list(units.filter(at_unit).values_list("pk", flat=True)[: UNITS_MATCHED + 1]) if len("".join(words)) > 2 else []
        return self.filter(named | Q(satker_id__in=found)) if 0 < len(found) <= UNITS_MATCHED else self.filter(named)


def _begins_a_nip(digits: str) -> bool:
    """Whether this reads as a birth date of somebody grown up: most people type a NIP from its beginning, which an index finds at once."""
    if len(digits) < len("19950615"):
        return False
    try:
        birth = date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}")
    except ValueError:
        return False
    return YOUNGEST <= (timezone.localdate() - birth).days <= OLDEST


class Participant(models.Model):
    """One CPNS. `deadline` is the end of the probation year (TMT CPNS + 1 year). Ref: PP 11/2017 jo 17/2020 Pasal 34-36."""

    nip = models.CharField(_("NIP"), max_length=18, unique=True, error_messages={"unique": _("NIP ini sudah terdaftar.")})
    full_name = models.CharField(_("nama lengkap"), max_length=150, help_text=_("Dengan gelar, seperti di SK CPNS."))
    satker = models.ForeignKey(  # participant_satker_name leads
        "satker.Satker", models.PROTECT, related_name="participants", db_index=False, verbose_name=_("satker")
    )
    province = models.ForeignKey(  # participant_province_name leads
        "satker.Satker", models.PROTECT, related_name="+", db_index=False, verbose_name=_("provinsi")
    )
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
    pregnancy_weeks = models.PositiveSmallIntegerField(
        _("usia kehamilan (minggu)"), null=True, blank=True, help_text=_("Pada tanggal dicatat; portal menghitung lanjutannya.")
    )
    pregnancy_on = models.DateField(_("usia kehamilan dicatat"), null=True, blank=True)
    clothing_size = models.CharField(_("ukuran baju"), max_length=4, choices=ClothingSize, blank=True)
    shoe_size = models.CharField(_("ukuran sepatu"), max_length=2, choices=SHOE_SIZES, blank=True)
    tmt_cpns = models.DateField(_("TMT CPNS"))
    deadline = models.DateField(_("batas masa percobaan"))
    extended_until = models.DateField(
        _("diperpanjang sampai"), null=True, blank=True, help_text=_("Dari perpanjangan masa percobaan yang berlaku.")
    )
    stage = models.CharField(_("tahap"), max_length=12, choices=Stage, default=Stage.REGISTERED)
    stage_order = models.GeneratedField(
        expression=Case(*(When(stage=stage, then=Value(order)) for stage, order in STAGE_ORDER.items())),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
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
    has_died = models.BooleanField(_("meninggal dunia"), default=False)
    deferred_until = models.DateField(_("ditunda, perkiraan sampai"), null=True, blank=True)
    latsar_entries = models.PositiveSmallIntegerField(_("kali mulai Latsar"), default=0)
    entries_allowed = models.PositiveSmallIntegerField(
        _("kali boleh mulai"), default=1, help_text=_("Satu, ditambah setiap dasar mengikuti lagi yang dicatat.")
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(  # looked up by account only when that account is deleted
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
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
            models.Index(fields=["satker", "deadline"], name="participant_satker_deadline"),
            models.Index(fields=["stage_order", "deadline", "id"], name="participant_stage_order"),
            models.Index(fields=["satker", "stage_order", "deadline"], name="participant_satker_stage"),
            models.Index(fields=["birth_date", "full_name"], name="participant_twins"),
            models.Index(fields=["email"], name="participant_email"),
            models.Index(fields=["phone"], name="participant_phone"),
            models.Index(fields=["golongan", "full_name", "id"], name="participant_golongan"),
            models.Index(fields=["province", "golongan", "full_name"], name="participant_prov_golongan"),
            models.Index(fields=["jabatan", "full_name", "id"], name="participant_jabatan"),
            models.Index(fields=["province", "jabatan", "full_name"], name="participant_prov_jabatan"),
            models.Index(fields=["satker", "created_at", "id"], name="participant_satker_created"),
            models.Index(fields=["satker", "golongan", "full_name", "id"], name="participant_satker_golongan"),
            models.Index(fields=["created_at", "id"], name="participant_created"),
            models.Index(fields=["province", "created_at"], name="participant_prov_created"),
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
            models.CheckConstraint(condition=Q(latsar_entries__lte=F("entries_allowed")), name="participant_latsar_once"),
            models.CheckConstraint(
                condition=Q(pregnancy_weeks=None, pregnancy_on=None)
                | Q(pregnancy_weeks__range=(1, PREGNANCY_WEEKS), pregnancy_on__isnull=False, sex=Sex.FEMALE),
                name="participant_pregnancy_paired",
            ),
            models.CheckConstraint(condition=Q(has_died=False) | Q(stage=Stage.WITHDRAWN), name="participant_death_is_stage"),
            models.CheckConstraint(condition=Q(deferred_until=None) | Q(stage=Stage.DEFERRED), name="participant_deferral_is_stage"),
            models.CheckConstraint(
                condition=Q(extended_until=None) | Q(extended_until=F("deadline")), name="participant_extension_is_deadline"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("participant_detail", args=[self.pk])

    def get_stage_display(self) -> str:  # type: ignore[no-redef]  # takes the place of the one that the field makes
        """Say the stage; of who died not that they withdrew."""
        return str(MovementReason.DEATH.label if self.has_died else Stage(self.stage).label)

    def pregnancy_weeks_on(self, day: date) -> int | None:
        """Weeks of pregnancy on a day, counted on from what was stated; None when nothing is known or the term is over."""
        if self.pregnancy_weeks is None or self.pregnancy_on is None:
            return None
        weeks = self.pregnancy_weeks + (day - self.pregnancy_on).days // 7
        return weeks if 0 < weeks <= PREGNANCY_WEEKS else None

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
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)  # as created_by
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return " → ".join(filter(None, (self.get_old_display(), self.get_new_display())))
