"""Finished aktualisasi that their authors and satker released for those who come after. Never contact data of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.gates import finished_q
from aktualisasi.habituasi_enums import ConsentSide
from latsar.accounts.enums import Role
from participants.models import Participant

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class Theme(models.Model):
    """What an aktualisasi is about; chosen by its author from this list."""

    name = models.CharField(_("nama"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=100)
    is_active = models.BooleanField(_("ditawarkan"), default=True)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("tema aktualisasi")
        verbose_name_plural = _("tema aktualisasi")

    def __str__(self) -> str:
        return self.name


class LibraryEntryQuerySet(models.QuerySet["LibraryEntry"]):
    def released(self) -> LibraryEntryQuerySet:
        """Released by both, and finished."""
        return self.filter(finished_q(), author_at__isnull=False, satker_at__isnull=False)

    def visible_to(self, user: AnyUser) -> LibraryEntryQuerySet:
        """What is released is for everybody who takes part; before that its author and who administers the unit see it."""
        scope = user.scope
        own = Q(participant__user_id=scope.user_id)
        if scope.roles & {Role.PKSDM}:
            own |= Q(author_at__isnull=False)
        elif scope.satker_ids or scope.province_ids:
            own |= scope.units_q("participant__satker", "participant__province") & Q(author_at__isnull=False)
        return self.filter(own | Q(pk__in=LibraryEntry.objects.released().values("pk")))

    def search(self, text: str) -> LibraryEntryQuerySet:
        """Match every word in title, issue, idea, satker, jabatan or year; the words are stored in small letters."""
        rows = self
        for word in text.lower().split()[:8]:
            rows = rows.filter(words__contains=word)
        return rows


class LibraryEntry(models.Model):
    """One aktualisasi as the library shows it: `content` was frozen when its author released it.

    Shown while both consents stand: `author_at` and `satker_at`. The consents themselves are rows beside it.
    """

    participant = models.OneToOneField(Participant, models.PROTECT, related_name="library_entry", verbose_name=_("peserta"))
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("tema"))
    title = models.CharField(_("judul"), max_length=250)
    year = models.PositiveSmallIntegerField(_("tahun"))
    jabatan = models.CharField(_("jabatan"), max_length=150, blank=True)
    show_name = models.BooleanField(_("tampilkan nama penulis"), default=False)
    content = models.JSONField(_("isi"), default=dict)
    words = models.TextField(editable=False, default="")
    author_at = models.DateTimeField(_("dirilis penulis"), null=True, blank=True)
    satker_at = models.DateTimeField(_("dirilis satker"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LibraryEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "title", "pk"]
        verbose_name = _("aktualisasi di pustaka")
        verbose_name_plural = _("pustaka aktualisasi")
        indexes = [
            models.Index(fields=["theme", "year"], name="library_theme"),
            models.Index(fields=["-year", "title"], name="library_order"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(satker_at=None) | Q(author_at__isnull=False), name="library_author_first"),
            models.CheckConstraint(condition=Q(author_at=None) | Q(theme__isnull=False), name="library_released_has_theme"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library_entry", args=[self.pk])

    @property
    def is_released(self) -> bool:
        return self.author_at is not None and self.satker_at is not None

    @property
    def author_name(self) -> str:
        """The author's name when released with it, else nothing."""
        return self.participant.full_name if self.show_name else ""


class LibraryConsent(models.Model):
    """One consent, given or taken back; the newest of a side counts."""

    entry = models.ForeignKey(LibraryEntry, models.CASCADE, related_name="consents")
    side = models.CharField(_("pihak"), max_length=6, choices=ConsentSide)
    is_given = models.BooleanField(_("diberikan"))
    with_name = models.BooleanField(_("dengan nama"), default=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("persetujuan rilis")
        verbose_name_plural = _("persetujuan rilis")

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.is_given}"
