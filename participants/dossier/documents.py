from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.documents.intake.kinds import CONTENT_TYPES, FileKind
from participants.enums import AFTER_ANSWER, EXPIRING_WITHIN_DAYS, ClosedWhy, DossierState
from participants.people import Participant, ParticipantStageChange

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class DossierDocumentQuerySet(models.QuerySet["DossierDocument"]):
    def visible_to(self, user: AnyUser) -> DossierDocumentQuerySet:
        """Who sees the person sees the documents, earlier files included."""
        if user.scope.nation:
            return self
        return self.filter(participant__in=Participant.objects.visible_to(user))

    def current(self) -> DossierDocumentQuerySet:
        """The files that count now: neither replaced nor removed."""
        return self.filter(closed_at=None)

    def returned(self) -> DossierDocumentQuerySet:
        return self.current().filter(state=DossierState.RETURNED)

    def expired(self, today: date) -> DossierDocumentQuerySet:
        """Current files whose last day is over."""
        return self.current().exclude(state=DossierState.RETURNED).filter(expires_on__lt=today)

    def expiring(self, *, within: int, today: date) -> DossierDocumentQuerySet:
        """Current files that are valid today and run out within so many days."""
        last = today + timedelta(days=within)
        return self.current().exclude(state=DossierState.RETURNED).filter(expires_on__gte=today, expires_on__lte=last)

    def unseen(self) -> DossierDocumentQuerySet:
        """Current files that nobody has judged and that came after the person's file was answered: no queue shows them."""
        changes = ParticipantStageChange.objects.filter(participant=OuterRef("participant"), action__in=("verify", "approve"))
        answered = Subquery(changes.order_by("-at").values("at")[:1])
        waiting = self.current().filter(state=DossierState.WAITING, participant__stage__in=AFTER_ANSWER)
        return waiting.filter(uploaded_at__gt=answered)

    def counting(self, today: date) -> DossierDocumentQuerySet:
        """Current files that fill their line of the checklist: not returned, not expired."""
        return self.current().exclude(state=DossierState.RETURNED).filter(Q(expires_on=None) | Q(expires_on__gte=today))


class DossierDocument(models.Model):
    """One file of one person for one requirement, which `code` names in every institute's checklist.

    A new upload closes the file before it, which stays as history. A PDF keeps its bytes; a picture is kept as it was
    written anew, and `source_sha256` tells what had been sent. `expires_on` is the last valid day, counted at upload.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="documents", verbose_name=_("peserta"))
    code = models.SlugField(_("kode"), max_length=30)
    number = models.PositiveSmallIntegerField(_("versi"))
    file = models.FileField(_("berkas"), upload_to="berkas/%Y/%m/")
    name = models.CharField(_("nama berkas"), max_length=200)
    kind = models.CharField(_("jenis"), max_length=5, choices=[(kind.value, kind.value.upper()) for kind in FileKind])
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    pages = models.PositiveSmallIntegerField(_("halaman"))
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("tanggal dokumen"), null=True, blank=True)
    expires_on = models.DateField(_("berlaku sampai"), null=True, blank=True)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diunggah oleh"))
    uploaded_at = models.DateTimeField(_("diunggah"), default=timezone.now)
    state = models.CharField(_("keadaan"), max_length=8, choices=DossierState, default=DossierState.WAITING)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)
    judged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diperiksa oleh")
    )
    judged_at = models.DateTimeField(_("diperiksa"), null=True, blank=True)
    closed_why = models.CharField(_("tidak berlaku karena"), max_length=8, choices=ClosedWhy, blank=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("tidak berlaku sejak"), null=True, blank=True)

    objects = DossierDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["participant", "code", "-number"]
        verbose_name = _("berkas peserta")
        verbose_name_plural = _("berkas peserta")
        indexes = [
            models.Index(fields=["expires_on"], name="dossier_expiry", condition=Q(closed_at=None, expires_on__isnull=False)),
            models.Index(fields=["participant", "state"], name="dossier_state", condition=Q(closed_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["participant", "code", "number"], name="dossier_version_once"),
            models.UniqueConstraint(fields=["participant", "code"], condition=Q(closed_at=None), name="dossier_one_current"),
            models.CheckConstraint(
                condition=Q(state=DossierState.WAITING, judged_at=None, judged_by=None)
                | (~Q(state=DossierState.WAITING) & Q(judged_at__isnull=False, judged_by__isnull=False)),
                name="dossier_judged_paired",
            ),
            models.CheckConstraint(
                condition=(Q(state=DossierState.RETURNED) & ~Q(reason="")) | (~Q(state=DossierState.RETURNED) & Q(reason="")),
                name="dossier_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, closed_why="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_why="")),
                name="dossier_closed_paired",
            ),
            models.CheckConstraint(
                condition=~Q(closed_why=ClosedWhy.REMOVED, state=DossierState.ACCEPTED), name="dossier_accepted_is_not_removed"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(issued_on__isnull=False, expires_on__gte=F("issued_on")), name="dossier_expiry_after_issue"
            ),
            models.CheckConstraint(condition=Q(size__gte=1, pages__gte=1), name="dossier_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("dossier_document", args=[self.pk])

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[FileKind(self.kind)]

    @property
    def is_current(self) -> bool:
        return self.closed_at is None

    def is_expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today

    def is_expiring(self, today: date, within: int = EXPIRING_WITHIN_DAYS) -> bool:
        """Whether the file runs out soon, or has."""
        return self.expires_on is not None and self.expires_on <= today + timedelta(days=within)
