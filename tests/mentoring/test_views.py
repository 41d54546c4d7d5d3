from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from latsar.accounts.models import User
from mentoring import services
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.models import Placement
from tests import factories
from tests.mentoring.conftest import make_mentor


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "pool", "plan", "home"),
    [
        ("admin_kupang", 200, 200, 404),
        ("provinsi_a", 200, 200, 404),
        ("pksdm", 200, 200, 404),
        ("pimpinan", 200, 404, 404),
        ("lembaga_a", 404, 404, 404),
        ("mentor_a", 404, 404, 200),
        ("coach_a", 404, 404, 200),
        ("penguji_a", 404, 404, 404),
        ("stranger", 404, 404, 404),
    ],
)
def test_mentor_pages_open_for_their_roles(cast, sign_in, name, pool, plan, home) -> None:
    client = sign_in(getattr(cast, name))
    found = [client.get(url).status_code for url in ("/mentor/", "/mentor/tambah/", "/mentor/penetapan/", "/bimbingan/")]
    assert found == [pool, plan, plan, home]


def test_mentor_list_puts_who_has_room_first_and_filters(cast, sign_in, mentor, fill) -> None:
    fill(mentor, 5)
    free = make_mentor(cast.badung, user=factories.UserFactory(full_name="Zakarias Contoh, S.E."))
    client = sign_in(cast.admin_kupang)
    text = page(client, "/mentor/")
    assert text.index("Zakarias Contoh") < text.index(str(mentor))
    assert "5 dari 5" in text
    assert str(mentor) not in page(client, "/mentor/?tersedia=on")
    assert "Zakarias" in page(client, f"/mentor/?q={free.nip[:10]}")
    assert "Tidak ada mentor yang cocok" in page(client, "/mentor/?q=tidakada")


def test_mentor_list_queries_do_not_grow(cast, sign_in) -> None:
    client = sign_in(cast.admin_kupang)
    make_mentor(cast.ende)
    one = queries(client, "/mentor/")
    make_mentor(cast.ende), make_mentor(cast.badung)
    assert queries(client, "/mentor/") == one


def test_mentor_add_keeps_what_was_typed_and_names_the_field(cast, sign_in, mentor) -> None:
    client = sign_in(cast.admin_kupang)
    typed = {"nip": "1985 01", "full_name": "Mentor Contoh", "email": "m@contoh.go.id", "satker": cast.ende.pk, "jabatan": "Kasubbag"}
    answer = client.post("/mentor/tambah/", typed)
    assert answer.status_code == 422
    assert "NIP berisi 6 angka, seharusnya 18." in answer.content.decode()
    assert 'value="Mentor Contoh"' in answer.content.decode()
    answer = client.post("/mentor/tambah/", typed | {"nip": mentor.nip})
    assert "NIP ini sudah ada di daftar mentor." in answer.content.decode()
    answer = client.post("/mentor/tambah/", typed | {"nip": "19850101 201001 1 905"})
    assert answer.status_code == 302
    assert Mentor.objects.get(nip="198501012010011905").satker == cast.ende


def test_mentor_assign_previews_then_commits_several(cast, sign_in, mentor, fill) -> None:
    near = make_mentor(cast.kupang)
    fill(near, 4)
    people = factories.ParticipantFactory.create_batch(2, satker=cast.kupang)
    foreign = factories.ParticipantFactory(satker=cast.denpasar)
    client = sign_in(cast.admin_kupang)
    plan = {f"mentor-{one.pk}": near.pk for one in people}
    seen = client.post("/mentor/penetapan/", plan | {"action": "preview", f"mentor-{foreign.pk}": near.pk}).content.decode()
    assert "6 dari 5" in seen
    assert foreign.full_name not in seen
    assert MentorAssignment.objects.active().count() == 4
    answer = client.post("/mentor/penetapan/", plan | {"action": "commit"}, follow=True).content.decode()
    assert "1 mentor ditetapkan." in answer
    assert "Mentor ini sudah membimbing 5 peserta. Pilih mentor lain." in answer
    assert MentorAssignment.objects.active().filter(mentor=near).count() == 5


def test_mentor_assign_suggests_own_satker_then_lightest(cast, sign_in, person, fill) -> None:
    far = make_mentor(cast.denpasar)
    own = make_mentor(cast.kupang)
    fill(own, 3)
    light = make_mentor(cast.ende)
    fields = page(sign_in(cast.admin_kupang), "/mentor/penetapan/")
    assert fields.index(f'value="{own.pk}"') < fields.index(f'value="{light.pk}"')
    assert f'<option value="{far.pk}"' not in fields


def test_mentor_assign_fills_suggestions_without_passing_the_limit(cast, sign_in, fill) -> None:
    near, far = make_mentor(cast.kupang), make_mentor(cast.ende)
    fill(near, 4)
    factories.ParticipantFactory.create_batch(2, satker=cast.kupang)
    text = page(sign_in(cast.admin_kupang), "/mentor/penetapan/?isi=usulan")
    assert [text.count(f'value="{mentor.pk}" selected') for mentor in (near, far)] == [1, 1]


