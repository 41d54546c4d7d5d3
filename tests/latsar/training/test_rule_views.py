from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from latsar.training import reference
from latsar.training.curriculum_forms import CurriculumEditor
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, Curriculum, RegulationScheme
from latsar.training.rule_lines import lines_of_curriculum, lines_of_scheme
from latsar.training.scheme_forms import SchemeEditor
from latsar.training.services import rules as services
from latsar.training.services.batches import create_batch
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast) -> RegulationScheme:
    reference.load(year=2026)
    return services.copy_scheme(scheme_id=RegulationScheme.objects.get(code="perlan-1-2021").pk, by=cast.pksdm)


def typed(*forms, **more) -> dict[str, object]:
    """What a browser posts of these forms as they stand."""
    data: dict[str, object] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False and value != "":
                data[bound.html_name] = str(value).replace(".", ",") if isinstance(value, Decimal) else value
    return data | more


def scheme_form(scheme: RegulationScheme) -> dict[str, object]:
    editor = SchemeEditor(scheme)
    rows = [editor.components, editor.bands, editor.rubric, *editor.phases.values()]
    counts = {f"{each.prefix}-baris": each.total for each in rows}
    return typed(editor.facts, *(form for each in rows for form in each), version=editor.version, **counts)


def curriculum_form(curriculum: Curriculum) -> dict[str, object]:
    editor = CurriculumEditor(curriculum)
    counts = {f"{each.prefix}-baris": each.total for each in (editor.values, editor.subjects)}
    return typed(editor.facts, *editor.values, *editor.subjects, version=editor.version, **counts)


def test_scheme_editor_posted_as_it_stands_changes_nothing(draft, cast, sign_in):
    client, before = sign_in(cast.pksdm), lines_of_scheme(draft)
    answer = client.post(f"/skema/{draft.pk}/ubah/", scheme_form(draft))
    assert (answer.status_code, answer.url) == (302, f"/skema/{draft.pk}/")
    draft.refresh_from_db()
    assert (lines_of_scheme(draft), draft.version) == (before, 1)


def test_scheme_editor_adds_a_line_without_losing_what_was_typed_and_saves(draft, cast, sign_in):
    client, form = sign_in(cast.pksdm), scheme_form(draft)
    more = client.post(f"/skema/{draft.pk}/ubah/", form | {"k0-name": "Sikap baru", "tambah": "k"}).content.decode()
    assert "Sikap baru" in more
    assert f'name="k-baris" value="{form["k-baris"] + 1}"' in more
    last = form["k-baris"] - 1
    row = {
        f"k{last}-name": "Ujian",
        f"k{last}-code": "ujian",
        f"k{last}-weight": "12,5",
        f"k{last}-rated_by": "lembaga",
        f"k{last}-raters": 1,
    }
    saved = client.post(f"/skema/{draft.pk}/ubah/", form | row | {"b0-gone": "on", "src_hours": "Pasal 9", "max_absence_percent": "2,5"})
    draft.refresh_from_db()
    assert (saved.status_code, draft.components.count(), draft.bands.count()) == (302, 15, 4)
    assert (draft.sources["hours"], str(draft.max_absence_percent)) == ("Pasal 9", "2.5")
    stale = client.post(f"/skema/{draft.pk}/ubah/", form)
    assert stale.status_code == 409


