"""The charter (piagam) that a mentor gets for a closed batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class MentorCertificateQuerySet(models.QuerySet["MentorCertificate"]):
    def visible_to(self, user: AnyUser) -> MentorCertificateQuerySet:
        """The mentor's own, and those of the mentors whose satker the person administers."""
        scope = user.scope
        if scope.nation:
            return self
        units = Q(mentor__satker_id__in=scope.satker_ids)
        if scope.province_ids:
            units |= Q(mentor__satker_id__in=scope.province_ids) | Q(mentor__satker__province_id__in=scope.province_ids)
        return self.filter(units | Q(mentor__user_id=scope.user_id))

    def current(self) -> MentorCertificateQuerySet:
        return self.filter(revoked=False)


class MentorCertificate(models.Model):
    """A mentor's document for one batch: one that counts, and every one that was revoked."""

    mentor = models.ForeignKey("mentoring.Mentor", models.PROTECT, related_name="certificates", verbose_name=_("mentor"))
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="mentor_certificates", verbose_name=_("angkatan"))
    document = models.OneToOneField(
        "documents.IssuedDocument", models.PROTECT, related_name="mentor_certificate", verbose_name=_("dokumen")
    )
    revoked = models.BooleanField(_("dicabut"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MentorCertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("piagam mentor")
        verbose_name_plural = _("piagam mentor")
        constraints = [models.UniqueConstraint(fields=["mentor", "batch"], condition=Q(revoked=False), name="mentor_certificate_once")]

    def __str__(self) -> str:
        return str(self.document)
