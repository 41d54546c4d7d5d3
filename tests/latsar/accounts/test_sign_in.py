"""Sign-in by NIP, account name or e-mail; throttling; the second factor, required or not."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.notices.models import OutboxMail
from tests import factories
from tests.factories import PASSWORD

NIP = "199808122025052904"


@pytest.fixture
def participant_user(cast) -> User:
    user = factories.UserFactory(username=NIP, email="maria@contoh.go.id", full_name="Maria Contoh, S.Kom.")
    factories.RoleGrantFactory(user=user, role=Role.PESERTA)
    return user


def sign_in_as(client: Client, login: str, password: str = PASSWORD, **extra: str):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def mailed_link() -> str:
    return re.search(r"https?://[^/\s]+(/akun/sandi/baru/\S+)", OutboxMail.objects.get().body)[1]


def code_for(secret: str, *, ago: int = 0) -> str:
    """Return the code that an authenticator app shows now, or showed so many half minutes ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago))


@pytest.mark.parametrize("login", [NIP, "19980812 202505 2 904", "19980812.202505.2.904", "maria@contoh.go.id", "MARIA@contoh.go.id"])
def test_login_typed_in_any_accepted_way_signs_in(participant_user, login):
    client = Client()
    assert sign_in_as(client, login).status_code == 302
    assert is_signed_in(client)


def test_login_with_account_name_signs_in(cast):
    client = Client()
    assert sign_in_as(client, "admin.kupang").status_code == 302
    assert is_signed_in(client)


def test_login_page_for_a_stranger_names_no_person(db):
    page = Client().get(reverse("account_login")).content.decode()
    assert "<h1>Masuk</h1>" in page
    assert "drop-menu" not in page
    assert 'class="side"' not in page


@pytest.mark.parametrize(("known", "unknown"), [(NIP, "199808122025052905"), ("maria@contoh.go.id", "tidak.ada@contoh.go.id")])
def test_login_with_wrong_password_says_the_same_for_unknown_and_known(participant_user, known, unknown):
    answers = []
    for login in (known, unknown):
        page = sign_in_as(Client(), login, "salah-sama-sekali").content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        answers.append(page.replace(login, "X"))
    assert answers[0] == answers[1]
    assert "NIP, e-mail, atau kata sandi tidak cocok" in answers[0]


class CountingHasher(MD5PasswordHasher):
    made = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.made += 1
        return super().encode(password, salt)


@pytest.mark.parametrize(
    "login", [NIP, "maria@contoh.go.id", "199808122025052905", "tidak.ada@contoh.go.id", "berhenti@contoh.go.id", "diundang@contoh.go.id"]
)
def test_login_with_wrong_password_hashes_as_often_for_everybody(participant_user, settings, login):
    factories.UserFactory(email="berhenti@contoh.go.id", is_active=False)
    invited = factories.UserFactory(email="diundang@contoh.go.id")
    invited.set_unusable_password()
    invited.save()
    settings.PASSWORD_HASHERS = [f"{CountingHasher.__module__}.CountingHasher"]
    before = CountingHasher.made
    assert "tidak cocok" in sign_in_as(Client(), login, "salah-sama-sekali").content.decode()
    assert CountingHasher.made - before == 1


@pytest.mark.parametrize(("login", "password"), [("x" * 100_000, PASSWORD), (NIP, "y" * 1001)])
def test_login_longer_than_any_account_has_is_answered_like_a_wrong_one(participant_user, login, password):
    answer = sign_in_as(Client(), login, password)
    assert (answer.status_code, "NIP, e-mail, atau kata sandi tidak cocok" in answer.content.decode()) == (200, True)
    assert not AccessAttempt.objects.exists()


