"""What a person wants by mail, from their settings or else from the defaults of their roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.zones import ZONES
from latsar.notices import quiet
from latsar.notices.enums import Delivery, Language, NoticeKind
from latsar.notices.models import MailChoice, MailSettings
from latsar.notices.preferences import DIGEST_AT, QUIET_FROM, QUIET_TO
from latsar.notices.workdays import coming_holidays

BASE: dict[str, str] = {
    NoticeKind.DEADLINE: Delivery.DAILY,
    NoticeKind.VERIFICATION: Delivery.DAILY,
    NoticeKind.PLACEMENT: Delivery.DAILY,
    NoticeKind.MENTORING: Delivery.DAILY,
    NoticeKind.REVIEW: Delivery.DAILY,
    NoticeKind.CERTIFICATE: Delivery.NONE,
    NoticeKind.JOB: Delivery.NONE,
    NoticeKind.ACCOUNT: Delivery.NOW,
}
"""For offices: many people, so one mail a day."""

OWN: dict[str, dict[str, str]] = {
    Role.PESERTA: dict.fromkeys((NoticeKind.PLACEMENT, NoticeKind.MENTORING, NoticeKind.REVIEW, NoticeKind.CERTIFICATE), Delivery.NOW),
    Role.MENTOR: dict.fromkeys((NoticeKind.MENTORING, NoticeKind.REVIEW), Delivery.NOW),
    Role.COACH: dict.fromkeys((NoticeKind.MENTORING, NoticeKind.REVIEW), Delivery.NOW),
}
"""What concerns oneself is told at once; with several roles the sooner one counts."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything that decides whether and when a mail goes to one person."""

    zone: ZoneInfo
    deliveries: Mapping[str, str]
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    is_open_on_weekends: bool = False
    digest_at: time = DIGEST_AT
    lists_todos: bool = True
    language: str = Language.INDONESIAN
    holidays: Collection[date] = frozenset()

    def delivery(self, kind: str) -> str:
        return self.deliveries.get(kind, Delivery.NONE)

    def earliest(self, moment: datetime) -> datetime:
        """Return when a mail of this moment may leave."""
        return quiet.earliest(
            moment,
            self.zone,
            quiet_from=self.quiet_from,
            quiet_to=self.quiet_to,
            is_open_on_weekends=self.is_open_on_weekends,
            holidays=self.holidays,
        )


def defaults_for(roles: Collection[str]) -> dict[str, str]:
    """Return the delivery of every kind for somebody with these roles."""
    return {kind: Delivery.NOW if any(kind in OWN.get(role, ()) for role in roles) else chosen for kind, chosen in BASE.items()}


def wishes_of(user: User) -> Wishes:
    return wishes_for([user])[user.pk]


def wishes_for(users: Collection[User]) -> dict[int, Wishes]:
    """Read what many people want in four queries, whatever their number."""
    ids = [user.pk for user in users]
    roles: dict[int, set[str]] = defaultdict(set)
    chosen: dict[int, dict[str, str]] = defaultdict(dict)
    for user_id, role in RoleGrant.objects.valid().filter(user_id__in=ids).values_list("user_id", "role"):
        roles[user_id].add(role)
    for user_id, kind, delivery in MailChoice.objects.filter(user_id__in=ids).values_list("user_id", "kind", "delivery"):
        chosen[user_id][kind] = delivery
    settings = {row.user_id: row for row in MailSettings.objects.filter(user_id__in=ids)}
    holidays = coming_holidays()
    return {user.pk: _wishes(user, defaults_for(roles[user.pk]) | chosen[user.pk], settings.get(user.pk), holidays) for user in users}


def _wishes(user: User, deliveries: Mapping[str, str], kept: MailSettings | None, holidays: Collection[date]) -> Wishes:
    zone = ZONES[user.zone]
    if kept is None:
        return Wishes(zone, deliveries, holidays=holidays)
    return Wishes(
        zone,
        deliveries,
        quiet_from=kept.quiet_from,
        quiet_to=kept.quiet_to,
        is_open_on_weekends=kept.is_open_on_weekends,
        digest_at=kept.digest_at,
        lists_todos=kept.lists_todos,
        language=kept.language,
        holidays=holidays,
    )


OFFICES = frozenset({Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM})
CONCERNED: dict[str, frozenset[str]] = {
    NoticeKind.VERIFICATION: OFFICES,
    NoticeKind.PLACEMENT: OFFICES | {Role.PESERTA, Role.LEMBAGA},
    NoticeKind.MENTORING: frozenset({Role.PESERTA, Role.MENTOR, Role.COACH}),
    NoticeKind.REVIEW: frozenset({Role.PESERTA, Role.MENTOR, Role.COACH}),
    NoticeKind.CERTIFICATE: frozenset({Role.PESERTA}),
    NoticeKind.JOB: OFFICES | {Role.LEMBAGA, Role.PIMPINAN},
}
"""Who ever gets a notice of a kind; a kind that is not named concerns everybody."""


def kinds_for(roles: Collection[str]) -> list[NoticeKind]:
    """Return the kinds that somebody with these roles can choose for."""
    return [kind for kind in NoticeKind if kind not in CONCERNED or CONCERNED[kind] & set(roles)]
