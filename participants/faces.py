"""How a file's stage, clock and seat look in lists and on pages."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from latsar.ui import words
from latsar.ui.components import pill
from participants.clock import PersonClock
from participants.enums import Stage
from participants.models import Participant

STAGE_FACES = {
    Stage.REGISTERED: ("", "pencil"),
    Stage.SUBMITTED: ("info", "hourglass-split"),
    Stage.RETURNED: ("bad", "arrow-counterclockwise"),
    Stage.VERIFIED: ("info", "check-lg"),
    Stage.APPROVED: ("ok", "check-lg"),
    Stage.PLACED: ("ok", "calendar-check"),
    Stage.TRAINING: ("info", "play-fill"),
    Stage.GRADUATED: ("ok", "mortarboard"),
    Stage.DEFERRED: ("warn", "hourglass-split"),
    Stage.WITHDRAWN: ("", "x-lg"),
    Stage.DISMISSED: ("", "x-lg"),
}


@lru_cache(maxsize=32)
def stage_pill(stage: str, label: str) -> SafeString:
    """Draw the stage once per word for it."""
    kind, symbol = STAGE_FACES[Stage(stage)]
    return pill(kind, label, symbol)


def stage_face(participant: Participant) -> SafeString:
    return stage_pill(participant.stage, participant.get_stage_display())


def seat_face(participant: Participant, clock: PersonClock) -> SafeString:
    """Say where the person sits and when that ends, or that there is no seat yet."""
    batch = participant.batch
    if batch is None and clock.has_stopped:
        return mark_safe("–")
    if batch is None:
        return format_html('<span class="is-warn">{}</span>', _("Belum ada"))
    ends = _("selesai %(day)s") % {"day": words.long_date(batch.ends_on)}
    note = "is-bad" if clock.is_late and participant.stage != Stage.GRADUATED else "muted"
    return format_html('{}<br><small class="{}">{}</small>', batch.label, note, ends)
