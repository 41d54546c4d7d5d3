from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.db.models import Sum

from latsar.accounts.models import AuditEntry
from latsar.documents.models import Issuer, NumberSeries
from latsar.satker.models import Satker
from latsar.training import reference
from latsar.training.calendar import from_database
from latsar.training.models import (
    AgendaSubject,
    Band,
    Curriculum,
    DossierRequirement,
    Holiday,
    Institute,
    PhaseTemplate,
    SbmRate,
    ScoreComponent,
    Tariff,
)
from latsar.training.weights import tree_for, weight_problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> None:
    reference.load(year=2026)


def test_load_empty_database_brings_all_units_with_zone_and_province(loaded):
    assert Counter(Satker.objects.values_list("kind", flat=True)) == {"SETJEN": 1, "PROVINSI": 38, "KABKOTA": 514}
    assert Satker.objects.filter(province=None).count() == 0
    zones = {
        code: Satker.objects.get(code=code).zone for code in ("00", "11", "61", "62", "63", "64", "65", "53.71", "71", "81", "91", "96")
    }
    assert zones == {
        "00": "WIB", "11": "WIB", "61": "WIB", "62": "WIB", "63": "WITA", "64": "WITA", "65": "WITA", "53.71": "WITA", "71": "WITA",
        "81": "WIT", "91": "WIT", "96": "WIT",
    }  # fmt: skip
    assert Satker.objects.get(code="53.71").province.code == "53"
    assert Satker.objects.get(code="53").province.code == "53"


def test_load_weights_of_every_scheme_sum_to_100(loaded):
    templates = PhaseTemplate.objects.values_list("scheme__code", "method").distinct()
    problems = {
        (code, method): weight_problems(tree_for(ScoreComponent.objects.filter(scheme__code=code), method)) for code, method in templates
    }
    assert problems == {
        ("perlan-12-2018", "klasikal_on_off"): [],
        ("perlan-1-2021", "blended"): [],
        ("perlan-1-2021", "jarak_jauh"): [],
        ("perlan-1-2021", "klasikal"): [],
    }
    assert sorted(Band.objects.filter(scheme__code="perlan-1-2021", passes=True).values_list("name", flat=True)) == [
        "Cukup memuaskan",
        "Memuaskan",
        "Sangat memuaskan",
    ]


def test_load_methods_with_a_template_are_those_of_the_regulations(loaded):
    methods = {
        code: set(PhaseTemplate.objects.filter(scheme__code=code).values_list("method", flat=True))
        for code in ("perlan-12-2018", "perlan-1-2021")
    }
    assert methods == {"perlan-12-2018": {"klasikal_on_off"}, "perlan-1-2021": {"klasikal", "blended", "jarak_jauh"}}


def test_load_lesson_hours_add_up_to_the_known_totals(loaded):
    rows = AgendaSubject.objects.order_by().values_list("curriculum__code", "method").annotate(total=Sum("hours"))
    assert {(code, method): total for code, method, total in rows} == {
        ("aneka", "klasikal_on_off"): 511,
        ("aneka", "blended"): 647,
        ("aneka", "klasikal"): 647,
        ("berakhlak", "blended"): 647,
        ("berakhlak", "klasikal"): 647,
        ("berakhlak", "jarak_jauh"): 599,
    }
    values = Curriculum.objects.get(code="berakhlak").values.values_list("name", flat=True)
    assert list(values) == ["Berorientasi Pelayanan", "Akuntabel", "Kompeten", "Harmonis", "Loyal", "Adaptif", "Kolaboratif"]


def test_load_places_money_and_issuer(loaded):
    assert SbmRate.objects.get(province__code="34").training_day is None
    assert SbmRate.objects.get(province__code="53").training_day == 130_000
    assert dict(Tariff.objects.values_list("method", "amount")) == {"blended": 5_260_000, "jarak_jauh": 5_260_000, "klasikal": 9_269_000}
    assert Institute.objects.get(code="bpsdm-ntt").province.code == "53"
    assert DossierRequirement.objects.filter(is_required=True).count() == 7
    assert Issuer.objects.get().name == "PKSDM KPU RI"
    assert set(NumberSeries.objects.values_list("year", flat=True)) == {2026}


def test_load_holidays_cover_cuti_bersama_and_feed_the_calendar(loaded):
    assert Holiday.objects.get(date=date(2026, 2, 17)).is_joint_leave is False
    assert Holiday.objects.get(date=date(2026, 2, 16)).is_joint_leave is True
    assert not from_database([2026]).is_working(date(2026, 2, 16))
    assert from_database([2026]).is_working(date(2026, 2, 18))


def test_load_again_keeps_what_administrators_changed(loaded):
    Satker.objects.filter(code="53.71").update(name="KPU Kota Kupang Baru")
    Institute.objects.filter(code="bpsdm-ntt").update(city="Kota Kupang")
    SbmRate.objects.filter(province__code="34").update(training_day=120_000)
    Holiday.objects.filter(date=date(2026, 2, 16)).update(name="Libur daerah", is_own=True)
    Holiday.objects.filter(date=date(2026, 8, 17)).update(name="keliru")
    added = {row.name: row.added for row in reference.load(year=2026)}
    assert set(added.values()) == {0}
    assert Satker.objects.get(code="53.71").name == "KPU Kota Kupang Baru"
    assert Institute.objects.get(code="bpsdm-ntt").city == "Kota Kupang"
    assert SbmRate.objects.get(province__code="34").training_day == 120_000
    assert Holiday.objects.get(date=date(2026, 2, 16)).name == "Libur daerah"
    assert Holiday.objects.get(date=date(2026, 8, 17)).name == "Hari Kemerdekaan Republik Indonesia"


def test_load_again_audits_what_it_changed_by_nobody(loaded):
    assert not AuditEntry.objects.exists()
    kept = Holiday.objects.get(date=date(2026, 8, 17))
    Holiday.objects.filter(pk=kept.pk).update(name="keliru")
    extra = Holiday.objects.create(date=date(2026, 8, 18), name="Bukan libur")
    Holiday.objects.filter(date=date(2026, 12, 25)).delete()
    reference.load(year=2026)
    rows = {(row.verb, row.object_id): row for row in AuditEntry.objects.all()}
    assert sorted(verb for verb, _pk in rows) == ["add", "change", "delete"]
    assert {row.actor for row in rows.values()} == {None}
    assert rows["change", str(kept.pk)].changes == {"name": ["keliru", "Hari Kemerdekaan Republik Indonesia"]}
    assert rows["delete", str(extra.pk)].changes["date"] == ["2026-08-18", None]
    assert AuditEntry.objects.get(verb="add").changes["date"] == [None, "2026-12-25"]


def test_load_reference_command_prints_counts(capsys):
    call_command("load_reference")
    assert "satker: 553 (553 baru)" in capsys.readouterr().out


def test_load_makes_the_two_papers_of_the_appointment_hold_a_submission_back(loaded):
    blocking = DossierRequirement.objects.filter(blocks_submission=True).values_list("code", flat=True)
    assert sorted(blocking) == ["sk-cpns", "spmt"]
