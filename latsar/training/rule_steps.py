"""What the buttons of a scheme or a curriculum do, the same for both."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import date_field
from latsar.training.models import Curriculum, RegulationScheme
from latsar.training.services import rules as services
from latsar.ui.numbers import whole_number

COPY, PUBLISH, END, DISCARD = "salin", "terbitkan", "akhiri", "hapus"


def step_rules(request: AuthedRequest, rules: RegulationScheme | Curriculum, list_url: str) -> str:
    """Do what the button said and return where to go; what is refused is said on the page of the rules."""
    steps = {COPY: _copy, PUBLISH: _publish, END: _end, DISCARD: _discard}
    step = steps.get(request.POST.get("langkah", ""))
    if step is None:
        raise Http404
    try:
        return step(request, rules) or list_url
    except StaleVersion:
        raise
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return rules.get_absolute_url()


def _version(request: AuthedRequest) -> int:
    return whole_number(request.POST.get("version", "")) or 0


def _copy(request: AuthedRequest, rules: RegulationScheme | Curriculum) -> str:
    if isinstance(rules, RegulationScheme):
        url = reverse("scheme_edit", args=[services.copy_scheme(scheme_id=rules.pk, by=request.user).pk])
    else:
        url = reverse("curriculum_edit", args=[services.copy_curriculum(curriculum_id=rules.pk, by=request.user).pk])
    messages.success(request, _("Versi baru dibuat sebagai konsep. Ubah seperlunya, lalu terbitkan."), extra_tags="toast")
    return url


def _publish(request: AuthedRequest, rules: RegulationScheme | Curriculum) -> str:
    ends = bool(request.POST.get("akhiri_lama"))
    if isinstance(rules, RegulationScheme):
        services.publish_scheme(scheme_id=rules.pk, version=_version(request), by=request.user, ends_previous=ends)
    else:
        services.publish_curriculum(curriculum_id=rules.pk, version=_version(request), by=request.user, ends_previous=ends)
    messages.success(request, _("%(name)s diterbitkan.") % {"name": rules}, extra_tags="toast")
    return rules.get_absolute_url()


def _end(request: AuthedRequest, rules: RegulationScheme | Curriculum) -> str:
    day = date_field("", required=False).clean(request.POST.get("effective_to", ""))
    services.end_rules(model=type(rules), pk=rules.pk, version=_version(request), effective_to=day, by=request.user)
    messages.success(request, _("Masa berlaku tersimpan."), extra_tags="toast")
    return rules.get_absolute_url()


def _discard(request: AuthedRequest, rules: RegulationScheme | Curriculum) -> str:
    services.discard_rules(model=type(rules), pk=rules.pk, version=_version(request), by=request.user)
    messages.success(request, _("Konsep %(name)s dibuang.") % {"name": rules}, extra_tags="toast")
    return ""
