"""What the dossier shows on a person's page, and what waits for a check on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard import registry
from latsar.satker.models import Satker, SatkerKind
from latsar.ui import words
from participants.dossier import policies
from participants.dossier.checklist import lines_of, missing_required
from participants.dossier.completeness import UNSEEN
from participants.dossier.documents import DossierDocument
from participants.dossier.page import summary_of
from participants.enums import AFTER_ANSWER
from participants.models import Participant


def dossier_card(user: User, person: Participant) -> registry.Card | None:
    """Say how full the dossier is and what is lacking; nothing where no institute asks for documents."""
    summary = summary_of(lines_of(person, timezone.localdate()))
    if not summary.needed:
        return None
    there = _("%(there)d dari %(needed)d yang wajib") % {"there": summary.there, "needed": summary.needed}
    rows = [(_("Ada"), there, person.dossier_url)]
    if summary.lacking:
        rows.append((_("Kurang"), ", ".join(line.problem for line in summary.lacking), ""))
    return registry.Card(pgettext("dossier", "Berkas"), rows, order=20)


def to_bring(user: User, person: Participant) -> list[registry.Todo]:
    """Ask a participant for the own documents that are lacking, were returned, or are out of date."""
    if not policies.can_attach(user, person):
        return []
    lines = missing_required([person], timezone.localdate()).get(person.pk, [])
    if not lines:
        return []
    title = ngettext("Lengkapi %(n)s dokumen Anda", "Lengkapi %(n)s dokumen Anda", len(lines))
    text = _("Yang kurang: %(documents)s.") % {"documents": ", ".join(line.problem for line in lines)}
    return [registry.Todo(title % {"n": words.thousands(len(lines))}, text, person.dossier_url, _("Buka berkas saya"))]


def unseen_documents(user: User) -> dict[str, Any]:
    """Count the people whose documents came after verification, for who verifies them."""
    mine = Q(province_id__in=user.scope.province_ids)
    if user.has_role(Role.PKSDM):
        mine |= Q(province__kind=SatkerKind.SETJEN)
    unseen = Q(Exists(DossierDocument.objects.unseen().filter(participant=OuterRef("pk"))))
    return {"unseen": Count("pk", filter=mine & Q(stage__in=AFTER_ANSWER) & ~Q(user_id=user.pk, user__isnull=False) & unseen)}


def to_judge(user: User, counts: dict[str, Any]) -> list[registry.Todo]:
    """Lead to the documents that no queue shows any more."""
    if not counts["unseen"]:
        return []
    title = ngettext("Periksa berkas susulan %(n)s CPNS", "Periksa berkas susulan %(n)s CPNS", counts["unseen"])
    units = Satker.objects.filter(kind=SatkerKind.SETJEN).values_list("code", flat=True)[:1] if not user.scope.province_ids else ()
    within = "".join(f"&provinsi={code}" for code in units)
    return [
        registry.Todo(
            title % {"n": words.thousands(counts["unseen"])},
            _("Diunggah sesudah berkasnya diverifikasi, jadi tidak ada di antrean."),
            f"{reverse('dossier_overview')}?keadaan={UNSEEN}{within}",
            _("Lihat orangnya"),
        )
    ]
