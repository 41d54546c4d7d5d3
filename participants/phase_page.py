"""Who is in which phase: the people of an angkatan by their state in one phase, who lags first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.training.enums import PhaseKind
from latsar.training.models import Batch, BatchPhase
from latsar.ui import words
from latsar.ui.components import Figure
from participants import boards
from participants.boards import Member
from participants.enums import ProgressSource, ProgressState
from participants.models import PhaseProgress, PktbtActivity
from participants.services.placement import group_count

PER_PAGE = 50
ORDER = (ProgressState.WAITING, ProgressState.RUNNING, ProgressState.DONE)


class PhaseFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Nama atau NIP"), required=False, max_length=80)
    keadaan = forms.ChoiceField(label=gettext_lazy("Keadaan"), required=False)
    kelompok = forms.ChoiceField(label=gettext_lazy("Kelompok"), required=False)
    satker = forms.ChoiceField(label=gettext_lazy("Satker"), required=False)

    def __init__(self, *args: Any, batch: Batch, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(str(n), _("Kelompok %(n)d") % {"n": n}) for n in range(1, group_count(batch.capacity) + 1)]
        choices: dict[str, list[tuple[str, Any]]] = {
            "keadaan": [("", _("Semua keadaan")), *ProgressState.choices],
            "kelompok": [("", _("Semua kelompok")), *groups],
            "satker": [("", _("Semua satker")), *units],
        }
        for name, options in choices.items():
            field: Any = self.fields[name]
            field.choices = options
            field.widget.attrs["class"] = "form-select"
        self.fields["q"].widget.attrs.update({"class": "form-control", "placeholder": str(self.fields["q"].label), "type": "search"})


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in a phase: the state, what is counted, since when, and whether that is late."""

    member: Member
    state: str
    pill: SafeString
    detail: str
    source: str
    since: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class PhasePage:
    phase: BatchPhase
    rows: list[PersonRow]
    page: Page[PersonRow]
    figures: list[Figure]
    search: PhaseFilter
    is_filtered: bool
    total: int
    late: int


def phase_page(user: User, batch: Batch, phase: BatchPhase, data: Any, today: date) -> PhasePage:
    """Put the page together; a fixed number of queries."""
    rows = phase_rows(user, batch, phase, today)
    units = sorted({(str(row.member.person.satker_id), row.member.person.satker.name) for row in rows}, key=lambda unit: unit[1])
    search = PhaseFilter(data, batch=batch, units=units)
    search.is_valid()
    chosen = {name: value for name, value in search.cleaned_data.items() if value}
    shown = [row for row in rows if _admits(row, chosen)]
    states = [row.state for row in rows]
    figures = [
        Figure(str(state.label), states.count(state), "", f"?keadaan={state.value}", "", "", chosen.get("keadaan") == state)
        for state in ORDER
    ]
    page = Paginator(shown, PER_PAGE).get_page(data.get("halaman"))
    return PhasePage(phase, shown, page, figures, search, bool(chosen), len(rows), sum(row.is_late for row in rows))


def phase_rows(user: User, batch: Batch, phase: BatchPhase, today: date) -> list[PersonRow]:
    """Return everybody of the batch whom the person sees, who lags first, then by name."""
    members = boards.members(user, batch)
    ids = [member.person.pk for member in members]
    progress = {row.participant_id: row for row in PhaseProgress.objects.filter(phase=phase, participant__in=ids)}
    reported = _reported(phase, ids)
    rows = [_row(member, phase, progress.get(member.person.pk), reported.get(member.person.pk, ""), today) for member in members]
    return sorted(rows, key=lambda row: (not row.is_late, ORDER.index(ProgressState(row.state)), row.member.person.full_name))


def _reported(phase: BatchPhase, ids: Sequence[int]) -> Mapping[int, str]:
    """Say per person what the satker reported of PKTBT: done of planned, in JP. One query, none for other phases."""
    if phase.kind != PhaseKind.PKTBT:
        return {}
    sums: dict[int, list[int]] = {}
    for pk, hours, done_on in PktbtActivity.objects.filter(phase=phase, participant__in=ids).values_list(
        "participant_id", "hours", "done_on"
    ):
        line = sums.setdefault(pk, [0, 0])
        line[0] += hours if done_on else 0
        line[1] += hours
    return {pk: _("%(done)d dari %(planned)d JP") % {"done": done, "planned": planned} for pk, (done, planned) in sums.items()}


def _row(member: Member, phase: BatchPhase, row: PhaseProgress | None, reported: str, today: date) -> PersonRow:
    state = row.state if row else ProgressState.WAITING.value
    late = (today > phase.ends_on and state != ProgressState.DONE) or (today >= phase.starts_on and state == ProgressState.WAITING)
    detail = row.detail or (f"{row.percent}%" if row.percent is not None else "") if row else ""
    return PersonRow(
        member=member,
        state=state,
        pill=boards.state_pill(state),
        detail=detail or reported,
        source=str(ProgressSource(row.source).label) if row else "",
        since=words.short_date(timezone.localdate(row.marked_at)) if row else "",
        is_late=late,
    )


def _admits(row: PersonRow, chosen: Mapping[str, str]) -> bool:
    person = row.member.person
    if chosen.get("keadaan") not in (None, row.state):
        return False
    if chosen.get("kelompok") not in (None, str(row.member.group)):
        return False
    if chosen.get("satker") not in (None, str(person.satker_id)):
        return False
    asked = chosen.get("q", "").casefold()
    return asked in person.full_name.casefold() or asked.replace(" ", "") in person.nip


def phase_workbook(user: User, batch: Batch, phase: BatchPhase, today: date) -> bytes:
    """Write who is how far in a phase."""
    columns = [
        Column(_("No."), 6, "int"), Column(_("NIP"), 22), Column(_("Nama"), 36), Column(_("Satker"), 34), Column(_("Kelompok"), 10, "int"),
        Column(_("Keadaan"), 14), Column(_("Rincian"), 26), Column(_("Sumber"), 20), Column(_("Dicatat"), 16),
    ]  # fmt: skip
    stream = BytesIO()
    titles = [f"{phase.name}, {batch.label} {batch.year}, {batch.institute}", words.date_range(phase.starts_on, phase.ends_on)]
    rows = (
        [n, row.member.person.nip, row.member.person.full_name, row.member.person.satker.name, row.member.group,
         str(ProgressState(row.state).label), row.detail, row.source, row.since]
        for n, row in enumerate(phase_rows(user, batch, phase, today), 1)
    )  # fmt: skip
    write_xlsx(stream, sheet=phase.name, columns=columns, rows=rows, titles=titles)
    return stream.getvalue()
