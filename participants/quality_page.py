"""The page of data quality: the checks with what they found, and the people behind one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts import audit, seen
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.reports.services import counted
from latsar.reports.writers import Column, write_xlsx
from latsar.ui import words
from latsar.ui.components import LEVEL_ICONS, pill
from latsar.ui.listing import PAGE_PARAM, PageLinks
from participants import policies
from participants.enums import Stage
from participants.faces import stage_face
from participants.models import Participant, RegistrationDraft
from participants.people import ParticipantQuerySet
from participants.quality import COUNT_CAP, KINDS, Check, Door, Kind, check_of, checks, counts_by_key, found_by
from participants.quality_checks import DRAFT_DAYS

READERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN)
TASK = "participants.export_quality"
PER_PAGE = 50
DIRECT_LIMIT = 5_000
CHUNK = 2_000
RELATED = ("satker", "province", "batch__institute", "user")
LEVEL_WORDS = {"bad": gettext_lazy("Penting"), "warn": gettext_lazy("Perlu dilihat")}

DRAFTS_SHOWN = 50


@dataclass(frozen=True)
class Found:
    """One check with its number."""

    check: Check
    count: int

    @property
    def url(self) -> str:
        return reverse("quality_list", args=[self.check.key])

    @property
    def face(self) -> SafeString:
        return pill(self.check.level, str(LEVEL_WORDS[self.check.level]), LEVEL_ICONS[self.check.level])


@dataclass(frozen=True)
class Group:
    kind: str
    title: str | Promise
    text: str | Promise
    rows: list[Found]

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def found(self) -> list[Found]:
        return [row for row in self.rows if row.count]

    @property
    def clean(self) -> list[Found]:
        return [row for row in self.rows if not row.count]


def groups(user: User, today: date) -> list[Group]:
    """Return the checks by kind, the serious ones first; one query."""
    counts = counts_by_key(user, today)
    found: dict[Kind, list[Found]] = {kind: [] for kind in KINDS}
    for check in checks():
        found[check.kind].append(Found(check, counts[check.key]))
    return [Group(kind.value, *KINDS[kind], sorted(rows, key=lambda row: row.check.level != "bad")) for kind, rows in found.items()]


@dataclass(frozen=True)
class Row:
    person: Participant
    stage: SafeString
    tells: str
    fixer: str
    url: str
    action: str


def left_drafts(user: User, today: date) -> list[tuple[RegistrationDraft, bool]]:
    """Return registration drafts left for a week with whether they are one's own: only the owner can go on with one."""
    before = timezone.make_aware(datetime.combine(today - timedelta(days=DRAFT_DAYS), time.min))
    rows = RegistrationDraft.objects.visible_to(user).left(before).select_related("user").order_by("saved_at", "pk")[:DRAFTS_SHOWN]
    return [(draft, draft.user_id == user.pk) for draft in rows]


