"""The surat tugas of people who sit in an angkatan: written one by one or together, voided with a reason, replaced, printed."""

from __future__ import annotations

import io
import logging
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts import audit, seen
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.documents.numbering import write_number
from latsar.jobs.models import ItemState, Job
from latsar.jobs.run import JobCancelled, LeaseLost, Runner
from latsar.jobs.services import request_job
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.satker.models import Satker, SatkerKind
from latsar.training.services import dates_of
from latsar.ui import words
from participants import duty_policies as policies
from participants.duty_face import letter_face, merge, render_letter, stored_phases
from participants.models import DutyLetter, Participant
from participants.services.dossier import SUFFIXES, judge_file

log = logging.getLogger(__name__)

TASK = "participants.print_duty_letters"
MOST_AT_ONCE = 200
REASON_LIMIT = 300
BASIS = "Peraturan Lembaga Administrasi Negara Nomor 1 Tahun 2021 tentang Pelatihan Dasar Calon Pegawai Negeri Sipil"


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What all letters of one go share."""

    letter_date: date
    city: str
    basis: str
    signer_name: str
    signer_title: str
    signer_nip: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One person of a preview: the number they would get, or why they get none."""

    person: Participant
    unit: Satker
    number: str
    refusal: str = ""


def people_for(ids: Collection[int], by: User) -> list[Participant]:
    """Return these people as far as the person administers them, in the order of satker and name."""
    rows = Participant.objects.visible_to(by).administered_by(by).filter(pk__in=list(ids)[:MOST_AT_ONCE])
    return list(rows.select_related("satker", "province", "batch__institute", "user").order_by("satker__code", "full_name", "pk"))


def issuing_unit(by: User, person: Participant) -> Satker:
    """Return whose letter it is: the satker's own, the province's, or the Secretariat General's for PKSDM."""
    if person.satker_id in by.scope.satker_ids:
        return person.satker
    if person.province_id in by.scope.province_ids:
        return person.province
    return Satker.objects.filter(kind=SatkerKind.SETJEN).order_by("pk").first() or person.province


def default_pattern(unit: Satker) -> str:
    """Return the pattern of numbers that a unit starts with; its own register may say otherwise."""
    return "{n:03d}/SDM.05-ST/" + unit.code + "/{year}"


def next_serial(unit: Satker, year: int) -> int:
    """Return the serial after the letters that the unit wrote in that year."""
    return DutyLetter.objects.filter(satker=unit, letter_date__year=year).count() + 1


def last_letter(unit: Satker) -> DutyLetter | None:
    """Return the newest letter of a unit: its signer, city and basis are offered again."""
    return DutyLetter.objects.filter(satker=unit).order_by("-pk").first()


def plan_letters(*, people: Sequence[Participant], pattern: str, first: int, day: date, by: User) -> list[Planned]:
    """Say which number everybody would get, and who gets none and why. Raises Refused for a pattern that cannot be read."""
    held = set(DutyLetter.objects.in_force().filter(participant__in=people).values_list("participant_id", "batch_id"))
    planned, serial = [], first
    for person in people:
        unit = issuing_unit(by, person)
        refusal = _refusal(person, held, by)
        planned.append(Planned(person, unit, "" if refusal else write_number(pattern, n=serial, day=day), refusal))
        serial += not refusal
    wanted = [plan.number for plan in planned if plan.number]
    taken = set(
        DutyLetter.objects.filter(satker__in={plan.unit.pk for plan in planned}, number__in=wanted).values_list("satker_id", "number")
    )
    taken |= {(plan.unit.pk, plan.number) for plan in planned if plan.number and wanted.count(plan.number) > 1}
    said = _("Nomor %(number)s sudah dipakai. Mulai dari angka lain.")
    return [
        Planned(plan.person, plan.unit, plan.number, said % {"number": plan.number}) if (plan.unit.pk, plan.number) in taken else plan
        for plan in planned
    ]


