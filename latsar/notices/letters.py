"""Writing one mail from its templates, in the recipient's language, with the same foot under each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.notices.models import OutboxMail

SUBJECT_LIMIT = 200


@dataclass(frozen=True)
class Letter:
    """A mail to be written: `template` is a folder and event such as "participants/email/invitation".

    `.subject.txt`, `.txt` and `.html` of it are rendered with `context`; without an `.html` the plain text is set in the base.
    """

    key: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)


def written(
    letter: Letter,
    *,
    user: User | None,
    kind: str,
    language: str,
    send_after: datetime,
    now: datetime,
    to: str = "",
    is_security: bool = False,
    expires_at: datetime | None = None,
) -> OutboxMail:
    """Render the letter for its recipient; the row is not saved."""
    with translation.override(language), timezone.override(ZONES[user.zone] if user else None):
        context = {
            **letter.context,
            "portal_url": settings.PUBLIC_URL,
            "settings_url": "" if is_security else settings.PUBLIC_URL + reverse("notice_settings"),
            "mail_language": language,
        }
        subject = " ".join(render_to_string(f"{letter.template}.subject.txt", context).split())[:SUBJECT_LIMIT]
        context["mail_subject"] = subject
        text = render_to_string(f"{letter.template}.txt", context).strip()
        foot = render_to_string("notices/email/foot.txt", context).strip()
        html = render_to_string([f"{letter.template}.html", "notices/email/plain.html"], {**context, "mail_text": text})
    return OutboxMail(
        key=letter.key,
        user=user,
        to=to or (user.email if user else ""),
        kind=kind,
        is_security=is_security,
        subject=subject,
        body=f"{text}\n\n{foot}\n",
        html=html,
        created_at=now,
        send_after=send_after,
        expires_at=expires_at,
    )
