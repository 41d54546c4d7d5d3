from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from participants.enums import SAVED_IMPORTS, ImportState, RowOutcome
from participants.people import Participant

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

PREVIEW_KEPT = timedelta(days=7)


def new_draft_key() -> str:
    """Name one opened form; it is no secret, the draft is found by its owner too."""
    return secrets.token_hex(8)


class ParticipantImportQuerySet(models.QuerySet["ParticipantImport"]):
    def visible_to(self, user: AnyUser) -> ParticipantImportQuerySet:
        """One's own; of others only what was saved: those filed under one's units, for PKSDM all."""
        saved = Q(state__in=SAVED_IMPORTS)
        if Role.PKSDM not in user.scope.roles:
            saved &= user.scope.units_q()
        return self.filter(Q(uploaded_by_id=user.scope.user_id) | saved)

    def own(self, user: AnyUser) -> ParticipantImportQuerySet:
        """What one uploaded: only the uploader decides on a preview and reads what was wrong in the cells."""
        return self.filter(uploaded_by_id=user.scope.user_id)

    def of_others(self, user: AnyUser) -> ParticipantImportQuerySet:
        """What one sees of other people's uploads."""
        return self.visible_to(user).exclude(uploaded_by_id=user.scope.user_id)

    def search(self, text: str) -> ParticipantImportQuerySet:
        """Match the file, who uploaded it, or the unit it is filed under."""
        named = Q(filename__icontains=text) | Q(uploaded_by__full_name__icontains=text)
        return self.filter(named | Q(satker__name__icontains=text) | Q(province__name__icontains=text))

    def stale(self, now: datetime) -> ParticipantImportQuerySet:
        """Previews that were left undecided for too long."""
        return self.filter(state=ImportState.PREVIEW, checked_at__lt=now - PREVIEW_KEPT)


class ParticipantImport(models.Model):
    """One uploaded workbook and the preview of what it would do; bound to the file by its hash.

    `satker` and `province` say who may see it once it is saved (services/filing.py); both are empty before, and for what
    concerns more than one province.
    """

    filename = models.CharField(_("berkas"), max_length=200)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="imports", verbose_name=_("diunggah oleh"))
    uploaded_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.PREVIEW)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0, help_text="Rows with at least one error.")
    problem_count = models.PositiveIntegerField(default=0, help_text="Errors of all rows together.")
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, related_name="participant_import")
    committed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(default=timezone.now, help_text="When its rows were last compared with the portal.")
    revision = models.PositiveSmallIntegerField(default=1, help_text="Counts the checks of the same file.")
    undo_job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, related_name="undone_import")
    undone_count = models.PositiveIntegerField(default=0)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("diurungkan oleh"))
    undone_at = models.DateTimeField(null=True)
    satker = models.ForeignKey("satker.Satker", models.PROTECT, null=True, related_name="+", verbose_name=_("satker"))
    province = models.ForeignKey(
        "satker.Satker", models.PROTECT, null=True, related_name="+", verbose_name=_("provinsi"), db_index=False
    )  # import_province leads

    objects = ParticipantImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("impor peserta")
        verbose_name_plural = _("impor peserta")
        indexes = [
            models.Index(fields=["-uploaded_at", "-id"], name="import_newest"),
            models.Index(fields=["province", "-uploaded_at"], name="import_province"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ImportState.UNDONE, undone_at__isnull=False, undone_by__isnull=False)
                | (~models.Q(state=ImportState.UNDONE) & models.Q(undone_at=None, undone_by=None)),
                name="import_undone_paired",
            )
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("participant_import_preview", args=[self.pk])

    @property
    def kept_until(self) -> datetime:
        """When an undecided preview is dropped."""
        return self.checked_at + PREVIEW_KEPT

    @property
    def is_saved(self) -> bool:
        """Whether its uploader decided to save it, so that others may see it."""
        return self.state in SAVED_IMPORTS

    @property
    def sender(self) -> str:
        """Who uploaded it and for which unit; the unit is known once it is saved."""
        if not self.is_saved:
            return str(self.uploaded_by)
        return f"{self.uploaded_by}, {self.satker or self.province or _('lintas provinsi')}"

    @property
    def row_count(self) -> int:
        return self.new_count + self.changed_count + self.same_count + self.error_count

    @property
    def ready_count(self) -> int:
        return self.new_count + self.changed_count


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def visible_to(self, user: AnyUser) -> ImportRowQuerySet:
        """All of one's own files. Of others' the people one administers now, and who was taken out again; no cell that was wrong."""
        people = Participant.objects.administered_by(user).order_by()
        written = Q(saved_at__isnull=False) & Q(Exists(people.filter(pk=OuterRef("person_id"))))
        gone = Q(outcome=RowOutcome.NEW, undone_at__isnull=False)
        same = Q(outcome=RowOutcome.SAME) & Q(Exists(people.filter(nip=OuterRef("nip"))))
        theirs = Q(participant_import__in=ParticipantImport.objects.visible_to(user).order_by()) & (written | gone | same)
        return self.filter(Q(participant_import__uploaded_by_id=user.scope.user_id) | theirs)

    def waiting(self) -> ImportRowQuerySet:
        """Rows that a commit still has to save."""
        return self.filter(outcome__in=(RowOutcome.NEW, RowOutcome.CHANGED), saved_at=None)

    def written(self) -> ImportRowQuerySet:
        """Rows that wrote somebody and have not been taken back."""
        return self.filter(saved_at__isnull=False, undone_at=None, person_id__isnull=False)


