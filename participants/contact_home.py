"""What requests to change contact data ask of a satker on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.registry import Todo
from latsar.ui import words
from participants.models import ContactRequest


def waiting_contacts(user: User) -> dict[str, Any]:
    """Return what the count of people takes along: the requests that wait, without a query of their own.

    A satker has its own, a province those of the satker that have no admin.
    """
    if not user.has_role(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI):
        return {}
    waiting = ContactRequest.objects.visible_to(user).waiting().order_by().values("state")
    if not user.has_role(Role.ADMIN_SATKER):
        admins = RoleGrant.objects.valid().filter(role=Role.ADMIN_SATKER, satker=OuterRef("participant__satker"), user__is_active=True)
        waiting = waiting.filter(~Exists(admins))
    return {"contacts": Max(Subquery(waiting.annotate(n=Count("pk")).values("n")))}


def to_confirm(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say how many participants wait for the confirmation of their new contact data."""
    number = counts.get("contacts")
    if not number:
        return []
    title = ngettext("Periksa %(n)s usulan kontak peserta", "Periksa %(n)s usulan kontak peserta", number)
    text = _("Sampai diterima, undangan dan kabar masih ke alamat lama.")
    return [Todo(title % {"n": words.thousands(number)}, text, reverse("contact_requests"), _("Buka usulan"))]
