"""Actions over chosen rows: each row through its service, a sentence for each that was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.errors import NotAllowed, Refused
from latsar.adminsite.scoped import ReadOnlyAdmin, user_of
from latsar.ui.typed import seen_text


class ReasonForm(ActionForm):
    reason = forms.CharField(label=gettext_lazy("Alasan"), required=False, max_length=500)


class ActingAdmin(ReadOnlyAdmin):
    """Rows that only services write, with the actions of a role: `acts` maps the name of an action to who may take it."""

    acts: ClassVar[dict[str, frozenset[str]]] = {}
    action_form = ReasonForm

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        user = user_of(request)
        return {name: found for name, found in super().get_actions(request).items() if user.has_role(*self.acts.get(name, ()))}


def act_on_each(request: HttpRequest, rows: models.QuerySet[Any], act: Callable[[Any], object]) -> int:
    """Call a service for each row; say which were refused and why; return how many went through."""
    done = 0
    for row in rows:
        try:
            act(row)
        except Refused as refusal:
            messages.error(request, f"{row}: {' '.join(refusal.messages)}")
        except NotAllowed:
            messages.error(request, _("%(row)s: bukan wewenang Anda.") % {"row": row})
        else:
            done += 1
    return done


def reason_of(request: HttpRequest) -> str:
    return seen_text(request.POST.get("reason", "")).strip()
