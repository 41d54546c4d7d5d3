"""The people of one's units on the home page: what to do for them, their clocks, their figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Q, Subquery, Value, When, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.national import short_name
from latsar.dashboard.registry import Panel, Part, Todo
from latsar.satker.models import Satker
from latsar.training.answer_times import DEFAULT_DAYS, answer_days_row
from latsar.ui import words
from latsar.ui.charts import Bar, Segment
from latsar.ui.components import LEVEL_ICONS, Figure, icon
from latsar.ui.components import clock as clock_face
from participants import queue
from participants.attendance_home import near_limit, to_warn
from participants.contact_home import to_confirm, waiting_contacts
from participants.dossier.checklist import holding_back
from participants.dossier_home import to_judge, unseen_documents
from participants.duty_rows import duties_waiting, to_write_letters
from participants.enums import ENDED, UNSEATED, Stage
from participants.faces import seat_face, stage_face
from participants.groups import people_url
from participants.levels import CLOCK_LEVELS, CRITICAL
from participants.models import Participant
from participants.movement_home import open_proposals, to_decide, to_resume
from participants.orientation_home import overdue_programmes, to_finish
from participants.planning.home import to_apply, waiting_plans
from participants.quality import flawed
from participants.reachable import Ends, earliest_ends, person_clock
from participants.scoring.home import to_publish, waiting_scores

RETURNED_SHOWN = 3
NOTE_WORDS = 30
UNIT_SHOWN = 12
LOOKED_AT = 500  # registered people of one satker whose documents are looked at; more count as ready
PROVINCES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ClockRow:
    label: str
    count: int
    url: str
    level: str

    @property
    def icon(self) -> SafeString:
        return icon(LEVEL_ICONS[self.level])


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the table of a satker, its words ready."""

    person: Participant
    stage: SafeString
    seat: SafeString
    clock: SafeString


def people_part(user: User, grant: RoleGrant, today: date) -> Part:
    """Put together what a role has to know of its people; the counts of all blocks come from one query."""
    ends = earliest_ends(today)
    counts = tally(user, today, ends)
    duties = {
        Role.ADMIN_SATKER: (to_correct, to_submit, running_out, to_resume, to_confirm, to_invite, to_write_letters, to_warn, to_mend),
        Role.ADMIN_PROVINSI: (to_judge, running_out, to_resume, to_confirm, to_invite, to_write_letters, to_warn, to_finish, to_answer),
        Role.PKSDM: (to_decide, to_judge, to_place, to_apply, running_out, to_resume, to_warn, to_finish, to_publish, to_answer),
        Role.LEMBAGA: (to_warn,),
    }.get(Role(grant.role), ())
    if grant.role == Role.ADMIN_SATKER and (counts["returned"] or counts["registered"]):
        counts["files"] = own_files(user)
    panels: list[Panel | None] = [clock_panel(user, grant, counts, today)]
    if grant.role == Role.ADMIN_SATKER:
        panels.append(unit_panel(user, grant, today, ends))
    if grant.role == Role.PIMPINAN:
        panels.append(provinces_panel(user, today, ends))
    return Part(
        todos=[item for duty in duties for item in duty(user, counts)],
        figures=people_figures(counts) if grant.role in (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI) else [],
        panels=[panel for panel in panels if panel],
        lead=critical_sentence(counts) if grant.role == Role.PIMPINAN else "",
    )


