"""The field work: who may write now, and how far each tahapan is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from aktualisasi import habituasi_policies as policies
from aktualisasi.gates import is_plan_approved
from aktualisasi.habituasi import TahapanWork
from aktualisasi.habituasi_enums import WorkState
from aktualisasi.plan import Tahapan
from aktualisasi.rancangan import Rancangan
from aktualisasi.report_weeks import Week, habituasi_of, today_at, weeks_of
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training.models import BatchPhase
from latsar.ui import words
from participants.models import Participant


@dataclass(frozen=True, slots=True)
class FieldWork:
    """A habituasi that has begun, locked for its author: plan, phase, weeks, and today at the office."""

    rancangan: Rancangan
    phase: BatchPhase
    weeks: list[Week]
    today: date

    @property
    def participant(self) -> Participant:
        return self.rancangan.participant


def enter_field(*, participant_id: int, by: User) -> FieldWork:
    """Lock the participant, then the rancangan, and return the habituasi that `by` may write about now.

    Raises NotAllowed for anybody but the author, Refused while the plan is not approved or the phase has not begun.
    """
    Participant.objects.select_for_update(of=("self",)).filter(pk=participant_id).values_list("pk").first()
    rows = Rancangan.objects.select_for_update(of=("self",)).select_related("participant__satker", "participant__batch")
    rancangan = rows.filter(participant_id=participant_id).first()
    if rancangan is None or not policies.can_write(by, rancangan.participant):
        raise NotAllowed
    if not is_plan_approved(rancangan):
        raise Refused(_("Habituasi terkunci: rancangan Anda belum disetujui seluruhnya. Selesaikan persetujuannya dahulu."))
    phase, today = habituasi_of(rancangan.participant), today_at(rancangan.participant)
    if phase is None:
        raise Refused(_("Angkatan Anda belum memiliki fase habituasi. Hubungi lembaga pelatihan."))
    if today < phase.starts_on:
        raise Refused(
            _("Habituasi mulai %(day)s. Sampai saat itu belum ada yang dapat dicatat.") % {"day": words.long_date(phase.starts_on)}
        )
    work = FieldWork(rancangan, phase, weeks_of(phase), today)
    open_works(rancangan)
    return work


def open_works(rancangan: Rancangan) -> int:
    """Give every tahapan its row and its last week, as the plan has it now; return how many were made or moved. Safe to run twice."""
    stale, missing = [], []
    for tahapan in Tahapan.objects.filter(kegiatan__rancangan=rancangan).select_related("kegiatan", "work"):
        work = getattr(tahapan, "work", None)
        due = last_week(work.weeks if work and work.weeks else tahapan.kegiatan.weeks)
        if work is None:
            missing.append(TahapanWork(tahapan=tahapan, due_week=due))
        elif work.due_week != due:
            work.due_week = due
            stale.append(work)
    TahapanWork.objects.bulk_create(missing, ignore_conflicts=True)
    TahapanWork.objects.bulk_update(stale, ["due_week"])
    return len(missing) + len(stale)


def last_week(weeks: list[int]) -> int | None:
    """Return the last of the planned weeks, None when none is planned."""
    numbers = [n for n in weeks if isinstance(n, int) and n > 0]
    return max(numbers, default=None)


@transaction.atomic
def record_tahapan(
    *,
    tahapan_id: int,
    state: str,
    version: int,
    by: User,
    started_on: date | None = None,
    finished_on: date | None = None,
    planned_on: date | None = None,
    note: str = "",
) -> TahapanWork:
    """Write how far a tahapan is. Days that follow from the state and were left out are today.

    Raises NotAllowed, Refused with messages for the days, StaleVersion when another window wrote meanwhile.
    """
    tahapan = own_tahapan(tahapan_id)
    field = enter_field(participant_id=tahapan.kegiatan.rancangan.participant_id, by=by)
    work = TahapanWork.objects.select_for_update(of=("self",)).select_related("tahapan__kegiatan").get(tahapan=tahapan)
    started_on, finished_on = _days(state, started_on, finished_on, field)
    after = {"state": state, "started_on": started_on, "finished_on": finished_on, "planned_on": planned_on, "note": note.strip()}
    before = audit.snapshot(work, after)
    if before == after:
        return work
    if version not in (0, work.version) or (version == 0 and work.version != 1):
        raise StaleVersion(_("Tahapan ini sudah diubah di jendela lain. Isian Anda belum tersimpan."))
    if planned_on != work.planned_on:
        _check_planned(planned_on, work, field)
    for name, value in after.items():
        setattr(work, name, value)
    work.version += 1
    work.save(update_fields=[*after, "version", "updated_at"])
    changes = audit.difference(before, after)
    audit.record(verb="record_tahapan", obj=field.participant, by=by, changes=changes, note=f"{number_of(tahapan)} {tahapan.text}"[:500])
    return work


def own_tahapan(tahapan_id: int) -> Tahapan:
    """Return a tahapan with its plan. Raises NotAllowed for none."""
    tahapan = Tahapan.objects.select_related("kegiatan__rancangan").filter(pk=tahapan_id).first()
    if tahapan is None:
        raise NotAllowed
    return tahapan


def number_of(tahapan: Tahapan) -> str:
    """Return the number as it is printed: kegiatan, point, tahapan."""
    return f"{tahapan.kegiatan.order}.{tahapan.order}"


def touch(tahapan: Tahapan, day: date) -> None:
    """Note that something was done: a tahapan that nobody had begun is under way since that day."""
    rows = TahapanWork.objects.filter(tahapan=tahapan, state=WorkState.NOT_BEGUN)
    for work in rows.select_for_update(of=("self",)):
        work.state, work.started_on, work.version = WorkState.RUNNING, day, work.version + 1
        work.save(update_fields=["state", "started_on", "version", "updated_at"])


def _days(state: str, started_on: date | None, finished_on: date | None, field: FieldWork) -> tuple[date | None, date | None]:
    """Complete and check the real days. Raises Refused."""
    if state == WorkState.NOT_BEGUN:
        return None, None
    if state == WorkState.RUNNING:
        finished_on = None
        started_on = started_on or field.today
    if state == WorkState.DONE:
        finished_on = finished_on or field.today
        started_on = started_on or finished_on
    for name, day in (("finished_on", finished_on), ("started_on", started_on)):
        if day is not None and day > field.today:
            raise Refused({name: _("Tanggal ini belum tiba. Tulis tanggal yang sudah lewat atau hari ini.")})
        if day is not None and day < field.phase.starts_on:
            text = _("Tanggal ini sebelum habituasi mulai, %(day)s.") % {"day": words.long_date(field.phase.starts_on)}
            raise Refused({name: text})
    if started_on and finished_on and finished_on < started_on:
        raise Refused({"finished_on": _("Selesai sebelum mulai. Periksa kedua tanggalnya.")})
    return started_on, finished_on


def _check_planned(planned_on: date | None, work: TahapanWork, field: FieldWork) -> None:
    """A day inside the approved weeks is the participant's own affair; another week is a change of plan."""
    if planned_on is None:
        return
    if not field.phase.starts_on <= planned_on <= field.phase.ends_on:
        text = _("Rencana harus di dalam masa habituasi, %(days)s.")
        raise Refused({"planned_on": text % {"days": words.date_range(field.phase.starts_on, field.phase.ends_on)}})
    allowed = work.weeks or work.tahapan.kegiatan.weeks
    inside = any(planned_on in week for week in field.weeks if week.number in allowed)
    if allowed and not inside:
        raise Refused({"planned_on": _("Tanggal ini di luar minggu yang disetujui mentor. Ajukan perubahan rencana untuk menggesernya.")})
