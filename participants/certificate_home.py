"""What waits about certificates on the home pages, and the certificate on a person's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.dashboard.registry import Card, Todo
from latsar.documents.models import DocumentState, IssuedDocument
from latsar.training.models import Batch
from latsar.ui import words
from participants.enums import Stage
from participants.models import Certificate, Participant

BATCHES_SHOWN = 5


def to_issue_in(user: User) -> QuerySet[Batch]:
    """Return the batches in which people graduated and have no certificate that counts; the first few."""
    rows = Batch.objects.visible_to(user).filter(pk__in=_without_certificate(user).values("batch_id"))
    return rows.order_by("ends_on", "pk")[:BATCHES_SHOWN]


def with_waiting(rows: QuerySet[Batch], user: User) -> QuerySet[Batch]:
    """Annotate `waiting`, how many graduates of a batch have no certificate; None without any."""
    here = _without_certificate(user).filter(batch=OuterRef("pk")).order_by().values("batch_id")
    return rows.annotate(waiting=Subquery(here.annotate(people=Count("pk")).values("people")))


def issue_todos(batches: Iterable[Batch]) -> list[Todo]:
    """Name those of these batches in which certificates wait, the one that ended first on top."""
    waiting = [(batch, count) for batch in batches if (count := batch.waiting)]  # type: ignore[attr-defined]  # annotated
    return [
        Todo(
            ngettext("Terbitkan sertifikat %(n)s orang, %(batch)s", "Terbitkan sertifikat %(n)s orang, %(batch)s", count)
            % {"n": words.thousands(count), "batch": f"{batch.label} {batch.year}"},
            _("Sudah lulus di %(institute)s.") % {"institute": batch.institute},
            reverse("batch_certificates", args=[batch.pk]),
            _("Terbitkan"),
        )
        for batch, count in sorted(waiting, key=lambda pair: (pair[0].ends_on, pair[0].pk))[:BATCHES_SHOWN]
    ]


def own_certificate(user: User) -> Sequence[Todo]:
    """Offer a participant the own certificate."""
    certificate = _issued(user).filter(participant__user=user).first()
    if certificate is None:
        return []
    title = _("Unduh surat keterangan menyelesaikan Latsar")
    detail = _("Nomor %(number)s, terbit %(date)s.") % {
        "number": certificate.document.number,
        "date": _day(certificate.document),
    }
    return [Todo(title, detail, reverse("certificate_file", args=[certificate.pk]), _("Unduh"))]


def certificate_card(user: User, participant: Participant) -> Card | None:
    """Show the certificate that counts, or that it is still to come for whoever graduated."""
    certificate = _issued(user).filter(participant=participant).first()
    if certificate is not None:
        document = certificate.document
        download = reverse("certificate_file", args=[certificate.pk])
        rows = [
            (_("Nomor"), document.number, document.get_absolute_url()),
            (_("Terbit"), _day(document), ""),
            (_("Berkas"), _("Unduh PDF"), download),
        ]
        return Card(_("Sertifikat"), rows, order=60)
    if participant.stage != Stage.GRADUATED or participant.batch_id is None:
        return None
    address = reverse("batch_certificates", args=[participant.batch_id])
    is_own = participant.user_id == user.pk
    return Card(_("Sertifikat"), [(_("Keadaan"), _("Belum diterbitkan"), "" if is_own else address)], order=60)


def _day(document: IssuedDocument) -> str:
    return words.long_date(timezone.localdate(document.issued_at))


def _issued(user: User) -> QuerySet[Certificate]:
    issued = Certificate.objects.visible_to(user).current().filter(document__state=DocumentState.ISSUED)
    return issued.select_related("document").order_by("-document__issued_at")


def _without_certificate(user: User) -> QuerySet[Participant]:
    issued = Certificate.objects.current().filter(
        participant=OuterRef("pk"), batch=OuterRef("batch_id"), document__state=DocumentState.ISSUED
    )
    return Participant.objects.visible_to(user).filter(stage=Stage.GRADUATED).filter(~Exists(issued))
