"""The dates of seminars: the day itself, scores that are missing, repairs that are due."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aktualisasi.models import Seminar, SeminarMark, SeminarRevision
from aktualisasi.seminar_enums import MarkState, SeminarState
from aktualisasi.seminar_notices import invited
from aktualisasi.seminar_scoring import components_of, scored_by
from latsar.accounts.models import User
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.training.enums import Rater
from mentoring.models import GroupCoach
from participants.offices import day_of, on_day

ROLES = {Audience.PERSON: ("peserta", "penguji"), Audience.MENTOR: ("mentor",), Audience.COACH: ("coach",)}


def _known_on(asked: Asked) -> Iterator[Seminar]:
    rows = Seminar.objects.known().filter(**on_day("starts_at", asked.day)).select_related("batch__institute", "batch__scheme")
    yield from rows.order_by("pk")


@source("seminar", gettext_lazy("Hari seminar"), Audience.PERSON, Audience.MENTOR, Audience.COACH)
def seminar_day(asked: Asked) -> Iterator[Reminder]:
    """Who is to be at a seminar that day; a few queries per seminar."""
    for seminar in _known_on(asked):
        for one in invited(seminar):
            if one.role not in ROLES[Audience(asked.audience)] or not one.user.is_active:
                continue
            hours = one.turn.hours_text if one.turn else seminar.hours_text
            url = one.turn.get_absolute_url() if one.turn else seminar.get_absolute_url()
            yield Reminder(
                one.user,
                f"seminar-{seminar.pk}",
                lambda s=seminar, h=hours: (
                    _("%(seminar)s %(day)s, %(hours)s.") % {"seminar": s.get_kind_display(), "day": day_of(asked), "hours": h}
                ),  # type: ignore[misc]
                url,
                lambda: _("Lihat jadwal"),
                asked.day,
            )


@source("seminar_scores", gettext_lazy("Nilai seminar"), Audience.PERSON)
def scores_missing(asked: Asked) -> Iterator[Reminder]:
    """Examiners of seminars held that day whose marks are not all sent."""
    for seminar in _known_on(asked):
        scored = components_of(seminar.batch, seminar.kind)
        turns = set(seminar.turns.values_list("pk", flat=True))
        for row in seminar.examiners.select_related("user"):
            if not scored_by(scored, Rater.EXAMINER, row.number) or not row.user.is_active:
                continue
            sent = SeminarMark.objects.filter(turn__in=turns, rated_by=Rater.EXAMINER, rater=row.number, state=MarkState.SENT).count()
            left = len(turns) - sent
            if left > 0:
                yield Reminder(
                    row.user,
                    f"seminar-{seminar.pk}",
                    lambda n=left: _("%(n)d nilai seminar %(day)s belum Anda kirim.") % {"n": n, "day": day_of(asked)},  # type: ignore[misc]
                    seminar.get_absolute_url(),
                    lambda: _("Isi nilai"),
                    asked.day,
                )


@source("seminar_revision", gettext_lazy("Perbaikan sesudah seminar"), Audience.PERSON, Audience.COACH)
def revisions_due(asked: Asked) -> Iterator[Reminder]:
    """Repairs to be handed in by that day: the participant who has not done them, the coach who has not looked at them."""
    open_ones = Q(done_at=None) if asked.audience == Audience.PERSON else Q(done_at__isnull=False, confirmed_at=None)
    rows = SeminarRevision.objects.filter(open_ones, turn__revision_due_on=asked.day).exclude(turn__seminar__state=SeminarState.CANCELLED)
    turns = {row.turn_id: row.turn for row in rows.select_related("turn__participant__user").order_by("turn_id")}
    for turn in turns.values():
        user: User | None = turn.participant.user
        if asked.audience == Audience.COACH:
            group = GroupCoach.objects.of_participant(turn.participant_id).select_related("coach").first()
            user = group.coach if group else None
        if user is None or not user.is_active:
            continue
        yield Reminder(
            user,
            f"turn-{turn.pk}",
            lambda name=turn.participant.full_name: (
                _("Perbaikan seminar %(name)s diserahkan paling lambat %(day)s.") % {"name": name, "day": day_of(asked)}
            ),  # type: ignore[misc]
            reverse("seminar_turn", args=[turn.pk]),
            lambda: _("Lihat perbaikan"),
            asked.day,
        )
