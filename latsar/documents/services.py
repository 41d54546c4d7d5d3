"""From a reserved number to a published file, and back again when it must not count any more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents import policies
from latsar.documents.models import DocumentState, IssuedDocument, new_token
from latsar.documents.numbering import take_number
from latsar.documents.store import write_whole
from latsar.notices.enums import NoticeKind
from latsar.notices.services import notify

FaceBuilder = Callable[[str, str], dict[str, Any]]
"""From number and token to what is printed: {"printed": ..., "public": ...}."""

REASON_LIMIT = 300


@transaction.atomic
def reserve_document(
    *,
    kind: str,
    day: date,
    holder: User | None,
    holder_name: str,
    title: str,
    satker_id: int | None,
    province_id: int | None,
    build_face: FaceBuilder,
) -> IssuedDocument:
    """Take the next number and keep the facts to be printed; nothing is public yet."""
    number, token = take_number(kind=kind, day=day), new_token()
    return IssuedDocument.objects.create(
        kind=kind,
        number=number,
        token=token,
        holder=holder,
        holder_name=holder_name,
        title=title,
        satker_id=satker_id,
        province_id=province_id,
        face=build_face(number, token),
    )


@transaction.atomic
def publish_document(
    *,
    document_id: int,
    face: dict[str, Any],
    holder_name: str,
    pdf: bytes,
    is_signed: bool,
    by: User,
    replaces_id: int | None = None,
) -> IssuedDocument:
    """Put the finished file in its place and make the document count.

    Locks the row; what is issued already stays as it is, so a second worker changes nothing.
    `face` and `holder_name` are what this very file shows. A revoked predecessor gets its successor here.
    """
    document = IssuedDocument.objects.select_for_update(of=("self",)).select_related("holder").get(pk=document_id)
    if document.state != DocumentState.PREPARED:
        return document
    name = f"documents/{document.created_at:%Y}/{document.token}.pdf"
    write_whole(document.file.storage, name, pdf)
    document.file.name = name
    document.face, document.holder_name = face, holder_name
    document.sha256, document.is_signed = hashlib.sha256(pdf).hexdigest(), is_signed
    document.state, document.issued_at, document.issued_by = DocumentState.ISSUED, timezone.now(), by
    document.save()
    if replaces_id is not None:
        IssuedDocument.objects.filter(pk=replaces_id, state=DocumentState.REVOKED, replaced_by=None).update(replaced_by=document)
    audit.record(verb="issue", obj=document, by=by, changes={"state": [DocumentState.PREPARED, DocumentState.ISSUED]})
    if document.holder is not None:
        notify(
            user=document.holder,
            text=lambda: _("%(title)s Anda sudah terbit, nomor %(number)s.") % {"title": document.title, "number": document.number},
            url=document.get_absolute_url(),
            kind=NoticeKind.CERTIFICATE,
        )
    return document


@transaction.atomic
def revoke_document(*, document_id: int, reason: str, by: User) -> IssuedDocument:
    """Take a document back; the public page says so from now on, with the reason.

    Raises NotAllowed, IllegalMove when it does not count (any more), Refused without a reason.
    """
    document = IssuedDocument.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=document_id).first()
    if document is None or not policies.can_issue_documents(by):
        raise NotAllowed
    if document.state != DocumentState.ISSUED:
        raise IllegalMove(_("Dokumen ini sudah dicabut atau belum terbit."))
    if not policies.can_revoke(by, document):
        raise NotAllowed
    reason = reason.strip()
    if not reason:
        raise Refused({"reason": _("Tulis alasannya. Alasan ini tampil di halaman verifikasi.")})
    if len(reason) > REASON_LIMIT:
        raise Refused({"reason": _("Alasan terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": REASON_LIMIT}})
    document.state, document.revoked_at, document.revoked_by = DocumentState.REVOKED, timezone.now(), by
    document.revoke_reason = reason
    document.save(update_fields=["state", "revoked_at", "revoked_by", "revoke_reason"])
    audit.record(verb="revoke", obj=document, by=by, changes={"state": [DocumentState.ISSUED, DocumentState.REVOKED]}, note=reason)
    if document.holder is not None:
        facts = {"title": document.title, "number": document.number, "reason": reason}
        notify(
            user=document.holder,
            text=lambda: _("%(title)s nomor %(number)s dicabut: %(reason)s") % facts,
            url=document.get_absolute_url(),
            kind=NoticeKind.CERTIFICATE,
        )
    return document
