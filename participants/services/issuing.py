"""What every kind of certificate shares: a number, the printing and the publishing, one person at a time.

A crash at any point neither loses nor doubles one: each person takes two short transactions with the rendering between.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.documents.models import DocumentState, IssuedDocument, Issuer
from latsar.documents.printing import Press
from latsar.documents.render.face import CertificateFace
from latsar.documents.services import publish_document, reserve_document
from latsar.jobs.models import OPEN_STATES, ItemState, Job, JobItem
from latsar.jobs.run import JobCancelled, LeaseLost, Runner
from latsar.ui import words
from participants.documents import HARD_SPACE, Face, Problem, problems_of
from participants.people import Participant

log = logging.getLogger(__name__)


class Lacking(Refused):
    """The person's data lack what the face needs."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.text for problem in problems))
        self.fix_url = problems[0].fix_url


class Certificated(Protocol):
    """A row that ties a document to what it was issued for."""

    revoked: bool
    document: IssuedDocument
    document_id: int


class Holder(Protocol):
    """Whom a document is issued to: a participant, or somebody whom an app above knows."""

    @property
    def user(self) -> User | None: ...

    @property
    def full_name(self) -> str: ...

    @property
    def satker_id(self) -> int: ...

    @property
    def province_id(self) -> int: ...


@dataclass(frozen=True)
class Claim:
    """A person whose row is locked, what was issued to them for the same thing (newest first), and how to keep a new one.

    `problems` names what the face needs and the person's data lack.
    """

    person: Any
    earlier: Sequence[Certificated]
    keep: Callable[[IssuedDocument], object]
    problems: Callable[[Any], list[Problem]] = problems_of


class Edition(Protocol):
    """One kind of certificate for one occasion. `claim` locks the person and raises Refused when nothing is due any more."""

    @property
    def kind(self) -> str: ...

    @property
    def template(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def words(self) -> Face[Any]: ...

    def claim(self, ref: int, by: User) -> Claim: ...


@dataclass(frozen=True)
class _Reserved:
    """A number that is taken and what will be printed with it."""

    document: IssuedDocument
    face: CertificateFace
    stored: dict[str, Any]
    holder_name: str
    replaces_id: int | None


def issuer() -> Issuer:
    """Return who signs. Raises Refused before anything begins when nobody has been named."""
    found = Issuer.objects.order_by("pk").first()
    if found is None:
        raise Refused(_("Belum ada penerbit dokumen. Isi kop dan penanda tangan di halaman admin, lalu ulangi."))
    return found


def running_job(*, task: str, about: dict[str, int], by: User, busy: str) -> Job | None:
    """Return the own job that is under way for the same thing. Raises Refused with `busy` when it is somebody else's."""
    same = {f"params__{name}": value for name, value in about.items()}
    running = Job.objects.filter(task=task, state__in=OPEN_STATES, **same).select_related("requested_by").first()
    if running is not None and running.requested_by_id != by.pk:
        raise Refused(busy % {"name": running.requested_by})
    return running


def label_of(person: Participant) -> str:
    """Name a person in the job's list, with a NIP that does not break."""
    return f"{person.full_name}, {words.group_nip(person.nip).replace(' ', HARD_SPACE)}"


def issue_each(runner: Runner, edition: Edition, by: User) -> None:
    """Issue what the job still has to issue; a person who fails does not stop the others."""
    press = Press(edition.template)
    for item in runner.queued_items():
        try:
            _issue_one(runner, item, edition, press, by)
        except (JobCancelled, LeaseLost):
            raise
        except Lacking as lacking:
            runner.finish_item(item, ItemState.FAILED, " ".join(lacking.messages), lacking.fix_url)
        except Refused as no:
            runner.finish_item(item, ItemState.FAILED, " ".join(no.messages))
        except Exception:
            log.exception("certificate item %s of job %s failed", item.pk, runner.job.pk)
            runner.finish_item(item, ItemState.FAILED, _("Berkasnya gagal dibuat. Ulangi; bila gagal lagi, laporkan nomor pekerjaan ini."))


def _issue_one(runner: Runner, item: JobItem, edition: Edition, press: Press, by: User) -> None:
    reserved = _reserve(int(item.ref), edition, by)
    if reserved is None:
        runner.finish_item(item, ItemState.SKIPPED, _("Sudah bersertifikat."))
        return
    printed = press.print(reserved.face)
    with transaction.atomic():
        document = publish_document(
            document_id=reserved.document.pk,
            face=reserved.stored,
            holder_name=reserved.holder_name,
            pdf=printed.pdf,
            is_signed=printed.is_signed,
            by=by,
            replaces_id=reserved.replaces_id,
        )
        runner.settle(item, ItemState.DONE, document.number)
    runner.count(item)


@transaction.atomic
def _reserve(ref: int, edition: Edition, by: User) -> _Reserved | None:
    """Take a number for a person, or take up the one that an earlier run left unfinished; None when it is issued.

    Locks the person first and the number series second. Checks before the number is taken, so a refusal leaves no gap.
    """
    claim = edition.claim(ref, by)
    person: Holder = claim.person
    current = next((one.document for one in claim.earlier if not one.revoked), None)
    if current is not None and current.state == DocumentState.ISSUED:
        return None
    problems = claim.problems(person)
    if problems:
        raise Lacking(problems)
    document = current or _new_document(claim, edition)
    face = edition.words.face(person, number=document.number, token=document.token)
    predecessor = next((one.document_id for one in claim.earlier if one.revoked and one.document.replaced_by_id is None), None)
    return _Reserved(document, face, _stored(face, edition, person), person.full_name, predecessor)


def _new_document(claim: Claim, edition: Edition) -> IssuedDocument:
    person: Holder = claim.person
    document = reserve_document(
        kind=edition.kind,
        day=edition.words.issued_on,
        holder=person.user,
        holder_name=person.full_name,
        title=edition.title,
        satker_id=person.satker_id,
        province_id=person.province_id,
        build_face=lambda number, token: _stored(edition.words.face(person, number=number, token=token), edition, person),
    )
    claim.keep(document)
    return document


def _stored(face: CertificateFace, edition: Edition, person: Any) -> dict[str, Any]:
    return {"printed": face.as_facts(), "public": edition.words.public(person)}
