"""How the tests of the admin speak to its pages."""

from __future__ import annotations

from django.urls import reverse

from tests import factories


def person_of(satker, name, **facts):
    return factories.ParticipantFactory(satker=satker, full_name=name, **facts)


def address(model, kind: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace")


def act(client, model, action, rows, **more):
    form = {"action": action, "_selected_action": [getattr(row, "pk", row) for row in rows], "select_across": "0", **more}
    return client.post(address(model, "changelist"), form, follow=True)
