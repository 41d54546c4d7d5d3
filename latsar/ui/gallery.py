"""Sample content of the living gallery. People and numbers are invented."""

from datetime import date
from typing import Any

from django import forms
from django.utils.safestring import mark_safe

from . import charts, components, strip
from .listing import PageLinks

NUMBERS = {
    "11": 17, "12": 34, "14": 15, "21": 14, "13": 12, "15": 8, "19": 6, "17": 8, "16": 21, "18": 11, "36": 2, "31": 0, "32": 19,
    "33": 42, "34": 0, "35": 0, "51": 0, "52": 15, "53": 4, "65": 22, "61": 59, "62": 24, "64": 24, "63": 10, "71": 14, "75": 6,
    "72": 35, "76": 16, "73": 39, "74": 40, "82": 50, "81": 57, "96": 38, "92": 46, "94": 28, "91": 48, "95": 52, "93": 33,
}  # fmt: skip
COLOURS = (
    ("bg", "latar halaman", "#f8f6f2", "", "#161311", "", ""),
    ("surface", "kartu, tabel, bilah", "#ffffff", "", "#1f1b18", "", ""),
    ("sunken", "bidang cekung, baris terpilih", "#f3f0ea", "", "#2a2521", "", ""),
    ("line", "garis pemisah", "#e5dfd5", "", "#3a342e", "", ""),
    ("control", "garis isian dan bentuk", "#8c8275", "3,8", "#8f8579", "4,7", "surface"),
    ("text", "teks utama", "#231d19", "16,7", "#f3eee7", "14,8", "surface"),
    ("muted", "teks pendamping", "#645b51", "5,8", "#b9aea1", "7,0", "sunken"),
    ("accent", "tombol utama, kemajuan", "#7a1a2b", "10,4", "#b8404f", "5,4", "on-accent"),
    ("link", "tautan, menu aktif", "#7a1a2b", "9,1", "#f0a5ac", "7,6", "soft"),
    ("ok", "aman, selesai", "#1c6440", "6,2", "#85cfa3", "7,7", "ok-bg"),
    ("warn", "waspada, kurang", "#804d00", "6,2", "#eebf62", "8,5", "warn-bg"),
    ("bad", "kritis, salah", "#b3261e", "5,7", "#ff9d92", "7,7", "bad-bg"),
    ("info", "sedang berjalan", "#1d5580", "6,8", "#94c3e8", "7,9", "info-bg"),
    ("mute", "netral", "#544c43", "7,1", "#cfc6ba", "8,4", "mute-bg"),
    ("focus", "bingkai fokus", "#b4690e", "4,2", "#f5c04e", "10,2", "surface"),
)
PILLS = (
    ("", "Draf", "pencil"),
    ("info", "Menunggu provinsi", "hourglass-split"),
    ("bad", "Dikembalikan", "arrow-counterclockwise"),
    ("info", "Terverifikasi", "check-lg"),
    ("ok", "Disetujui PKSDM", "check-lg"),
    ("ok", "Ditempatkan", "calendar-check"),
    ("info", "Sedang Latsar", "play-fill"),
    ("warn", "Ditunda", "pause-fill"),
    ("ok", "Lulus", "mortarboard"),
)


