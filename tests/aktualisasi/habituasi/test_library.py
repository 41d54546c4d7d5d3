"""The library: two consents, what is shown, what is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aktualisasi.models import LibraryConsent, LibraryEntry, Theme
from aktualisasi.services.library import answer_for_satker, release_entry, take_back_entry
from latsar.accounts.errors import NotAllowed, Refused
from participants.models import Participant
from tests import factories


@pytest.fixture
def done(work):
    """The author has graduated; the plan holds an address and a number that must not come out."""
    Participant.objects.filter(pk=work.person_id).update(stage="graduated", graduated_on=work.today, phone="081200000999")
    work.rancangan.idea = "Hubungi orang@contoh.go.id atau 0812 0000 0999, NIP 199501012026011001."
    work.rancangan.save()
    return work


def release(done, **facts) -> LibraryEntry:
    given = {"theme_id": Theme.objects.get(name="Arsip dan dokumentasi hukum").pk, "show_name": False, "by": done.story.author} | facts
    return release_entry(participant_id=done.person_id, **given)


def test_entry_shows_only_while_both_consents_stand(done) -> None:
    entry = release(done)
    assert not LibraryEntry.objects.released().exists()
    answer_for_satker(entry_id=entry.pk, given=True, by=done.story.admin)
    assert LibraryEntry.objects.released().get() == entry
    answer_for_satker(entry_id=entry.pk, given=False, by=done.story.admin)
    assert not LibraryEntry.objects.released().exists()
    answer_for_satker(entry_id=entry.pk, given=True, by=done.story.admin)
    take_back_entry(participant_id=done.person_id, by=done.story.author)
    assert not LibraryEntry.objects.released().exists()
    told = [(one.side, one.is_given) for one in LibraryConsent.objects.order_by("pk")]
    assert told == [("author", True), ("satker", True), ("satker", False), ("satker", True), ("author", False)]


def test_release_that_changes_what_is_shown_asks_the_satker_again(done) -> None:
    entry = release(done)
    answer_for_satker(entry_id=entry.pk, given=True, by=done.story.admin)
    assert release(done).satker_at is not None
    assert release(done, show_name=True).satker_at is None


def test_content_blanks_contact_data_and_names_nobody(done) -> None:
    entry = release(done)
    assert entry.content["idea"] == "Hubungi … atau …, NIP …."
    assert "Penulis Contoh" not in str(entry.content) + entry.words
    assert (entry.author_name, release(done, show_name=True).author_name) == ("", "Penulis Contoh, S.Kom.")


def test_release_before_graduation_or_by_anybody_else_is_not_allowed(work, cast) -> None:
    theme = Theme.objects.first().pk
    for by in (work.story.author, work.story.mentor, cast.pksdm):
        with pytest.raises(NotAllowed):
            release_entry(participant_id=work.person_id, theme_id=theme, show_name=False, by=by)


def test_release_needs_a_theme_that_is_offered(done) -> None:
    Theme.objects.update(is_active=False)
    with pytest.raises(Refused) as refused:
        release(done)
    assert list(refused.value.message_dict) == ["theme"]


@pytest.mark.parametrize("name", ["admin_ende", "provinsi_b", "mentor_a", "coach_a", "pimpinan", "stranger"])
def test_answer_for_satker_by_who_does_not_administer_it_is_not_allowed(done, cast, name) -> None:
    entry = release(done)
    with pytest.raises(NotAllowed):
        answer_for_satker(entry_id=entry.pk, given=True, by=getattr(cast, name))


def test_answer_for_satker_before_the_author_is_refused(done) -> None:
    entry = release(done)
    take_back_entry(participant_id=done.person_id, by=done.story.author)
    with pytest.raises(NotAllowed):  # the entry is out of everybody's sight but its author's
        answer_for_satker(entry_id=entry.pk, given=True, by=done.story.admin)


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=ARSIP", 1), ("q=menata kupang", 1), ("q=tidak-ada", 0), ("tahun=1999", 1), ("tema=x", 1)],
)
def test_library_finds_by_words_of_title_and_satker_in_any_case(done, sign_in, cast, query, found) -> None:
    answer_for_satker(entry_id=release(done).pk, given=True, by=done.story.admin)
    page = sign_in(cast.mentor_b).get(f"{reverse('library')}?{query}")
    assert len(page.context["page"].object_list) == found


def test_library_lists_at_a_constant_number_of_queries(done, sign_in, cast) -> None:
    answer_for_satker(entry_id=release(done).pk, given=True, by=done.story.admin)
    client, counts = sign_in(cast.pksdm), []
    client.get(reverse("library"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("library")).status_code == 200
        counts.append(len(queries))
        if len(counts) == 1:
            _two_more(done)
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def _two_more(done) -> None:
    first = LibraryEntry.objects.get()
    for _ in range(2):
        person = factories.ParticipantFactory(
            satker=done.story.participant.satker, batch=done.phase.batch, stage="graduated", graduated_on=done.today - timedelta(days=9)
        )
        LibraryEntry.objects.create(
            participant=person, theme=first.theme, title="Lain", year=2025, author_at=first.author_at, satker_at=first.author_at, content={}
        )


def test_library_page_of_an_entry_shows_matrix_and_no_name(done, sign_in, cast) -> None:
    entry = answer_for_satker(entry_id=release(done).pk, given=True, by=done.story.admin)
    page = sign_in(cast.mentor_b).get(entry.get_absolute_url()).content.decode()
    assert "Langkah 1.1" in page
    assert "Penulis Contoh" not in page


def test_library_export_is_for_leaders_and_holds_no_name_that_was_not_released(done, sign_in, cast) -> None:
    answer_for_satker(entry_id=release(done).pk, given=True, by=done.story.admin)
    answer = sign_in(cast.pksdm).get(reverse("library_export"))
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert sign_in(cast.admin_kupang).get(reverse("library_export")).status_code == 404


def test_author_releases_and_takes_back_on_the_own_page(done, sign_in) -> None:
    client = sign_in(done.story.author)
    assert client.post(reverse("library_own"), {}).status_code == 422
    theme = Theme.objects.first().pk
    assert client.post(reverse("library_own"), {"theme": theme, "show_name": "on"}).status_code == 302
    entry = LibraryEntry.objects.get()
    assert (entry.show_name, entry.author_at is not None) == (True, True)
    client.post(reverse("library_own"), {"langkah": "tarik"})
    entry.refresh_from_db()
    assert entry.author_at is None
