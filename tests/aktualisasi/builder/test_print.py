from __future__ import annotations

import copy
import io
import re

import pikepdf
import pypdfium2
import pytest

from aktualisasi.documents import cover_lines, render_rancangan
from aktualisasi.models import PaperTemplate
from aktualisasi.paper_layout import HEADINGS, PaperKind, PaperLayout, Part, usual_layout
from aktualisasi.prints import kept_sample, layout_for, print_now
from aktualisasi.sample_plan import sample_content
from aktualisasi.services import reset_template, save_template
from aktualisasi.snapshots import snapshot
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry

USUAL = usual_layout(PaperKind.RANCANGAN)
NAME_62 = "Maria Bernadeta Yosefina Wilhelmina Ladopurab, S.Kom., M.Si.Ak"


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def flat(pages: list[str]) -> str:
    return re.sub(r"\s+", " ", " ".join(pages)).replace("￾", "").replace("\x02", "")


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in document.pages]


def only(*keys: str) -> PaperLayout:
    return PaperLayout(kind="rancangan", parts=tuple(Part(key, HEADINGS["rancangan"][key]) for key in keys))


def test_print_is_tagged_pdf_a_with_matrix_and_schedule_landscape() -> None:
    pdf = render_rancangan(sample_content(None), USUAL)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert b"pdfaid" in document.Root.Metadata.read_bytes()
        assert document.Root.Lang == "id"
    assert sizes(pdf) == [(595, 842)] * 11 + [(842, 595)] * 2
    pages = text_of(pdf)
    for page, heading in zip((0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12), HEADINGS["rancangan"].values(), strict=True):
        assert heading in pages[page]


def test_hostile_title_is_printed_literally() -> None:
    content = sample_content(None)
    content["title"] = "<script>alert(1)</script> {nama} & <b>tebal</b>"
    content["issues"][0]["statement"] = "<img src=file:///etc/passwd>"
    text = flat(text_of(render_rancangan(content, only("cover", "bab3"))))
    assert "<script>alert(1)</script> {nama} & <b>tebal</b>" in text
    assert "<img src=file:///etc/passwd>" in text


def test_cover_replaces_its_own_words_only() -> None:
    content = sample_content(None)
    content["title"] = "{nip} {judul}"
    layout = PaperLayout(kind="rancangan", parts=USUAL.parts, cover="{judul}\n\nOleh {nama}, {entah} {\n{tahun}")
    assert cover_lines(content, layout) == [
        ("title", "{nip} {judul}"),
        ("gap", ""),
        ("", "Oleh Contoh Nama Peserta, S.Kom., {entah} {"),
        ("", "2026"),
    ]


def test_long_texts_lose_no_word_and_no_page_its_frame() -> None:
    content = copy.deepcopy(sample_content(None))
    content["person"]["name"] = NAME_62
    marks: list[str] = []

    def long(length: int) -> str:
        marks.append(f"akhir{len(marks):04d}")
        return ("Kata biasa. " * length)[: length - 10] + f" {marks[-1]}"

    for name in ("summary", "unit_profile", "job_profile", "agenda_summary", "idea"):
        content[name] = long(4000)
    for issue in content["issues"]:
        issue.update({name: long(4000) for name in ("current", "expected", "impact", "reason")}, statement=long(500))
    first = content["kegiatan"][0]
    content["kegiatan"] = []
    for n in range(1, 9):
        row = copy.deepcopy(first) | {"id": n, "order": n, "title": long(500), "visi_misi": long(4000), "penguatan": long(4000)}
        for sentence in (*row["values"], *row["agenda"]):
            sentence["text"] = long(500)
        row["tahapan"] = [{"id": 100 * n + k, "order": k, "text": long(500), "output": long(500), "proof": long(500)} for k in range(1, 11)]
        content["kegiatan"].append(row)
    pdf = render_rancangan(content, USUAL)
    text = re.sub(r"\s+", "", "".join(text_of(pdf)))
    assert [mark for mark in marks if mark not in text] == []
    assert set(sizes(pdf)) == {(595, 842), (842, 595)}


