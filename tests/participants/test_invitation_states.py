"""Every person is in exactly one state of invitation; the page counts them per unit and leads to them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from latsar.jobs.models import Job, JobState
from latsar.jobs.run import run_job
from latsar.notices.models import MailState, OutboxMail
from participants.enums import Stage
from participants.invitation_face import invite_state
from participants.invitation_states import GROUPS, InviteState, state_case, state_q
from participants.models import ActivationSlip, Invitation, Participant
from participants.services.invitation import invite_items, invite_participant, request_invitations
from participants.services.slips import issue_slip, void_slip
from tests import factories


@pytest.fixture
def everyone(cast) -> dict[str, Participant]:
    """One person of Kupang in each state, some of them reached in more than one way."""

    def person(**facts) -> Participant:
        return factories.ParticipantFactory(satker=cast.kupang, **{"stage": Stage.VERIFIED, **facts})

    def mailed(**state) -> Participant:
        one = invite_participant(participant_id=person().pk, by=cast.admin_kupang)
        OutboxMail.objects.filter(key=one.invitation.mail.key).update(**state)
        return one

    old = timezone.now() - timedelta(days=5)
    lapsed = mailed(state=MailState.SENT, sent_at=old, body="", html="")
    Invitation.objects.filter(participant=lapsed).update(mailed_at=old)
    slip_after_failure = mailed(state=MailState.FAILED, failure="unreachable")
    issue_slip(participant_id=slip_after_failure.pk, by=cast.admin_kupang)
    expired, voided = person(), person()
    for one in (expired, voided):
        issue_slip(participant_id=one.pk, by=cast.admin_kupang)
    ActivationSlip.objects.filter(participant=expired).update(valid_until=timezone.localdate() - timedelta(days=1))
    void_slip(participant_id=voided.pk, by=cast.admin_kupang)
    found = {
        "early": person(stage=Stage.REGISTERED),
        "ready": person(),
        "account without invitation": person(user=factories.UserFactory(password=None)),
        "queued": mailed(),
        "failed": mailed(state=MailState.FAILED, failure="unreachable"),
        "sent": mailed(state=MailState.SENT, sent_at=timezone.now(), body="", html=""),
        "lapsed": lapsed,
        "slip after failure": slip_after_failure,
        "slip expired": expired,
        "slip void": voided,
        "active": person(user=factories.UserFactory()),
    }
    return {name: Participant.objects.get(pk=one.pk) for name, one in found.items()}


EXPECTED = {
    "early": "nanti",
    "ready": "siap",
    "account without invitation": "siap",
    "queued": "antre",
    "failed": "gagal",
    "sent": "terkirim",
    "lapsed": "lewat",
    "slip after failure": "slip",
    "slip expired": "lewat",
    "slip void": "lewat",
    "active": "aktif",
}


def test_invite_state_of_a_row_is_the_expected_one(everyone):
    assert {name: invite_state(one, timezone.now()).value for name, one in everyone.items()} == EXPECTED


def test_state_case_says_the_same_as_the_row(everyone):
    rows = Participant.objects.annotate(invite=state_case(timezone.now())).values_list("pk", "invite")
    assert dict(rows) == {everyone[name].pk: state for name, state in EXPECTED.items()}


def test_state_q_parts_the_people_and_its_groups_are_unions(everyone):
    now = timezone.now()
    found = {state.value: Participant.objects.filter(state_q(state.value, now)).count() for state in InviteState}
    assert found == Counter(EXPECTED.values())
    for group, states in GROUPS.items():
        assert Participant.objects.filter(state_q(group, now)).count() == sum(found[state] for state in states)
    assert not Participant.objects.filter(state_q("bukan", now)).exists()


def test_invitation_state_counts_are_doors_to_exactly_those_people(everyone, cast, sign_in):
    client = sign_in(cast.admin_kupang)
    page = client.get(reverse("invitation_state")).content.decode()
    doors = dict(re.findall(r'class="chip" href="([^"]+)">.*?<b>(\d+)</b>', page))
    assert len(doors) == len(InviteState)
    for url, count in doors.items():
        rows = client.get(url.replace("&amp;", "&")).content.decode().count('class="name"')
        assert rows == int(count)


def test_participant_list_by_account_shows_the_state_of_each(everyone, cast, sign_in):
    page = sign_in(cast.admin_kupang).get(reverse("participant_list"), {"akun": "diundang"}).content.decode()
    assert [word in page for word in ("E-mail menunggu", "E-mail terkirim", "E-mail gagal", "Lewat masa", "Slip dicetak")] == [True] * 5


def test_invitation_state_of_the_nation_goes_by_province_and_then_by_satker(everyone, cast, sign_in):
    factories.ParticipantFactory(satker=cast.denpasar)
    client = sign_in(cast.pksdm)
    page = client.get(reverse("invitation_state")).content.decode()
    assert ("Nusa Tenggara Timur" in page, "?provinsi=53" in page, "KPU Kota Kupang" in page) == (True, True, False)
    inside = client.get(reverse("invitation_state"), {"provinsi": "53"}).content.decode()
    assert ("KPU Kota Kupang" in inside, "KPU Kota Denpasar" in inside) == (True, False)


def test_invitation_state_searches_units_and_filters_by_state(everyone, cast, sign_in):
    factories.ParticipantFactory(satker=cast.ende)
    client = sign_in(cast.provinsi_a)
    shown = {
        name: [
            unit in client.get(reverse("invitation_state"), asked).content.decode() for unit in ("KPU Kota Kupang", "KPU Kabupaten Ende")
        ]
        for name, asked in {"q": {"q": "ende"}, "gagal": {"keadaan": "gagal"}, "nanti": {"keadaan": "nanti"}}.items()
    }
    assert shown == {"q": [False, True], "gagal": [True, False], "nanti": [True, True]}
    assert "Tidak ada yang cocok" in client.get(reverse("invitation_state"), {"q": "tidak ada"}).content.decode()


@pytest.mark.parametrize("extra", [0, 3])
def test_invitation_state_asks_the_same_whatever_the_number(cast, sign_in, extra):
    for satker in (cast.kupang, cast.ende)[: 1 + bool(extra)]:
        factories.ParticipantFactory.create_batch(1 + extra, satker=satker, stage=Stage.VERIFIED)
    client = sign_in(cast.provinsi_a)
    client.get(reverse("invitation_state"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("invitation_state"))
    assert len(queries) == 6


def test_participant_list_by_account_asks_the_same_at_one_and_three_rows(cast, sign_in):
    client, counts = sign_in(cast.admin_kupang), []
    for _round in range(2):
        for one in factories.ParticipantFactory.create_batch(2, satker=cast.kupang, stage=Stage.VERIFIED):
            invite_participant(participant_id=one.pk, by=cast.admin_kupang)
        client.get(reverse("participant_list"), {"akun": "antre"})  # the jabatan on offer are kept for some minutes
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("participant_list"), {"akun": "antre"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_invitation_export_holds_the_counts(everyone, cast, sign_in):
    answer = sign_in(cast.admin_kupang).post(reverse("invitation_export"))
    assert (answer.status_code, answer.headers["Content-Disposition"].endswith('.xlsx"')) == (200, True)
    b"".join(answer)


def test_a_province_of_a_hundred_is_invited_by_one_click_and_a_confirmation(cast, sign_in):
    factories.ParticipantFactory.create_batch(60, satker=cast.kupang, stage=Stage.APPROVED)
    factories.ParticipantFactory.create_batch(40, satker=cast.ende, stage=Stage.VERIFIED)
    client, url = sign_in(cast.provinsi_a), reverse("participant_bulk")
    page = client.get(url, {"aksi": "invite", "semua": "1", "saringan": "?akun=siap"}).content.decode()
    chosen = re.findall(r'name="pilih" value="(\d+)"', page)
    assert len(chosen) == 100
    answer = client.post(url, {"aksi": "invite", "pasti": "1", "pilih": chosen})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    run_job(job.pk, invite_items)
    job.refresh_from_db()
    assert (job.state, job.done, OutboxMail.objects.count()) == (JobState.DONE, 100, 100)


def test_invite_items_run_twice_mails_nobody_twice_and_names_who_failed(cast):
    people = factories.ParticipantFactory.create_batch(3, satker=cast.kupang, stage=Stage.APPROVED)
    job = request_invitations(participant_ids=[one.pk for one in people], by=cast.provinsi_a)
    factories.UserFactory(email=people[0].email)
    run_job(job.pk, invite_items)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=timezone.now() - timedelta(hours=1))
    run_job(job.pk, invite_items)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed, OutboxMail.objects.count()) == (JobState.PARTIAL, 2, 1, 2)
    assert "sudah dipakai akun lain" in job.items.get(ref=str(people[0].pk)).message
