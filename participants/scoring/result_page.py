"""Results as pages: the list of an angkatan, and one person's result with every number that led there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.training.models import Batch
from latsar.training.weights import number
from latsar.ui import words
from latsar.ui.components import Figure, pill
from participants.models import Result
from participants.scoring.enums import Outcome
from participants.scoring.results import ResultQuerySet
from participants.scoring.typing import score_text

FACES = {
    Outcome.PASSED: ("ok", "check-lg"),
    Outcome.REMEDIAL: ("warn", "arrow-repeat"),
    Outcome.DEFERRED: ("info", "pause-fill"),
    Outcome.FAILED: ("bad", "x-lg"),
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    result: Result
    nip: str
    total: str
    pill: SafeString
    why: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One component as the person reads it: what was given, what was taken off, what it adds to the total."""

    name: str
    weight: str
    raw: str
    mean: str
    late: str
    counted: str
    share: str
    is_remedial: bool
    is_below_minimum: bool


def outcome_pill(outcome: str) -> SafeString:
    kind, icon = FACES[Outcome(outcome)]
    return pill(kind, str(Outcome(outcome).label), icon)


def rows_of(user: User, batch: Batch, *, outcome: str = "", query: str = "") -> ResultQuerySet:
    """Results that the person may see, ranked; narrowed by outcome, name or NIP."""
    rows = Result.objects.visible_to(user).filter(batch=batch).select_related("participant__satker")
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    if query:
        from participants.models import Participant

        rows = rows.filter(participant__in=Participant.objects.visible_to(user).filter(batch=batch).search(query, user))
    return rows.order_by("rank", "-total", "participant__full_name", "pk")


def faces(rows: Sequence[Result]) -> list[ResultRow]:
    return [
        ResultRow(row, words.group_nip(row.participant.nip), score_text(row.total), outcome_pill(row.outcome), "; ".join(reasons(row)))
        for row in rows
    ]


def reasons(result: Result) -> list[str]:
    """Say why the outcome is what it is."""
    return [_reason(code) for code in result.breakdown.get("reasons", [])]


def _reason(code: str) -> str:
    name, _colon, about = code.partition(":")
    texts = {
        "below_minimum": _("%(name)s di bawah nilai paling rendah") % {"name": about},
        "below_pass": _("nilai akhir belum mencapai kualifikasi lulus"),
        "over_absence": _("tidak hadir melewati batas"),
        "remedial_used": _("remedial sudah dipakai"),
        "remedial_too_low": _("nilai akhir terlalu rendah untuk remedial"),
        "remedial_cap": _("nilai akhir sesudah remedial dibatasi skema"),
    }
    return texts.get(name, code)


def line_rows(breakdown: dict[str, Any]) -> list[LineRow]:
    """Turn the stored lines of a result into words."""
    return [
        LineRow(
            name=line["name"],
            weight=f"{number(Decimal(line['weight']))}%",
            raw="; ".join(score_text(Decimal(value)) for value in line["raw"]),
            mean=score_text(Decimal(line["mean"])),
            late=_("%(days)d hari, −%(points)s") % {"days": line["late_days"], "points": number(Decimal(line["deduction"]))}
            if line["late_days"]
            else "",
            counted=score_text(Decimal(line["counted"])),
            share=f"{Decimal(line['share']):.4f}".replace(".", ","),
            is_remedial=line["is_remedial"],
            is_below_minimum=line["is_below_minimum"],
        )
        for line in breakdown.get("lines", [])
    ]


def figures(user: User, batch: Batch) -> list[Figure]:
    """Count the outcomes; every number leads to its rows."""
    counted = dict(
        Result.objects.visible_to(user)
        .filter(batch=batch)
        .order_by()
        .values_list("outcome")
        .annotate(n=Count("pk"))
        .values_list("outcome", "n")
    )
    levels = {Outcome.PASSED: "ok", Outcome.FAILED: "bad", Outcome.REMEDIAL: "warn", Outcome.DEFERRED: "info"}
    return [
        Figure(
            str(outcome.label),
            counted.get(outcome, 0),
            "",
            f"?hasil={outcome.value}",
            level=levels[outcome] if counted.get(outcome) else "",
        )
        for outcome in Outcome
    ]


def results_workbook(batch: Batch, rows: QuerySet[Result], heads: Sequence[str]) -> bytes:
    """Write the recap: rank, person, every component's counted score, total, qualification, outcome."""
    columns = [
        Column(_("Peringkat"), 10, "int"),
        Column(_("NIP"), 22),
        Column(_("Nama Lengkap"), 36),
        Column(_("Satker"), 36),
        *(Column(head, 14, "number") for head in heads),
        Column(_("Nilai akhir"), 12, "number"),
        Column(_("Kualifikasi"), 20),
        Column(_("Hasil"), 14),
        Column(_("Keterangan"), 40),
    ]
    stream = BytesIO()
    titles = [f"{batch.label} {batch.year}, {batch.institute}", _("Rekap nilai, %(scheme)s") % {"scheme": batch.scheme}]
    write_xlsx(stream, sheet=_("Rekap nilai"), columns=columns, rows=_cells(rows, heads), titles=titles)
    return stream.getvalue()


def _cells(rows: QuerySet[Result], heads: Sequence[str]) -> Iterator[list[object]]:
    for row in rows.iterator(chunk_size=500):
        by_name = {line["name"]: Decimal(line["counted"]) for line in row.breakdown.get("lines", [])}
        person = row.participant
        yield [
            row.rank,
            person.nip,
            person.full_name,
            person.satker.name,
            *(by_name.get(head) for head in heads),
            row.total,
            row.qualification,
            row.get_outcome_display(),
            "; ".join(reasons(row)),
        ]
