"""Contact data in the participant's own hands: what concerns only them changes at once, the way to reach them is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.accounts.security import TAKEN, change_account_email
from latsar.notices.services import queue_mail
from participants import contact_notices, policies
from participants.contacts import ContactState
from participants.models import ContactRequest, Participant
from participants.slip_code import hash_code, is_code, new_code, read_code

OWN_FIELDS = ("address", "clothing_size", "shoe_size")
CODE_LETTERS = 8
CODE_HOURS = 24
TRIES = 5
NOTE_LIMIT = 500  # characters
EMAILS_A_DAY = 5
"""New addresses that one person may ask for."""
CODES_A_DAY = 3
"""Codes that one address gets, whoever asks."""


@transaction.atomic
def save_own_fields(*, participant_id: int, by: User, **fields: str) -> Participant:
    """Change address and sizes at once: they decide nothing. Writes nothing when nothing differs. Raises NotAllowed."""
    person = _own(participant_id, by)
    before = audit.snapshot(person, OWN_FIELDS)
    for name in OWN_FIELDS:
        setattr(person, name, fields.get(name, getattr(person, name)))
    changes = audit.difference(before, audit.snapshot(person, OWN_FIELDS))
    if changes:
        person.version += 1
        person.save(update_fields=[*changes, "version", "updated_at"])
        audit.record(verb="change", obj=person, by=by, changes=changes)
    return person


@transaction.atomic
def ask_contact(*, participant_id: int, by: User, email: str = "", phone: str = "") -> ContactRequest | None:
    """Ask for another e-mail or phone number; what equals the present data, or the request that waits, asks nothing.

    Another value replaces the open request; the half of it that is not asked anew goes along, so that saving a number does
    not drop the e-mail that waits. A new e-mail gets a code first, sent to that address after commit. Raises NotAllowed,
    Refused with one message per field.
    """
    person = _own(participant_id, by)
    email = email.strip().lower() if email.strip().lower() != person.email.lower() else ""
    phone = phone if phone != person.phone else ""
    earlier = person.contact_requests.open().first()
    is_same_email = earlier is not None and email in ("", earlier.email) and not _is_over(earlier)
    if (not email or is_same_email) and (not phone or (earlier is not None and phone == earlier.phone)):
        return None
    if earlier is not None:
        person.contact_requests.open().update(state=ContactState.CANCELLED)
        phone = phone or earlier.phone
        kept = earlier.email if is_same_email else email
        audit.record(verb="cancel_contact", obj=person, by=by, changes=_dropped(earlier, kept, phone))
    if earlier is not None and earlier.email and is_same_email:
        return _carried(earlier, person, phone, by)
    if email:
        _refuse_email(email, person)
        _refuse_too_many(email, person)
    asked = ContactRequest(participant=person, email=email, phone=phone, old_email=person.email, old_phone=person.phone)
    asked.state = ContactState.PROVING if email else ContactState.WAITING
    code = new_code()[:CODE_LETTERS]
    asked.code_hash = hash_code(code, person.pk) if email else ""
    asked.save(force_insert=True)
    audit.record(verb="ask_contact", obj=person, by=by, changes=_changes(asked))
    if email:
        context: dict[str, object] = {"participant": person, "code": code, "hours": CODE_HOURS}
        queue_mail(
            key=f"contact-{asked.pk}", to=email, template="participants/email/contact_code", context=context, user=by, is_security=True,
            expires_at=timezone.now() + timedelta(hours=CODE_HOURS),
        )  # fmt: skip
    else:
        contact_notices.asked(asked, person)
    return asked


def _carried(earlier: ContactRequest, person: Participant, phone: str, by: User) -> ContactRequest:
    """Ask for another number with the e-mail that waits already, as far as it was proved."""
    asked = ContactRequest(
        participant=person, email=earlier.email, phone=phone, old_email=person.email, old_phone=person.phone, state=earlier.state,
        code_hash=earlier.code_hash, tries=earlier.tries, requested_at=earlier.requested_at, proved_at=earlier.proved_at,
    )  # fmt: skip
    asked.save(force_insert=True)
    audit.record(verb="ask_contact", obj=person, by=by, changes=_changes(asked))
    return asked


def _is_over(asked: ContactRequest) -> bool:
    """Whether the code of an unproved e-mail cannot be used any more."""
    is_unproved = asked.state == ContactState.PROVING
    return is_unproved and (asked.tries >= TRIES or asked.requested_at < timezone.now() - timedelta(hours=CODE_HOURS))


def _dropped(earlier: ContactRequest, email: str, phone: str) -> dict[str, list[str]]:
    """Return what of an open request is not asked any more."""
    pairs = {"email": (earlier.email, email), "phone": (earlier.phone, phone)}
    return {name: [old, ""] for name, (old, new) in pairs.items() if old and old != new}


def confirm_email(*, participant_id: int, code: str, by: User) -> ContactRequest:
    """Take the code that came to the new address; from then on the satker sees the request.

    Wrong codes are counted outside the refused transaction. Raises NotAllowed, Refused.
    """
    with transaction.atomic():
        person = _own(participant_id, by)
        asked = person.contact_requests.select_for_update().filter(state=ContactState.PROVING).first()
        if asked is None:
            raise Refused({"kode": _("Tidak ada e-mail yang menunggu kode. Isi e-mail barunya lagi.")})
        is_over = _is_over(asked)
        fits = not is_over and is_code(read_code(code), person.pk, asked.code_hash)
        if fits:
            asked.state, asked.proved_at, asked.code_hash = ContactState.WAITING, timezone.now(), ""
            audit.record(verb="prove_contact", obj=person, by=by, changes=_changes(asked))
            contact_notices.asked(asked, person)
        else:
            asked.tries += 1
        asked.save()
    if is_over:
        raise Refused({"kode": _("Kode ini tidak berlaku lagi. Simpan e-mail barunya sekali lagi untuk mendapat kode baru.")})
    if not fits:
        raise Refused({"kode": _("Kode tidak cocok. Salin lagi dari e-mail yang terakhir.")})
    return asked


@transaction.atomic
def cancel_contact(*, participant_id: int, by: User) -> int:
    """Take one's own open request back; return how many there were."""
    person = _own(participant_id, by)
    cancelled = person.contact_requests.open().update(state=ContactState.CANCELLED)
    if cancelled:
        audit.record(verb="cancel_contact", obj=person, by=by)
    return cancelled


