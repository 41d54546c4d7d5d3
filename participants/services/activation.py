"""Activating an account: by the code of a printed slip or by the link of a mail, both once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import url_str_to_user_pk
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from participants.account_rules import holds_more
from participants.invitations import SlipState, VoidReason
from participants.models import ActivationSlip, Participant
from participants.services.slips import void_unused
from participants.slip_code import is_code, read_code

ACTIVATE = "activate"
STEP_LASTS = timedelta(minutes=20)
"""From the code to the password; then the code is asked for again."""
NOBODY = 0
NO_HASH = "0" * 64


@dataclass(frozen=True)
class Proof:
    """What somebody showed: a slip, or an account with the token of its mail. Kept in the session, never the code itself."""

    account_id: int
    slip_id: int = 0
    token: str = ""


def prove_by_code(*, nip: str, code: str) -> Proof | None:
    """Return the proof for a NIP and the code of its slip, or nothing.

    The same query and the same hashing whatever is wrong: unknown NIP, wrong code, used, void, or run out.
    """
    slip = ActivationSlip.objects.unused().filter(participant__nip=nip).select_related("participant__user").first()
    owner = slip.participant_id if slip else NOBODY
    fits = is_code(read_code(code), owner, slip.code_hash if slip else NO_HASH)
    account = slip.participant.user if slip else None
    if slip is None or account is None or not fits or _problem(slip, account):
        return None
    return Proof(account.pk, slip_id=slip.pk)


def prove_by_link(*, uid: str, token: str) -> Proof | None:
    """Return the proof for the link of an invitation mail, or nothing when it was used, ran out or never was."""
    try:
        account = User.objects.filter(pk=url_str_to_user_pk(uid), is_active=True).first()
    except ValueError:
        return None
    if account is None or _is_shut(account) or not default_token_generator.check_token(account, token):
        return None
    return Proof(account.pk, token=token)


def account_of(proof: Proof) -> User | None:
    """Return the account of a proof that still counts, to greet its owner and to judge the password."""
    account = User.objects.filter(pk=proof.account_id, is_active=True).first()
    return None if account is None or _is_shut(account) else account


@transaction.atomic
def activate_account(*, proof: Proof, password: str) -> User:
    """Set the password and consume the code or the link in one transaction.

    Locks the account: of two activations with one code exactly one wins. Raises Refused when the proof no longer counts.
    """
    account = User.objects.select_for_update().filter(pk=proof.account_id, is_active=True).first()
    if account is None or _is_shut(account):
        raise gone()
    person = Participant.objects.filter(user=account).first()
    if proof.slip_id:
        slip = ActivationSlip.objects.unused().select_for_update(of=("self",)).filter(pk=proof.slip_id, participant=person).first()
        if slip is None or _problem(slip, account):
            raise gone()
        slip.used_at = timezone.now()
        slip.save(update_fields=["used_at"])
    elif not default_token_generator.check_token(account, proof.token):
        raise gone()
    elif person is not None:
        void_unused(person, VoidReason.ACTIVATED, by=account)
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record(verb=ACTIVATE, obj=person or account, by=account, note=_("lewat slip") if proof.slip_id else _("lewat e-mail"))
    return account


@transaction.atomic
def note_first_password(*, account: User) -> None:
    """Record that an invited person came in by "lupa sandi", and void the slip that is not needed any more."""
    person = Participant.objects.select_for_update(of=("self",)).filter(user=account).first()
    if person is not None:
        void_unused(person, VoidReason.ACTIVATED, by=account)
        audit.record(verb=ACTIVATE, obj=person, by=account, note=_("lewat lupa sandi"))


def is_fresh(began_at: float, now: datetime) -> bool:
    """Whether the code was shown recently enough to go on."""
    return 0 <= now.timestamp() - began_at < STEP_LASTS.total_seconds()


def gone() -> Refused:
    """Build the refusal of a code or link that no longer counts."""
    return Refused(_("Kode atau tautan ini sudah dipakai, diganti, atau lewat masanya. Minta yang baru kepada admin satker Anda."))


def _problem(slip: ActivationSlip, account: User) -> bool:
    is_open = slip.state_on(timezone.localdate()) == SlipState.OPEN
    return not is_open or not account.is_active or _is_shut(account)


def _is_shut(account: User) -> bool:
    """Whether no code or link of an invitation opens the account: in use already, or given other roles since."""
    return account.is_in_use or holds_more(account)
