"""What waits about scores on the home pages, and the result on a person's page: one query each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard.registry import Card, Todo
from latsar.training.models import Batch
from latsar.ui import words
from participants.models import Objection, Participant, Result, ScoreCorrection, ScoreSheet
from participants.scoring import policies
from participants.scoring.enums import CorrectionState, ObjectionState, Outcome, SheetState
from participants.scoring.typing import score_text

SHOWN = 5
CONTESTED = "sanggahan"
"""Value of the list's filter for sheets with something contested."""


def sheet_todos(user: User) -> Sequence[Todo]:
    """Say which sheets of an institute wait to be filled, checked or finalised, and what is contested."""
    found: list[Todo] = []
    for sheet in _waiting(user):
        found += _todos(user, sheet)
    return found[:SHOWN]


def _waiting(user: User) -> QuerySet[ScoreSheet]:
    here = {"batch": OuterRef("batch_id")}
    filed = Objection.objects.filter(state=ObjectionState.FILED, **here)
    proposed = ScoreCorrection.objects.filter(state=CorrectionState.PROPOSED, **here).exclude(proposed_by=user)
    rows = ScoreSheet.objects.filter(batch__in=Batch.objects.visible_to(user)).annotate(filed=_count(filed), proposed=_count(proposed))
    stirring = ~Q(state=SheetState.PUBLISHED) & (~Q(state=SheetState.FILLING) | Q(due_on__isnull=False))
    return (
        rows.filter(stirring | Q(filed__gt=0) | Q(proposed__gt=0)).select_related("batch__institute").order_by("due_on", "pk")[: 4 * SHOWN]
    )


def _count(rows: QuerySet[Objection] | QuerySet[ScoreCorrection]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("batch").annotate(n=Count("pk")).values("n")), 0)


def _todos(user: User, sheet: ScoreSheet) -> list[Todo]:
    batch = sheet.batch
    label = f"{batch.label} {batch.year}"
    found = []
    if (step := _step(user, sheet)) is not None:
        title, action = step
        found.append(Todo(title % {"batch": label}, str(batch.institute), reverse("score_sheet", args=[batch.pk]), action, sheet.due_on))
    contested = sheet.filed + sheet.proposed  # type: ignore[attr-defined]  # annotated
    if contested and policies.runs_scores(user, batch):
        title = ngettext("%(n)s sanggahan atau perubahan nilai, %(batch)s", "%(n)s sanggahan atau perubahan nilai, %(batch)s", contested)
        text = title % {"n": words.thousands(contested), "batch": label}
        found.append(Todo(text, str(batch.institute), reverse("objection_list", args=[batch.pk]), _("Jawab")))
    return found


def _step(user: User, sheet: ScoreSheet) -> tuple[str, str] | None:
    if not policies.runs_scores(user, sheet.batch):
        return None
    return {
        SheetState.FILLING: (_("Lengkapi nilai %(batch)s"), _("Isi nilai")),
        SheetState.SUBMITTED: (_("Periksa nilai %(batch)s"), _("Periksa")),
        SheetState.CHECKED: (_("Finalkan nilai %(batch)s"), _("Finalkan")),
    }.get(SheetState(sheet.state))


def waiting_scores(user: User) -> dict[str, Any]:
    """Return what the count of people takes along for PKSDM: sheets to publish, and what is contested, without a query of its own."""
    if not user.has_role(Role.PKSDM):
        return {}
    final = ScoreSheet.objects.filter(state=SheetState.FINAL).order_by().values("state").annotate(n=Count("pk")).values("n")
    filed = (
        Objection.objects.visible_to(user).filter(state=ObjectionState.FILED).order_by().values("state").annotate(n=Count("pk")).values("n")
    )
    return {"sheets_final": Max(Subquery(final)), "objections_filed": Max(Subquery(filed))}


def to_publish(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say how many sheets wait to be published, and how many objections for an answer."""
    found = []
    address = reverse("score_list")
    if n := counts["sheets_final"]:
        title = ngettext("Umumkan nilai %(n)s angkatan", "Umumkan nilai %(n)s angkatan", n) % {"n": words.thousands(n)}
        found.append(Todo(title, _("Sudah difinalkan lembaganya."), f"{address}?keadaan={SheetState.FINAL}", _("Lihat nilai")))
    if n := counts["objections_filed"]:
        title = ngettext("%(n)s sanggahan nilai menunggu jawaban", "%(n)s sanggahan nilai menunggu jawaban", n) % {"n": words.thousands(n)}
        found.append(Todo(title, _("Dijawab lembaga atau PKSDM."), f"{address}?keadaan={CONTESTED}", _("Lihat sanggahan")))
    return found


def with_result(people: QuerySet[Participant], today: date) -> QuerySet[Participant]:
    """Annotate the published result that may still be objected to, for `own_result`: no query of its own."""
    rows = Result.objects.filter(
        participant=OuterRef("pk"), batch__score_sheet__state=SheetState.PUBLISHED, batch__score_sheet__objections_until__gte=today
    )
    facts = {
        "batch_id": "result_batch",
        "total": "result_total",
        "outcome": "result_outcome",
        "batch__score_sheet__objections_until": "result_until",
    }
    return people.annotate(**{alias: Subquery(rows.values(name)[:1]) for name, alias in facts.items()})


def own_result(person: Participant) -> Sequence[Todo]:
    """Lead a participant that `with_result` annotated to the own published result while it may be objected to."""
    if person.result_batch is None:  # type: ignore[attr-defined]  # annotated
        return []
    outcome = str(Outcome(person.result_outcome).label).lower()  # type: ignore[attr-defined]
    detail = _("Nilai akhir %(total)s, %(outcome)s.") % {"total": score_text(person.result_total), "outcome": outcome}  # type: ignore[attr-defined]
    url = reverse("result_detail", args=[person.result_batch, person.pk])  # type: ignore[attr-defined]
    return [Todo(_("Lihat nilai Latsar Anda"), detail, url, _("Lihat nilai"), person.result_until)]  # type: ignore[attr-defined]


def result_card(user: User, participant: Participant) -> Card | None:
    """Show the published result of a person."""
    row = _published(user).filter(participant=participant).first()
    if row is None:
        return None
    rows = [
        (_("Nilai akhir"), score_text(row.total), _url(row)),
        (_("Kualifikasi"), row.qualification, ""),
        (_("Hasil"), str(row.get_outcome_display()), ""),
    ]
    return Card(_("Nilai"), rows, order=58)


def _published(user: User) -> QuerySet[Result]:
    rows = Result.objects.visible_to(user).filter(batch__score_sheet__state=SheetState.PUBLISHED)
    return rows.select_related("batch__score_sheet").order_by("-computed_at")


def _url(row: Result) -> str:
    return reverse("result_detail", args=[row.batch_id, row.participant_id])
