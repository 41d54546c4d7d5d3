"""Inviting a participant: an account without a password and a single-use link by mail, which nobody else sees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import RoleGrant, User
from latsar.jobs.models import ItemState, Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.notices.services import queue_mail
from latsar.ui import words
from participants import policies
from participants.models import Invitation, Participant
from participants.services.verification import Outcome
from participants.tidying import tidy

INVITE = "invite"
TASK = "participants.send_invitations"


@transaction.atomic
def invite_participant(*, participant_id: int, by: User, email: str = "") -> Participant:
    """Make the account when there is none, grant the role, and mail a link to set the password.

    The link works once and for PASSWORD_RESET_TIMEOUT seconds; inviting again makes earlier links to another address
    worthless. A given `email` corrects the address first. The mail goes out after commit.
    Raises NotAllowed, and Refused when the account is in use already or the address belongs to somebody else.
    """
    participant = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if participant is None or not policies.is_registrar(by, participant):
        raise NotAllowed
    problem = explain_invitation(by, participant)
    if problem:
        raise Refused(problem)
    if email and email != participant.email:
        _correct_email(participant, email, by)
    account = account_for(participant, by)
    entry = audit.record(verb=INVITE, obj=participant, by=by, changes={"email": ["", account.email]})
    mail = queue_mail(
        key=f"invite-{entry.pk}",
        to=account.email,
        template="participants/email/invitation",
        context=_letter(participant, account),
        user=account,
        is_security=True,
        expires_at=timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    )
    Invitation.objects.update_or_create(participant=participant, defaults={"mail": mail, "mailed_by": by, "mailed_at": entry.at})
    return participant


def invite_many(*, participant_ids: Iterable[int], by: User) -> list[Outcome]:
    """Invite each person in a transaction of their own; who cannot be invited is named with the reason."""
    outcomes = []
    for outcome in preview_invitations(participant_ids=participant_ids, by=by):
        if not outcome.is_done:
            outcomes.append(outcome)
            continue
        try:
            outcomes.append(Outcome(invite_participant(participant_id=outcome.participant.pk, by=by)))
        except Refused as refusal:
            outcomes.append(Outcome(outcome.participant, " ".join(refusal.messages)))
    return outcomes


def preview_invitations(*, participant_ids: Iterable[int], by: User) -> list[Outcome]:
    """Say for each visible person whether an invitation would go out, and why not. Changes nothing."""
    people = Participant.objects.visible_to(by).filter(pk__in=list(participant_ids)).select_related("satker", "user")
    return [Outcome(person, explain_invitation(by, person)) for person in people]


def explain_invitation(user: User, participant: Participant) -> str:
    """Return why this person cannot invite now, or nothing."""
    if not policies.is_registrar(user, participant):
        return _("Bukan wewenang Anda.")
    if policies.is_active(participant):
        return _("Akunnya sudah aktif.")
    if participant.stage not in policies.INVITABLE:
        return _("Undangan dikirim sesudah berkas diverifikasi provinsi.")
    return ""


@transaction.atomic
def request_invitations(*, participant_ids: Iterable[int], by: User) -> Job:
    """Ask for the invitation of many people as a job, so that the page does not wait. Raises Refused when none can be invited."""
    people = [one.participant for one in preview_invitations(participant_ids=participant_ids, by=by) if one.is_done]
    if not people:
        raise Refused(_("Tidak satu pun dari mereka bisa diundang sekarang."))
    title = ngettext("Undangan untuk %(n)s orang", "Undangan untuk %(n)s orang", len(people)) % {"n": words.thousands(len(people))}
    items = [(str(person.pk), person.full_name) for person in people]
    return request_job(task=TASK, title=title, by=by, items=items, back_url=reverse("participant_list"))


def invite_items(runner: Runner) -> None:
    """Invite the people of a requested job, each in a transaction with its item: a second run mails nobody twice."""
    for item in runner.queued_items():
        try:
            with transaction.atomic():
                invite_participant(participant_id=int(item.ref), by=runner.job.requested_by)
                runner.settle(item, ItemState.DONE)
        except Refused as refusal:
            runner.settle(item, ItemState.FAILED, " ".join(refusal.messages), reverse("participant_detail", args=[item.ref]))
        except NotAllowed:
            runner.settle(item, ItemState.FAILED, _("Bukan wewenang Anda."))
        runner.count(item)


def _correct_email(participant: Participant, email: str, by: User) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refused({"email": _("Alamat e-mail belum lengkap. Periksa ejaannya, misalnya nama@contoh.go.id.")}) from None
    before = participant.email
    participant.email = tidy("email", email)
    participant.version += 1
    participant.save(update_fields=["email", "version", "updated_at"])
    audit.record(verb="change", obj=participant, by=by, changes={"email": [before, participant.email]})


def account_for(participant: Participant, by: User, *, needs_email: bool = True) -> User:
    """Return the account of the NIP with the participant's address, making it when there is none.

    Without `needs_email` an address that belongs to somebody else is left off instead of refused.
    """
    account = participant.user or User.objects.filter(username=participant.nip).first()
    email = participant.email
    if User.objects.filter(email__iexact=email).exclude(pk=account.pk if account else 0).exists():
        if needs_email:
            raise Refused(
                {"email": _("E-mail %(email)s sudah dipakai akun lain. Perbaiki e-mailnya, lalu undang lagi.") % {"email": email}}
            )
        email = account.email if account else ""
    if account is None:
        account = User.objects.create_user(participant.nip, email, None, full_name=participant.full_name, zone=participant.satker.zone)
    elif account.has_usable_password():
        raise Refused(_("NIP ini sudah mempunyai akun yang aktif. Minta PKSDM menghubungkannya."))
    elif account.email != email:
        account.email = email
        account.save(update_fields=["email"])
        EmailAddress.objects.filter(user=account).delete()  # else the old address could still ask for a password
    if participant.user_id != account.pk:
        participant.user = account
        participant.save(update_fields=["user", "updated_at"])
    RoleGrant.objects.get_or_create(user=account, role=Role.PESERTA, satker=None, institute=None, defaults={"granted_by": by})
    return account


def _letter(participant: Participant, account: User) -> dict[str, object]:
    path = reverse(
        "activate_link",
        kwargs={"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)},
    )
    return {
        "participant": participant,
        "url": f"{settings.PUBLIC_URL}{path}",
        "portal": settings.PUBLIC_URL,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "until": timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    }
