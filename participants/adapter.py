"""What the sign-in library tells this app: its adapter stands on those of accounts and notices, and the settings name it."""

from __future__ import annotations

from latsar.accounts.models import User
from latsar.notices.adapter import OutboxAdapter
from participants.services.activation import note_first_password


class PortalAdapter(OutboxAdapter):
    def set_password(self, user: User, password: str) -> None:
        """Note a first password that was made through the reset link instead of the invitation."""
        is_first = not user.has_usable_password()
        super().set_password(user, password)
        if is_first:
            note_first_password(account=user)
