"""A satker admin on a phone sends a scan over a line that breaks twice; the province looks at it and says yes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from latsar.accounts.enums import Role
from latsar.documents.upload.sessions import UploadSession
from latsar.satker.models import SatkerKind
from participants.models import DossierDocument, Participant
from tests import factories
from tests.corpus import pdfs
from tests.journeys.lines import PIECE, BadLine, large_scan


@pytest.fixture
def people(transactional_db: None, settings) -> tuple[Participant, str, str]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    province = factories.SatkerFactory(
        code="53", name="KPU Provinsi Nusa Tenggara Timur", kind=SatkerKind.PROVINCE, parent=None, province=None
    )
    province.province = province
    province.save()
    kupang = factories.SatkerFactory(code="53.71", name="KPU Kota Kupang", parent=province)
    factories.RequirementFactory(code="sk-cpns", name="SK CPNS", order=1)
    factories.RequirementFactory(code="surat-sehat", name="Surat keterangan sehat", order=2, valid_days=90)
    unit, verifier = factories.UserFactory(username="satker.uji"), factories.UserFactory(username="provinsi.uji")
    factories.RoleGrantFactory(user=unit, role=Role.ADMIN_SATKER, satker=kupang)
    factories.RoleGrantFactory(user=verifier, role=Role.ADMIN_PROVINSI, satker=province)
    person = factories.ParticipantFactory(satker=kupang, full_name="Maria Contoh, S.Kom.")
    return person, unit.username, verifier.username


@pytest.mark.browser
def test_scan_survives_a_line_that_breaks_twice(people, portal, visit, tmp_path: Path) -> None:
    person, unit, verifier = people
    scan = large_scan()
    assert len(scan) > 4 * PIECE
    (tmp_path / "SK CPNS.pdf").write_bytes(scan)
    visitor = visit("satker", width=390)
    visitor.sign_in(unit)
    visitor.go(person.dossier_url)
    visitor.look("daftar-berkas")
    page, line = visitor.page, BadLine()
    page.route("**/unggahan/**", line)

    def choose() -> None:
        page.click("#berkas-sk-cpns summary")
        visitor.upload("#id_sk-cpns_file", tmp_path / "SK CPNS.pdf")
        page.click("#berkas-sk-cpns button.btn-primary")

    # the first break: after one piece nothing goes through; the page waits and goes on by itself
    line.left = 1
    choose()
    said = page.locator("#berkas-sk-cpns [data-text]")
    expect(said).to_contain_text("Sambungan putus")
    assert UploadSession.objects.get().offset == PIECE
    line.left = 2

    # the second break lasts: the page is closed and opened again, the same file goes on where it stopped
    after_three = (3 * PIECE * 200 + len(scan)) // (2 * len(scan))
    expect(page.locator("#berkas-sk-cpns progress")).to_have_js_property("value", after_three, timeout=30_000)
    expect(said).to_contain_text("Sambungan putus")
    assert UploadSession.objects.get().offset == 3 * PIECE
    line.left, line.passed = -1, 0
    visitor.go(person.dossier_url)
    choose()
    expect(page.locator("#berkas-sk-cpns")).to_contain_text("Menunggu diperiksa")
    assert line.passed == 2
    document = DossierDocument.objects.get()
    with document.file.open("rb") as stored:
        assert stored.read() == scan
    assert (document.name, UploadSession.objects.exists()) == ("SK CPNS.pdf", False)
    visitor.said.clear()  # the broken line is noted by the browser too
    visitor.look("terunggah")

    # a refused file says why beside its field
    (tmp_path / "jahat.pdf").write_bytes(pdfs.active("javascript_in_names", packed=True))
    page.click("#berkas-surat-sehat summary")
    visitor.upload("#id_surat-sehat_file", tmp_path / "jahat.pdf")
    page.fill("#id_surat-sehat_issued_on", document.uploaded_at.strftime("%Y-%m-%d"))
    page.click("#berkas-surat-sehat button.btn-primary")
    expect(page.locator("#id_surat-sehat_file_error")).to_contain_text("skrip")
    visitor.said.clear()  # the browser notes every answer of 422
    visitor.look("ditolak")

    judge = visit("provinsi")
    judge.sign_in(verifier)
    judge.go(document.get_absolute_url())
    judge.look("periksa")
    judge.page.click("button[value=terima]")
    expect(judge.page.locator("#berkas-sk-cpns")).to_contain_text("Diterima")
    document.refresh_from_db()
    assert document.state == "accepted"
