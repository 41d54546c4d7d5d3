"""Orientasi tugas on the home pages and on a person's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard.registry import Card, Panel, Todo
from latsar.documents.models import DocumentState
from latsar.ui import words
from participants import orientation_policies
from participants.enums import OrientationStanding, OrientationState
from participants.models import OrientationCertificate, OrientationMember, OrientationProgramme, Participant


def overdue_programmes(user: User, today: date) -> dict[str, Any]:
    """Return what the count of people takes along for who runs programmes: how many are over and not finished, without a query of its own."""
    if not user.has_role(Role.PKSDM, Role.ADMIN_PROVINSI):
        return {}
    rows = OrientationProgramme.objects.visible_to(user).filter(state=OrientationState.OPEN, ends_on__lt=today)
    if not user.scope.nation:
        rows = rows.filter(province_id__in=user.scope.province_ids)
    taking = OrientationMember.objects.present().filter(programme=OuterRef("pk"))
    counted = rows.filter(Exists(taking)).order_by().values("state").annotate(n=Count("pk"), first=Min("ends_on"))
    return {"orientations": Max(Subquery(counted.values("n"))), "orientations_since": Max(Subquery(counted.values("first")))}


def to_finish(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say how many programmes are over and wait to be finished."""
    if not counts["orientations"]:
        return []
    title = ngettext("Selesaikan %(n)s orientasi tugas", "Selesaikan %(n)s orientasi tugas", counts["orientations"])
    since = _("Hari terakhirnya sudah lewat, yang tertua %(day)s. Pesertanya menunggu surat keterangan.")
    url = f"{reverse('orientation_list')}?keadaan={OrientationState.OPEN}"
    return [
        Todo(
            title % {"n": words.thousands(counts["orientations"])},
            since % {"day": words.short_date(counts["orientations_since"])},
            url,
            _("Buka orientasi"),
        )
    ]


def own_panel(user: User, today: date) -> Panel | None:
    """Show a participant the orientasi tugas they take, or took with its certificate; one query."""
    found = _latest(user).filter(participant__user=user).first()
    if found is None:
        return None
    member, number, certificate_id = found, found.number, found.certificate_id  # type: ignore[attr-defined]
    programme = member.programme
    if member.standing == OrientationStanding.TAKING and today <= programme.ends_on:
        detail = words.date_range(programme.starts_on, programme.ends_on)
    else:
        detail = _("%(state)s, %(dates)s") % {
            "state": member.get_standing_display(),
            "dates": words.date_range(programme.starts_on, programme.ends_on),
        }
    if number:
        detail = f"{detail}. {_('Nomor %(number)s.') % {'number': number}}"
    context: dict[str, object] = {"programme": programme, "detail": detail, "certificate_id": certificate_id}
    return Panel("participants/_orientation_panel.html", context, order=10)


def orientation_card(user: User, participant: Participant) -> Card | None:
    """Show the orientasi tugas of a person with its certificate; one query."""
    member = _latest(user).filter(participant=participant).first()
    if member is None:
        return None
    programme = member.programme
    rows = [
        (_("Program"), programme.title, programme.get_absolute_url() if user.has_role(*orientation_policies.READERS) else ""),
        (_("Hari"), words.date_range(programme.starts_on, programme.ends_on), ""),
        (_("Keadaan"), str(member.get_standing_display()), ""),
    ]
    if member.certificate_id:  # type: ignore[attr-defined]
        rows += [
            (_("Nomor"), member.number, reverse("verify_document", args=[member.token])),  # type: ignore[attr-defined]
            (_("Berkas"), _("Unduh PDF"), reverse("orientation_file", args=[member.certificate_id])),  # type: ignore[attr-defined]
        ]
    return Card(_("Orientasi tugas"), rows, order=55)


def _latest(user: User) -> QuerySet[OrientationMember]:
    """Return memberships that count, newest first, with id, number and token of the certificate that counts."""
    issued = OrientationCertificate.objects.current().filter(member=OuterRef("pk"), document__state=DocumentState.ISSUED)
    rows = OrientationMember.objects.visible_to(user).present().select_related("programme").order_by("-programme__starts_on", "-pk")
    return rows.annotate(
        certificate_id=Subquery(issued.values("pk")[:1]),
        number=Subquery(issued.values("document__number")[:1]),
        token=Subquery(issued.values("document__token")[:1]),
    )
