"""Files out of the admin hold no live formula and nobody else's rows; files into it save all or nothing, and only what was shown."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.contrib import admin
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from latsar.accounts.enums import Role
from latsar.accounts.models import AuditEntry, User
from latsar.adminsite.exporting import ExportingAdmin
from latsar.adminsite.importing import ImportingAdmin
from latsar.reports.writers import unescape_text
from latsar.satker.models import Satker
from latsar.training.models import Holiday, Institute, Tariff
from participants.enums import Stage
from participants.models import Participant
from participants.workbook.cells import HEADINGS
from tests import factories

PAYLOADS = [
    "=1+1", "==1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", ' =HYPERLINK("http://x")', "＝1+1", "\ufeff=1",
]  # fmt: skip
EXPORTING = sorted((m for m, page in admin.site._registry.items() if isinstance(page, ExportingAdmin)), key=lambda m: m._meta.label)
IMPORTING = sorted((m for m, page in admin.site._registry.items() if isinstance(page, ImportingAdmin)), key=lambda m: m._meta.label)


def _address(model, kind: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}")


def _body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def _export(client, model, kind="xlsx", query="") -> bytes:
    answer = client.post(_address(model, "export") + query, {"format": kind})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return _body(answer)


def _cells(data: bytes):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [list(row) for row in book.active.iter_rows()]


def _upload(client, model, data: bytes | str, name: str):
    data = data.encode() if isinstance(data, str) else data
    return client.post(_address(model, "import"), {"file": SimpleUploadedFile(name, data)})


def _confirm(client, model, page):
    return client.post(_address(model, "import"), {"confirm": "1", "sha256": page.context["sha256"]}, follow=True)


# --- out


def test_export_has_no_formula_whatever_the_rows_hold(cast, sign_in):
    for number, payload in enumerate(PAYLOADS):
        factories.InstituteFactory(code=f"uji-{number}", name=payload, city=payload, address=payload)
    rows = _cells(_export(sign_in(cast.pksdm), Institute))
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
    shown = {row[0].value: row[1].value for row in rows}
    back = {f"uji-{number}": payload.replace("\r", "\n") for number, payload in enumerate(PAYLOADS)}
    assert {code: unescape_text(str(shown[code])).replace("_x000D_", "\n") for code in back} == back


def test_export_csv_has_no_cell_that_a_spreadsheet_would_compute(cast, sign_in):
    for number, payload in enumerate(PAYLOADS):
        factories.InstituteFactory(code=f"uji-{number}", name=payload)
    text = _export(sign_in(cast.pksdm), Institute, "csv").decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in line]
    assert len(cells) > len(PAYLOADS)
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))] == []


def test_export_keeps_the_digits_of_a_nip_and_real_dates(cast, sign_in):
    person = factories.ParticipantFactory(satker=cast.kupang)
    heading, row = _cells(_export(sign_in(cast.pksdm), Participant))
    found = {cell.value: other for cell, other in zip(heading, row, strict=True)}
    assert (found["NIP"].value, found["NIP"].data_type) == (person.nip, "s")
    assert found["Tanggal Lahir"].value.date() == person.birth_date


def test_export_headings_are_those_of_the_import_workbook(cast, sign_in):
    headings = tuple(cell.value for cell in _cells(_export(sign_in(cast.pksdm), Participant))[0])
    assert headings[: len(HEADINGS)] == HEADINGS


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_export_of_people_stays_inside_the_scope(kind, cast, sign_in):
    own, other = factories.ParticipantFactory(satker=cast.kupang), factories.ParticipantFactory(satker=cast.denpasar)
    for query in ("", f"?id__in={own.pk},{other.pk}", "?q=Peserta"):
        data = _export(sign_in(cast.admin_kupang), Participant, kind, query)
        text = data.decode("utf-8-sig") if kind == "csv" else str([[cell.value for cell in row] for row in _cells(data)])
        assert own.nip in text
        assert other.nip not in text


def test_export_follows_the_filter_of_the_list(cast, sign_in):
    for satker in (cast.kupang, cast.ende):
        factories.ParticipantFactory(satker=satker)
    assert len(_cells(_export(sign_in(cast.pksdm), Participant, query="?q=tidak-ada"))) == 1
    assert len(_cells(_export(sign_in(cast.pksdm), Participant))) == 3


def test_export_of_special_needs_is_for_registrars_only(cast, sign_in):
    factories.ParticipantFactory(satker=cast.kupang, special_needs="kursi roda")
    for who, expected in ((cast.admin_kupang, True), (cast.pksdm, True), (cast.pimpinan, False)):
        text = _export(sign_in(who), Participant, "csv").decode("utf-8-sig")
        assert ("kursi roda" in text) is expected
        assert ("Kebutuhan Khusus" in text) is expected


def test_export_of_accounts_has_no_password(cast, sign_in):
    text = _export(sign_in(cast.pksdm), User, "csv").decode("utf-8-sig")
    assert cast.pksdm.username in text
    assert cast.pksdm.password not in text
    assert "md5" not in text


def test_export_leaves_an_audit_entry(cast, sign_in):
    _export(sign_in(cast.pksdm), Holiday)
    assert AuditEntry.objects.filter(verb="export", actor=cast.pksdm, note__contains="training.holiday").count() == 1


@pytest.mark.parametrize("model", EXPORTING, ids=lambda m: m.__name__)
def test_export_page_opens_for_readers_and_nobody_else(model, cast, sign_in):
    assert sign_in(cast.pksdm).get(_address(model, "export")).status_code == 200
    assert sign_in(cast.mentor_a).get(_address(model, "export")).status_code == 404
    assert sign_in(cast.mentor_a).post(_address(model, "export"), {"format": "csv"}).status_code == 404


def test_export_needs_a_known_format(cast, sign_in):
    answer = sign_in(cast.pksdm).post(_address(Holiday, "export"), {"format": "html"})
    assert "Pilih Excel atau CSV." in answer.content.decode()


def test_export_action_takes_the_chosen_rows(cast, sign_in):
    one, two = factories.ParticipantFactory(satker=cast.kupang), factories.ParticipantFactory(satker=cast.kupang)
    client = sign_in(cast.admin_kupang)
    sent = client.post(_address(Participant, "changelist"), {"action": "export_chosen", "_selected_action": [one.pk], "select_across": "0"})
    answer = client.post(sent.url, {"format": "csv"})
    text = _body(answer).decode("utf-8-sig")
    assert one.nip in text
    assert two.nip not in text


# --- in: rights and files


@pytest.mark.parametrize("model", IMPORTING, ids=lambda m: m.__name__)
def test_import_of_master_data_is_for_pksdm(model, cast, sign_in):
    expected = 200 if model is Participant else 404
    for who in (cast.admin_kupang, cast.provinsi_a):
        client = sign_in(who)
        assert client.get(_address(model, "import")).status_code == expected
        assert client.post(_address(model, "import"), {"confirm": "1", "sha256": "x"}).status_code == (302 if expected == 200 else 404)
    assert sign_in(cast.pimpinan).get(_address(model, "import")).status_code == 404
    assert sign_in(cast.pksdm).get(_address(model, "import")).status_code == 200


HOLIDAYS = "Tanggal;Nama;Cuti bersama\r\n17-08-2026;Hari Kemerdekaan;tidak\r\n24-12-2026;Cuti bersama Natal;ya\r\n"


def test_import_previews_and_then_saves(cast, sign_in):
    client = sign_in(cast.pksdm)
    page = _upload(client, Holiday, HOLIDAYS, "libur.csv")
    assert "Hari Kemerdekaan" in page.content.decode()
    assert not Holiday.objects.exists()
    assert "2 baris tersimpan." in _confirm(client, Holiday, page).content.decode()
    rows = Holiday.objects.values_list("date", "name", "is_joint_leave", "is_own")
    assert list(rows) == [(date(2026, 8, 17), "Hari Kemerdekaan", False, True), (date(2026, 12, 24), "Cuti bersama Natal", True, True)]
    assert AuditEntry.objects.filter(model="training.holiday", verb="add", actor=cast.pksdm).count() == 2


def test_import_confirmed_twice_saves_once(cast, sign_in):
    client = sign_in(cast.pksdm)
    page = _upload(client, Holiday, HOLIDAYS, "libur.csv")
    _confirm(client, Holiday, page)
    Holiday.objects.all().delete()
    assert "Unggah lagi berkasnya" in _confirm(client, Holiday, page).content.decode()
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("forged", ["../../../etc/passwd", "/etc/passwd", "", "admin-imports/x"])
def test_import_confirmation_names_no_file(forged, cast, sign_in):
    """The stored name never leaves the server, so there is nothing to forge."""
    client = sign_in(cast.pksdm)
    page = _upload(client, Holiday, HOLIDAYS, "libur.csv")
    body = page.content.decode()
    assert "admin-imports" not in body
    answer = client.post(
        _address(Holiday, "import"), {"confirm": "1", "sha256": forged, "import_file_name": forged, "stored": forged}, follow=True
    )
    assert "Unggah lagi berkasnya" in answer.content.decode()
    assert not Holiday.objects.exists()


def test_import_of_another_persons_upload_cannot_be_confirmed(cast, sign_in):
    other = factories.RoleGrantFactory(role=Role.PKSDM).user
    page = _upload(sign_in(cast.pksdm), Holiday, HOLIDAYS, "libur.csv")
    _confirm(sign_in(other), Holiday, page)
    assert not Holiday.objects.exists()


def test_import_refuses_a_preview_that_is_no_longer_true(cast, sign_in):
    client = sign_in(cast.pksdm)
    page = _upload(client, Holiday, HOLIDAYS, "libur.csv")
    Holiday.objects.create(date=date(2026, 8, 17), name="Lain")
    answer = _confirm(client, Holiday, page)
    assert "Data berubah sejak pratinjau dibuat" in answer.content.decode()
    assert [row.name for row in Holiday.objects.all()] == ["Lain"]


def test_import_leaves_no_file_behind(cast, sign_in):
    client = sign_in(cast.pksdm)
    before = _stored()
    _upload(client, Holiday, HOLIDAYS, "libur.csv")
    page = _upload(client, Holiday, HOLIDAYS, "libur.csv")
    assert len(_stored()) == len(before) + 1
    _confirm(client, Holiday, page)
    assert _stored() == before


def _stored() -> list[str]:
    return sorted(default_storage.listdir("admin-imports")[1]) if default_storage.exists("admin-imports") else []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("libur.xlsx", b"PK\x03\x04", "bukan CSV"),
        ("libur.xlsm", b"PK\x03\x04", "bukan CSV"),
        ("libur.csv", b"PK\x03\x04 zip", "bukan teks CSV"),
        ("libur.csv", b"\xd0\xcf\x11\xe0 ole", "bukan teks CSV"),
        ("libur.csv", "Tanggal;Nama\r\n17-08-2026;Caf\xe9\r\n".encode("cp1252"), "tidak terbaca"),
        ("libur.csv", b"Tanggal;Nama\x00\r\n", "bukan huruf"),
        ("libur.csv", b"Tanggal;Nama\r\n", "Belum ada baris data"),
        ("libur.csv", b"Tanggal;Nama;Nama\r\n17-08-2026;a;b\r\n", "berulang: Nama"),
        ("libur.csv", b"Tanggal;;Nama\r\n17-08-2026;a;b\r\n", "Kolom ke-2 tidak berjudul"),
        ("libur.csv", b"Hari;Nama\r\n17-08-2026;a\r\n", "Judul kolom tidak ada: Tanggal"),
        ("libur.csv", b"Tanggal;Nama;Warna\r\n17-08-2026;a;b\r\n", "Judul kolom tidak dikenal: Warna"),
        ("libur.csv", b"Tanggal;Nama\r\n17-08-2026;a;b;c\r\n", "Baris 2 berisi lebih banyak kolom"),
        ("libur.csv", b'Tanggal;Nama\r\n17-08-2026;"a\r\n', "Tanda kutip"),
        ("libur.csv", b"Tanggal;Nama\r\n17-08-2026;" + b"x" * 3000, "lebih dari 2000 huruf"),
        ("libur.csv", b"Tanggal;Nama\r\n" + b"17-08-2026;a\r\n" * 5001, "lebih dari 5000 baris"),
        ("libur.csv", b"Tanggal;Nama\r\n" + b"x" * (2 * 1024 * 1024), "lebih besar dari 2 MB"),
        ("libur.csv", b"Tanggal;Nama\r\n17-13-2026;a\r\n", "Tanggal tidak terbaca"),
        ("libur.csv", b"Tanggal;Nama;Cuti bersama\r\n17-08-2026;a;mungkin\r\n", "Isi dengan ya atau tidak"),
        ("libur.csv", b"Tanggal;Nama\r\n17-08-2026;" + b"x" * 200, "Nama"),
    ],
)  # fmt: skip
def test_import_of_a_bad_file_says_why_and_changes_nothing(name, data, said, cast, sign_in):
    answer = _upload(sign_in(cast.pksdm), Holiday, data, name)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "sha256" not in answer.context
    assert not Holiday.objects.exists()


def test_import_with_one_wrong_row_saves_none(cast, sign_in):
    client = sign_in(cast.pksdm)
    answer = _upload(client, Holiday, HOLIDAYS + "\r\n31-02-2026;Salah;ya\r\n", "libur.csv")
    body = answer.content.decode()
    assert "1 baris salah" in body
    assert "<td>5</td>" in body  # the line of the file, its blank line counted
    assert "sha256" not in answer.context


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_import_reads_the_csv_of_any_spreadsheet(coding, delimiter, cast, sign_in):
    client = sign_in(cast.pksdm)
    data = f"Tanggal{delimiter}Nama\r\n17-08-2026{delimiter}Libur é 👍\r\n".encode(coding)
    _confirm(client, Holiday, _upload(client, Holiday, data, "libur.csv"))
    assert Holiday.objects.get().name == "Libur é 👍"


@pytest.mark.parametrize("model", [Satker, Institute, Holiday, Tariff, User], ids=lambda m: m.__name__)
def test_import_of_an_export_finds_nothing_to_change(model, cast, sign_in):
    Holiday.objects.create(date=date(2026, 8, 17), name="=Hari")
    Tariff.objects.create(institute=cast.institute_a, method="blended", year=2026, amount=9_500_000, source="-")
    client = sign_in(cast.pksdm)
    answer = _upload(client, model, _export(client, model, "csv"), "kembali.csv")
    assert "Tidak ada yang perlu disimpan." in answer.content.decode()
    plan = answer.context["plan"]
    assert (plan.counts["skip"], plan.wrong, plan.problems) == (model.objects.count(), [], [])


def test_import_of_accounts_sets_no_password(cast, sign_in):
    client = sign_in(cast.pksdm)
    data = "NIP atau nama akun;Nama lengkap;E-mail;Zona waktu;Aktif\r\norang.baru;Orang Baru;baru@contoh.go.id;WITA;ya\r\n"
    _confirm(client, User, _upload(client, User, data, "akun.csv"))
    saved = User.objects.get(username="orang.baru")
    assert (saved.has_usable_password(), saved.is_active, saved.zone) == (False, True, "WITA")
    refused = _upload(client, User, data.replace("Aktif", "password"), "akun.csv")
    assert "Judul kolom tidak dikenal: password" in refused.content.decode()


def test_import_of_satker_keeps_the_tree(cast, sign_in):
    client = sign_in(cast.pksdm)
    heading = "Kode wilayah;Nama;Jenis;Kode induk;Zona waktu\r\n"
    page = _upload(client, Satker, heading + "53.98;KPU Baru;KABKOTA;53;WITA\r\n", "satker.csv")
    _confirm(client, Satker, page)
    new = Satker.objects.get(code="53.98")
    assert (new.parent, new.province) == (cast.province_a, cast.province_a)
    moved = _upload(client, Satker, heading + "53.98;KPU Baru;KABKOTA;51;WITA\r\n", "satker.csv")
    assert "tidak diubah lewat impor" in moved.content.decode()
    wrong = _upload(client, Satker, heading + "53.97;KPU Lain;KABKOTA;00;WITA\r\n", "satker.csv")
    assert "satker provinsinya" in wrong.content.decode()


# --- in: people


def _people_csv(*people: dict[str, str]) -> str:
    lines = [";".join(HEADINGS)] + [";".join(person.get(heading, "") for heading in HEADINGS) for person in people]
    return "\r\n".join(lines) + "\r\n"


def _cpns(**changed: str) -> dict[str, str]:
    built = factories.ParticipantFactory.build(satker=Satker())
    person = {
        "NIP": built.nip, "Nama Lengkap": "Orang Baru, S.H.", "Kode Satker": "53.71", "Golongan": "III/a", "Jabatan": "Arsiparis",
        "Email": built.email,
    }  # fmt: skip
    return person | changed


def test_import_of_people_saves_through_the_service(cast, sign_in):
    client, person = sign_in(cast.admin_kupang), _cpns()
    page = _upload(client, Participant, _people_csv(person), "cpns.csv")
    assert not Participant.objects.exists()
    _confirm(client, Participant, page)
    saved = Participant.objects.get()
    assert (saved.nip, saved.satker, saved.province, saved.stage) == (person["NIP"], cast.kupang, cast.province_a, Stage.REGISTERED)
    assert saved.stage_changes.get().by == cast.admin_kupang
    assert AuditEntry.objects.about(saved).filter(verb="register").count() == 1
    again = _upload(client, Participant, _people_csv(person | {"Jabatan": "Analis", "Agama": ""}), "cpns.csv")
    _confirm(client, Participant, again)
    saved.refresh_from_db()
    assert (saved.jabatan, saved.version) == ("Analis", 2)


def test_import_of_people_empties_a_field_with_a_dash_and_lists_all_its_columns(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    person = _cpns(Alamat="Jalan Lama 1", Agama="Katolik")
    page = _upload(client, Participant, _people_csv(person), "cpns.csv")
    assert page.context["headings"] == list(HEADINGS)
    _confirm(client, Participant, page)
    _confirm(client, Participant, _upload(client, Participant, _people_csv(person | {"Alamat": "-", "Agama": ""}), "cpns.csv"))
    saved = Participant.objects.get()
    assert (saved.address, saved.religion, saved.version) == ("", "Katolik", 2)


def test_import_of_people_into_a_foreign_satker_answers_like_an_unknown_one(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    foreign = _upload(client, Participant, _people_csv(_cpns(**{"Kode Satker": "51.71"})), "cpns.csv")
    unknown = _upload(client, Participant, _people_csv(_cpns(**{"Kode Satker": "99.99"})), "cpns.csv")
    assert [page.context["plan"].wrong[0].errors for page in (foreign, unknown)] == [foreign.context["plan"].wrong[0].errors] * 2
    assert "Tidak ada satker dengan kode ini" in foreign.content.decode()


def test_import_of_a_person_registered_elsewhere_tells_nothing_of_them(cast, sign_in):
    there = factories.ParticipantFactory(satker=cast.denpasar, full_name="KENARI Peserta")
    page = _upload(sign_in(cast.admin_kupang), Participant, _people_csv(_cpns(NIP=there.nip)), "cpns.csv")
    assert "NIP ini sudah terdaftar" in page.content.decode()
    assert "KENARI" not in page.content.decode()
    assert "sha256" not in page.context


def test_import_of_people_locked_by_their_stage_changes_nothing(cast, sign_in):
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED)
    page = _upload(sign_in(cast.admin_kupang), Participant, _people_csv(_cpns(NIP=person.nip)), "cpns.csv")
    assert "terkunci" in page.content.decode()


def test_import_of_people_from_the_workbook(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    row = [_cpns().get(heading, "") for heading in HEADINGS]
    page = _upload(client, Participant, _workbook([list(HEADINGS), row]), "cpns.xlsx")
    _confirm(client, Participant, page)
    assert Participant.objects.get().full_name == "Orang Baru, S.H."


def _workbook(rows: list[list[str]], formula: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "CPNS"
    for row in rows:
        book.active.append(row)
    if formula:
        book.active["B2"] = formula
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_import_of_a_workbook_with_a_formula_names_the_cell(cast, sign_in):
    row = [_cpns().get(heading, "") for heading in HEADINGS]
    page = _upload(sign_in(cast.admin_kupang), Participant, _workbook([list(HEADINGS), row], "=1+1"), "cpns.xlsx")
    assert "Nama Lengkap: Sel ini berisi rumus." in page.content.decode()
