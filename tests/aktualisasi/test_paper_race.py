"""An approval against a re-submission at once: whatever wins, nobody approves a version that was not read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import close_old_connections, connections

from aktualisasi import services
from aktualisasi.models import Paper, PaperVersion
from latsar.accounts.errors import IllegalMove, Refused, StaleVersion
from tests.aktualisasi.conftest import all_ok

ROUNDS = 4


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls in threads of their own that start together; return what became of each, in their order."""
    barrier, said = threading.Barrier(len(calls)), [""] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        close_old_connections()
        barrier.wait(timeout=30)
        try:
            call()
            said[place] = "done"
        except (IllegalMove, StaleVersion) as late:
            said[place] = type(late).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return said


@pytest.mark.django_db(transaction=True)
def test_approve_against_resubmit_never_approves_the_unread(story) -> None:
    paper = story.submit()

    def approve(read: PaperVersion) -> None:
        services.review_paper(paper_id=paper.pk, seen_version_id=read.pk, action="approve", answers=all_ok(), by=story.mentor)

    def resubmit(pages: int) -> None:
        services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
        story.upload(paper, pages)
        services.move_paper(paper_id=paper.pk, action="submit", by=story.author)

    for pages in range(2, 2 + ROUNDS):
        read = paper.latest_version
        said = at_once(partial(approve, read), partial(resubmit, pages))
        paper.refresh_from_db()
        if paper.stage == "at_coach":
            assert (said, paper.latest_version.pk) == (["done", "IllegalMove"], read.pk)
            services.move_paper(paper_id=paper.pk, action="recall", by=story.mentor)
            services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
            story.upload(paper, pages)
            services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
        else:
            assert (paper.stage, said[1], paper.latest_version.pages) == ("submitted", "done", pages)
            assert said[0] in ("IllegalMove", "StaleVersion")


def test_without_the_version_that_was_read_the_unread_one_is_approved(story) -> None:
    """The control: a decision that does not say what was read goes to whatever is newest."""
    paper = story.submit()
    read = paper.latest_version
    services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
    unread = story.upload(paper, 2)
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    with pytest.raises(StaleVersion):
        services.move_paper(paper_id=paper.pk, action="approve", by=story.mentor, seen_version_id=read.pk)
    services.move_paper(paper_id=paper.pk, action="approve", by=story.mentor)
    approved = Paper.objects.get()
    assert (approved.stage, approved.latest_version.pk) == ("at_coach", unread.pk)


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_make_one(story) -> None:
    paper = story.write()
    story.upload(paper)

    def submit() -> None:
        services.move_paper(paper_id=paper.pk, action="submit", by=story.author)

    assert sorted(at_once(submit, submit)) == ["IllegalMove", "done"]
    assert paper.stage_changes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_get_two_numbers(story) -> None:
    paper = story.write()
    at_once(lambda: story.upload(paper, 1), lambda: story.upload(paper, 2))
    assert sorted(paper.versions.values_list("number", flat=True)) == [1, 2]


def test_the_thirty_first_version_is_refused_and_says_so(story) -> None:
    paper = story.write()
    made = [
        PaperVersion(paper=paper, number=n, name="a.pdf", size=1, pages=1, sha256=f"{n:064d}", uploaded_by=story.author)
        for n in range(1, 31)
    ]
    PaperVersion.objects.bulk_create(made)
    with pytest.raises(Refused, match="30 versi"):
        story.upload(paper)
