"""The end of a role: without it somebody stands before closed doors one morning."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.ui import words


@source("grant_end", gettext_lazy("Berakhirnya peran"), Audience.PERSON, Audience.PKSDM)
def grant_end(asked: Asked) -> Iterator[Reminder]:
    """Roles whose last day it is: to who holds them, and their number to who can prolong them."""
    ending = list(RoleGrant.objects.filter(valid_to=asked.day, user__is_active=True).select_related("user", "satker", "institute"))
    if asked.audience == Audience.PERSON:
        for grant in ending:
            yield Reminder(
                grant.user,
                f"grant-{grant.pk}",
                lambda role=str(grant): (
                    _("Peran Anda %(role)s berlaku sampai %(day)s. Minta diperpanjang bila masih bertugas.")  # type: ignore[misc]
                    % {"role": role, "day": words.long_date(asked.day)}
                ),
                reverse("home"),
                lambda: _("Ke beranda"),
                asked.day,
            )
        return

    def say() -> str:
        n = len(ending)
        text = ngettext(
            "%(n)s peran berakhir %(day)s. Perpanjang yang masih bertugas.",
            "%(n)s peran berakhir %(day)s. Perpanjang yang masih bertugas.",
            n,
        )
        return text % {"n": words.thousands(n), "day": words.long_date(asked.day)}

    url = reverse("admin:accounts_rolegrant_changelist")
    for grant in RoleGrant.objects.valid().filter(role=Role.PKSDM, user__is_active=True).select_related("user") if ending else ():
        yield Reminder(grant.user, "all", say, url, lambda: _("Lihat peran"), asked.day)
