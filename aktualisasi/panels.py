from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import habituasi_home, home
from aktualisasi.models import Rancangan
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.registry import Card, Column, Panel, Part, panel, part, person_card, roster_column
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


@part(Role.MENTOR)
def habituasi_answers(user: User, grant: RoleGrant) -> Part:
    return habituasi_home.mentor_part(user)


@part(Role.PESERTA)
def own_habituasi(user: User, grant: RoleGrant) -> Part:
    return habituasi_home.author_part(user)


@panel(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI)
def unit_habituasi(user: User, grant: RoleGrant) -> Panel | None:
    return habituasi_home.unit_panel(user, grant)


@person_card
def habituasi_card(user: User, participant: object) -> Card | None:
    assert isinstance(participant, Participant)
    lines = habituasi_home.person_lines(user, participant, timezone.localdate())
    return Card(_("Habituasi"), lines, order=52) if lines else None


@person_card
def rancangan_card(user: User, participant: object) -> Card | None:
    assert isinstance(participant, Participant)
    rancangan = Rancangan.objects.visible_to(user).filter(participant=participant).first()
    if rancangan is None:
        return None
    url = reverse("rancangan_detail", args=[rancangan.pk])
    lines = [(_("Judul"), rancangan.title or _("Belum berjudul"), url), (_("Keadaan"), rancangan.get_stage_display(), "")]
    return Card(_("Rancangan aktualisasi"), lines, order=50)


@roster_column
def rancangan_column(user: User, batch: Batch, participant_ids: Sequence[int]) -> Column | None:
    rows = Rancangan.objects.visible_to(user).filter(participant_id__in=participant_ids)
    cells = {row.participant_id: (str(row.get_stage_display()), reverse("rancangan_detail", args=[row.pk])) for row in rows}
    return Column(_("Rancangan"), cells, order=50)
