"""What mentoring finds wrong among the people: nobody guides them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mentoring.models import MentorAssignment
from participants.enums import Stage
from participants.quality import Check, Door, Kind, register

register(
    Check(
        "tanpa-mentor",
        Kind.STALE,
        _("Sedang Latsar tanpa mentor"),
        _("Tanpa mentor, rancangan tidak bisa diajukan."),
        lambda _user, _today: (
            Q(stage=Stage.TRAINING) & ~Q(Exists(MentorAssignment.objects.active().order_by().filter(participant=OuterRef("pk"))))
        ),
        level="bad",
        door=Door.MENTOR,
    )
)
