"""Participants, their imports and certificates in the admin."""

from participants.admin import certificates, imports, people

__all__ = ["certificates", "imports", "people"]
