from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import RoleGrant, User
from latsar.jobs.models import Job
from latsar.satker.models import Satker
from participants.enums import ImportState
from participants.imports import PREVIEW_KEPT, ParticipantImport
from participants.models import Participant
from participants.periodic import discard_stale_previews
from participants.services import imports
from participants.services.rechecking import StalePreview
from tests.factories import ParticipantFactory
from tests.participants.services.test_imports import changed, commit, preview
from tests.participants.workbook.people import many_rows


def close(satker):
    Satker.objects.filter(pk=satker.pk).update(closed_on=timezone.localdate())


STALE = [
    (lambda rows, cast: ParticipantFactory(nip=rows[0][0], satker=cast.denpasar), "Data 1 orang di berkas ini berubah sejak diperiksa."),
    (
        lambda rows, _cast: Participant.objects.filter(nip=rows[1][0]).update(version=9),
        "Data 1 orang di berkas ini berubah sejak diperiksa.",
    ),
    (lambda rows, _cast: Participant.objects.filter(nip=rows[1][0]).delete(), "Data 1 orang di berkas ini berubah sejak diperiksa."),
    (lambda _rows, cast: close(cast.kupang), "Sejak diperiksa, satker di berkas ini ditutup atau wewenang Anda atasnya berubah."),
    (
        lambda _rows, cast: RoleGrant.objects.filter(user=cast.admin_kupang).delete(),
        "Sejak diperiksa, satker di berkas ini ditutup atau wewenang Anda atasnya berubah.",
    ),
    (
        lambda _rows, _cast: ParticipantImport.objects.update(checked_at=timezone.now() - PREVIEW_KEPT - timedelta(minutes=1)),
        "Pemeriksaan ini sudah lebih dari 7 hari.",
    ),
]


@pytest.mark.parametrize(("happens", "message"), STALE, ids=["taken", "changed", "gone", "closed", "right", "old"])
def test_commit_import_stale_preview_is_refused_and_saves_nothing(cast, happens, message):
    rows = many_rows(2)
    commit(preview(rows[1:], cast.admin_kupang), cast.admin_kupang)
    upload = preview([rows[0], changed(rows[1], Jabatan="Arsiparis")], cast.admin_kupang)
    happens(rows, cast)
    upload.refresh_from_db()
    before = list(Participant.objects.values())
    by = User.objects.get(pk=cast.admin_kupang.pk)
    with pytest.raises(StalePreview) as refusal:
        imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=by)
    assert refusal.value.messages == [message]
    assert (Job.objects.filter(participant_import=upload).exists(), list(Participant.objects.values())) == (False, before)


def test_recheck_import_judges_the_same_rows_against_the_portal_of_now(cast):
    new, changing, same, wrong, closed = many_rows(5)
    commit(preview([changing, same], cast.provinsi_a), cast.provinsi_a)
    upload = preview(
        [
            new,
            changed(changing, Jabatan="Arsiparis", Alamat="-"),
            same,
            changed(wrong, NIP=1.99704e17, Email="x@"),
            changed(closed, Kode_Satker="53.08"),
        ],
        cast.provinsi_a,
    )
    assert list(upload.rows.values_list("outcome", flat=True)) == ["new", "changed", "same", "error", "new"]
    errors = upload.rows.get(number=5).errors
    ParticipantFactory(nip=new[0], satker=cast.kupang, full_name=new[1])
    Participant.objects.filter(nip=changing[0]).update(version=4, jabatan="Lain", address="Jalan Lain")
    Participant.objects.filter(nip=same[0]).update(version=2, jabatan="Lain")
    close(cast.ende)
    again = imports.recheck_import(import_id=upload.pk, by=cast.provinsi_a)
    assert list(again.rows.order_by("number").values_list("number", "outcome")) == [
        (2, "changed"),
        (3, "changed"),
        (4, "changed"),
        (5, "error"),
        (6, "error"),
    ]
    assert again.rows.get(number=3).changes == {"jabatan": ["Lain", "Arsiparis"], "address": ["Jalan Lain", ""]}
    assert again.rows.get(number=5).errors == errors
    assert [error["message"] for error in again.rows.get(number=6).errors] == [
        f"{cast.ende.name} sudah ditutup. Pakai kode satker yang menggantikannya."
    ]
    assert (again.revision, again.changed_count, again.error_count, again.problem_count) == (2, 3, 2, 3)
    commit(again, cast.provinsi_a)
    assert Participant.objects.get(nip=changing[0]).address == ""


def test_recheck_import_nothing_happened_finds_the_same(cast):
    rows = many_rows(4)
    commit(preview(rows[:2], cast.admin_kupang), cast.admin_kupang)
    upload = preview([rows[0], changed(rows[1], Alamat="-"), rows[2], changed(rows[3], Kode_Satker="51.71")], cast.admin_kupang)
    facts = ("number", "nip", "label", "outcome", "data", "raw", "changes", "errors", "warnings", "base_version")
    before = list(upload.rows.values(*facts))
    assert list(imports.recheck_import(import_id=upload.pk, by=cast.admin_kupang).rows.values(*facts)) == before


def test_commit_import_of_an_earlier_check_is_refused(cast):
    upload = preview(many_rows(1), cast.admin_kupang)
    imports.recheck_import(import_id=upload.pk, by=cast.admin_kupang)
    with pytest.raises(Refused):
        imports.commit_import(import_id=upload.pk, sha256=upload.sha256, revision=1, by=cast.admin_kupang)
    assert imports.commit_import(import_id=upload.pk, sha256=upload.sha256, revision=2, by=cast.admin_kupang)


def test_recheck_import_saved_or_foreign_is_refused(cast):
    upload = preview(many_rows(1), cast.admin_kupang)
    with pytest.raises(NotAllowed):
        imports.recheck_import(import_id=upload.pk, by=cast.provinsi_a)
    commit(upload, cast.admin_kupang)
    with pytest.raises(IllegalMove):
        imports.recheck_import(import_id=upload.pk, by=cast.admin_kupang)


def test_discard_stale_previews_drops_only_what_nobody_decided_for_a_week(cast):
    stale, fresh, saved = (preview(many_rows(count), cast.admin_kupang) for count in (3, 2, 1))
    commit(saved, cast.admin_kupang)
    ParticipantImport.objects.exclude(pk=fresh.pk).update(checked_at=timezone.now() - PREVIEW_KEPT - timedelta(minutes=1))
    ParticipantImport.objects.filter(pk=fresh.pk).update(checked_at=timezone.now() - PREVIEW_KEPT + timedelta(minutes=1))
    assert discard_stale_previews() == 1
    assert dict(ParticipantImport.objects.values_list("pk", "state")) == {
        stale.pk: ImportState.DISCARDED,
        fresh.pk: ImportState.PREVIEW,
        saved.pk: ImportState.COMMITTED,
    }
    assert [upload.rows.count() for upload in (stale, fresh, saved)] == [0, 2, 1]
