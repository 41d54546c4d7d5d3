"""How complete a laporan is, and what is missing, in words that lead to the place."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aktualisasi.habituasi_enums import WorkState
from aktualisasi.laporan import Laporan
from aktualisasi.laporan_prefill import Done


@dataclass(frozen=True, slots=True)
class Gap:
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Meter:
    """`done` of `total` things are there; `gaps` are the others."""

    done: int
    total: int
    gaps: list[Gap]

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


WHOLE = (
    ("background", gettext_lazy("latar belakang pelaksanaan")),
    ("situation", gettext_lazy("keadaan sebelum aktualisasi")),
    ("action", gettext_lazy("yang dilakukan")),
    ("outcome", gettext_lazy("hasil sesudah aktualisasi")),
    ("benefit_unit", gettext_lazy("manfaat bagi satker")),
    ("benefit_public", gettext_lazy("manfaat bagi masyarakat")),
    ("follow_up", gettext_lazy("rencana tindak lanjut")),
    ("closing", gettext_lazy("kesimpulan dan saran")),
)
TOLD = ("what", "who", "when", "where", "why", "how", "outputs", "values_lived")


def meter_of(laporan: Laporan | None, found: list[Done]) -> Meter:
    """Weigh every text, every kegiatan's words and evidence, every tahapan, one measure and the statement alike."""
    gaps: list[Gap] = []
    total = 0

    def need(present: object, text: str, anchor: str) -> None:
        nonlocal total
        total += 1
        if not present:
            gaps.append(Gap(text, anchor))

    for name, label in WHOLE:
        need(laporan and getattr(laporan, name), str(label), f"id_{name}")
    rows = {row.kegiatan_id: row for row in laporan.kegiatan.all()} if laporan else {}
    for done in found:
        row, number = rows.get(done.kegiatan.pk), done.kegiatan.order
        empty = [name for name in TOLD if not (row and getattr(row, name))]
        need(not empty, _told(number, len(empty)), f"k-{done.kegiatan.pk}")
        shown = any(one.in_laporan for one in done.evidence)
        need(shown, _("kegiatan %(n)s: bukti yang dipilih") % {"n": number}, f"k-{done.kegiatan.pk}")
        for tahapan, work in zip(done.tahapan, done.works, strict=True):
            need(work and work.state == WorkState.DONE, _("tahapan %(n)s belum selesai") % {"n": f"{number}.{tahapan.order}"}, "habituasi")
    need(laporan and laporan.measures.exists(), _("satu ukuran sebelum dan sesudah"), "h-ukur")
    need(laporan and laporan.statement_at, _("pernyataan keaslian"), "h-asli")
    return Meter(total - len(gaps), total, gaps)


def _told(number: int, empty: int) -> str:
    text = ngettext("kegiatan %(n)s: %(empty)d uraian kosong", "kegiatan %(n)s: %(empty)d uraian kosong", empty)
    return text % {"n": number, "empty": empty}
