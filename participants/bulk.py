"""Moves for several people at once, always shown before they are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants.invitation_states import InviteState, state_q
from participants.list_query import ListQuery
from participants.models import Participant
from participants.people import ParticipantQuerySet
from participants.services.invitation import INVITE, invite_many, preview_invitations, request_invitations
from participants.services.moving import request_moves
from participants.services.slips import PRINT, preview_slips, request_slips
from participants.services.verification import BACK, BY_STAGE, ONWARD, Outcome, move_many, preview_many
from participants.workflow import MOVES

LIMIT = 500
"""People in one go; more would keep the page waiting."""
DIRECT_LIMIT = 50
"""People mailed or moved while the page waits; from so many on it is a job."""
LOOKS = 10
"""Times LIMIT people looked at for those who can move."""
INVITING = (PRINT, INVITE)
VERSION = "versi_"
"""Beside each person, the version of the file that was shown."""
QUEUE = "antrean"
"""Where the order came from, when it did not come from the list of participants."""


@dataclass(frozen=True, slots=True)
class BulkAction:
    name: str
    label: str | Promise
    question: str | Promise
    done: str | Promise
    follows: str | Promise
    roles: frozenset[str]
    needs_note: bool = False


ACTIONS = (
    BulkAction(
        PRINT,
        _("Cetak slip"),
        _("Cetak slip aktivasi?"),
        _("Slip dicetak"),
        _("Satu kode sekali pakai per orang, empat slip selembar. Slip lama mereka langsung mati."),
        frozenset({Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM}),
    ),
    BulkAction(
        INVITE,
        _("Undang"),
        _("Kirim undangan masuk?"),
        _("Undangan dikirim"),
        _("Tautan di e-mailnya sekali pakai dan berlaku 72 jam."),
        frozenset({Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM}),
    ),
    BulkAction(
        "submit",
        _("Ajukan untuk verifikasi"),
        _("Ajukan untuk verifikasi?"),
        _("Diajukan"),
        _("Sesudah diajukan, data terkunci sampai ada jawaban."),
        frozenset({Role.ADMIN_SATKER, Role.ADMIN_PROVINSI}),
    ),
    BulkAction(
        "verify",
        _("Verifikasi"),
        _("Verifikasi sekaligus?"),
        _("Diverifikasi"),
        _("Sesudah diverifikasi, PKSDM memeriksa berikutnya."),
        frozenset({Role.ADMIN_PROVINSI, Role.PKSDM}),
    ),
    BulkAction(
        ONWARD,
        _("Loloskan"),
        _("Loloskan sekaligus?"),
        _("Diloloskan"),
        _("Yang diajukan menjadi terverifikasi, yang terverifikasi menjadi disetujui."),
        frozenset({Role.PKSDM}),
    ),
    BulkAction(
        BACK,
        _("Kembalikan"),
        _("Kembalikan sekaligus?"),
        _("Dikembalikan"),
        _("Setiap satker membaca alasan yang sama, memperbaiki, lalu mengajukan lagi."),
        frozenset({Role.ADMIN_PROVINSI, Role.PKSDM}),
        needs_note=True,
    ),
    BulkAction(
        "approve",
        _("Setujui"),
        _("Setujui sekaligus?"),
        _("Disetujui"),
        _("Sesudah disetujui, mereka bisa mendapat kursi."),
        frozenset({Role.PKSDM}),
    ),
)
"""In the order of the bar; the last one a person has is the main one."""


def actions_for(user: User) -> list[BulkAction]:
    """Return what the bar of the list offers; answering whatever waits belongs to the queue."""
    return [action for action in ACTIONS if action.name not in BY_STAGE and user.has_role(*action.roles)]


def read_version(typed: str) -> int | None:
    """Return the version of a file that a form was drawn from."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def split(outcomes: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Part who goes through from who stays."""
    outcomes = list(outcomes)
    return [one for one in outcomes if one.is_done], [one for one in outcomes if not one.is_done]