def tally(user: User, today: date, ends: Ends) -> dict[str, Any]:
    """Count one's people by every measure of the home page, with the first deadline of each group that must act."""
    unseated, critical = Q(stage__in=UNSEATED), CRITICAL.q(today, ends)
    groups = {
        "registered": Q(stage=Stage.REGISTERED),
        "returned": Q(stage=Stage.RETURNED),
        "approved": Q(stage=Stage.APPROVED),
        "stuck": unseated & critical,
        "resumable": Q(stage=Stage.DEFERRED, deferred_until__lte=today),
    }
    return Participant.objects.visible_to(user).aggregate(
        everybody=Count("pk"),
        unseated=Count("pk", filter=unseated),
        training=Count("pk", filter=Q(stage=Stage.TRAINING)),
        graduated=Count("pk", filter=Q(stage=Stage.GRADUATED)),
        uninvited=Count("pk", filter=Q(stage__in=[Stage.PLACED, Stage.TRAINING], user=None)),
        **open_proposals(user),
        **waiting_contacts(user),
        **overdue_programmes(user, today),
        **waiting_scores(user),
        **waiting_plans(user, today),
        **near_limit(user),
        **duties_waiting(user, today),
        **(unseen_documents(user) if user.has_role(Role.ADMIN_PROVINSI, Role.PKSDM) else {}),
        **files_waiting(user),
        **most_urgent(user),
        **({"flawed": Count("pk", filter=flawed(user, today))} if user.has_role(Role.ADMIN_SATKER) else {}),
        **{level.key: Count("pk", filter=level.q(today, ends)) for level in CLOCK_LEVELS},
        **{key: Count("pk", filter=condition) for key, condition in groups.items()},
        **{f"{key}_by": Min("deadline", filter=condition) for key, condition in groups.items()},
    )


def files_waiting(user: User) -> dict[str, Any]:
    """Return what the count of people takes along for who answers files: how many wait, since when, and the days for an answer."""
    if not user.has_role(Role.ADMIN_PROVINSI, Role.PKSDM):
        return {}
    mine = queue.answered_by(user)
    return {
        "answers": Count("pk", filter=mine),
        "answers_since": Min("stage_at", filter=mine),
        "answer_days": Max(answer_days_row()),
    }


def most_urgent(user: User) -> dict[str, Any]:
    """Return what the count of people takes along for who finds seats in time: the person whose time runs out first."""
    if not user.has_role(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI):
        return {}
    first = Participant.objects.visible_to(user).filter(stage__in=UNSEATED).order_by("deadline", "pk")
    return {f"urgent_{name}": Max(Subquery(first.values(name)[:1])) for name in ("id", "full_name", "deadline")}


