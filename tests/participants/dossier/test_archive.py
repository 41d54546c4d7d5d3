from __future__ import annotations

from datetime import date

import pytest

from latsar.accounts.errors import Refused
from participants.dossier.archive import open_archive, target_of
from tests.corpus import dossier_zips, pdfs


@pytest.mark.parametrize("name", sorted(dossier_zips.BAD))
def test_open_archive_refuses_bad_ones_by_name(name):
    data, code, said = dossier_zips.BAD[name]
    with pytest.raises(Refused) as refused:
        open_archive(data)
    (error,) = refused.value.error_dict["file"]
    assert (error.code, said in error.message) == (code, True)


def test_open_archive_good_one_reads_back():
    archive = open_archive(dossier_zips.good())
    assert [entry.name for entry in archive.entries] == [dossier_zips.NAME]
    assert archive.read(dossier_zips.NAME) == pdfs.plain()


@pytest.mark.parametrize("size", [len(pdfs.plain()) - 1, len(pdfs.plain()) + 1], ids=["smaller", "larger"])
def test_archive_read_with_a_lying_size_is_refused(size):
    archive = open_archive(dossier_zips.declared(size))
    with pytest.raises(Refused, match="rusak"):
        archive.read(dossier_zips.NAME)


def test_archive_read_with_one_byte_changed_is_refused():
    good = dossier_zips.build({dossier_zips.NAME: pdfs.plain()}, packed=0)
    archive = open_archive(good.replace(b"0 0 1 rg", b"0 1 1 rg"))
    with pytest.raises(Refused, match="rusak"):
        archive.read(dossier_zips.NAME)


@pytest.mark.parametrize(
    ("name", "code", "day"),
    [
        ("199403122025062901_sk-cpns.pdf", "sk-cpns", None),
        ("Berkas Kupang/199403122025062901_SK-CPNS.PDF", "sk-cpns", None),
        ("19940312 202506 2 901_pas-foto.jpg", "pas-foto", None),
        ("199403122025062901/skp.pdf", "skp", None),
        ("Kupang/199403122025062901/surat-sehat_2026-08-12.pdf", "surat-sehat", date(2026, 8, 12)),
        ("199403122025062901_surat-sehat_2026-08-12.pdf", "surat-sehat", date(2026, 8, 12)),
        ("199403122025062901_sk-cpns_Maria-Contoh-S-Kom.pdf", "sk-cpns", None),
        ("199403122025062901_surat-sehat_2026-08-12_Maria_Contoh.pdf", "surat-sehat", date(2026, 8, 12)),
        ("199403122025062901/skp_Maria-Contoh.pdf", "skp", None),
    ],
)
def test_target_of_reads_both_ways_of_naming(name, code, day):
    target = target_of(name)
    assert (target.nip, target.code, target.issued_on, target.problem) == ("199403122025062901", code, day, "")


@pytest.mark.parametrize(
    "name",
    [
        "sk-cpns.pdf",
        "123_sk-cpns.pdf",
        "199403122025062901.pdf",
        "199403122025062901_.pdf",
        "199403122025062901_skp_2026-02-31.pdf",
        ".pdf",
    ],
)
def test_target_of_names_what_cannot_be_read(name):
    assert target_of(name).problem != ""
