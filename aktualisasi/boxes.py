"""The fields of the builder as the templates draw them: label, stored text, what was typed, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aktualisasi.content import Plan
from aktualisasi.fields import Key, TextKind, digest, parse, value_text
from aktualisasi.models import Cause, Issue, Kegiatan, Tahapan
from aktualisasi.scoring import APKL, USG, Standing
from latsar.accounts.errors import Refused
from latsar.training.models import AgendaSubject, CurriculumValue

YES_NO = (("", "-"), ("1", _("Ya")), ("0", _("Tidak")))
MARKS = (("", "-"), *((str(n), str(n)) for n in range(1, 6)))
Words = str | Promise


@dataclass
class Box:
    """One field. `stored` is set only after a conflict: what another tab saved meanwhile."""

    key: str
    label: Words
    text: str
    help: Words = ""
    rows: int = 0
    limit: int = 0
    options: Sequence[tuple[str, Words]] = ()
    typed: str | None = None
    error: str = ""
    stored: str | None = None

    @property
    def shown(self) -> str:
        return self.text if self.typed is None else self.typed

    @property
    def seen(self) -> str:
        return digest(self.text)

    @property
    def choice(self) -> str:
        """The words of the chosen option, for who only reads."""
        return next((str(label) for value, label in self.options if value == self.text), self.text)


@dataclass
class Desk:
    """Makes the boxes of one page from the stored rows, and puts back what was typed and refused."""

    plan: Plan
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Refused] = field(default_factory=dict)

    def box(self, row: Any, key: str, label: Words, **more: Any) -> Box:
        """Return the box of one field of a row."""
        place = parse(key)
        if place is None:
            raise ValueError(key)
        return self._box(place, value_text(row, place), label, **more)

    def _box(self, place: Key, text: str, label: Words, **more: Any) -> Box:
        key, kind = str(place), place.kind
        limit = kind.limit if isinstance(kind, TextKind) else 0
        made = Box(key, label, text, limit=limit, **more)
        fault = self.faults.get(key)
        if fault is not None:
            made.typed, made.error = self.typed.get(key, text), " ".join(fault.messages)
            made.stored = getattr(fault, "stored", None)
        return made

    def own(self, name: str, label: Words, **more: Any) -> Box:
        """Return a field of the rancangan itself."""
        return self.box(self.plan.rancangan, f"rancangan.{name}", label, **more)


@dataclass
class IssueBoxes:
    """One issue: its words, its marks, and where it stands."""

    issue: Issue
    standing: Standing
    statement: Box
    words: list[Box]
    apkl: list[Box]
    usg: list[Box]
    corrections: list[Any]


def issue_boxes(desk: Desk) -> list[IssueBoxes]:
    """Return the boxes of every issue, in order."""
    return [_issue(desk, standing) for standing in desk.plan.standings]


def _issue(desk: Desk, standing: Standing) -> IssueBoxes:
    issue = standing.issue
    key = f"issue.{issue.pk}"
    long = {"rows": 3}
    return IssueBoxes(
        issue,
        standing,
        desk.box(issue, f"{key}.statement", _("Rumusan isu"), rows=2, help=_("Satu kalimat: apa masalahnya, di mana, sejak kapan.")),
        [
            desk.box(issue, f"{key}.current", _("Kondisi saat ini"), **long),
            desk.box(issue, f"{key}.expected", _("Kondisi yang diharapkan"), **long),
            desk.box(issue, f"{key}.impact", _("Dampak bila dibiarkan"), **long),
            desk.box(issue, f"{key}.reason", _("Alasan penilaian"), help=_("Mengapa nilai APKL dan USG-nya demikian."), **long),
        ],
        [desk.box(issue, f"{key}.{name}", issue._meta.get_field(name).verbose_name, options=YES_NO) for name in APKL],  # type: ignore[union-attr]
        [desk.box(issue, f"{key}.{name}", issue._meta.get_field(name).verbose_name, options=MARKS) for name in USG],  # type: ignore[union-attr]
        [row for row in desk.plan.corrections if row.issue_id == issue.pk],
    )


@dataclass
class CauseBoxes:
    cause: Cause
    text: Box
    root: Box


def cause_boxes(desk: Desk, causes: Sequence[Cause]) -> list[CauseBoxes]:
    """Return the boxes of the causes of one bone."""
    return [
        CauseBoxes(
            cause,
            desk.box(cause, f"cause.{cause.pk}.text", _("Penyebab"), rows=2),
            desk.box(cause, f"cause.{cause.pk}.is_root", _("Akar masalah")),
        )
        for cause in causes
    ]


@dataclass
class StepBoxes:
    step: Tahapan
    text: Box
    output: Box
    proof: Box


def step_boxes(desk: Desk, kegiatan: Kegiatan) -> list[StepBoxes]:
    """Return the boxes of the tahapan of one kegiatan."""
    return [
        StepBoxes(
            step,
            desk.box(step, f"tahapan.{step.pk}.text", f"{kegiatan.order}.{step.order} {_('Tahapan')}", rows=2),
            desk.box(step, f"tahapan.{step.pk}.output", _("Output"), rows=2),
            desk.box(step, f"tahapan.{step.pk}.proof", _("Bukti"), rows=2),
        )
        for step in kegiatan.tahapan.all()
    ]


def value_box(desk: Desk, kegiatan: Kegiatan, value: CurriculumValue, label: Words = "") -> Box:
    """Return the sentence of one kegiatan for one value."""
    words = label or _("Kaitan dengan nilai %(name)s") % {"name": value.name}
    return desk.box(desk.plan.sentence(kegiatan, value), f"nilai.{kegiatan.pk}.{value.pk}", words, rows=2)


def subject_box(desk: Desk, kegiatan: Kegiatan, subject: AgendaSubject, label: Words = "") -> Box:
    """Return the sentence of one kegiatan for one subject of agenda III."""
    words = label or _("Kaitan dengan %(name)s") % {"name": subject.name}
    return desk.box(desk.plan.relation(kegiatan, subject), f"agenda.{kegiatan.pk}.{subject.pk}", words, rows=2)


def cause_options(plan: Plan, kegiatan: Kegiatan) -> list[tuple[str, Words]]:
    """Return the roots of the chosen issue, and the present answer when it is none of them any more."""
    roots = [(str(cause.pk), f"{cause.get_bone_display()}: {cause.text or '-'}") for cause in plan.roots]
    present = plan.cause(kegiatan.cause_id)
    if present is not None and str(present.pk) not in dict(roots):
        roots.append((str(present.pk), _("%(cause)s (bukan akar isu terpilih)") % {"cause": present.text or "-"}))
    return [("", _("Pilih akar masalah")), *roots]
