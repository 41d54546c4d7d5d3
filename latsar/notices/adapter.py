"""The mail of the sign-in library goes through the outbox: this room may know both, accounts may not."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex
from typing import Any

from django.utils import timezone

from latsar.accounts.adapter import AccountAdapter
from latsar.accounts.security import link_seconds
from latsar.notices.services import queue_mail

RESET = "account/email/password_reset_key"


class OutboxAdapter(AccountAdapter):
    """Write the mail instead of talking to the server: a slow or silent one tells nobody which address is known."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        told = {name: value for name, value in context.items() if name not in ("request", "user")}
        expires_at = None
        if template_prefix == RESET and user is not None:
            seconds = link_seconds(user)
            told["hours"], expires_at = seconds // 3600, timezone.now() + timedelta(seconds=seconds)
        queue_mail(
            key=f"account-{token_hex(8)}",
            to=email,
            template=template_prefix,
            context=told,
            user=user,
            is_security=True,
            expires_at=expires_at,
        )
