"""Duties in words: on their page, on the person's card, on the home pages; and tahapan that bind a person in a released phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Func, IntegerField, Max, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard.registry import Card, Todo
from latsar.training.clash import is_released, overlap
from latsar.training.models import BatchPhase, ElectionStage
from latsar.ui import words
from participants import duty_policies as policies
from participants.duty_tables import lacking
from participants.enums import SEATED
from participants.models import Duty, DutyLetter, Participant

AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DutyRow:
    duty: Duty
    days: str
    warning: str
    can_withdraw: bool


def duty_rows(user: User, person: Participant, today: date) -> list[DutyRow]:
    """The duties of one person with the phases that they fall into; two queries."""
    phases = released(person)
    rows = Duty.objects.visible_to(user).filter(participant=person).select_related("participant", "reported_by", "withdrawn_by")
    return [
        DutyRow(
            duty,
            words.date_range(duty.starts_on, duty.ends_on),
            "" if duty.withdrawn_at else _clash(duty, phases),
            policies.can_withdraw(user, duty),
        )
        for duty in rows
    ]


def released(person: Participant) -> list[BatchPhase]:
    """The phases of the person's angkatan in which they are free from office duty."""
    if person.batch_id is None:
        return []
    return [phase for phase in BatchPhase.objects.filter(batch_id=person.batch_id).order_by("order") if is_released(phase)]


def _clash(span: Duty | ElectionStage, phases: Sequence[BatchPhase]) -> str:
    for phase in phases:
        if days := overlap(span, phase):
            return _("Bertepatan dengan %(phase)s, %(days)s.") % {"phase": phase.name, "days": words.date_range(*days)}
    return ""


def duty_card(user: User, person: Participant, today: date) -> Card | None:
    """Show letter, duties and blocking tahapan of who sits in an angkatan; four queries at most."""
    if person.batch_id is None or person.stage not in SEATED:
        return None
    letters = DutyLetter.objects.visible_to(user).in_force().filter(participant=person, batch_id=person.batch_id)
    letter = letters.select_related("participant").first()
    rows: list[tuple[str, str, str]] = [_letter_line(user, person, letter)]
    phases = released(person)
    if policies.can_see_duties(user, person):
        standing = Duty.objects.visible_to(user).standing().filter(participant=person, ends_on__gte=today)
        clashes = [f"{duty.what}. {said}" for duty in standing if (said := _clash(duty, phases))]
        url = reverse("duty_list", args=[person.pk])
        rows.append((_("Tugas kedinasan"), " ".join(clashes) or _("Tidak ada yang bertepatan"), url))
    stages = stages_of(person, phases)
    rows += [(_("Tahapan pemilu"), f"{stage.name}. {_clash(stage, phases)}", "") for stage in stages[:2]]
    return Card(_("Bebas tugas"), rows, order=30)


def _letter_line(user: User, person: Participant, letter: DutyLetter | None) -> tuple[str, str, str]:
    if letter is None:
        url = f"{reverse('duty_letter_add')}?orang={person.pk}" if policies.can_issue(user, person) else ""
        return _("Surat tugas"), _("Buat surat tugas") if url else _("Belum ada"), url
    return _("Surat tugas"), letter.number, letter.get_absolute_url() if policies.can_read_letter(user, letter) else ""


def stages_of(person: Participant, phases: Sequence[BatchPhase]) -> list[ElectionStage]:
    """The blocking tahapan that bind the person's unit in these phases; one query."""
    if not phases:
        return []
    first, last = min(phase.starts_on for phase in phases), max(phase.ends_on for phase in phases)
    rows = ElectionStage.objects.valid().filter(is_blocking=True).touching(first, last)
    binding = [stage for stage in rows if stage.binds(satker_id=person.satker_id, province_id=person.province_id)]
    return [stage for stage in binding if _clash(stage, phases)]


def duties_waiting(user: User, today: date) -> dict[str, Any]:
    """Return what the count of people takes along for units: who lacks a letter, and who is called to work, without a query of its own."""
    if not user.has_role(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI):
        return {}
    called = Duty.objects.clashing(today).filter(user.scope.units_q("participant__satker", "participant__province"))
    return {"letterless": Max(_total(lacking(user, today, AHEAD))), "called": Max(_total(called))}


def _total(rows: QuerySet[Participant] | QuerySet[Duty]) -> Subquery:
    """Count rows inside another query: a plain COUNT without groups."""
    return Subquery(rows.order_by().annotate(n=Func("pk", function="COUNT", output_field=IntegerField())).values("n"))


def clash_rows(user: User, today: date, q: str = "") -> QuerySet[Duty]:
    """Duties that are not over and fall into a released phase, the nearest on top, as far as the person sees their people."""
    rows = (
        Duty.objects.visible_to(user).clashing(today).select_related("participant__satker", "participant__batch__institute", "reported_by")
    )
    if q:
        rows = rows.filter(participant__in=Participant.objects.visible_to(user).search(q, user))
    return rows.order_by("starts_on", "pk")


def to_write_letters(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say that surat tugas are missing for who starts soon, and that somebody is called to work while released."""
    found = []
    if n := counts.get("letterless"):
        title = ngettext("Buat surat tugas untuk %(n)s peserta", "Buat surat tugas untuk %(n)s peserta", n) % {"n": words.thousands(n)}
        detail = _("Latsarnya mulai dalam 30 hari atau sudah berjalan, dan pembebasan tugasnya belum tertulis.")
        found.append(Todo(title, detail, f"{reverse('duty_letter_list')}?keadaan=belum", _("Buat surat")))
    if n := counts.get("called"):
        title = ngettext("%(n)s tugas kedinasan menimpa bebas tugas", "%(n)s tugas kedinasan menimpa bebas tugas", n)
        text = _("Peserta dipanggil bertugas di tengah Latsar. Alihkan tugasnya, lalu tarik catatannya.")
        found.append(Todo(title % {"n": words.thousands(n)}, text, reverse("duty_clash_list"), _("Lihat"), level="warn"))
    return found
