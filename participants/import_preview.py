"""What the page shows of an import: figures that filter, steps, and the rows of each outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.ui.components import Figure, Step
from latsar.ui.words import thousands, when
from participants.enums import ImportState, RowOutcome
from participants.imports import ImportRow, ParticipantImport
from participants.services.judging import HEADING_OF
from participants.workbook.cells import CellError

FILTER_PARAM = "hasil"
WARNED = "dilihat"
"""The filter of rows that may be saved but ask for a second look."""
PAGE_ROWS, GLANCE_ROWS = 50, 20  # rows of one outcome on its own page, and among the others
SAVED_STATES = (ImportState.COMMITTED, ImportState.UNDOING, ImportState.UNDONE)
SHOWN_LETTERS = 80  # of a cell that may hold thousands


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of a person that would change; only the first line of a person has the name."""

    number: int
    name: str
    heading: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    number: int
    name: str
    nip: str
    satker: str
    golongan: str
    jabatan: str


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one outcome; `more_href` leads to all of them when this is only a glance, `veiled` says why some are not shown."""

    outcome: str
    title: str
    lines: list[CellError] | list[ChangeLine] | list[PersonLine]
    page: Page[ImportRow]
    more_href: str = ""
    veiled: str = ""


@dataclass(frozen=True, slots=True)
class WarningLines:
    """How many rows ask for a second look, and some of them: (row, name, what); `more_href` leads to all."""

    count: int
    lines: list[tuple[int, str, str]]
    page: Page[ImportRow] | None = None
    more_href: str = ""


def chosen_outcome(text: str) -> RowOutcome | None:
    """Read the filter of the address; anything unknown filters nothing."""
    return RowOutcome(text) if text in RowOutcome.values else None


def headline_of(upload: ParticipantImport, zone: str | tzinfo) -> tuple[str, str]:
    """Title the page and say in one sentence what the file is and what became of it."""
    title, fate = {
        ImportState.PREVIEW: (_("Periksa sebelum disimpan"), _("Belum ada yang disimpan.")),
        ImportState.COMMITTING: (_("Impor sedang disimpan"), _("Halaman ini boleh ditutup.")),
        ImportState.COMMITTED: (_("Impor tersimpan"), _("Yang disimpan tercatat di riwayat setiap peserta.")),
        ImportState.DISCARDED: (_("Impor dibatalkan"), _("Tidak ada yang disimpan.")),
        ImportState.UNDOING: (_("Impor sedang diurungkan"), _("Halaman ini boleh ditutup.")),
        ImportState.UNDONE: (_("Impor diurungkan"), _("Yang diurungkan tetap tercatat di jejak audit.")),
    }[ImportState(upload.state)]
    uploaded = when(upload.uploaded_at, timezone.now(), zone)
    facts = {"file": upload.filename, "count": thousands(upload.row_count), "when": uploaded[:1].lower() + uploaded[1:], "fate": fate}
    return title, _("%(file)s, %(count)s baris, diunggah %(when)s. %(fate)s") % facts


def figures_of(upload: ParticipantImport, chosen: RowOutcome | None) -> list[Figure]:
    """Draw the four counts as filters; the chosen one leads back to all."""
    wrong = _("%(count)s kesalahan, tidak disimpan") % {"count": thousands(upload.problem_count)}
    is_saved = upload.state in SAVED_STATES
    drawn = (
        (RowOutcome.NEW, _("sudah ditambahkan") if is_saved else _("akan ditambahkan"), "ok", "plus-lg"),
        (RowOutcome.CHANGED, _("nilai lama sudah diganti") if is_saved else _("nilai lama akan diganti"), "warn", "pencil"),
        (RowOutcome.SAME, _("tidak diapa-apakan"), "mute", "check-lg"),
        (RowOutcome.ERROR, wrong if upload.problem_count else _("tidak ada"), "bad", "exclamation-triangle-fill"),
    )
    return [
        Figure(
            label=str(outcome.label),
            number=_count(upload, outcome),
            note=note,
            href="?" if outcome == chosen else _filter_href(outcome),
            level=level,
            icon=icon,
            is_current=outcome == chosen,
        )
        for outcome, note, level, icon in drawn
    ]


def steps_of(upload: ParticipantImport) -> list[Step]:
    """Say where the import stands: uploaded, looked through, saved."""
    read = _("%(count)s baris terbaca") % {"count": thousands(upload.row_count)}
    wrong = _("%(count)s baris perlu diperbaiki") % {"count": thousands(upload.error_count)} if upload.error_count else _("tanpa kesalahan")
    look, save, note = {
        ImportState.PREVIEW: ("now", "todo", _("berjalan di latar, boleh ditinggal")),
        ImportState.COMMITTING: ("done", "now", _("sedang berjalan")),
        ImportState.COMMITTED: ("done", "done", _("%(count)s baris tersimpan") % {"count": thousands(upload.ready_count)}),
        ImportState.DISCARDED: ("done", "todo", _("dibatalkan")),
        ImportState.UNDOING: ("done", "done", _("%(count)s baris tersimpan") % {"count": thousands(upload.ready_count)}),
        ImportState.UNDONE: ("done", "done", _("%(count)s baris tersimpan") % {"count": thousands(upload.ready_count)}),
    }[ImportState(upload.state)]
    steps = [Step(_("Unggah"), read, "done"), Step(_("Periksa"), wrong, look), Step(_("Simpan"), note, save)]
    if upload.state == ImportState.UNDOING:
        steps.append(Step(_("Urungkan"), _("sedang berjalan"), "now"))
    elif upload.state == ImportState.UNDONE:
        steps.append(Step(_("Urungkan"), _("%(count)s baris diurungkan") % {"count": thousands(upload.undone_count)}, "done"))
    return steps


def sections_of(upload: ParticipantImport, chosen: RowOutcome | None, page_number: str | None, viewer: User) -> list[Section]:
    """Load the rows of the chosen outcome, else a glance at each outcome that asks for attention, as far as `viewer` may see them."""
    if upload.state == ImportState.DISCARDED:
        return []
    if chosen is not None:
        return [_section(upload, chosen, PAGE_ROWS, page_number, viewer)]
    asking = (RowOutcome.ERROR, RowOutcome.CHANGED, RowOutcome.NEW)
    return [_section(upload, outcome, GLANCE_ROWS, None, viewer) for outcome in asking if _count(upload, outcome)]


def warnings_of(upload: ParticipantImport, *, is_alone: bool = False, page_number: str | None = None) -> WarningLines:
    """Load what the importer should look at in rows that may be saved all the same, while that is still to be decided.

    A glance beside the rest, or `is_alone` on its own page, a page at a time.
    """
    if upload.state != ImportState.PREVIEW:
        return WarningLines(0, [])
    rows = upload.rows.exclude(warnings=[]).order_by("number")
    page = Paginator(rows, PAGE_ROWS if is_alone else GLANCE_ROWS).get_page(page_number if is_alone else None)
    lines = [(row.number, row.label, text) for row in page for text in row.warnings]
    more = f"?{FILTER_PARAM}={WARNED}" if not is_alone and page.has_next() else ""
    return WarningLines(page.paginator.count, lines, page if is_alone else None, more)


def _section(upload: ParticipantImport, outcome: RowOutcome, size: int, page_number: str | None, viewer: User) -> Section:
    visible = upload.rows.visible_to(viewer).filter(outcome=outcome).order_by("number")  # type: ignore[attr-defined]
    page = Paginator(visible, size).get_page(page_number)
    rows = list(page.object_list)
    lines: list[CellError] | list[ChangeLine] | list[PersonLine]
    if outcome == RowOutcome.ERROR:
        lines = [_short(CellError(**error)) for row in rows for error in row.errors]
    elif outcome == RowOutcome.CHANGED:
        lines = [_change(row, *change) for row in rows for change in row.changes.items()]
    else:
        lines = _person_lines(rows, viewer)
    glance = size == GLANCE_ROWS and page.paginator.num_pages > 1
    veiled = _veiled(outcome, _count(upload, outcome) - page.paginator.count)
    return Section(outcome, _title(upload, outcome), lines, page, _filter_href(outcome) if glance else "", veiled)


def _veiled(outcome: RowOutcome, number: int) -> str:
    """Say how many rows of somebody else's file are not for the viewer."""
    if number <= 0:
        return ""
    if outcome == RowOutcome.ERROR:
        return _("Isi baris yang salah hanya dapat dilihat pengunggahnya.")
    text = ngettext(
        "%(n)s baris tidak ditampilkan: orangnya bukan di wilayah Anda, atau belum tersimpan.",
        "%(n)s baris tidak ditampilkan: orangnya bukan di wilayah Anda, atau belum tersimpan.",
        number,
    )
    return text % {"n": thousands(number)}


