"""Rows of the pages about sessions, with their words ready: templates only loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.ui import words
from latsar.ui.components import Entry, pill
from mentoring.enums import MeetingMode, SessionStage, Side
from mentoring.models import MentoringSession, SessionChange
from mentoring.policies import is_open_for
from mentoring.session_forms import WAITING
from mentoring.sessions import MentoringSessionQuerySet, still_guides

PILLS = {
    SessionStage.PROPOSED: ("info", "hourglass-split"),
    SessionStage.AGREED: ("info", "calendar-check"),
    SessionStage.NOTED: ("warn", "pencil"),
    SessionStage.CONFIRMED: ("ok", "check-lg"),
    SessionStage.CANCELLED: ("", "x-lg"),
}


@dataclass(frozen=True)
class SessionRow:
    """One session as a reader on `side` sees it; `side` is empty for an office."""

    session: MentoringSession
    side: str
    live: bool

    @property
    def pill(self) -> SafeString:
        return pill(*self._pill())

    def _pill(self) -> tuple[str, str, str]:
        stage = SessionStage(self.session.stage)
        if stage == SessionStage.AGREED and self.session.is_over:
            return "warn", _("Belum dicatat"), "pencil"
        if not self.live and stage in (SessionStage.PROPOSED, SessionStage.AGREED):
            return "", _("Tidak dilanjutkan"), "x-lg"
        kind, symbol = PILLS[stage]
        return kind, str(stage.label), symbol

    @property
    def with_whom(self) -> str:
        return self.session.guide.full_name if self.side == Side.PARTICIPANT else self.session.participant.full_name

    @property
    def when(self) -> str:
        return f"{words.short_date(self.session.local_start.date())}, {self.session.hours_text}"

    @property
    def where(self) -> str:
        session = self.session
        if session.mode == MeetingMode.ONLINE:
            return _("Daring")
        return _("Luring, %(place)s") % {"place": session.place} if session.place else _("Luring")

    @property
    def is_mine_to_answer(self) -> bool:
        return bool(self.side) and (
            self.may("accept") or self.may("confirm") or (self.session.is_over and self.may("note") and self.is_unwritten)
        )

    @property
    def is_unwritten(self) -> bool:
        return self.session.stage == SessionStage.AGREED

    @property
    def waiting(self) -> str:
        """Say who does what next."""
        session = self.session
        if not self.live and session.stage in (SessionStage.PROPOSED, SessionStage.AGREED):
            return _("Pembimbingnya sudah diganti")
        if session.stage == SessionStage.PROPOSED:
            return _("Menunggu jawaban Anda") if self.may("accept") else _("Menunggu jawaban %(who)s") % {"who": self._other()}
        if session.stage == SessionStage.AGREED:
            return _("Tulis catatannya") if session.is_over else _("Disepakati keduanya")
        if session.stage == SessionStage.NOTED:
            if not self.live and session.last_side == Side.PARTICIPANT:
                return _("Pembimbingnya sudah diganti, jadi tidak diparaf lagi")
            return _("Menunggu paraf Anda") if self.may("confirm") else _("Menunggu paraf %(who)s") % {"who": self._other()}
        return ""

    def may(self, action: str) -> bool:
        return bool(self.side) and is_open_for(self.session, action, side=self.side, live=self.live)

    def _other(self) -> str:
        is_guide = self.session.last_side == Side.GUIDE
        return self.session.participant.full_name if is_guide else self.session.guide.full_name


def with_live(rows: MentoringSessionQuerySet) -> MentoringSessionQuerySet:
    """Annotate `live`: whether the guide still guides the person."""
    found = rows.annotate(live=Case(When(still_guides(), then=Value(value=True)), default=Value(value=False), output_field=BooleanField()))
    return found.select_related("participant__satker", "participant__batch", "guide", "assignment")


def session_rows(rows: Iterable[MentoringSession], user: User) -> list[SessionRow]:
    """Show sessions that carry `live` to a reader."""
    return [SessionRow(row, _side(row, user), row.live) for row in rows]  # type: ignore[attr-defined]  # annotated


def _side(row: MentoringSession, user: User) -> str:
    if row.participant.user_id == user.pk:
        return Side.PARTICIPANT
    return Side.GUIDE if row.guide_id == user.pk and row.live else ""  # type: ignore[attr-defined]  # annotated


def own_sessions(user: User) -> MentoringSessionQuerySet:
    """Sessions that the person takes part in, as guide or as participant."""
    rows = MentoringSession.objects.visible_to(user)
    mine = Q(guide_id=user.pk)
    if user.has_role(Role.PESERTA):
        mine |= Q(participant__user_id=user.pk)
    return rows.filter(mine)


def filtered(rows: MentoringSessionQuerySet, chosen: Mapping[str, Any], user: User) -> MentoringSessionQuerySet:
    """Apply what could be read of the filters."""
    if text := (chosen.get("q") or "").strip():
        rows = rows.filter(Q(participant__full_name__icontains=text) | Q(agenda__icontains=text))
    if chosen.get("keadaan") == WAITING:
        rows = rows.filter(_mine_to_answer(user))
    elif chosen.get("keadaan"):
        rows = rows.filter(stage=chosen["keadaan"])
    if chosen.get("cara"):
        rows = rows.filter(mode=chosen["cara"])
    if chosen.get("dengan"):
        rows = rows.filter(kind=chosen["dengan"])
    return rows


def _mine_to_answer(user: User) -> Q:
    """Answers, parafs and notes that wait for this person, on either side."""
    now = timezone.now()
    asked = Q(stage=SessionStage.PROPOSED) | Q(stage=SessionStage.NOTED)
    unwritten = Q(stage=SessionStage.AGREED, ends_at__lt=now)
    guide = Q(guide_id=user.pk) & still_guides() & ((asked & Q(last_side=Side.PARTICIPANT)) | unwritten)
    person = Q(participant__user_id=user.pk) & (
        Q(stage=SessionStage.NOTED, last_side=Side.GUIDE)
        | (still_guides() & (Q(stage=SessionStage.PROPOSED, last_side=Side.GUIDE) | unwritten))
    )
    return guide | person


def waiting_of(user: User, kind: str = "") -> MentoringSessionQuerySet:
    """What waits for this person, oldest first; of a guide only one kind when asked."""
    rows = own_sessions(user).filter(_mine_to_answer(user))
    return with_live(rows.filter(kind=kind) if kind else rows).order_by("starts_at", "pk")


def coming_of(user: User, kind: str = "") -> MentoringSessionQuerySet:
    """Agreed sessions still to come, the next one first."""
    rows = own_sessions(user).filter(still_guides(), stage=SessionStage.AGREED, ends_at__gte=timezone.now())
    return with_live(rows.filter(kind=kind) if kind else rows).order_by("starts_at", "pk")


def open_of(user: User, kind: str, until: datetime) -> MentoringSessionQuerySet:
    """What waits for this person and the agreed sessions that begin before `until`, in the order of time; one query for both."""
    coming = still_guides() & Q(stage=SessionStage.AGREED, ends_at__gte=timezone.now(), starts_at__lte=until)
    rows = own_sessions(user).filter(_mine_to_answer(user) | coming)
    return with_live(rows.filter(kind=kind) if kind else rows).order_by("starts_at", "pk")


def story_of(session: MentoringSession, user: User) -> list[Entry]:
    """Tell what happened, newest first."""
    changes = SessionChange.objects.visible_to(user).filter(session=session).select_related("by")  # type: ignore[attr-defined]
    return [_entry(change, n == 0) for n, change in enumerate(changes)]


def _entry(change: SessionChange, is_new: bool) -> Entry:  # noqa: FBT001 - read beside its place in the list
    told = {
        "propose": _("mengusulkan waktu"),
        "log": _("mencatat sesi"),
        "reschedule": _("mengusulkan waktu lain, tadinya"),
        "accept": _("menyetujui waktunya"),
        "note": _("menulis catatan"),
        "confirm": _("memberi paraf"),
        "cancel": _("membatalkan:"),
    }
    when = words.when(change.at, timezone.now(), timezone.get_current_timezone())
    return Entry(format_html("<b>{}</b> {} {}", change.by.full_name, told[change.action], change.note), when, is_new=is_new)
