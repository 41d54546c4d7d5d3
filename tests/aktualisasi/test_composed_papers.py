"""Papers made from the data alone: handed in without a file, printed once, renewed, sent back, compared."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from aktualisasi import paper_content, printing, services, tasks
from aktualisasi.laporan_prefill import KEGIATAN_FIELDS, LAPORAN_FIELDS
from aktualisasi.models import Laporan, Paper, PaperVersion, Rancangan
from aktualisasi.services.laporan import declare_laporan, present_statement, save_laporan, start_laporan
from aktualisasi.services.recording import record_tahapan
from latsar.accounts.errors import NotAllowed, Refused
from tests.aktualisasi.builder.conftest import Builder, builder_of
from tests.aktualisasi.conftest import Story, all_ok
from tests.aktualisasi.habituasi.conftest import Field, field_of
from tests.conftest import Cast

NO_CHANGE = "perubahan yang menjawab catatan"


class Case:
    """A paper that is whole by its data, whose author can change one text of it."""

    def __init__(self, story: Story, paper: Paper, maker: Builder | Field) -> None:
        self.story, self.paper, self.maker = story, paper, maker

    def change(self, text: str) -> None:
        """Change one text: the idea of a rancangan, the outcome of a laporan."""
        if isinstance(self.maker, Builder):
            self.maker.save("rancangan.idea", text, Rancangan.objects.get(pk=self.paper.rancangan_id).idea)
            return
        version = Laporan.objects.get().version
        measures = [("Waktu", "40 menit", "2 menit")]
        save_laporan(
            participant_id=self.story.participant.pk, texts={"outcome": text}, told={}, measures=measures, version=version,
            by=self.story.author,
        )  # fmt: skip

    def text(self) -> str:
        if isinstance(self.maker, Builder):
            return Rancangan.objects.get(pk=self.paper.rancangan_id).idea
        return Laporan.objects.get().outcome

    def content(self) -> paper_content.Content:
        """Read the data as they stand now, not as this paper remembers them."""
        return paper_content.content_of(Paper.objects.get(pk=self.paper.pk))

    def move(self, action: str, by=None, note: str = "") -> Paper:
        return services.move_paper(paper_id=self.paper.pk, action=action, by=by or self.story.author, note=note)

    def submit(self) -> PaperVersion:
        return self.move("submit").latest_version

    def compose(self) -> PaperVersion:
        return services.compose_version(paper_id=self.paper.pk, by=self.story.author)

    def send_back(self) -> None:
        self.move("return", by=self.story.mentor, note="Pertajam bagian ini.")

    def approve(self, version: PaperVersion) -> Paper:
        return services.review_paper(
            paper_id=self.paper.pk, seen_version_id=version.pk, action="approve", answers=all_ok(self.paper.kind), by=self.story.mentor
        )


def whole_rancangan(story: Story) -> Case:
    builder = builder_of(story)
    rancangan = builder.whole()
    builder.save("rancangan.idea", "Daftar telusur yang lama", "Isi idea")
    return Case(story, rancangan.papers.get(kind="rancangan"), builder)


def whole_laporan(story: Story, cast: Cast) -> Case:
    work = field_of(story, cast)
    for step in work.steps:
        record_tahapan(tahapan_id=step.pk, state="done", version=0, by=story.author)
    work.evidence(0)
    work.evidence(2)
    laporan = start_laporan(participant_id=work.person_id, by=story.author)
    told = {row.kegiatan_id: dict.fromkeys(KEGIATAN_FIELDS, "Uraian") for row in laporan.kegiatan.all()}
    texts = dict.fromkeys(LAPORAN_FIELDS, "Uraian") | {"outcome": "Daftar telusur yang lama"}
    save_laporan(
        participant_id=work.person_id, texts=texts, told=told, measures=[("Waktu", "40 menit", "2 menit")], version=laporan.version,
        by=story.author,
    )  # fmt: skip
    declare_laporan(participant_id=work.person_id, statement_id=present_statement().pk, by=story.author)
    return Case(story, work.rancangan.papers.get(kind="laporan"), work)


@pytest.fixture(params=["rancangan", "laporan"])
def case(request, story, cast) -> Case:
    made = whole_rancangan(story) if request.param == "rancangan" else whole_laporan(story, cast)
    assert paper_content.percent_of(Paper.objects.get(pk=made.paper.pk)) == 100
    return made


def test_whole_data_are_submitted_without_a_file(case) -> None:
    version = case.submit()
    assert (version.number, version.source, version.sha256, bool(version.file)) == (1, "composed", "", False)
    assert version.submitted_at is not None
    assert version.content == case.content()
    assert Paper.objects.get(pk=case.paper.pk).stage == "submitted"


def test_data_that_lack_one_text_are_not_submitted(case) -> None:
    case.change("")
    with pytest.raises(Refused, match="atau PDF buatan sendiri"):
        case.submit()
    assert not case.paper.versions.exists()


def test_a_kept_content_stays_when_the_data_change(case) -> None:
    version = case.submit()
    kept = version.content
    case.move("withdraw")
    case.change("Kata yang lain")
    version.refresh_from_db()
    assert version.content == kept
    assert not paper_content.says_the_same(kept, case.content())


def test_print_version_gives_file_pages_and_hash_once(case) -> None:
    version = case.submit()
    assert printing.print_version(version.pk) is True
    version.refresh_from_db()
    with version.file.open("rb") as stored:
        pdf = stored.read()
    assert pdf.startswith(b"%PDF-")
    assert (version.sha256, version.size) == (hashlib.sha256(pdf).hexdigest(), len(pdf))
    assert version.pages > 3
    before = (version.file.name, version.sha256)
    assert printing.print_version(version.pk) is False
    version.refresh_from_db()
    assert (version.file.name, version.sha256) == before


def test_mentor_cannot_approve_before_it_is_printed(case) -> None:
    version = case.submit()
    with pytest.raises(Refused, match="masih disusun"):
        case.approve(version)
    with pytest.raises(Refused, match="masih disusun"):
        case.move("approve", by=case.story.mentor)
    assert Paper.objects.get(pk=case.paper.pk).stage == "submitted"
    printing.print_version(version.pk)
    assert case.approve(version).stage == "at_coach"


def test_mentor_may_send_back_what_is_not_printed_yet(case) -> None:
    case.submit()
    case.send_back()
    assert Paper.objects.get(pk=case.paper.pk).stage == "returned"


def test_the_same_data_are_refused_after_a_return(case) -> None:
    case.submit()
    case.send_back()
    with pytest.raises(Refused, match=NO_CHANGE):
        case.submit()
    assert case.paper.versions.count() == 1


def test_composing_the_same_data_anew_does_not_get_round_the_refusal(case) -> None:
    case.submit()
    case.send_back()
    assert case.compose().number == 2
    with pytest.raises(Refused, match=NO_CHANGE):
        case.submit()
    assert Paper.objects.get(pk=case.paper.pk).stage == "returned"


def test_changed_data_make_version_two_and_version_one_stays(case) -> None:
    first = case.submit()
    printing.print_version(first.pk)
    first.refresh_from_db()
    case.send_back()
    case.change("Daftar telusur yang baru")
    second = case.submit()
    assert (second.number, second.source, second.content == first.content) == (2, "composed", False)
    kept = PaperVersion.objects.get(pk=first.pk)
    assert (kept.content, kept.sha256, kept.file.name, kept.submitted_at) == (
        first.content,
        first.sha256,
        first.file.name,
        first.submitted_at,
    )


def test_two_versions_are_compared_word_by_word(case, sign_in) -> None:
    case.submit()
    case.send_back()
    case.change("Daftar telusur yang baru")
    case.submit()
    url = f"/aktualisasi/naskah/{case.paper.pk}/banding/?dari=1&ke=2"
    for who in (case.story.author, case.story.mentor, case.story.coach):
        page = sign_in(who).get(url).content.decode()
        assert 'Daftar telusur yang <del class="is-bad">lama</del><ins class="is-ok">baru</ins>' in page
        assert page.count("<del") == 1
    same = sign_in(case.story.mentor).get(url.replace("ke=2", "ke=1")).content.decode()
    assert "<del" not in same


def test_comparison_of_a_foreign_paper_is_404(case, sign_in, cast) -> None:
    case.submit()
    for who in (cast.stranger, cast.mentor_b, cast.coach_b):
        assert sign_in(who).get(f"/aktualisasi/naskah/{case.paper.pk}/banding/?dari=1&ke=2").status_code == 404


def test_a_text_saved_while_the_paper_is_read_is_refused(case) -> None:
    case.submit()
    with pytest.raises(Refused, match="Tarik kembali"):
        case.change("Diam-diam diganti")
    with pytest.raises(Refused, match="sedang dibaca"):
        case.compose()
    assert case.text() == "Daftar telusur yang lama"
    case.move("withdraw")
    case.change("Sesudah ditarik")
    assert case.text() == "Sesudah ditarik"


def test_an_unsubmitted_version_is_renewed_not_multiplied(case) -> None:
    first = case.compose()
    printing.print_version(first.pk)
    printed = PaperVersion.objects.get(pk=first.pk)
    storage, old_file = printed.file.storage, printed.file.name
    assert case.compose().pk == first.pk
    case.change("Daftar telusur yang baru")
    assert case.compose().pk == first.pk
    renewed = case.paper.versions.get()
    assert (renewed.number, renewed.sha256, renewed.pages, bool(renewed.file)) == (1, "", 0, False)
    assert renewed.content == case.content()
    assert printing.print_version(renewed.pk) is True
    assert case.paper.versions.get().file.name != old_file
    assert case.submit().pk == first.pk
    assert storage.exists(case.paper.versions.get().file.name)


def test_a_renewed_version_leaves_no_old_file(case, django_capture_on_commit_callbacks) -> None:
    first = case.compose()
    printing.print_version(first.pk)
    printed = PaperVersion.objects.get(pk=first.pk)
    storage, old_file = printed.file.storage, printed.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert case.compose().pk == first.pk
    assert storage.exists(old_file)
    case.change("Daftar telusur yang baru")
    with django_capture_on_commit_callbacks(execute=True):
        case.compose()
    assert not storage.exists(old_file)


def test_a_print_of_words_that_changed_meanwhile_is_not_kept(case) -> None:
    version = PaperVersion.objects.select_related("paper__rancangan__participant__batch").get(pk=case.compose().pk)
    case.change("Daftar telusur yang baru")
    case.compose()
    assert printing._keep(version, b"%PDF-1.7 lama", 1) is False
    assert PaperVersion.objects.get(pk=version.pk).sha256 == ""


def test_left_unprinted_finds_a_version_whose_worker_died(case) -> None:
    version = case.submit()
    assert printing.left_unprinted() == []  # it was made just now
    PaperVersion.objects.filter(pk=version.pk).update(uploaded_at=timezone.now() - printing.PATIENCE - timedelta(seconds=1))
    assert printing.left_unprinted() == [version.pk]
    assert tasks.sweep_unprinted() == 1
    printing.print_version(version.pk)
    assert printing.left_unprinted() == []


def test_a_print_that_fails_says_so_until_it_succeeds(case) -> None:
    version = case.submit()
    printing.note_failure(version.pk, "print")
    assert PaperVersion.objects.get(pk=version.pk).failure == "print"
    printing.print_version(version.pk)
    assert PaperVersion.objects.get(pk=version.pk).failure == ""
    printing.note_failure(version.pk, "print")
    assert PaperVersion.objects.get(pk=version.pk).failure == ""


@pytest.mark.parametrize("name", ["mentor_a", "coach_a", "admin_kupang", "pksdm", "stranger"])
def test_compose_version_by_anybody_else_is_not_allowed(case, cast, name) -> None:
    with pytest.raises(NotAllowed):
        services.compose_version(paper_id=case.paper.pk, by=getattr(cast, name))
    assert not case.paper.versions.exists()


def test_composing_a_laporan_that_nobody_began_is_refused_in_words(story, cast) -> None:
    field_of(story, cast)
    paper = services.start_laporan(participant_id=story.participant.pk, by=story.author)
    with pytest.raises(Refused, match="Laporan belum diisi"):
        services.compose_version(paper_id=paper.pk, by=story.author)
    assert not paper.versions.exists()
