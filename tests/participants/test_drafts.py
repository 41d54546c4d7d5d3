"""What is typed and not saved yet: kept for each form, offered again, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.models import RegistrationDraft
from participants.periodic import discard_stale_previews
from tests.participants.test_people_views import form_data, person

__all__ = ["person"]


def test_participant_draft_comes_back_when_chosen_and_can_be_thrown_away(cast, sign_in):
    client, add = sign_in(cast.admin_kupang), reverse("participant_add")
    typed = {"nip": "19990317", "full_name": "Setengah", "draf": "a"}
    answer = client.post(reverse("participant_draft"), typed, headers={"X-Autosave": "1"})
    assert "Draf tersimpan" in answer.content.decode()
    assert [one.key for one in client.get(add).context["offered"]] == ["a"]
    page = client.get(add, {"draf": "a"})
    assert (page.context["form"]["nip"].value(), page.context["draft_key"], page.context["offered"]) == ("19990317", "a", [])
    foreign = sign_in(cast.admin_ende).get(add, {"draf": "a"})
    assert (foreign.context["form"]["nip"].value(), foreign.context["offered"]) == (None, [])
    client.post(reverse("participant_draft"), {"buang": "1", "draf": "a"})
    assert client.get(add).context["offered"] == []


def test_participant_draft_of_another_tab_survives_a_registration(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    for key in ("a", "b"):
        client.post(reverse("participant_draft"), {"full_name": f"Tab {key}", "draf": key})
    client.post(reverse("participant_add"), form_data(cast, draf="a"))
    assert [one.label for one in client.get(reverse("participant_add")).context["offered"]] == ["Tab b"]


@pytest.mark.parametrize("early", [True, False])
def test_participant_draft_that_arrives_after_the_registration_is_not_kept(cast, sign_in, early):
    client, draft = sign_in(cast.admin_kupang), reverse("participant_draft")
    if early:
        client.post(draft, {"full_name": "Theodora", "draf": "a"})
    client.post(reverse("participant_add"), form_data(cast, draf="a"))
    client.post(draft, {"full_name": "Theodora Contoh", "draf": "a"}, headers={"X-Autosave": "1"})
    assert client.get(reverse("participant_add")).context["offered"] == []


def test_participant_draft_of_an_edit_is_offered_on_its_form_until_it_is_saved(cast, sign_in, person):
    client, edit = sign_in(cast.admin_kupang), reverse("participant_edit", args=[person.pk])
    typed = {"address": "Jalan Panjang 77", "phone": "", "version": "1", "draf": "a", "orang": str(person.pk)}
    client.post(reverse("participant_draft"), typed, headers={"X-Autosave": "1"})
    assert [one.key for one in client.get(edit).context["offered"]] == ["a"]
    assert client.get(reverse("participant_add")).context["offered"] == []
    form = client.get(edit, {"draf": "a"}).context["form"]
    assert [form[name].value() for name in ("address", "phone", "full_name")] == ["Jalan Panjang 77", "", person.full_name]
    client.post(edit, form_data(cast, nip=person.nip, version="1", draf="a"))
    assert client.get(edit).context["offered"] == []
    assert sign_in(cast.admin_ende).post(reverse("participant_draft"), typed).status_code == 404


def test_forget_old_drops_used_drafts_and_edits_that_nobody_went_on_with(cast, person):
    now = timezone.now()
    for key, about, days, used in (
        ("new", None, 90, False),
        ("edit", person, 40, False),
        ("late", person, 9, False),
        ("used", None, 2, True),
    ):
        draft = RegistrationDraft.objects.create(user=cast.admin_kupang, key=key, participant=about)
        at = now - timedelta(days=days)
        RegistrationDraft.objects.filter(pk=draft.pk).update(saved_at=at, used_at=at if used else None)
    discard_stale_previews()
    assert set(RegistrationDraft.objects.values_list("key", flat=True)) == {"new", "late"}
