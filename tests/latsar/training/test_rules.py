from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.training import reference
from latsar.training.enums import BatchStage
from latsar.training.models import Curriculum, RegulationScheme, ScoreComponent
from latsar.training.rule_lines import (
    BandLine,
    ComponentLine,
    CurriculumLines,
    PhaseLine,
    SchemeLines,
    SubjectLine,
    band_problems,
    component_problems,
    curriculum_problems,
    hours_by_method,
    lines_of_curriculum,
    lines_of_scheme,
    phase_problems,
    scheme_problems,
)
from latsar.training.services import rules as services
from latsar.training.services.batches import create_batch, open_batch
from tests import factories

BANDS = (BandLine(name="Lulus", above=Decimal(70)), BandLine(name="Tidak lulus", above=Decimal(-1), passes=False))
PHASES = (PhaseLine(method="blended", kind="mooc", name="MOOC", length=5),)


def component(code: str, weight: str, **more: object) -> ComponentLine:
    return ComponentLine(code=code, name=code.title(), weight=Decimal(weight), **more)


WHOLE = (component("a", "60"), component("b", "40"), component("b1", "25", parent="b"), component("b2", "15", parent="b"))


@pytest.fixture
def draft(cast) -> RegulationScheme:
    scheme = services.create_scheme(
        code="baru", name="Skema baru", regulation="PerLAN baru", effective_from=date(2027, 1, 1), hours=600, by=cast.pksdm
    )
    lines = SchemeLines(WHOLE, BANDS, PHASES)
    return services.save_scheme(scheme_id=scheme.pk, version=1, facts={"max_absence_sessions": 3}, lines=lines, by=cast.pksdm)


# --- what is wrong with lines


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (WHOLE, []),
        ((component("a", "99.5"),), ["Blended: Jumlah bobot 99,5%, seharusnya 100%."]),
        ((component("a", "100"), component("a1", "30", parent="a")), ["Blended: Bagian dari A berjumlah 30%, seharusnya 100%."]),
        ((component("a", "100"), component("a", "100")), ["Kode a dipakai dua kali. Beri kode lain."]),
        ((component("a", "100"), component("x", "1", parent="z")), ["X adalah bagian dari komponen yang tidak ada lagi."]),
        (
            (component("a", "100"), component("b", "100", parent="a"), component("c", "100", parent="b")),
            ["C adalah bagian dari bagian. Pilih komponen utamanya."],
        ),
        (
            (component("a", "100", method="klasikal"), component("a", "100"), component("b", "100", parent="a", method="blended")),
            ["Klasikal: Jumlah bobot 200%, seharusnya 100%."],
        ),
    ],
)
def test_component_problems_names_what_does_not_fit(lines, said):
    phases = [*PHASES, PhaseLine(method="klasikal", kind="klasikal", name="K", length=1)]
    spoken = component_problems(SchemeLines(lines, BANDS, phases if "klasikal" in str(lines) else PHASES))
    assert spoken == said


def test_component_problems_part_of_one_method_counts_there_only():
    lines = (
        component("a", "100"),
        component("m", "100", parent="a", method="blended"),
        component("t", "40", parent="a", method="klasikal"),
        component("u", "60", parent="a", method="klasikal"),
    )
    phases = [*PHASES, PhaseLine(method="klasikal", kind="klasikal", name="K", length=1)]
    assert component_problems(SchemeLines(lines, BANDS, phases)) == []


def test_band_problems_holes_order_and_remedial():
    assert band_problems(BANDS, cap=Decimal(75), floor=Decimal(60)) == []
    open_below = (BandLine(name="Lulus", above=Decimal(70)),)
    assert band_problems(open_below) == ["Nilai 0 sampai 70 tidak masuk kualifikasi mana pun. Isi -1 pada kualifikasi terbawah."]
    upside_down = (BandLine(name="Atas", above=Decimal(80), passes=False), BandLine(name="Bawah", above=Decimal(-1)))
    assert band_problems(upside_down) == ["Bawah lulus, padahal Atas di atasnya tidak."]
    assert band_problems(BANDS, cap=Decimal(70)) == ["Nilai paling tinggi sesudah remedial 70 belum lulus: batas lulusnya di atas 70."]
    assert phase_problems([PhaseLine(method="blended", kind="mooc", name="MOOC", length=1, is_parallel=True, is_mandatory=False)]) == [
        "Blended: MOOC sejajar, padahal belum ada fase sebelumnya.",
        "Blended: tidak ada fase yang wajib.",
    ]


def test_curriculum_problems_and_hours():
    subjects = [SubjectLine(agenda="I", name="X", hours={"blended": 3}), SubjectLine(agenda="I", name="Y", hours={})]
    assert curriculum_problems(CurriculumLines(["A", "A"], subjects)) == [
        "Nilai dasar A ada dua kali.",
        "Y belum memiliki JP untuk metode mana pun.",
    ]
    assert hours_by_method(CurriculumLines([], subjects)) == {"blended": 3}


