"""Synthetic people for the bench, the preview of a face in the admin, and the tests. Nobody here exists."""

from __future__ import annotations

from dataclasses import replace

from latsar.documents.render.face import AgendaRow, CertificateFace, group_code, number_in_words

AGENDA = (
    AgendaRow(
        "Agenda I. Sikap perilaku bela negara",
        (
            ("Wawasan kebangsaan dan nilai-nilai bela negara", 12),
            ("Analisis isu kontemporer", 12),
            ("Kesiapsiagaan bela negara", 24),
        ),
    ),
    AgendaRow(
        "Agenda II. Nilai-nilai dasar PNS",
        tuple((value, 12) for value in ("Berorientasi pelayanan", "Akuntabel", "Kompeten", "Harmonis", "Loyal", "Adaptif", "Kolaboratif")),
    ),
    AgendaRow("Agenda III. Kedudukan dan peran PNS", (("Manajemen ASN", 15), ("Smart ASN", 15))),
    AgendaRow(
        "Agenda IV. Habituasi",
        (
            ("Konsepsi aktualisasi", 12),
            ("Penyusunan dan seminar rancangan aktualisasi", 30),
            ("Pelaksanaan aktualisasi di tempat kerja", 320),
            ("Seminar hasil aktualisasi", 18),
        ),
    ),
    AgendaRow("Penguatan kompetensi teknis bidang tugas", (("Kompetensi teknis umum", 40), ("Kompetensi teknis substantif", 40))),
    AgendaRow("Penunjang", (("Dinamika kelompok", 6), ("Pengarahan program dan kebijakan pelatihan", 3), ("Evaluasi", 16))),
)
HOURS = sum(row.hours for row in AGENDA)

GIVEN = ("Agnes", "Markus", "Yohana", "Melkianus", "Apolonia", "Petrus", "Nur Aisyah", "Dominggus", "Sisilia", "Wilhelmina")
MIDDLE = ("Ratu", "Wenas", "Kristanti", "Bria", "Tamelan", "Mau", "Lende", "Sabuna")
FAMILY = ("Dima", "Ladopura", "Bataona", "Nahak", "Kolin", "Manafe", "Tefa", "Djawa", "Seran", "Benu", "Lay")
DEGREES = ("", ", S.Kom.", ", S.H.", ", A.Md.", ", S.E., M.M.", ", S.Sos.", ", S.IP.")
BIRTHPLACES = ("Maumere", "Kupang", "Larantuka", "Atambua", "Waingapu", "Ruteng", "Kab. 50 Kota")
RANKS = ("Penata Muda, III/a", "Pengatur, II/c")
POSITIONS = ("Pranata Komputer Ahli Pertama", "Arsiparis Terampil", "Penata Kelola Pemilihan Umum Ahli Pertama", "Pengelola Keuangan")
UNITS = ("Sikka", "Kupang", "Flores Timur", "Belu", "Sumba Timur", "Manggarai", "Alor", "Timor Tengah Selatan", "Rote Ndao")
QUALIFICATIONS = ("Memuaskan", "Sangat Memuaskan", "Baik")
TITLES = (
    "Optimalisasi Layanan Informasi Kepemiluan melalui Arsip Pengumuman pada Laman KPU Kabupaten {unit}",
    "Penataan Arsip Keputusan Ketua secara Digital di Sekretariat KPU Kabupaten {unit}",
    (
        "Penyusunan Panduan Pelaporan Keuangan Badan Ad Hoc untuk Mempercepat Penyelesaian Pertanggungjawaban "
        "di Lingkungan Sekretariat KPU Kabupaten {unit}"
    ),
)

SAMPLE = CertificateFace(
    issuer_lines=("KOMISI PEMILIHAN UMUM REPUBLIK INDONESIA", "PUSAT PENGEMBANGAN KOMPETENSI SDM APARATUR"),
    title="SURAT KETERANGAN MENYELESAIKAN LATSAR",
    number="0431/SDM.05-SK/06/2026",
    registration_code=None,
    legal_basis=(
        "Berdasarkan Peraturan Lembaga Administrasi Negara Nomor 1 Tahun 2021 tentang Pelatihan Dasar Calon Pegawai Negeri Sipil "
        "sebagaimana telah diubah dengan Peraturan Nomor 10 Tahun 2021"
    ),
    name="Agnes Ratu Dima, S.Kom.",
    nip="199903152025052914",
    birth="Maumere, 15\u00a0Maret 1999",
    rank="Penata Muda, III/a",
    position="Pranata Komputer Ahli Pertama",
    unit="KPU Kabupaten Sikka",
    agency="Komisi Pemilihan Umum",
    outcome="LULUS",
    qualification="Memuaskan",
    training_line="Pelatihan Dasar Calon Pegawai Negeri Sipil Golongan III Angkatan II Tahun 2026",
    place="Kupang",
    dates_text="dari tanggal 9\u00a0Februari 2026 sampai dengan 17\u00a0April 2026",
    hours=HOURS,
    hours_words=number_in_words(HOURS),
    city="Jakarta",
    issued_date_text="24\u00a0April 2026",
    signer_name="Dr. Markus Wenas Ladopura, S.H., M.Si.",
    signer_nip="197011121996031901",
    signer_title="Kepala Pusat Pengembangan Kompetensi Sumber Daya Manusia Aparatur",
    verify_url="https://latsar.example/verifikasi/7K4M29QXABCDEFGHIJKLMNOPQRSTUVWX/",
    verify_code_groups=group_code("7K4M29QXABCDEFGHIJKLMNOPQRSTUVWX"),
    agenda=AGENDA,
    aktualisasi_title=TITLES[0].format(unit="Sikka"),
    curriculum_name="Keputusan Kepala LAN Nomor 14/K.1/PDP.07/2022",
    created="2026-04-24",
)


def sample_face(at: int) -> CertificateFace:
    """Return the face of one person of a synthetic batch; the same number gives the same person."""
    name = f"{GIVEN[at % 10]} {MIDDLE[at // 3 % 8]} {FAMILY[at // 7 % 11]}{DEGREES[at % 7]}"
    unit = UNITS[at % 9]
    year, month, day = 1990 + at % 10, at % 12 + 1, at % 28 + 1
    token = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(at * 7 + place * place * 3 + place * 11) % 32] for place in range(32))
    return replace(
        SAMPLE,
        number=f"{at + 1:04d}/SDM.05-SK/06/2026",
        name=name,
        nip=f"{year}{month:02d}{day:02d}202505{at % 2 + 1}{900 + at % 100}",
        birth=f"{BIRTHPLACES[at % 7]}, {day}\u00a0Maret {year}",
        rank=RANKS[at % 5 == 0],
        position=POSITIONS[at % 4],
        unit=f"KPU Kabupaten {unit}",
        qualification=QUALIFICATIONS[at % 3],
        aktualisasi_title=TITLES[at % 3].format(unit=unit),
        verify_url=f"https://latsar.example/verifikasi/{token}/",
        verify_code_groups=group_code(token),
    )