@transaction.atomic
def issue_letters(*, participant_ids: Collection[int], pattern: str, first: int, facts: LetterFacts, by: User) -> list[DutyLetter]:
    """Write a letter for everybody who can have one, all in one go; locks the people first.

    Raises Refused when a number is taken, or nobody is left.
    """
    people = people_for(participant_ids, by)
    locked = Participant.objects.filter(pk__in=[person.pk for person in people]).order_by("pk").select_for_update(of=("self",))
    list(locked.values_list("pk", flat=True))
    planned = plan_letters(people=people, pattern=pattern, first=first, day=facts.letter_date, by=by)
    if problems := [plan.refusal for plan in planned if plan.number and plan.refusal]:
        raise Refused({"first": problems[:3]})
    wanted = [plan for plan in planned if plan.number]
    if not wanted:
        raise Refused(_("Tidak satu pun dari mereka dapat diberi surat tugas."))
    letters = [_written(plan.person, plan.unit, plan.number, facts, by) for plan in wanted]
    _tell(letters)
    return letters


@transaction.atomic
def replace_letter(*, letter_id: int, number: str, reason: str, facts: LetterFacts, by: User) -> DutyLetter:
    """Void a letter and write another one in its place, as after a change of the schedule. Raises NotAllowed, Refused."""
    old = void_letter(letter_id=letter_id, reason=reason, by=by)
    person = people_for([old.participant_id], by)
    if not person:
        raise NotAllowed
    refusal = _refusal(person[0], set(), by)
    if refusal:
        raise Refused(refusal)
    new = _written(person[0], issuing_unit(by, person[0]), number.strip(), facts, by)
    DutyLetter.objects.filter(pk=old.pk).update(replaced_by=new)
    _tell([new])
    return new


@transaction.atomic
def void_letter(*, letter_id: int, reason: str, by: User) -> DutyLetter:
    """Make a letter worthless; number and reason stay. Raises NotAllowed, Refused when it is void already or no reason is given."""
    letter = _held(letter_id, by)
    reason = reason.strip()
    if letter.voided_at is not None:
        raise Refused(_("Surat ini sudah dibatalkan."))
    if not reason or len(reason) > REASON_LIMIT:
        raise Refused({"reason": _("Tulis alasannya, paling banyak %(limit)d huruf.") % {"limit": REASON_LIMIT}})
    letter.voided_at, letter.voided_by, letter.void_reason = timezone.now(), by, reason
    letter.version += 1
    letter.save(update_fields=["voided_at", "voided_by", "void_reason", "version"])
    audit.record(verb="void_duty_letter", obj=letter.participant, by=by, changes={"surat tugas": [letter.number, ""]}, note=reason)
    return letter


@transaction.atomic
def attach_scan(*, letter_id: int, content: bytes, name: str, by: User) -> DutyLetter:
    """Keep the signed paper as a file, judged like every file from outside; an earlier one is replaced. Raises NotAllowed, Refused."""
    letter = _held(letter_id, by)
    try:
        judged = judge_file(content, name)
    except Refused as refused:
        raise Refused({"scan": refused.messages}) from refused
    letter.scan_name, letter.scan_sha256 = display_name(name), judged.sha256
    try:
        letter.scan.save(f"{secrets.token_hex(20)}.{SUFFIXES[judged.kind]}", ContentFile(judged.data), save=False)
    except OSError as full:
        log.exception("a scan of a surat tugas cannot be stored")
        raise Refused({"scan": _("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")}) from full
    letter.version += 1
    letter.save(update_fields=["scan", "scan_name", "scan_sha256", "version"])
    audit.record(verb="scan_duty_letter", obj=letter.participant, by=by, note=letter.number)
    return letter


def draft_letter(*, person: Participant, facts: LetterFacts, by: User) -> bytes:
    """Render the letter of one person with KONSEP in place of the number; writes nothing. Raises NotAllowed."""
    if not policies.can_issue(by, person) or not policies.is_due(person):
        raise NotAllowed
    return render_letter(letter_face(_row(person, issuing_unit(by, person), "", facts, by), is_draft=True))


@transaction.atomic
def request_prints(*, letter_ids: Collection[int], by: User, back_url: str = "") -> Job:
    """Ask for several letters as one PDF, one job item per person. Raises Refused when there is none to print."""
    rows = DutyLetter.objects.visible_to(by).in_force().filter(pk__in=list(letter_ids)[:MOST_AT_ONCE])
    letters = [row for row in rows.select_related("participant").order_by("satker__code", "number") if policies.can_read_letter(by, row)]
    if not letters:
        raise Refused(_("Tidak ada surat tugas yang dapat dicetak."))
    title = ngettext("Surat tugas, %(n)s orang", "Surat tugas, %(n)s orang", len(letters)) % {"n": words.thousands(len(letters))}
    items = [(str(row.pk), row.participant.full_name) for row in letters]
    return request_job(task=TASK, title=title, by=by, items=items, back_url=back_url or reverse("duty_letter_list"))


