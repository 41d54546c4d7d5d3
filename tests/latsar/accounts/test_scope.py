from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import AuditEntry, RoleGrant, Stranger, User
from latsar.satker.models import Satker
from participants.models import Participant
from tests.factories import ParticipantFactory, RoleGrantFactory, UserFactory


def seen(model, user) -> set:
    return set(model.objects.visible_to(user))


def test_visible_to_each_role_sees_its_units(cast):
    in_kupang, in_ende, in_badung = (ParticipantFactory(satker=s) for s in (cast.kupang, cast.ende, cast.badung))
    assert seen(Participant, cast.admin_kupang) == {in_kupang}
    assert seen(Participant, cast.provinsi_a) == {in_kupang, in_ende}
    assert seen(Participant, cast.provinsi_b) == {in_badung}
    assert seen(Participant, cast.pksdm) == seen(Participant, cast.pimpinan) == {in_kupang, in_ende, in_badung}
    assert seen(Participant, cast.mentor_a) == seen(Participant, cast.stranger) == seen(Participant, Stranger()) == set()


def test_visible_to_participant_sees_oneself_only(cast):
    own = ParticipantFactory(satker=cast.kupang, user=UserFactory())
    ParticipantFactory(satker=cast.kupang)
    RoleGrantFactory(user=own.user, role=Role.PESERTA)
    assert seen(Participant, own.user) == {own}


def test_visible_to_satker_sees_the_own_unit_and_province_its_tree(cast):
    assert seen(Satker, cast.admin_kupang) == {cast.kupang}
    assert seen(Satker, cast.provinsi_a) == {cast.province_a, cast.kupang, cast.ende}


def test_grant_outside_its_dates_gives_nothing(cast):
    ParticipantFactory(satker=cast.kupang)
    today = timezone.localdate()
    for dates in (
        {"valid_to": today - timedelta(days=1), "valid_from": today - timedelta(days=9)},
        {"valid_from": today + timedelta(days=1)},
    ):
        user = UserFactory()
        RoleGrantFactory(user=user, role=Role.ADMIN_SATKER, satker=cast.kupang, **dates)
        assert seen(Participant, user) == set()


def test_grant_change_takes_effect_at_the_next_request(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    assert client.get("/peserta/").status_code == 200
    RoleGrant.objects.filter(user=cast.admin_kupang).delete()
    assert client.get("/peserta/").status_code == 404


def test_deactivated_person_is_out_at_the_next_request(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    User.objects.filter(pk=cast.admin_kupang.pk).update(is_active=False)
    assert client.get("/peserta/").status_code == 302


@pytest.mark.parametrize("role", [Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.LEMBAGA])
def test_grant_without_its_unit_is_refused_by_the_database(db, role):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(role=role)


def test_same_grant_twice_is_refused_by_the_database(cast):
    for grant in (
        {"role": Role.ADMIN_SATKER, "satker": cast.kupang},
        {"role": Role.PKSDM},
        {"role": Role.LEMBAGA, "institute": cast.institute_a},
    ):
        user = UserFactory()
        RoleGrantFactory(user=user, **grant)
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrantFactory(user=user, **grant)


def undeclared(request):
    return HttpResponse("terbuka")


urlpatterns = [path("tanpa-kebijakan/", undeclared, name="undeclared")]


@override_settings(ROOT_URLCONF=__name__)
def test_view_without_declared_access_is_refused(cast, sign_in):
    client = sign_in(cast.pksdm)
    client.raise_request_exception = False
    response = client.get("/tanpa-kebijakan/")
    assert (response.status_code, b"terbuka" in response.content) == (500, False)


def test_audit_rows_follow_the_unit(cast):
    for satker in (cast.kupang, cast.badung):
        AuditEntry.objects.create(verb="uji", model="x", object_id="1", object_label=satker.name, satker=satker, province=satker.province)
    assert [e.object_label for e in AuditEntry.objects.visible_to(cast.provinsi_a)] == [cast.kupang.name]


def test_client_ip_counts_only_our_own_proxies(settings):
    from latsar.accounts.middleware import client_ip

    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.7")
    assert client_ip(request) == "10.0.0.9"
    settings.TRUSTED_PROXIES = 1
    assert client_ip(request) == "203.0.113.7"
