"""Which field of work a jabatan belongs to, read from its words; what a mentor's own choice says comes first."""

from __future__ import annotations

from mentoring.enums import Bidang
from mentoring.models import Mentor
from participants.models import Participant

WORDS: dict[str, tuple[str, ...]] = {
    Bidang.PARMAS: ("partisipasi", "hubungan masyarakat", "humas", "komunikasi", "jurnal", "publik"),
    Bidang.DATA: ("data", "informasi", "informatika", "komputer", "sistem", "perencana", "statistik"),
    Bidang.HUKUM: ("hukum", "perundang", "sengketa", "legal"),
    Bidang.SDM: ("sdm", "sumber daya manusia", "kepegawaian", "sumber daya aparatur", "psikolog"),
    Bidang.KEUANGAN: ("keuangan", "bendahara", "anggaran", "akunt", "perbendaharaan", "apbn"),
    Bidang.UMUM: ("umum", "logistik", "arsip", "pengadaan", "rumah tangga", "sekretaris", "barang"),
    Bidang.TEKNIS: ("teknis", "penyelenggara", "pemilu", "pemilihan", "tata kelola"),
}


def fields_of(text: str) -> frozenset[str]:
    """Return the fields that the words of a jabatan or study programme name."""
    plain = text.casefold()
    return frozenset(bidang for bidang, words in WORDS.items() if any(word in plain for word in words))


def fields_of_mentor(mentor: Mentor) -> frozenset[str]:
    """Return what was chosen for the mentor, else what the jabatan says."""
    return frozenset({mentor.bidang}) if mentor.bidang else fields_of(mentor.jabatan)


def fields_of_person(participant: Participant) -> frozenset[str]:
    """Return what the jabatan says, else the study programme."""
    return fields_of(participant.jabatan) or fields_of(participant.study_programme)
