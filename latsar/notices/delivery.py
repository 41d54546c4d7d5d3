"""One attempt at one mail, and what the answer of the mail server means."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError

from latsar.notices.enums import Failure
from latsar.notices.models import OutboxMail

PERMANENT = range(500, 600)
MAILBOX_FULL = 552
ERROR_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an attempt did not go through.

    `is_final`: trying again cannot help. `is_address`: the address takes no mail. `is_server`: no other mail would get
    through now either.
    """

    failure: str
    error: str
    is_final: bool = False
    is_address: bool = False
    is_server: bool = False


def attempt(mail: OutboxMail, connection: Any) -> Refusal | None:
    """Hand one mail to the server; return None when it took it."""
    message = EmailMultiAlternatives(mail.subject, mail.body, to=[mail.to], headers={"X-Latsar-Key": mail.key}, connection=connection)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        connection.open()  # stays open for the mails after this one
        message.send()
    except (OSError, BadHeaderError, UnicodeError, ValueError) as error:
        hang_up(connection)
        return judge(error)
    return None


def hang_up(connection: Any) -> None:
    try:
        connection.close()
    except OSError:
        return  # the server hung up first; what was sent is sent


def judge(error: Exception) -> Refusal:
    """Read an error of the mail library; what is not about this one mail counts against the server."""
    text = _text(error)
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = max((reply[0] for reply in error.recipients.values()), default=0)
            return _about_recipient(code, text)
        case smtplib.SMTPSenderRefused():
            return Refusal(Failure.SENDER, text, is_server=True)
        case smtplib.SMTPDataError():
            is_final = error.smtp_code in PERMANENT and error.smtp_code != MAILBOX_FULL
            return Refusal(Failure.CONTENT if is_final else Failure.BUSY, text, is_final=is_final)
        case smtplib.SMTPAuthenticationError():
            return Refusal(Failure.LOGIN, text, is_server=True)
        case smtplib.SMTPNotSupportedError() | ssl.SSLError():
            return Refusal(Failure.ENCRYPTION, text, is_server=True)
        case OSError():
            return Refusal(Failure.UNREACHABLE, text, is_server=True)
    return Refusal(Failure.MALFORMED, text, is_final=True, is_address=True)


def _about_recipient(code: int, text: str) -> Refusal:
    if code in PERMANENT and code != MAILBOX_FULL:
        return Refusal(Failure.REFUSED, text, is_final=True, is_address=True)
    return Refusal(Failure.BUSY, text)


def _text(error: Exception) -> str:
    """Write the server's own answer, as it came, short enough to keep."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_plain(reply)}" for code, reply in error.recipients.values())[:ERROR_LIMIT]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"[:ERROR_LIMIT]
    return (str(error) or type(error).__name__)[:ERROR_LIMIT]


def _plain(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
