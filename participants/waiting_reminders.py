"""Dates of orientasi tugas and of slips, and what waits for somebody's answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from participants.enums import OrientationStanding, OrientationState
from participants.groups import people_url
from participants.models import ActivationSlip, ContactRequest, Movement, OrientationMember, Participant
from participants.offices import day_of, facts, office_lines, on_day


@source("orientation_start", gettext_lazy("Mulainya orientasi tugas"), Audience.PERSON, Audience.SATKER, Audience.PROVINCE)
def orientation_start(asked: Asked) -> Iterator[Reminder]:
    """Members of the programmes whose first day it is; a programme that moves is told anew by its own notice."""
    taking = OrientationMember.objects.filter(
        programme__starts_on=asked.day, programme__state=OrientationState.OPEN, standing=OrientationStanding.TAKING
    )
    if asked.audience == Audience.PERSON:
        for member in taking.filter(participant__user__is_active=True).select_related("participant__user", "programme").order_by("pk"):
            assert member.participant.user is not None
            yield Reminder(
                member.participant.user,
                f"orientation-{member.programme_id}",
                lambda title=member.programme.title: (
                    _("%(title)s mulai %(day)s. Periksa jadwal, tempat, dan tautannya.")  # type: ignore[misc]  # bound now
                    % {"title": title, "day": day_of(asked)}
                ),
                member.programme.get_absolute_url(),
                lambda: _("Lihat jadwal"),
                asked.day,
            )
        return

    def say(n: int) -> str:
        text = ngettext(
            "%(n)s CPNS mulai orientasi tugas %(day)s. Pastikan mereka dibebaskan dari tugas.",
            "%(n)s CPNS mulai orientasi tugas %(day)s. Pastikan mereka dibebaskan dari tugas.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    rows = Participant.objects.filter(pk__in=taking.order_by().values("participant"))
    yield from office_lines(asked, rows, say=say, url=reverse("orientation_list"), action=lambda: _("Lihat orientasi"), due_on=asked.day)


@source("slip_expiry", gettext_lazy("Slip aktivasi yang habis masa berlakunya"), Audience.SATKER)
def slip_expiry(asked: Asked) -> Iterator[Reminder]:
    """People whose printed code nobody has used and whose last day it is."""
    rows = Participant.objects.filter(pk__in=ActivationSlip.objects.unused().order_by().filter(valid_until=asked.day).values("participant"))

    def say(n: int) -> str:
        text = ngettext(
            "Slip aktivasi %(n)s peserta berlaku sampai %(day)s dan belum dipakai. Ingatkan mereka, atau cetak yang baru.",
            "Slip aktivasi %(n)s peserta berlaku sampai %(day)s dan belum dipakai. Ingatkan mereka, atau cetak yang baru.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    url = people_url(tahap="sudah-diverifikasi")
    yield from office_lines(asked, rows, say=say, url=url, action=lambda: _("Lihat peserta"), due_on=asked.day)


@source("contact_waiting", gettext_lazy("Usulan kontak yang belum diputuskan"), Audience.SATKER, Audience.PROVINCE)
def contact_waiting(asked: Asked) -> Iterator[Reminder]:
    """People whose request to change contact data waits since that day."""
    asking = ContactRequest.objects.waiting().order_by().filter(**on_day("requested_at", asked.day))
    rows = Participant.objects.filter(pk__in=asking.values("participant"))

    def say(n: int) -> str:
        text = ngettext(
            "%(n)s usulan kontak menunggu sejak %(day)s. Sampai diputuskan, kabar masih ke alamat lama.",
            "%(n)s usulan kontak menunggu sejak %(day)s. Sampai diputuskan, kabar masih ke alamat lama.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    yield from office_lines(asked, rows, say=say, url=reverse("contact_requests"), action=lambda: _("Putuskan"))


@source("movement_waiting", gettext_lazy("Usulan perubahan status yang belum diputuskan"), Audience.PKSDM)
def movement_waiting(asked: Asked) -> Iterator[Reminder]:
    """People with a proposal that waits for PKSDM since that day."""
    proposed = Movement.objects.waiting().order_by().filter(**on_day("proposed_at", asked.day))
    rows = Participant.objects.filter(pk__in=proposed.values("participant"))

    def say(n: int) -> str:
        text = ngettext(
            "%(n)s usulan perubahan status menunggu keputusan sejak %(day)s.",
            "%(n)s usulan perubahan status menunggu keputusan sejak %(day)s.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    yield from office_lines(asked, rows, say=say, url=reverse("movement_list"), action=lambda: _("Putuskan"))
