from __future__ import annotations

from django.db import models
from django.db.models import Q, Subquery
from django.utils.translation import gettext_lazy as _

VERIFICATION = "verification"
MOST_DAYS = 20
DEFAULT_DAYS = 4
"""Where the reference data has not been loaded."""


class AnswerTime(models.Model):
    """Within how many working days an office answers. No regulation was found that says so, hence a row that PKSDM changes."""

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=100)
    working_days = models.PositiveSmallIntegerField(_("hari kerja"), help_text=_("Paling lama sekian hari kerja sesudah masuk."))

    class Meta:
        ordering = ["code"]
        verbose_name = _("waktu jawab")
        verbose_name_plural = _("waktu jawab")
        constraints = [
            models.CheckConstraint(
                condition=Q(working_days__range=(1, MOST_DAYS)),
                name="answer_time_within_reason",
                violation_error_message=_("Isi antara 1 dan 20 hari kerja."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def answer_days_row(code: str = VERIFICATION) -> Subquery:
    """Return the working days as a column, for a query that is asked anyway."""
    return Subquery(AnswerTime.objects.filter(code=code).values("working_days")[:1])


def answer_days(code: str = VERIFICATION) -> int:
    """Return the working days within which an answer is due."""
    found = AnswerTime.objects.filter(code=code).values_list("working_days", flat=True).first()
    return DEFAULT_DAYS if found is None else found
