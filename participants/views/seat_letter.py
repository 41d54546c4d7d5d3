"""The printed letter of a request for seats: it names people, so it belongs here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.training.policies import is_request_actor
from latsar.training.views.seat_requests import ASKERS, visible_request
from participants.models import Participant
from participants.seat_letter import print_seat_letter


@allow(*ASKERS)
@require_GET
def seat_request_letter(request: AuthedRequest, request_id: int) -> HttpResponse:
    """The letter with its list of names, to be signed and sent; each person can see that the list was taken."""
    row = visible_request(request, request_id)
    require(is_request_actor(request.user, row, "asker"))
    try:
        pdf, people = print_seat_letter(request=row, user=request.user, today=timezone.localdate())
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(row)
    seen.note_views(request, Participant, people, ViewKind.EXPORT, str(row))
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="permohonan-kursi-{row.pk}.pdf"'
    return response
