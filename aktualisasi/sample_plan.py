"""A rancangan of nobody, for looking at a template of the printed paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from aktualisasi.enums import Bone
from aktualisasi.scoring import APKL, USG
from aktualisasi.snapshots import SCHEMA
from latsar.training.models import Institute

VALUES = ("Berorientasi Pelayanan", "Akuntabel", "Kompeten", "Harmonis", "Loyal", "Adaptif", "Kolaboratif")
SUBJECTS = ("Manajemen ASN", "Smart ASN")
ISSUES = (
    "Arsip keputusan 2019 sampai 2024 belum bisa ditelusuri daring",
    "Permintaan informasi publik dijawab lewat dari tenggat",
    "Papan pengumuman di TPS belum seragam",
)
ACTIVITIES = ("Menyusun daftar arsip keputusan", "Memindai dan menamai menurut pola baku", "Menerbitkan lewat laman JDIH")
PARAGRAPH = "Paragraf contoh. Di sini tercetak apa yang ditulis peserta, sebanyak yang ditulisnya, tanpa diketik ulang."


def sample_content(institute: Institute | None) -> dict[str, Any]:
    """Return a snapshot of schema 1 with this institute's name and letterhead."""
    start = date(2026, 3, 9)
    return {
        "schema": SCHEMA,
        "made_on": "2026-02-09",
        "person": {
            "name": "Contoh Nama Peserta, S.Kom.",
            "nip": "199903152025052901",
            "jabatan": "Pranata Komputer Ahli Pertama",
            "golongan": "III/a",
            "unit": "KPU Kabupaten Contoh",
            "birth_place": "Kota Contoh",
            "birth_date": "1999-03-15",
            "education": "S-1",
            "study_programme": "Sistem Informasi",
        },
        "training": {
            "batch": "Angkatan II",
            "year": 2026,
            "golongan": "Golongan III",
            "method": "Blended",
            "institute": institute.name if institute else "Lembaga Pelatihan Contoh",
            "city": institute.city if institute else "Kota Contoh",
            "head": [line for line in (institute.head_1, institute.head_2) if line] if institute else ["LEMBAGA PELATIHAN CONTOH"],
            "address": "",
            "curriculum": "BerAKHLAK",
            "values": list(VALUES),
            "subjects": list(SUBJECTS),
            "seminar_on": "2026-03-04",
            "habituasi": {"starts_on": "2026-03-09", "ends_on": "2026-04-17"},
        },
        "mentor": {
            "name": "Nama Mentor, S.H., M.Si.",
            "nip": "198009222006041905",
            "jabatan": "Sekretaris",
            "unit": "KPU Kabupaten Contoh",
        },
        "coach": {"name": "Nama Coach, M.Pd.", "nip": ""},
        "examiner": {"name": "", "nip": ""},
        "title": "Arsip digital keputusan yang terbit melalui JDIH di KPU Kabupaten Contoh",
        **dict.fromkeys(("summary", "unit_profile", "job_profile", "agenda_summary", "idea"), PARAGRAPH),
        "tie_reason": "",
        "chosen_issue": 1,
        "issues": [_issue(number, text) for number, text in enumerate(ISSUES, 1)],
        "causes": [
            {
                "id": n,
                "issue": 1,
                "bone": bone.value,
                "bone_name": str(bone.label),
                "text": f"Penyebab dari sisi {bone.label}",
                "is_root": n == 1,
            }
            for n, bone in enumerate(Bone)
        ],
        "corrections": [],
        "kegiatan": [_activity(number, title) for number, title in enumerate(ACTIVITIES, 1)],
        "weeks": [
            {
                "number": n + 1,
                "starts_on": (start + timedelta(days=7 * n)).isoformat(),
                "ends_on": (start + timedelta(days=7 * n + 6)).isoformat(),
                "holidays": [],
            }
            for n in range(6)
        ],
    }


def _issue(number: int, text: str) -> dict[str, Any]:
    marks = (6 - number, 5 - number, 6 - number)
    return {
        "id": number,
        "order": number,
        "statement": text,
        **dict.fromkeys(("current", "expected", "impact", "reason"), PARAGRAPH),
        "apkl": dict.fromkeys(APKL, True),
        "usg": dict(zip(USG, marks, strict=True)),
        "total": sum(marks),
        "rank": number,
        "failed": [],
    }


def _activity(number: int, title: str) -> dict[str, Any]:
    return {
        "id": number,
        "order": number,
        "title": title,
        "cause": "Metode: Penyebab dari sisi Metode",
        "values": [{"name": name, "text": "Satu kalimat kaitan."} for name in VALUES],
        "agenda": [{"name": name, "text": "Satu kalimat kaitan."} for name in SUBJECTS],
        "visi_misi": "Mewujudkan penyelenggara yang profesional.",
        "penguatan": "Menguatkan keterbukaan.",
        "weeks": [number, number + 1],
        "tahapan": [
            {"id": 10 * number + n, "order": n, "text": f"Tahapan {number}.{n}", "output": f"Output {number}.{n}", "proof": "Foto"}
            for n in range(1, 5)
        ],
    }
