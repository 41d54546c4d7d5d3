"""Who is told when a file moves between satker, province and PKSDM. Called inside the transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.notices.enums import NoticeKind
from latsar.notices.models import Notice
from latsar.notices.services import News, notify_many
from latsar.satker.models import SatkerKind
from participants.models import Participant


def moved(person: Participant, action: str, *, by: User, note: str, since: datetime) -> None:
    """Tell who has to act next, or who waits for the answer; `since` is when the file came to the stage it left.

    A return is told to everybody who can mend the file, who returned it included: a province office may have nobody else.
    """
    if action == "submit":
        _submitted(person, by)
    elif action == "withdraw_submission":
        _withdrawn(person, by, since)
    elif action in ("verify", "approve"):
        _passed(person, action, by)
    elif action in ("return", "return_to_satker"):
        _returned(person, note)


def document_added(person: Participant, document: str, *, by: User) -> None:
    """Tell who judges that a document came after the file left the queue; once per person until they have read it."""

    def text() -> str:
        return _("%(name)s: %(document)s menunggu diperiksa.") % {"name": person.full_name, "document": document}

    users = verifiers_of(person)
    told = {by.pk, *Notice.objects.unread().filter(user__in=users, url=person.dossier_url).values_list("user_id", flat=True)}
    _tell([user for user in users if user.pk not in told], text, person.dossier_url, lambda: _("Periksa"))


def queue_url(person: Participant) -> str:
    """Return the address of this file in the queue; every notice of a submission leads there."""
    return f"{reverse('verification_queue')}?orang={person.pk}"


def verifiers_of(person: Participant) -> list[User]:
    """Return who verifies the person's file: the province, for the Secretariat General PKSDM; never the person."""
    if person.province.kind == SatkerKind.SETJEN:
        return _holders(person, role=Role.PKSDM)
    return _holders(person, role=Role.ADMIN_PROVINSI, satker_id=person.province_id)


def registrars_of(person: Participant) -> list[User]:
    """Return who mends the file: the satker; where it has no admin the province, and above it PKSDM."""
    return (
        _holders(person, role=Role.ADMIN_SATKER, satker_id=person.satker_id)
        or _holders(person, role=Role.ADMIN_PROVINSI, satker_id=person.province_id)
        or _holders(person, role=Role.PKSDM)
    )


def _holders(person: Participant, **grant: object) -> list[User]:
    grants = RoleGrant.objects.valid().filter(user__is_active=True, **grant).select_related("user").order_by("pk")
    return list({one.user_id: one.user for one in grants if one.user_id != person.user_id}.values())


def _submitted(person: Participant, by: User) -> None:
    """Tell each verifier once until they have read it: thirty files on one day are one line under the bell."""
    queue = reverse("verification_queue")
    waiting = Notice.objects.unread().filter(user__in=(users := verifiers_of(person)), url__startswith=f"{queue}?orang=")
    told = {by.pk, *waiting.values_list("user_id", flat=True)}
    _tell([user for user in users if user.pk not in told], lambda: _submitted_text(person), queue_url(person), lambda: _("Periksa"))


def _submitted_text(person: Participant) -> str:
    return _("%(name)s, %(satker)s, menunggu verifikasi Anda.") % {"name": person.full_name, "satker": person.satker}


def _withdrawn(person: Participant, by: User, since: datetime) -> None:
    """Tell only who was told of this submission."""
    told = set(Notice.objects.filter(url=queue_url(person), created_at__gte=since).values_list("user_id", flat=True)) - {by.pk}
    users = [user for user in verifiers_of(person) if user.pk in told]
    _tell(users, lambda: _("%(name)s: pengajuannya ditarik oleh satker.") % {"name": person.full_name}, person.get_absolute_url())


def _passed(person: Participant, action: str, by: User) -> None:
    def text() -> str:
        said = _("%(name)s sudah diverifikasi, menunggu PKSDM.") if action == "verify" else _("%(name)s sudah disetujui PKSDM.")
        return said % {"name": person.full_name}

    _tell([user for user in registrars_of(person) if user.pk != by.pk], text, person.get_absolute_url())


def _returned(person: Participant, note: str) -> None:
    def text() -> str:
        return _("%(name)s dikembalikan: %(note)s") % {"name": person.full_name, "note": note}

    _tell(registrars_of(person), text, person.get_absolute_url(), lambda: _("Perbaiki"))


def _tell(users: list[User], text: Callable[[], str], url: str, action: Callable[[], str] | str = "") -> None:
    notify_many(news=[News(user, text, NoticeKind.VERIFICATION, url, action) for user in users])
