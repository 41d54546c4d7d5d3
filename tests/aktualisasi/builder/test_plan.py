from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aktualisasi.comparing import changes, word_difference
from aktualisasi.completeness import completeness, completeness_of
from aktualisasi.models import KegiatanValue, Rancangan
from aktualisasi.snapshots import snapshot
from aktualisasi.weeks import outside, weeks_of
from participants.models import Participant
from tests.aktualisasi.builder.conftest import rules, settle


def test_completeness_of_nothing_is_zero_and_names_the_first_things(builder) -> None:
    found = completeness(None, builder.participant)
    assert (found.percent, found.is_complete) == (0, False)
    assert [part.key for part in found.parts] == ["profil", "isu", "akar", "gagasan", "kegiatan", "nilai", "jadwal"]
    assert found.missing[0].url == "/aktualisasi/rancangan/profil/#rancangan.unit_profile"


def test_completeness_of_a_whole_rancangan_is_a_hundred(builder) -> None:
    found = completeness(builder.whole())
    assert ([thing.label for thing in found.missing], found.percent) == ([], 100)


@pytest.mark.parametrize(
    ("key", "stored", "label"),
    [
        ("rancangan.title", "Isi title", "Judul"),
        ("rancangan.unit_profile", "Isi unit_profile", "Profil satker"),
    ],
)
def test_completeness_names_exactly_the_emptied_field(builder, key, stored, label) -> None:
    rancangan = builder.whole()
    builder.save(key, "", stored)
    rancangan.refresh_from_db()
    found = completeness(rancangan)
    assert [(thing.label, thing.url.split("#")[1]) for thing in found.missing] == [(label, key)]
    assert found.percent < 100


def test_completeness_names_value_week_and_root(builder) -> None:
    builder.whole()
    plan = builder.plan
    row, value = plan.kegiatan[0], plan.values[1]
    builder.save(f"nilai.{row.pk}.{value.pk}", "", f"Kaitan {value.name}")
    builder.save(f"kegiatan.{row.pk}.weeks", "1,25", "1,2")
    builder.save(f"kegiatan.{row.pk}.cause", "", str(row.cause_id))
    assert [thing.label for thing in completeness_of(builder.plan).missing] == [
        "Kegiatan 1, akar yang dijawab",
        "Kegiatan 1, kaitan Akuntabel",
        "Kegiatan 1 memakai minggu 25, di luar habituasi",
    ]


def test_completeness_on_a_tie_asks_for_the_reason(builder) -> None:
    builder.issue("Arsip", "554")
    builder.issue("PPID", "545")
    labels = [thing.label for thing in completeness_of(builder.plan).part("isu").missing]
    assert labels == ["1 isu lagi, paling sedikit tiga", "Alasan memilih di antara isu yang sama tinggi"]


def test_completeness_costs_the_same_for_one_and_three_rows(builder) -> None:
    rancangan = builder.whole()

    def queries() -> int:
        fresh = Rancangan.objects.select_related("participant__batch").get(pk=rancangan.pk)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            completeness(fresh)
        return len(caught)

    once = queries()
    for _n in range(2):
        row = builder.kegiatan()
        builder.add("tahapan", row.pk)
        builder.issue("Lagi", "333")
    assert (queries(), once <= 13) == (once, True)


def test_no_third_agenda_asks_nothing(builder) -> None:
    batch = builder.participant.batch
    settle(batch, rules(batch.method, agendas=2))
    builder.whole()
    assert (builder.plan.subjects, completeness_of(builder.plan).is_complete) == ([], True)