def own_files(user: User) -> list[Participant]:
    """Return the files that lie with the satker, the returned ones first, the nearest deadline on top; one query."""
    is_returned = Case(When(stage=Stage.RETURNED, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Participant.objects.visible_to(user).filter(stage__in=[Stage.RETURNED, Stage.REGISTERED]).select_related("batch")
    return list(rows.order_by(is_returned, "deadline", "pk")[:LOOKED_AT])


def to_answer(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say how many files wait for this person's answer and by when the oldest must have it."""
    if not counts["answers"]:
        return []
    entered = timezone.localdate(counts["answers_since"])
    clock = queue.AnswerClock(timezone.localdate(), counts["answer_days"] or DEFAULT_DAYS)
    title = ngettext("Putuskan %(n)s berkas di antrean", "Putuskan %(n)s berkas di antrean", counts["answers"])
    detail = _("Yang tertua masuk %(day)s; setiap berkas dijawab dalam %(limit)s hari kerja.")
    return [
        Todo(
            title % {"n": words.thousands(counts["answers"])},
            detail % {"day": words.short_date(entered), "limit": clock.days},
            reverse("verification_queue"),
            _("Buka antrean"),
            clock.due_on(entered),
        )
    ]


def to_correct(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Name the returned files with the note, each leading to its form; more than a few become one line."""
    if not counts["returned"]:
        return []
    people = [person for person in counts["files"] if person.stage == Stage.RETURNED][:RETURNED_SHOWN]
    found = [
        Todo(
            _("Perbaiki berkas %(name)s") % {"name": person},
            _("Dikembalikan %(day)s: %(note)s")
            % {"day": words.short_date(timezone.localdate(person.stage_at)), "note": Truncator(person.return_note).words(NOTE_WORDS)},
            reverse("participant_edit", args=[person.pk]),
            _("Perbaiki"),
            person.deadline,
        )
        for person in people
    ]
    left = counts["returned"] - len(found)
    if left > 0:
        title = ngettext("Perbaiki %(n)s berkas lain yang dikembalikan", "Perbaiki %(n)s berkas lain yang dikembalikan", left)
        text = _("Catatannya ada di halaman masing-masing.")
        found.append(Todo(title % {"n": words.thousands(left)}, text, people_url(tahap=Stage.RETURNED.value), _("Lihat semua")))
    return found


def to_submit(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Ask to submit whose documents are there, and to bring what holds the others back."""
    if not counts["registered"]:
        return []
    held = holding_back([person for person in counts["files"] if person.stage == Stage.REGISTERED], timezone.localdate())
    lacking, ready, by = len(held), counts["registered"] - len(held), counts["registered_by"]
    found = []
    if ready:
        title = ngettext("Ajukan %(n)s CPNS untuk diverifikasi", "Ajukan %(n)s CPNS untuk diverifikasi", ready)
        text = _("Tanpa pengajuan tidak ada kursi. Tanggalnya adalah batas percobaan yang paling dekat.")
        found.append(Todo(title % {"n": words.thousands(ready)}, text, people_url(tahap=Stage.REGISTERED.value), _("Pilih dan ajukan"), by))
    if lacking:
        title = ngettext("Lengkapi berkas %(n)s CPNS, lalu ajukan", "Lengkapi berkas %(n)s CPNS, lalu ajukan", lacking)
        text = _("Belum dapat diajukan. Yang masih kurang misalnya: %(documents)s.") % {"documents": next(iter(held.values()))}
        found.append(
            Todo(title % {"n": words.thousands(lacking)}, text, f"{reverse('dossier_overview')}?keadaan=kurang", _("Buka berkas"), by)
        )
    return found


def to_place(user: User, counts: dict[str, Any]) -> list[Todo]:
    return _group(
        counts,
        "approved",
        ngettext("Tempatkan %(n)s CPNS yang sudah disetujui", "Tempatkan %(n)s CPNS yang sudah disetujui", counts["approved"]),
        _("Dahulukan batas percobaan yang paling dekat; tanggalnya adalah yang pertama."),
        reverse("planning"),
        _("Buka perencanaan"),
    )


def running_out(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Warn of people whose probation ends within the critical days while no seat is theirs."""
    return _group(
        counts,
        "stuck",
        ngettext("Carikan kursi untuk %(n)s CPNS yang kritis", "Carikan kursi untuk %(n)s CPNS yang kritis", counts["stuck"]),
        _("Batasnya lewat, sudah dekat, atau lebih dahulu daripada akhir kursi tercepat."),
        people_url(tahap="belum-kursi", batas="kritis", urut="batas"),
        _("Lihat orangnya"),
    )


def to_invite(user: User, counts: dict[str, Any]) -> list[Todo]:
    return _group(
        counts,
        "uninvited",
        ngettext("Undang %(n)s peserta ke portal", "Undang %(n)s peserta ke portal", counts["uninvited"]),
        _("Sudah ditempatkan, tetapi belum punya akun untuk menulis rancangan."),
        people_url(tahap="sudah-ditempatkan", akun="siap"),
        _("Pilih dan undang"),
    )


def to_mend(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say of how many people something in the data is missing or contradicts itself."""
    return _group(
        counts,
        "flawed",
        ngettext("%(n)s data CPNS perlu diperbaiki", "%(n)s data CPNS perlu diperbaiki", counts["flawed"]),
        _("Ada yang kosong, ganda, atau tidak sama dengan NIP. Selama belum diajukan, Anda sendiri bisa memperbaikinya."),
        reverse("quality"),
        _("Buka mutu data"),
    )


def _group(counts: dict[str, Any], key: str, title: str, detail: str, url: str, action: str) -> list[Todo]:
    if not counts[key]:
        return []
    return [Todo(title % {"n": words.thousands(counts[key])}, detail, url, action, counts.get(f"{key}_by"))]


def clock_panel(user: User, grant: RoleGrant, counts: dict[str, Any], today: date) -> Panel | None:
    """Show how many people are at each level of the clock, and to their own units the most urgent one without a seat."""
    total = sum(counts[level.key] for level in CLOCK_LEVELS)
    if not total:
        return None
    rows = [ClockRow(str(level.label), counts[level.key], people_url(batas=level.key), level.level) for level in CLOCK_LEVELS]
    urgent = None
    if counts["stuck"] and grant.role in (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI):
        urgent = Participant(pk=counts["urgent_id"], full_name=counts["urgent_full_name"], deadline=counts["urgent_deadline"])
    context: dict[str, object] = {
        "title": _("Jam percobaan %(count)s CPNS") % {"count": words.thousands(total)},
        "parts": [Segment(row.count, row.level) for row in rows],
        "rows": rows,
        "urgent": urgent,
        "urgent_days": (urgent.deadline - today).days if urgent else 0,
    }
    return Panel("participants/_clock_panel.html", context, order=10, aside=True)


def people_figures(counts: dict[str, Any]) -> list[Figure]:
    """Show one's people: without a seat, critical, in training, graduated."""
    if not counts["everybody"]:
        return []
    of_all = _("dari %(count)s CPNS") % {"count": words.thousands(counts["everybody"])}
    critical = CRITICAL.key
    return [
        Figure(_("Belum dapat kursi"), counts["unseated"], of_all, people_url(tahap="belum-kursi")),
        Figure(_("Kritis"), counts[critical], _("batas dekat atau kursi terlambat"), people_url(batas=critical), "bad"),
        Figure(_("Sedang Latsar"), counts["training"], of_all, people_url(tahap=Stage.TRAINING.value)),
        Figure(_("Lulus"), counts["graduated"], of_all, people_url(tahap=Stage.GRADUATED.value), "ok", "mortarboard"),
    ]


def critical_sentence(counts: dict[str, Any]) -> str:
    """Say to who only watches how many are at risk."""
    critical = counts[CRITICAL.key]
    if not critical:
        return _("Tidak ada CPNS yang kritis.")
    text = ngettext(
        "%(n)s CPNS kritis, %(stuck)s di antaranya belum dapat kursi.",
        "%(n)s CPNS kritis, %(stuck)s di antaranya belum dapat kursi.",
        critical,
    )
    return text % {"n": words.thousands(critical), "stuck": words.thousands(counts["stuck"])}


def unit_panel(user: User, grant: RoleGrant, today: date, ends: Ends) -> Panel:
    """List the people of a satker, whose time runs out first on top, who is through last."""
    is_done = Case(When(stage__in=ENDED, then=Value(1)), default=Value(0), output_field=IntegerField())
    people = (
        Participant.objects.visible_to(user)
        .filter(satker=grant.satker)
        .select_related("batch")
        .annotate(every=Window(Count("*")))
        .order_by(is_done, "deadline", "full_name", "pk")
    )
    rows = [_person_row(person, today, ends) for person in people[:UNIT_SHOWN]]
    total = rows[0].person.every if rows else 0  # type: ignore[attr-defined]  # annotated
    context: dict[str, object] = {"rows": rows, "total": total, "is_all": total <= UNIT_SHOWN, "url": people_url(urut="batas")}
    return Panel("participants/_unit_panel.html", context, order=20)


def _person_row(person: Participant, today: date, ends: Ends) -> PersonRow:
    clock = person_clock(person, today, ends)
    return PersonRow(person, stage_face(person), seat_face(person, clock), clock_face(clock.face))


def provinces_panel(user: User, today: date, ends: Ends) -> Panel:
    """Rank the provinces with most people whose probation is about to end."""
    rows = (
        Participant.objects.visible_to(user)
        .filter(CRITICAL.q(today, ends))
        .order_by()
        .values_list("province_id")
        .annotate(people=Count("pk"))
        .order_by("-people", "province_id")[:PROVINCES_SHOWN]
    )
    counts = dict(rows)
    units = Satker.objects.visible_to(user).in_bulk(counts)
    bars = [Bar(short_name(units[pk]), count, reverse("dashboard_province", args=[units[pk].code]), "bad") for pk, count in counts.items()]
    return Panel("participants/_provinces_panel.html", {"bars": bars}, order=20)
