"""The pool of mentors: who they are, how they were prepared, and whom a decision allows more than five places."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.documents.intake.kinds import CONTENT_TYPES, FileKind
from latsar.ui.numbers import only_digits
from mentoring.enums import MENTEE_LIMIT, WAIVED_LIMIT, Bidang
from participants.enums import ENDED

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

SLOT_BASE = 16
"""A place's number is mentor * 16 + slot, so that the database can compare it with the slot that uses it."""


class MentorQuerySet(models.QuerySet["Mentor"]):
    def visible_to(self, user: AnyUser) -> MentorQuerySet:
        """The pool is shared: any ASN of any satker may guide, so unit admins see every active mentor."""
        scope = user.scope
        if scope.nation or scope.satker_ids or scope.province_ids:
            return self
        return self.filter(user_id=scope.user_id)

    def active(self) -> MentorQuerySet:
        return self.filter(is_active=True)

    def search(self, text: str) -> MentorQuerySet:
        """Match part of a name, of the satker's name, of the jabatan, or of a NIP typed with or without its spaces."""
        text = text.strip()
        digits = text.replace(" ", "").replace(".", "")
        if only_digits(digits):
            return self.filter(nip__contains=digits)
        if not text:
            return self
        return self.filter(Q(user__full_name__icontains=text) | Q(satker__name__icontains=text) | Q(jabatan__icontains=text))

    def with_load(self) -> MentorQuerySet:
        """Annotate `load`, the mentees of today, and `places`, how many there may be.

        Who has graduated or left no longer counts; a waiver counts while it is in force.
        """
        counted = Q(assignments__ended_at=None) & ~Q(assignments__participant__stage__in=ENDED)
        extra = MentorWaiver.objects.in_force(timezone.localdate()).filter(mentor=OuterRef("pk")).values("extra_places")[:1]
        places = Coalesce(Subquery(extra), 0) + MENTEE_LIMIT
        return self.annotate(load=models.Count("assignments", filter=counted), places=places)

    def with_room(self) -> MentorQuerySet:
        """Keep who is willing and has a place left."""
        return self.active().with_load().filter(load__lt=F("places"))  # type: ignore[misc]  # both are annotated

    def available_first(self) -> MentorQuerySet:
        """Order by willingness, then by the lighter load, then by name."""
        return self.with_load().order_by("-is_active", "load", "user__full_name", "pk")  # type: ignore[misc]  # load is annotated


