from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi import home
from aktualisasi.enums import PaperKind
from aktualisasi.models import Paper
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.registry import Card, Column, Part, part, person_card, roster_column
from latsar.training.models import Batch
from participants.models import Participant


@part(Role.MENTOR)
def mentees(user: User, grant: RoleGrant) -> Part:
    return home.mentor_part(user)


@part(Role.COACH)
def groups(user: User, grant: RoleGrant) -> Part:
    return home.coach_part(user)


@part(Role.PESERTA)
def own_rancangan(user: User, grant: RoleGrant) -> Part:
    return home.author_part(user)


@person_card
def rancangan_card(user: User, participant: object) -> Card | None:
    assert isinstance(participant, Participant)
    papers = Paper.objects.visible_to(user).filter(rancangan__participant=participant).select_related("rancangan").order_by("pk")
    lines: list[tuple[str, str, str]] = []
    for paper in papers:
        if not lines:
            url = reverse("rancangan_detail", args=[paper.rancangan_id])
            lines.append((_("Judul"), paper.rancangan.title or _("Belum berjudul"), url))
        lines.append((str(paper.get_kind_display()), str(paper.get_stage_display()), paper.get_absolute_url()))
    return Card(_("Aktualisasi"), lines, order=50) if lines else None


@roster_column
def rancangan_column(user: User, batch: Batch, participant_ids: Sequence[int]) -> Column | None:
    rows = Paper.objects.visible_to(user).filter(rancangan__participant_id__in=participant_ids, kind=PaperKind.RANCANGAN)
    cells = {row.participant_id: (str(row.get_stage_display()), row.get_absolute_url()) for row in rows.select_related("rancangan")}
    return Column(_("Rancangan"), cells, order=50)


@roster_column
def laporan_column(user: User, batch: Batch, participant_ids: Sequence[int]) -> Column | None:
    rows = Paper.objects.visible_to(user).filter(rancangan__participant_id__in=participant_ids, kind=PaperKind.LAPORAN)
    cells = {row.participant_id: (str(row.get_stage_display()), row.get_absolute_url()) for row in rows.select_related("rancangan")}
    return Column(_("Laporan"), cells, order=55) if cells else None
