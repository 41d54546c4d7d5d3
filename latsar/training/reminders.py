"""Dates of institutes: answers that are awaited, and accreditations that end. One line per office, with a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.training.models import Institute, SeatRequest
from latsar.ui import words

AUDIENCES = (Audience.PROVINCE, Audience.PKSDM, Audience.INSTITUTE)


@source("seat_answer", gettext_lazy("Jawaban permohonan kursi yang ditunggu"), *AUDIENCES)
def seat_answer(asked: Asked) -> Iterator[Reminder]:
    """Requests that were sent on that day and have no answer yet."""
    start = timezone.make_aware(datetime.combine(asked.day, time.min))
    rows = SeatRequest.objects.unanswered().filter(sent_at__gte=start, sent_at__lt=start + timedelta(days=1))
    offices = list(rows.order_by().values_list("province_id", "institute_id"))

    def say(n: int) -> str:
        text = ngettext("%(n)s permohonan kursi belum dijawab sejak %(day)s.", "%(n)s permohonan kursi belum dijawab sejak %(day)s.", n)
        return text % {"n": words.thousands(n), "day": words.long_date(asked.day)}

    url = f"{reverse('seat_request_list')}?keadaan=sent"
    yield from institute_lines(asked, offices, say, url, lambda: _("Lihat permohonan"))


@source("accreditation_end", gettext_lazy("Akreditasi lembaga yang berakhir"), *AUDIENCES)
def accreditation_end(asked: Asked) -> Iterator[Reminder]:
    """Active institutes whose accreditation ends on that day."""
    rows = Institute.objects.filter(accredited_until=asked.day, is_active=True)
    offices = list(rows.order_by().values_list("province_id", "pk"))

    def say(n: int) -> str:
        text = ngettext("Akreditasi %(n)s lembaga berakhir %(day)s.", "Akreditasi %(n)s lembaga berakhir %(day)s.", n)
        return text % {"n": words.thousands(n), "day": words.long_date(asked.day)}

    yield from institute_lines(asked, offices, say, reverse("institute_list"), lambda: _("Lihat lembaga"), asked)


def institute_lines(
    asked: Asked,
    offices: Sequence[tuple[int | None, int]],
    say: Callable[[int], str],
    url: str,
    action: Callable[[], str],
    due: Asked | None = None,
) -> Iterator[Reminder]:
    """Count per office of the audience and tell the people of each; `offices` are (province, institute) of the rows."""
    if not offices:
        return
    grants = RoleGrant.objects.valid().filter(user__is_active=True).select_related("user").order_by("pk")
    provinces, institutes = Counter(province for province, _one in offices), Counter(institute for _one, institute in offices)
    roles = {Audience.PKSDM: Role.PKSDM, Audience.PROVINCE: Role.ADMIN_PROVINSI, Audience.INSTITUTE: Role.LEMBAGA}
    for grant in grants.filter(role=roles[Audience(asked.audience)]):
        found = {
            Audience.PKSDM: len(offices),
            Audience.PROVINCE: provinces.get(grant.satker_id, 0),
            Audience.INSTITUTE: institutes.get(grant.institute_id or 0, 0),
        }[Audience(asked.audience)]
        if found:
            yield Reminder(grant.user, "all", lambda n=found: say(n), url, action, due.day if due else None)  # type: ignore[misc]  # bound now
