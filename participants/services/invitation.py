"""Inviting a participant: an account without a password and a single-use link by mail, which nobody else sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.security import change_account_email
from latsar.jobs.models import OPEN_STATES, ItemState, Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.notices.models import EmailBounce, MailState
from latsar.notices.services import queue_mail
from latsar.ui import words
from participants import policies
from participants.account_rules import accounts_of, explain_account
from participants.enums import LEFT, Stage
from participants.models import Invitation, Participant
from participants.services.verification import Outcome
from participants.tidying import tidy

INVITE = "invite"
TASK = "participants.send_invitations"
PAUSE = timedelta(minutes=5)
"""Between two invitations of one person to one address: a second click must not send a second mail."""


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
    if in_the_way := _explain_mail([participant]).get(participant.pk):
        raise Refused({"email": in_the_way})
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
    people = list(Participant.objects.visible_to(by).filter(pk__in=list(participant_ids)).select_related("satker", "user"))
    mails = _explain_mail(people)
    return [Outcome(one.participant, one.problem or mails.get(one.participant.pk, "")) for one in explain_many(by, people)]


def explain_many(user: User, people: Iterable[Participant]) -> list[Outcome]:
    """Say for each person why `user` cannot invite or print a slip now, or nothing."""
    people = list(people)
    accounts = accounts_of(people)
    return [Outcome(one, _explain_stage(user, one) or explain_account(one, accounts.get(one.pk))) for one in people]


def explain_invitation(user: User, participant: Participant) -> str:
    """Return why this person cannot invite now, or nothing."""
    return explain_many(user, [participant])[0].problem


def _explain_stage(user: User, participant: Participant) -> str:
    if not policies.is_registrar(user, participant):
        return _("Bukan wewenang Anda.")
    if participant.stage in policies.INVITABLE or policies.is_active(participant):
        return ""
    if participant.stage == Stage.DEFERRED:
        return _("Latsarnya sedang ditunda. Undangan dikirim sesudah dilanjutkan.")
    if participant.has_died:
        return _("Meninggal dunia, jadi tidak diundang.")
    if participant.stage in LEFT:
        return _("Sudah berhenti, jadi tidak diundang.")
    return _("Undangan dikirim sesudah berkas diverifikasi provinsi.")


def _explain_mail(people: Sequence[Participant]) -> dict[int, str]:
    """Name for people why a mail to their address makes no sense now: it bounces, or one is on its way or just went out."""
    now = timezone.now()
    bouncing = set(
        EmailBounce.objects.bouncing().filter(address__in=[one.email.lower() for one in people]).values_list("address", flat=True)
    )
    alive = Q(mail__state=MailState.QUEUED, mail__expires_at__gt=now) | Q(mail__state=MailState.SENT, mailed_at__gt=now - PAUSE)
    rows = Invitation.objects.filter(alive, participant__in=people).values_list("participant_id", "mail__to", "mail__state")
    mailed = {(pk, to.lower()): state for pk, to, state in rows}
    problems = {}
    for one in people:
        address = one.email.lower()
        if (one.pk, address) in mailed:
            is_queued = mailed[one.pk, address] == MailState.QUEUED
            problems[one.pk] = (
                _("Undangannya masih menunggu dikirim.") if is_queued else _("Undangannya baru saja dikirim. Tunggu 5 menit.")
            )
        elif address in bouncing:
            problems[one.pk] = _("Alamat e-mailnya ditolak servernya. Perbaiki alamatnya, atau cetak slip.")
    return problems


@transaction.atomic
def request_invitations(*, participant_ids: Iterable[int], by: User) -> Job:
    """Ask for the invitation of many people as a job, so that the page does not wait; asked twice it stays one job.

    Raises Refused when none can be invited.
    """
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # two clicks at once find the same job
    people = [one.participant for one in preview_invitations(participant_ids=participant_ids, by=by) if one.is_done]
    if not people:
        raise Refused(_("Tidak satu pun dari mereka bisa diundang sekarang."))
    title = ngettext("Undangan untuk %(n)s orang", "Undangan untuk %(n)s orang", len(people)) % {"n": words.thousands(len(people))}
    items = [(str(person.pk), person.full_name) for person in people]
    for job in Job.objects.visible_to(by).filter(task=TASK, state__in=OPEN_STATES):
        if set(job.items.values_list("ref", flat=True)) >= {ref for ref, _name in items}:
            return job
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
    account = accounts_of([participant]).get(participant.pk)
    if problem := explain_account(participant, account):
        raise Refused(problem)
    email = participant.email
    if User.objects.filter(email__iexact=email).exclude(pk=account.pk if account else 0).exists():
        if needs_email:
            raise Refused(
                {"email": _("E-mail %(email)s sudah dipakai akun lain. Perbaiki e-mailnya, lalu undang lagi.") % {"email": email}}
            )
        email = account.email if account else ""
    if account is None:
        account = User.objects.create_user(participant.nip, email, None, full_name=participant.full_name, zone=participant.satker.zone)
        audit.record(verb="add", obj=account, by=by)
    else:
        change_account_email(account=account, email=email, by=by)
    if participant.user_id != account.pk:
        participant.user = account
        participant.save(update_fields=["user", "updated_at"])
    grant_participant(account, by)
    return account


def grant_participant(account: User, by: User) -> None:
    """Give the role of a participant, also where an earlier one has run out."""
    grant, is_new = RoleGrant.objects.get_or_create(
        user=account, role=Role.PESERTA, satker=None, institute=None, defaults={"granted_by": by}
    )
    has_ended = grant.valid_to is not None and grant.valid_to < timezone.localdate()
    if has_ended:
        grant.valid_to = None
        grant.save(update_fields=["valid_to"])
    if is_new or has_ended:
        audit.record(verb="grant", obj=account, by=by, changes={"role": ["", Role.PESERTA]})


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