def test_before_placement_the_values_wait_and_a_new_curriculum_keeps_the_old_sentences(builder) -> None:
    builder.whole()
    batch = builder.participant.batch
    Participant.objects.update(batch=None, stage="approved")
    assert [thing.label for thing in completeness_of(builder.plan).part("nilai").missing] == [
        "Nilai dasar, muncul setelah Anda ditempatkan di angkatan"
    ]
    settle(batch, rules(batch.method, ("Akuntabilitas",)))
    Participant.objects.update(batch=batch, stage="placed")
    plan = builder.plan
    assert [value.name for value in plan.values] == ["Akuntabilitas"]
    assert dict(plan.kept_sentences(plan.kegiatan[0]))["Akuntabel"] == "Kaitan Akuntabel"
    assert KegiatanValue.objects.count() == 2
    assert "Akuntabel" not in {row["name"] for row in snapshot(Rancangan.objects.get())["kegiatan"][0]["values"]}


def test_weeks_begin_with_the_phase_and_then_on_mondays() -> None:
    # 6 March 2026 is a Friday, as in the drawing
    found = weeks_of(date(2026, 3, 6), date(2026, 4, 8), [(date(2026, 3, 19), "Nyepi")])
    assert [week.starts_on for week in found] == [
        date(2026, 3, 6),
        date(2026, 3, 9),
        date(2026, 3, 16),
        date(2026, 3, 23),
        date(2026, 3, 30),
        date(2026, 4, 6),
    ]
    assert (found[-1].ends_on, found[2].holidays) == (date(2026, 4, 8), ((date(2026, 3, 19), "Nyepi"),))
    assert outside([2, 7], found) == [7]
    assert [week.number for week in weeks_of(None, None)] == [1, 2, 3, 4, 5, 6]


def test_snapshot_is_json_that_survives_a_round_trip(builder) -> None:
    content = snapshot(builder.whole())
    assert json.loads(json.dumps(content)) == content
    assert (content["schema"], content["title"], content["training"]["values"]) == (1, "Isi title", ["Berorientasi Pelayanan", "Akuntabel"])
    assert all(content[guide]["name"] for guide in ("mentor", "coach"))
    assert content["kegiatan"][0]["cause"] == "Lingkungan: Sebab lingkungan"


def test_changes_of_the_same_text_are_none(builder) -> None:
    content = snapshot(builder.whole())
    assert changes(content, json.loads(json.dumps(content))) == []


def test_changes_tell_changed_added_removed_and_moved(builder) -> None:
    rancangan = builder.whole()
    second = builder.kegiatan("Memindai")
    builder.kegiatan("Melatih")
    old = snapshot(rancangan)
    first = old["kegiatan"][0]["id"]
    builder.save("rancangan.title", "Isi judul baru", "Isi title")
    builder.move("kegiatan", second.pk, up=True)
    step = old["kegiatan"][0]["tahapan"][0]["id"]
    builder.remove("tahapan", step)
    builder.add("tahapan", first)
    rancangan.refresh_from_db()
    found = {(c.label, c.kind) for section in changes(old, snapshot(rancangan)) for c in section.changes}
    assert found == {
        ("Judul", "changed"),
        ("Kegiatan 1", "moved"),
        ("Kegiatan 2, tahapan 1", "removed"),
        ("Kegiatan 2, tahapan 1", "added"),
    }


def test_changes_reads_a_snapshot_of_another_schema() -> None:
    assert [(s.label, [c.label for c in s.changes]) for s in changes({}, {"title": "Judul"})] == [("Profil dan gagasan", ["Judul"])]


def test_word_difference_is_word_by_word() -> None:
    words = [(word.kind, word.text) for word in word_difference("arsip lama di rak", "arsip baru di rak besar")]
    assert words == [("same", "arsip "), ("old", "lama"), ("new", "baru"), ("same", " di rak"), ("new", " besar")]


def test_word_difference_holds_every_letter_of_both() -> None:
    old, new = "satu dua  tiga\nempat", "nol dua tiga\n\nempat lima"
    words = word_difference(old, new)
    assert "".join(word.text for word in words if word.kind != "new") == old
    assert "".join(word.text for word in words if word.kind != "old") == new
