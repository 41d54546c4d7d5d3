import pytest

from tests.factories import RoleGrantFactory, UserFactory


@pytest.mark.browser
def test_sign_in_shows_home_of_the_role(portal, visit):
    user = UserFactory(username="pksdm.uji", full_name="Dewi Contoh, S.Psi.")
    RoleGrantFactory(user=user, role="pimpinan")
    someone = visit("masuk", width=390)
    someone.go("/masuk/")
    someone.look("masuk")
    someone.sign_in("pksdm.uji")
    assert "Dewi Contoh" in someone.page.inner_text("h1")
    someone.look("beranda")
