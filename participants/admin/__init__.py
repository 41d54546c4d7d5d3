"""Participants, their imports and certificates in the admin."""

from participants.admin import certificates, imports, invitations, movements, people

__all__ = ["certificates", "imports", "invitations", "movements", "people"]