class QualityList:
    """The people behind one check, a page at a time; the count and the pages stop above the cap."""

    def __init__(self, check: Check, user: User, *, q: str, page: str, today: date) -> None:
        self.check, self.user, self.q = check, user, q
        self.number = min(int(page), COUNT_CAP // PER_PAGE) if page.isdecimal() and len(page) < 5 and int(page) else 1
        self.matching = matching(check, user, q, today)

    @cached_property
    def count(self) -> int:
        return self.matching.order_by()[: COUNT_CAP + 1].count()

    @property
    def count_label(self) -> str:
        return f"{words.thousands(COUNT_CAP)}+" if self.count > COUNT_CAP else words.thousands(self.count)

    @cached_property
    def _people(self) -> list[Participant]:
        start = (self.number - 1) * PER_PAGE
        return list(self.matching.select_related(*RELATED).order_by("full_name", "pk")[start : start + PER_PAGE + 1])

    @cached_property
    def rows(self) -> list[Row]:
        return [row_of(self.check, person, self.user) for person in self._people[:PER_PAGE]]

    @property
    def is_cut(self) -> bool:
        return self.number == COUNT_CAP // PER_PAGE and len(self._people) > PER_PAGE

    @property
    def links(self) -> PageLinks:
        start = (self.number - 1) * PER_PAGE
        summary = _("%(first)s sampai %(last)s dari %(total)s orang") % {
            "first": words.thousands(start + 1),
            "last": words.thousands(start + len(self.rows)),
            "total": self.count_label,
        }
        goes_on = len(self._people) > PER_PAGE and not self.is_cut
        return PageLinks(
            summary, {PAGE_PARAM: self.number - 1} if self.number > 1 else None, {PAGE_PARAM: self.number + 1} if goes_on else None
        )


def matching(check: Check, user: User, q: str, today: date) -> ParticipantQuerySet:
    return found_by(check, user, today).search(q, user)


def row_of(check: Check, person: Participant, user: User) -> Row:
    """Say of a person what is wrong, who can mend it, and where this reader does."""
    url, action = _door(check, person, user)
    return Row(person, stage_face(person), check.tells_to(user, person), fixer_of(check, person), url, action)


def fixer_of(check: Check, person: Participant) -> str:
    """Name who can mend it now: the file is locked for its satker once it is submitted."""
    if check.door in {Door.BATCH, Door.MOVEMENT}:
        return _("PKSDM")
    if check.door == Door.QUEUE:
        return _("KPU provinsi") if person.stage == Stage.SUBMITTED else _("PKSDM")
    if check.door in {Door.PERSON, Door.MENTOR} and check.kind != Kind.CONTRADICTION:
        return _("Satker atau KPU provinsi")
    if check.door == Door.PERSON:
        return _("PKSDM")
    if person.stage in policies.OPEN_FOR_SATKER:
        return _("Satker")
    return _("KPU provinsi") if person.stage in policies.OPEN_FOR_PROVINCE else _("PKSDM")


def _door(check: Check, person: Participant, user: User) -> tuple[str, str]:
    """Return the address and the word of the form that settles it for this reader, else of the person's page."""
    see = person.get_absolute_url(), _("Lihat")
    if check.door == Door.FILE and policies.can_edit(user, person):
        return reverse("participant_edit", args=[person.pk]), _("Perbaiki")
    if check.door == Door.QUEUE and user.has_role(Role.ADMIN_PROVINSI, Role.PKSDM):
        return reverse("verification_queue"), _("Buka antrean")
    if check.door == Door.MOVEMENT and policies.is_registrar(user, person) and not policies.is_self(user, person):
        return f"{reverse('movement_add', args=[person.pk])}?jenis=resume", _("Lanjutkan")
    if check.door == Door.BATCH and person.batch is not None:
        return person.batch.get_absolute_url(), _("Buka angkatan")
    if check.door == Door.MENTOR and policies.is_registrar(user, person):
        return reverse("mentor_assign"), _("Tetapkan mentor")
    return see


def export(stream: BinaryIO, *, check: Check, q: str, by: User) -> int:
    """Write everybody behind a check and record who took them; return how many."""
    written = _write(stream, check, _lines(check, q, by))
    _record(check, q, by, written)
    return written


@transaction.atomic
def request_export(*, check: Check, q: str, by: User) -> Job:
    """Ask for the file as a job: for lists that would keep a page waiting."""
    title = _("Mutu data: %(title)s") % {"title": check.title}
    return request_job(
        task=TASK, title=title, by=by, params={"check": check.key, "q": q}, back_url=reverse("quality_list", args=[check.key])
    )


def build_export(runner: Runner) -> None:
    """Write the file of a requested export with the rights that its owner has now."""
    by, check = runner.job.requested_by, check_of(runner.job.params["check"])
    if not by.has_role(*READERS):
        raise NotAllowed
    if check is None:
        raise Refused(_("Pemeriksaan ini tidak ada lagi."))
    q = runner.job.params["q"]
    total = matching(check, by, q, timezone.localdate()).order_by().count()
    runner.start(total=total)
    with TemporaryFile() as stream:
        written = _write(stream, check, counted(_lines(check, q, by), runner, total))
        stream.seek(0)
        runner.flush()
        runner.attach(stream, file_name(check))
    _record(check, q, by, written)


def file_name(check: Check) -> str:
    return _("MutuData_%(key)s_%(day)s.xlsx") % {"key": check.key, "day": timezone.localdate().isoformat()}


def _write(stream: BinaryIO, check: Check, rows: Iterable[Sequence[Any]]) -> int:
    columns = [
        Column(_("NIP"), 22),
        Column(_("Nama lengkap"), 34),
        Column(_("Satker"), 34),
        Column(_("Tahap"), 20),
        Column(_("Isi sekarang"), 40),
        Column(_("Diperbaiki oleh"), 26),
    ]
    titles = [str(check.title), _("Per %(day)s") % {"day": words.long_date(timezone.localdate())}]
    return write_xlsx(stream, sheet=_("Mutu data"), columns=columns, rows=rows, titles=titles).rows


def _lines(check: Check, q: str, by: User) -> Iterator[list[Any]]:
    rows = matching(check, by, q, timezone.localdate()).select_related(*RELATED).order_by("full_name", "pk")
    for person in rows.iterator(chunk_size=CHUNK):
        yield [
            person.nip,
            person.full_name,
            person.satker.name,
            str(person.get_stage_display()),
            check.tells_to(by, person),
            fixer_of(check, person),
        ]


@transaction.atomic
def _record(check: Check, q: str, by: User, count: int) -> None:
    audit.record(verb="export", obj=by, by=by, note=_("%(count)d orang, mutu data: %(title)s") % {"count": count, "title": check.title})
    if count <= seen.EXPORT_LIMIT:
        people = matching(check, by, q, timezone.localdate()).order_by().values_list("pk", flat=True)
        seen.record_export(people=people, model=Participant, by=by, note=_("Mutu data: %(title)s") % {"title": check.title})
