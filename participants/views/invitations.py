"""How far the invitations of one's units are, with doors to the people behind each count."""

from __future__ import annotations

import io
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import allow
from latsar.accounts.enums import Role
from latsar.accounts.models import AuthedRequest
from latsar.ui.listing import PAGE_PARAM, page_links
from participants import bulk, invitation_recap
from participants.invitation_face import PILLS
from participants.invitation_states import LABELS
from participants.views.people import REGISTRARS

READERS = (*REGISTRARS, Role.PIMPINAN)
PER_PAGE = 50


@allow(*READERS)
@require_GET
def invitation_state(request: AuthedRequest) -> HttpResponse:
    asked = _asked(request)
    found = invitation_recap.recap(request.user, province_code=asked["provinsi"], text=asked["q"], now=timezone.now())
    rows = invitation_recap.shown(found.rows, asked["keadaan"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    by_province = request.user.scope.nation and found.province is None
    context: dict[str, Any] = {
        "asked": asked,
        "recap": found,
        "rows": list(page),
        "links": page_links(page, _("provinsi") if by_province else _("satker")),
        "states": list(LABELS.items()),
        "figures": [(door, PILLS[door.state][1]) for door in found.doors],
        "actions": [one for one in bulk.actions_for(request.user) if one.name in bulk.INVITING],
        "by_province": by_province,
        "is_filtered": bool(asked["q"] or asked["keadaan"]),
    }
    return render(request, "participants/invitation_state.html", context)


@allow(*READERS)
@require_POST
def invitation_export(request: AuthedRequest) -> HttpResponseBase:
    asked, stream = _asked(request), io.BytesIO()
    found = invitation_recap.recap(request.user, province_code=asked["provinsi"], text=asked["q"], now=timezone.now())
    invitation_recap.write_recap(stream, found, by=request.user)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("Undangan_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()})


def _asked(request: AuthedRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:80] for name in ("q", "keadaan", "provinsi")}
