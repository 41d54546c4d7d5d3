from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

KEPT = timedelta(hours=24)
"""How long an upload waits for its next piece, and a finished one for its form."""
FOLDER = "unggahan"


def expiry() -> datetime:
    """Return until when an upload that got a piece now is kept."""
    return timezone.now() + KEPT


class UploadSessionQuerySet(models.QuerySet["UploadSession"]):
    def visible_to(self, user: AnyUser) -> UploadSessionQuerySet:
        """An upload belongs to who began it."""
        return self.filter(user_id=user.scope.user_id)

    def unfinished(self) -> UploadSessionQuerySet:
        return self.filter(offset__lt=F("length"), expires_at__gt=timezone.now())

    def expired(self) -> UploadSessionQuerySet:
        return self.filter(expires_at__lte=timezone.now())


class UploadSession(models.Model):
    """A file that comes in pieces: `offset` of `length` bytes are stored. `target` is what it was begun for."""

    token = models.CharField(max_length=43, unique=True)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="uploads")
    target = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    length = models.PositiveIntegerField()
    limit = models.PositiveIntegerField()
    offset = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=expiry, db_index=True)

    objects = UploadSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(length__gte=1, length__lte=F("limit")), name="upload_length_within_limit"),
            models.CheckConstraint(condition=Q(offset__lte=F("length")), name="upload_offset_within_length"),
        ]
        indexes = [models.Index(fields=["user", "target"], name="upload_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_finished(self) -> bool:
        return self.offset == self.length

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def part_name(self) -> str:
        """The stored name of the bytes so far."""
        return f"{FOLDER}/{self.token}.part"
