"""Notices, mail and reminders: what is told, to whom, when, and whether it arrived."""

from latsar.notices.enums import MailState
from latsar.notices.inbox import Notice
from latsar.notices.outbox import EmailBounce, OutboxMail
from latsar.notices.preferences import DailyDigest, MailChoice, MailSettings
from latsar.notices.rules import ReminderRule

__all__ = ["DailyDigest", "EmailBounce", "MailChoice", "MailSettings", "MailState", "Notice", "OutboxMail", "ReminderRule"]
