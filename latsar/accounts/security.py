"""Changes of how somebody signs in: recorded, told, and felt by every other session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts import audit, sessions
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry, RoleGrant, User

REASON_LIMIT = 300
TAKEN = gettext_lazy("E-mail ini sudah dipakai akun lain.")


CODE_TRIES = 10
CODE_PAUSE = timedelta(minutes=15)
"""Wrong codes for one account in that time, from wherever they come; the password came first, so no stranger uses them up."""
WRONG_CODE = "wrong_code"
CODES_SHUT = "codes_shut"
SHUT = gettext_lazy("Kode masuk untuk akun Anda salah sepuluh kali, sesudah kata sandi yang benar. Masuk ditutup 15 menit.")
MOVED = gettext_lazy("Alamat e-mail akun Anda diganti oleh %(name)s. Surat dari portal tidak lagi dikirim ke alamat ini.")
NEW_BROWSER = gettext_lazy(
    "Akun Anda dipakai masuk dengan peramban yang belum pernah dipakai: %(device)s, jaringan %(address)s. Bila itu Anda, tidak perlu "
    "berbuat apa pun. Semua sesi ada di portal, menu akun, Sesi."
)
RECOVERED = gettext_lazy("Satu kode pemulihan Anda dipakai untuk masuk.")


@dataclass(frozen=True, slots=True)
class Event:
    verb: str
    text: str | Promise


PASSWORD = Event("change_password", gettext_lazy("Kata sandi Anda diganti."))
FACTOR_RESET = gettext_lazy("Kode masuk Anda diatur ulang oleh PKSDM. Saat masuk berikutnya Anda diminta mengaktifkannya lagi.")
EVENTS = {
    "account/email/password_changed": PASSWORD,
    "account/email/password_set": PASSWORD,
    "account/email/password_reset": PASSWORD,
    "mfa/email/totp_activated": Event("activate_mfa", gettext_lazy("Kode masuk diaktifkan.")),
    "mfa/email/totp_deactivated": Event("deactivate_mfa", gettext_lazy("Kode masuk dimatikan.")),
    "mfa/email/recovery_codes_generated": Event("renew_codes", gettext_lazy("Kode pemulihan baru dibuat. Yang lama tidak berlaku lagi.")),
}
"""What the library tells of, by the name of its mail."""


@transaction.atomic
def note_change(*, user: User, event: Event, keep: str | None) -> None:
    """Record a change that the person made, and end every session but the one it was made in."""
    audit.record(verb=event.verb, obj=user, by=user)
    sessions.end_sign_ins(user=user, by=user, keep=keep, note=str(event.text))


def codes_are_shut(user: User) -> bool:
    """Whether so many wrong codes came for this account that none is taken for a while."""
    return AuditEntry.objects.about(user).filter(verb=CODES_SHUT, at__gt=timezone.now() - CODE_PAUSE).exists()


def note_wrong_code(user: User) -> bool:
    """Count a wrong code of a locked account; say whether it was the last one that it gets for now."""
    audit.record(verb=WRONG_CODE, obj=user, by=None)
    wrong = AuditEntry.objects.about(user).filter(verb=WRONG_CODE, at__gt=timezone.now() - CODE_PAUSE)
    if wrong.count() < CODE_TRIES:
        return False
    audit.record(verb=CODES_SHUT, obj=user, by=None)
    return True


def lock_pksdm() -> None:
    """Let one change at a time take away PKSDM: two who remove each other must not both find the other still there.

    Before anything else of the change is locked, in its transaction; `keep_one_pksdm` judges afterwards.
    """
    list(RoleGrant.objects.valid().filter(role=Role.PKSDM).select_for_update().order_by("pk").values_list("pk"))


def keep_one_pksdm() -> None:
    """Refuse, after a change of roles or accounts, to be left without anybody who can give roles. Raises Refused.

    The change began with `lock_pksdm`.
    """
    if not RoleGrant.objects.valid().filter(role=Role.PKSDM, user__is_active=True).exists():
        raise Refused(_("Harus tetap ada satu akun PKSDM yang aktif. Beri peran PKSDM kepada orang lain lebih dahulu."))


@transaction.atomic
def note_deactivation(*, user: User, by: User) -> None:
    """End the sessions of an account just switched off, so that a later reactivation revives no cookie.

    Whoever switches it off begins with `lock_pksdm`. Raises Refused when it was the last one with PKSDM.
    """
    sessions.end_sign_ins(user=user, by=by, note=_("Akun dinonaktifkan"))
    if user.grants.filter(role=Role.PKSDM).exists():
        keep_one_pksdm()


def link_seconds(user: User) -> int:
    """Return how long a mailed link opens this account: days for a first password, an hour to replace one."""
    return settings.RESET_LINK_SECONDS if user.has_usable_password() else settings.PASSWORD_RESET_TIMEOUT


@transaction.atomic
def change_account_email(*, account: User, email: str, by: User, note: str = "", tells: bool = True) -> bool:
    """Move an account to another address, after which nothing asked from the old one opens it; say whether it moved.

    The one door of admin, import, invitation and contact. Who may do it is the caller's to judge. The old address of an
    account in use is told, unless the caller writes a letter of its own. Raises Refused when the address belongs to another account.
    """
    old = User.objects.select_for_update().get(pk=account.pk).email
    if old == email:
        return False
    if email and User.objects.filter(email__iexact=email).exclude(pk=account.pk).exists():
        raise Refused({"email": TAKEN})
    account.email = email
    try:
        with transaction.atomic():
            account.save(update_fields=["email"])
    except IntegrityError:  # somebody took the address after it was looked for
        raise Refused({"email": TAKEN}) from None
    EmailAddress.objects.filter(user=account).delete()  # else the old address could still ask for a password
    audit.record(verb="change_email", obj=account, by=by, changes={"email": [old, email]}, note=note)
    if tells and old and account.is_in_use:
        get_adapter().tell_of_change(account, MOVED % {"name": by.full_name}, ends_sessions=False, to=old)
    return True


@transaction.atomic
def reset_second_factor(*, user_id: int, reason: str, by: User) -> User:
    """Take away somebody's second factor and recovery codes, who lost the telephone; all their sessions end.

    PKSDM only and never for oneself: whoever has the session open must not shake off the factor with it.
    Raises NotAllowed, Refused without a reason or a factor. The caller mails the person.
    """
    if not by.has_role(Role.PKSDM):
        raise NotAllowed
    user = User.objects.visible_to(by).filter(pk=user_id).select_for_update().first()
    if user is None:
        raise NotAllowed
    if user.pk == by.pk:
        raise Refused(_("Kode masuk sendiri diatur di halaman Akun dan keamanan."))
    reason = reason.strip()
    if not reason:
        raise Refused({"reason": _("Tulis alasannya, misalnya telepon hilang dan siapa yang memastikan orangnya.")})
    if len(reason) > REASON_LIMIT:
        raise Refused({"reason": _("Alasan terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": REASON_LIMIT}})
    if not Authenticator.objects.filter(user=user).exists():
        raise Refused(_("Akun ini tidak memakai kode masuk."))
    Authenticator.objects.filter(user=user).delete()
    audit.record(verb="reset_mfa", obj=user, by=by, note=reason)
    sessions.end_sign_ins(user=user, by=by, note=reason)
    return user