@pytest.mark.django_db
def test_seeded_rules_have_no_problems_and_round_trip():
    reference.load(year=2026)
    for scheme in RegulationScheme.objects.all():
        assert scheme_problems(lines_of_scheme(scheme), vars(scheme)) == []
    for curriculum in Curriculum.objects.all():
        assert curriculum_problems(lines_of_curriculum(curriculum)) == []


# --- drafts, versions, publishing


@pytest.mark.django_db
def test_save_scheme_draft_keeps_tree_and_tells_the_trail(draft, cast):
    tree = {row.code: row.parent.code if row.parent else "" for row in ScoreComponent.objects.select_related("parent")}
    assert (tree, draft.max_absence_sessions, draft.version) == ({"a": "", "b": "", "b1": "b", "b2": "b"}, 3, 2)
    entry = AuditEntry.objects.get(verb="update_scheme")
    assert set(entry.changes) == {"max_absence_sessions", "components", "bands", "phase_templates"}
    again = services.save_scheme(scheme_id=draft.pk, version=2, facts={}, lines=lines_of_scheme(draft), by=cast.pksdm)
    assert again.version == 2
    with pytest.raises(StaleVersion):
        services.save_scheme(scheme_id=draft.pk, version=1, facts={"hours": 1}, lines=SchemeLines(), by=cast.pksdm)
    with pytest.raises(Refused, match="dipakai dua kali"):
        services.save_scheme(scheme_id=draft.pk, version=2, facts={}, lines=SchemeLines((WHOLE[0], WHOLE[0])), by=cast.pksdm)
    for user in (cast.provinsi_a, cast.admin_kupang, cast.lembaga_a, cast.pimpinan):
        with pytest.raises(NotAllowed):
            services.save_scheme(scheme_id=draft.pk, version=2, facts={}, lines=SchemeLines(), by=user)


@pytest.mark.django_db
def test_publish_scheme_settles_it_and_a_copy_becomes_the_next_version(draft, cast):
    bad = SchemeLines((*WHOLE[:1], component("b", "30")), BANDS, PHASES)
    draft = services.save_scheme(scheme_id=draft.pk, version=draft.version, facts={}, lines=bad, by=cast.pksdm)
    with pytest.raises(Refused, match="Jumlah bobot 90%"):
        services.publish_scheme(scheme_id=draft.pk, version=draft.version, by=cast.pksdm)
    draft = services.save_scheme(
        scheme_id=draft.pk, version=draft.version, facts={}, lines=SchemeLines(WHOLE, BANDS, PHASES), by=cast.pksdm
    )
    settled = services.publish_scheme(scheme_id=draft.pk, version=draft.version, by=cast.pksdm)
    assert (settled.published_by, settled.published_at is not None) == (cast.pksdm, True)
    with pytest.raises(IllegalMove):
        services.save_scheme(scheme_id=settled.pk, version=settled.version, facts={"hours": 1}, lines=SchemeLines(), by=cast.pksdm)
    copy = services.copy_scheme(scheme_id=settled.pk, by=cast.pksdm)
    assert (copy.code, copy.name, copy.copied_from, copy.published_at) == ("baru--2", "Skema baru, versi 2", settled, None)
    assert lines_of_scheme(copy) == lines_of_scheme(settled)
    copy = services.save_scheme(
        scheme_id=copy.pk, version=1, facts={"effective_from": date(2028, 1, 1)}, lines=lines_of_scheme(copy), by=cast.pksdm
    )
    services.publish_scheme(scheme_id=copy.pk, version=copy.version, by=cast.pksdm, ends_previous=True)
    settled.refresh_from_db()
    assert settled.effective_to == date(2027, 12, 31)
    assert services.copy_scheme(scheme_id=settled.pk, by=cast.pksdm).code == "baru--3"


@pytest.mark.django_db
def test_discard_rules_only_drafts_that_nobody_uses(draft, cast):
    batch = factories.BatchFactory(scheme=draft, stage=BatchStage.DRAFT)
    with pytest.raises(Refused, match="1 angkatan memakai"):
        services.discard_rules(model=RegulationScheme, pk=draft.pk, version=draft.version, by=cast.pksdm)
    batch.delete()
    services.discard_rules(model=RegulationScheme, pk=draft.pk, version=draft.version, by=cast.pksdm)
    assert not RegulationScheme.objects.filter(pk=draft.pk).exists()


@pytest.mark.django_db
def test_curriculum_draft_copy_publish_and_end(cast):
    reference.load(year=2026)
    old = Curriculum.objects.get(code="berakhlak")
    copy = services.copy_curriculum(curriculum_id=old.pk, by=cast.pksdm)
    assert lines_of_curriculum(copy) == lines_of_curriculum(old)
    lines = lines_of_curriculum(copy)
    shorter = CurriculumLines(lines.values[:-1], lines.subjects)
    copy = services.save_curriculum(curriculum_id=copy.pk, version=1, facts={}, lines=shorter, by=cast.pksdm)
    services.publish_curriculum(curriculum_id=copy.pk, version=copy.version, by=cast.pksdm)
    with pytest.raises(Refused):
        services.end_rules(model=Curriculum, pk=old.pk, version=old.version, effective_to=date(2020, 1, 1), by=cast.pksdm)
    ended = services.end_rules(model=Curriculum, pk=old.pk, version=old.version, effective_to=date(2027, 1, 1), by=cast.pksdm)
    assert ended.effective_to == date(2027, 1, 1)


