"""How a printed rancangan or laporan is put together: which parts, in which order, with which words. Data per institute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import PaperKind


class PaperFont(models.TextChoices):
    SERIF = "serif", _("Berkait (Source Serif)")
    SANS = "sans", _("Tanpa kait (Plus Jakarta Sans)")


PART_NAMES = {
    "cover": _("Sampul"),
    "persetujuan": _("Lembar persetujuan"),
    "pengesahan": _("Lembar pengesahan"),
    "pernyataan": _("Pernyataan keaslian"),
    "kartu_mentor": _("Kartu bimbingan mentor"),
    "kartu_coach": _("Kartu bimbingan coach"),
    "identitas": _("Identitas peserta"),
    "bab1": _("BAB I, profil"),
    "bab2": _("BAB II, agenda"),
    "bab3": _("BAB III, isu"),
    "bab4": _("BAB IV, gagasan"),
    "matriks": _("Matriks kegiatan"),
    "jadwal": _("Jadwal pelaksanaan"),
    "isi": _("Isi laporan"),
}
HEADINGS: dict[str, dict[str, str]] = {
    PaperKind.RANCANGAN: {
        "cover": "RANCANGAN AKTUALISASI",
        "persetujuan": "LEMBAR PERSETUJUAN",
        "pengesahan": "LEMBAR PENGESAHAN",
        "kartu_mentor": "KARTU BIMBINGAN MENTOR",
        "kartu_coach": "KARTU BIMBINGAN COACH",
        "identitas": "IDENTITAS PESERTA",
        "bab1": "BAB I PROFIL INSTANSI DAN JABATAN",
        "bab2": "BAB II AGENDA PELATIHAN",
        "bab3": "BAB III IDENTIFIKASI DAN PENETAPAN ISU",
        "bab4": "BAB IV GAGASAN KREATIF",
        "matriks": "MATRIKS RANCANGAN AKTUALISASI",
        "jadwal": "JADWAL PELAKSANAAN",
    },
    PaperKind.LAPORAN: {
        "cover": "LAPORAN AKTUALISASI",
        "pernyataan": "PERNYATAAN KEASLIAN",
        "persetujuan": "LEMBAR PERSETUJUAN",
        "pengesahan": "LEMBAR PENGESAHAN",
        "kartu_mentor": "KARTU BIMBINGAN MENTOR",
        "kartu_coach": "KARTU BIMBINGAN COACH",
        "identitas": "IDENTITAS PESERTA",
        "isi": "LAPORAN PELAKSANAAN",
    },
}
"""The usual headings, in the usual order. They are printed, so they stay Indonesian and are not translated."""

COVER = "{judul}\n\nDisusun oleh:\n{nama}\nNIP {nip}\n\n{pelatihan}\n{lembaga}\n{tahun}"
CLOSING = "Demikian untuk digunakan sebagaimana mestinya."
PLACES = ("judul", "nama", "nip", "satker", "jabatan", "pelatihan", "angkatan", "lembaga", "kota", "tahun")
"""The words in braces that a cover line may hold."""


@dataclass(frozen=True)
class Part:
    """One part of a paper: what it is, whether it is printed, and under which heading."""

    key: str
    heading: str
    visible: bool = True

    @property
    def name(self) -> str:
        return str(PART_NAMES[self.key])


@dataclass(frozen=True)
class PaperLayout:
    """A template as the printer needs it; knows nothing of the database."""

    kind: str
    parts: tuple[Part, ...]
    cover: str = COVER
    closing: str = CLOSING
    city: str = ""
    font: str = PaperFont.SERIF
    letterhead: tuple[str, ...] = field(default=())

    @property
    def printed(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.visible)

    def as_dict(self) -> dict[str, Any]:
        """Return the layout as JSON, to be kept beside the snapshot of a version."""
        parts = [{"key": p.key, "heading": p.heading, "visible": p.visible} for p in self.parts]
        return {
            "kind": str(self.kind), "parts": parts, "cover": self.cover, "closing": self.closing, "city": self.city, "font": str(self.font),
            "letterhead": list(self.letterhead),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PaperLayout:
        """Read a kept layout. Parts that this release does not know are left out, new ones come last and unseen."""
        kind = data["kind"]
        return cls(
            kind=kind,
            parts=ordered_parts(kind, data.get("parts", ())),
            cover=data.get("cover", COVER),
            closing=data.get("closing", CLOSING),
            city=data.get("city", ""),
            font=data.get("font", PaperFont.SERIF),
            letterhead=tuple(data.get("letterhead", ())),
        )


def usual_layout(kind: str) -> PaperLayout:
    """Return the layout of who changed nothing."""
    return PaperLayout(kind=kind, parts=ordered_parts(kind, ()))


def ordered_parts(kind: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Return the kept parts in their order, each once, and then what they do not name, in the usual order."""
    usual = HEADINGS[kind]
    found: dict[str, Part] = {}
    for row in rows:
        key = row.get("key", "")
        if key in usual and key not in found:
            found[key] = Part(key, str(row.get("heading") or usual[key])[:120], visible=bool(row.get("visible", True)))
    is_new = bool(found)
    for key, heading in usual.items():
        found.setdefault(key, Part(key, heading, visible=not is_new))
    return tuple(found.values())
