"""People and accounts in the admin: saved by the services, granted by those who may, whatever is posted."""

from __future__ import annotations

import pytest

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.notices.models import OutboxMail
from participants.enums import Stage
from participants.models import Participant
from tests import factories
from tests.admin_pages import act, address, person_of, text


def _participant_form(person: Participant, **changed: object) -> dict[str, object]:
    names = [
        "nip",
        "full_name",
        "golongan",
        "jabatan",
        "education",
        "study_programme",
        "birth_place",
        "religion",
        "email",
        "phone",
        "address",
        "special_needs",
        "version",
    ]
    inlines = ("documents", "placements", "movements", "field_notes", "stage_changes")
    empty = {f"{prefix}-{part}": 0 for prefix in inlines for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {name: getattr(person, name) for name in names} | {"satker": person.satker_id} | empty | changed


def test_participant_change_goes_through_the_service(cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh")
    client = sign_in(cast.admin_kupang)
    form = _participant_form(person, full_name="Maria Contoh, S.H.", stage="graduated", province=cast.province_b.pk, deadline="2030-01-01")
    assert client.post(address(Participant, "change", person.pk), form).status_code == 302
    after = Participant.objects.get(pk=person.pk)
    assert (after.full_name, after.version, after.stage) == ("Maria Contoh, S.H.", 2, Stage.REGISTERED)
    assert (after.province_id, after.deadline) == (cast.province_a.pk, person.deadline)
    assert audit.AuditEntry.objects.about(person).filter(verb="change").count() == 1


def test_participant_change_stale_version_is_shown_and_keeps_what_was_typed(cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh")
    Participant.objects.filter(pk=person.pk).update(version=7)
    answer = sign_in(cast.admin_kupang).post(address(Participant, "change", person.pk), _participant_form(person, full_name="Ketikan Saya"))
    assert answer.status_code == 200
    assert "sudah diubah orang lain" in text(answer)
    assert "Ketikan Saya" in text(answer)
    assert Participant.objects.get(pk=person.pk).full_name == "Maria Contoh"


def test_participant_add_derives_from_the_nip_and_refuses_a_bad_one_beside_its_field(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    person = factories.ParticipantFactory.build(satker=cast.kupang)
    form = _participant_form(person)
    answer = client.post(address(Participant, "add"), form | {"nip": "199501012026130900"})
    assert answer.status_code == 200
    assert "nip" in answer.context["adminform"].form.errors
    assert client.post(address(Participant, "add"), form).status_code == 302
    saved = Participant.objects.get(nip=person.nip)
    assert (saved.province, saved.created_by, saved.birth_date) == (cast.province_a, cast.admin_kupang, person.birth_date)


def test_participant_add_to_a_foreign_satker_is_refused(cast, sign_in):
    person = factories.ParticipantFactory.build(satker=cast.denpasar)
    answer = sign_in(cast.admin_kupang).post(address(Participant, "add"), _participant_form(person))
    assert answer.status_code == 200
    assert "satker" in answer.context["adminform"].form.errors
    assert not Participant.objects.exists()


def test_participant_locked_after_submission_cannot_be_changed_by_its_satker(cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh", stage=Stage.SUBMITTED)
    answer = sign_in(cast.admin_kupang).post(address(Participant, "change", person.pk), _participant_form(person, full_name="Diubah"))
    assert answer.status_code in (403, 404)
    assert Participant.objects.get(pk=person.pk).full_name == "Maria Contoh"


def test_participant_actions_move_through_the_service(cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh")
    act(sign_in(cast.admin_kupang), Participant, "move_submit", [person])
    assert Participant.objects.get(pk=person.pk).stage == Stage.SUBMITTED
    province = sign_in(cast.provinsi_a)
    refused = act(province, Participant, "move_return", [person])
    assert "Tulis alasannya" in text(refused)
    assert Participant.objects.get(pk=person.pk).stage == Stage.SUBMITTED
    act(province, Participant, "move_return", [person], note="Ijazah belum jelas")
    after = Participant.objects.get(pk=person.pk)
    assert (after.stage, after.return_note) == (Stage.RETURNED, "Ijazah belum jelas")


def test_participant_action_that_is_not_the_roles_does_nothing(cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh", stage=Stage.SUBMITTED)
    act(sign_in(cast.admin_kupang), Participant, "move_verify", [person])
    assert Participant.objects.get(pk=person.pk).stage == Stage.SUBMITTED


@pytest.mark.parametrize("action", ["move_submit", "export_chosen", "delete_selected"])
def test_action_over_a_mixed_list_does_nothing_at_all(action, cast, sign_in):
    own, other = person_of(cast.kupang, "Maria Contoh"), person_of(cast.denpasar, "Ketut Contoh")
    answer = act(sign_in(cast.admin_kupang), Participant, action, [own, other], post="yes")
    assert answer.status_code == 404
    assert {person.stage for person in Participant.objects.all()} == {Stage.REGISTERED}
    assert Participant.objects.count() == 2


def test_action_select_across_stays_inside_the_scope(cast, sign_in):
    own, other = person_of(cast.kupang, "Maria Contoh"), person_of(cast.denpasar, "Ketut Contoh")
    act(sign_in(cast.admin_kupang), Participant, "move_submit", [own], select_across="1")
    assert [Participant.objects.get(pk=row.pk).stage for row in (own, other)] == [Stage.SUBMITTED, Stage.REGISTERED]


@pytest.mark.parametrize("chosen", ["abc", "9" * 40, "1 OR 1=1", "-1"])
def test_action_with_a_forged_key_is_404(chosen, cast, sign_in):
    assert act(sign_in(cast.admin_kupang), Participant, "move_submit", [chosen]).status_code == 404


def test_delete_is_offered_for_no_person(cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh")
    client = sign_in(cast.pksdm)
    assert client.post(address(Participant, "delete", person.pk), {"post": "yes"}).status_code in (403, 404)
    act(client, Participant, "delete_selected", [person], post="yes")
    assert Participant.objects.filter(pk=person.pk).exists()


# --- accounts and grants


def _grants(*rows: dict[str, object], initial: int = 0) -> dict[str, object]:
    form: dict[str, object] = {"grants-TOTAL_FORMS": len(rows), "grants-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        form |= {f"grants-{number}-{name}": value for name, value in row.items()}
    return form


NEW = {"username": "baru", "full_name": "Orang Baru", "email": "baru@contoh.go.id", "zone": "WITA", "is_active": "on"}


def test_user_added_by_a_province_is_admin_of_its_satker_without_a_password(cast, sign_in):
    grant = {"role": Role.ADMIN_SATKER, "satker": cast.ende.pk, "valid_from": "01-01-2026"}
    answer = sign_in(cast.provinsi_a).post(address(User, "add"), NEW | _grants(grant) | {"password": "empat-kuda-melompat"})
    assert answer.status_code == 302
    saved = User.objects.get(username="baru")
    assert not saved.has_usable_password()
    assert [(g.role, g.satker, g.granted_by) for g in saved.grants.all()] == [(Role.ADMIN_SATKER, cast.ende, cast.provinsi_a)]


@pytest.mark.parametrize(
    ("role", "unit"),
    [(Role.PKSDM, None), (Role.PIMPINAN, None), (Role.ADMIN_PROVINSI, "province_a"), (Role.MENTOR, None), (Role.ADMIN_SATKER, "denpasar")],
)
def test_user_added_by_a_province_gets_no_other_grant(role, unit, cast, sign_in):
    grant = {"role": role, "satker": getattr(cast, unit).pk if unit else "", "valid_from": "01-01-2026"}
    answer = sign_in(cast.provinsi_a).post(address(User, "add"), NEW | _grants(grant))
    assert answer.status_code == 200
    assert not User.objects.filter(username="baru").exists()
    alone = {"user": cast.admin_ende.pk, **grant}
    sign_in(cast.provinsi_a).post(address(RoleGrant, "add"), alone)
    assert cast.admin_ende.grants.count() == 1


def test_user_added_by_a_province_needs_a_task(cast, sign_in):
    assert sign_in(cast.provinsi_a).post(address(User, "add"), NEW | _grants()).status_code == 200
    assert not User.objects.filter(username="baru").exists()


def test_user_fields_are_not_changed_by_a_province(cast, sign_in):
    """Else a province could point the reset mail of a colleague to itself."""
    form = NEW | _grants(initial=0)
    sign_in(cast.provinsi_a).post(address(User, "change", cast.admin_kupang.pk), form)
    cast.admin_kupang.refresh_from_db()
    assert (cast.admin_kupang.username, cast.admin_kupang.email) == ("admin.kupang", "admin.kupang@contoh.go.id")


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a"])
def test_grant_of_a_foreign_row_in_a_forged_inline_changes_nothing(who, cast, sign_in):
    theirs = cast.admin_denpasar.grants.get()
    forged = {
        "id": theirs.pk,
        "user": cast.admin_kupang.pk,
        "role": Role.ADMIN_SATKER,
        "satker": cast.kupang.pk,
        "valid_from": "01-01-2026",
    }
    for more in ({}, {"DELETE": "on"}):
        sign_in(getattr(cast, who)).post(address(User, "change", cast.admin_kupang.pk), _grants(forged | more, initial=1))
    theirs.refresh_from_db()
    assert (theirs.user, theirs.satker) == (cast.admin_denpasar, cast.denpasar)
    assert cast.admin_kupang.grants.count() == 1


def test_grant_of_a_satker_admin_adds_nothing(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    row = {"user": cast.admin_kupang.pk, "role": Role.PKSDM, "satker": "", "valid_from": "01-01-2026"}
    assert client.post(address(RoleGrant, "add"), row).status_code in (403, 404)
    client.post(address(User, "change", cast.admin_kupang.pk), _grants(row))
    client.post(address(User, "add"), NEW | _grants(row))
    assert RoleGrant.objects.filter(role=Role.PKSDM).count() == 1
    assert not User.objects.filter(username="baru").exists()


def test_national_role_is_granted_by_pksdm_only_and_leaves_an_audit_row(cast, sign_in):
    row = {"user": cast.stranger.pk, "role": Role.PIMPINAN, "satker": "", "institute": "", "valid_from": "01-01-2026", "valid_to": ""}
    assert sign_in(cast.provinsi_a).post(address(RoleGrant, "add"), row).status_code == 200
    assert sign_in(cast.pksdm).post(address(RoleGrant, "add"), row).status_code == 302
    grant = cast.stranger.grants.get()
    assert (grant.role, grant.granted_by) == (Role.PIMPINAN, cast.pksdm)
    assert audit.AuditEntry.objects.about(grant).filter(verb="add").count() == 1


def test_user_page_has_no_password_and_the_link_goes_by_mail(cast, sign_in):
    client = sign_in(cast.pksdm)
    page = text(client.get(address(User, "change", cast.admin_kupang.pk)))
    assert "password" not in page.lower()
    answer = act(client, User, "send_password_link", [cast.admin_kupang])
    assert "Tautan terkirim ke 1 orang." in text(answer)
    mail = OutboxMail.objects.get()
    assert mail.to == "admin.kupang@contoh.go.id"
    link = next(word for word in mail.body.split() if "/akun/sandi/baru/" in word)
    assert link not in text(answer)


def test_user_list_says_who_has_no_password_yet_and_whether_a_link_was_sent(cast, sign_in):
    invited = factories.UserFactory(password=None, email="admin.baru@contoh.go.id", full_name="Admin Baru, S.E.")
    factories.RoleGrantFactory(user=invited, role=Role.ADMIN_SATKER, satker=cast.ende)
    client, url = sign_in(cast.pksdm), "/admin/accounts/user/"
    assert "Belum dikirimi tautan" in text(client.get(url, {"sandi": "belum"}))
    act(client, User, "send_password_link", [invited])
    page = text(client.get(url, {"sandi": "belum"}))
    assert ("Tautan dikirim" in page, "Admin Baru" in page, "Admin Kupang" in page) == (True, True, False)
    assert "Admin Baru" not in text(client.get(url, {"sandi": "sudah"}))


def test_changed_email_takes_the_old_address_out_of_use(cast, sign_in):
    cast.admin_kupang.emailaddress_set.create(email=cast.admin_kupang.email, verified=True, primary=True)
    form = {"username": "admin.kupang", "full_name": "Admin", "email": "lain@contoh.go.id", "zone": "WIB", "is_active": "on"}
    grant = cast.admin_kupang.grants.get()
    kept = {"id": grant.pk, "role": grant.role, "satker": grant.satker_id, "valid_from": grant.valid_from.strftime("%d-%m-%Y")}
    answer = sign_in(cast.pksdm).post(address(User, "change", cast.admin_kupang.pk), form | _grants(kept, initial=1))
    assert answer.status_code == 302
    assert not cast.admin_kupang.emailaddress_set.exists()


def test_user_list_filters_by_role_for_everybody_who_reads_it(cast, sign_in):
    for reader in (cast.admin_kupang, cast.provinsi_a, cast.pksdm, cast.pimpinan):
        assert sign_in(reader).get("/admin/accounts/user/", {"peran": "admin_satker"}).status_code == 200


@pytest.mark.parametrize(("who", "is_shown"), [("pimpinan", False), ("pksdm", True)])
def test_participant_page_shows_who_only_reads_no_way_to_reach_the_person(who, is_shown, cast, sign_in):
    facts = {"email": "rahasia@contoh.go.id", "phone": "081200000999", "address": "Jalan Rahasia 1"}
    person = person_of(cast.kupang, "Maria Contoh", **facts)
    page = text(sign_in(getattr(cast, who)).get(address(Participant, "change", person.pk)))
    assert "Maria Contoh" in page
    assert [fact in page for fact in facts.values()] == [is_shown] * 3


@pytest.mark.parametrize(("who", "is_shown"), [("pimpinan", False), ("pksdm", True)])
def test_user_list_form_search_and_export_hide_the_address_from_who_only_reads(who, is_shown, cast, sign_in):
    User.objects.filter(pk=cast.admin_kupang.pk).update(email="rahasia@contoh.go.id")
    client = sign_in(getattr(cast, who))
    found = client.get(address(User, "changelist"), {"q": "rahasia"})
    pages = [
        client.get(address(User, "changelist")),
        client.get(address(User, "change", cast.admin_kupang.pk)),
        client.post("/admin/accounts/user/export/", {"format": "csv"}),
    ]
    assert ["rahasia@contoh.go.id" in text(page) for page in pages] == [is_shown] * 3
    assert ("admin.kupang" in text(found)) is is_shown
    assert ("atau e-mail" in text(pages[0])) is is_shown


@pytest.mark.parametrize(("who", "is_shown"), [("pimpinan", False), ("pksdm", True)])
def test_trail_of_an_account_hides_the_address_from_who_only_reads(who, is_shown, cast, sign_in):
    audit.record(verb="change_email", obj=cast.admin_kupang, by=cast.pksdm, changes={"email": ["lama@contoh.go.id", "baru@contoh.go.id"]})
    page = text(sign_in(getattr(cast, who)).get(address(User, "history", cast.admin_kupang.pk)))
    assert ("baru@contoh.go.id" in page) is is_shown