def test_a_short_kegiatan_is_never_split_over_two_pages() -> None:
    content = copy.deepcopy(sample_content(None))
    first = content["kegiatan"][0]
    content["kegiatan"] = [copy.deepcopy(first) | {"id": n, "order": n, "title": f"Kegiatan nomor {n}"} for n in range(1, 9)]
    for n, row in enumerate(content["kegiatan"], 1):
        row["tahapan"] = [{"id": k, "order": k, "text": f"langkah {n}.{k}", "output": "o", "proof": ""} for k in range(1, 11)]
    pages = text_of(render_rancangan(content, only("matriks")))
    assert len(pages) > 1
    for n in range(1, 9):
        homes = {at for at, page in enumerate(pages) for k in range(1, 11) if f"langkah {n}.{k}" in page}
        assert len(homes) == 1
    assert all("Penguatan nilai" in page for page in pages), "the head repeats"


def test_a_layout_changes_order_headings_and_what_is_printed() -> None:
    layout = PaperLayout(
        kind="rancangan", parts=(Part("jadwal", "JADWAL KAMI"), Part("cover", "SAMPUL KAMI"), Part("bab1", "x", visible=False))
    )
    pages = text_of(render_rancangan(sample_content(None), layout))
    assert ["JADWAL KAMI" in pages[0], "SAMPUL KAMI" in pages[1], len(pages)] == [True, True, 2]


def test_layout_survives_json_and_unknown_parts() -> None:
    data = USUAL.as_dict()
    data["parts"] = [{"key": "hantu", "heading": "x"}, {"key": "bab4", "heading": "BAB EMPAT", "visible": True}]
    layout = PaperLayout.from_dict(data)
    assert layout.parts[0] == Part("bab4", "BAB EMPAT")
    assert [part.key for part in layout.printed] == ["bab4"]
    assert {part.key for part in layout.parts} == set(HEADINGS["rancangan"])


def test_print_of_a_real_rancangan_names_its_people(builder) -> None:
    rancangan = builder.whole()
    content = snapshot(rancangan)
    text = flat(text_of(render_rancangan(content, USUAL)))
    for words in (content["person"]["name"], content["mentor"]["name"], content["coach"]["name"], "Kaitan Akuntabel", "Sebab mesin"):
        assert words in text


def test_layout_for_takes_own_then_common_then_usual(cast) -> None:
    own, other = cast.institute_a.pk, cast.institute_b.pk
    assert layout_for(own) == USUAL
    save_template(institute_id=None, layout=only("cover"), version=0, by=cast.pksdm)
    save_template(institute_id=own, layout=only("bab1"), version=0, by=cast.lembaga_a)
    keys = [[part.key for part in layout_for(pk).printed] for pk in (own, other, None)]
    assert keys == [["bab1"], ["cover"], ["cover"]]
    reset_template(institute_id=own, kind="rancangan", by=cast.lembaga_a)
    assert [part.key for part in layout_for(own).printed] == ["cover"]
    assert set(AuditEntry.objects.filter(verb__endswith="paper_template").values_list("verb", flat=True)) == {
        "save_paper_template",
        "reset_paper_template",
    }


@pytest.mark.parametrize("name", ["lembaga_b", "admin_kupang", "provinsi_a", "pimpinan", "mentor_a", "stranger"])
def test_save_template_by_anybody_else_is_not_allowed(cast, name) -> None:
    for call in (
        lambda by: save_template(institute_id=cast.institute_a.pk, layout=USUAL, version=0, by=by),
        lambda by: save_template(institute_id=None, layout=USUAL, version=0, by=by),
        lambda by: reset_template(institute_id=cast.institute_a.pk, kind="rancangan", by=by),
    ):
        with pytest.raises(NotAllowed):
            call(getattr(cast, name))
    assert not PaperTemplate.objects.exists()