def print_letters(runner: Runner) -> None:
    """Render the letters of a job and put them into one file; a letter that fails or was voided does not stop the others.

    A run that broke off before its file was there begins again: rendering twice changes nothing.
    """
    by = runner.job.requested_by
    if runner.job.result_file:
        runner.start(total=runner.job.total, done=runner.job.total)
        return
    runner.job.items.exclude(state=ItemState.QUEUED).update(state=ItemState.QUEUED, message="")
    pages, people = [], []
    for item in runner.queued_items():
        letter = _printable(by, int(item.ref))
        if letter is None:
            runner.finish_item(item, ItemState.SKIPPED, _("Suratnya sudah dibatalkan."))
            continue
        try:
            pages.append(render_letter(letter_face(letter)))
        except (JobCancelled, LeaseLost):
            raise
        except Exception:
            log.exception("letter %s of job %s failed", letter.pk, runner.job.pk)
            runner.finish_item(item, ItemState.FAILED, _("Suratnya gagal dibuat. Ulangi; bila gagal lagi, laporkan nomor pekerjaan ini."))
        else:
            people.append(letter.participant_id)
            runner.finish_item(item, ItemState.DONE, letter.number)
    if pages:
        runner.flush()
        runner.attach(io.BytesIO(merge(pages)), _("Surat_tugas_%(day)s.pdf") % {"day": timezone.localdate().isoformat()})
        seen.record_export(people=people, model=Participant, by=by, note=runner.job.title)


def _printable(by: User, letter_id: int) -> DutyLetter | None:
    rows = DutyLetter.objects.visible_to(by).in_force().filter(pk=letter_id)
    letter = rows.select_related("participant__satker", "participant__province", "batch__institute", "satker").first()
    return letter if letter is not None and policies.can_read_letter(by, letter) else None


def _held(letter_id: int, by: User) -> DutyLetter:
    letter = DutyLetter.objects.visible_to(by).select_related("participant").select_for_update(of=("self",)).filter(pk=letter_id).first()
    if letter is None or not policies.can_issue(by, letter.participant):
        raise NotAllowed
    return letter


def _refusal(person: Participant, held: Collection[tuple[int, int | None]], by: User) -> str:
    if not policies.can_issue(by, person):
        return _("Surat tugas Anda sendiri dibuat orang lain.")
    if not policies.is_due(person):
        return _("Belum atau tidak lagi duduk di angkatan.")
    if (person.pk, person.batch_id) in held:
        return _("Sudah punya surat tugas yang berlaku.")
    return ""


def _row(person: Participant, unit: Satker, number: str, facts: LetterFacts, by: User) -> DutyLetter:
    assert person.batch is not None
    return DutyLetter(
        participant=person,
        batch=person.batch,
        satker=unit,
        number=number,
        letter_date=facts.letter_date,
        city=facts.city.strip(),
        basis=facts.basis.strip(),
        signer_name=facts.signer_name.strip(),
        signer_title=facts.signer_title.strip(),
        signer_nip=facts.signer_nip,
        phases=stored_phases(dates_of(person.batch.phases.order_by("order"))),
        issued_by=by,
    )


def _written(person: Participant, unit: Satker, number: str, facts: LetterFacts, by: User) -> DutyLetter:
    letter = _row(person, unit, number, facts, by)
    if not letter.phases:
        raise Refused(_("%(batch)s belum punya jadwal.") % {"batch": letter.batch.label})
    try:
        with transaction.atomic():
            letter.save()
    except IntegrityError as error:
        raise Refused(
            {"number": _("Nomor %(number)s sudah dipakai, atau orang ini sudah punya surat tugas.") % {"number": number}}
        ) from error
    audit.record(verb="issue_duty_letter", obj=person, by=by, changes={"surat tugas": [None, number]})
    return letter


def _issued(number: str) -> str:
    return _("Surat tugas Latsar Anda terbit, nomor %(number)s.") % {"number": number}


def _tell(letters: Sequence[DutyLetter]) -> None:
    notify_many(
        news=[
            News(
                letter.participant.user,
                partial(_issued, letter.number),
                NoticeKind.PLACEMENT,
                letter.get_absolute_url(),
                lambda: _("Buka surat tugas"),
                letter.batch.starts_on,
            )
            for letter in letters
            if letter.participant.user is not None
        ]
    )
