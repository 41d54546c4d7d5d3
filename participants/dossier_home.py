"""What the dossier shows on a person's page."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from latsar.accounts.models import User
from latsar.dashboard import registry
from participants.dossier.checklist import lines_of
from participants.dossier.page import summary_of
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
