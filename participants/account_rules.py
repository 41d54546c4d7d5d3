"""Which account an invitation or a slip may open: the one of the NIP, unless it is more than a participant's."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from participants.models import Participant


def accounts_of(people: Sequence[Participant]) -> dict[int, User]:
    """Map people to the account that is linked to them, or else has their NIP: two queries whatever their number."""
    linked = Q(pk__in=[person.user_id for person in people if person.user_id])
    named = Q(username__in=[person.nip for person in people if not person.user_id])
    found = User.objects.get_queryset().filter(linked | named).select_related("mentor", "participant").prefetch_related("grants")
    by_pk = {account.pk: account for account in found}
    by_name = {account.username: account for account in by_pk.values()}
    pairs = ((person.pk, by_pk.get(person.user_id) if person.user_id else by_name.get(person.nip)) for person in people)
    return {pk: account for pk, account in pairs if account is not None}


def explain_account(participant: Participant, account: User | None) -> str:
    """Say why an invitation may not open this account, or nothing.

    Whoever registers people chooses the address and holds the slip; that must never lead into an account with other rights.
    """
    if account is None:
        return ""
    is_linked = participant.user_id == account.pk
    if not account.is_active:
        return _("Akun dengan NIP ini dinonaktifkan. Minta PKSDM mengaktifkannya lagi.")
    if account.is_in_use:
        return _("Akunnya sudah aktif.") if is_linked else _("NIP ini sudah mempunyai akun yang aktif. Minta PKSDM menghubungkannya.")
    if holds_more(account):
        if is_linked:
            return _("Akunnya juga memegang peran lain. Minta PKSDM mengirim tautan sandinya.")
        return _("NIP ini milik akun petugas atau mentor. Minta PKSDM menghubungkannya.")
    if not is_linked and hasattr(account, "participant"):
        return _("Akun dengan NIP ini terhubung ke peserta lain. Minta PKSDM memeriksanya.")
    return ""


def can_be_linked(participant: Participant, account: User | None) -> bool:
    """Whether PKSDM may tie the two: an account of this NIP that no invitation opens and that belongs to nobody else."""
    if account is None or participant.user_id is not None or not account.is_active or account.username != participant.nip:
        return False
    return (account.is_in_use or holds_more(account)) and not hasattr(account, "participant")


def holds_more(account: User) -> bool:
    """Whether the account ever had another role than PESERTA, or guides people."""
    return hasattr(account, "mentor") or any(grant.role != Role.PESERTA for grant in account.grants.all())
