"""What a rancangan still lacks, by part, each with the address of the field. Costs what `read_plan` costs: a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aktualisasi.content import Plan, read_plan
from aktualisasi.enums import MIN_ISSUES
from aktualisasi.models import Issue, Kegiatan, Rancangan
from aktualisasi.scoring import APKL, USG
from aktualisasi.weeks import outside
from participants.models import Participant


@dataclass(frozen=True)
class Missing:
    """One thing that is not there yet, in words, and where to write it."""

    label: str
    url: str


@dataclass(frozen=True)
class PartState:
    """One part of the rancangan: how many of its fields are filled, and what is missing."""

    key: str
    label: str
    url: str
    filled: int
    missing: tuple[Missing, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def words(self) -> str:
        """Say "lengkap", "belum diisi" or "kurang 3"."""
        if not self.missing:
            return _("lengkap")
        return _("kurang %(n)s") % {"n": len(self.missing)} if self.filled else _("belum diisi")


@dataclass(frozen=True)
class Completeness:
    """The parts in the order of the document."""

    parts: tuple[PartState, ...]

    @property
    def missing(self) -> list[Missing]:
        return [thing for part in self.parts for thing in part.missing]

    @property
    def percent(self) -> int:
        """Filled of what is asked, rounded down: 100 means that nothing is missing."""
        filled = sum(part.filled for part in self.parts)
        return 100 * filled // (filled + len(self.missing)) if filled else 0

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def summary(self) -> str:
        n = len(self.missing)
        return ngettext("kurang %(n)s hal", "kurang %(n)s hal", n) % {"n": n} if n else _("lengkap")

    def part(self, key: str) -> PartState:
        return next(part for part in self.parts if part.key == key)


class _Counter:
    """Counts the filled fields of one part and remembers the empty ones."""

    def __init__(self, key: str, label: str, url: str) -> None:
        self.key, self.label, self.url = key, label, url
        self.filled = 0
        self.missing: list[Missing] = []

    def ask(self, is_there: object, words: str, anchor: str, url: str = "") -> None:
        """Note one field; `anchor` is its key, which is also its id in the page."""
        if is_there:
            self.filled += 1
        else:
            self.missing.append(Missing(words, f"{url or self.url}#{anchor}"))

    def state(self) -> PartState:
        return PartState(self.key, self.label, self.url, self.filled, tuple(self.missing))


def completeness(rancangan: Rancangan | None, participant: Participant | None = None) -> Completeness:
    """Return what the rancangan lacks. Give the participant where there is no rancangan yet."""
    owner = rancangan.participant if rancangan else participant
    if owner is None:
        raise ValueError("a rancangan or its participant")
    return completeness_of(read_plan(owner, rancangan))


def completeness_of(plan: Plan) -> Completeness:
    """Return what a plan that was read lacks, without a query."""
    counters = (_profile, _issues, _causes, _idea, _activities, _values, _schedule)
    return Completeness(tuple(count(plan).state() for count in counters))


def _profile(plan: Plan) -> _Counter:
    part = _Counter("profil", _("Profil dan agenda"), reverse("plan_profile"))
    row = plan.rancangan
    part.ask(row and row.unit_profile, _("Profil satker"), "rancangan.unit_profile")
    part.ask(row and row.job_profile, _("Jabatan dan tugas"), "rancangan.job_profile")
    part.ask(row and row.agenda_summary, _("Yang dipelajari dari agenda I sampai III"), "rancangan.agenda_summary")
    return part


def _issues(plan: Plan) -> _Counter:
    part = _Counter("isu", _("Isu"), reverse("plan_issues"))
    for issue in plan.issues:
        _issue(part, issue)
    lacking = MIN_ISSUES - len(plan.issues)
    if lacking > 0:
        words = ngettext("%(n)s isu lagi, paling sedikit tiga", "%(n)s isu lagi, paling sedikit tiga", lacking) % {"n": lacking}
        part.ask(is_there=False, words=words, anchor="tambah-isu")
    part.ask(plan.chosen, _("Isu terpilih"), "terpilih")
    if len(plan.top) > 1:
        part.ask(plan.rancangan and plan.rancangan.tie_reason, _("Alasan memilih di antara isu yang sama tinggi"), "rancangan.tie_reason")
    return part


def _issue(part: _Counter, issue: Issue) -> None:
    n, key = issue.order, f"issue.{issue.pk}"
    part.ask(issue.statement, _("Isu %(n)s, rumusan isu") % {"n": n}, f"{key}.statement")
    part.ask(issue.current, _("Isu %(n)s, kondisi saat ini") % {"n": n}, f"{key}.current")
    part.ask(issue.expected, _("Isu %(n)s, kondisi yang diharapkan") % {"n": n}, f"{key}.expected")
    part.ask(issue.impact, _("Isu %(n)s, dampak") % {"n": n}, f"{key}.impact")
    open_apkl = next((name for name in APKL if getattr(issue, name) is None), None)
    part.ask(open_apkl is None, _("Isu %(n)s, penilaian APKL") % {"n": n}, f"{key}.{open_apkl}")
    if issue.passes_apkl:
        open_usg = next((name for name in USG if getattr(issue, name) is None), None)
        part.ask(open_usg is None, _("Isu %(n)s, nilai USG") % {"n": n}, f"{key}.{open_usg}")
    part.ask(issue.reason, _("Isu %(n)s, alasan penilaian") % {"n": n}, f"{key}.reason")


def _causes(plan: Plan) -> _Counter:
    part = _Counter("akar", _("Akar masalah"), reverse("plan_causes"))
    for bone, causes in plan.bones:
        part.ask(any(cause.text for cause in causes), _("Penyebab dari sisi %(bone)s") % {"bone": bone.label}, f"tulang-{bone.value}")
    part.ask(plan.roots, _("Akar masalah yang ditandai"), "tulang-manusia")
    return part


def _idea(plan: Plan) -> _Counter:
    part = _Counter("gagasan", _("Gagasan"), reverse("plan_idea"))
    row = plan.rancangan
    part.ask(row and row.title, _("Judul"), "rancangan.title")
    part.ask(row and row.summary, _("Ringkasan"), "rancangan.summary")
    part.ask(row and row.idea, _("Gagasan kreatif"), "rancangan.idea")
    return part


def _activities(plan: Plan) -> _Counter:
    part = _Counter("kegiatan", _("Kegiatan"), reverse("plan_activities"))
    part.ask(plan.kegiatan, _("Kegiatan pertama"), "tambah-kegiatan")
    roots = {cause.pk for cause in plan.roots}
    for row in plan.kegiatan:
        n, key, url = row.order, f"kegiatan.{row.pk}", reverse("plan_activity", args=[row.pk])
        part.ask(row.title, _("Kegiatan %(n)s, nama kegiatan") % {"n": n}, f"{key}.title", url)
        part.ask(row.cause_id in roots, _("Kegiatan %(n)s, akar yang dijawab") % {"n": n}, f"{key}.cause", url)
        _steps(part, row, url)
        part.ask(row.visi_misi, _("Kegiatan %(n)s, kontribusi visi dan misi") % {"n": n}, f"{key}.visi_misi", url)
        part.ask(row.penguatan, _("Kegiatan %(n)s, penguatan nilai organisasi") % {"n": n}, f"{key}.penguatan", url)
    return part


def _steps(part: _Counter, kegiatan: Kegiatan, url: str) -> None:
    steps = list(kegiatan.tahapan.all())
    part.ask(steps, _("Kegiatan %(n)s, tahapan") % {"n": kegiatan.order}, "tambah-tahapan", url)
    for step in steps:
        number = f"{kegiatan.order}.{step.order}"
        part.ask(step.text, _("Tahapan %(n)s") % {"n": number}, f"tahapan.{step.pk}.text", url)
        part.ask(step.output, _("Tahapan %(n)s, output") % {"n": number}, f"tahapan.{step.pk}.output", url)
        part.ask(step.proof, _("Tahapan %(n)s, bukti") % {"n": number}, f"tahapan.{step.pk}.proof", url)


def _values(plan: Plan) -> _Counter:
    part = _Counter("nilai", _("Nilai dan agenda III"), reverse("plan_values"))
    if plan.batch is None:
        part.ask(is_there=False, words=_("Nilai dasar, muncul setelah Anda ditempatkan di angkatan"), anchor="nilai")
    for row in plan.kegiatan:
        for value in plan.values:
            found, words = plan.sentence(row, value), _("Kegiatan %(n)s, kaitan %(name)s") % {"n": row.order, "name": value.name}
            part.ask(found and found.text, words, f"nilai.{row.pk}.{value.pk}", reverse("plan_activity", args=[row.pk]))
        for subject in plan.subjects:
            relation, words = plan.relation(row, subject), _("Kegiatan %(n)s, kaitan %(name)s") % {"n": row.order, "name": subject.name}
            part.ask(relation and relation.text, words, f"agenda.{row.pk}.{subject.pk}", reverse("plan_activity", args=[row.pk]))
    if plan.batch is not None and not plan.kegiatan:
        part.ask(is_there=False, words=_("Kaitan nilai, setelah ada kegiatan"), anchor="nilai")
    return part


def _schedule(plan: Plan) -> _Counter:
    part = _Counter("jadwal", _("Jadwal"), reverse("plan_schedule"))
    for row in plan.kegiatan:
        part.ask(row.weeks, _("Kegiatan %(n)s belum punya minggu") % {"n": row.order}, f"kegiatan.{row.pk}.weeks")
        late = outside(row.weeks, plan.weeks) if plan.phase else []
        if late:
            words = _("Kegiatan %(n)s memakai minggu %(week)s, di luar habituasi") % {"n": row.order, "week": late[0]}
            part.ask(is_there=False, words=words, anchor=f"kegiatan.{row.pk}.weeks")
    if not plan.kegiatan:
        part.ask(is_there=False, words=_("Minggu pelaksanaan, setelah ada kegiatan"), anchor="jadwal")
    return part
