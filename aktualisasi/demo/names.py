"""Invented people: given and family names drawn by a seeded generator, titles by education."""

from __future__ import annotations

from random import Random

EAST_FEMALE = (
    "Maria",
    "Yosefina",
    "Kristina",
    "Natalia",
    "Agustina",
    "Febriani",
    "Theresia",
    "Elisabet",
    "Yuliana",
    "Margareta",
    "Rambu",
    "Bernadeta",
)
EAST_MALE = (
    "Petrus",
    "Yohanes",
    "Dominggus",
    "Gregorius",
    "Antonius",
    "Yeremias",
    "Stefanus",
    "Markus",
    "Emanuel",
    "Hironimus",
    "Umbu",
    "Benediktus",
)
EAST_FAMILY = (
    "Lado",
    "Wolo",
    "Bria Seran",
    "Meo Keraf",
    "Rihi Leba",
    "Lodo Raga",
    "Mau Bere",
    "Koi Banunu",
    "Bola Nggae",
    "Wini Rohi",
    "Saputri Nalle",
    "Haba Lay",
    "Djami",
    "Hala",
    "Tallo",
    "Ana Mbitu",
    "Tana Hawu",
    "Nenobais",
)
WEST_FEMALE = ("Dewi", "Siti", "Ayu", "Rina", "Fitri", "Wulan", "Nurul", "Putri", "Indah", "Ratna", "Lestari", "Annisa", "Kartika", "Mega")
WEST_MALE = ("Budi", "Agus", "Rizky", "Andi", "Hendra", "Fajar", "Bayu", "Dimas", "Arif", "Yusuf", "Galih", "Ilham", "Reza", "Wahyu")
WEST_FAMILY = (
    "Pratama",
    "Saputra",
    "Wijaya",
    "Santoso",
    "Hidayat",
    "Kurniawan",
    "Nugroho",
    "Lubis",
    "Siregar",
    "Simatupang",
    "Harahap",
    "Maharani",
    "Puspitasari",
    "Anggraini",
    "Rahmawati",
    "Permata Sari",
)
DEGREES = {
    "Penata Kelola Sistem dan Teknologi Informasi": ("S.Kom.", "S-1", "Teknik Informatika", "III/a"),
    "Pranata Komputer Ahli Pertama": ("S.Kom.", "S-1", "Sistem Informasi", "III/a"),
    "Penata Kelola Pemilu Ahli Pertama": ("S.IP.", "S-1", "Ilmu Politik", "III/a"),
    "Penyusun Materi Hukum dan Perundang-undangan": ("S.H.", "S-1", "Ilmu Hukum", "III/a"),
    "Arsiparis": ("A.Md.", "D-III", "Kearsipan", "II/c"),
    "Pengelola Layanan Kesehatan": ("A.Md.Kep.", "D-III", "Keperawatan", "II/c"),
}
JABATAN = tuple(DEGREES)
EASTERN = frozenset({"53", "81", "82", "91", "92", "93", "94", "95", "96"})


def invent(rng: Random, province_code: str, *, female: bool) -> str:
    """Return a name without title in the manner of the region."""
    east = province_code in EASTERN
    given = rng.choice((EAST_FEMALE if female else EAST_MALE) if east else (WEST_FEMALE if female else WEST_MALE))
    second = rng.choice((EAST_FEMALE if female else EAST_MALE) if east else (WEST_FEMALE if female else WEST_MALE))
    family = rng.choice(EAST_FAMILY if east else WEST_FAMILY)
    return f"{given} {second} {family}" if second != given and rng.random() < 0.5 else f"{given} {family}"


def place_of(unit_name: str) -> str:
    """Name the place that a unit serves, "Sumba Tengah" for "KPU Kabupaten Sumba Tengah"; the secretariat sits in Jakarta."""
    if unit_name.startswith("Sekretariat"):
        return "Jakarta"
    words = unit_name.split()[1:]
    return " ".join(words[1:] if words[0] in {"Provinsi", "Kabupaten", "Kota"} else words)
