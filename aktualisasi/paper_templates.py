from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import PaperKind
from aktualisasi.paper_layout import CLOSING, COVER, PaperFont, PaperLayout, ordered_parts
from latsar.training.models import Institute

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class PaperTemplateQuerySet(models.QuerySet["PaperTemplate"]):
    def visible_to(self, user: AnyUser) -> PaperTemplateQuerySet:
        """The common template, and those of the institutes that the person sees."""
        if user.scope.nation:
            return self
        return self.filter(Q(institute=None) | Q(institute__in=Institute.objects.visible_to(user)))


class PaperTemplate(models.Model):
    """How one institute wants rancangan or laporan printed; without an institute it is the template of everybody else."""

    institute = models.ForeignKey(
        "training.Institute", models.CASCADE, null=True, blank=True, related_name="paper_templates", verbose_name=_("lembaga")
    )
    kind = models.CharField(_("dokumen"), max_length=10, choices=PaperKind)
    parts = models.JSONField(_("bagian"), default=list, blank=True)
    cover = models.TextField(_("kata di sampul"), max_length=1000, default=COVER, blank=True)
    closing = models.CharField(_("kalimat penutup"), max_length=300, default=CLOSING, blank=True)
    city = models.CharField(_("kota penandatanganan"), max_length=60, blank=True)
    font = models.CharField(_("huruf"), max_length=6, choices=PaperFont, default=PaperFont.SERIF)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PaperTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "institute__name"]
        verbose_name = _("templat dokumen aktualisasi")
        verbose_name_plural = _("templat dokumen aktualisasi")
        constraints = [
            models.UniqueConstraint(fields=["institute", "kind"], name="paper_template_once"),
            models.UniqueConstraint(fields=["kind"], condition=Q(institute=None), name="paper_template_common_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.institute or _('semua lembaga lain')}"

    @property
    def layout(self) -> PaperLayout:
        return PaperLayout(
            kind=self.kind,
            parts=ordered_parts(self.kind, self.parts),
            cover=self.cover,
            closing=self.closing,
            city=self.city,
            font=self.font,
        )
