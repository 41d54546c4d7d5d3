import pytest
from django.urls import reverse

from latsar.accounts.enums import Role
from participants.scoring.home import sheet_todos
from tests import factories

pytestmark = pytest.mark.django_db


def titles(user):
    return [todo.title for todo in sheet_todos(user)]


def test_home_names_the_step_that_waits_for_each(scene, sign_in):
    label = f"{scene.batch.label} {scene.batch.year}"
    scene.fill(*[(80, 80, 80, 80)] * 3)
    assert titles(scene.checker) == []
    scene.move("submit")
    assert titles(scene.checker) == [f"Periksa nilai {label}"]
    scene.move("check", scene.checker)
    assert titles(scene.checker) == [f"Finalkan nilai {label}"]
    scene.move("finalise", scene.checker)
    assert titles(scene.checker) == []
    page = sign_in(scene.cast.pksdm).get("/").content.decode()
    assert "Umumkan nilai 1 angkatan" in page
    client, url = sign_in(scene.cast.pksdm), reverse("score_list")
    assert label in client.get(url, {"keadaan": "final", "q": scene.batch.label}).content.decode()
    assert label not in client.get(url, {"q": "tidak ada lembaga ini"}).content.decode()


def test_home_and_own_page_of_a_participant_lead_to_the_result(published, sign_in):
    agnes = published.people[0]
    agnes.user = factories.UserFactory()
    agnes.save(update_fields=["user"])
    factories.RoleGrantFactory(user=agnes.user, role=Role.PESERTA)
    client = sign_in(agnes.user)
    page = client.get("/").content.decode()
    assert ("Lihat nilai Latsar Anda" in page, reverse("result_detail", args=[published.batch.pk, agnes.pk]) in page) == (True, True)
    assert "86,00" in client.get(agnes.get_absolute_url()).content.decode()
