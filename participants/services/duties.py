"""What people are called to although they are released: recorded, told to who can settle it, withdrawn."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.training.clash import is_released, overlap
from latsar.training.models import BatchPhase
from latsar.ui import words
from participants import duty_policies as policies
from participants.enums import DutySource
from participants.models import Duty, Participant
from participants.verification_notices import registrars_of, verifiers_of


@transaction.atomic
def report_duty(*, participant_id: int, what: str, starts_on: date, ends_on: date, by: User) -> Duty:
    """Record that a person is called to work; who answers for them is told when it falls into a released phase.

    Raises NotAllowed, Refused beside the field.
    """
    person = _visible(participant_id, by)
    source = policies.source_of(by, person) if person is not None else ""
    if person is None or not source:
        raise NotAllowed
    return _record(person, source=source, what=what, starts_on=starts_on, ends_on=ends_on, by=by)


@transaction.atomic
def record_mentee_duty(*, person: Participant, what: str, starts_on: date, ends_on: date, by: User) -> Duty:
    """Record it for a mentor; that `by` guides this person has been checked by mentoring, which knows."""
    return _record(person, source=DutySource.MENTOR, what=what, starts_on=starts_on, ends_on=ends_on, by=by)


@transaction.atomic
def withdraw_duty(*, duty_id: int, note: str, by: User) -> Duty:
    """Take a duty back, as when somebody else does the work; it stays in the story. Raises NotAllowed."""
    rows = Duty.objects.visible_to(by).select_related("participant").select_for_update(of=("self",))
    duty = rows.filter(pk=duty_id).first()
    if duty is None or not policies.can_withdraw(by, duty):
        raise NotAllowed
    duty.withdrawn_at, duty.withdrawn_by, duty.withdraw_note = timezone.now(), by, note.strip()[:300]
    duty.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_note"])
    audit.record(verb="withdraw_duty", obj=duty.participant, by=by, changes={"tugas": [duty.what, ""]}, note=duty.withdraw_note)
    return duty


def released_phases(person: Participant, starts_on: date, ends_on: date) -> list[BatchPhase]:
    """Return the phases of the person's angkatan, in which they are released, that share a day with this span."""
    if person.batch_id is None:
        return []
    rows = BatchPhase.objects.filter(batch_id=person.batch_id, starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("order")
    return [phase for phase in rows if is_released(phase)]


def _visible(participant_id: int, by: User) -> Participant | None:
    rows = Participant.objects.visible_to(by).select_related("batch", "satker", "province", "user")
    return rows.filter(pk=participant_id).first()


def _record(person: Participant, *, source: str, what: str, starts_on: date, ends_on: date, by: User) -> Duty:
    what = " ".join(what.split())
    problems = {}
    if not what:
        problems["what"] = _("Tulis tugasnya.")
    if ends_on < starts_on:
        problems["ends_on"] = _("Hari selesai mendahului hari mulai.")
    if problems:
        raise Refused(problems)
    duty = Duty.objects.create(participant=person, what=what[:200], starts_on=starts_on, ends_on=ends_on, source=source, reported_by=by)
    audit.record(verb="report_duty", obj=person, by=by, changes={"tugas": [None, f"{duty.what}, {words.date_range(starts_on, ends_on)}"]})
    phases = released_phases(person, starts_on, ends_on)
    if phases:
        _tell(duty, phases, by)
    return duty


def _tell(duty: Duty, phases: list[BatchPhase], by: User) -> None:
    """Tell the satker and the province once per duty; who reported it knows."""
    person = duty.participant
    days = overlap(duty, phases[0])
    assert days is not None
    users = {user.pk: user for user in (*registrars_of(person), *verifiers_of(person)) if user.pk != by.pk}

    def text() -> str:
        said = _("%(name)s dipanggil bertugas %(days)s, padahal bebas tugas untuk %(phase)s.")
        return said % {"name": person.full_name, "days": words.date_range(*days), "phase": phases[0].name}

    url = reverse("duty_list", args=[person.pk])
    notify_many(
        news=[
            News(user, text, NoticeKind.PLACEMENT, url, lambda: _("Lihat tugasnya"), days[0], f"duty-{duty.pk}-{user.pk}")
            for user in users.values()
        ]
    )
