"""Holding a person and their account together: tying the two, and letting the sign-in address follow a correction."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.accounts.security import change_account_email
from latsar.notices.services import notify
from participants.account_rules import can_be_linked, holds_more
from participants.independence import account_problem
from participants.models import Participant
from participants.services.invitation import grant_participant

LINK = "link_account"
REASON_LIMIT = 300  # characters


@transaction.atomic
def link_account(*, participant_id: int, reason: str, by: User) -> Participant:
    """Tie a person to the account that has their NIP, which keeps its address, password and other roles.

    Locks the person, then the account, and tells its owner. Raises NotAllowed for everybody but PKSDM and for one's own account,
    Refused without a reason or when there is nothing to tie.
    """
    person = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if person is None or not by.has_role(Role.PKSDM) or person.nip == by.username:
        raise NotAllowed
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise Refused({"reason": _("Tulis alasannya, misalnya siapa yang memastikan bahwa keduanya orang yang sama.")})
    account = User.objects.select_for_update().filter(username=person.nip).first()
    if account is None or not can_be_linked(person, account):
        raise Refused(_("Tidak ada akun aktif dengan NIP ini yang belum terhubung."))
    if problem := account_problem(person, account):
        raise Refused(problem)
    person.user = account
    person.save(update_fields=["user", "updated_at"])
    grant_participant(account, by)
    for obj in (person, account):
        audit.record(verb=LINK, obj=obj, by=by, note=reason)
    notify(user=account, text=lambda: _("Akun Anda dihubungkan ke data CPNS dengan NIP yang sama."), url=person.get_absolute_url())
    return person


def follow_email(person: Participant, *, by: User) -> None:
    """Let the account of a saved person follow their corrected address, in the transaction of the correction.

    Who registers people moves an account that nobody uses yet, PKSDM also one in use, and tells the old address; one with other
    roles moves for nobody. Raises Refused: whoever could move a living account could also ask for its password.
    """
    account = person.user
    if account is None or account.email == person.email:
        return
    if holds_more(account) or (account.is_in_use and not by.has_role(Role.PKSDM)):
        raise Refused(
            {"email": _("Akunnya sudah dipakai. Pemiliknya mengubah e-mail sendiri di Akun, Kontak; perubahan lain bisa disimpan.")}
        )
    change_account_email(account=account, email=person.email, by=by)