def test_login_with_the_longest_password_signs_in(participant_user):
    participant_user.set_password("kuda laut é " * 80)
    participant_user.save()
    assert sign_in_as(Client(), NIP, "kuda laut é " * 80).status_code == 302


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("account_reset_password", {"email": f"{'x' * 100_000}@contoh.go.id"}),
        ("activate", {"nip": "1" * 100_000, "kode": "A" * 100_000}),
        ("verify_home", {"kode": "A" * 100_000, "cara": "kode"}),
        ("verify_home", {"nomor": "1" * 100_000, "nama": "A" * 100_000, "cara": "nomor"}),
    ],
)
def test_public_form_filled_with_a_hundred_thousand_letters_is_answered_in_words(db, name, typed):
    answer = Client().post(reverse(name), typed)
    assert answer.status_code in {200, 422}
    assert answer.context["form"].errors if name != "verify_home" else "error" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "typed"), [("account_login", {"login": NIP, "password": "salah"}), ("account_reset_password", {"email": "a@contoh.go.id"})]
)
def test_too_many_requests_are_answered_with_a_page_of_the_portal(db, settings, name, typed):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip", "reset_password": "1/m/ip"}
    client = Client(REMOTE_ADDR="10.9.9.9")
    first, second = (client.post(reverse(name), typed) for _ in range(2))
    assert (first.status_code != 429, second.status_code) == (True, 429)
    page = second.content.decode()
    assert '<h1 id="h-galat" class="fs-4">Tunggu sebentar</h1>' in page
    assert f'href="{reverse("account_login")}"' in page


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("aaaaaaaaaaaaaaaa", "terlalu sedikit huruf"),
        ("abcabcabcabc", "terlalu sedikit huruf"),
        ("mangga mangga ", "mengulang"),
        ("Pisang7Pisang7Pis", "mengulang"),
        ("kuda laut " * 101, "paling banyak 1.000"),
    ],
)
def test_password_of_few_letters_or_one_piece_is_refused_with_its_reason(db, password, reason):
    with pytest.raises(ValidationError, match=reason):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["abcde fabcde", "kuda laut menari " * 2, "padi kuning é sawah hijau sungai biru gunung tinggi langit luas 7"]
)
def test_password_of_several_words_is_accepted(db, password):
    validate_password(password)


def test_login_of_inactive_account_tells_only_who_knows_the_password(participant_user):
    participant_user.is_active = False
    participant_user.save()
    assert "NIP, e-mail, atau kata sandi tidak cocok" in sign_in_as(Client(), NIP, "salah").content.decode()
    client = Client()
    answer = sign_in_as(client, NIP)
    assert (answer.status_code, answer.url) == (302, reverse("account_inactive"))
    assert not is_signed_in(client)


def test_login_after_five_failures_is_throttled_for_that_address_only(participant_user):
    here, elsewhere = Client(REMOTE_ADDR="10.1.1.1"), Client(REMOTE_ADDR="10.1.1.2")
    answers = [sign_in_as(here, NIP, "salah").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    refused = sign_in_as(here, NIP)
    assert refused.status_code == 429
    assert "Terlalu banyak percobaan" in refused.content.decode()
    assert not is_signed_in(here)
    assert sign_in_as(elsewhere, NIP).status_code == 302
    assert is_signed_in(elsewhere)


def test_login_throttle_counts_a_nip_however_it_is_typed(participant_user):
    client = Client(REMOTE_ADDR="10.1.1.1")
    for login in (NIP, "19980812 202505 2 904", "19980812.202505.2.904", f" {NIP} ", NIP):
        answer = sign_in_as(client, login, "salah")
    assert answer.status_code == 429
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {NIP}


def test_login_throttle_leaves_other_people_at_the_same_address_alone(participant_user, cast):
    for _ in range(5):
        sign_in_as(Client(REMOTE_ADDR="10.1.1.1"), NIP, "salah")
    colleague = Client(REMOTE_ADDR="10.1.1.1")
    assert sign_in_as(colleague, "admin.kupang").status_code == 302
    assert is_signed_in(colleague)


def test_login_without_required_mfa_opens_the_account_page_to_staff(settings, cast):
    settings.MFA_REQUIRED = False
    client = Client()
    sign_in_as(client, "admin.kupang")
    assert client.get(reverse("account")).status_code == 200


def test_login_with_required_mfa_sends_staff_to_enrolment(settings, cast):
    settings.MFA_REQUIRED = True
    client = Client()
    sign_in_as(client, "admin.kupang")
    answer = client.get(reverse("participant_list"))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))
    page = client.get(answer.url).content.decode()
    assert "Aktifkan kode masuk" in page
    assert "data:image/svg+xml;base64," in page


def test_login_with_required_mfa_leaves_a_participant_without_staff_role_alone(settings, participant_user):
    settings.MFA_REQUIRED = True
    client = Client()
    sign_in_as(client, NIP)
    assert client.get(reverse("account")).status_code == 200


def test_enrolment_with_right_code_shows_recovery_codes_and_then_asks_for_codes(settings, cast):
    settings.MFA_REQUIRED = True
    client = Client()
    sign_in_as(client, "admin.kupang")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Kode salah" in wrong.content.decode()
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert (answer.status_code, answer.url) == (302, reverse("mfa_view_recovery_codes"))
    codes = client.get(answer.url).context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in client.get(reverse("mfa_download_recovery_codes")).content.decode()
    again = Client()
    answer = sign_in_as(again, "admin.kupang")
    assert (answer.status_code, answer.url) == (302, reverse("mfa_authenticate"))
    assert not is_signed_in(again)
    assert "Kode masuk" in again.get(answer.url).content.decode()
    again.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_signed_in(again)