def _title(upload: ParticipantImport, outcome: RowOutcome) -> str:
    if outcome == RowOutcome.ERROR:
        counts = {"errors": thousands(upload.problem_count), "rows": thousands(upload.error_count)}
        return _("%(errors)s kesalahan di %(rows)s baris") % counts
    title = {
        RowOutcome.NEW: _("%(count)s baris baru"),
        RowOutcome.CHANGED: _("%(count)s baris berubah"),
        RowOutcome.SAME: _("%(count)s baris sama"),
    }[outcome]
    return title % {"count": thousands(_count(upload, outcome))}


def _short(error: CellError) -> CellError:
    if len(error.value) <= SHOWN_LETTERS:
        return error
    return CellError(error.row, error.column, error.value[:SHOWN_LETTERS] + "…", error.message, error.code)


def _change(row: ImportRow, name: str, values: list[str]) -> ChangeLine:
    old, new = values
    return ChangeLine(row.number, row.label, HEADING_OF[name], old, new)


def _person_lines(rows: list[ImportRow], viewer: User) -> list[PersonLine]:
    units = Satker.objects.visible_to(viewer).in_bulk({row.data["satker"] for row in rows if row.data})
    return [
        PersonLine(
            number=row.number,
            name=row.label,
            nip=row.nip,
            satker=str(units.get(row.data.get("satker"), "")),
            golongan=row.data.get("golongan", ""),
            jabatan=row.data.get("jabatan", ""),
        )
        for row in rows
    ]


def _count(upload: ParticipantImport, outcome: RowOutcome) -> int:
    return int(getattr(upload, f"{outcome.value}_count"))


def _filter_href(outcome: RowOutcome) -> str:
    return f"?{FILTER_PARAM}={outcome.value}"
