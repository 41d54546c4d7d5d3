"""The private calendar address of a person: made, renewed, taken away."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from latsar.accounts import audit
from latsar.accounts.models import User
from participants.feeds import CalendarAddress, hash_token, make_token, new_nonce


@transaction.atomic
def renew_address(*, by: User) -> CalendarAddress:
    """Make an address for oneself; the one before stops to work."""
    nonce = new_nonce()
    address, _made = CalendarAddress.objects.update_or_create(
        user=by, defaults={"nonce": nonce, "token_hash": hash_token(make_token(by.pk, nonce)), "created_at": timezone.now()}
    )
    audit.record(verb="renew_calendar", obj=by, by=by)
    return address


@transaction.atomic
def revoke_address(*, by: User) -> None:
    """Take the own address away. Does nothing when there is none."""
    if CalendarAddress.objects.filter(user=by).delete()[0]:
        audit.record(verb="revoke_calendar", obj=by, by=by)
