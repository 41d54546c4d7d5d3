"""Who is told when a file moves between satker, province and PKSDM."""

from __future__ import annotations

import pytest

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.notices.models import MailSettings, Notice
from participants.enums import Stage
from participants.models import Participant
from participants.services.dossier import attach_document, move_document
from participants.services.verification import move_participant
from tests import factories
from tests.corpus import pdfs


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, full_name="Maria Contoh, S.Kom.")


def told() -> list[tuple[User, str]]:
    return [(notice.user, notice.text) for notice in Notice.objects.order_by("pk")]


def move(person, action, by, note="") -> None:
    move_participant(participant_id=person.pk, action=action, by=by, note=note)


def test_submit_tells_the_province_once_until_it_is_read(cast, person):
    move(person, "submit", cast.admin_kupang)
    move(factories.ParticipantFactory(satker=cast.kupang), "submit", cast.admin_kupang)
    assert told() == [(cast.provinsi_a, "Maria Contoh, S.Kom., KPU Kota Kupang, menunggu verifikasi Anda.")]
    assert Notice.objects.get().url == f"/verifikasi-berkas/?orang={person.pk}"


def test_submit_of_the_secretariat_tells_pksdm(cast):
    move(factories.ParticipantFactory(satker=cast.setjen), "submit", another_of_pksdm())
    assert [user for user, _text in told()] == [cast.pksdm]


def another_of_pksdm() -> User:
    """Another one of PKSDM: who submits is not told."""
    user = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role=Role.PKSDM)
    return user


def test_withdraw_tells_only_who_was_told_of_the_submission(cast, person):
    move(person, "submit", cast.admin_kupang)
    quiet = factories.ParticipantFactory(satker=cast.kupang)
    move(quiet, "submit", cast.admin_kupang)
    Notice.objects.all().update(read_at=person.created_at)
    for one in (person, quiet):
        move(one, "withdraw_submission", cast.admin_kupang)
    assert told()[1:] == [(cast.provinsi_a, "Maria Contoh, S.Kom.: pengajuannya ditarik oleh satker.")]


def test_verify_and_approve_tell_the_satker(cast, person):
    Participant.objects.update(stage=Stage.SUBMITTED)
    move(person, "verify", cast.provinsi_a)
    move(person, "approve", cast.pksdm)
    assert told() == [
        (cast.admin_kupang, "Maria Contoh, S.Kom. sudah diverifikasi, menunggu PKSDM."),
        (cast.admin_kupang, "Maria Contoh, S.Kom. sudah disetujui PKSDM."),
    ]


@pytest.mark.parametrize(("unit", "by", "expected"), [("province_a", "provinsi_a", "provinsi_a"), ("setjen", "pksdm", "pksdm")])
def test_return_in_an_office_without_an_admin_satker_tells_who_mends_it(cast, unit, by, expected):
    made = factories.ParticipantFactory(satker=getattr(cast, unit), stage=Stage.SUBMITTED)
    move(made, "return", getattr(cast, by), "Gelar kurang.")
    assert [user for user, _text in told()] == [getattr(cast, expected)]


def test_reopen_of_an_answered_file_needs_a_reason(cast, person):
    for stage in (Stage.VERIFIED, Stage.APPROVED):
        Participant.objects.update(stage=stage)
        with pytest.raises(Refused, match="Tulis alasannya"):
            move(person, "return_to_satker", cast.pksdm)


def test_document_returned_is_told_in_the_language_of_the_reader(cast, person, requirements):
    MailSettings.objects.create(user=cast.admin_kupang, language="en")
    document = factories.DocumentFactory(participant=person, uploaded_by=cast.admin_kupang)
    move_document(document_id=document.pk, action="return", by=cast.provinsi_a, note="Buram")
    assert told() == [(cast.admin_kupang, "SK CPNS of Maria Contoh, S.Kom. was returned: Buram")]


def test_document_that_comes_after_the_answer_is_told_to_who_judges_once(cast, requirements):
    made = factories.ParticipantFactory(satker=cast.kupang, full_name="Maria Contoh, S.Kom.", stage=Stage.APPROVED)
    for number, code in enumerate(("sk-cpns", "bebas-narkoba"), 1):
        attach_document(participant_id=made.pk, code=code, content=pdfs.with_pages(number), name="a.pdf", by=cast.admin_kupang)
    assert told() == [(cast.provinsi_a, "Maria Contoh, S.Kom.: SK CPNS menunggu diperiksa.")]
