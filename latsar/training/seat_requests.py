"""Seats at institutes: what they offer, what is asked of them, and how each request ends."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.training.enums import GolonganGroup, LetterKind, Method, RequestState

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

MOST_SEATS = 2000
HELD = (RequestState.GRANTED, RequestState.AGREED)
"""States in which granted seats can still become batches."""
SENT_ON = (RequestState.SENT, RequestState.GRANTED, RequestState.REFUSED, RequestState.AGREED, RequestState.CLOSED)


class SeatOffer(models.Model):
    """Seats that an institute has for a span of months; `starts_on` is the first day of the first, `ends_on` the last of the last."""

    institute = models.ForeignKey("training.Institute", models.CASCADE, related_name="offers", verbose_name=_("lembaga"))
    starts_on = models.DateField(_("dari bulan"))
    ends_on = models.DateField(_("sampai bulan"))
    method = models.CharField(_("metode"), max_length=16, choices=Method)
    golongan = models.CharField(_("golongan"), max_length=6, choices=GolonganGroup, default=GolonganGroup.MIXED)
    seats = models.PositiveSmallIntegerField(_("kursi"))
    note = models.CharField(_("catatan"), max_length=200, blank=True)

    class Meta:
        ordering = ["institute", "starts_on", "method", "golongan"]
        verbose_name = _("kursi yang ditawarkan")
        verbose_name_plural = _("kursi yang ditawarkan")
        constraints = [
            models.UniqueConstraint(
                fields=["institute", "starts_on", "method", "golongan"],
                name="seat_offer_once",
                violation_error_message=_("Metode dan golongan ini sudah ada untuk bulan mulai yang sama."),
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="seat_offer_dates_in_order"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=MOST_SEATS), name="seat_offer_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}, {self.get_golongan_display()}"

    def takes(self, method: str, golongan: str, first: date, last: date) -> bool:
        """Whether seats of this kind in this time come out of the offer."""
        fits = self.golongan in (GolonganGroup.MIXED, golongan)
        return fits and self.method == method and self.starts_on <= last and first <= self.ends_on


class SeatRequestQuerySet(models.QuerySet["SeatRequest"]):
    def visible_to(self, user: AnyUser) -> SeatRequestQuerySet:
        """Nation: all. Provinces: their own. Institutes: what was sent to them."""
        scope = user.scope
        if scope.nation:
            return self
        sent = Q(institute_id__in=scope.institute_ids) & ~Q(sent_at=None)
        return self.filter(Q(province_id__in=scope.province_ids) | sent)

    def with_use(self) -> SeatRequestQuerySet:
        """Add `used`: seats that have become batches, and `left`: those that have not."""
        used = Coalesce(Sum("batches__capacity"), 0)
        return self.annotate(used=used, left=Coalesce(F("seats_granted"), 0) - F("used"))

    def granted_open(self) -> SeatRequestQuerySet:
        """Requests with granted seats that have not become batches yet, with `used` and `left`; the earliest period first."""
        held: SeatRequestQuerySet = self.filter(state__in=HELD).with_use().exclude(left__lte=0)  # type: ignore[misc]  # annotated
        return held.order_by("starts_on", "pk")

    def unanswered(self) -> SeatRequestQuerySet:
        return self.filter(state=RequestState.SENT)


class SeatRequest(models.Model):
    """Seats that a province (or PKSDM, when empty) asks an institute for, from the letter to the agreement.

    The period is months, as in an offer. Rows that were sent are never deleted.
    """

    institute = models.ForeignKey("training.Institute", models.PROTECT, related_name="seat_requests", verbose_name=_("lembaga"))
    province = models.ForeignKey(
        "satker.Satker", models.PROTECT, null=True, blank=True, related_name="seat_requests", verbose_name=_("pemohon")
    )
    starts_on = models.DateField(_("dari bulan"))
    ends_on = models.DateField(_("sampai bulan"))
    method = models.CharField(_("metode"), max_length=16, choices=Method)
    golongan = models.CharField(_("golongan"), max_length=6, choices=GolonganGroup, default=GolonganGroup.III)
    seats_asked = models.PositiveSmallIntegerField(_("kursi diminta"))
    seats_granted = models.PositiveSmallIntegerField(_("kursi dikabulkan"), null=True, blank=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    state = models.CharField(_("keadaan"), max_length=9, choices=RequestState, default=RequestState.DRAFT)
    letter_number = models.CharField(_("nomor surat"), max_length=100, blank=True)
    letter_date = models.DateField(_("tanggal surat"), null=True, blank=True)
    answer_number = models.CharField(_("nomor surat jawaban"), max_length=100, blank=True)
    answer_date = models.DateField(_("tanggal jawaban"), null=True, blank=True)
    agreement_number = models.CharField(_("nomor PKS"), max_length=100, blank=True)
    agreement_date = models.DateField(_("tanggal PKS"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)
    answered_at = models.DateTimeField(_("dijawab"), null=True, blank=True)

    objects = SeatRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("permohonan kursi")
        verbose_name_plural = _("permohonan kursi")
        indexes = [
            models.Index(fields=["state", "sent_at"], name="seat_request_state"),
            models.Index(fields=["province", "state"], name="seat_request_province"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="seat_request_dates_in_order"),
            models.CheckConstraint(condition=Q(seats_asked__gte=1, seats_asked__lte=MOST_SEATS), name="seat_request_asked_in_range"),
            models.CheckConstraint(
                condition=Q(seats_granted=None) | Q(seats_granted__gte=1, seats_granted__lte=MOST_SEATS),
                name="seat_request_granted_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SENT_ON) | (Q(sent_at__isnull=False, letter_date__isnull=False) & ~Q(letter_number="")),
                name="seat_request_sent_has_letter",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HELD) | Q(seats_granted__isnull=False, answered_at__isnull=False),
                name="seat_request_granted_has_seats",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.AGREED) | (Q(agreement_date__isnull=False) & ~Q(agreement_number="")),
                name="seat_request_agreed_has_number",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Permohonan %(seats)s kursi, %(institute)s") % {"seats": self.seats_asked, "institute": self.institute})

    def get_absolute_url(self) -> str:
        return reverse("seat_request", args=[self.pk])


class SeatRequestFile(models.Model):
    """A paper of a request; the newest of its kind counts, the others stay."""

    request = models.ForeignKey(SeatRequest, models.CASCADE, related_name="files", verbose_name=_("permohonan"))
    kind = models.CharField(_("jenis"), max_length=8, choices=LetterKind)
    file = models.FileField(_("berkas"), upload_to="seat_requests/%Y/%m/")
    name = models.CharField(_("nama berkas"), max_length=200)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("berkas permohonan")
        verbose_name_plural = _("berkas permohonan")

    def __str__(self) -> str:
        return self.name


class SeatRequestStageChange(models.Model):
    request = models.ForeignKey(SeatRequest, models.CASCADE, related_name="stage_changes")
    action = models.CharField(max_length=12)
    old = models.CharField(max_length=9, choices=RequestState, blank=True)
    new = models.CharField(max_length=9, choices=RequestState)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.old} {self.new}"