def test_save_template_stale_or_empty_is_refused(cast) -> None:
    save_template(institute_id=None, layout=USUAL, version=0, by=cast.pksdm)
    with pytest.raises(StaleVersion):
        save_template(institute_id=None, layout=only("cover"), version=0, by=cast.pksdm)
    with pytest.raises(Refused, match="Paling sedikit satu"):
        save_template(
            institute_id=None, layout=PaperLayout(kind="rancangan", parts=(Part("cover", "x", visible=False),)), version=1, by=cast.pksdm
        )
    assert PaperTemplate.objects.get().version == 1


def test_template_page_previews_saves_and_resets(cast, sign_in) -> None:
    client, url = sign_in(cast.lembaga_a), f"/aktualisasi/templat/rancangan/{cast.institute_a.pk}/"
    page = client.get(url).content.decode()
    picture = re.search(r'src="(/aktualisasi/templat/halaman/[0-9a-f]{64}/1/)"', page)
    assert picture
    assert client.get(picture[1]).content[8:12] == b"WEBP"
    form = {"cover": "{judul}", "closing": "", "city": "Kupang", "font": "sans", "version": 0}
    for place, part in enumerate(USUAL.parts, 1):
        form |= {f"urutan-{part.key}": 50 if part.key == "cover" else place, f"kepala-{part.key}": part.heading, f"tampil-{part.key}": "on"}
    assert client.post(url, {**form, "city": "x" * 61}).status_code == 422
    assert client.post(url, {**form, "aksi": "lihat"}).status_code == 200
    assert not PaperTemplate.objects.exists()
    assert client.post(url, {**form, "aksi": "simpan"}).url == url
    row = PaperTemplate.objects.get()
    assert (row.city, row.font, row.layout.parts[-1].key) == ("Kupang", "sans", "cover")
    assert client.post(url, {**form, "aksi": "simpan"}).status_code == 409
    assert client.post(url + "semula/").url == url
    assert not PaperTemplate.objects.exists()


@pytest.mark.parametrize("name", ["pksdm", "lembaga_a"])
def test_template_page_of_the_laporan_shows_a_laporan(cast, sign_in, name) -> None:
    client, url = sign_in(getattr(cast, name)), f"/aktualisasi/templat/laporan/{cast.institute_a.pk}/"
    key = re.search(r'src="/aktualisasi/templat/halaman/([0-9a-f]{64})/1/"', client.get(url).content.decode())
    assert key
    said = flat(text_of(kept_sample(key[1]) or b""))
    for words in ("LAPORAN AKTUALISASI", "Waktu mencari satu keputusan", "Tahapan 2.1 yang diubah", "Keterangan bukti contoh"):
        assert words in said
    assert "tidak dapat dicetak" not in said


def test_template_page_never_shows_the_print_of_a_person(builder, sign_in, cast) -> None:
    key, _pdf = print_now(builder.whole())
    assert sign_in(cast.pksdm).get(f"/aktualisasi/templat/halaman/{key}/1/").status_code == 404


def test_template_list_by_role(cast, sign_in) -> None:
    text = sign_in(cast.pksdm).get("/aktualisasi/templat/").content.decode()
    assert "Templat umum" in text
    text = sign_in(cast.lembaga_a).get("/aktualisasi/templat/").content.decode()
    assert (cast.institute_a.name in text, cast.institute_b.name in text) == (True, False)


def test_print_pages_of_a_rancangan(builder, story, sign_in, cast) -> None:
    rancangan = builder.whole()
    url = f"/aktualisasi/{rancangan.pk}/cetak/"
    for who in (builder.author, story.mentor, story.coach, story.admin):
        assert sign_in(who).get(url).status_code == 200
    client = sign_in(story.mentor)
    assert client.get(url + "1/").content[8:12] == b"WEBP"
    assert client.get(url + "99/").status_code == 404
    pdf = client.get(url + "pdf/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert sign_in(cast.stranger).get(url).status_code == 404
