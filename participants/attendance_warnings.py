"""The early warning: who comes near the scheme's limit of absence or passes it, and who is told, once per threshold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.training.enums import ShortAttendance
from latsar.training.models import Batch
from participants.absence import AbsenceStanding, standing_of
from participants.enums import AbsenceState
from participants.models import AbsenceWarning, Participant


def settle(batch: Batch, people: Sequence[Participant]) -> dict[int, AbsenceStanding]:
    """Judge these people anew after their marks changed, keep the outcome, and tell of what is worse than before."""
    found = standing_of(batch, [person.pk for person in people])
    earlier = {row.participant_id: row for row in AbsenceWarning.objects.filter(batch=batch, participant__in=people)}
    worse, rows = [], []
    for person in people:
        now, before = found[person.pk], earlier.get(person.pk)
        if before is None and now.state == AbsenceState.OK:
            continue
        row = before or AbsenceWarning(participant=person, batch=batch)
        if now.state != AbsenceState.OK and (before is None or _rank(now.state) > _rank(before.state)):
            worse.append((person, now))
        if before is None or before.state != now.state:
            row.since = timezone.now()
        row.state, row.label = now.state, now.label
        rows.append(row)
    AbsenceWarning.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["participant", "batch"], update_fields=["state", "label", "since"]
    )
    if worse:
        _tell(batch, worse)
    return found


def _rank(state: str) -> int:
    return AbsenceState.values.index(state)


def sentence(standing: AbsenceStanding, scheme_outcome: str) -> str:
    """Say what the standing means next: how many are left, or what follows."""
    outcome = str(ShortAttendance(scheme_outcome).label).lower()
    if standing.state == AbsenceState.OVER:
        return _("Batas tidak hadir terlampaui, %(label)s: %(outcome)s.") % {"label": standing.label, "outcome": outcome}
    if standing.is_full:
        return _("Tidak hadir %(label)s. Sekali lagi: %(outcome)s.") % {"label": standing.label, "outcome": outcome}
    return _("Tidak hadir %(label)s, mendekati batas. Sesudah batas itu: %(outcome)s.") % {"label": standing.label, "outcome": outcome}


def _tell(batch: Batch, worse: Sequence[tuple[Participant, AbsenceStanding]]) -> None:
    grants = _offices(batch, [person for person, _standing in worse])
    news = []
    for person, standing in worse:
        key = f"absence-{batch.pk}-{person.pk}-{standing.state}"
        said = partial(sentence, standing, batch.scheme.over_absence)
        if person.user is not None:
            news.append(
                News(
                    person.user,
                    said,
                    NoticeKind.DEADLINE,
                    reverse("own_attendance"),
                    partial(_, "Lihat kehadiran"),
                    key=f"{key}-{person.user_id}",
                )
            )
        for grant in grants:
            if grant.role not in (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI) or grant.satker_id == person.satker_id:
                about = partial(_about, person.full_name, batch.label, said)
                url = reverse("batch_attendance", args=[batch.pk])
                news.append(News(grant.user, about, NoticeKind.DEADLINE, url, partial(_, "Lihat kehadiran"), key=f"{key}-{grant.user_id}"))
    notify_many(news=news)


def _about(name: str, label: str, said: partial[str]) -> str:
    return f"{name}, {label}. {said()}"


def _offices(batch: Batch, people: Sequence[Participant]) -> list[RoleGrant]:
    """Return who answers for these people: their satker, the institute, PKSDM; one query."""
    units = Q(role__in=[Role.ADMIN_SATKER, Role.ADMIN_PROVINSI], satker_id__in={person.satker_id for person in people})
    asked = units | Q(role=Role.LEMBAGA, institute_id=batch.institute_id) | Q(role=Role.PKSDM)
    return list(RoleGrant.objects.valid().filter(asked, user__is_active=True).select_related("user").order_by("pk"))