class OutsideScope(Exception):
    """Somebody was ticked whom the user cannot see."""


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """Which people, which action, asked by whom."""

    action: BulkAction
    ids: tuple[int, ...]
    user: User
    is_cut: bool = False
    is_from_queue: bool = False
    versions: Mapping[int, int] = field(default_factory=dict)
    note: str = ""

    @classmethod
    def read(cls, data: QueryDict, user: User) -> BulkOrder | None:
        """Read the ticked people, or with "semua" those who match the list's filters; None when there is nobody.

        Raises OutsideScope when one of the ticked is not theirs to see: then nobody moves.
        """
        action = next((one for one in ACTIONS if one.name == data.get("aksi") and user.has_role(*one.roles)), None)
        if action is None:
            return None
        if "semua" in data:
            rows = ListQuery.read(QueryDict(data.get("saringan", "").removeprefix("?"))).rows(user, timezone.localdate())
            ids = _those_who_can(rows, action, user)
        else:
            ids = [pk for text in data.getlist("pilih") if (pk := whole_number(text)) is not None]
            ids = list(dict.fromkeys(ids))
            if Participant.objects.visible_to(user).filter(pk__in=ids).count() != len(ids):
                raise OutsideScope
        if not ids:
            return None
        seen = {pk: read_version(data.get(f"{VERSION}{pk}", "")) for pk in ids[:LIMIT]}
        versions = {pk: version for pk, version in seen.items() if version is not None}
        return cls(action, tuple(ids[:LIMIT]), user, len(ids) > LIMIT, data.get("dari") == QUEUE, versions, data.get("note", ""))

    @property
    def back_url(self) -> str:
        return reverse("verification_queue" if self.is_from_queue else "participant_list")

    @property
    def lacks_note(self) -> bool:
        return self.action.needs_note and not self.note.strip()

    def preview(self) -> list[Outcome]:
        return _preview(self.ids, self.action, self.user, self.versions)

    def enqueue(self) -> Job | None:
        """Ask for a job when the page should not wait: always for paper, and for many people."""
        if self.action.name == PRINT:
            return request_slips(participant_ids=self.ids, by=self.user)
        if len(self.ids) < DIRECT_LIMIT:
            return None
        if self.action.name == INVITE:
            return request_invitations(participant_ids=self.ids, by=self.user)
        title = _("%(action)s, %(n)s orang") % {"action": self.action.label, "n": words.thousands(len(self.ids))}
        return request_moves(
            participant_ids=self.ids,
            action=self.action.name,
            title=str(title),
            back_url=self.back_url,
            by=self.user,
            note=self.note,
            versions=self.versions,
        )

    def run(self) -> list[Outcome]:
        if self.action.name == INVITE:
            return invite_many(participant_ids=self.ids, by=self.user)
        return move_many(participant_ids=self.ids, action=self.action.name, by=self.user, note=self.note, versions=self.versions)


def _preview(ids: Iterable[int], action: BulkAction, user: User, versions: Mapping[int, int] | None = None) -> list[Outcome]:
    if action.name == INVITE:
        return preview_invitations(participant_ids=ids, by=user)
    if action.name == PRINT:
        return preview_slips(participant_ids=ids, by=user)
    return preview_many(participant_ids=ids, action=action.name, by=user, versions=versions)


def _those_who_can(rows: ParticipantQuerySet, action: BulkAction, user: User) -> list[int]:
    """Pick whom the action moves, up to one more than LIMIT, so that the same order again reaches the next ones; else show why nobody can."""
    moves = BY_STAGE[action.name].values() if action.name in BY_STAGE else [action.name]
    sources = {stage for move in moves if move in MOVES for stage in MOVES[move].sources}
    is_ready = Q(stage__in=sources) if sources else state_q(InviteState.READY, timezone.now())
    ready: list[int] = []
    waiting, last = rows.filter(is_ready).order_by("pk").values_list("pk", flat=True), 0
    for _look in range(LOOKS):
        page = list(waiting.filter(pk__gt=last)[:LIMIT])
        if not page or len(ready) > LIMIT:
            break
        last = page[-1]
        ready += sorted(one.participant.pk for one in _preview(page, action, user) if one.is_done)
    others = rows.exclude(pk__in=ready).order_by("pk").values_list("pk", flat=True)
    return [*ready, *others[: LIMIT + 1 - len(ready)]] if len(ready) <= LIMIT else ready