class SampleForm(forms.Form):
    nip = forms.CharField(label="NIP", help_text="18 angka dari SK CPNS. Spasi dan titik boleh ikut.")
    satker = forms.ChoiceField(label="Satker", choices=[("53.71", "53.71 KPU Kota Kupang")])
    reason = forms.CharField(
        label="Alasan penundaan", help_text="Dibaca PKSDM dan tersimpan di riwayat.", widget=forms.Textarea(attrs={"rows": "2"})
    )
    way = forms.ChoiceField(label="Cara bimbingan", choices=[("online", "Daring"), ("onsite", "Tatap muka")], widget=forms.RadioSelect)
    size = forms.ChoiceField(
        label="Ukuran kelompok", choices=[("5", "5 orang"), ("10", "10 orang"), ("20", "20 orang")], widget=forms.RadioSelect
    )
    agendas = forms.MultipleChoiceField(
        label="Agenda",
        choices=[("1", "Sikap perilaku bela negara"), ("2", "Nilai dasar PNS")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file = forms.FileField(label="Berkas", help_text="PDF, paling besar 10 MB.", widget=forms.FileInput, required=False)
    mail = forms.BooleanField(label="Kirim pemberitahuan ke e-mail peserta", required=False)

    def clean_nip(self) -> str:
        nip: str = self.cleaned_data["nip"]
        digits = sum(sign.isdigit() for sign in nip)
        if digits != 18:
            raise forms.ValidationError(f"NIP hanya berisi {digits} angka. Periksa angka terakhir di SK.")
        return nip


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Alasan", help_text="Tersimpan di riwayat.")


def samples() -> dict[str, Any]:
    """Gather what the gallery shows: every component in every state."""
    return {"colours": COLOURS, "pills": PILLS, **_forms(), **_people(), **_patterns(), **_charts()}


def _forms() -> dict[str, Any]:
    data = {"nip": "19980812 202505 2 90", "satker": "53.71", "reason": "Cuti melahirkan", "way": "online", "size": "10", "mail": "on"}
    return {"reason_form": ReasonForm(auto_id="r-%s"), "form": SampleForm(data, auto_id="g-%s"), "fresh_form": SampleForm(auto_id="f-%s")}


def _people() -> dict[str, Any]:
    return {
        "clocks": [
            components.Clock("Kritis", "bad", 20, date(2026, 3, 1), 95),
            components.Clock("Waspada", "warn", 81, date(2026, 5, 1), 78),
            components.Clock("Aman", "ok", 142, date(2026, 7, 1), 61),
            components.Clock("Kritis", "bad", -3, date(2026, 2, 6), 100),
            components.Clock("Lulus", "mute"),
        ],
        "figures": [
            components.Figure("Butuh kursi", 115, "dari 23 satker", "#kartu"),
            components.Figure("Tepat waktu", 111, "selesai sebelum batas", "#kartu", level="ok", is_current=True),
            components.Figure("Belum dapat", 4, "lihat sebabnya", "#kartu", level="bad"),
        ],
        "todos": [
            components.Todo(
                "Unggah ulang surat keterangan sehat Petrus Kanisius Wolo, S.IP.",
                "#kerja",
                "Unggah ulang",
                "Dikembalikan KPU Provinsi NTT: surat lebih tua dari 3 bulan.",
                date(2026, 2, 11),
                2,
                is_primary=True,
            ),
            components.Todo(
                "Lengkapi 6 berkas dari 3 CPNS", "#kerja", "Lengkapi berkas", "Setelah tanggal ini pengajuan ditutup.", date(2026, 2, 13), 4
            ),
            components.Todo(
                "Usulkan mentor untuk 4 CPNS", "#kerja", "Usulkan mentor", "Satu mentor paling banyak 5 peserta.", date(2026, 2, 18), 9
            ),
        ],
        "steps": [
            components.Step("Satker", "5 Feb", "done"),
            components.Step("Provinsi", "diperiksa, 2 hari", "now"),
            components.Step("PKSDM", "paling lambat 18 Feb"),
        ],
        "entries": [
            components.Entry(
                mark_safe("Dikembalikan <b>Frederik Tallo, S.Sos.</b>: surat lebih tua dari 3 bulan"), "Hari ini, 08.14 WITA", is_new=True
            ),
            components.Entry(mark_safe("Diajukan <b>Yuliana Lobo, S.E.</b>"), "Kamis, 5 Februari 2026"),
        ],
        "rows": [
            ("KPU Kota Kupang", 12, 63_120_000, 74_040_000),
            ("KPU Kabupaten Alor", 4, 21_040_000, 24_680_000),
            ("KPU Kabupaten Ende", 5, 26_300_000, 30_850_000),
        ],
        "links": PageLinks("1 sampai 3 dari 115 satker", None, {"halaman": 2}),
        "facts": [("Cara", "Blended, Golongan III"), ("Aturan", "PerLAN 1/2021, BerAKHLAK"), ("Selesai", "21 April 2026 (Selasa)")],
    }


def _patterns() -> dict[str, Any]:
    return {
        "invitations": [
            ("envelope", "Siap diundang", 6), ("hourglass-split", "Belum diverifikasi", 2), ("envelope", "E-mail terkirim", 3),
            ("exclamation-triangle-fill", "E-mail gagal", 1), ("printer", "Slip dicetak", 2), ("check-lg", "Akun aktif", 4),
        ],
        "recovery_codes": ("83f1 20c9", "5a77 e0b4", "c9d2 1186", "0e4b 93fa"),
        "trail_rows": [
            ("Mengubah", "Yuliana Lobo, S.E.", "Admin Satker, KPU Kota Kupang", "Golongan", "II/c", "III/a", "Hari ini, 08.14 WITA"),
            ("Mengajukan", "Yuliana Lobo, S.E.", "Admin Satker, KPU Kota Kupang", "Tahap", "Terdaftar", "Diajukan", "Kemarin, 16.02 WITA"),
        ],
        "marks": (("H", "hadir", "ok"), ("T", "terlambat", "warn"), ("I", "izin", "info"), ("S", "sakit", "info"), ("A", "alpa", "bad")),
    }  # fmt: skip


def _charts() -> dict[str, Any]:
    scale = charts.five_steps(NUMBERS.values())
    return {
        "scale": scale,
        "tiles": [charts.Tile(code, value, "#bagan", scale.step(value)) for code, value in NUMBERS.items()],
        "funnel": [charts.Bar("Terdaftar", 3278, "#bagan"), charts.Bar("Ditempatkan", 2409, "#bagan"), charts.Bar("Lulus", 183, "#bagan")],
        "buckets": [
            charts.Bar("1 sampai 30", 38, "#bagan", "bad"),
            charts.Bar("61 sampai 90", 934, "#bagan", "warn"),
            charts.Bar("di atas 90", 2000, "#bagan", "ok"),
        ],
        "parts": [charts.Segment(2, "bad"), charts.Segment(3, "warn"), charts.Segment(7, "ok")],
        "groups": [
            charts.Group("1 Mar", 40, 12, "1 Mar 2026"),
            charts.Group("1 Apr", 161, 108, "1 Apr 2026"),
            charts.Group("1 Mei", 1095, 1168, "1 Mei 2026"),
            charts.Group("1 Jun", 2381, 2348, "1 Jun 2026"),
            charts.Group("1 Jul", 2895, 2588, "1 Jul 2026"),
        ],
        "series": ("Kebutuhan", "Kursi"),
        "phases": [
            strip.Phase("MOOC mandiri", date(2026, 1, 26), date(2026, 2, 11)),
            strip.Phase("E-learning", date(2026, 2, 12), date(2026, 3, 3)),
            strip.Phase("Seminar rancangan", date(2026, 3, 4), date(2026, 3, 5), 2),
            strip.Phase("Habituasi di satker", date(2026, 3, 6), date(2026, 4, 8), 3, "4 libur di tengahnya"),
            strip.Phase("Klasikal", date(2026, 4, 13), date(2026, 4, 19)),
        ],
        "today": date(2026, 2, 9),
        "holidays": {date(2026, 2, 16), date(2026, 2, 17), *(date(2026, 3, day) for day in range(18, 25)), date(2026, 4, 3)},
    }