class ImportRow(models.Model):
    """A workbook row as read: `data` holds the clean fields, `errors` a list of {column, value, message}."""

    participant_import = models.ForeignKey(ParticipantImport, models.CASCADE, related_name="rows", db_index=False)  # import_row_once leads
    number = models.PositiveIntegerField(help_text="The row as Excel numbers it.")
    nip = models.CharField(max_length=18, blank=True)
    label = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=8, choices=RowOutcome)
    data = models.JSONField(default=dict)
    raw = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    base_version = models.PositiveIntegerField(null=True, help_text="Version of the person it would change.")
    saved_at = models.DateTimeField(null=True, help_text="Set in the transaction that saved the person, so that it happens once.")
    person_id = models.PositiveBigIntegerField(null=True, help_text="Whom it wrote; no foreign key, it outlives the person.")
    undone_at = models.DateTimeField(null=True, help_text="Set in the transaction that took it back.")
    warnings = models.JSONField(default=list)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["participant_import", "number"]
        constraints = [models.UniqueConstraint(fields=["participant_import", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["participant_import", "outcome"], name="import_row_outcome")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class RegistrationDraftQuerySet(models.QuerySet["RegistrationDraft"]):
    def visible_to(self, user: AnyUser) -> RegistrationDraftQuerySet:
        """One's own, and those of the accounts that one administers."""
        return self.filter(user__in=User.objects.visible_to(user))

    def registering(self) -> RegistrationDraftQuerySet:
        """Drafts of people who are not registered yet."""
        return self.filter(used_at=None, participant=None)

    def left(self, before: datetime) -> RegistrationDraftQuerySet:
        """Registrations that nobody has touched since."""
        return self.registering().filter(saved_at__lt=before)


class RegistrationDraft(models.Model):
    """What somebody typed in one form of a CPNS and has not saved yet; `participant` is the person being corrected, if any.

    Every form that is opened has its own key. A used one stays for a day, empty, so that a late autosave finds it used.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="registration_drafts", db_index=False)  # draft_once leads
    key = models.CharField(max_length=32, default=new_draft_key)
    participant = models.ForeignKey("participants.Participant", models.CASCADE, null=True, related_name="typing_drafts")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)
    used_at = models.DateTimeField(null=True)

    objects = RegistrationDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("ketikan yang belum disimpan")
        verbose_name_plural = _("ketikan yang belum disimpan")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.user}"

    @property
    def label(self) -> str:
        """Who it is about, as far as that was typed."""
        return str(self.data.get("full_name") or self.data.get("nip") or "–")