def test_mentor_assign_queries_do_not_grow(cast, sign_in, mentor) -> None:
    client = sign_in(cast.provinsi_a)
    factories.ParticipantFactory(satker=cast.kupang)
    one = queries(client, "/mentor/penetapan/")
    factories.ParticipantFactory(satker=cast.kupang)
    factories.ParticipantFactory(satker=cast.ende)
    assert queries(client, "/mentor/penetapan/") == one


def test_mentor_assign_one_changes_with_reason_and_ends(cast, sign_in, mentor, person) -> None:
    services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    other = make_mentor(cast.denpasar)
    client = sign_in(cast.admin_kupang)
    url = f"/mentor/penetapan/?peserta={person.pk}"
    refused = client.post(url, {"mentor": other.pk, "reason": ""})
    assert refused.status_code == 422
    assert "Tulis alasan mengganti mentor." in refused.content.decode()
    assert client.post(url, {"mentor": other.pk, "reason": "Dimutasi"}).status_code == 302
    present = person.mentor_assignments.active().get()
    assert present.mentor == other
    assert sign_in(cast.admin_ende).post(f"/mentor/penetapan/{present.pk}/akhiri/", {"reason": "x"}).status_code == 404
    client.post(f"/mentor/penetapan/{present.pk}/akhiri/", {"reason": ""})
    assert person.mentor_assignments.active().exists()
    client.post(f"/mentor/penetapan/{present.pk}/akhiri/", {"reason": "Cuti"})
    assert not person.mentor_assignments.active().exists()


def test_mentor_assign_one_foreign_participant_is_404(cast, sign_in, mentor) -> None:
    foreign = factories.ParticipantFactory(satker=cast.denpasar)
    client = sign_in(cast.admin_kupang)
    assert client.get(f"/mentor/penetapan/?peserta={foreign.pk}").status_code == 404
    assert client.post(f"/mentor/penetapan/?peserta={foreign.pk}", {"mentor": mentor.pk}).status_code == 404


def test_mentoring_home_shows_only_own_mentees(cast, sign_in, mentor, person) -> None:
    services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    stranger = factories.ParticipantFactory(satker=cast.kupang, full_name="Canari Lain, S.H.")
    services.assign_mentor(mentor_id=make_mentor(cast.badung).pk, participant_id=stranger.pk, by=cast.admin_kupang)
    text = page(sign_in(cast.mentor_a), "/bimbingan/")
    assert person.full_name in text
    assert "Canari" not in text
    assert person.full_name not in page(sign_in(cast.mentor_b), "/bimbingan/")


def test_mentoring_home_queries_do_not_grow(cast, sign_in, mentor) -> None:
    client = sign_in(cast.mentor_a)

    def add() -> None:
        placed = factories.ParticipantFactory(satker=cast.kupang)
        factories.PaperFactory(rancangan__participant=placed, stage="submitted")
        services.assign_mentor(mentor_id=mentor.pk, participant_id=placed.pk, by=cast.admin_kupang)

    add()
    one = queries(client, "/bimbingan/")
    add(), add()
    assert queries(client, "/bimbingan/") == one


def test_mentee_detail_closes_at_once_for_the_former_mentor(cast, sign_in, mentor, person) -> None:
    assignment = services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    client, url = sign_in(cast.mentor_a), f"/bimbingan/{assignment.pk}/"
    assert person.email in page(client, url)
    assert sign_in(cast.mentor_b).get(url).status_code == 404
    assert sign_in(cast.provinsi_b).get(url).status_code == 404
    services.end_assignment(assignment_id=assignment.pk, reason="Pindah", by=cast.admin_kupang)
    assert client.get(url).status_code == 404
    assert page(sign_in(cast.admin_kupang), url)


def test_mentoring_home_coach_reads_own_group_only(cast, sign_in) -> None:
    batch = factories.BatchFactory(institute=cast.institute_a)
    names = []
    for group, seat in zip((1, 2), batch.seats.all(), strict=False):
        one = factories.ParticipantFactory(satker=cast.kupang, batch=batch, stage="placed")
        Placement.objects.create(participant=one, seat=seat, group=group, placed_by=cast.pksdm)
        names.append(one.full_name)
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    text = page(sign_in(cast.coach_a), "/bimbingan/")
    assert names[0] in text
    assert names[1] not in text
    assert "Belum ada kelompok" in page(sign_in(cast.coach_b), "/bimbingan/")


def test_mentoring_home_participant_sees_who_guides(cast, sign_in, mentor, person) -> None:
    user: User = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role="peserta")
    person.user = user
    person.save()
    assert "Belum ditetapkan." in page(sign_in(user), "/bimbingan/")
    services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    assert str(mentor) in page(sign_in(user), "/bimbingan/")


def test_mentor_change_without_a_choice_says_so_beside_the_list(cast, sign_in):
    person = factories.ParticipantFactory(satker=cast.kupang)
    page = sign_in(cast.admin_kupang).post(f"/mentor/penetapan/?peserta={person.pk}", {"mentor": ""}).content.decode()
    assert 'href="#id_mentor"' in page
    assert '<fieldset id="id_mentor" class="field has-error" aria-describedby="id_mentor_error">' in page
    assert 'id="id_mentor_error"' in page