def test_scheme_editor_refused_shows_why_beside_the_field(draft, cast, sign_in):
    client, form = sign_in(cast.pksdm), scheme_form(draft)
    page = client.post(f"/skema/{draft.pk}/ubah/", form | {"k0-weight": "abc", "absence_marks": "XY"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Tulis angka, misalnya 12,5." in text
    assert "Hanya huruf A, I, dan S." in text
    twice = client.post(f"/skema/{draft.pk}/ubah/", form | {"k0-code": "akademik"}).content.decode()
    assert "Kode akademik dipakai dua kali" in twice


def test_scheme_check_says_sums_problems_and_dates_while_typing(draft, cast, sign_in):
    client, form = sign_in(cast.pksdm), scheme_form(draft)
    changed = form | {"k0-weight": "9", "lihat_mulai": "2026-01-26", "lihat_metode": "blended"}
    text = client.post(f"/skema/{draft.pk}/periksa/", changed).content.decode()
    assert client.post(f"/skema/{draft.pk}/periksa/", changed | {"lihat_mulai": "9999-12-31"}).status_code == 200
    assert "99%" in text
    assert "Blended: Jumlah bobot 99%, seharusnya 100%." in text
    assert "26 Januari 2026 sampai 14 April 2026" in text
    assert RegulationScheme.objects.get(pk=draft.pk).version == 1


def test_scheme_steps_publish_end_copy_and_discard(draft, cast, sign_in):
    client = sign_in(cast.pksdm)
    old = RegulationScheme.objects.get(code="perlan-1-2021")
    RegulationScheme.objects.filter(pk=draft.pk).update(effective_from=date(2027, 1, 1))
    client.post(f"/skema/{draft.pk}/langkah/", {"langkah": "terbitkan", "version": 1, "akhiri_lama": "1"})
    draft.refresh_from_db()
    old.refresh_from_db()
    assert (draft.published_by, old.effective_to) == (cast.pksdm, date(2026, 12, 31))
    refused = client.post(
        f"/skema/{draft.pk}/langkah/", {"langkah": "akhiri", "version": draft.version, "effective_to": "2020-01-01"}, follow=True
    )
    assert "Lebih awal dari berlaku sejak 1 Januari 2027" in refused.content.decode()
    answer = client.post(f"/skema/{draft.pk}/langkah/", {"langkah": "salin"})
    copy = RegulationScheme.objects.get(copied_from=draft)
    assert answer.url == f"/skema/{copy.pk}/ubah/"
    client.post(f"/skema/{copy.pk}/langkah/", {"langkah": "hapus", "version": copy.version})
    assert not RegulationScheme.objects.filter(pk=copy.pk).exists()
    assert client.post(f"/skema/{draft.pk}/langkah/", {"langkah": "lain"}).status_code == 404


def test_drafts_are_not_for_provinces_and_published_ones_say_their_source(draft, cast, sign_in):
    client = sign_in(cast.provinsi_a)
    assert client.get(f"/skema/{draft.pk}/").status_code == 404
    page = client.get(f"/skema/{draft.copied_from_id}/").content.decode()
    assert "belum dicocokkan" in page
    assert "Salin menjadi versi baru" not in page
    assert draft.name not in client.get("/skema/").content.decode()
    assert sign_in(cast.pimpinan).get(f"/skema/{draft.pk}/").status_code == 200


def test_compare_shows_what_would_change_and_adopts_for_a_prepared_batch_only(draft, cast, sign_in):
    old, client = RegulationScheme.objects.get(code="perlan-1-2021"), sign_in(cast.pksdm)
    batch = create_batch(
        institute=cast.institute_a, scheme=old, curriculum=Curriculum.objects.get(code="berakhlak"), method="blended", golongan="III",
        capacity=4, starts_on=date(2026, 1, 26), by=cast.pksdm,
    )  # fmt: skip
    same = client.get(f"/skema/{draft.pk}/bandingkan/?angkatan={batch.pk}").content.decode()
    assert "Tidak ada yang berubah." in same
    form = scheme_form(draft) | {"k0-weight": "11", "k4-weight": "9", "max_absence_sessions": 5, "f_blended_0-length": 20}
    client.post(f"/skema/{draft.pk}/ubah/", form)
    page = client.get(f"/skema/{draft.pk}/bandingkan/?angkatan={batch.pk}").content.decode()
    assert "MOOC mandiri: 26 Januari sampai 14 Februari 2026" in page
    assert "10 (Lembaga)" in page
    assert "11 (Lembaga)" in page
    assert "Pakai versi ini" not in page  # still a draft
    refused = client.post(f"/skema/{draft.pk}/pakai/", {"angkatan": batch.pk, "version": batch.version})
    assert refused.status_code == 409
    draft = services.save_scheme(
        scheme_id=draft.pk, version=2, facts={"max_absence_sessions": 5}, lines=lines_of_scheme(old), by=cast.pksdm
    )
    services.publish_scheme(scheme_id=draft.pk, version=draft.version, by=cast.pksdm)
    assert "Pakai versi ini" in client.get(f"/skema/{draft.pk}/bandingkan/?angkatan={batch.pk}").content.decode()
    assert client.post(f"/skema/{draft.pk}/pakai/", {"angkatan": batch.pk, "version": batch.version}).status_code == 302
    batch.refresh_from_db()
    assert batch.scheme == draft
    frozen = factories.BatchFactory(scheme=old, stage=BatchStage.RUNNING)
    assert "Angkatan ini dibekukan." in client.get(f"/skema/{draft.pk}/bandingkan/?angkatan={frozen.pk}").content.decode()
    assert client.post(f"/skema/{draft.pk}/pakai/", {"angkatan": frozen.pk, "version": 1}).status_code == 409
    assert Batch.objects.get(pk=frozen.pk).scheme == old


def test_curriculum_editor_round_trip_check_and_steps(cast, sign_in):
    reference.load(year=2026)
    client, old = sign_in(cast.pksdm), Curriculum.objects.get(code="berakhlak")
    url = client.post(f"/kurikulum/{old.pk}/langkah/", {"langkah": "salin"}).url
    draft = Curriculum.objects.get(copied_from=old)
    form = curriculum_form(draft)
    assert client.post(url, form).status_code == 302
    assert lines_of_curriculum(draft) == lines_of_curriculum(old)
    assert Curriculum.objects.get(pk=draft.pk).version == 1
    sums = client.post(f"/kurikulum/{draft.pk}/periksa/", form | {"m0-jp_blended": 99}).content.decode()
    assert f"{647 - form['m0-jp_blended'] + 99} JP" in sums
    assert client.post(url, form | {"m0-name": ""}).status_code == 422
    assert client.post(url, form | {"n0-gone": "on"}).status_code == 302
    assert draft.values.count() == 6
    assert client.get(f"/kurikulum/{draft.pk}/").status_code == 200
    client.post(f"/kurikulum/{draft.pk}/langkah/", {"langkah": "terbitkan", "version": 2})
    assert Curriculum.objects.get(pk=draft.pk).published_by == cast.pksdm


def test_new_drafts_begin_empty_and_code_is_unique(cast, sign_in):
    client = sign_in(cast.pksdm)
    form = {"code": "baru", "name": "Skema", "regulation": "PerLAN", "effective_from": "01-01-2027", "hours": 600}
    scheme_url = client.post("/skema/buat/", form).url
    assert client.get(scheme_url).status_code == 200
    assert "Kode ini sudah dipakai" in client.post("/skema/buat/", form).content.decode()
    curriculum_url = client.post("/kurikulum/buat/", form).url
    assert client.get(curriculum_url).status_code == 200


def test_scheme_list_asks_as_much_for_one_as_for_three(cast, sign_in):
    client = sign_in(cast.pksdm)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/skema/")
        return len(seen)

    factories.BatchFactory()
    asked()
    few = asked()
    factories.BatchFactory()
    factories.BatchFactory()
    assert asked() == few
