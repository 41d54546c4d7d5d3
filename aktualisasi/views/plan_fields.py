"""The endpoint behind the fields that save themselves. Answers JSON; the page shows the words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from aktualisasi import policies, services
from aktualisasi.fields import digest, parse
from latsar.accounts.access import allow
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.ui import words
from participants.models import Participant

PARTS = {"unit_profile": "plan_profile", "job_profile": "plan_profile", "agenda_summary": "plan_profile"}
PARTS |= {"title": "plan_idea", "summary": "plan_idea", "idea": "plan_idea"}


@allow(Role.PESERTA)
@require_POST
def plan_field(request: AuthedRequest) -> HttpResponse:
    """Save one field, or with `lepas` let the stored text stand. 409 brings the stored text, 422 what is wrong with the typed one."""
    participant = Participant.objects.visible_to(request.user).filter(user=request.user).first()
    if participant is None or not policies.can_plan(request.user, participant):
        raise Http404
    key, text = request.POST.get("kunci", ""), request.POST.get("isi", "")
    try:
        if request.POST.get("lepas"):
            saved = services.drop_typed(participant_id=participant.pk, key=key, text=text, by=request.user)
        else:
            saved = services.save_field(
                participant_id=participant.pk, key=key, text=text, seen=request.POST.get("lihat", ""), by=request.user
            )
    except services.FieldConflict as conflict:
        stored = conflict.stored
        facts = {"message": " ".join(conflict.messages), "stored": stored, "seen": digest(stored), "url": _where(key)}
        return JsonResponse(facts, status=409)
    except Refused as refused:
        return JsonResponse({"message": " ".join(refused.messages), "code": refused.code or ""}, status=422)
    answer: dict[str, Any] = {"text": saved.text, "seen": saved.seen, "at": words.clock_time(saved.at, timezone.get_current_timezone())}
    if saved.choice is not None:
        answer["choice"] = {"text": saved.choice, "seen": digest(saved.choice)}
    return JsonResponse(answer)


def _where(key: str) -> str:
    """Return the page on which a field stands; a tahapan only knows that it is in one of the kegiatan."""
    place = parse(key)
    if place is None:
        return reverse("plan_home")
    name = {"issue": "plan_issues", "cause": "plan_causes", "tahapan": "plan_activities"}.get(place.row)
    if place.row == "rancangan":
        name = PARTS.get(place.name, "plan_issues")
    if place.name == "weeks":
        name = "plan_schedule"
    return f"{reverse(name) if name else reverse('plan_activity', args=[place.pk])}#{key}"
