"""Changes of accounts felt at once: addresses, sessions, the last PKSDM, and a trace of who was made."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry, RoleGrant, User
from latsar.accounts.security import change_account_email
from latsar.notices.models import OutboxMail
from tests import factories
from tests.admin_pages import act, address
from tests.latsar.accounts.test_sessions import enter, is_in


def import_users(client: Client, table: str) -> str:
    """Upload, look at the preview and confirm it; return the preview."""
    url = address(User, "import")
    page = client.post(url, {"file": SimpleUploadedFile("akun.csv", table.encode())}).content.decode()
    if shown := re.search(r'name="sha256" value="([0-9a-f]+)"', page):
        client.post(url, {"confirm": "1", "sha256": shown[1]})
    return page


def form_of(user: User, **changed: object) -> dict[str, object]:
    """The change form of an account with its one grant as it is."""
    grant = user.grants.get()
    row = {"id": grant.pk, "user": user.pk, "role": grant.role, "satker": grant.satker_id or "", "institute": "", "valid_to": ""}
    row["valid_from"] = f"{grant.valid_from:%d-%m-%Y}"
    form = {name: getattr(user, name) for name in ("username", "full_name", "email", "zone")} | {"is_active": "on"}
    inline = {"grants-TOTAL_FORMS": 1, "grants-INITIAL_FORMS": 1} | {f"grants-0-{name}": value for name, value in row.items()}
    everything = {**form, **inline, **changed}
    return {name: value for name, value in everything.items() if value is not None}


# --- the address ------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["admin", "import"])
def test_account_email_changed_by_pksdm_leaves_the_old_address_nothing(cast, sign_in, door):
    user, client = cast.admin_kupang, sign_in(cast.pksdm)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    old = user.email
    if door == "admin":
        assert client.post(address(User, "change", user.pk), form_of(user, email="baru@contoh.go.id")).status_code == 302
    else:
        import_users(client, f"NIP atau nama akun;Nama lengkap;E-mail\n{user.username};{user.full_name};baru@contoh.go.id\n")
    user.refresh_from_db()
    assert (user.email, EmailAddress.objects.count()) == ("baru@contoh.go.id", 0)
    entry = AuditEntry.objects.about(user).get(verb="change_email")
    assert (entry.actor, entry.changes) == (cast.pksdm, {"email": [old, "baru@contoh.go.id"]})
    told = OutboxMail.objects.get()
    assert (told.to, f"diganti oleh {cast.pksdm.full_name}" in told.body, "baru@" in told.body) == (old, True, False)
    for email, mails in ((old, 1), ("baru@contoh.go.id", 2)):
        Client().post(reverse("account_reset_password"), {"email": email})
        assert OutboxMail.objects.count() == mails


def test_change_account_email_to_one_in_use_is_refused(cast):
    with pytest.raises(Refused, match="akun lain"):
        change_account_email(account=cast.admin_kupang, email=cast.admin_ende.email.upper(), by=cast.pksdm)


# --- sessions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["admin", "import"])
def test_account_switched_off_and_on_again_revives_no_session(cast, sign_in, door):
    user, client, desk = cast.admin_kupang, sign_in(cast.pksdm), enter("admin.kupang")
    assert is_in(desk)
    if door == "admin":
        client.post(address(User, "change", user.pk), form_of(user, is_active=None))
    else:
        import_users(client, f"NIP atau nama akun;Nama lengkap;Aktif\n{user.username};{user.full_name};tidak\n")
    user.refresh_from_db()
    assert not user.is_active
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert not is_in(desk)


# --- the last PKSDM ---------------------------------------------------------------------------

ENDINGS = ("delete", "delete one", "other role", "ended", "inline", "inactive", "import")


def end_pksdm(client: Client, user: User, how: str) -> None:
    grant = user.grants.get()
    row = {"user": user.pk, "role": Role.PKSDM, "satker": "", "institute": "", "valid_from": "01-01-2020", "valid_to": ""}
    match how:
        case "delete":
            act(client, RoleGrant, "delete_selected", [grant], post="yes")
        case "delete one":
            client.post(address(RoleGrant, "delete", grant.pk), {"post": "yes"})
        case "other role":
            client.post(address(RoleGrant, "change", grant.pk), row | {"role": Role.COACH})
        case "ended":
            client.post(address(RoleGrant, "change", grant.pk), row | {"valid_to": f"{timezone.localdate() - timedelta(days=1):%d-%m-%Y}"})
        case "inline":
            client.post(address(User, "change", user.pk), form_of(user, **{"grants-0-DELETE": "on"}))
        case "inactive":
            client.post(address(User, "change", user.pk), form_of(user, is_active=None))
        case "import":
            import_users(client, f"NIP atau nama akun;Nama lengkap;Aktif\n{user.username};{user.full_name};tidak\n")


def has_pksdm(user: User) -> bool:
    return User.objects.get(pk=user.pk).has_role(Role.PKSDM)


@pytest.mark.parametrize("how", ENDINGS)
def test_last_active_pksdm_stays(cast, sign_in, how):
    former = factories.RoleGrantFactory(role=Role.PKSDM, valid_to=date(2021, 1, 1)).user
    assert not has_pksdm(former)
    end_pksdm(sign_in(cast.pksdm), cast.pksdm, how)
    assert has_pksdm(cast.pksdm)


@pytest.mark.parametrize("how", ENDINGS)
def test_pksdm_beside_another_can_go(cast, sign_in, how):
    other = factories.RoleGrantFactory(role=Role.PKSDM).user
    end_pksdm(sign_in(cast.pksdm), other, how)
    assert not has_pksdm(other)


def test_last_pksdm_refused_says_so_on_the_form(cast, sign_in):
    page = sign_in(cast.pksdm).post(address(User, "change", cast.pksdm.pk), form_of(cast.pksdm, is_active=None)).content.decode()
    assert "Harus tetap ada satu akun PKSDM" in page


# --- who was made -----------------------------------------------------------------------------


def test_createsuperuser_leaves_its_trace(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "kuda-empat-melompat")
    call_command("createsuperuser", "--noinput", username="akar", email="akar@contoh.go.id", full_name="Akar", verbosity=0)
    entries = AuditEntry.objects.about(User.objects.get()).order_by("pk")
    assert list(entries.values_list("verb", "note")) == [("add", "createsuperuser"), ("grant", "createsuperuser")]
