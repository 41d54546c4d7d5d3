from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

NAME_LIMIT = 40  # characters
MOST = 20
"""Saved filters of one person; more would be a second list to search."""


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: AnyUser) -> SavedFilterQuerySet:
        return self.filter(user_id=user.scope.user_id)


class SavedFilter(models.Model):
    """A filter of the list of participants under a name of one's own; `address` is its query string without the page."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="saved_filters", verbose_name=_("pemilik"))
    name = models.CharField(_("nama"), max_length=NAME_LIMIT)
    address = models.CharField(_("saringan"), max_length=600)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("saringan tersimpan")
        verbose_name_plural = _("saringan tersimpan")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return self.name


class ListColumns(models.Model):
    """Which columns of the list of participants somebody wants to see, in order."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="list_columns")
    names = models.JSONField(default=list)

    def __str__(self) -> str:
        return ", ".join(self.names)