# --- what the database itself refuses

REFUSED = {
    "publish with loose weights": lambda s, c: _publish_loose(s),
    "number of a scheme": lambda s, c: RegulationScheme.objects.filter(pk=s.pk).update(hours=1),
    "unpublish": lambda s, c: RegulationScheme.objects.filter(pk=s.pk).update(published_at=None),
    "name of a curriculum": lambda s, c: Curriculum.objects.filter(pk=c.pk).update(name="Lain"),
    "component": lambda s, c: s.components.update(weight=1),
    "new component": lambda s, c: s.components.create(order=9, code="z", name="Z", weight=1),
    "band": lambda s, c: s.bands.update(above=10),
    "new band": lambda s, c: s.bands.create(name="Baru", above=10),
    "rubric": lambda s, c: s.rubric.update(words="Lain"),
    "new rubric": lambda s, c: s.rubric.create(code="sikap", lowest=5, words="Baru"),
    "phase": lambda s, c: s.phase_templates.update(length=1),
    "new phase": lambda s, c: s.phase_templates.create(method="klasikal", order=1, kind="mooc", name="X", length=1),
    "subject": lambda s, c: c.subjects.update(hours=1),
    "value": lambda s, c: c.values.create(order=99, name="Nilai baru"),
    "row moved in from a draft": lambda s, c: _move_in(s),
    "batch opened with a draft": lambda s, c: factories.BatchFactory(scheme=_draft_of(s)),
    "draft batch opened with a draft": lambda s, c: _open(factories.BatchFactory(scheme=_draft_of(s), stage=BatchStage.DRAFT)),
    "rules of an open batch": lambda s, c: type(b := factories.BatchFactory(scheme=s)).objects.filter(pk=b.pk).update(method="klasikal"),
}  # fmt: skip


def _draft_of(scheme):
    return factories.SchemeFactory(published_at=None)


def _publish_loose(scheme):
    draft = _draft_of(scheme)
    draft.phase_templates.create(method="blended", order=1, kind="mooc", name="X", length=1)
    draft.components.create(order=1, code="z", name="Z", weight=Decimal("99.99"))
    RegulationScheme.objects.filter(pk=draft.pk).update(published_at=scheme.published_at)


def _move_in(scheme):
    row = _draft_of(scheme).bands.create(name="Baru", above=10)
    row.scheme = scheme
    row.save()


def _open(batch):
    type(batch).objects.filter(pk=batch.pk).update(stage=BatchStage.OPEN)


@pytest.mark.django_db
def test_database_keeps_published_rules_as_they_are():
    reference.load(year=2026)
    scheme, curriculum = RegulationScheme.objects.get(code="perlan-1-2021"), Curriculum.objects.get(code="berakhlak")
    let_through = []
    for name, change in REFUSED.items():
        try:
            with transaction.atomic():
                change(scheme, curriculum)
        except IntegrityError:
            continue
        let_through.append(name)
    assert let_through == []
    scheme.effective_to, scheme.version = scheme.effective_from + timedelta(days=900), 5
    scheme.save()  # an end, and the count of saves, may still come
    if connection.vendor == "postgresql":
        for rows in (scheme.components, scheme.bands, curriculum.subjects):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.all().delete()


@pytest.mark.django_db
def test_database_has_every_trigger_after_all_migrations():
    """SQLite loses triggers with a table that is rebuilt: a migration that alters one of these puts them up again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'settled%'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'settled%'")
        found = {name for (name,) in cursor.fetchall()}
    parts = ("scorecomponent", "band", "phasetemplate", "rubricband", "agendasubject", "curriculumvalue")
    heads = {"settled_scheme", "settled_curriculum"}
    expected = heads | {"settled_batch"} | {f"settled_{part}" for part in parts}
    if connection.vendor == "sqlite":
        expected = heads | {"settled_weights", "settled_batch_frozen"}
        expected |= {f"settled_{part}_{verb}" for part in (*parts, "batch") for verb in ("insert", "update")}
    assert found == expected


# --- batches open only with rules in force


@pytest.mark.django_db
def test_open_batch_needs_published_rules_in_force(cast, draft):
    reference.load(year=2026)
    scheme, curriculum = RegulationScheme.objects.get(code="perlan-1-2021"), Curriculum.objects.get(code="berakhlak")
    facts = {
        "institute": cast.institute_a, "method": "blended", "golongan": "III", "capacity": 4,
        "starts_on": date(2026, 1, 26), "by": cast.pksdm,
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        create_batch(**{**facts, "starts_on": date(2027, 2, 1)}, scheme=draft, curriculum=curriculum)
    assert "masih konsep" in refusal.value.message_dict["scheme"][0]
    batch = create_batch(**facts, scheme=scheme, curriculum=Curriculum.objects.get(code="aneka"))
    with pytest.raises(Refused, match="ANEKA tidak berlaku pada 26 Januari 2026"):
        open_batch(batch_id=batch.pk, by=cast.pksdm)
