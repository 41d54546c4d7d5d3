"""What the data already says of each kegiatan, as sentences to begin with: the author edits them, nothing is typed twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aktualisasi.habituasi import Evidence, TahapanWork, WeeklyReport
from aktualisasi.habituasi_enums import WorkState
from aktualisasi.plan import Kegiatan
from aktualisasi.rancangan import Rancangan
from latsar.ui import words
from mentoring.models import MentorAssignment

KEGIATAN_FIELDS = ("what", "who", "when", "where", "why", "how", "outputs", "values_lived")
LAPORAN_FIELDS = ("background", "situation", "action", "outcome", "benefit_unit", "benefit_public", "follow_up", "closing")


@dataclass(frozen=True, slots=True)
class Done:
    """One kegiatan with all that was recorded about it."""

    kegiatan: Kegiatan
    works: list[TahapanWork | None]
    evidence: list[Evidence]

    @property
    def tahapan(self) -> list:  # type: ignore[type-arg]
        return list(self.kegiatan.tahapan.all())


def done_of(rancangan: Rancangan) -> list[Done]:
    """Read the plan with what was done; five queries whatever its size."""
    rows = rancangan.kegiatan.select_related("cause").prefetch_related("tahapan__work", "values__value", "agenda__subject")
    evidence: dict[int, list[Evidence]] = {}
    for one in Evidence.objects.filter(participant=rancangan.participant_id).current().select_related("tahapan").order_by("shown_on", "pk"):
        if one.tahapan:
            evidence.setdefault(one.tahapan.kegiatan_id, []).append(one)
    return [
        Done(kegiatan, [getattr(tahapan, "work", None) for tahapan in kegiatan.tahapan.all()], evidence.get(kegiatan.pk, []))
        for kegiatan in rows
    ]


def kegiatan_words(done: Done, rancangan: Rancangan, mentor: str) -> dict[str, str]:
    """Return 5W1H, outputs and values of one kegiatan as its records have them."""
    person, kegiatan = rancangan.participant, done.kegiatan
    finished = [t for t, work in zip(done.tahapan, done.works, strict=True) if work and work.state == WorkState.DONE]
    return {
        "what": "; ".join(t.text for t in finished or done.tahapan if t.text),
        "who": _("%(name)s, didampingi mentor %(mentor)s") % {"name": person.full_name, "mentor": mentor} if mentor else person.full_name,
        "when": _when(done.works),
        "where": person.satker.name,
        "why": kegiatan.cause.text if kegiatan.cause else "",
        "how": _lines(f"{kegiatan.order}.{t.order} {t.text}{_day(work)}" for t, work in zip(done.tahapan, done.works, strict=True)),
        "outputs": _lines(t.output for t in finished if t.output),
        "values_lived": _lines(f"{value.value.name}: {value.text}" for value in kegiatan.values.all() if value.text),
    }


def laporan_words(rancangan: Rancangan, reports: Sequence[WeeklyReport]) -> dict[str, str]:
    """Return what the plan and the weekly reports say for the texts of the whole."""
    issue = rancangan.chosen_issue
    return {
        "background": rancangan.summary,
        "situation": issue.current if issue else "",
        "action": rancangan.idea,
        "outcome": issue.expected if issue else "",
        "benefit_unit": "",
        "benefit_public": "",
        "follow_up": "",
        "closing": _lines(report.obstacles for report in reports if report.obstacles),
    }


def mentor_name(participant_id: int) -> str:
    present = MentorAssignment.objects.active().filter(participant_id=participant_id).select_related("mentor__user").first()
    return present.mentor.user.full_name if present else ""


def _when(works: Iterable[TahapanWork | None]) -> str:
    days = [day for work in works if work for day in (work.started_on, work.finished_on) if day]
    return words.date_range(min(days), max(days)) if days else ""


def _day(work: TahapanWork | None) -> str:
    return f" ({words.long_date(work.finished_on)})" if work and work.finished_on else ""


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)
