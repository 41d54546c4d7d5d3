from latsar.notices.services.inbox import read_all, read_notice, tell_ended_jobs, unread_again
from latsar.notices.services.outbox import clear_bounce, queue_mail, retry_failed, retry_mail, send_queued_mail
from latsar.notices.services.preferences import save_mail_settings
from latsar.notices.services.reminding import send_reminders
from latsar.notices.services.telling import News, notify, notify_many

__all__ = [
    "News",
    "clear_bounce",
    "notify",
    "notify_many",
    "queue_mail",
    "read_all",
    "read_notice",
    "retry_failed",
    "retry_mail",
    "save_mail_settings",
    "send_queued_mail",
    "send_reminders",
    "tell_ended_jobs",
    "unread_again",
]
