"""Who is told about an orientasi tugas: its members, when they come in, when it changes, when they are taken out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext as _

from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.ui import words
from participants.enums import OrientationStanding
from participants.models import OrientationMember, OrientationProgramme, Participant

TOLD = frozenset({"starts_on", "sessions", "place", "link", "method"})
"""Changes that a member has to know to be there."""


def joined(programme: OrientationProgramme, people: Collection[Participant]) -> None:
    """Tell people that they are in, and when it begins."""
    _tell(
        people,
        programme,
        lambda: _("Anda terdaftar di %(title)s, mulai %(day)s.") % {"title": programme.title, "day": words.long_date(programme.starts_on)},
    )


def changed(programme: OrientationProgramme, names: Iterable[str]) -> None:
    """Tell the members what is different now; a new title alone needs no word."""
    changes = TOLD & set(names)
    if not changes:
        return

    def text() -> str:
        facts = {"title": programme.title, "day": words.date_range(programme.starts_on, programme.ends_on), "place": programme.place}
        if changes & {"starts_on", "sessions"}:
            return _("Jadwal %(title)s berubah, sekarang %(day)s. Periksa hari, jam, dan tempatnya.") % facts
        if "place" in changes and programme.place:
            return _("Tempat %(title)s berubah, sekarang di %(place)s.") % facts
        return _("Tempat atau tautan %(title)s berubah. Periksa halamannya.") % facts

    taking = OrientationMember.objects.filter(programme=programme, standing=OrientationStanding.TAKING)
    _tell([member.participant for member in taking.select_related("participant__user")], programme, text)


def removed(programme: OrientationProgramme, member: OrientationMember) -> None:
    """Tell a person that they are out, with the reason."""
    facts = {"title": programme.title, "reason": member.remove_reason}
    _tell([member.participant], programme, lambda: _("Anda dikeluarkan dari %(title)s: %(reason)s") % facts, is_out=True)


def _tell(people: Collection[Participant], programme: OrientationProgramme, text: Callable[[], str], *, is_out: bool = False) -> None:
    """Write a line to each who has an account; who is out has no page to open and no day to keep."""
    place, day = ("", None) if is_out else (programme.get_absolute_url(), programme.starts_on)
    action = "" if is_out else lambda: _("Lihat jadwal")
    notify_many(news=[News(person.user, text, NoticeKind.PLACEMENT, place, action, day) for person in people if person.user is not None])
