"""Admin forms that save through a service."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.http import HttpRequest, HttpResponse

from latsar.accounts.errors import Refused
from latsar.adminsite.scoped import ScopedAdmin


class ServiceAdmin(ScopedAdmin):
    """What a service refuses stands beside its field, with everything typed still there and nothing saved."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (_RefusedForm, form), {"refusal": refusal}) if refusal else form


class _RefusedForm:
    refusal: Refused

    def clean(self) -> Any:
        data = super().clean()  # type: ignore[misc]
        for name, messages in _by_field(self.refusal).items():
            self.add_error(name if name in self.fields else None, messages)  # type: ignore[attr-defined]
        return data


def _by_field(refusal: Refused) -> dict[str, list[str]]:
    return refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}


def adopt(obj: models.Model, saved: models.Model) -> None:
    """Let the form's own instance stand for the row that a service wrote."""
    obj.pk = saved.pk
    obj._state.adding = False  # noqa: SLF001 - the row exists now, as after save()
    obj._state.db = saved._state.db  # noqa: SLF001
    obj.refresh_from_db()
