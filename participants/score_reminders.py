"""Score sheets that have to be final, told to the institute that fills them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.training.reminders import institute_lines
from latsar.ui import words
from participants.models import ScoreSheet
from participants.scoring.enums import SheetState

OPEN = (SheetState.FILLING, SheetState.SUBMITTED, SheetState.CHECKED)


@source("score_due", gettext_lazy("Nilai yang harus difinalkan"), Audience.INSTITUTE)
def score_due(asked: Asked) -> Iterator[Reminder]:
    """Sheets that have to be final on that day and are not."""
    rows = ScoreSheet.objects.filter(due_on=asked.day, state__in=OPEN)
    offices = list(rows.order_by().values_list("batch__province_id", "batch__institute_id"))

    def say(n: int) -> str:
        text = ngettext(
            "Nilai %(n)s angkatan difinalkan paling lambat %(day)s.", "Nilai %(n)s angkatan difinalkan paling lambat %(day)s.", n
        )
        return text % {"n": words.thousands(n), "day": words.long_date(asked.day)}

    yield from institute_lines(asked, offices, say, reverse("score_list"), lambda: _("Buka nilai"), asked)