@pytest.mark.parametrize("name", ["mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"])
def test_mfa_pages_of_an_enrolled_person_open_in_indonesian(cast, name):
    client = Client()
    sign_in_as(client, "admin.kupang")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert " kode " in page.content.decode().lower()


def test_deactivation_posted_removes_the_factor(cast):
    client = Client()
    sign_in_as(client, "admin.kupang")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=cast.admin_kupang).exists()


def test_reauthentication_after_the_timeout_is_asked_before_enrolment(settings, cast):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    client = Client()
    sign_in_as(client, "admin.kupang")
    answer = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "Pastikan ini Anda" in answer.content.decode()


def test_password_reset_for_unknown_and_known_address_looks_the_same(participant_user):
    answers = []
    for address in ("maria@contoh.go.id", "tidak.ada@contoh.go.id"):
        answer = Client().post(reverse("account_reset_password"), {"email": address})
        answers.append((answer.status_code, answer.url))
    assert answers == [(302, reverse("account_reset_password_done"))] * 2
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.is_security, mail.subject) == ("maria@contoh.go.id", True, "Buat kata sandi baru portal Latsar KPU")
    assert "Berlaku 1 jam" in mail.body


def test_password_reset_link_works_once(participant_user):
    Client().post(reverse("account_reset_password"), {"email": "maria@contoh.go.id"})
    link = mailed_link()
    client = Client()
    form = client.get(link, follow=True)
    assert "Buat kata sandi" in form.content.decode()
    new = "tujuh-perahu-menyeberang"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    assert "Kata sandi tersimpan" in done.content.decode()
    assert "Tautan tidak berlaku lagi" in Client().get(link, follow=True).content.decode()
    assert sign_in_as(Client(), NIP, new).status_code == 302


def test_enrolment_after_a_password_reset_is_open(settings, cast):
    settings.MFA_REQUIRED = True
    new = "tujuh-perahu-menyeberang"
    client = Client()
    client.post(reverse("account_reset_password"), {"email": cast.admin_kupang.email})
    link = mailed_link()
    client.post(client.get(link, follow=True).redirect_chain[-1][0], {"password1": new, "password2": new})
    sign_in_as(client, "admin.kupang", new)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_password_reset_with_office_words_is_refused_in_words(participant_user):
    Client().post(reverse("account_reset_password"), {"email": "maria@contoh.go.id"})
    link = mailed_link()
    client = Client()
    form = client.get(link, follow=True)
    page = client.post(form.redirect_chain[-1][0], {"password1": "latsarkpu2026", "password2": "latsarkpu2026"}).content.decode()
    assert "hanya tersusun dari kata kantor" in page


def test_password_change_with_wrong_present_password_is_refused(participant_user, sign_in):
    client = sign_in(participant_user)
    new = "tujuh-perahu-menyeberang"
    page = client.post(reverse("account_change_password"), {"oldpassword": "salah", "password1": new, "password2": new})
    assert "Kata sandi sekarang tidak cocok" in page.content.decode()
    participant_user.refresh_from_db()
    assert participant_user.check_password(PASSWORD)


def test_logout_asks_first_and_then_leaves(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    assert "Keluar dari portal?" in client.get(reverse("account_logout")).content.decode()
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_account_page_lists_valid_roles(cast, sign_in):
    page = sign_in(cast.admin_kupang).get(reverse("account")).content.decode()
    assert "Admin Satker" in page
    assert "KPU Kota Kupang" in page


def test_account_page_offers_the_other_roles(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    assert "Pakai peran ini" not in client.get(reverse("account")).content.decode()
    other = factories.RoleGrantFactory(user=cast.admin_kupang, role=Role.MENTOR)
    page = client.get(reverse("account")).content.decode()
    assert f'name="role" value="{other.pk}"' in page
    assert page.count("dipakai sekarang") == 1


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Account and security"), ("id", "Akun dan keamanan"), ("xx", "Akun dan keamanan")]
)
def test_set_theme_with_a_language_keeps_it_on_the_device(cast, sign_in, language, heading):
    client = sign_in(cast.admin_kupang)
    client.post(reverse("set_theme"), {"language": language, "next": "/akun/"})
    assert f"<h1>{heading}</h1>" in client.get(reverse("account")).content.decode()


def test_account_without_roles_says_how_to_get_one(cast, sign_in):
    assert "Belum ada peran yang berlaku" in sign_in(cast.stranger).get(reverse("account")).content.decode()


def test_inactive_page_opens_without_sign_in(db):
    assert "Akun tidak aktif" in Client().get(reverse("account_inactive")).content.decode()
