"""What somebody keeps about the list of participants: filters under a name, and its columns."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from participants.list_columns import DEFAULT, columns_for
from participants.list_query import ListQuery
from participants.saved_lists import MOST, NAME_LIMIT, ListColumns, SavedFilter


@transaction.atomic
def save_filter(*, name: str, query: ListQuery, by: User) -> SavedFilter:
    """Keep filters and order under a name; the same name again replaces them.

    Raises Refused for a missing or long name, an empty filter, and too many of them.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused({"name": _("Beri nama dahulu, misalnya Kupang belum lengkap.")})
    if len(name) > NAME_LIMIT:
        raise Refused({"name": _("Nama terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": NAME_LIMIT}})
    if query == ListQuery():
        raise Refused({"name": _("Belum ada saringan yang dipakai. Saring dahulu, lalu simpan.")})
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # two tabs at once keep to the limit
    if SavedFilter.objects.visible_to(by).exclude(name=name).count() >= MOST:
        raise Refused({"name": _("Sudah ada %(most)d saringan tersimpan. Hapus yang tidak dipakai.") % {"most": MOST}})
    saved, _created = SavedFilter.objects.update_or_create(user=by, name=name, defaults={"address": query.address()})
    return saved


def delete_filter(*, filter_id: int, by: User) -> SavedFilter:
    """Forget one of one's own filters; return it, so that it can be put back."""
    saved = SavedFilter.objects.visible_to(by).filter(pk=filter_id).first()
    if saved is None:
        raise NotAllowed
    saved.delete()
    return saved


def choose_columns(*, names: Iterable[str], by: User) -> list[str]:
    """Remember the columns of the list, in their fixed order; none means the usual ones."""
    wanted = set(names)
    kept = [name for name in columns_for(by) if name in wanted]
    if kept in ([], list(DEFAULT)):
        ListColumns.objects.filter(user=by).delete()
        return list(DEFAULT)
    ListColumns.objects.update_or_create(user=by, defaults={"names": kept})
    return kept


def columns_of(user: User) -> list[str]:
    """Return the columns of this person's list; a name that is no column any more is left out."""
    stored = ListColumns.objects.filter(user=user).values_list("names", flat=True).first() or ()
    return [name for name in columns_for(user) if name in stored] or list(DEFAULT)
