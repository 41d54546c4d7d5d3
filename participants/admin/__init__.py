"""Participants, their imports and certificates in the admin."""

from participants.admin import certificates, imports, movements, orientation, people

__all__ = ["certificates", "imports", "movements", "orientation", "people"]
