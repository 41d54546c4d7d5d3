"""Who is told about a request to change contact data. Called inside the transaction."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify, notify_many
from participants.contacts import ContactState
from participants.models import ContactRequest, Participant


def asked(request: ContactRequest, person: Participant) -> None:
    """Tell the satker that somebody waits for a confirmation; one that has no admin is answered for by its province, else PKSDM."""

    def text() -> str:
        return _("%(name)s mengusulkan kontak baru.") % {"name": person.full_name}

    url = reverse("contact_requests")
    notify_many(news=[News(grant.user, text, NoticeKind.VERIFICATION, url, lambda: _("Putuskan")) for grant in _deciders(person)])


def _deciders(person: Participant) -> list[RoleGrant]:
    grants = RoleGrant.objects.valid().filter(user__is_active=True).exclude(user_id=person.user_id or 0).select_related("user")
    offices = (
        {"role": Role.ADMIN_SATKER, "satker_id": person.satker_id},
        {"role": Role.ADMIN_PROVINSI, "satker_id": person.province_id},
        {"role": Role.PKSDM},
    )
    return next((found for office in offices if (found := list(grants.filter(**office)))), [])


def decided(request: ContactRequest, person: Participant) -> None:
    """Tell the participant the answer, with the reason of a refusal."""
    if person.user is None:
        return

    def text() -> str:
        if request.state == ContactState.ACCEPTED:
            return _("Kontak baru Anda sudah dicatat.")
        return _("Kontak baru Anda ditolak: %(note)s") % {"note": request.decision_note}

    notify(user=person.user, text=text, url=reverse("contact_edit"), kind=NoticeKind.ACCOUNT)