@transaction.atomic
def decide_contact(*, request_id: int, accept: bool, by: User, note: str = "") -> ContactRequest:
    """Accept a request, after which the account's e-mail follows, or refuse it with the reason.

    Locks the person, then the request. Raises NotAllowed, Refused when it is decided, changed meanwhile, or taken.
    """
    found = ContactRequest.objects.visible_to(by).filter(pk=request_id).first()
    if found is None:
        raise NotAllowed
    person = Participant.objects.visible_to(by).select_related("user").select_for_update(of=("self",)).get(pk=found.participant_id)
    if not policies.is_registrar(by, person) or policies.is_self(by, person):
        raise NotAllowed
    asked = ContactRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if asked.state != ContactState.WAITING:
        raise Refused(_("Usulan ini tidak menunggu lagi: %(state)s.") % {"state": asked.get_state_display()})
    note = note.strip()[:NOTE_LIMIT]
    if accept:
        _apply(asked, person, by)
    elif not note:
        raise Refused({"note": _("Tulis sebab penolakannya, supaya peserta tahu apa yang harus diperbaiki.")})
    else:
        audit.record(verb="refuse_contact", obj=person, by=by, note=note)
    asked.state = ContactState.ACCEPTED if accept else ContactState.REFUSED
    asked.decided_by, asked.decided_at, asked.decision_note = by, timezone.now(), note
    asked.save()
    contact_notices.decided(asked, person)
    return asked


def decide_many(*, request_ids: Iterable[int], accept: bool, by: User, note: str = "") -> tuple[int, list[str]]:
    """Decide each request in a transaction of its own; return how many went through and why the others did not."""
    done, problems = 0, []
    wanted = ContactRequest.objects.visible_to(by).waiting().filter(pk__in=list(request_ids)).select_related("participant")
    for asked in wanted.order_by("requested_at", "pk"):
        try:
            decide_contact(request_id=asked.pk, accept=accept, by=by, note=note)
        except NotAllowed:
            problems.append(f"{asked.participant}: {_('Bukan wewenang Anda.')}")
        except Refused as refusal:
            problems.append(f"{asked.participant}: {' '.join(refusal.messages)}")
        else:
            done += 1
    return done, problems


def _apply(asked: ContactRequest, person: Participant, by: User) -> None:
    old_email = person.email
    if asked.email:
        _refuse_email(asked.email, person)
        person.email = asked.email
    person.phone = asked.phone or person.phone
    person.version += 1
    person.save(update_fields=["email", "phone", "version", "updated_at"])
    audit.record(verb="accept_contact", obj=person, by=by, changes=_changes(asked))
    if not asked.email or person.user is None:
        return
    change_account_email(account=person.user, email=asked.email, by=by, tells=False)
    context: dict[str, object] = {"participant": person, "new": _veiled(asked.email)}
    queue_mail(
        key=f"contact-told-{asked.pk}",
        to=old_email,
        template="participants/email/contact_moved",
        context=context,
        user=None,
        is_security=True,
    )


def _own(participant_id: int, by: User) -> Participant:
    person = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if person is None or not policies.is_self(by, person):
        raise NotAllowed
    return person


def _refuse_email(email: str, person: Participant) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refused({"email": _("Alamat e-mail belum lengkap. Periksa ejaannya, misalnya nama@contoh.go.id.")}) from None
    if User.objects.filter(email__iexact=email).exclude(pk=person.user_id or 0).exists():
        raise Refused({"email": TAKEN})


def _refuse_too_many(email: str, person: Participant) -> None:
    """Refuse to write to new addresses again and again: each request is a mail to somebody who may not have asked."""
    today = ContactRequest.objects.filter(requested_at__gte=timezone.now() - timedelta(days=1)).exclude(email="").order_by()
    if today.filter(participant=person).count() >= EMAILS_A_DAY:
        raise Refused({"email": _("Sudah terlalu sering mengganti e-mail hari ini. Coba lagi besok.")})
    if today.filter(email=email).count() >= CODES_A_DAY:
        raise Refused({"email": _("Kode ke alamat ini sudah beberapa kali dikirim hari ini. Coba lagi besok, atau pakai alamat lain.")})


def _changes(asked: ContactRequest) -> dict[str, list[str]]:
    pairs = {"email": [asked.old_email, asked.email], "phone": [asked.old_phone, asked.phone]}
    return {name: pair for name, pair in pairs.items() if pair[1]}


def _veiled(email: str) -> str:
    """Show enough of an address to recognise it."""
    name, _at, host = email.partition("@")
    return f"{name[:2]}…@{host}"