class Mentor(models.Model):
    """Any PNS/ASN who guides; need not be the direct superior and may sit at another satker.

    `trained_on` is the day of the latest recorded pembekalan. Who stops guiding says why; present mentees stay until changed.
    """

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="mentor", verbose_name=_("akun"))
    nip = models.CharField(_("NIP"), max_length=18, unique=True)
    satker = models.ForeignKey("satker.Satker", models.PROTECT, related_name="mentors", verbose_name=_("satker"))
    jabatan = models.CharField(_("jabatan"), max_length=150)
    bidang = models.CharField(_("bidang"), max_length=8, choices=Bidang, blank=True)
    trained_on = models.DateField(_("tanggal pembekalan mentor"), null=True, blank=True)
    is_active = models.BooleanField(_("bersedia"), default=True)
    inactive_reason = models.CharField(_("alasan tidak bersedia"), max_length=300, blank=True)
    inactive_at = models.DateTimeField(_("tidak bersedia sejak"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MentorQuerySet.as_manager()

    class Meta:
        ordering = ["user__full_name"]
        verbose_name = _("mentor")
        verbose_name_plural = _("mentor")
        indexes = [models.Index(fields=["satker"], name="mentor_satker")]

    def __str__(self) -> str:
        return self.user.full_name

    def get_absolute_url(self) -> str:
        return reverse("mentor_detail", args=[self.pk])

    @property
    def full_name(self) -> str:
        return self.user.full_name

    @property
    def province_id(self) -> int:
        """The province of the satker; a province's own office is its own."""
        return self.satker.province_id or self.satker_id


class OfPoolQuerySet(models.QuerySet[Any]):
    """Facts of the pool: who administers the mentor's satker reads them, and the mentor."""

    def visible_to(self, user: AnyUser) -> OfPoolQuerySet:
        scope = user.scope
        if scope.nation:
            return self
        units = Q(mentor__satker_id__in=scope.satker_ids)
        if scope.province_ids:
            units |= Q(mentor__satker_id__in=scope.province_ids) | Q(mentor__satker__province_id__in=scope.province_ids)
        return self.filter(units | Q(mentor__user_id=scope.user_id))


class MentorTraining(models.Model):
    """One pembekalan that a mentor took part in; the evidence is optional."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="trainings", verbose_name=_("mentor"))
    held_on = models.DateField(_("tanggal pembekalan"))
    organiser = models.CharField(_("penyelenggara"), max_length=150)
    note = models.CharField(_("keterangan"), max_length=200, blank=True)
    file = models.FileField(_("bukti"), upload_to="pembekalan/%Y/%m/", blank=True)
    file_name = models.CharField(_("nama berkas"), max_length=200, blank=True)
    file_kind = models.CharField(max_length=5, choices=[(kind.value, kind.value.upper()) for kind in FileKind], blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    recorded_at = models.DateTimeField(_("dicatat"), default=timezone.now)

    objects = OfPoolQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = _("pembekalan mentor")
        verbose_name_plural = _("pembekalan mentor")
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "held_on", "organiser"],
                name="mentor_training_once",
                violation_error_message=_("Pembekalan ini sudah tercatat."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.mentor}: {self.organiser}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[FileKind(self.file_kind)]


class MentorWaiverQuerySet(models.QuerySet["MentorWaiver"]):
    def visible_to(self, user: AnyUser) -> MentorWaiverQuerySet:
        """Who may give somebody to this mentor must know of it: like the pool, all units; and the mentor."""
        scope = user.scope
        if scope.nation or scope.satker_ids or scope.province_ids:
            return self
        if Role.MENTOR not in scope.roles:
            return self.none()
        return self.filter(mentor__user_id=scope.user_id)

    def in_force(self, today: date) -> MentorWaiverQuerySet:
        """Neither revoked nor run out."""
        return self.filter(ended_at=None, valid_until__gte=today)


class MentorWaiver(models.Model):
    """A decision of PKSDM that a mentor may guide more than five: 1 to 5 places above, until a day.

    Of one mentor at most one has not ended; a later decision ends the one before. Present mentees stay when it ends.
    """

    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="waivers", verbose_name=_("mentor"))
    extra_places = models.PositiveSmallIntegerField(_("tambahan tempat"))
    number = models.CharField(_("nomor keputusan"), max_length=100)
    decided_on = models.DateField(_("tanggal keputusan"))
    valid_until = models.DateField(_("berlaku sampai"))
    reason = models.CharField(_("alasan"), max_length=500)
    file = models.FileField(_("berkas keputusan"), upload_to="pengecualian/%Y/%m/", blank=True)
    file_name = models.CharField(_("nama berkas"), max_length=200, blank=True)
    file_kind = models.CharField(max_length=5, choices=[(kind.value, kind.value.upper()) for kind in FileKind], blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    recorded_at = models.DateTimeField(_("dicatat"), default=timezone.now)
    ended_at = models.DateTimeField(_("dicabut"), null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(_("alasan pencabutan"), max_length=300, blank=True)

    objects = MentorWaiverQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("pengecualian batas mentor")
        verbose_name_plural = _("pengecualian batas mentor")
        constraints = [
            models.UniqueConstraint(fields=["mentor"], condition=Q(ended_at=None), name="waiver_one_open"),
            models.CheckConstraint(
                condition=Q(extra_places__gte=1, extra_places__lte=WAIVED_LIMIT - MENTEE_LIMIT),
                name="waiver_one_to_five",
                violation_error_message=_("Tambahan tempat antara 1 dan 5."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("decided_on")),
                name="waiver_ends_after_decision",
                violation_error_message=_("Berlaku sampai harus sesudah tanggal keputusan."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False), name="waiver_ended_paired"
            ),
            models.CheckConstraint(condition=~Q(number="") & ~Q(reason=""), name="waiver_has_number_and_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor}: {self.number}"

    def is_in_force(self, today: date) -> bool:
        return self.ended_at is None and self.valid_until >= today

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[FileKind(self.file_kind)]


class WaiverPlaceQuerySet(models.QuerySet["WaiverPlace"]):
    def visible_to(self, user: AnyUser) -> WaiverPlaceQuerySet:
        return self.filter(waiver__in=MentorWaiver.objects.visible_to(user))


class WaiverPlace(models.Model):
    """The leave to use one slot above five. Its number names mentor and slot, and the assignment's slot must match it.

    One row per mentor and slot for ever; `waiver` is the latest decision that granted it.
    """

    number = models.BigIntegerField(primary_key=True)
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="extra_slots", verbose_name=_("mentor"))
    slot = models.PositiveSmallIntegerField(_("tempat"))
    waiver = models.ForeignKey(MentorWaiver, models.PROTECT, related_name="granted", verbose_name=_("keputusan"))

    objects = WaiverPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("tempat tambahan")
        verbose_name_plural = _("tempat tambahan")
        constraints = [
            models.CheckConstraint(condition=Q(slot__gt=MENTEE_LIMIT, slot__lte=WAIVED_LIMIT), name="extra_slot_six_to_ten"),
            models.CheckConstraint(condition=Q(number=F("mentor") * SLOT_BASE + F("slot")), name="extra_slot_names_its_mentor"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} {self.slot}"
